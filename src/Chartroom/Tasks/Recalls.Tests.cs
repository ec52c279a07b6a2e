using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Chartroom.Journeys;
using Chartroom.Scheduling;

namespace Chartroom.Tasks;

public sealed class RecallsTests(Browser browser) : IClassFixture<Browser>
{
    private static async Task<JsonObject> WrittenAsync(SchedulingDesk desk, string dueOn, bool isMonth = false)
    {
        var reply = await desk.SendAsync("/api/v1/recalls", new { patientId = desk.Patient, visitTypeId = desk.VisitType, dueOn, isMonth, providerId = desk.Provider, reason = "Yearly look at the knee" }, null, ClinicRole.FrontDesk);
        Assert.Equal((201, null), (reply.Status, reply.Code));
        return reply.Body;
    }

    [Fact]
    public async System.Threading.Tasks.Task S17_A_recall_keeps_its_tries_and_is_closed_by_a_booking_of_the_kind_and_due_again_when_that_was_an_error()
    {
        await using var desk = await SchedulingDesk.OpenAsync();
        var recall = await WrittenAsync(desk, "2026-03-17", isMonth: true);
        var path = $"/api/v1/recalls/{recall["id"]}";
        Assert.Equal("2026-03-01", (string)recall["dueOn"]!);
        Assert.Equal((409, "tasks.already-waiting"), (await desk.SendAsync("/api/v1/recalls", new { patientId = desk.Patient, visitTypeId = desk.VisitType, dueOn = "2026-03-01" }, null, ClinicRole.FrontDesk)) is { } twice
            ? (twice.Status, twice.Code) : default);

        Assert.Equal(200, (await desk.SendAsync($"{path}/attempts", new { how = "call", outcome = "no_answer" }, 1, ClinicRole.FrontDesk)).Status);
        Assert.Equal(412, (await desk.SendAsync($"{path}/attempts", new { how = "letter", outcome = "sent" }, 1, ClinicRole.FrontDesk)).Status);
        Assert.Equal(200, (await desk.SendAsync($"{path}/attempts", new { how = "letter", outcome = "sent", note = "to the sister's" }, 2, ClinicRole.FrontDesk)).Status);
        var read = await desk.GetAsync(path);
        Assert.Equal((2, "to the sister's"), ((int)read["recall"]!["attempts"]!, (string?)read["attempts"]![0]!["note"] ?? (string?)read["attempts"]![1]!["note"]));

        var visit = await desk.BookedAsync("2026-03-20", "10:00");
        Assert.Equal(("booked", (string)visit["id"]!), await desk.Clinic.OneAsync<(string, string)>("select state, appointment_id::text from recall"));
        await desk.ChangeAsync(visit, "cancellations", new { reason = "booked_in_error", by = "clinic" });
        Assert.Equal("due", await desk.Clinic.OneAsync<string>("select state from recall"));
        var version = await desk.Clinic.OneAsync<int>("select version from recall");
        Assert.Equal("declined", (string)(await desk.SendAsync($"{path}/attempts", new { how = "call", outcome = "declined" }, version, ClinicRole.FrontDesk)).Body["state"]!);
        Assert.Equal(200, (await desk.SendAsync($"{path}/state", new { state = "due" }, version + 1, ClinicRole.FrontDesk)).Status);
        Assert.Equal(422, (await desk.SendAsync($"{path}/state", new { state = "booked" }, version + 2, ClinicRole.FrontDesk)).Status);
    }

    [Theory]
    [InlineData(Browser.DeskWidth), InlineData(Browser.PhoneWidth)]
    public async System.Threading.Tasks.Task A_recall_is_written_from_the_patients_page_tried_and_booked_from_the_list(int width)
    {
        await using var desk = await SchedulingDesk.OpenAsync(isOnTheNet: true);
        await WrittenAsync(desk, "2026-02-16");
        await using var visitor = await browser.OpenAsync(desk.Clinic.Address, width);
        await visitor.SignInAsync(desk.Clinic, ClinicRole.FrontDesk);
        var page = visitor.Page;

        await visitor.LookAtAsync($"/recalls/new?patient={desk.Patient}");
        await visitor.PictureAsync($"recall-new-{width}");
        await visitor.FollowAsync(() => page.GetByRole(Microsoft.Playwright.AriaRole.Button, new() { Name = "Keep the recall" }).ClickAsync(), "/recalls?done=written");
        await visitor.IsFineAsync();
        await visitor.PictureAsync($"recalls-{width}");
        await page.Locator(".task-title").First.ClickAsync();
        await page.GetByLabel("Note").WaitForAsync();
        await page.GetByLabel("Note").FillAsync("Voice mail is full");
        await visitor.IsFineAsync();
        await visitor.PictureAsync($"recall-{width}");
        await visitor.FollowAsync(() => page.GetByRole(Microsoft.Playwright.AriaRole.Button, new() { Name = "Take it down" }).ClickAsync(), "/recalls?done=attempted**");
        Assert.Contains("tried once", await page.Locator(".task-rows").InnerTextAsync(), StringComparison.Ordinal);
        await page.Locator(".task-title").First.ClickAsync();
        await visitor.FollowAsync(() => page.GetByRole(Microsoft.Playwright.AriaRole.Button, new() { Name = "Declined" }).ClickAsync(), "/recalls?done=closed**");
        await visitor.IsFineAsync();
        await visitor.PictureAsync($"recall-closed-{width}");
        await visitor.FollowAsync(() => page.GetByRole(Microsoft.Playwright.AriaRole.Button, new() { Name = "Undo" }).ClickAsync(), "/recalls?done=reopened**");
        Assert.Equal("due", await desk.Clinic.OneAsync<string>("select distinct state from recall"));
        await page.GetByRole(Microsoft.Playwright.AriaRole.Link, new() { Name = "Book now: Jo Lee" }).First.ClickAsync();
        await page.GetByText("Jo Lee").First.WaitForAsync();
        await visitor.LookAtAsync("/recalls?closed=true");
    }
}
