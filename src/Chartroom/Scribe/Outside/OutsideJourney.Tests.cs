using Chartroom.Assist;
using Chartroom.Journeys;
using Microsoft.Playwright;

namespace Chartroom.Scribe;

public sealed class OutsideJourneyTests(Browser browser) : IClassFixture<Browser>
{
    [Theory]
    [InlineData(Browser.DeskWidth), InlineData(Browser.PhoneWidth)]
    public async Task AI_7_An_administrator_reads_what_leaves_and_turns_a_model_on_and_a_clinician_sees_how_far_drafting_is_without_touching_the_page(int width)
    {
        await using var desk = await ReviewDesk.OpenAsync(isOnTheNet: true, "--Assist:AllowLoopback=true");
        await using var model = await ModelDouble.StartAsync();
        model.Says = OutsideDesk.KneeNote;
        await using (var admin = await browser.OpenAsync(desk.Clinic.Address, width)) await TurnOnAsync(admin, desk.Clinic, model, width);
        var worker = desk.Clinic.The<DraftingWorker>();
        await using var visitor = await browser.OpenAsync(desk.Clinic.Address, width);
        await visitor.SignInAsync(desk.Clinic, ClinicRole.Provider);
        await visitor.LookAtAsync($"/visits/{desk.Visit}/review");
        await Assertions.Expect(visitor.Page.GetByText("What was said goes there")).ToBeVisibleAsync();

        await DraftAsync(visitor, SampleVisits.Knee);
        await Assertions.Expect(visitor.Page.GetByRole(AriaRole.Heading, new() { Name = "The note waits to be drafted" })).ToBeVisibleAsync();
        await visitor.IsFineAsync();
        await visitor.PictureAsync($"drafting-queued-{width}");

        var answer = new TaskCompletionSource();
        model.Instead = async _ =>
        {
            await answer.Task;
            return false;
        };
        await worker.StartAsync(default);
        desk.Clinic.The<DraftingBell>().Ring(desk.Clinic.Id);
        await Assertions.Expect(visitor.Page.GetByText("has been asked")).ToBeVisibleAsync(new() { Timeout = 30_000 });
        await visitor.IsFineAsync();
        await visitor.PictureAsync($"drafting-asked-{width}");
        answer.SetResult();
        await Assertions.Expect(visitor.Page.GetByText("Drafted from the transcript by Anthropic Claude")).ToBeVisibleAsync(new() { Timeout = 30_000 });
        await visitor.IsFineAsync();
        await visitor.PictureAsync($"drafting-done-{width}");

        await DiscardAsync(visitor);
        model.Instead = http =>
        {
            http.Response.StatusCode = 401;
            return Task.FromResult(true);
        };
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Draft again" }).ClickAsync();
        await Assertions.Expect(visitor.Page.GetByText("This draft is by the built-in drafter.")).ToBeVisibleAsync(new() { Timeout = 30_000 });
        await visitor.IsFineAsync();
        await visitor.PictureAsync($"drafting-instead-{width}");

        await DiscardAsync(visitor);
        await DraftAsync(visitor, "[doctor] Good morning.\n[patient] Good morning, nice weather.");
        await Assertions.Expect(visitor.Page.GetByText("The note could not be drafted.")).ToBeVisibleAsync(new() { Timeout = 30_000 });
        await visitor.IsFineAsync();
        await visitor.PictureAsync($"drafting-failed-{width}");
        await worker.StopAsync(default);
    }

    private static async Task TurnOnAsync(Visitor admin, TestClinic clinic, ModelDouble model, int width)
    {
        await admin.SignInAsync(clinic, ClinicRole.Admin);
        await admin.LookAtAsync("/settings/assistant/visit-notes");
        await admin.IsFineAsync();
        await admin.PictureAsync($"assistant-off-{width}");
        await admin.Page.GetByLabel("Model", new() { Exact = true }).FillAsync("claude-test-1");
        await admin.Page.GetByLabel("Address").FillAsync("http://10.0.0.8/");
        await admin.Page.GetByRole(AriaRole.Button, new() { Name = "Turn it on" }).ClickAsync();
        await Assertions.Expect(admin.Page.Locator("#f-hasAgreement-error")).ToBeVisibleAsync();
        await admin.IsFineAsync();
        await admin.PictureAsync($"assistant-refused-{width}");
        await admin.Page.GetByLabel("Address").FillAsync(model.Address.AbsoluteUri);
        await admin.Page.GetByLabel("Key", new() { Exact = true }).FillAsync("sk-test-key");
        await admin.Page.GetByLabel("Where the vendor works on it").SelectOptionAsync("us");
        await admin.Page.GetByLabel("Price of a million tokens sent").FillAsync("3");
        await admin.Page.GetByLabel("…and answered").FillAsync("15");
        await admin.Page.GetByLabel("We have a business associate agreement").CheckAsync();
        await admin.Page.GetByRole(AriaRole.Button, new() { Name = "Turn it on" }).ClickAsync();
        await Assertions.Expect(admin.Page.GetByText("The key is kept sealed")).ToBeVisibleAsync();
        await admin.IsFineAsync();
        await admin.PictureAsync($"assistant-on-{width}");
    }

    private static async Task DraftAsync(Visitor visitor, string text)
    {
        await visitor.Page.GetByLabel("Transcript").FillAsync(text);
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Draft the note" }).ClickAsync();
    }

    private static async Task DiscardAsync(Visitor visitor)
    {
        await visitor.Page.Locator("summary", new() { HasText = "Discard the draft" }).ClickAsync();
        await visitor.Page.FillAsync("#f-reason", "Again");
        await visitor.Page.Locator("#discard").GetByRole(AriaRole.Button, new() { Name = "Discard the draft" }).ClickAsync();
        await Assertions.Expect(visitor.Page.GetByText("The last draft of this visit was discarded.")).ToBeVisibleAsync();
    }
}
