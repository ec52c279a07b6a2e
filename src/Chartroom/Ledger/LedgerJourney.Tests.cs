using Chartroom.Journeys;
using Chartroom.Scheduling;
using Microsoft.Playwright;

namespace Chartroom.Ledger;

public sealed class LedgerJourneyTests(Browser browser) : IClassFixture<Browser>
{
    [Theory]
    [InlineData(Browser.DeskWidth), InlineData(Browser.PhoneWidth)]
    public async Task The_desk_charges_a_visit_takes_the_money_reverses_a_mistake_and_prints_a_receipt_and_the_administrator_sees_the_day(int width)
    {
        await using var desk = await SchedulingDesk.OpenAsync(isOnTheNet: true);
        await desk.Clinic.RowsAsync<int>("insert into usual_charge (visit_type_id, cents) values (@VisitType, 12000) returning 1", new { desk.VisitType });
        var visit = await desk.BookedAsync("2026-03-02", "09:15");
        foreach (var (to, role) in new[] { ("arrived", ClinicRole.FrontDesk), ("in_progress", ClinicRole.Provider), ("ready_for_checkout", ClinicRole.Provider) })
            visit = (await desk.ChangeAsync(visit, "status", new { status = to }, role)).Body;
        await using var visitor = await browser.OpenAsync(desk.Clinic.Address, width);
        await visitor.SignInAsync(desk.Clinic, ClinicRole.FrontDesk);
        var page = visitor.Page;

        await visitor.LookAtAsync($"/visits/{visit["id"]}");
        await visitor.PictureAsync($"ledger-visit-{width}");
        await page.GetByRole(AriaRole.Link, new() { Name = "Charge $120.00" }).ClickAsync();
        await page.Locator("#post").WaitForAsync();
        await visitor.IsFineAsync();
        await visitor.PictureAsync($"ledger-charge-{width}");
        await visitor.FollowAsync(() => page.Locator("#post button[type=submit]").ClickAsync(), $"/visits/{visit["id"]}?posted=charge**");
        await visitor.LookAtAsync("/board");
        Assert.Contains("Owes $120.00", await page.Locator(".board-card").First.InnerTextAsync(), StringComparison.Ordinal);
        await visitor.PictureAsync($"ledger-board-{width}");
        await visitor.LookAtAsync("/day?date=2026-03-02");
        await page.GetByText("Owes $120.00").First.WaitForAsync();
        await visitor.PictureAsync($"ledger-day-{width}");

        await visitor.LookAtAsync($"/patients/{desk.Patient}/account");
        await page.Locator("h1").ClickAsync();
        await page.Keyboard.PressAsync("p");
        await page.GetByLabel("Amount, USD").FillAsync("75");
        await page.GetByLabel("Check", new() { Exact = true }).CheckAsync();
        await page.GetByLabel("Reference").FillAsync("No. 1044");
        await visitor.PictureAsync($"ledger-payment-{width}");
        await visitor.FollowAsync(() => page.Keyboard.PressAsync("Enter"), $"/patients/{desk.Patient}/account?posted=payment**");
        await visitor.IsFineAsync();
        await visitor.PictureAsync($"ledger-paid-{width}");
        await visitor.FollowAsync(() => page.Locator(".toast-undo").ClickAsync(), $"/patients/{desk.Patient}/account?posted=reversal**");
        await page.GetByRole(AriaRole.Link, new() { Name = "Take payment" }).ClickAsync();
        await page.GetByLabel("Amount, USD").FillAsync("75.00");
        await visitor.FollowAsync(() => page.Locator("#post button[type=submit]").ClickAsync(), $"/patients/{desk.Patient}/account?posted=payment**");
        await page.Locator("details.confirm summary").First.ClickAsync();
        await page.Locator("details.confirm[open] input[name=reason]").FillAsync("It was 80");
        await visitor.IsFineAsync();
        await visitor.PictureAsync($"ledger-reverse-{width}");
        await visitor.FollowAsync(() => page.Locator("details.confirm[open] button[type=submit]").ClickAsync(), $"/patients/{desk.Patient}/account?posted=reversal**");
        await visitor.IsFineAsync();
        await visitor.PictureAsync($"ledger-account-{width}");
        Assert.Equal(12000, await desk.Clinic.OneAsync<long>("select sum(cents)::bigint from posting_line where patient_id = @Patient", new { desk.Patient }));
        await visitor.FollowAsync(() => page.GetByRole(AriaRole.Link, new() { Name = "Receipt 2" }).ClickAsync(), "/postings/**/receipt");
        await visitor.IsFineAsync();
        await visitor.PictureAsync($"ledger-receipt-{width}");
        await visitor.LookAtAsync($"/patients/{desk.Patient}");
        await visitor.PictureAsync($"ledger-patient-{width}");

        await using var boss = await browser.OpenAsync(desk.Clinic.Address, width);
        await boss.SignInAsync(desk.Clinic, ClinicRole.Admin);
        await boss.LookAtAsync("/settings/ledger?check=true");
        await boss.PictureAsync($"ledger-settings-{width}");
        await boss.LookAtAsync($"/patients/{desk.Patient}/account/refund");
    }
}
