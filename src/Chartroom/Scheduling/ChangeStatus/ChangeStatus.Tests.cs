namespace Chartroom.Scheduling;

public sealed class ChangeStatusTests
{
    [Fact]
    public async Task A_visit_goes_its_whole_way_and_each_step_is_kept_with_who_and_from_where()
    {
        await using var desk = await SchedulingDesk.OpenAsync();
        var visit = await desk.BookedAsync("2026-03-02", "10:00");
        (string, ClinicRole)[] way = [("confirmed", ClinicRole.FrontDesk), ("arrived", ClinicRole.FrontDesk), ("roomed", ClinicRole.FrontDesk),
            ("in_progress", ClinicRole.Provider), ("ready_for_checkout", ClinicRole.Provider), ("completed", ClinicRole.FrontDesk)];

        foreach (var (status, role) in way)
        {
            var reply = await desk.ChangeAsync(visit, "status", status == "roomed" ? new { status, roomId = desk.Room } : (object)new { status }, role);
            Assert.Equal((200, status), (reply.Status, (string?)reply.Body["status"]));
            visit = reply.Body;
        }

        Assert.Equal(desk.Room.ToString(), (string)visit["roomId"]!);
        Assert.Equal("front_desk:booked front_desk:confirmed front_desk:arrived front_desk:roomed provider:in_progress provider:ready_for_checkout front_desk:completed",
            await desk.Clinic.OneAsync<string>("select string_agg(role || ':' || status, ' ' order by version) from appointment_move"));
    }

    [Fact]
    public async Task The_desk_does_not_start_a_visit()
    {
        await using var desk = await SchedulingDesk.OpenAsync();
        var visit = await desk.BookedAsync("2026-03-02", "10:00");
        var arrived = await desk.ChangeAsync(visit, "status", new { status = "arrived" });

        Assert.Equal((403, "scheduling.not-your-move"), (await desk.ChangeAsync(arrived.Body, "status", new { status = "in_progress" })) is { } reply
            ? (reply.Status, reply.Code) : default);
        Assert.Equal((1, 2, 2), await desk.CountsAsync());
    }

    [Fact]
    public async Task Another_clinics_visit_is_as_unknown_as_one_that_never_was()
    {
        await using var desk = await SchedulingDesk.OpenAsync();
        await using var other = await SchedulingDesk.OpenAsync();
        var visit = await desk.BookedAsync("2026-03-02", "10:00");

        Assert.Equal((404, "scheduling.unknown-visit"), (await other.ChangeAsync(visit, "status", new { status = "arrived" })) is { } reply
            ? (reply.Status, reply.Code) : default);
    }
}
