using Chartroom.Journeys;
using Chartroom.Platform.Identity;
using Chartroom.Platform.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Playwright;

namespace Chartroom.Shell;

/// <summary>The parts in a real browser, on a page that holds one of each that moves.</summary>
public sealed class PartsTests(Browser browser) : IClassFixture<Browser>, IAsyncLifetime
{
    private readonly WebApplication app = Build();
    private readonly List<string> sent = [];
    private int answer = 303;
    private string address = "";

    private const string Hits = "<ul class='search-hits'><li><a href='/done'>Lee, Jo</a></li><li><a href='/done'>Lee, Ann</a></li></ul>";

    private static WebApplication Build()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddShell();
        return builder.Build();
    }

    public async Task InitializeAsync()
    {
        app.UseShell();
        app.Use((context, next) =>
        {
            var person = PersonId.New();
            context.Features.Set(new SignedIn { PersonId = person, PersonName = "Ana Reyes", ClinicName = "Riverside" });
            context.Features.Set(new Actor(ClinicId.New(), person, ClinicRole.Admin, Origin.Job()));
            return next(context);
        });
        AssetFiles.Map(app);
        app.MapGet("/day", () => Page.Of<SamplePage>());
        app.MapGet("/book", () => Page.Of<SamplePanel>());
        app.MapGet("/done", () => Page.Of<ErrorPage>(new { Refusal = new Refusal("test.done", 404, "Done.") }));
        app.MapPost("/patients/search", () => Results.Content(Hits, "text/html"));
        app.MapPost("/visits", SaveAsync);
        await app.StartAsync();
        address = app.Urls.Single();
    }

    public async Task DisposeAsync() => await app.DisposeAsync();

    private async Task SaveAsync(HttpContext context)
    {
        var form = await Form<Visit>.BindAsync(context);
        lock (sent) sent.Add(form!.Ask.Value.Reason);
        await Task.Delay(100, context.RequestAborted);   // long enough for a second click
        var result = answer switch
        {
            303 => Page.SeeOther("/done"),
            422 => Page.Of<SamplePage>(new { Form = form.Again(new Refusal("test.no", 422, "Look again.").On("reason", "Say more.")) }, 422),
            200 => Page.Of<SamplePanel>(),
            401 => ErrorPages.Of(context, SessionGate.SignInNeeded),
            _ => ErrorPages.Of(context, Versions.Stale),
        };
        await result.ExecuteAsync(context);
    }

    private async Task<Visitor> AtTheDayAsync(int answered, int width = Browser.DeskWidth)
    {
        answer = answered;
        var visitor = await browser.OpenAsync(address, width);
        await visitor.Page.GotoAsync("/day");
        return visitor;
    }

    private static ILocator Save(Visitor visitor) => visitor.Page.Locator("#visit").GetByRole(AriaRole.Button, new() { Name = "Save" });

    private static Task<string> FocusedAsync(Visitor visitor) =>
        visitor.Page.EvaluateAsync<string>("document.activeElement.id || document.activeElement.textContent.trim()");

    [Theory]
    [InlineData(Browser.DeskWidth), InlineData(Browser.PhoneWidth)]
    public async Task The_frame_and_its_parts_are_accessible_and_as_wide_as_the_window(int width)
    {
        await using var visitor = await AtTheDayAsync(303, width);

        await visitor.IsFineAsync();
    }

    [Fact]
    public async Task Keys_find_a_patient_without_the_mouse()
    {
        await using var visitor = await AtTheDayAsync(303);

        await visitor.Page.Keyboard.PressAsync("/");
        Assert.Equal("patient-search", await FocusedAsync(visitor));
        await visitor.Page.Keyboard.TypeAsync("lee?");   // a question mark in a text field is a question mark
        await visitor.Page.Locator(".search-hits a").First.WaitForAsync();
        Assert.Equal("2 found", await visitor.Page.Locator("#search-status").TextContentAsync());
        await visitor.Page.Keyboard.PressAsync("ArrowDown");
        await visitor.Page.Keyboard.PressAsync("ArrowDown");
        Assert.Equal("Lee, Ann", await FocusedAsync(visitor));
        await visitor.IsFineAsync();
        await visitor.FollowAsync(() => visitor.Page.Keyboard.PressAsync("Enter"), "/done");
    }

    [Fact]
    public async Task Single_keys_act_are_listed_and_can_be_turned_off()
    {
        await using var visitor = await AtTheDayAsync(303);

        await visitor.Page.Keyboard.PressAsync("?");
        Assert.Contains("Save the visit", await visitor.Page.Locator("#keys .key-list").TextContentAsync(), StringComparison.Ordinal);
        await visitor.IsFineAsync();
        await visitor.Page.Locator("#keys-on").UncheckAsync();
        await visitor.Page.Keyboard.PressAsync("Escape");
        await visitor.Page.Keyboard.PressAsync("/");
        Assert.NotEqual("patient-search", await FocusedAsync(visitor));
    }

    [Fact]
    public async Task A_chord_saves_the_form_at_hand_from_within_a_field()
    {
        await using var visitor = await AtTheDayAsync(303);

        await visitor.Page.FillAsync("#f-reason", "cough");
        await visitor.FollowAsync(() => visitor.Page.Keyboard.PressAsync("Control+s"), "/done");

        Assert.Equal(["cough"], sent);
    }

    [Fact]
    public async Task A_form_that_comes_back_keeps_its_words_and_leads_to_the_mistake()
    {
        await using var visitor = await AtTheDayAsync(422);

        await visitor.Page.FillAsync("#f-reason", "cough <3");
        await Save(visitor).ClickAsync();
        await visitor.Page.Locator("#visit .notice").WaitForAsync();

        Assert.Equal("cough <3", await visitor.Page.InputValueAsync("#f-reason"));
        Assert.Equal("f-reason-error", await visitor.Page.GetAttributeAsync("#f-reason", "aria-describedby"));
        Assert.Contains("Look again.", await FocusedAsync(visitor), StringComparison.Ordinal);
        await visitor.IsFineAsync();
    }

    [Fact]
    public async Task A_refusal_stands_in_the_form_and_the_form_stands()
    {
        await using var visitor = await AtTheDayAsync(412);

        await visitor.Page.FillAsync("#f-reason", "cough");
        await Save(visitor).ClickAsync();
        await visitor.Page.Locator("#visit .notice").WaitForAsync();

        Assert.Contains("Somebody changed this", await visitor.Page.Locator("#visit .notice").TextContentAsync(), StringComparison.Ordinal);
        Assert.Equal("cough", await visitor.Page.InputValueAsync("#f-reason"));
        await visitor.IsFineAsync();
    }

    [Fact]
    public async Task A_session_that_ended_in_a_form_loses_nothing_and_the_form_is_sent_again()
    {
        await using var visitor = await AtTheDayAsync(401, Browser.PhoneWidth);

        await visitor.Page.FillAsync("#f-reason", "cough");
        await Save(visitor).ClickAsync();
        await visitor.Page.Locator("#signed-out").WaitForAsync();
        await visitor.IsFineAsync();
        answer = 303;   // signed in again, in another tab
        await visitor.FollowAsync(() => visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Send again" }).ClickAsync(), "/done");

        Assert.Equal(["cough", "cough"], sent);
        Assert.Equal("{}", await visitor.Page.EvaluateAsync<string>("JSON.stringify({...localStorage, ...sessionStorage})"));
    }

    [Fact]
    public async Task A_page_without_the_form_takes_the_place_of_the_whole()
    {
        await using var visitor = await AtTheDayAsync(200);

        await Save(visitor).ClickAsync();
        await visitor.Page.Locator("#main .side-panel").WaitForAsync();

        Assert.Equal("main", await FocusedAsync(visitor));
        Assert.StartsWith("Book", await visitor.Page.TitleAsync(), StringComparison.Ordinal);
        await visitor.IsFineAsync();
    }

    [Fact]
    public async Task Leaving_words_that_were_not_sent_asks_first()
    {
        await using var visitor = await AtTheDayAsync(412);
        var asked = new List<string>();
        visitor.Page.Dialog += async (_, dialog) =>
        {
            asked.Add(dialog.Type);
            await dialog.AcceptAsync();
        };

        await visitor.Page.Locator("#f-reason").PressSequentiallyAsync("cough");
        await Save(visitor).ClickAsync();
        await visitor.Page.Locator("#visit .notice").WaitForAsync();   // refused: still not saved
        await visitor.Page.Locator(".brand").ClickAsync();
        await visitor.Page.WaitForURLAsync("**/day");
        await visitor.Page.Locator("#f-reason").PressSequentiallyAsync("cough");
        answer = 303;
        await visitor.FollowAsync(() => Save(visitor).ClickAsync(), "/done");

        Assert.Equal(["beforeunload"], asked);
    }

    [Fact]
    public async Task A_double_click_sends_once()
    {
        await using var visitor = await AtTheDayAsync(303);

        await visitor.FollowAsync(() => Save(visitor).DblClickAsync(), "/done");

        Assert.Single(sent);
    }

    [Fact]
    public async Task A_page_opens_beside_the_other_and_gives_the_focus_back()
    {
        await using var visitor = await AtTheDayAsync(303, Browser.PhoneWidth);

        await visitor.Page.GetByText("Open beside").ClickAsync();
        await visitor.Page.Locator("#panel-dialog h2").WaitForAsync();
        await visitor.IsFineAsync();
        await visitor.Page.Keyboard.PressAsync("Escape");

        Assert.Equal("Open beside", await FocusedAsync(visitor));
    }

    [Fact]
    public async Task Menu_and_confirmation_open_and_close_by_keyboard()
    {
        await using var visitor = await AtTheDayAsync(303);

        await visitor.Page.Locator(".person-menu summary").PressAsync("Enter");
        await visitor.IsFineAsync();
        await visitor.Page.Keyboard.PressAsync("Escape");
        Assert.False(await visitor.Page.GetByText("Sign out").IsVisibleAsync());
        await visitor.Page.Locator(".confirm summary").PressAsync("Enter");
        await visitor.IsFineAsync();
        await visitor.FollowAsync(() => visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Cancel it" }).PressAsync("Enter"), "/done");
    }

    private sealed record Visit(string Reason);

    private sealed class SamplePage : ComponentBase
    {
        [Parameter] public FormState Form { get; set; } = FormState.Fresh;

        protected override void BuildRenderTree(RenderTreeBuilder builder) => builder.Part<PageFrame>(new() { ["Title"] = "Day" }, page =>
        {
            page.Part<PanelLink>(new() { ["Href"] = "/book" }, link => link.AddContent(0, "Open beside"));
            page.Part<Confirm>(
                new() { ["Id"] = "cancel", ["Ask"] = "Cancel", ["Yes"] = "Cancel it", ["Title"] = "Cancel it?", ["Action"] = "/visits" }, _ => { });
            page.Part<PostForm>(new() { ["Id"] = "visit", ["Action"] = "/visits", ["State"] = Form }, form =>
            {
                form.Part<Field>(new() { ["Name"] = "reason", ["Label"] = "Reason" }, null);
                form.AddMarkupContent(0, """<button class="btn btn-primary" type="submit" data-key="s" data-key-text="Save the visit">Save</button>""");
            });
        });
    }

    private sealed class SamplePanel : ComponentBase
    {
        protected override void BuildRenderTree(RenderTreeBuilder builder) => builder.Part<PageFrame>(new() { ["Title"] = "Book" }, page =>
            page.Part<SidePanel>(new() { ["Title"] = "Book a visit", ["BackTo"] = "/day" }, panel => panel.AddContent(0, "Here.")));
    }
}

internal static class Rendering
{
    /// <summary>A part with its content, written in C# because test files hold no Razor.</summary>
    internal static void Part<TPart>(
        this RenderTreeBuilder builder, Dictionary<string, object> parameters, Action<RenderTreeBuilder>? content) where TPart : IComponent
    {
        builder.OpenRegion(0);
        builder.OpenComponent<TPart>(0);
        foreach (var (name, value) in parameters) builder.AddComponentParameter(1, name, value);
        if (content is not null) builder.AddComponentParameter(2, "ChildContent", (RenderFragment)(inner => content(inner)));
        builder.CloseComponent();
        builder.CloseRegion();
    }
}
