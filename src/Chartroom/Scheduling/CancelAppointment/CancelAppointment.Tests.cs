namespace Chartroom.Scheduling;

public sealed class CancelAppointmentTests
{
    [Theory]   // now is 9:00 on March 2; late is less than 24 hours, and only the patient's doing
    [InlineData("2026-03-03", "08:59", "patient_request", "patient", true)]
    [InlineData("2026-03-03", "09:00", "patient_request", "patient", false)]
    [InlineData("2026-03-02", "10:00", "provider_unavailable", "clinic", false)]
    public async Task A_cancelled_visit_frees_its_time_and_says_why_who_and_whether_late(string day, string at, string reason, string by, bool isLate)
    {
        await using var desk = await SchedulingDesk.OpenAsync();
        var visit = await desk.BookedAsync(day, at);

        var cancelled = await desk.ChangeAsync(visit, "cancellations", new { reason, by });

        Assert.Equal((200, "cancelled", reason, by, isLate), (cancelled.Status, (string)cancelled.Body["status"]!, (string)cancelled.Body["cancelReason"]!,
            (string)cancelled.Body["cancelledBy"]!, (bool)cancelled.Body["isLateCancel"]!));
        await desk.BookedAsync(day, at);
    }

    [Fact]
    public async Task What_is_cancelled_is_not_cancelled_again_and_not_moved_and_a_reason_is_needed()
    {
        await using var desk = await SchedulingDesk.OpenAsync();
        var visit = await desk.BookedAsync("2026-03-03", "10:00");

        Assert.Equal("scheduling.cancel-has-reason", (await desk.ChangeAsync(visit, "status", new { status = "cancelled" })).Code);
        var cancelled = (await desk.ChangeAsync(visit, "cancellations", new { reason = "other", by = "clinic" })).Body;
        Assert.Equal("scheduling.no-such-move", (await desk.ChangeAsync(cancelled, "cancellations", new { reason = "other", by = "clinic" })).Code);
        Assert.Equal("scheduling.closed", (await desk.ChangeAsync(cancelled, "moves", new { at = "11:00" })).Code);
        Assert.Equal((1, 2, 2), await desk.CountsAsync());
    }
}
