using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using Chartroom.Assist;

namespace Chartroom.Scribe;

/// <summary>What drafts is chosen per feature, and off means that nothing does.</summary>
public sealed class FeaturesTests
{
    private static async Task ChooseAsync(TestClinic clinic, string feature, string drafter)
    {
        using var admin = clinic.As(ClinicRole.Admin);
        var version = await clinic.RowsAsync<int>("select version from assist_choice where feature = @feature", new { feature = feature.Replace('-', '_') });
        using var form = new FormUrlEncodedContent(new Dictionary<string, string> { ["drafter"] = drafter, ["version"] = $"{version.SingleOrDefault()}" });
        Assert.Equal(HttpStatusCode.SeeOther, (await admin.PostAsync($"/settings/assistant/{feature}/drafter", form)).StatusCode);
    }

    private static async Task DiscardAsync(ReviewDesk desk)
    {
        foreach (var draft in await desk.Clinic.RowsAsync<Guid>("select id from draft where state = 'open'"))
            Assert.Equal(204, (await desk.SendAsync($"/api/v1/drafts/{draft}/discard", new { reason = "again" }, null, ClinicRole.Provider)).Status);
    }

    [Fact]
    public async Task AI_7_Each_feature_is_switched_off_by_itself_its_buttons_are_gone_and_its_operations_are_refused()
    {
        await using var desk = await ReviewDesk.OpenAsync();
        await SummaryTests.FillAsync(desk);
        var (chart, visit, summaries) = ($"/patients/{desk.Patient}/chart", $"/visits/{desk.Visit}/review", $"/api/v1/patients/{desk.Patient}/summaries");
        Assert.Contains("draft-summary", await desk.PageAsync(chart, ClinicRole.Provider), StringComparison.Ordinal);
        Assert.Contains("Draft the note", await desk.PageAsync(visit, ClinicRole.Provider), StringComparison.Ordinal);
        using var wires = new Wires();

        await ChooseAsync(desk.Clinic, "orders", "off");
        Assert.Equal(201, (await desk.AddAsync(SampleVisits.Knee)).Status);
        Assert.Equal(["note"], await desk.Clinic.RowsAsync<string>("select kind from draft order by kind"));
        await DiscardAsync(desk);

        await ChooseAsync(desk.Clinic, "visit-notes", "off");
        Assert.Equal((409, "scribe.drafting-off"), await desk.AddAsync(SampleVisits.Knee) is var note ? (note.Status, note.Code) : default);
        var transcript = await desk.Clinic.OneAsync<Guid>("select id from transcript");
        Assert.Equal((409, "scribe.drafting-off"), await desk.SendAsync($"/api/v1/transcripts/{transcript}/drafts", new { }, null, ClinicRole.Provider) is var again ? (again.Status, again.Code) : default);
        var page = await desk.PageAsync(visit, ClinicRole.Provider);
        foreach (var gone in new[] { "Draft the note", "Draft from the file", "Draft again", "/transcripts" }) Assert.DoesNotContain(gone, page, StringComparison.Ordinal);
        Assert.Contains("they are written by hand", page, StringComparison.Ordinal);

        Assert.Equal(201, (await desk.SendAsync(summaries, new { }, null, ClinicRole.Provider)).Status);   // on still
        await DiscardAsync(desk);
        await ChooseAsync(desk.Clinic, "chart-summary", "off");
        Assert.Equal((409, "scribe.drafting-off"), await desk.SendAsync(summaries, new { }, null, ClinicRole.Provider) is var summary ? (summary.Status, summary.Code) : default);
        Assert.DoesNotContain("draft-summary", await desk.PageAsync(chart, ClinicRole.Provider), StringComparison.Ordinal);

        using (var admin = desk.Clinic.As(ClinicRole.Admin))
        {
            Assert.Contains("\"provider\":\"off\"", await admin.GetStringAsync("/api/v1/assistant/chart-summary"), StringComparison.Ordinal);
            Assert.Equal(HttpStatusCode.NoContent, (await admin.PutAsJsonAsync("/api/v1/assistant/chart-summary", new { drafter = "built_in" })).StatusCode);
            Assert.Equal(HttpStatusCode.UnprocessableEntity, (await admin.PutAsJsonAsync("/api/v1/assistant/orders", new { drafter = "outside" })).StatusCode);
        }
        Assert.Equal(201, (await desk.SendAsync(summaries, new { }, null, ClinicRole.Provider)).Status);
        Assert.Equal(["assistant.feature_built_in", "assistant.feature_off", "assistant.feature_off", "assistant.feature_off"],
            await desk.Clinic.RowsAsync<string>("select action from audit_event where action like 'assistant.feature%' and outcome = 'done' order by action"));
        Assert.Equal([], wires.Outside);
    }

    [Fact]
    public async Task AI_7_The_database_itself_refuses_a_draft_of_a_feature_that_is_off_and_a_drafter_that_does_not_fit()
    {
        await using var desk = await ReviewDesk.OpenAsync();
        await SummaryTests.FillAsync(desk);
        await desk.DraftedAsync(SampleVisits.Knee);
        Assert.Equal(201, (await desk.SendAsync($"/api/v1/patients/{desk.Patient}/summaries", new { }, null, ClinicRole.Provider)).Status);
        foreach (var (kind, feature) in new[] { ("note", "visit-notes"), ("orders", "orders"), ("summary", "chart-summary") })
        {
            await ChooseAsync(desk.Clinic, feature, "off");
            var error = await Assert.ThrowsAsync<Npgsql.PostgresException>(() => desk.Clinic.RowsAsync<int>($"""
                insert into draft (id, kind, patient_id, appointment_id, transcript_id, content, key_version, statement_count, drafter, drafter_version, policy_version, created_by, created_at)
                select gen_random_uuid(), kind, patient_id, appointment_id, transcript_id, content, key_version, 1, 'x', '1', '1', created_by, now() from draft where kind = '{kind}' limit 1 returning 1
                """));
            Assert.Equal((kind, "draft_feature_on"), (kind, error.ConstraintName));
        }
        foreach (var (change, constraint) in new[]
        {
            ("drafts_with = 'outside', is_on = true, provider = 'anthropic', endpoint = 'https://models.example', model = 'm', region = 'us', price_in = 1, price_out = 1, currency = 'USD' where feature = 'orders'", "assist_choice_fits"),
            ("is_on = true where feature = 'visit_notes'", "assist_choice_on_is_outside"), ("drafts_with = 'outside', is_on = true where feature = 'visit_notes'", "assist_choice_outside_whole"),
            ("drafts_with = 'perhaps' where feature = 'visit_notes'", "assist_choice_drafts_with_known"), ("api_key = 'x' where feature = 'visit_notes'", "assist_choice_key_forgotten"),
        })
            Assert.Equal(constraint, (await Assert.ThrowsAsync<Npgsql.PostgresException>(() => desk.Clinic.RowsAsync<int>($"update assist_choice set {change} returning 1"))).ConstraintName);
    }

    [Fact]
    public async Task AI_7_What_waits_for_a_model_when_its_feature_is_switched_off_is_neither_sent_nor_drafted()
    {
        await using var desk = await OutsideDesk.OpenAsync();
        await desk.Model.TurnOnAsync(desk.Clinic, AssistProvider.OpenAi, "chart-summary");
        await SummaryTests.FillAsync(desk.Desk);
        using var wires = new Wires();
        Assert.Equal((202, null), await desk.AddAsync());
        Assert.Equal(202, (await desk.Desk.SendAsync($"/api/v1/patients/{desk.Desk.Patient}/summaries", new { }, null, ClinicRole.Provider)).Status);
        await ChooseAsync(desk.Clinic, "visit-notes", "off");
        await ChooseAsync(desk.Clinic, "chart-summary", "off");

        await desk.WorkAsync();

        Assert.Equal(["drafting_off", "drafting_off"], await desk.Clinic.RowsAsync<string>("select failed_with from drafting where state = 'failed'"));
        Assert.Equal((0L, 0L, 0), (await desk.Clinic.OneAsync<long>("select count(*) from draft"), await desk.Clinic.OneAsync<long>("select count(*) from assist_call"), desk.Model.Connections));
        Assert.Equal(0, await desk.Clinic.OneAsync<long>("select count(*) from assist_choice where is_on or api_key is not null"));   // the keys are forgotten
        Assert.Contains("switched off drafting", await desk.PageAsync(), StringComparison.Ordinal);
        var page = await desk.Desk.PageAsync($"/patients/{desk.Desk.Patient}/summaries/drafting", ClinicRole.Provider);
        Assert.Contains("The summary could not be drafted.", page, StringComparison.Ordinal);
        Assert.DoesNotContain("try-again", page, StringComparison.Ordinal);
        using (var proof = new TcpClient()) await proof.ConnectAsync(IPAddress.Loopback, desk.Model.Address.Port);   // the listener hears what is opened
        Assert.Equal(1, wires.To(desk.Model.Address.Port));
        Assert.Equal([], wires.Outside);
    }

    [Fact]
    public async Task AI_7_The_settings_list_each_feature_with_what_fits_it_and_a_stale_page_changes_nothing()
    {
        await using var desk = await OutsideDesk.OpenAsync();
        var page = await desk.Desk.PageAsync("/settings/assistant", ClinicRole.Admin);
        foreach (var feature in new[] { "visit-notes", "orders", "chart-summary" }) Assert.Contains($"action=\"/settings/assistant/{feature}/drafter\"", page, StringComparison.Ordinal);
        Assert.Equal((3, 3, 2), (Count(page, "value=\"off\""), Count(page, "value=\"built_in\""), Count(page, "value=\"outside\"")));
        Assert.Contains("claude-test-1 at 127.0.0.1", page, StringComparison.Ordinal);
        using var admin = desk.Clinic.As(ClinicRole.Admin);
        using var stale = new FormUrlEncodedContent(new Dictionary<string, string> { ["drafter"] = "off", ["version"] = "0" });
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await admin.PostAsync("/settings/assistant/visit-notes/drafter", stale)).StatusCode);
        using var model = new FormUrlEncodedContent(new Dictionary<string, string> { ["drafter"] = "outside", ["version"] = "0" });
        Assert.Equal("/settings/assistant/chart-summary", $"{(await admin.PostAsync("/settings/assistant/chart-summary/drafter", model)).Headers.Location}");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await admin.PostAsync("/settings/assistant/orders/drafter", model)).StatusCode);
        using var provider = desk.Clinic.As(ClinicRole.Provider);
        Assert.Equal(HttpStatusCode.Forbidden, (await provider.PostAsync("/settings/assistant/orders/drafter", stale)).StatusCode);
        Assert.Equal(1, await desk.Clinic.OneAsync<long>("select count(*) from assist_choice where is_on"));

        // The key of notes serves summaries at the same address, for which its page offers it.
        Assert.Contains("claude-test-1", await desk.Desk.PageAsync("/settings/assistant/chart-summary", ClinicRole.Admin), StringComparison.Ordinal);
        using var same = desk.Model.Form(AssistProvider.Anthropic, ("key", ""));
        Assert.Equal(HttpStatusCode.SeeOther, (await admin.PostAsync("/settings/assistant/chart-summary", same)).StatusCode);
        await using var tx = await desk.Clinic.The<Chartroom.Platform.Tenancy.TenantDb>().BeginAsync(desk.Clinic.Actor(ClinicRole.System), Permission.ManageClinic, default);
        Assert.Equal("sk-test-key", (await Assistant.ChosenAsync(tx, AssistFeature.ChartSummary, default))!.Key);   // turned on above
    }

    private static int Count(string page, string of) => page.Split(of).Length - 1;
}
