using System.Text.Json.Nodes;
using Chartroom.Journeys;
using Chartroom.Scheduling;
using Chartroom.Scribe;
using Microsoft.Playwright;

namespace Chartroom.Charts;

public sealed class LongChartJourney(Browser browser) : IClassFixture<Browser>
{
    [Theory]
    [InlineData(Browser.DeskWidth), InlineData(Browser.PhoneWidth)]
    public async Task C8_Show_older_goes_on_where_the_list_ended_and_says_how_many_there_are(int width)
    {
        await using var desk = await ReviewDesk.OpenAsync(isOnTheNet: true);
        await FillAsync(desk, 260);
        await using var visitor = await browser.OpenAsync(desk.Clinic.Address, width);
        await visitor.SignInAsync(desk.Clinic, ClinicRole.Provider);
        var page = visitor.Page;

        foreach (var (part, word) in new[] { ("encounters", "Visit-"), ("notes", "Note-") })
        {
            await visitor.LookAtAsync($"/patients/{desk.Patient}/chart/{part}");
            await Assertions.Expect(Line(word, 211)).ToBeVisibleAsync();   // the fiftieth
            await Assertions.Expect(Line(word, 210)).ToHaveCountAsync(0);
            await Assertions.Expect(page.GetByText("The newest 50 of 260.")).ToBeVisibleAsync();
            await page.GetByRole(AriaRole.Link, new() { Name = "Show older" }).ScrollIntoViewIfNeededAsync();
            await visitor.PictureAsync($"older-before-{part}-{width}");

            await visitor.FollowAsync(() => page.GetByRole(AriaRole.Link, new() { Name = "Show older" }).ClickAsync(), "?show=250#from-51");
            await Assertions.Expect(Line(word, 210)).ToBeInViewportAsync();   // one reads on, neither from the top nor behind all that came
            await visitor.IsFineAsync();
            await visitor.PictureAsync($"older-{part}-{width}");

            await page.GetByRole(AriaRole.Link, new() { Name = "Show older" }).FocusAsync();
            await visitor.FollowAsync(() => page.Keyboard.PressAsync("Enter"), "?show=450#from-251");
            await Assertions.Expect(Line(word, 10)).ToBeInViewportAsync();
            await Assertions.Expect(Line(word, 1)).ToHaveCountAsync(1);
            await Assertions.Expect(page.GetByText("Show older")).ToHaveCountAsync(0);
        }

        ILocator Line(string word, int number) => page.GetByRole(AriaRole.Main).GetByText($"{word}{number}.", new() { Exact = true });
    }

    [Theory]
    [InlineData(Browser.DeskWidth), InlineData(Browser.PhoneWidth)]
    public async Task C9_Since_your_visit_opens_what_others_wrote_changed_ordered_and_put_away(int width)
    {
        await using var desk = await ReviewDesk.OpenAsync(isOnTheNet: true);
        await BusyDay.AddAsync(desk.Scheduling, (desk.Provider, desk.Patient, desk.Scheduling.VisitType), new DateTime(2026, 2, 27, 9, 0, 0), 20, VisitStatus.Completed);
        await using var visitor = await browser.OpenAsync(desk.Clinic.Address, width);
        await visitor.SignInAsync(desk.Clinic, ClinicRole.Provider);
        var page = visitor.Page;
        var since = page.Locator("details.since");
        await visitor.LookAtAsync($"/patients/{desk.Patient}/chart");
        await Assertions.Expect(since).ToContainTextAsync("Since your visit of Feb 27, 2026");
        await Assertions.Expect(since).ToContainTextAsync("nothing by others");

        await WriteAsync(desk, "Own rash", ClinicRole.Provider);
        await WriteAsync(desk, "Foreign cough", ClinicRole.Admin);
        await WriteAsync(desk, "Gone fever", ClinicRole.Admin);
        await desk.Clinic.RowsAsync<int>("""
            update entry set deleted_at = @now, put_away_by = @by
            where id = (select id from entry where kind = 'problem' order by recorded_at desc, id desc limit 1)
            """, new { by = desk.Scheduling.Colleague, now = desk.Clinic.Clock.GetUtcNow() });
        Assert.Equal(201, (await desk.SendAsync($"/api/v1/visits/{desk.Visit}/orders", new { kind = "imaging", words = "X-ray of the chest" }, null, ClinicRole.Provider)).Status);
        await desk.Clinic.RowsAsync<int>("update visit_order set state = 'done', version = 2, ended_by = @by, ended_at = @now", new { by = desk.Scheduling.Colleague, now = desk.Clinic.Clock.GetUtcNow() });
        await BusyDay.AddAsync(desk.Scheduling, (desk.Scheduling.Colleague, desk.Patient, desk.Scheduling.VisitType), new DateTime(2026, 3, 1, 9, 0, 0), 20, VisitStatus.NoShow);
        await visitor.LookAtAsync($"/patients/{desk.Patient}/chart");
        await Assertions.Expect(since).ToContainTextAsync("1 new, 1 visit, 1 order, 1 put away");
        await Assertions.Expect(since.GetByRole(AriaRole.Row).Filter(new() { HasText = "Foreign cough" })).ToContainTextAsync("New");
        await Assertions.Expect(since).ToContainTextAsync("Gone fever");
        await Assertions.Expect(since).Not.ToContainTextAsync("Own rash");
        await since.ScrollIntoViewIfNeededAsync();
        await visitor.PictureAsync($"since-{width}");

        await since.GetByRole(AriaRole.Link, new() { Name = "Foreign cough" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Dialog)).ToContainTextAsync("Foreign cough");
        await visitor.IsFineAsync();
        await page.Keyboard.PressAsync("Escape");
        await visitor.FollowAsync(() => since.GetByRole(AriaRole.Link, new() { Name = "X-ray of the chest" }).ClickAsync(), $"/visits/{desk.Visit}#o-**");
        await Assertions.Expect(page.GetByText("X-ray of the chest").First).ToBeInViewportAsync();
        await page.GoBackAsync();
        await since.Locator("summary").FocusAsync();
        await page.Keyboard.PressAsync("Enter");   // it is shut by keys
        await Assertions.Expect(since.GetByText("Foreign cough")).ToBeHiddenAsync();
        await visitor.IsFineAsync();
    }

    private static async Task FillAsync(ReviewDesk desk, int many)
    {
        await using var tx = await desk.Clinic.The<Platform.Tenancy.TenantDb>().BeginAsync(desk.Clinic.Actor(ClinicRole.Provider), Permission.EditCharts, default);
        var key = (await tx.OpenPatientAsync(desk.Patient, new("entry.added", "patient", desk.Patient.Value), default))!;
        foreach (var number in Enumerable.Range(1, many))
        {
            var (visit, when) = (EntryId.New(), PartialTime.Of(new DateOnly(2025, 1, 1).AddDays(number)));
            ChartBook.Add(tx, key, new(visit, desk.Patient, new Entry.Encounter { Status = EncounterStatus.Finished, Types = [new() { Text = $"Visit-{number}." }], Start = when }));
            ChartBook.Add(tx, key, new(EntryId.New(), desk.Patient, new Entry.Note { Title = $"Note-{number}.", Written = when }) { Encounter = visit });
        }
        await tx.CommitAsync(default);
    }

    private static async Task WriteAsync(ReviewDesk desk, string problem, ClinicRole role)
    {
        var body = JsonNode.Parse($$$"""{"content":{"kind":"problem","code":{"text":"{{{problem}}}"},"status":"active"}}""")!;
        Assert.Equal(201, (await desk.SendAsync($"/api/v1/patients/{desk.Patient}/entries", body, null, role)).Status);
    }
}
