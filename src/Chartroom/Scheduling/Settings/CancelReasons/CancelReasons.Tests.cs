using System.Net;
using Npgsql;

namespace Chartroom.Scheduling;

public sealed class CancelReasonsTests
{
    [Fact]
    public async Task S16_A_clinics_own_reason_is_chosen_by_the_desk_and_stays_readable_when_it_is_not_offered_any_more()
    {
        await using var desk = await SchedulingDesk.OpenAsync();
        var (admin, browser) = (new TestBrowser(desk.Clinic.As(ClinicRole.Admin)), new TestBrowser(desk.FrontDesk));
        var visit = await desk.BookedAsync("2026-03-03", "10:00");
        var other = await desk.BookedAsync("2026-03-03", "11:00");

        Assert.Equal("/settings/cancel-reasons?saved=true", (await admin.PostAsync("/settings/cancel-reasons", ("name", "No ride"), ("usedBy", "staff"), ("place", "1"))).Location);
        Assert.Equal(HttpStatusCode.Conflict, (await admin.PostAsync("/settings/cancel-reasons", ("name", "no RIDE"), ("usedBy", "both"), ("place", "2"))).Status);
        Assert.Matches("name=\"reason\"[^>]*>\\s*<option value=\"no_ride\"", (await browser.OpenAsync($"/visits/{visit["id"]}")).Html);   // the first of the list
        Assert.Contains("[\"no_ride\",\"No ride\"]", (await browser.OpenAsync("/day?date=2026-03-03")).Html, StringComparison.Ordinal);

        var cancelled = await desk.ChangeAsync(visit, "cancellations", new { reason = "no_ride", by = "patient" });
        Assert.Equal((200, "no_ride"), (cancelled.Status, (string)cancelled.Body["cancelReason"]!));
        await admin.PostAsync("/settings/cancel-reasons/no_ride", ("version", "1"), ("name", "No way to come"), ("usedBy", "staff"), ("place", "1"), ("isActive", "false"));
        Assert.Contains("No way to come", (await browser.OpenAsync($"/visits/{visit["id"]}")).Html, StringComparison.Ordinal);
        Assert.DoesNotContain("no_ride", (await browser.OpenAsync($"/visits/{other["id"]}")).Html, StringComparison.Ordinal);
        var refused = await desk.ChangeAsync(other, "cancellations", new { reason = "no_ride", by = "patient" });
        Assert.Equal((422, "scheduling.unknown-cancel-reason"), (refused.Status, refused.Code));
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await admin.PostAsync("/settings/cancel-reasons/no_ride", ("version", "1"), ("name", "X"), ("usedBy", "staff"), ("place", "1"))).Status);
        Assert.Equal(1, await desk.Clinic.OneAsync<long>("select count(*) from appointment where status = 'cancelled'"));
    }

    [Theory]
    [InlineData("cannot_come")]   // a patient's
    [InlineData("hold_ended")]   // the program's
    [InlineData("no_such")]
    [InlineData("")]
    public async Task S16_The_desk_gives_no_reason_but_those_of_staff(string reason)
    {
        await using var desk = await SchedulingDesk.OpenAsync();
        var visit = await desk.BookedAsync("2026-03-03", "10:00");
        Assert.Equal("scheduling.unknown-cancel-reason", (await desk.ChangeAsync(visit, "cancellations", new { reason, by = "clinic" })).Code);
        Assert.Equal(("booked", 1), await desk.Clinic.OneAsync<(string, int)>("select status, version from appointment"));
    }

    [Fact]
    public async Task S16_The_database_keeps_no_reason_that_is_not_in_the_list_and_staff_are_left_one()
    {
        await using var desk = await SchedulingDesk.OpenAsync();
        await desk.BookedAsync("2026-03-03", "10:00");

        var error = await Assert.ThrowsAsync<PostgresException>(() =>
            desk.Clinic.RowsAsync<int>("update appointment set status = 'cancelled', cancel_reason = 'made_up', cancelled_by = 'clinic', is_late_cancel = false"));
        Assert.Equal("appointment_cancel_reason_fkey", error.ConstraintName);
        await desk.Clinic.RowsAsync<int>("update cancel_reason set is_active = false where used_by = 'staff'");
        var admin = new TestBrowser(desk.Clinic.As(ClinicRole.Admin));
        Assert.Equal(HttpStatusCode.Conflict, (await admin.PostAsync("/settings/cancel-reasons/other", ("version", "1"), ("name", "Other"), ("usedBy", "patient"), ("place", "90"), ("isActive", "true"))).Status);
        Assert.Equal("both", await desk.Clinic.OneAsync<string>("select used_by from cancel_reason where code = 'other'"));
        Assert.Equal(HttpStatusCode.NotFound, (await admin.OpenAsync("/settings/cancel-reasons/hold_ended")).Status);
    }

    [Theory]
    [InlineData("No ride", "no_ride")]
    [InlineData("  2 late!  ", "reason_2_late")]
    [InlineData("Ø", "reason")]
    [InlineData("Other", "other_2")]   // taken
    public void A_code_is_a_word_made_of_the_name(string name, string code) => Assert.Equal(code, CancelReasonBook.CodeOf(name, new HashSet<string> { "other" }));
}
