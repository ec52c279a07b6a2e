using System.Text.Json.Nodes;
using Chartroom.Journeys;
using Chartroom.Scheduling;

namespace Chartroom.Scribe;

/// <summary>From a chart to a signed summary of it: drafted with the entries it stands on, decided line by line, kept as a note that belongs to no visit.</summary>
public sealed class SummaryTests(Browser browser) : IClassFixture<Browser>
{
    internal static async Task<string> WriteAsync(ReviewDesk desk, string content)
    {
        var written = await desk.SendAsync($"/api/v1/patients/{desk.Patient}/entries", JsonNode.Parse($$"""{"content":{{content}}}""")!, null, ClinicRole.Provider);
        Assert.Equal(201, written.Status);
        return (string)written.Body["id"]!;
    }

    /// <summary>A chart with something of each kind; answers the key of the medication.</summary>
    internal static async Task<string> FillAsync(ReviewDesk desk)
    {
        await WriteAsync(desk, """{"kind":"problem","code":{"text":"Essential hypertension"},"status":"active","onset":"2019-03-04"}""");
        await WriteAsync(desk, """{"kind":"allergy","code":{"text":"Penicillin"},"status":"active","criticality":"high"}""");
        var drug = await WriteAsync(desk, """{"kind":"medication","code":{"text":"Lisinopril 10 mg tablet"},"status":"active","dosages":[{"text":"1 tablet by mouth once a day"}],"start":"2019-03-04"}""");
        foreach (var (at, value) in new[] { ("2026-01-05", "84"), ("2026-03-01", "82") })
            await WriteAsync(desk, """{"kind":"vital","status":"final","what":{"code":{"text":"Body weight","codings":[{"system":"http://loinc.org","code":"29463-7"}]},"value":{"amount":{"value":84,"unit":"kg"}}},"taken":"2026-01-05"}"""
                .Replace("84", value, StringComparison.Ordinal).Replace("2026-01-05", at, StringComparison.Ordinal));
        Assert.Equal(201, (await desk.SendAsync($"/api/v1/visits/{desk.Visit}/orders", new { kind = "imaging", words = "MRI of the left knee", purpose = "knee pain" }, null, ClinicRole.Provider)).Status);
        Assert.Equal(201, (await desk.SendAsync($"/api/v1/patients/{desk.Patient}/private-notes", new { text = "Secret fear of heights" }, null, ClinicRole.Provider)).Status);
        return drug;
    }

    private static async Task<JsonObject> DraftedAsync(ReviewDesk desk)
    {
        var drafted = await desk.SendAsync($"/api/v1/patients/{desk.Patient}/summaries", new { }, null, ClinicRole.Provider);
        Assert.Equal((201, null), (drafted.Status, drafted.Code));
        return await desk.GetAsync($"/api/v1/drafts/{drafted.Body["draftId"]}", ClinicRole.Provider);
    }

    [Fact]
    public async Task CHT_5_Of_discarded_summaries_brought_back_at_once_exactly_one_comes_back_and_the_others_hear_why_not()
    {
        await using var desk = await ReviewDesk.OpenAsync();
        await FillAsync(desk);
        var drafts = new List<string>();
        async Task<Reply> TurnAsync(string id, string act) => await desk.SendAsync($"/api/v1/drafts/{id}/{act}", act == "discard" ? new { reason = "wrong chart" } : (object)new { }, null, ClinicRole.Provider);
        for (var count = 0; count < 6; count++)
        {
            drafts.Add((string)(await DraftedAsync(desk))["id"]!);
            Assert.Equal(204, (await TurnAsync(drafts[^1], "discard")).Status);
        }

        for (var round = 0; round < 5; round++)
        {
            var replies = await Task.WhenAll(drafts.Select(id => TurnAsync(id, "restore")));
            var back = Assert.Single(drafts.Zip(replies), it => it.Second.Status == 204).First;
            Assert.All(replies.Where(it => it.Status != 204), it => Assert.Equal((409, "scribe.summary-open"), (it.Status, it.Code)));
            Assert.Equal(204, (await TurnAsync(back, "discard")).Status);
        }
    }

    [Fact]
    public async Task AI_4_A_summary_cites_entries_of_that_chart_is_decided_by_a_person_and_becomes_a_note_of_no_visit()
    {
        await using var desk = await ReviewDesk.OpenAsync();
        var path = $"/api/v1/patients/{desk.Patient}/summaries";
        var drug = await FillAsync(desk);
        Assert.Equal((404, 403, 403), ((await desk.SendAsync($"/api/v1/patients/{Guid.CreateVersion7()}/summaries", new { }, null, ClinicRole.Provider)).Status,
            (await desk.SendAsync(path, new { }, null, ClinicRole.FrontDesk)).Status, (await desk.SendAsync(path, new { }, null, ClinicRole.Admin)).Status));

        var draft = await DraftedAsync(desk);
        Assert.Equal(("summary", null, null), ((string?)draft["kind"], (string?)draft["visitId"], (string?)draft["transcriptId"]));
        Assert.Equal((409, "scribe.summary-open"), await desk.SendAsync(path, new { }, null, ClinicRole.Provider) is var twice ? (twice.Status, twice.Code) : default);
        Assert.DoesNotContain("heights", draft.ToJsonString(), StringComparison.Ordinal);
        var statements = draft["statements"]!.AsArray();
        Assert.Contains(statements, it => (string)it!["text"]! == "Body weight 82 kg on March 1, 2026, down from 84 kg on January 5, 2026.");
        Assert.All(statements, it => Assert.NotEmpty(it!["citations"]!.AsArray()));
        Assert.Equal("", string.Join('\n', statements.Where(it => (bool)it!["isFlagged"]!).Select(it => it!.ToJsonString())));
        using var provider = desk.Clinic.As(ClinicRole.Provider);
        foreach (var place in draft["places"]!.AsObject().Select(it => it.Value!))
        {
            var page = (string)place["kind"]! == "entry" ? $"/patients/{desk.Patient}/entries/{place["id"]}" : $"/visits/{place["visitId"] ?? place["id"]}";
            Assert.Equal(200, (int)(await provider.GetAsync(page)).StatusCode);
        }
        Assert.Contains($"/patients/{desk.Patient}/entries/{drug}", await desk.PageAsync($"/drafts/{draft["id"]}", ClinicRole.Provider), StringComparison.Ordinal);

        var pill = (int)statements.First(it => ((string)it!["text"]!).StartsWith("Lisinopril", StringComparison.Ordinal))!["number"]!;
        var wrong = await desk.DecideAsync(draft, pill, "edited", text: "Lisinopril 40 mg tablet: 1 tablet by mouth once a day, since March 4, 2019.");
        Assert.True((bool)ReviewDesk.Statement(wrong.Body, pill)["isFlagged"]!);
        await desk.DecideAsync(draft, pill, "edited", 1, text: "Lisinopril 10 mg tablet: 1 tablet by mouth once a day, since March 4, 2019.");
        foreach (var it in statements.Where(it => (int)it!["number"]! != pill)) Assert.Equal(200, (await AcceptAsync(desk, draft, it!)).Status);
        await AmendAsync(desk, drug);
        var stale = await desk.GetAsync($"/api/v1/drafts/{draft["id"]}", ClinicRole.Provider);
        Assert.Equal((1, 0), (stale["changes"]!["changed"]!.AsArray().Count, (int)stale["changes"]!["added"]!));
        Assert.Contains($"statement {pill} stands on it", await desk.PageAsync($"/drafts/{draft["id"]}", ClinicRole.Provider), StringComparison.Ordinal);
        Assert.Equal((409, "scribe.chart-changed"), await desk.SignAsync(draft) is var refused ? (refused.Status, refused.Code) : default);
        Assert.Equal(200, (await desk.DecideAsync(draft, pill, "rejected", 2, reason: "outdated")).Status);

        var signed = await desk.SignAsync(draft);
        Assert.Equal((201, null), (signed.Status, (string?)signed.Body["visitId"]));
        var note = await desk.GetAsync($"/api/v1/notes/{signed.Body["noteId"]}", ClinicRole.Admin);
        Assert.Equal("Clinical summary", (string?)note["now"]!["title"]);
        Assert.Contains("From the chart, drafted by the built-in summary drafter, version 1; reviewed and signed by Dr. Ada Hart", (string?)note["now"]!["provenance"]![0], StringComparison.Ordinal);
        Assert.Contains("Penicillin", note.ToJsonString(), StringComparison.Ordinal);
        Assert.DoesNotContain("Lisinopril", note.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal((0, 1), await desk.Clinic.OneAsync<(long, long)>("select (select count(*) from visit_note), (select count(*) from entry where kind = 'note' and encounter_id is null)"));
        foreach (var page in new[] { $"/notes/{signed.Body["noteId"]}", $"/notes/{signed.Body["noteId"]}/versions", $"/notes/{signed.Body["noteId"]}/draft", $"/patients/{desk.Patient}/chart/notes", $"/drafts/{draft["id"]}" })
            Assert.Contains("Clinical summary", (await desk.PageAsync(page, ClinicRole.Provider)).Replace("of a summary", "Clinical summary", StringComparison.Ordinal).Replace("Draft and decisions", "Clinical summary", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Equal(200, (await desk.SendAsync($"/api/v1/notes/{signed.Body["noteId"]}/amendments", new { reason = "A word", addendum = "Seen today." }, 1, ClinicRole.Provider)).Status);
        Assert.DoesNotContain("Seen today", (await DraftedAsync(desk)).ToJsonString(), StringComparison.Ordinal);
        var listed = JsonNode.Parse(await provider.GetStringAsync(path))!.AsArray();
        Assert.Equal(["open", "signed"], listed.Select(it => (string)it!["state"]!));
    }

    private static async Task<Reply> AcceptAsync(ReviewDesk desk, JsonObject draft, JsonNode it)
    {
        var seen = (bool)it["isFlagged"]! ? 1 : 0;
        if (seen == 1) await desk.DecideAsync(draft, (int)it["number"]!, "opened");
        return await desk.DecideAsync(draft, (int)it["number"]!, "accepted", seen);
    }

    private static async Task AmendAsync(ReviewDesk desk, string drug)
    {
        using var client = desk.Clinic.As(ClinicRole.Provider);
        var content = JsonNode.Parse("""{"content":{"kind":"medication","code":{"text":"Lisinopril 10 mg tablet"},"status":"stopped","dosages":[{"text":"1 tablet by mouth once a day"}],"start":"2019-03-04"}}""")!;
        using var request = new HttpRequestMessage(HttpMethod.Put, $"/api/v1/patients/{desk.Patient}/entries/{drug}") { Content = new StringContent(content.ToJsonString(), System.Text.Encoding.UTF8, "application/json") };
        request.Headers.TryAddWithoutValidation("If-Match", "\"1\"");
        using var answer = await client.SendAsync(request);
        Assert.Equal(200, (int)answer.StatusCode);
    }

    [Fact]
    public async Task An_empty_chart_has_no_summary_a_restricted_one_none_for_others_and_the_database_knows_which_drafts_need_a_visit()
    {
        await using var desk = await ReviewDesk.OpenAsync();
        var stranger = await desk.Scheduling.AdmitAsync("Nora", "Newcomer");
        Assert.Equal((422, "scribe.empty-chart"), await desk.SendAsync($"/api/v1/patients/{stranger}/summaries", new { }, null, ClinicRole.Provider) is var empty ? (empty.Status, empty.Code) : default);
        await FillAsync(desk);
        await desk.PlantAsync();
        var draft = await DraftedAsync(desk);
        Assert.Equal(1, await desk.Clinic.OneAsync<long>("select count(*) from seed"));
        foreach (var kind in new[] { "note", "orders" })
        {
            var error = await Assert.ThrowsAsync<Npgsql.PostgresException>(() => desk.Clinic.RowsAsync<int>(
                $"insert into draft (id, kind, patient_id, transcript_id, content, key_version, statement_count, drafter, drafter_version, policy_version, created_by, created_at) select gen_random_uuid(), '{kind}', patient_id, gen_random_uuid(), content, key_version, 1, 'x', '1', '1', created_by, now() from draft"));
            Assert.Equal("draft_visit_given", error.ConstraintName);
        }

        await desk.Clinic.RowsAsync<int>("insert into chart_restriction (patient_id, version, changed_by, changed_at) values (@patient, 1, @staff, now()) returning 1", new { patient = desk.Patient, staff = desk.Clinic.Actor(ClinicRole.Admin).Staff });
        Assert.Equal((403, "charts.restricted"), await desk.SendAsync($"/api/v1/patients/{desk.Patient}/summaries", new { }, null, ClinicRole.Provider) is var shut ? (shut.Status, shut.Code) : default);
        using var provider = desk.Clinic.As(ClinicRole.Provider);
        Assert.Contains((int)(await provider.GetAsync($"/api/v1/drafts/{draft["id"]}")).StatusCode, new[] { 403, 404 });
    }

    [Theory]
    [InlineData(Browser.DeskWidth), InlineData(Browser.PhoneWidth)]
    public async Task A_summary_is_drafted_from_the_chart_reviewed_by_key_and_signed(int width)
    {
        await using var desk = await ReviewDesk.OpenAsync(isOnTheNet: true);
        await FillAsync(desk);
        await using var visitor = await browser.OpenAsync(desk.Clinic.Address, width);
        await visitor.SignInAsync(desk.Clinic, ClinicRole.Provider);
        var page = visitor.Page;

        await visitor.LookAtAsync($"/patients/{desk.Patient}/chart");
        await visitor.PictureAsync($"summary-chart-{width}");
        await visitor.FollowAsync(() => page.ClickAsync("#draft-summary button"), "/drafts/*");
        await visitor.IsFineAsync();
        await visitor.PictureAsync($"summary-{width}");
        await WriteAsync(desk, """{"kind":"problem","code":{"text":"Gout"},"status":"active"}""");
        await page.ReloadAsync();
        await visitor.IsFineAsync();
        await visitor.PictureAsync($"summary-stale-{width}");
        for (var most = 3 * await page.Locator(".statement").CountAsync(); most > 0 && await page.Locator(".statement[data-waiting]").CountAsync() > 0; most--)
        {
            await page.EvaluateAsync("document.activeElement?.blur()");
            await page.RunAndWaitForResponseAsync(() => page.Keyboard.PressAsync("a"), answer => answer.Url.Contains("/decisions", StringComparison.Ordinal));
            await page.WaitForFunctionAsync("() => !document.querySelector('[aria-busy=true]')");
        }
        await visitor.FollowAsync(() => page.Keyboard.PressAsync("Control+Enter"), "?done=signed");
        await visitor.IsFineAsync();
        await visitor.PictureAsync($"summary-note-{width}");
        await visitor.FollowAsync(() => page.ClickAsync("text=Draft and decisions"), "/draft");
        await visitor.IsFineAsync();
        await visitor.PictureAsync($"summary-note-draft-{width}");
        await OpenLoopsAsync(desk, visitor, width);
    }

    /// <summary>What is still open, with something of each kind; and who co-signs whom.</summary>
    private async Task OpenLoopsAsync(ReviewDesk desk, Visitor visitor, int width)
    {
        await desk.DraftedAsync(SampleVisits.Knee);
        await desk.Clinic.RowsAsync<int>("""
            with cosigned as (
                insert into cosign (id, note_id, version, patient_id, author_id, supervisor_id, asked_at)
                select gen_random_uuid(), note_id, 1, patient_id, @colleague, @provider, @now from draft where note_id is not null
            ), held as (
                update appointment set status = 'completed', starts_at = starts_at - interval '5 days', ends_at = ends_at - interval '5 days', local_start = local_start - interval '5 days' where id = @visit
            )
            insert into visit_order (id, patient_id, appointment_id, kind, content, key_version, placed_by, placed_at)
            select gen_random_uuid(), @patient, @visit, kind, 'x', 1, @provider, @now - interval '40 days' from unnest(array['test', 'imaging', 'follow_up', 'referral']) as kind
            returning 1
            """, new { patient = desk.Patient, visit = desk.Visit, provider = desk.Provider, colleague = desk.Scheduling.Colleague, now = desk.Clinic.Clock.GetUtcNow() });
        foreach (var (path, name) in new[] { ("/notes/waiting", "open"), ("/notes/waiting?whose=all", "open-all") })
        {
            await visitor.LookAtAsync(path);
            await visitor.IsFineAsync();
            await visitor.PictureAsync($"{name}-{width}");
        }
        await using var admin = await browser.OpenAsync(desk.Clinic.Address, width);
        await admin.SignInAsync(desk.Clinic, ClinicRole.Admin);
        await admin.LookAtAsync("/settings/supervision");
        await admin.IsFineAsync();
        await admin.PictureAsync($"supervision-{width}");
        await admin.LookAtAsync("/insights/drafts");
        await admin.PictureAsync($"drafts-admin-{width}");
    }
}
