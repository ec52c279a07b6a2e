using Chartroom.Journeys;
using Chartroom.Scheduling;
using Microsoft.Playwright;

namespace Chartroom.Keys;

public sealed class DestroyPatientJourneyTests(Browser browser) : IClassFixture<Browser>
{
    [Theory]
    [InlineData(Browser.DeskWidth), InlineData(Browser.PhoneWidth)]
    public async Task CHT_5_The_desk_asks_that_a_record_end_for_good_and_an_administrator_confirms_it(int width)
    {
        await using var desk = await SchedulingDesk.OpenAsync(isOnTheNet: true);
        var patient = await desk.AdmitAsync("Wilma", "Wrongly");
        var mrn = $"{await desk.Clinic.OneAsync<long>("select mrn from patient where id = @patient", new { patient = patient.Value })}";
        await using (var front = await browser.OpenAsync(desk.Clinic.Address, width))
        {
            await front.SignInAsync(desk.Clinic, ClinicRole.FrontDesk);
            await front.LookAtAsync($"/patients/{patient}/put-away");
            await front.Page.GetByLabel("Why").SelectOptionAsync("to_be_destroyed");
            await front.FollowAsync(() => front.Page.Locator("#put-patient-away button").ClickAsync(), "/patients?patient=away**");
            await front.LookAtAsync($"/patients/{patient}");
            await front.PictureAsync($"destroy-patient-away-{width}");
            await front.FollowAsync(() => front.Page.GetByRole(AriaRole.Link, new() { Name = "Destroy for good" }).ClickAsync(), "/destruction");
            await front.IsFineAsync();
            await front.Page.GetByLabel("Why").SelectOptionAsync("PatientRequest");
            await front.Page.GetByLabel("Record number").FillAsync("1");
            await front.Page.Locator("#ask-destruction .btn-danger").ClickAsync();
            await Assertions.Expect(front.Page.Locator(".field-error")).ToHaveCountAsync(1);
            await front.IsFineAsync();
            await front.PictureAsync($"destroy-ask-{width}");
            await front.Page.GetByLabel("Record number").FillAsync(mrn);
            await front.Page.Locator("#ask-destruction .btn-danger").ClickAsync();
            await Assertions.Expect(front.Page.GetByText("It waits for another person")).ToBeVisibleAsync();
            await front.IsFineAsync();
            await front.PictureAsync($"destroy-asked-{width}");
        }

        await using var admin = await browser.OpenAsync(desk.Clinic.Address, width);
        await admin.SignInAsync(desk.Clinic, ClinicRole.Admin);
        await admin.LookAtAsync("/settings/destruction");
        await admin.PictureAsync($"destroy-list-{width}");
        await admin.FollowAsync(() => admin.Page.GetByRole(AriaRole.Link, new() { Name = "Wilma Wrongly" }).ClickAsync(), "/destruction");
        await admin.IsFineAsync();
        await admin.PictureAsync($"destroy-confirm-{width}");
        await admin.Page.GetByLabel("Record number").FillAsync(mrn);
        await admin.FollowAsync(() => admin.Page.Locator("#confirm-destruction .btn-danger").ClickAsync(), "/settings/destruction?done=true");
        await Assertions.Expect(admin.Page.GetByText("Destroyed record")).ToBeVisibleAsync();
        await admin.IsFineAsync();
        await admin.PictureAsync($"destroy-done-{width}");
    }
}
