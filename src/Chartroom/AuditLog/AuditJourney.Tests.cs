using Chartroom.Journeys;
using Chartroom.Scheduling;
using Microsoft.Playwright;

namespace Chartroom.AuditLog;

public sealed class AuditJourneyTests(Browser browser) : IClassFixture<Browser>
{
    [Theory]
    [InlineData(Browser.DeskWidth), InlineData(Browser.PhoneWidth)]
    public async Task AUD_5_The_accounting_is_one_click_from_the_patient_and_the_log_is_verified_at_a_button(int width)
    {
        await using var desk = await SchedulingDesk.OpenAsync(isOnTheNet: true);
        await using var visitor = await browser.OpenAsync(desk.Clinic.Address, width);
        await visitor.SignInAsync(desk.Clinic, ClinicRole.Admin);

        await visitor.LookAtAsync($"/patients/{desk.Patient}");
        await visitor.FollowAsync(() => visitor.Page.GetByRole(AriaRole.Link, new() { Name = "Disclosures" }).ClickAsync(), $"/patients/{desk.Patient}/disclosures");
        await visitor.IsFineAsync();
        await visitor.PictureAsync($"disclosures-{width}");
        await visitor.FollowAsync(() => visitor.Page.GetByRole(AriaRole.Link, new() { Name = "Payment" }).ClickAsync(), "/disclosures?purpose=payment");
        await Assertions.Expect(visitor.Page.GetByText("Account: read")).ToBeVisibleAsync();   // the patient's page tells what is owed
        await visitor.FollowAsync(() => visitor.Page.GetByRole(AriaRole.Link, new() { Name = "Everything else" }).ClickAsync(), "/disclosures?purpose=other");
        await Assertions.Expect(visitor.Page.GetByText("Nothing of that kind")).ToBeVisibleAsync();
        await visitor.IsFineAsync();

        await visitor.LookAtAsync("/settings/audit");
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Verify now" }).ClickAsync();
        await Assertions.Expect(visitor.Page.GetByText("Last verified")).ToBeVisibleAsync();
        await visitor.IsFineAsync();
        await visitor.PictureAsync($"audit-log-{width}");
    }
}
