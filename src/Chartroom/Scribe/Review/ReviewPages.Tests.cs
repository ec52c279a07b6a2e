using System.Net;
using System.Text.Json.Nodes;

namespace Chartroom.Scribe;

/// <summary>What the pages of a visit's note answer, to a browser and to its script.</summary>
public sealed class ReviewPagesTests
{
    [Fact]
    public async Task AI_5_A_signed_note_shows_the_draft_it_was_made_from_with_sources_confidence_and_every_decision()
    {
        await using var desk = await ReviewDesk.OpenAsync();
        var draft = await desk.DraftedAsync(SampleVisits.Knee);
        await desk.DecideAllAsync(draft);
        var drafted = (string)draft["statements"]![0]!["text"]!;
        var seen = await desk.Clinic.OneAsync<int>("select count(*)::int from decision where statement = 1");
        await desk.DecideAsync(draft, 1, "edited", seen, text: "Left knee pain, as she said.", seconds: 7);
        await desk.DecideAsync(draft, 2, "rejected", await desk.Clinic.OneAsync<int>("select count(*)::int from decision where statement = 2"), reason: "not relevant");
        await AcceptWhatWaitsAsync(desk, draft);
        var note = (string)(await desk.SignAsync(draft)).Body["noteId"]!;

        var page = await desk.PageAsync($"/notes/{note}/draft", ClinicRole.Admin);
        var origin = await desk.GetAsync($"/api/v1/notes/{note}/draft", ClinicRole.Admin);

        foreach (var words in new[] { drafted, "Left knee pain, as she said.", "Reason: not relevant", "after 7 s", "Edited</strong> by Dr. Ada Hart", "signed by Dr. Ada Hart", "0.98, high", "class=\"quotes\"" })
            Assert.Contains(words, page, StringComparison.Ordinal);
        Assert.DoesNotMatch("<form[^>]*/drafts/", page);
        Assert.Equal("signed", (string?)origin["state"]);
        Assert.Equal(await desk.Clinic.OneAsync<int>("select count(*)::int from decision"), origin["decisions"]!.AsArray().Count);
        Assert.Equal(2, await desk.Clinic.OneAsync<int>("select count(*)::int from audit_event where action = 'draft.read' and role = 'admin' and cardinality(patient_ids) = 1"));
        using var front = desk.Clinic.As(ClinicRole.FrontDesk);
        Assert.Equal(HttpStatusCode.Forbidden, (await front.GetAsync($"/notes/{note}/draft")).StatusCode);
    }

    [Fact]
    public async Task A_visits_page_tells_its_note_from_nothing_to_draft_to_what_was_signed_and_the_front_desk_sees_none_of_it()
    {
        await using var desk = await ReviewDesk.OpenAsync();
        Task<string> PageAsync(ClinicRole role) => desk.PageAsync($"/visits/{desk.Visit}", role);
        Assert.Contains("No note yet.", await PageAsync(ClinicRole.Provider), StringComparison.Ordinal);

        var draft = await desk.DraftedAsync(SampleVisits.Knee);
        Assert.Contains("waits to be reviewed and signed", await PageAsync(ClinicRole.Provider), StringComparison.Ordinal);
        await desk.DecideAllAsync(draft);
        var note = (string)(await desk.SignAsync(draft)).Body["noteId"]!;
        var plan = draft["statements"]!.AsArray().First(it => ((string)it!["section"]!).Contains("PLAN", StringComparison.OrdinalIgnoreCase))!;

        var signed = await PageAsync(ClinicRole.Provider);
        foreach (var words in new[] { "by Dr. Ada Hart", $"href=\"/notes/{note}\"", System.Net.WebUtility.HtmlEncode((string)plan["text"]!) })
            Assert.Contains(words, signed, StringComparison.Ordinal);
        var front = await PageAsync(ClinicRole.FrontDesk);
        foreach (var words in new[] { "Visit note", "/notes/", (string)plan["text"]! }) Assert.DoesNotContain(words, front, StringComparison.Ordinal);
        Assert.Equal([(true, "provider")], await desk.Clinic.RowsAsync<(bool, string)>(
            "select distinct patient_ids = array[@patient], role from audit_event where action = 'note.read' and resource = 'note'", new { patient = desk.Patient.Value }));
        Assert.Equal(0, await desk.Clinic.OneAsync<int>("select count(*)::int from audit_event where role = 'front_desk' and action = 'note.read'"));
    }

    [Fact]
    public async Task A_signed_note_and_the_encounter_of_its_visit_lead_to_each_other()
    {
        await using var desk = await ReviewDesk.OpenAsync();
        var draft = await desk.DraftedAsync(SampleVisits.Knee);
        await desk.DecideAllAsync(draft);
        var note = (string)(await desk.SignAsync(draft)).Body["noteId"]!;

        Assert.Equal(("encounter", Guid.Parse(note)), await desk.Clinic.OneAsync<(string, Guid)>(
            "select entry.kind, note.id from entry join entry as note on note.encounter_id = entry.id where entry.id = @visit", new { visit = desk.Visit.Value }));
        Assert.Contains($"href=\"/notes/{note}\"", await desk.PageAsync($"/patients/{desk.Patient}/chart/encounters", ClinicRole.Provider), StringComparison.Ordinal);
        Assert.Contains($"href=\"/notes/{note}\"", await desk.PageAsync($"/patients/{desk.Patient}/chart/notes", ClinicRole.Provider), StringComparison.Ordinal);
        var page = await desk.PageAsync($"/notes/{note}", ClinicRole.Provider);
        Assert.Contains($"href=\"/patients/{desk.Patient}/entries/{desk.Visit}\"", page, StringComparison.Ordinal);
        Assert.Contains($"href=\"/visits/{desk.Visit}\"", page, StringComparison.Ordinal);
        Assert.Contains($"href=\"/visits/{desk.Visit}\"", await desk.PageAsync($"/patients/{desk.Patient}/entries/{desk.Visit}", ClinicRole.Provider), StringComparison.Ordinal);
        Assert.Contains($"href=\"/patients/{desk.Patient}/entries/{desk.Visit}\"", await desk.PageAsync($"/patients/{desk.Patient}/entries/{note}", ClinicRole.Provider), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_single_decision_brings_the_count_of_what_can_be_accepted_together_up_to_date()
    {
        await using var desk = await ReviewDesk.OpenAsync();
        var draft = await desk.DraftedAsync(SampleVisits.Knee);
        var page = await desk.PageAsync($"/visits/{desk.Visit}/review", ClinicRole.Provider);
        var offer = System.Text.RegularExpressions.Regex.Match(page, "name=\"statements\" value=\"(\\d+)\".*?Accept the (\\d+) supported", System.Text.RegularExpressions.RegexOptions.Singleline);

        var (_, answer) = await SendAsync(desk, $"/drafts/{draft["id"]}/decisions", ("statement", offer.Groups[1].Value), ("kind", "accepted"), ("seen", "0"));

        var left = int.Parse(offer.Groups[2].Value, System.Globalization.CultureInfo.InvariantCulture) - 1;
        Assert.Matches("id=\"accept-\\d+\"", answer);
        if (left > 1) Assert.Contains($"Accept the {left} supported", answer, StringComparison.Ordinal);
        else Assert.DoesNotContain("supported</button>", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/drafts/0197f1b4-0000-7000-8000-000000000000/decisions", ClinicRole.Provider, 404)]   // no such draft
    [InlineData("/drafts/not-an-id/decisions", ClinicRole.Provider, 400)]
    [InlineData("/drafts/{draft}/nothing-here", ClinicRole.Provider, 404)]
    [InlineData("/notes/{draft}", ClinicRole.Provider, 405)]                                           // a page that takes no form
    [InlineData("/drafts/{draft}/decisions", ClinicRole.FrontDesk, 403)]
    [InlineData("/drafts/{draft}/decisions", ClinicRole.Provider, 412)]                                // somebody was faster
    public async Task What_is_refused_in_the_background_is_one_notice_and_never_a_page_within_the_page(string path, ClinicRole role, int status)
    {
        await using var desk = await ReviewDesk.OpenAsync();
        var draft = await desk.DraftedAsync(SampleVisits.Knee);
        await desk.DecideAsync(draft, 1, "rejected", reason: "not said");

        var (answer, html) = await SendAsync(desk, path.Replace("{draft}", (string)draft["id"]!, StringComparison.Ordinal), role, ("statement", "1"), ("kind", "rejected"), ("reason", "not said"), ("seen", "0"));

        Assert.Equal(status, (int)answer.StatusCode);
        Assert.True(answer.Headers.Contains("Chartroom-Refusal"), html);
        Assert.StartsWith("<div class=\"notice tone-bad\" role=\"alert\"", html.TrimStart(), StringComparison.Ordinal);
        Assert.DoesNotMatch("<html|<main|id=\"main\"", html);
    }

    [Fact]
    public async Task Of_a_double_click_both_answers_are_that_of_the_first_and_none_is_taken_for_a_refusal()
    {
        await using var desk = await ReviewDesk.OpenAsync();
        var draft = await desk.DraftedAsync(SampleVisits.Knee);

        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => SendAsync(desk, $"/drafts/{draft["id"]}/decisions", ("statement", "1"), ("kind", "rejected"),
            ("reason", "not said"), ("seen", "0"), ("idempotency_key", "one-and-the-same"))));

        Assert.All(answers, it => Assert.Equal(HttpStatusCode.OK, it.Answer.StatusCode));
        Assert.All(answers, it => Assert.False(it.Answer.Headers.Contains("Chartroom-Refusal")));
        Assert.Single(answers.Select(it => it.Html).Distinct());
        Assert.Equal(1, await desk.Clinic.OneAsync<int>("select count(*)::int from decision"));
    }

    /// <summary>Where the verifier flagged the edit.</summary>
    private static async Task AcceptWhatWaitsAsync(ReviewDesk desk, JsonObject draft)
    {
        var now = await desk.GetAsync($"/api/v1/drafts/{draft["id"]}", ClinicRole.Provider);
        if ((int)now["waiting"]! == 0) return;
        Assert.Equal(200, (await desk.DecideAsync(draft, 1, "opened", (int)now["statements"]![0]!["seen"]!)).Status);
        Assert.Equal(200, (await desk.DecideAsync(draft, 1, "accepted", (int)now["statements"]![0]!["seen"]! + 1)).Status);
    }

    private static Task<(HttpResponseMessage Answer, string Html)> SendAsync(ReviewDesk desk, string path, params (string Name, string Value)[] fields) =>
        SendAsync(desk, path, ClinicRole.Provider, fields);

    /// <summary>Sends a form as the page's script does.</summary>
    private static async Task<(HttpResponseMessage Answer, string Html)> SendAsync(ReviewDesk desk, string path, ClinicRole role, params (string Name, string Value)[] fields)
    {
        using var client = desk.Clinic.As(role);
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new FormUrlEncodedContent(fields.ToDictionary(it => it.Name, it => it.Value)) };
        request.Headers.Add("HX-Request", "true");
        var answer = await client.SendAsync(request);
        return (answer, WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync()));
    }
}
