using Chartroom.Journeys;
using Chartroom.Notes;
using Microsoft.Playwright;

namespace Chartroom.Scribe;

public sealed class WriteJourneyTests(Browser browser) : IClassFixture<Browser>
{
    [Theory]
    [InlineData(Browser.DeskWidth), InlineData(Browser.PhoneWidth)]
    public async Task A_note_is_written_with_snippets_saved_by_itself_and_signed_with_what_was_copied(int width)
    {
        await using var desk = await NotesDesk.OpenAsync(isOnTheNet: true);
        await NotesDesk.FillAsync(desk.Desk);
        await NotesDesk.SendAsync(desk.AsProvider(), HttpMethod.Post, $"/api/v1/visits/{desk.Desk.Visit}/note", new { });
        var first = new { sections = new[] { new { text = "Knee pain for three weeks" } } };
        Assert.Equal(200, (await NotesDesk.SendAsync(desk.AsProvider(), HttpMethod.Post, $"/api/v1/visits/{desk.Desk.Visit}/note/signature", first, 1)).Status);
        var visit = (string)(await desk.Desk.Scheduling.BookedAsync("2026-03-11", "10:00"))["id"]!;
        await using var visitor = await browser.OpenAsync(desk.Clinic.Address, width);
        await visitor.SignInAsync(desk.Clinic, ClinicRole.Provider);
        var page = visitor.Page;

        await visitor.LookAtAsync($"/visits/{visit}/review");
        await visitor.FollowAsync(() => page.ClickAsync("#begin button[type=submit]"), "/note");
        await page.ClickAsync("summary:has-text('Copy from the last note')");
        await page.CheckAsync("#copy input[type=checkbox]");
        await visitor.FollowAsync(() => page.ClickAsync("#copy button[type=submit]"), "done=copied");
        await visitor.IsFineAsync();
        await visitor.PictureAsync($"write-copied-{width}");

        var subjective = page.Locator("[name='sections[0].text']");
        await subjective.ClickAsync();
        await page.Keyboard.TypeAsync("Today: .ros");
        await Assertions.Expect(subjective).ToHaveValueAsync("Today: Denies {fever}.");
        await page.Keyboard.TypeAsync("chills");   // over the place that is selected
        await Assertions.Expect(subjective).ToHaveValueAsync("Today: Denies chills.");
        await page.Keyboard.PressAsync("Tab");   // no place is left: on to the next field
        await Assertions.Expect(subjective).Not.ToBeFocusedAsync();
        await Assertions.Expect(page.Locator("[data-save-state]")).ToContainTextAsync("Saved");
        await page.WaitForFunctionAsync("() => Number(document.querySelector('#note [name=version]').value) >= 3");   // by itself

        await page.ClickAsync("#note button[value=sign]");
        await Assertions.Expect(page.Locator("#note .field-error, #note .form-errors").First).ToContainTextAsync("as it was");
        await visitor.PictureAsync($"write-refused-{width}");
        await page.CheckAsync("[name=confirmsCopied]");
        await visitor.FollowAsync(() => page.ClickAsync("#note button[value=sign]"), "?done=signed");
        await Assertions.Expect(page.Locator(".copied-mark")).ToContainTextAsync("Copied, not changed");
        await visitor.IsFineAsync();
        await visitor.PictureAsync($"write-signed-{width}");
        foreach (var path in new[] { "/snippets", "/settings/note-templates", "/settings/note-templates/new", $"/patients/{desk.Patient}/private-notes" })
        {
            await visitor.LookAtAsync(path);
            await visitor.PictureAsync($"write-{path.Split('/')[^1]}-{width}");
        }
    }
}
