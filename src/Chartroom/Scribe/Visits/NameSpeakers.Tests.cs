using System.Text.Json.Nodes;
using Chartroom.Journeys;
using Chartroom.Scheduling;
using Microsoft.Playwright;

namespace Chartroom.Scribe;

/// <summary>Voices that a machine told apart get their people from somebody who was there.</summary>
public sealed class NameSpeakersTests(Browser browser) : IClassFixture<Browser>
{
    private static readonly string Unnamed = SampleVisits.Knee.Replace("[doctor]", "[Speaker A]", StringComparison.Ordinal).Replace("[patient]", "[Speaker B]", StringComparison.Ordinal);

    private static Task<Reply> NameAsync(ReviewDesk desk, JsonObject draft, string? clinician, string? patient, ClinicRole role = ClinicRole.Provider) =>
        desk.SendAsync($"/api/v1/transcripts/{draft["transcriptId"]}/speakers", new { clinician, patient }, null, role);

    private static IEnumerable<string> WhoOf(JsonObject draft, string label) => draft["turns"]!.AsArray().Where(turn => (string)turn!["label"]! == label).Select(turn => ((string)turn!["speaker"]!).ToLowerInvariant()).Distinct();

    [Fact]
    public async Task CHT_3_Who_is_who_is_corrected_by_a_person_kept_with_the_transcript_and_drafted_anew()
    {
        await using var desk = await ReviewDesk.OpenAsync();
        var draft = await desk.DraftedAsync(Unnamed);
        Assert.Equal(["unknown"], WhoOf(draft, "Speaker A"));
        foreach (var (clinician, patient, field) in new (string?, string?, string)[] { ("Speaker C", "Speaker B", "clinician"), ("Speaker A", "Nobody", "patient"), ("Speaker A", "Speaker A", "patient"), (null, null, "clinician") })
        {
            var wrong = await NameAsync(desk, draft, clinician, patient);
            Assert.Equal((422, "scribe.invalid-speakers", field), (wrong.Status, wrong.Code, wrong.Body["errors"]!.AsObject().Select(it => it.Key).First()));
        }
        Assert.Equal(403, (await NameAsync(desk, draft, "Speaker A", "Speaker B", ClinicRole.FrontDesk)).Status);
        Assert.Equal((1L, 1L), await desk.Clinic.OneAsync<(long, long)>("select (select count(*) from transcript), (select count(*) from draft where kind = 'note' and state = 'open')"));

        var named = await NameAsync(desk, draft, "Speaker B", "Speaker A");   // the wrong way round
        Assert.Equal(201, named.Status);
        var swapped = await desk.GetAsync($"/api/v1/drafts/{named.Body["draftId"]}", ClinicRole.Provider);
        Assert.Equal(["patient", "clinician"], WhoOf(swapped, "Speaker A").Concat(WhoOf(swapped, "Speaker B")));
        var again = await NameAsync(desk, swapped, "Speaker A", "Speaker B");
        Assert.Equal(201, again.Status);
        Assert.Equal(422, (await NameAsync(desk, await desk.GetAsync($"/api/v1/drafts/{again.Body["draftId"]}", ClinicRole.Provider), "Speaker A", "Speaker B")).Status);   // it says so already

        var right = await desk.GetAsync($"/api/v1/drafts/{again.Body["draftId"]}", ClinicRole.Provider);
        var known = await KnownAsync();
        Assert.Equal(known, right["statements"]!.AsArray().Select(it => (string)it!["text"]!));   // as from a transcript that named them
        Assert.Equal(["clinician", "patient"], WhoOf(right, "Speaker A").Concat(WhoOf(right, "Speaker B")));
        Assert.Equal(2, await desk.Clinic.OneAsync<long>("select count(*) from transcript as later join transcript as earlier on earlier.id = later.corrects and earlier.source = later.source"));
        Assert.Equal([("note", "discarded", 2L), ("note", "open", 1L), ("orders", "discarded", 2L), ("orders", "open", 1L)],
            await desk.Clinic.RowsAsync<(string, string, long)>("select kind, state, count(*) from draft group by kind, state order by kind, state"));
        Assert.Equal(2, await desk.Clinic.OneAsync<long>("select count(*) from audit_event where action = 'transcript.speakers_named' and outcome = 'done' and cardinality(patient_ids) = 1"));

        await desk.DecideAllAsync(right);
        Assert.Equal(201, (await desk.SignAsync(right)).Status);
        Assert.Equal((409, "scribe.already-signed"), await NameAsync(desk, right, "Speaker B", "Speaker A") is var late ? (late.Status, late.Code) : default);
    }

    private static async Task<IEnumerable<string>> KnownAsync()
    {
        await using var other = await ReviewDesk.OpenAsync();
        return [.. (await other.DraftedAsync(SampleVisits.Knee))["statements"]!.AsArray().Select(it => (string)it!["text"]!)];
    }

    [Theory]
    [InlineData(Browser.DeskWidth), InlineData(Browser.PhoneWidth)]
    public async Task CHT_3_On_the_review_page_voices_get_their_people_and_the_draft_is_made_anew(int width)
    {
        await using var desk = await ReviewDesk.OpenAsync(isOnTheNet: true);
        await desk.DraftedAsync(Unnamed);
        await using var visitor = await browser.OpenAsync(desk.Clinic.Address, width);
        await visitor.SignInAsync(desk.Clinic, ClinicRole.Provider);
        await visitor.LookAtAsync($"/visits/{desk.Visit}/review");
        await Assertions.Expect(visitor.Page.GetByText("Who is who?")).ToBeVisibleAsync();
        await visitor.IsFineAsync();
        await visitor.PictureAsync($"voices-{width}");
        await visitor.Page.GetByLabel("Clinician", new() { Exact = true }).SelectOptionAsync("Speaker A");
        await visitor.Page.GetByLabel("Patient", new() { Exact = true }).SelectOptionAsync("Speaker B");
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Draft anew" }).PressAsync("Enter");
        await Assertions.Expect(visitor.Page.GetByText("Correct who is who")).ToBeVisibleAsync(new() { Timeout = 30_000 });
        await visitor.IsFineAsync();
        await visitor.PictureAsync($"voices-named-{width}");
        Assert.Equal(2, await desk.Clinic.OneAsync<long>("select count(*) from transcript"));
    }
}
