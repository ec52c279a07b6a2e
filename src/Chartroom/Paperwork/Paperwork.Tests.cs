using System.Net;
using System.Text.Json.Nodes;
using Chartroom.Platform.News;
using Chartroom.Scheduling;
using Npgsql;

namespace Chartroom.Paperwork;

public sealed class PaperworkTests
{
    private const string Day = "2026-03-02";

    /// <summary>One row at least of each table, with a note.</summary>
    internal static async Task FillAsync(SchedulingDesk desk)
    {
        await AddedAsync(desk, "Insurance card", new { name = "Insurance card", asked = "months", months = 12, visitTypeIds = new[] { desk.VisitType } });
        var notice = await AddedAsync(desk, "Privacy notice");
        var receipt = await ReceivedAsync(desk, $"/api/v1/patients/{desk.Patient}", notice, "declined", "Wants to ask her daughter first");
        Assert.Equal(200, (await desk.SendAsync($"/api/v1/paper-receipts/{receipt}/taking-back", new { }, null, ClinicRole.FrontDesk)).Status);
    }

    private static async Task<string> AddedAsync(SchedulingDesk desk, string name, object? fields = null)
    {
        var added = await desk.SendAsync("/api/v1/clinic/papers", fields ?? new { name, asked = "once" }, null, ClinicRole.Admin);
        Assert.Equal((201, null), (added.Status, added.Code));
        return (string)added.Body["id"]!;
    }

    private static async Task<string> ReceivedAsync(SchedulingDesk desk, string of, string paper, string how = "signed", string? note = null, string? receivedOn = null)
    {
        var received = await desk.SendAsync($"{of}/papers/receipts", new { paperIds = new[] { paper }, how, note, receivedOn }, null, ClinicRole.FrontDesk);
        Assert.Equal((201, null), (received.Status, received.Code));
        return (string)received.Body["receipts"]![0]!["id"]!;
    }

    private static async Task<int> MissingAsync(SchedulingDesk desk, JsonNode visit) => (int)(await desk.GetAsync($"/api/v1/visits/{visit["id"]}/papers"))["missing"]!;

    private static async Task<string> SeenAsync(SchedulingDesk desk, string path, ClinicRole role = ClinicRole.FrontDesk)
    {
        using var client = desk.Clinic.As(role);
        return await client.GetStringAsync(path);
    }

    [Fact]
    public async Task SCH_8_Nothing_is_missing_until_the_list_has_something_and_then_board_day_sheet_panel_and_patient_tell_it_and_the_wall_does_not()
    {
        await using var desk = await SchedulingDesk.OpenAsync();
        var visit = await desk.BookedAsync(Day, "10:00");
        foreach (var path in new[] { "/board", $"/day?date={Day}", $"/day/sheet?date={Day}", $"/visits/{visit["id"]}/panel" }) Assert.DoesNotMatch("forms? missing|\"forms\":", await SeenAsync(desk, path));

        await AddedAsync(desk, "Privacy notice");
        await AddedAsync(desk, "Consent to treat");
        var board = await SeenAsync(desk, "/board");
        Assert.Contains("2 forms missing", board, StringComparison.Ordinal);
        Assert.Contains($"/visits/{visit["id"]}/papers?back=%2Fboard", board, StringComparison.Ordinal);
        Assert.Contains("\"forms\":2", await SeenAsync(desk, $"/day?date={Day}"), StringComparison.Ordinal);
        Assert.Contains("2 forms missing", await SeenAsync(desk, $"/day/sheet?date={Day}"), StringComparison.Ordinal);
        Assert.Contains("Signed: Privacy notice", await SeenAsync(desk, $"/visits/{visit["id"]}/panel"), StringComparison.Ordinal);
        Assert.Contains("2 forms missing for the visit on Mar 2, 2026", await SeenAsync(desk, $"/patients/{desk.Patient}"), StringComparison.Ordinal);
        Assert.Equal(2, (int)(await desk.GetAsync($"/api/v1/days/{Day}"))["visits"]![0]!["formsMissing"]!);
        Assert.DoesNotMatch("forms? missing|Privacy notice", await SeenAsync(desk, "/board?wall=true"));

        await desk.ChangeAsync(visit, "cancellations", new { reason = "other", by = "clinic" });
        Assert.DoesNotContain("\"forms\":", await SeenAsync(desk, $"/day?date={Day}&closed=true"), StringComparison.Ordinal);   // nobody has to bring anything to it
    }

    [Theory]
    [InlineData("once", null, "2001-01-01", 0)]   // for good
    [InlineData("months", 12, "2025-03-02", 1)]   // a year to the day is over
    [InlineData("months", 12, "2025-03-03", 0)]
    [InlineData("months", 1, "2026-02-02", 1)]
    [InlineData("months", 1, "2026-02-03", 0)]
    [InlineData("months", 60, "2021-03-02", 1)]
    [InlineData("months", 60, "2021-03-03", 0)]
    public async Task A_receipt_is_good_for_as_long_as_the_paper_says(string asked, int? months, string receivedOn, int missing)
    {
        await using var desk = await SchedulingDesk.OpenAsync();
        var visit = await desk.BookedAsync(Day, "23:00", minutes: 30);   // the visit's own calendar day counts, not Greenwich's
        var paper = await AddedAsync(desk, "Consent", new { name = "Consent", asked, months });
        Assert.Equal(1, await MissingAsync(desk, visit));

        await ReceivedAsync(desk, $"/api/v1/patients/{desk.Patient}", paper, receivedOn: receivedOn);

        Assert.Equal(missing, await MissingAsync(desk, visit));
        Assert.Equal(missing == 1 ? "expired" : "received", (string)(await desk.GetAsync($"/api/v1/patients/{desk.Patient}/papers"))["papers"]![0]!["state"]!);
    }

    [Fact]
    public async Task A_paper_of_every_visit_is_missing_at_the_next_one_again_and_is_marked_at_visits_only()
    {
        await using var desk = await SchedulingDesk.OpenAsync();
        var (first, second) = (await desk.BookedAsync(Day, "10:00"), await desk.BookedAsync("2026-03-03", "10:00"));
        var paper = await AddedAsync(desk, "Screening", new { name = "Screening", asked = "visit" });
        await ReceivedAsync(desk, $"/api/v1/visits/{first["id"]}", paper);

        Assert.Equal((0, 1), (await MissingAsync(desk, first), await MissingAsync(desk, second)));
        Assert.Equal((422, "paperwork.invalid-receipt"), await RefusedAsync(desk, $"/api/v1/patients/{desk.Patient}", paper));
    }

    [Fact]
    public async Task Who_is_new_is_asked_what_new_ones_are_asked_until_a_visit_was_completed_and_some_visits_ask_for_more_than_others()
    {
        await using var desk = await SchedulingDesk.OpenAsync();
        var (visit, other) = (await desk.BookedAsync(Day, "10:00"), VisitTypeId.New());
        await desk.Clinic.RowsAsync<int>("insert into visit_type (id, name, minutes, color) values (@other, 'Telehealth', 15, 'blue') returning 1", new { other });
        await AddedAsync(desk, "Intake form", new { name = "Intake form", asked = "once", patients = "new" });
        await AddedAsync(desk, "Telehealth consent", new { name = "Telehealth consent", asked = "once", visitTypeIds = new[] { other } });
        Assert.Equal(1, await MissingAsync(desk, visit));

        await desk.Clinic.RowsAsync<int>("update appointment set visit_type_id = @other where id = @id returning 1", new { other, id = Guid.Parse((string)visit["id"]!) });
        Assert.Equal(2, await MissingAsync(desk, visit));
        var before = await desk.BookedAsync(Day, "09:30");
        await desk.Clinic.RowsAsync<int>("update appointment set status = 'completed' where id = @id returning 1", new { id = Guid.Parse((string)before["id"]!) });
        Assert.Equal(1, await MissingAsync(desk, visit));
        Assert.Equal(1, await MissingAsync(desk, before));   // the first visit itself was a new patient's
        Assert.Equal("not_asked", (string)(await desk.GetAsync($"/api/v1/patients/{desk.Patient}/papers"))["papers"]![0]!["state"]!);
    }

    [Fact]
    public async Task A_receipt_and_its_taking_back_stay_to_be_seen_with_who_and_when_and_what_the_patient_said_is_sealed()
    {
        await using var desk = await SchedulingDesk.OpenAsync();
        var visit = await desk.BookedAsync(Day, "10:00");
        var paper = await AddedAsync(desk, "Privacy notice");
        var receipt = await ReceivedAsync(desk, $"/api/v1/visits/{visit["id"]}", paper, "declined", "Her lawyer reads it first");
        Assert.Equal(0, await MissingAsync(desk, visit));
        Assert.Equal((409, "paperwork.already-received"), await RefusedAsync(desk, $"/api/v1/visits/{visit["id"]}", paper));
        Assert.Contains("Her lawyer reads it first", await SeenAsync(desk, $"/visits/{visit["id"]}", ClinicRole.Provider), StringComparison.Ordinal);

        var back = await desk.SendAsync($"/api/v1/paper-receipts/{receipt}/taking-back", new { }, null, ClinicRole.Provider);
        Assert.Equal(200, back.Status);
        Assert.Equal(409, (await desk.SendAsync($"/api/v1/paper-receipts/{receipt}/taking-back", new { }, null, ClinicRole.Provider)).Status);
        Assert.Equal(404, (await desk.SendAsync($"/api/v1/paper-receipts/{Guid.CreateVersion7()}/taking-back", new { }, null, ClinicRole.Provider)).Status);
        Assert.Equal(1, await MissingAsync(desk, visit));
        var kept = (await desk.GetAsync($"/api/v1/patients/{desk.Patient}/papers"))["receipts"]!.AsArray();
        Assert.Equal(("declined", "paper", "Her lawyer reads it first", "Dr. Ada Hart"), ((string)kept[0]!["how"]!, (string)kept[0]!["source"]!, (string)kept[0]!["note"]!, (string)kept[0]!["takenBackBy"]!));
        Assert.Equal(["paper.received", "paper.taken-back"], await desk.Clinic.RowsAsync<string>("select action from audit_event where action in ('paper.received', 'paper.taken-back') and outcome = 'done' and @Value = any(patient_ids) order by at", new { desk.Patient.Value }));
        foreach (var change in new[] { "delete from paper_receipt", "update paper_receipt set taken_back_at = null, taken_back_by = null", "update paper_receipt set how = 'signed'" })   // not even by the owner of the tables
            Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, (await Assert.ThrowsAsync<PostgresException>(() => desk.Clinic.RowsAsync<int>(change + " returning 1"))).SqlState);
    }

    [Fact]
    public async Task Twenty_desks_mark_one_paper_and_it_is_received_once()
    {
        await using var desk = await SchedulingDesk.OpenAsync();
        var visit = await desk.BookedAsync(Day, "10:00");
        var paper = await AddedAsync(desk, "Privacy notice");

        var replies = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => desk.SendAsync($"/api/v1/visits/{visit["id"]}/papers/receipts", new { paperIds = new[] { paper }, how = "signed" }, null, ClinicRole.FrontDesk)));

        Assert.Equal((1, 19), (replies.Count(reply => reply.Status == 201), replies.Count(reply => reply.Code == "paperwork.already-received")));
        Assert.Equal(1, await desk.Clinic.OneAsync<long>("select count(*) from paper_receipt"));
    }

    [Theory]
    [InlineData("/api/v1/visits/{0}", "{1}", "signed", null, 404)]   // no such visit
    [InlineData("/api/v1/patients/{0}", "{1}", "signed", null, 404)]   // no such patient
    [InlineData("/api/v1/patients/{2}", "{0}", "signed", null, 422)]   // no such paper
    [InlineData("/api/v1/patients/{2}", "{1}", "lost", null, 400)]
    [InlineData("/api/v1/patients/{2}", "{1}", "signed", "2026-03-03", 422)]   // tomorrow
    [InlineData("/api/v1/patients/{2}", "{1}", "signed", "1999-12-31", 422)]
    public async Task What_cannot_be_is_refused_and_leaves_no_trace(string of, string paper, string how, string? receivedOn, int status)
    {
        await using var desk = await SchedulingDesk.OpenAsync();
        var known = await AddedAsync(desk, "Privacy notice");
        object[] names = [Guid.CreateVersion7(), known, desk.Patient];
        string Put(string text) => names.Select((name, at) => (name, at)).Aggregate(text, (so, it) => so.Replace($"{{{it.at}}}", $"{it.name}", StringComparison.Ordinal));

        var reply = await desk.SendAsync($"{Put(of)}/papers/receipts", new { paperIds = new[] { Put(paper) }, how, receivedOn }, null, ClinicRole.FrontDesk);

        Assert.Equal(status, reply.Status);
        Assert.Equal(0, await desk.Clinic.OneAsync<long>("select count(*) from paper_receipt"));
    }

    [Fact]
    public async Task The_database_keeps_no_receipt_at_another_patients_visit()
    {
        await using var desk = await SchedulingDesk.OpenAsync();
        await desk.BookedAsync(Day, "10:00");
        await AddedAsync(desk, "Privacy notice");
        var somebody = await desk.AdmitAsync("Bo", "Chen");
        var error = await Assert.ThrowsAsync<PostgresException>(() => desk.Clinic.RowsAsync<int>("""
            insert into paper_receipt (id, patient_id, paper_id, appointment_id, received_on, how, source, received_by, received_at)
            select gen_random_uuid(), @somebody, paper.id, appointment.id, '2026-03-02', 'signed', 'paper', gen_random_uuid(), now() from paper cross join appointment returning 1
            """, new { somebody }));
        Assert.Equal("paper_receipt_of_patient", error.ConstraintName);
    }

    [Fact]
    public async Task Administrators_keep_the_list_from_the_version_they_saw_and_nobody_else_does()
    {
        await using var desk = await SchedulingDesk.OpenAsync();
        var visit = await desk.BookedAsync(Day, "10:00");
        Assert.Equal(403, (await desk.SendAsync("/api/v1/clinic/papers", new { name = "Consent", asked = "once" }, null, ClinicRole.FrontDesk)).Status);
        Assert.Equal(422, (await desk.SendAsync("/api/v1/clinic/papers", new { name = "Consent", asked = "months" }, null, ClinicRole.Admin)).Status);
        Assert.Equal(422, (await desk.SendAsync("/api/v1/clinic/papers", new { name = "Consent", asked = "months", months = 61 }, null, ClinicRole.Admin)).Status);
        Assert.Equal(422, (await desk.SendAsync("/api/v1/clinic/papers", new { name = "Consent", asked = "once", visitTypeIds = new[] { Guid.CreateVersion7() } }, null, ClinicRole.Admin)).Status);
        Assert.Equal(0, await desk.Clinic.OneAsync<long>("select count(*) from paper"));
        var paper = await AddedAsync(desk, "Consent");
        Assert.Equal((409, "paperwork.name-taken"), (await desk.SendAsync("/api/v1/clinic/papers", new { name = "CONSENT", asked = "once" }, null, ClinicRole.Admin)) is { } twice ? (twice.Status, twice.Code) : default);

        Assert.Equal(204, (await desk.SendAsync($"/api/v1/clinic/papers/{paper}/retirement", new { }, 1, ClinicRole.Admin)).Status);
        Assert.Equal(0, await MissingAsync(desk, visit));
        Assert.Equal(412, (await desk.SendAsync($"/api/v1/clinic/papers/{paper}/restoration", new { }, 1, ClinicRole.Admin)).Status);
        var admin = new TestBrowser(desk.Clinic.As(ClinicRole.Admin));
        Assert.Equal($"/settings/paperwork?done=restored&paper={paper}&v=3", (await admin.PostAsync($"/settings/paperwork/{paper}/restore", ("version", "2"))).Location);
        Assert.Equal(1, await MissingAsync(desk, visit));
        Assert.Equal("/settings/paperwork?done=changed", (await admin.PostAsync($"/settings/paperwork/{paper}", ("version", "3"), ("name", "Consent to treat"), ("asked", "months"), ("months", "12"), ("patients", "all"))).Location);
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await admin.PostAsync($"/settings/paperwork/{paper}", ("version", "3"), ("name", "X"), ("asked", "once"), ("patients", "all"))).Status);
        Assert.Equal(("Consent to treat", 12), await desk.Clinic.OneAsync<(string, int)>("select name, months from paper"));
    }

    [Fact]
    public async Task SCH_2_What_is_received_is_told_to_other_screens_and_nothing_of_whose_it_is()
    {
        await using var desk = await SchedulingDesk.OpenAsync();
        var visit = await desk.BookedAsync(Day, "10:00");
        var paper = await AddedAsync(desk, "Privacy notice");
        using var listener = desk.Clinic.The<NewsDesk>().Listen(desk.Clinic.Id);

        var receipt = await ReceivedAsync(desk, $"/api/v1/visits/{visit["id"]}", paper);
        Assert.True(listener.News.TryRead(out var received) && received is { Topic: "calendar", Text: "" });
        await desk.SendAsync($"/api/v1/paper-receipts/{receipt}/taking-back", new { }, null, ClinicRole.FrontDesk);
        Assert.True(listener.News.TryRead(out var taken) && taken is { Topic: "calendar", Text: "" });
    }

    [Fact]
    public async Task A_form_leads_back_to_a_page_of_ours_only_and_the_page_offers_the_way_back()
    {
        await using var desk = await SchedulingDesk.OpenAsync();
        var visit = await desk.BookedAsync(Day, "10:00");
        var (paper, other) = (await AddedAsync(desk, "Privacy notice"), await AddedAsync(desk, "Consent"));
        var browser = new TestBrowser(desk.FrontDesk);
        var to = $"/visits/{visit["id"]}/papers";

        var answer = await browser.PostAsync($"{to}?back=%2F%2Fevil.example", ("paperIds", paper), ("paperIds", other), ("how", "signed"));
        Assert.StartsWith($"/visits/{visit["id"]}?papers=received&of=", answer.Location, StringComparison.Ordinal);
        var undo = System.Text.RegularExpressions.Regex.Match((await browser.OpenAsync(answer.Location!)).Html, "/paper-receipts/taken-back.of=[0-9a-f-]{36}\\.[^\"]*").Value;
        Assert.Equal(0, await MissingAsync(desk, visit));
        Assert.StartsWith($"/visits/{visit["id"]}?papers=taken-back", (await browser.PostAsync(WebUtility.HtmlDecode(undo))).Location, StringComparison.Ordinal);
        Assert.Equal(2, await MissingAsync(desk, visit));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await browser.PostAsync(to, ("how", "signed"))).Status);
        Assert.EndsWith($"#b-{visit["id"]}", (await browser.PostAsync($"{to}?back=%2Fboard", ("paperIds", paper), ("how", "seen"))).Location, StringComparison.Ordinal);
    }

    private static async Task<(int, string?)> RefusedAsync(SchedulingDesk desk, string of, string paper)
    {
        var refused = await desk.SendAsync($"{of}/papers/receipts", new { paperIds = new[] { paper }, how = "signed" }, null, ClinicRole.FrontDesk);
        return (refused.Status, refused.Code);
    }
}
