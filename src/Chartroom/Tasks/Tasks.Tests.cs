using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Chartroom.Platform.Tenancy;
using Chartroom.Scheduling;

namespace Chartroom.Tasks;

public sealed class TasksTests
{
    /// <summary>One row at least in every sealed column of this capability and of outside calendars, for tests that read all there is.</summary>
    internal static async System.Threading.Tasks.Task FillAsync(TestClinic clinic, PatientId patient)
    {
        using var desk = clinic.As(ClinicRole.FrontDesk);
        foreach (var about in new Guid?[] { patient.Value, null })
            Assert.Equal(System.Net.HttpStatusCode.Created, (await desk.PostAsJsonAsync("/api/v1/tasks", new { words = "Call the lab", team = "front_desk", patientId = about })).StatusCode);
        await using var tx = await clinic.The<TenantDb>().BeginAsync(clinic.Actor(ClinicRole.Admin), Permission.BookAppointments, default);
        var (recall, attempt, calendar) = (Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7());
        var key = (await tx.OpenPatientAsync(patient, new("recall.written", "recall", recall), default))!;
        await tx.ExecuteAsync("""
            insert into recall (id, patient_id, visit_type_id, due_on, reason, reason_key_version, state_changed_at, made_by, created_at, updated_at)
            select @recall, @patient, (select id from visit_type order by id limit 1), '2026-09-01', @reason, @version, @now, @me, @now, @now
            """, new { recall, patient, reason = key.Seal("Check the knee", new("recall", "reason", recall)), key.Version, tx.Now, me = tx.Actor.Person }, default);
        await tx.ExecuteAsync("""
            insert into recall_attempt (id, recall_id, patient_id, made_at, made_by, how, outcome, note, note_key_version)
            values (@attempt, @recall, @patient, @now, @me, 'call', 'no_answer', @note, @version)
            """, new { attempt, recall, patient, note = key.Seal("Rang twice", new("recall_attempt", "note", attempt)), key.Version, tx.Now, me = tx.Actor.Person }, default);
        await tx.ExecuteAsync("""
            insert into outside_calendar (id, staff_id, address, address_key_version)
            select @calendar, (select id from staff order by id limit 1), @address, @version
            """, new { calendar, address = tx.SealForClinic("https://calendar.example.com/x.ics", new("outside_calendar", "address", calendar)), version = tx.ClinicKeyVersion }, default);
        await tx.CommitAsync(default);
    }

    private static Task<string> TasksOfAsync(SchedulingDesk desk) => desk.Clinic.OneAsync<string>("""
        select coalesce(string_agg(kind || ' ' || state || coalesce(' for ' || team, ''), ', ' order by created_at, state, id), '') from task
        """);

    [Theory]
    [InlineData("cancellations", """{"reason":"patient_request","by":"patient"}""", "rebook open for front_desk")]
    [InlineData("cancellations", """{"reason":"provider_unavailable","by":"clinic"}""", "rebook open for front_desk")]
    [InlineData("cancellations", """{"reason":"rescheduled","by":"patient"}""", "")]   // has another time already
    [InlineData("cancellations", """{"reason":"booked_in_error","by":"clinic"}""", "")]   // nobody was meant to come
    [InlineData("status", """{"status":"no_show"}""", "rebook open for front_desk")]
    public async System.Threading.Tasks.Task S17_A_lost_visit_makes_one_task_and_undo_takes_it_back(string act, string body, string tasks)
    {
        await using var desk = await SchedulingDesk.OpenAsync();
        var visit = await desk.BookedAsync("2026-03-02", "09:15");
        desk.Clinic.Clock.Advance(TimeSpan.FromMinutes(20));

        var lost = await desk.ChangeAsync(visit, act, JsonNode.Parse(body)!);
        Assert.Equal(200, lost.Status);
        Assert.Equal(tasks, await TasksOfAsync(desk));

        Assert.Equal(200, (await desk.ChangeAsync(lost.Body, "undo", new { })).Status);
        Assert.Equal(tasks.Replace("open", "cancelled", StringComparison.Ordinal), await TasksOfAsync(desk));
    }

    [Fact]
    public async System.Threading.Tasks.Task SCH_8_What_was_for_somebody_who_left_is_every_teams_and_told_so_until_it_is_given_to_somebody()
    {
        await using var desk = await SchedulingDesk.OpenAsync();
        var task = (await desk.SendAsync("/api/v1/tasks", new { words = "Call the lab", assigneeId = desk.Colleague, dueOn = "2026-02-27" }, null, ClinicRole.FrontDesk)).Body;
        async System.Threading.Tasks.Task<int> CountAsync(string view, ClinicRole role) => (await desk.GetAsync($"/api/v1/tasks?view={view}", role))["tasks"]!.AsArray().Count;
        Assert.Equal((0, 0), (await CountAsync("team", ClinicRole.FrontDesk), await CountAsync("overdue", ClinicRole.Admin)));

        await desk.Clinic.RowsAsync<int>("update staff set is_active = false where id = @Colleague", new { desk.Colleague });

        foreach (var role in new[] { ClinicRole.FrontDesk, ClinicRole.Provider, ClinicRole.Admin }) Assert.Equal((1, 1), (await CountAsync("team", role), await CountAsync("overdue", role)));
        using var client = desk.FrontDesk;
        Assert.Contains("has left", await client.GetStringAsync("/tasks?view=team"), StringComparison.Ordinal);
        Assert.True((bool)(await desk.GetAsync("/api/v1/tasks?view=team"))["tasks"]![0]!["hasAssigneeLeft"]!);
        Assert.Equal(200, (await PutAsync(desk, $"/api/v1/tasks/{task["id"]}", new { words = "Call the lab", assigneeId = desk.Provider, dueOn = "2026-02-27" }, (int)task["version"]!)).Status);
        Assert.Equal(0, await CountAsync("team", ClinicRole.FrontDesk));
    }

    [Fact]
    public async System.Threading.Tasks.Task S17_Two_lost_visits_of_a_kind_make_one_task_which_a_booking_does_and_a_booking_in_error_opens_again()
    {
        await using var desk = await SchedulingDesk.OpenAsync();
        var cancelled = new { reason = "patient_request", by = "patient" };
        var first = (await desk.ChangeAsync(await desk.BookedAsync("2026-03-03", "10:00"), "cancellations", cancelled)).Body;
        await desk.ChangeAsync(await desk.BookedAsync("2026-03-04", "10:00"), "cancellations", cancelled);   // the booking of it closed the task, the loss made the next
        Assert.Equal("rebook done for front_desk, rebook open for front_desk", await TasksOfAsync(desk));
        var one = await desk.BookedAsync("2026-03-05", "10:00");
        var other = await desk.BookedAsync("2026-03-06", "10:00");
        await desk.ChangeAsync(one, "cancellations", cancelled);
        await desk.ChangeAsync(other, "cancellations", cancelled);
        Assert.Equal((1L, 2L), await desk.Clinic.OneAsync<(long, long)>("select count(*) filter (where state = 'open'), count(*) filter (where state = 'done') from task"));

        await desk.ChangeAsync(new JsonObject { ["id"] = (string)one["id"]!, ["version"] = 2 }, "undo", new { });   // the task now stands for the other lost visit
        Assert.Equal((string)other["id"]!, await desk.Clinic.OneAsync<string>("select appointment_id::text from task where state = 'open'"));

        var again = await desk.BookedAsync("2026-03-09", "10:00");
        Assert.Equal(0, await desk.Clinic.OneAsync<long>("select count(*) from task where state = 'open'"));
        await desk.ChangeAsync(again, "cancellations", new { reason = "booked_in_error", by = "clinic" });
        Assert.Equal(1, await desk.Clinic.OneAsync<long>("select count(*) from task where state = 'open' and rebooked_as is null"));
        Assert.Equal("cancelled", (string)first["status"]!);
    }

    [Fact]
    public async System.Threading.Tasks.Task A_task_is_written_changed_done_and_opened_again_each_by_its_version_with_sealed_words_and_events()
    {
        await using var desk = await SchedulingDesk.OpenAsync();
        var clinic = desk.Clinic;
        var written = await desk.SendAsync("/api/v1/tasks", new { words = "Ask Jo for the referral", kind = "call_back", team = "front_desk", dueOn = "2026-03-01", patientId = desk.Patient }, null, ClinicRole.Provider);
        Assert.Equal((201, true), (written.Status, (bool)written.Body["isOverdue"]!));
        var path = $"/api/v1/tasks/{written.Body["id"]}";
        Assert.Equal((false, 0L), await clinic.OneAsync<(bool, long)>("select words is null, count(*) filter (where words::text like '%referral%') over () from task"));

        using var program = clinic.As(ClinicRole.FrontDesk);
        var team = (await program.GetFromJsonAsync<JsonObject>("/api/v1/tasks?view=overdue"))!["tasks"]!.AsArray();
        Assert.Equal("Ask Jo for the referral", (string)Assert.Single(team)!["words"]!);
        Assert.Empty((await program.GetFromJsonAsync<JsonObject>("/api/v1/tasks?view=mine"))!["tasks"]!.AsArray());

        var stale = await PutAsync(desk, path, new { words = "Nothing" }, 7);
        Assert.Equal(412, stale.Status);
        var changed = await PutAsync(desk, path, new { words = "Ask the clinic's own lab" }, 1);   // about nobody any more: under the clinic's key
        Assert.Equal((200, 2), (changed.Status, (int)changed.Body["version"]!));
        Assert.True(await clinic.OneAsync<bool>("select words is null and own_words is not null and patient_id is null from task"));

        Assert.Equal(200, (await desk.SendAsync($"{path}/done", new { }, 2, ClinicRole.FrontDesk)).Status);
        Assert.Equal((409, "tasks.closed"), (await desk.SendAsync($"{path}/done", new { }, 3, ClinicRole.FrontDesk)) is { } twice ? (twice.Status, twice.Code) : default);
        Assert.Equal(200, (await desk.SendAsync($"{path}/reopening", new { }, 3, ClinicRole.FrontDesk)).Status);
        Assert.Equal("task.changed task.done task.reopened task.written", await clinic.OneAsync<string>("""
            select string_agg(distinct action, ' ' order by action) from audit_event where outcome = 'done' and action in ('task.written', 'task.changed', 'task.done', 'task.reopened')
            """));
    }

    [Fact]
    public async System.Threading.Tasks.Task What_comes_again_is_written_down_once_and_taken_back_by_undo()
    {
        await using var desk = await SchedulingDesk.OpenAsync();
        var task = (await desk.SendAsync("/api/v1/tasks", new { words = "Check the fridge", dueOn = "2026-02-02", repeatEvery = 1, repeatUnit = "weeks" }, null, ClinicRole.FrontDesk)).Body;
        var done = await desk.SendAsync($"/api/v1/tasks/{task["id"]}/done", new { }, 1, ClinicRole.FrontDesk);

        Assert.Equal((200, "2026-03-09"), (done.Status, (string?)done.Body["nextDueOn"]));   // today is a Monday and has passed
        Assert.Equal(200, (await desk.SendAsync($"/api/v1/tasks/{task["id"]}/reopening", new { }, 2, ClinicRole.FrontDesk)).Status);
        Assert.Equal(200, (await desk.SendAsync($"/api/v1/tasks/{task["id"]}/done", new { }, 3, ClinicRole.FrontDesk)).Status);
        Assert.Equal("done cancelled open", await desk.Clinic.OneAsync<string>("select string_agg(state, ' ' order by due_on, state) from task"));
    }

    [Theory]
    [InlineData("2026-01-31", 1, RepeatUnit.Months, "2026-01-31", "2026-01-31", "2026-02-28")]
    [InlineData("2026-01-31", 1, RepeatUnit.Months, "2026-02-28", "2026-02-28", "2026-03-31")]   // the last of the month stays it
    [InlineData("2026-01-31", 1, RepeatUnit.Months, "2026-02-28", "2026-07-01", "2026-07-31")]   // months late: once, not five times
    [InlineData("2026-03-02", 2, RepeatUnit.Weeks, "2026-03-02", "2026-02-20", "2026-03-16")]   // done before its day
    [InlineData("2026-03-02", 1, RepeatUnit.Days, "2026-03-02", "2026-03-07", "2026-03-08")]   // a night the clocks change
    [InlineData("2026-03-02", 365, RepeatUnit.Days, "2026-03-02", "2026-03-02", "2027-03-02")]
    internal void The_next_day_is_the_first_of_the_series_after_today(string from, int every, RepeatUnit unit, string due, string today, string next) =>
        Assert.Equal(Day(next), TaskDays.Next(Day(from), every, unit, Day(due), Day(today)));

    [Theory]
    [InlineData("""{"words":" "}""", "words")]
    [InlineData("""{"words":"x","repeatEvery":1}""", "dueOn")]
    [InlineData("""{"words":"x","repeatEvery":366,"dueOn":"2026-03-02"}""", "repeatEvery")]
    [InlineData("""{"words":"x","patientId":"00000000-0000-0000-0000-000000000001"}""", "patientId")]
    [InlineData("""{"words":"x","visitId":"00000000-0000-0000-0000-000000000001"}""", "visitId")]
    [InlineData("""{"words":"x","assigneeId":"00000000-0000-0000-0000-000000000001"}""", "assigneeId")]
    public async System.Threading.Tasks.Task What_is_wrong_is_named_and_leaves_nothing(string body, string field)
    {
        await using var desk = await SchedulingDesk.OpenAsync();
        var reply = await desk.SendAsync("/api/v1/tasks", JsonNode.Parse(body)!, null, ClinicRole.FrontDesk);

        Assert.Equal((422, true), (reply.Status, reply.Body["errors"]!.AsObject().ContainsKey(field)));
        Assert.Equal(0, await desk.Clinic.OneAsync<long>("select count(*) from task"));
    }

    private static DateOnly Day(string text) => DateOnly.Parse(text, System.Globalization.CultureInfo.InvariantCulture);

    internal static async Task<Reply> PutAsync(SchedulingDesk desk, string path, object body, int version)
    {
        using var client = desk.Clinic.As(ClinicRole.FrontDesk);
        using var request = new HttpRequestMessage(HttpMethod.Put, path) { Content = JsonContent.Create(body) };
        request.Headers.TryAddWithoutValidation("If-Match", $"\"{version}\"");
        using var response = await client.SendAsync(request);
        return new((int)response.StatusCode, System.Text.Json.JsonSerializer.Deserialize<JsonObject>(await response.Content.ReadAsStringAsync())!);
    }
}
