using System.Text.Json.Nodes;

namespace Chartroom.Scheduling;

public sealed class UndoMoveTests
{
    private static readonly string[] Restored = ["status", "startsAt", "endsAt", "day", "at", "timeZone", "providerId", "locationId", "roomId", "statusChangedAt", "cancelReason"];

    private static string StateOf(JsonObject visit) => string.Join('|', Restored.Select(name => visit[name]?.ToJsonString()));

    [Fact]
    public async Task Every_move_is_undone_exactly_back_to_the_booking_and_that_too()
    {
        await using var desk = await SchedulingDesk.OpenAsync();
        var states = new Stack<JsonObject>();
        var visit = await desk.BookedAsync("2026-03-02", "10:00");
        foreach (var (act, body) in new (string, object)[]
        {
            ("status", new { status = "confirmed" }), ("moves", new { at = "10:30", providerId = desk.Colleague }), ("status", new { status = "arrived" }),
            ("status", new { status = "roomed", roomId = desk.Room }), ("status", new { status = "left_without_being_seen" }),
        })
        {
            states.Push(visit);
            desk.Clinic.Clock.Advance(TimeSpan.FromMinutes(1));
            visit = (await desk.ChangeAsync(visit, act, body)).Body;
        }

        while (states.TryPop(out var before))
        {
            visit = (await desk.ChangeAsync(visit, "undo", new { })).Body;
            Assert.Equal(StateOf(before), StateOf(visit));
        }
        visit = (await desk.ChangeAsync(visit, "undo", new { })).Body;
        Assert.Equal(("cancelled", "booked_in_error"), ((string)visit["status"]!, (string)visit["cancelReason"]!));
        Assert.Equal("scheduling.nothing-to-undo", (await desk.ChangeAsync(visit, "undo", new { })).Code);
        Assert.Equal((1, 12, 12), await desk.CountsAsync());
    }

    [Fact]
    public async Task A_cancellation_is_not_undone_once_the_time_is_somebody_elses()
    {
        await using var desk = await SchedulingDesk.OpenAsync();
        var visit = await desk.BookedAsync("2026-03-03", "10:00");
        var cancelled = (await desk.ChangeAsync(visit, "cancellations", new { reason = "patient_request", by = "patient" })).Body;
        await desk.BookedAsync("2026-03-03", "10:15");

        Assert.Equal((409, "scheduling.slot-taken"), (await desk.ChangeAsync(cancelled, "undo", new { })) is { } reply ? (reply.Status, reply.Code) : default);
        Assert.Equal("cancelled", (string)(await desk.GetAsync($"/api/v1/appointments/{visit["id"]}"))["status"]!);
    }

    [Fact]
    public async Task The_desk_does_not_undo_what_only_a_provider_does()
    {
        await using var desk = await SchedulingDesk.OpenAsync();
        var visit = await desk.BookedAsync("2026-03-02", "10:00");
        var arrived = (await desk.ChangeAsync(visit, "status", new { status = "arrived" })).Body;
        var started = (await desk.ChangeAsync(arrived, "status", new { status = "in_progress" }, ClinicRole.Provider)).Body;

        Assert.Equal("scheduling.not-your-move", (await desk.ChangeAsync(started, "undo", new { })).Code);
        Assert.Equal("arrived", (string)(await desk.ChangeAsync(started, "undo", new { }, ClinicRole.Provider)).Body["status"]!);
    }

    [Theory]
    [InlineData(1), InlineData(2), InlineData(3)]
    public async Task Whatever_is_booked_moved_cancelled_and_undone_no_two_live_visits_overlap_and_history_has_no_gap(int seed)
    {
        await using var desk = await SchedulingDesk.OpenAsync();
        var random = new Random(seed);
        var visits = new List<JsonObject>();
        string At() => $"{random.Next(8, 12):00}:{random.Next(0, 4) * 15:00}";
        for (var step = 0; step < 60; step++)
        {
            var at = visits.Count > 0 ? random.Next(visits.Count) : -1;
            var reply = random.Next(visits.Count < 3 ? 1 : 6) switch
            {
                0 => await desk.BookAsync(desk.Ask("2026-03-03", At(), random.Next(1, 5) * 15)),
                1 => await desk.ChangeAsync(visits[at], "moves", new { at = At(), roomId = random.Next(2) == 0 ? desk.Room : (RoomId?)null, isConfirmed = true }),
                2 => await desk.ChangeAsync(visits[at], "moves", new { providerId = random.Next(2) == 0 ? desk.Provider : desk.Colleague }),
                3 => await desk.ChangeAsync(visits[at], "cancellations", new { reason = "other", by = "clinic" }),
                _ => await desk.ChangeAsync(visits[at], "undo", new { }),
            };
            Assert.True(reply.Status is 200 or 201 or 409 or 422, $"step {step}: {reply.Status} {reply.Code}");
            if (reply.Status == 201) visits.Add(reply.Body);
            if (reply.Status == 200) visits[at] = reply.Body;
            Assert.Empty(await desk.Clinic.RowsAsync<Guid>(Broken));
        }
        Assert.NotEmpty(visits);
    }

    private const string Broken = """
        select one.id
        from appointment as one
        join appointment as other on other.id <> one.id and tstzrange(one.starts_at, one.ends_at) && tstzrange(other.starts_at, other.ends_at)
            and (one.provider_id = other.provider_id or one.room_id = other.room_id)
        where one.status not in ('cancelled', 'no_show', 'left_without_being_seen') and other.status not in ('cancelled', 'no_show', 'left_without_being_seen')
        union all
        select appointment.id
        from appointment
        where appointment.version <> (select count(*) from appointment_move where appointment_id = appointment.id)
            or not exists (select from appointment_move as move where move.appointment_id = appointment.id and move.version = appointment.version
                and (move.status, move.starts_at, move.ends_at, move.provider_id) = (appointment.status, appointment.starts_at, appointment.ends_at, appointment.provider_id))
        """;
}
