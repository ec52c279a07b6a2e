using System.Text.Json.Nodes;
using Chartroom.Journeys;
using Chartroom.Notes;
using Microsoft.Playwright;
using Npgsql;

namespace Chartroom.Scribe;

/// <summary>The form that a note is drafted in: the visit's usual one, or the one that was chosen.</summary>
public sealed class DraftTemplateTests(Browser browser) : IClassFixture<Browser>
{
    private static readonly string[] Soap = ["Subjective", "Objective", "Assessment", "Plan"], Dap = ["Data", "Assessment", "Plan"];

    [Fact]
    public async Task A1_A_note_is_drafted_in_the_template_that_was_chosen_and_again_in_another_with_the_first_kept()
    {
        await using var desk = await ReviewDesk.OpenAsync();
        var soap = await NotesDesk.ChooseAsync(desk, "SOAP");
        var dap = await IdAsync(desk, "DAP");
        var usual = await desk.DraftedAsync(SampleVisits.Knee);
        Assert.Equal($"{soap}", (string?)usual["templateId"]);
        AssertIn(Soap, SectionsOf(usual));
        await desk.DecideAsync(usual, FirstPlain(usual), "accepted");

        Assert.Equal((409, "scribe.draft-open"), await AgainAsync(desk, usual, new { templateId = dap }));
        Assert.Equal((409, "scribe.draft-open"), await AgainAsync(desk, usual, null));
        Assert.Equal((422, "scribe.no-such-template"), await AgainAsync(desk, usual, new { templateId = Guid.CreateVersion7(), replaces = true }));
        Assert.Equal("open", await desk.Clinic.OneAsync<string>("select state from draft where kind = 'note'"));   // nothing gave way
        Assert.Equal((201, null), await AgainAsync(desk, usual, new { templateId = dap, replaces = true }));

        var second = await LatestAsync(desk);
        Assert.Equal($"{dap}", (string?)second["templateId"]);
        AssertIn(Dap, SectionsOf(second));
        Assert.Equal(TextsOf(usual), TextsOf(second));   // no statement lost, none reworded
        var first = await desk.GetAsync($"/api/v1/drafts/{usual["id"]}", ClinicRole.Provider);
        Assert.Equal(("discarded", $"{soap}"), ((string)first["state"]!, (string)first["templateId"]!));
        Assert.Equal(["accepted", "discarded"], first["decisions"]!.AsArray().Select(it => (string)it!["kind"]!).Order(StringComparer.Ordinal));

        Assert.Equal(204, (await desk.SendAsync($"/api/v1/drafts/{second["id"]}/discard", new { reason = "the first was better" }, null, ClinicRole.Provider)).Status);
        Assert.Equal(204, (await desk.SendAsync($"/api/v1/drafts/{usual["id"]}/restore", new { }, null, ClinicRole.Provider)).Status);
        AssertIn(Soap, SectionsOf(await LatestAsync(desk, "open")));
        Assert.Equal("42501", (await Assert.ThrowsAsync<PostgresException>(() => desk.Clinic.RawAsync<int>(ClinicRole.Provider, "update draft set template_id = null returning 1"))).SqlState);
        Assert.Equal("draft_template_of_note", (await Assert.ThrowsAsync<PostgresException>(() =>
            desk.Clinic.RunAsync([$"set search_path = {desk.Clinic.Schema}", $"update draft set template_id = '{dap}' where kind = 'orders'"]))).ConstraintName);
    }

    [Fact]
    public async Task A1_A_template_is_chosen_with_the_transcript_pasted_or_as_a_file_and_stays_when_voices_are_named_anew()
    {
        await using var desk = await ReviewDesk.OpenAsync();
        var (dap, retired) = (await IdAsync(desk, "DAP"), await IdAsync(desk, "Procedure"));
        await desk.Clinic.RowsAsync<int>("update note_template set is_active = false, version = version + 1 where id = @retired returning 1", new { retired });
        Assert.Equal((422, "scribe.no-such-template"), await AddAsync(desk, retired));
        Assert.Equal(0L, await desk.Clinic.OneAsync<long>("select count(*) from transcript"));
        Assert.Equal((201, null), await AddAsync(desk, dap));
        var draft = await LatestAsync(desk);
        Assert.Equal($"{dap}", (string?)draft["templateId"]);

        Assert.Equal(201, (await desk.SendAsync($"/api/v1/transcripts/{draft["transcriptId"]}/speakers", new { clinician = "patient", patient = "doctor" }, null, ClinicRole.Provider)).Status);
        Assert.Equal($"{dap}", (string?)(await LatestAsync(desk, "open"))["templateId"]);

        var other = (await desk.Scheduling.BookedAsync("2026-03-04", "11:00"))["id"];
        using var client = desk.Clinic.As(ClinicRole.Provider);
        using var form = new MultipartFormDataContent { { new StringContent(""), "idempotency_key" }, { new StringContent($"{dap}"), "templateId" }, { new ByteArrayContent(System.Text.Encoding.UTF8.GetBytes(SampleVisits.Knee)), "file", "visit.txt" } };
        Assert.Equal(System.Net.HttpStatusCode.SeeOther, (await client.PostAsync($"/visits/{other}/transcripts", form)).StatusCode);
        Assert.Equal(dap, await desk.Clinic.OneAsync<Guid>("select template_id from draft where appointment_id = @other and kind = 'note'", new { other = Guid.Parse((string)other!) }));
    }

    [Fact]
    public async Task A1_What_an_outside_model_drafts_in_the_background_comes_in_the_template_that_was_chosen_also_when_it_is_retired_meanwhile()
    {
        await using var desk = await OutsideDesk.OpenAsync();
        var dap = await desk.Clinic.OneAsync<Guid>("select id from note_template where name = 'DAP'");
        Assert.Equal(202, (await desk.Desk.SendAsync($"/api/v1/visits/{desk.Desk.Visit}/transcripts", new { text = SampleVisits.Knee, templateId = dap }, null, ClinicRole.Provider)).Status);
        await desk.Clinic.RowsAsync<int>("update note_template set is_active = false, version = version + 1 where id = @dap returning 1", new { dap });

        await desk.Clinic.The<DraftingWorker>().WorkAsync(desk.Clinic.Id, default);

        var draft = await LatestAsync(desk.Desk);
        Assert.Equal($"{dap}", (string?)draft["templateId"]);
        AssertIn(Dap, SectionsOf(draft));
    }

    [Fact]
    public async Task AI_9_Each_decision_keeps_the_version_of_the_rules_that_it_was_taken_under_which_may_not_be_that_of_its_draft()
    {
        await using var desk = await ReviewDesk.OpenAsync();
        var draft = await desk.DraftedAsync(SampleVisits.Knee);
        await desk.Clinic.RunAsync(["set session_replication_role = replica", $"set search_path = {desk.Clinic.Schema}", "update draft set policy_version = '0' where kind = 'note'"]);   // drafted before the program was made new

        await desk.DecideAllAsync(draft);

        var read = await desk.GetAsync($"/api/v1/drafts/{draft["id"]}", ClinicRole.Provider);
        Assert.Equal(("0", DraftPen.PolicyVersion), ((string)read["policyVersion"]!, (string)read["decisions"]![0]!["policyVersion"]!));
        Assert.Equal("23514", (await Assert.ThrowsAsync<PostgresException>(() => desk.Clinic.RowsAsync<int>(
            "insert into decision (id, draft_id, statement, sequence, kind, decided_by, decided_at, policy_version) select gen_random_uuid(), draft_id, statement, 9, 'opened', decided_by, now(), '' from decision returning 1"))).SqlState);
        await Assert.ThrowsAsync<PostgresException>(() => desk.Clinic.RowsAsync<int>("update decision set policy_version = '0' returning 1"));
        var note = (await desk.SignAsync(draft)).Body["noteId"];
        var page = await desk.PageAsync($"/notes/{note}/draft", ClinicRole.Provider);
        Assert.Contains("under review policy 0", page, StringComparison.Ordinal);
        Assert.Contains($", review policy {DraftPen.PolicyVersion}", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Browser.DeskWidth), InlineData(Browser.PhoneWidth)]
    public async Task A1_The_template_is_chosen_where_the_note_is_asked_for_and_changed_in_the_review(int width)
    {
        await using var desk = await ReviewDesk.OpenAsync(isOnTheNet: true);
        await NotesDesk.ChooseAsync(desk, "SOAP");
        await using var visitor = await browser.OpenAsync(desk.Clinic.Address, width);
        await visitor.SignInAsync(desk.Clinic, ClinicRole.Provider);
        var page = visitor.Page;
        await visitor.LookAtAsync($"/visits/{desk.Visit}/review");
        await visitor.PictureAsync($"template-start-{width}");
        await page.FillAsync("#f-text", SampleVisits.Knee);
        await page.SelectOptionAsync("#f-text-template", new SelectOptionValue { Label = "DAP" });
        await visitor.FollowAsync(() => page.ClickAsync("#transcript button[type=submit]"), "/review?at=1");
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Data", Exact = true })).ToBeVisibleAsync();
        await page.Locator("summary", new() { HasText = "Template: DAP" }).ClickAsync();
        await visitor.IsFineAsync();
        await page.Locator("#other-template").ScrollIntoViewIfNeededAsync();
        await visitor.PictureAsync($"template-review-{width}");
        await page.SelectOptionAsync("#other-template select", new SelectOptionValue { Label = "SOAP" });
        await visitor.FollowAsync(() => page.ClickAsync("#other-template button[type=submit]"), "/review?at=1");
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Subjective", Exact = true })).ToBeVisibleAsync();
        await page.Locator("summary", new() { HasText = "Discard the draft" }).ClickAsync();
        await page.FillAsync("#f-reason", "Again");
        await visitor.FollowAsync(() => page.Locator("#discard").GetByRole(AriaRole.Button, new() { Name = "Discard the draft" }).ClickAsync(), "?done=discarded");
        await visitor.IsFineAsync();
        await visitor.PictureAsync($"template-again-{width}");
    }

    private static Task<Guid> IdAsync(ReviewDesk desk, string name) => desk.Clinic.OneAsync<Guid>("select id from note_template where name = @name", new { name });

    private static void AssertIn(string[] headings, IReadOnlySet<string> sections) => Assert.Empty(sections.Except(headings));

    private static HashSet<string> SectionsOf(JsonObject draft) => [.. draft["statements"]!.AsArray().Select(it => (string)it!["section"]!)];

    private static List<string> TextsOf(JsonObject draft) => [.. draft["statements"]!.AsArray().Select(it => (string)it!["text"]!).Order(StringComparer.Ordinal)];

    private static int FirstPlain(JsonObject draft) => (int)draft["statements"]!.AsArray().First(it => !(bool)it!["isFlagged"]!)!["number"]!;

    private static async Task<JsonObject> LatestAsync(ReviewDesk desk, string? state = null)
    {
        var id = await desk.Clinic.OneAsync<Guid>("select id from draft where kind = 'note' and (@state::text is null or state = @state) order by created_at desc, id desc limit 1", new { state });
        return await desk.GetAsync($"/api/v1/drafts/{id}", ClinicRole.Provider);
    }

    private static async Task<(int, string?)> AddAsync(ReviewDesk desk, Guid template)
    {
        var reply = await desk.SendAsync($"/api/v1/visits/{desk.Visit}/transcripts", new { text = SampleVisits.Knee, templateId = template }, null, ClinicRole.Provider);
        return (reply.Status, reply.Code);
    }

    /// <param name="body">Null for a request without one.</param>
    private static async Task<(int, string?)> AgainAsync(ReviewDesk desk, JsonObject draft, object? body)
    {
        using var client = desk.Clinic.As(ClinicRole.Provider);
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/v1/transcripts/{draft["transcriptId"]}/drafts") { Content = body is null ? null : System.Net.Http.Json.JsonContent.Create(body) };
        using var answer = await client.SendAsync(request);
        return ((int)answer.StatusCode, answer.IsSuccessStatusCode ? null : ((string?)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["type"])?.Replace("/problems/", "", StringComparison.Ordinal));
    }
}
