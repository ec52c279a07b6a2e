namespace Chartroom.Scheduling;

public sealed class MoveAppointmentTests
{
    [Fact]
    public async Task A_moved_visit_frees_its_old_time_and_keeps_how_it_was()
    {
        await using var desk = await SchedulingDesk.OpenAsync();
        var visit = await desk.BookedAsync("2026-03-03", "10:00");

        var moved = await desk.ChangeAsync(visit, "moves", new { day = "2026-03-04", at = "11:15", providerId = desk.Colleague, roomId = desk.Room });

        Assert.Equal((200, 2, "2026-03-04", "11:15:00", 30),
            (moved.Status, (int)moved.Body["version"]!, (string)moved.Body["day"]!, (string)moved.Body["at"]!, (int)moved.Body["minutes"]!));
        Assert.Equal(201, (await desk.BookAsync(desk.Ask("2026-03-03", "10:00"))).Status);
        Assert.Equal([(1, "booked", 10, "api", "front_desk"), (2, "moved", 11, "api", "front_desk")], await desk.Clinic.RowsAsync<(int, string, int, string, string)>("""
            select version, act, extract(hour from local_start)::int, door, role from appointment_move where appointment_id = @id order by version
            """, new { id = Guid.Parse((string)visit["id"]!) }));
    }

    [Fact]
    public async Task Nobody_is_moved_onto_somebody_else_and_the_visit_stays_as_it_was()
    {
        await using var desk = await SchedulingDesk.OpenAsync();
        await desk.BookedAsync("2026-03-03", "10:00");
        var visit = await desk.BookedAsync("2026-03-03", "11:00");

        Assert.Equal("scheduling.slot-taken", (await desk.ChangeAsync(visit, "moves", new { at = "10:29" })).Code);
        Assert.Equal(200, (await desk.ChangeAsync(visit, "moves", new { at = "10:30" })).Status);
    }

    [Fact]
    public async Task Ten_visits_race_for_one_time_and_one_gets_it()
    {
        await using var desk = await SchedulingDesk.OpenAsync();
        var visits = new List<System.Text.Json.Nodes.JsonObject>();
        for (var hour = 8; hour < 13; hour++) visits.Add(await desk.BookedAsync("2026-03-03", $"{hour:00}:00"));
        for (var hour = 8; hour < 13; hour++) visits.Add(await desk.BookedAsync("2026-03-04", $"{hour:00}:00"));

        var replies = await Task.WhenAll(visits.Select(visit => desk.ChangeAsync(visit, "moves", new { day = "2026-03-05", at = "14:00" })));

        Assert.Equal(1, replies.Count(reply => reply.Status == 200));
        Assert.Equal(9, replies.Count(reply => reply.Code == "scheduling.slot-taken"));
    }

    [Fact]
    public async Task Whoever_saw_an_older_version_is_told_what_has_changed()
    {
        await using var desk = await SchedulingDesk.OpenAsync();
        var visit = await desk.BookedAsync("2026-03-03", "10:00");
        await desk.ChangeAsync(visit, "moves", new { at = "11:00" });

        var stale = await desk.ChangeAsync(visit, "moves", new { at = "12:00" });

        Assert.Equal((412, "platform.stale-version", 2, "[\"time\"]"),
            (stale.Status, stale.Code, (int)stale.Body["currentVersion"]!, stale.Body["changed"]!.ToJsonString()));
        Assert.Equal(428, (await desk.SendAsync($"/api/v1/appointments/{visit["id"]}/moves", new { at = "12:00" }, null, ClinicRole.FrontDesk)).Status);
    }

    [Theory]
    [InlineData("{}", 422, "scheduling.nothing-to-move")]
    [InlineData("""{"at":"08:59","day":"2026-03-02"}""", 422, "scheduling.in-the-past")]
    [InlineData("""{"day":"2026-03-08","at":"02:30"}""", 422, "scheduling.no-such-time")]
    [InlineData("""{"day":"2026-11-01","at":"01:30"}""", 422, "scheduling.doubled-time")]
    [InlineData("""{"minutes":481}""", 422, "scheduling.bad-length")]
    [InlineData("""{"at":"07:00"}""", 409, "scheduling.outside-hours")]
    [InlineData("""{"roomId":"019a0000-0000-7000-8000-000000000001"}""", 422, "scheduling.unknown-room")]
    [InlineData("""{"providerId":"019a0000-0000-7000-8000-000000000001"}""", 422, "scheduling.unknown-provider")]
    public async Task What_may_not_be_moved_there_stays(string body, int status, string code)
    {
        await using var desk = await SchedulingDesk.OpenAsync();
        var visit = await desk.BookedAsync("2026-03-03", "10:00");

        var reply = await desk.ChangeAsync(visit, "moves", System.Text.Json.Nodes.JsonNode.Parse(body)!);

        Assert.Equal((status, code), (reply.Status, reply.Code));
        Assert.Equal((1, 1, 1), await desk.CountsAsync());
    }

    [Fact]
    public async Task A_confirmed_visit_at_a_new_time_is_booked_again_and_one_whose_patient_has_come_keeps_its_time()
    {
        await using var desk = await SchedulingDesk.OpenAsync();
        var visit = await desk.BookedAsync("2026-03-02", "10:00");
        var confirmed = await desk.ChangeAsync(visit, "status", new { status = "confirmed" });

        var moved = await desk.ChangeAsync(confirmed.Body, "moves", new { at = "10:30" });
        var arrived = await desk.ChangeAsync(moved.Body, "status", new { status = "arrived" });

        Assert.Equal("booked", (string)moved.Body["status"]!);
        Assert.Equal("scheduling.time-is-fixed", (await desk.ChangeAsync(arrived.Body, "moves", new { at = "11:00" })).Code);
        Assert.Equal((200, "arrived"), (await desk.ChangeAsync(arrived.Body, "moves", new { providerId = desk.Colleague })) is { } reply
            ? (reply.Status, (string)reply.Body["status"]!) : default);
    }

    [Fact]
    public async Task A_visit_at_the_later_of_two_equal_times_stays_there_when_only_its_length_changes()
    {
        await using var desk = await SchedulingDesk.OpenAsync();
        var ask = desk.Ask("2026-11-01", "01:30");
        (ask["which"], ask["isConfirmed"]) = ("later", true);
        var visit = (await desk.BookAsync(ask)).Body;

        var moved = await desk.ChangeAsync(visit, "moves", new { minutes = 45, isConfirmed = true });

        Assert.Equal(((string)visit["startsAt"]!, 45), ((string)moved.Body["startsAt"]!, (int)moved.Body["minutes"]!));
    }

    [Fact]
    public async Task SCH_1_A_visit_of_the_wrong_type_is_put_right_where_it_stands_with_the_buffers_of_that_type_and_taken_back_step_by_step()
    {
        await using var desk = await SchedulingDesk.OpenAsync();
        var (injection, old) = (VisitTypeId.New(), VisitTypeId.New());
        await desk.Clinic.RowsAsync<int>("insert into visit_type (id, name, minutes, color, buffer_after) values (@injection, 'Injection', 10, 'blue', 15)", new { injection });
        await desk.Clinic.RowsAsync<int>("insert into visit_type (id, name, minutes, color, is_active) values (@old, 'Of last year', 10, 'blue', false)", new { old });
        var visit = await desk.BookedAsync("2026-03-03", "10:00");

        Assert.Equal((422, "scheduling.unknown-visit-type"), await desk.ChangeAsync(visit, "moves", new { visitTypeId = old }) is var refused ? (refused.Status, refused.Code) : default);
        var changed = (await desk.ChangeAsync(visit, "moves", new { visitTypeId = injection })).Body;
        Assert.Equal((injection.ToString(), "10:00:00", 30, 2), ((string)changed["visitTypeId"]!, (string)changed["at"]!, (int)changed["minutes"]!, (int)changed["version"]!));
        Assert.Equal("scheduling.slot-taken", (await desk.BookAsync(desk.Ask("2026-03-03", "10:40", 10))).Code);   // kept free after an injection
        var moved = (await desk.ChangeAsync(changed, "moves", new { at = "11:00", minutes = 10 })).Body;
        Assert.Equal("[\"time\",\"visit type\"]", (await desk.ChangeAsync(visit, "moves", new { at = "12:00" })).Body["changed"]!.ToJsonString());
        var page = await desk.FrontDesk.GetStringAsync($"/visits/{visit["id"]}");
        Assert.Contains("Injection: ", page, StringComparison.Ordinal);

        var back = (await desk.ChangeAsync(moved, "undo", new { })).Body;
        Assert.Equal((injection.ToString(), "10:00:00"), ((string)back["visitTypeId"]!, (string)back["at"]!));
        back = (await desk.ChangeAsync(back, "undo", new { })).Body;
        Assert.Equal((desk.VisitType.ToString(), "10:00:00", 5), ((string)back["visitTypeId"]!, (string)back["at"]!, (int)back["version"]!));
        Assert.Equal(201, (await desk.BookAsync(desk.Ask("2026-03-03", "10:40", 10))).Status);
        Assert.Contains("Undone, back to Follow-up", await desk.FrontDesk.GetStringAsync($"/visits/{visit["id"]}"), StringComparison.Ordinal);
    }
}
