using Chartroom.Journeys;
using Chartroom.Scheduling;
using Microsoft.Playwright;

namespace Chartroom.Tasks;

public sealed class TasksJourneyTests(Browser browser) : IClassFixture<Browser>
{
    [Theory]
    [InlineData(Browser.DeskWidth), InlineData(Browser.PhoneWidth)]
    public async System.Threading.Tasks.Task Tasks_are_written_down_and_worked_off_by_keys_and_a_cancelled_visit_is_among_them(int width)
    {
        await using var desk = await SchedulingDesk.OpenAsync(isOnTheNet: true);
        var visit = await desk.BookedAsync("2026-03-03", "10:00");
        await desk.ChangeAsync(visit, "cancellations", new { reason = "patient_request", by = "patient" });
        foreach (var ask in new object[]
        {
            new { words = "Order gloves, the small ones", dueOn = "2026-02-27", team = "front_desk", priority = "high" },
            new { words = "Send Jo the form for the school", kind = "paperwork", patientId = desk.Patient, dueOn = "2026-03-02", team = "front_desk" },
            new { words = "Check the vaccine fridge", dueOn = "2026-03-04", team = "front_desk", repeatEvery = 1, repeatUnit = "weeks" },
        })
            Assert.Equal(201, (await desk.SendAsync("/api/v1/tasks", ask, null, ClinicRole.Provider)).Status);
        await using var visitor = await browser.OpenAsync(desk.Clinic.Address, width);
        await visitor.SignInAsync(desk.Clinic, ClinicRole.FrontDesk);
        var page = visitor.Page;
        await visitor.LookAtAsync("/tasks");
        await visitor.PictureAsync($"tasks-empty-{width}");

        await visitor.LookAtAsync("/tasks?view=team");
        await visitor.PictureAsync($"tasks-{width}");
        await page.GetByPlaceholder("What is to be done").FillAsync("Ring the carpenter");
        await visitor.FollowAsync(() => page.Keyboard.PressAsync("Enter"), "/tasks?view=mine&done=written");
        Assert.Contains("Ring the carpenter", await page.Locator(".task-rows").InnerTextAsync(), StringComparison.Ordinal);

        await page.GotoAsync("/tasks?view=team");
        await page.Locator("h1").ClickAsync();
        await page.Keyboard.PressAsync("j");
        await page.Keyboard.PressAsync("j");
        Assert.Contains("school", await page.EvaluateAsync<string>("document.activeElement.textContent"), StringComparison.Ordinal);
        await page.Keyboard.PressAsync("e");
        await page.GetByLabel("What is to be done?").Last.WaitForAsync();
        await visitor.IsFineAsync();
        await visitor.PictureAsync($"task-{width}");
        await page.Keyboard.PressAsync("Escape");
        await page.Locator("#panel-dialog:not([open])").WaitForAsync(new() { State = WaitForSelectorState.Attached });
        await page.Locator(".task-row").First.FocusAsync();
        await visitor.FollowAsync(() => page.Keyboard.PressAsync("x"), "/tasks?view=team&done=done**");
        await visitor.PictureAsync($"task-done-{width}");
        await visitor.FollowAsync(() => page.Locator(".toast-undo").ClickAsync(), "/tasks?done=reopen**");
        Assert.Equal(5, await desk.Clinic.OneAsync<long>("select count(*) from task where state = 'open'"));

        await visitor.LookAtAsync($"/patients/{desk.Patient}");
        await visitor.PictureAsync($"tasks-of-patient-{width}");
        await visitor.LookAtAsync($"/visits/{visit["id"]}");
        await visitor.LookAtAsync($"/tasks/new?patient={desk.Patient}");
    }
}
