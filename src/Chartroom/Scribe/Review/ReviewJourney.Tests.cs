using Chartroom.Journeys;
using Microsoft.Playwright;

namespace Chartroom.Scribe;

public sealed class ReviewJourneyTests(Browser browser) : IClassFixture<Browser>
{
    [Theory]
    [InlineData(Browser.DeskWidth), InlineData(Browser.PhoneWidth)]
    public async Task A_note_is_pasted_reviewed_by_key_and_signed_and_every_page_of_it_is_fine_for_everyone(int width)
    {
        await using var desk = await ReviewDesk.OpenAsync(isOnTheNet: true);
        await using var visitor = await browser.OpenAsync(desk.Clinic.Address, width);
        await visitor.SignInAsync(desk.Clinic, ClinicRole.Provider);
        var page = visitor.Page;

        await visitor.LookAtAsync($"/visits/{desk.Visit}/review");
        await visitor.PictureAsync($"transcript-{width}");
        await page.FillAsync("#f-text", ReviewDesk.WithGaps);
        await visitor.FollowAsync(() => page.ClickAsync("#transcript button[type=submit]"), "/review?at=1");
        await visitor.IsFineAsync();
        await visitor.PictureAsync($"review-{width}");

        var first = await page.Locator(".statement[data-waiting]").First.GetAttributeAsync("id");
        await page.EvaluateAsync("document.activeElement?.blur()");
        await page.Keyboard.PressAsync("a");
        await Assertions.Expect(page.Locator($"#{first}")).Not.ToHaveAttributeAsync("data-waiting", "true");
        await Assertions.Expect(page.Locator("#review-progress strong")).ToContainTextAsync("1 of");
        var second = page.Locator(".statement.is-current");
        await Assertions.Expect(second).Not.ToHaveIdAsync(first!);
        await page.Keyboard.PressAsync("e");
        await second.Locator("textarea").FillAsync("The patient takes ibuprofen 975 mg every 5 hours.");
        await second.Locator(".decide-edited button[type=submit]").ClickAsync();
        await Assertions.Expect(page.Locator(".statement.is-flagged[data-waiting] .statement-words").First).ToContainTextAsync("975 mg");
        await visitor.PictureAsync($"review-flagged-{width}");
        await SomebodyElseDecidesAsync(desk, page);
        await DecideAllAsync(page);
        await visitor.IsFineAsync();
        await visitor.PictureAsync($"review-decided-{width}");
        await visitor.FollowAsync(() => page.Keyboard.PressAsync("Control+Enter"), "?done=signed");
        await visitor.IsFineAsync();
        await visitor.PictureAsync($"note-{width}");
        await visitor.FollowAsync(() => page.ClickAsync("text=Draft and decisions"), "/draft");
        await visitor.IsFineAsync();
        await visitor.PictureAsync($"note-draft-{width}");
        await visitor.LookAtAsync("/insights/drafts");
        await visitor.IsFineAsync();
        await visitor.PictureAsync($"drafts-own-{width}");
        await visitor.FollowAsync(() => page.ClickAsync("text=How good it is"), "/insights/drafts/card");
        await visitor.IsFineAsync();
        await visitor.PictureAsync($"ai-card-{width}");
        Assert.Equal(1, await desk.Clinic.OneAsync<long>("select count(*) from entry where kind = 'note'"));
        await PlaceOrdersAsync(desk, visitor, width);
    }

    [Theory]
    [InlineData(Browser.DeskWidth), InlineData(Browser.PhoneWidth)]
    public async Task CHT_5_A_draft_that_was_discarded_by_mistake_is_brought_back_from_the_review_and_from_what_is_still_open(int width)
    {
        await using var desk = await ReviewDesk.OpenAsync(isOnTheNet: true);
        await desk.DraftedAsync(SampleVisits.Knee);
        await using var visitor = await browser.OpenAsync(desk.Clinic.Address, width);
        await visitor.SignInAsync(desk.Clinic, ClinicRole.Provider);
        var page = visitor.Page;

        async Task DiscardAsync()
        {
            await page.Locator("summary", new() { HasText = "Discard the draft" }).ClickAsync();
            await page.FillAsync("#f-reason", "Again");
            await visitor.FollowAsync(() => page.Locator("#discard").GetByRole(AriaRole.Button, new() { Name = "Discard the draft" }).ClickAsync(), "?done=discarded");
        }
        await visitor.LookAtAsync($"/visits/{desk.Visit}/review");
        await page.Locator(".statement[data-waiting]").First.WaitForAsync();
        await page.EvaluateAsync("document.activeElement?.blur()");
        await page.Keyboard.PressAsync("a");
        await Assertions.Expect(page.Locator("#review-progress strong")).ToContainTextAsync("1 of");
        await DiscardAsync();
        await visitor.IsFineAsync();
        await visitor.PictureAsync($"draft-discarded-{width}");
        await visitor.FollowAsync(() => page.Locator("#restore button").ClickAsync(), "/review");
        await Assertions.Expect(page.Locator("#review-progress strong")).ToContainTextAsync("1 of");
        await DiscardAsync();
        await visitor.LookAtAsync("/notes/waiting");
        await visitor.IsFineAsync();
        await visitor.PictureAsync($"still-open-discarded-{width}");
        await visitor.FollowAsync(() => page.GetByRole(AriaRole.Button, new() { Name = "Bring back: Visit note" }).ClickAsync(), "/review");
        await Assertions.Expect(page.Locator("#review-progress strong")).ToContainTextAsync("1 of");
    }

    /// <summary>The orders that were spoken of wait beside the note; they are decided by key, placed, and one is cancelled and opened again.</summary>
    private static async Task PlaceOrdersAsync(ReviewDesk desk, Visitor visitor, int width)
    {
        var page = visitor.Page;
        await visitor.LookAtAsync($"/visits/{desk.Visit}");
        await visitor.FollowAsync(() => page.ClickAsync("text=proposed orders wait for you"), "/drafts/*");
        await visitor.IsFineAsync();
        await visitor.PictureAsync($"orders-{width}");
        await DecideAllAsync(page);
        await visitor.FollowAsync(() => page.Keyboard.PressAsync("Control+Enter"), "?order=proposals");
        await visitor.IsFineAsync();
        await visitor.PictureAsync($"visit-orders-{width}");
        await visitor.FollowAsync(() => page.Locator(".order-acts button:has-text('Cancel')").First.ClickAsync(), "?order=cancelled*");
        await visitor.FollowAsync(() => page.ClickAsync(".toast-undo"), "?order=reopened*");
        await visitor.LookAtAsync($"/patients/{desk.Patient}/chart");
        await visitor.IsFineAsync();
        await visitor.PictureAsync($"chart-orders-{width}");
        Assert.Equal(0, await desk.Clinic.OneAsync<long>("select count(*) from visit_order where state <> 'open'"));
    }

    /// <summary>What was decided meanwhile is told beside the button, in the page as it stands; a reload shows it.</summary>
    private static async Task SomebodyElseDecidesAsync(ReviewDesk desk, IPage page)
    {
        var draft = new System.Text.Json.Nodes.JsonObject { ["id"] = (await desk.Clinic.OneAsync<Guid>("select id from draft where kind = 'note'")).ToString() };
        var card = page.Locator(".statement.is-waiting:not(.is-flagged)").First;
        var number = int.Parse((await card.GetAttributeAsync("id"))![1..], System.Globalization.CultureInfo.InvariantCulture);   // s12
        Assert.Equal(200, (await desk.DecideAsync(draft, number, "rejected", reason: "not said", role: ClinicRole.Provider)).Status);
        await card.Locator(".decide-accepted button[type=submit]").ClickAsync();
        await Assertions.Expect(card.Locator(".decide-accepted .notice")).ToContainTextAsync("Somebody changed this");
        Assert.Equal(1, await page.Locator("main, .page-line").CountAsync() / 2);
        await page.ReloadAsync();
        await Assertions.Expect(page.Locator($"#s{number}.is-rejected")).ToBeVisibleAsync();
    }

    /// <summary>The key a looks at what is flagged, then accepts it, and goes on to the next that waits.</summary>
    private static async Task DecideAllAsync(IPage page)
    {
        var most = 3 * await page.Locator(".statement").CountAsync();
        for (var pressed = 0; pressed < most && await page.Locator(".statement[data-waiting]").CountAsync() > 0; pressed++)
        {
            await page.EvaluateAsync("document.activeElement?.blur()");
            await page.RunAndWaitForResponseAsync(() => page.Keyboard.PressAsync("a"), answer => answer.Url.Contains("/decisions", StringComparison.Ordinal));
            await page.WaitForFunctionAsync("() => !document.querySelector('[aria-busy=true]')");
        }
        Assert.Equal(0, await page.Locator(".statement[data-waiting]").CountAsync());
    }
}
