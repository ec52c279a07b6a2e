using Chartroom.Journeys;
using Chartroom.Scheduling;

namespace Chartroom.Patients;

public sealed class PutAwayJourneyTests(Browser browser) : IClassFixture<Browser>
{
    [Theory]
    [InlineData(Browser.DeskWidth), InlineData(Browser.PhoneWidth)]
    public async Task CHT_5_A_patient_is_put_away_undone_put_away_again_and_brought_back_from_the_list(int width)
    {
        await using var desk = await SchedulingDesk.OpenAsync(isOnTheNet: true);
        var patient = await desk.AdmitAsync("Wilma", "Wrongly");
        await using var visitor = await browser.OpenAsync(desk.Clinic.Address, width);
        await visitor.SignInAsync(desk.Clinic, ClinicRole.FrontDesk);
        var page = visitor.Page;
        await visitor.LookAtAsync("/patients?away=true");
        await visitor.PictureAsync($"away-nobody-{width}");
        await visitor.LookAtAsync($"/patients/{patient}/edit");
        await visitor.PictureAsync($"away-edit-{width}");

        foreach (var isUndone in new[] { true, false })
        {
            await visitor.LookAtAsync($"/patients/{patient}/put-away");
            await page.GetByLabel("Why").SelectOptionAsync("duplicate");
            await visitor.PictureAsync($"away-form-{width}");
            await visitor.FollowAsync(() => page.Locator("#put-patient-away button").ClickAsync(), "/patients?patient=away**");
            await visitor.IsFineAsync();
            await visitor.PictureAsync($"away-done-{width}");
            if (isUndone) await visitor.FollowAsync(() => page.Locator(".toast-undo").ClickAsync(), $"/patients/{patient}?patient=restored");
        }

        await visitor.LookAtAsync("/patients?away=true");
        await visitor.PictureAsync($"away-list-{width}");
        await visitor.LookAtAsync($"/patients/{patient}");
        await visitor.PictureAsync($"away-patient-{width}");
        await visitor.FollowAsync(() => page.Locator("#restore-patient button").ClickAsync(), $"/patients/{patient}?patient=restored");
        Assert.True(await desk.Clinic.OneAsync<bool>("select is_here from patient where id = @patient", new { patient = patient.Value }));
    }
}
