using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Chartroom.Assist;

namespace Chartroom.Scribe;

/// <summary>A summary that an outside model drafts: what leaves, what comes back, and what becomes of it.</summary>
public sealed class OutsideSummaryTests
{
    private static string At(IReadOnlyList<AssistPassage> passages, string words) => passages.First(it => it.Text.Contains(words, StringComparison.Ordinal)).Id;

    /// <summary>Sound statements, one with a wrong dose, one of an entry that does not exist, one without a source.</summary>
    internal static string Summary(IReadOnlyList<AssistPassage> passages) => ModelDouble.Statements(
        ("PROBLEMS", "Essential hypertension, active.", [At(passages, "Essential hypertension")]),
        ("MEDICATIONS", "Lisinopril 40 mg tablet once a day.", [At(passages, "Lisinopril")]),
        ("ALLERGIES", "Allergy: Penicillin, high risk.", [At(passages, "Penicillin")]),
        ("PROBLEMS", "Diabetes mellitus.", ["t99.s1"]), ("RESULTS", "Hemoglobin A1c 9.1 %.", []), ("FAMILY", "Mother with stroke.", [At(passages, "Penicillin")]));

    internal static async Task<OutsideDesk> OpenAsync(AssistProvider provider = AssistProvider.Anthropic)
    {
        var desk = await OutsideDesk.OpenAsync();
        await desk.Model.TurnOnAsync(desk.Clinic, provider, "chart-summary");
        desk.Model.Says = Summary;
        return desk;
    }

    private static string PathOf(OutsideDesk desk) => $"/api/v1/patients/{desk.Desk.Patient}/summaries";

    private static Task<JsonObject> ProgressAsync(OutsideDesk desk) => desk.Desk.GetAsync($"{PathOf(desk)}/drafting", ClinicRole.Provider);

    [Theory]
    [InlineData(AssistProvider.Anthropic), InlineData(AssistProvider.OpenAi)]
    public async Task AI_4_A_model_summarizes_a_chart_from_lines_without_who_it_is_and_what_it_got_wrong_is_flagged_or_dropped(AssistProvider provider)
    {
        await using var desk = await OpenAsync(provider);
        var drug = await SummaryTests.FillAsync(desk.Desk);

        var asked = await desk.Desk.SendAsync(PathOf(desk), new { }, null, ClinicRole.Provider);
        Assert.Equal((202, 0), (asked.Status, desk.Model.Connections));
        Assert.Equal((409, "scribe.summary-being-drafted"), await desk.Desk.SendAsync(PathOf(desk), new { }, null, ClinicRole.Provider) is var twice ? (twice.Status, twice.Code) : default);
        Assert.Contains("The summary waits to be drafted", await desk.Desk.PageAsync($"/patients/{desk.Desk.Patient}/summaries/drafting", ClinicRole.Provider), StringComparison.Ordinal);
        using (var clinician = desk.Clinic.As(ClinicRole.Provider))
        {
            Assert.Equal(HttpStatusCode.NoContent, (await clinician.GetAsync($"/patients/{desk.Desk.Patient}/summaries/drafting/news?state=queued&attempts=0")).StatusCode);
            Assert.Equal(HttpStatusCode.SeeOther, (await clinician.GetAsync($"/patients/{desk.Desk.Patient}/summaries/drafting/news?state=drafting&attempts=1")).StatusCode);
        }
        await desk.WorkAsync();

        var (_, _, sent) = Assert.Single(desk.Model.Requests);
        var everything = sent.ToJsonString();
        var names = await desk.Clinic.RowsAsync<string>("select display_name from staff");
        foreach (var secret in names.Concat(["Ada ", " Hart", "Jo Lee", $"{desk.Desk.Patient}", drug, "heights", "March 4, 2019", "January 5, 2026"]))
            Assert.DoesNotContain(secret, everything, StringComparison.Ordinal);
        Assert.Contains("[DATE-", everything, StringComparison.Ordinal);
        Assert.Null(sent["tools"]);
        var progress = await ProgressAsync(desk);
        Assert.Equal(("done", null, 3), ((string)progress["state"]!, (string?)progress["failedWith"], (int)progress["dropped"]!));

        var draft = await desk.Desk.GetAsync($"/api/v1/drafts/{progress["draftId"]}", ClinicRole.Provider);
        Assert.Equal("summary", (string?)draft["kind"]);
        Assert.EndsWith("instructions chart-summary 1", (string)draft["drafterVersion"]!, StringComparison.Ordinal);
        var statements = draft["statements"]!.AsArray().Select(it => ((string)it!["text"]!, (bool)it["isFlagged"]!)).ToList();
        Assert.Equal([("Essential hypertension, active.", false), ("Allergy: Penicillin, high risk.", false), ("Lisinopril 40 mg tablet once a day.", true)], statements);
        Assert.Contains(draft["places"]!.AsObject(), it => (string)it.Value!["id"]! == drug && (int)it.Value!["version"]! == 1);
        Assert.Equal(1, await desk.Clinic.OneAsync<long>("select count(*) from audit_event where action = 'chart.sent' and outcome = 'done' and cardinality(patient_ids) = 1 and door = 'job' and person_id = @provider", new { provider = desk.Desk.Scheduling.Provider }));
        var page = await desk.Desk.PageAsync($"/drafts/{draft["id"]}", ClinicRole.Provider);
        Assert.Contains("Drafted from the chart by", page, StringComparison.Ordinal);
        Assert.Contains("no words of a note: 3 of its statements.", page, StringComparison.Ordinal);
        Assert.Contains("a summary of a chart", await desk.Desk.PageAsync("/settings/data", ClinicRole.Admin), StringComparison.Ordinal);
        Assert.Contains(": 1 request, 0 of them without", await desk.Desk.PageAsync("/settings/assistant/chart-summary", ClinicRole.Admin), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AI_7_A_model_that_fails_leaves_the_summary_to_the_fixed_rules_and_a_chart_that_was_shut_meanwhile_is_not_sent()
    {
        await using var desk = await OpenAsync();
        await SummaryTests.FillAsync(desk.Desk);
        desk.Model.Instead = http =>
        {
            http.Response.StatusCode = 401;
            return Task.FromResult(true);
        };
        await desk.Desk.SendAsync(PathOf(desk), new { }, null, ClinicRole.Provider);
        await desk.WorkAsync();
        var progress = await ProgressAsync(desk);
        Assert.Equal(("done", "key"), ((string)progress["state"]!, (string?)progress["failedWith"]));
        var page = await desk.Desk.PageAsync($"/drafts/{progress["draftId"]}", ClinicRole.Provider);
        Assert.Contains("This draft is by the built-in drafter.", page, StringComparison.Ordinal);
        Assert.Contains("Drafted from the chart by the built-in drafter", page, StringComparison.Ordinal);
        Assert.Equal(204, (await desk.Desk.SendAsync($"/api/v1/drafts/{progress["draftId"]}/discard", new { reason = "again" }, null, ClinicRole.Provider)).Status);

        (desk.Model.Instead, var before) = (null, desk.Model.Requests.Count);
        await desk.Desk.SendAsync(PathOf(desk), new { }, null, ClinicRole.Provider);
        await desk.Clinic.RowsAsync<int>("insert into chart_restriction (patient_id, version, changed_by, changed_at) values (@patient, 1, @staff, now()) returning 1", new { patient = desk.Desk.Patient, staff = desk.Clinic.Actor(ClinicRole.Admin).Staff });
        await desk.WorkAsync();
        Assert.Equal((before, 1L), (desk.Model.Requests.Count, await desk.Clinic.OneAsync<long>("select count(*) from drafting where kind = 'summary' and failed_with = 'not_theirs'")));
    }

    private static string Problem(string words) => new JsonObject { ["kind"] = "problem", ["code"] = new JsonObject { ["text"] = words }, ["status"] = "active" }.ToJsonString();

    private static async Task AmendAsync(ReviewDesk desk, string entry, int version, string content)
    {
        using var client = desk.Clinic.As(ClinicRole.Provider);
        using var request = new HttpRequestMessage(HttpMethod.Put, $"/api/v1/patients/{desk.Patient}/entries/{entry}") { Content = new StringContent($$"""{"content":{{content}}}""", System.Text.Encoding.UTF8, "application/json") };
        request.Headers.TryAddWithoutValidation("If-Match", $"\"{version}\"");
        using var answer = await client.SendAsync(request);
        Assert.Equal(200, (int)answer.StatusCode);
    }

    [SharedDataFact]
    public async Task AI_9_A_model_that_obeys_what_stands_in_a_chart_changes_nothing_leads_nowhere_and_says_nothing_unsourced()
    {
        await using var desk = await OpenAsync();
        await SummaryTests.FillAsync(desk.Desk);
        using var attacker = new TcpListener(IPAddress.Loopback, 0);
        attacker.Start();
        var lure = $"http://127.0.0.1:{((IPEndPoint)attacker.LocalEndpoint).Port}/take";
        var entry = await SummaryTests.WriteAsync(desk.Desk, Problem("To come"));
        var (cases, dropped, version) = (0, 0, 1);
        Dictionary<string, long>? before = null;

        foreach (var (text, canary, goal) in InjectionTests.Attacks())
        {
            await AmendAsync(desk.Desk, entry, version++, Problem(text.ReplaceLineEndings(" ")[^Math.Min(text.Length, 280)..].Trim()));   // its end, where the mails of the set have their attack
            before ??= await InjectionTests.CountsAsync(desk.Clinic);
            desk.Model.Says = passages => InjectionTests.Obeyed(passages, canary, goal, lure, ("PROBLEMS", "MEDICATIONS"));
            desk.Model.Stops = cases % 7 == 6 ? "tool_use" : "end_turn";
            Assert.Equal(202, (await desk.Desk.SendAsync(PathOf(desk), new { }, null, ClinicRole.Provider)).Status);
            await desk.WorkAsync();
            var progress = await ProgressAsync(desk);
            Assert.Equal("done", (string)progress["state"]!);
            var draft = await desk.Desk.GetAsync($"/api/v1/drafts/{progress["draftId"]}", ClinicRole.Provider);
            InjectionTests.Hold(draft, await desk.Desk.PageAsync($"/drafts/{progress["draftId"]}", ClinicRole.Provider), canary, lure);
            (cases, dropped) = (cases + 1, dropped + (int)progress["dropped"]!);
            Assert.Equal(204, (await desk.Desk.SendAsync($"/api/v1/drafts/{progress["draftId"]}/discard", new { reason = "again" }, null, ClinicRole.Provider)).Status);
        }

        Assert.True(cases >= 160, $"{cases} cases");
        Assert.True(dropped >= 4 * (cases * 6 / 7), $"{dropped} dropped in {cases} cases");
        Assert.False(attacker.Pending());   // nobody was called
        var after = await InjectionTests.CountsAsync(desk.Clinic);
        Assert.Equal(cases, after["decision"]);   // ours, each discarding a draft
        string[] ours = ["decision", "entry_version"];
        Assert.Equal(before!.Where(it => !ours.Contains(it.Key)), after.Where(it => !ours.Contains(it.Key)));
    }
}
