using System.Text.Json.Nodes;
using Chartroom.Scheduling;

namespace Chartroom.Scribe;

/// <summary>What a provider still owes, and what has happened since they last saw a patient.</summary>
public sealed class NotesToSignTests
{
    private static async Task<List<(string Visit, string Stage, int Statements, int Decided)>> ListAsync(ReviewDesk desk) =>
        [.. (await desk.GetAsync("/api/v1/notes/waiting", ClinicRole.Provider))["notes"]!.AsArray()
            .Select(it => ((string)it!["visitId"]!, (string)it["stage"]!, (int)it["statements"]!, (int)it["decided"]!))];

    [Fact]
    public async Task CHT_1_A_visit_that_took_place_waits_in_its_providers_list_until_its_note_is_signed()
    {
        await using var desk = await ReviewDesk.OpenAsync();
        Assert.Empty(await ListAsync(desk));   // booked for tomorrow
        await desk.Clinic.RowsAsync<int>("update appointment set status = 'completed', starts_at = starts_at - interval '2 days', ends_at = ends_at - interval '2 days', local_start = local_start - interval '2 days' where id = @id", new { id = desk.Visit.Value });
        await BusyDay.AddAsync(desk.Scheduling, (desk.Scheduling.Colleague, desk.Patient, desk.Scheduling.VisitType), new DateTime(2026, 2, 27, 9, 0, 0), 20, VisitStatus.Completed);
        var visit = desk.Visit.ToString();
        Assert.Equal([(visit, "nothing_yet", 0, 0)], await ListAsync(desk));

        var draft = await desk.DraftedAsync(SampleVisits.Knee);
        var count = draft["statements"]!.AsArray().Count;
        var plain = (int)draft["statements"]!.AsArray().First(it => !(bool)it!["isFlagged"]!)!["number"]!;
        await desk.DecideAsync(draft, plain, "accepted");
        Assert.Equal([(visit, "in_review", count, 1)], await ListAsync(desk));
        var page = await desk.PageAsync("/notes/waiting", ClinicRole.Provider);
        Assert.Contains($"Draft: 1 of {count} decided", page, StringComparison.Ordinal);

        foreach (var number in draft["statements"]!.AsArray().Select(it => (int)it!["number"]!).Where(it => it != plain))
        {
            var seen = (bool)ReviewDesk.Statement(draft, number)["isFlagged"]! ? 1 : 0;
            if (seen == 1) await desk.DecideAsync(draft, number, "opened");
            await desk.DecideAsync(draft, number, "accepted", seen);
        }
        Assert.Equal(201, (await desk.SignAsync(draft)).Status);
        Assert.Empty(await ListAsync(desk));
        Assert.DoesNotContain("Visits without a signed note", await desk.PageAsync("/notes/waiting", ClinicRole.Provider), StringComparison.Ordinal);   // the orders proposed with it still wait
    }

    [Fact]
    public async Task C6_An_order_without_an_outcome_and_a_draft_without_a_decision_stand_in_the_list_until_they_are_closed()
    {
        await using var desk = await ReviewDesk.OpenAsync();
        await desk.DraftedAsync(SampleVisits.Knee);
        await AgeAsync(desk, desk.Provider, 60, ("test", 20), ("imaging", 13), ("medicine", 90), ("follow_up", 29), ("referral", 31));
        await AgeAsync(desk, desk.Scheduling.Colleague, 1, ("imaging", 15));

        Assert.Equal(("orders", desk.Patient.ToString()), await desk.GetAsync("/api/v1/notes/waiting", ClinicRole.Provider) is var mine ? ((string?)mine["drafts"]![0]!["kind"], (string?)mine["drafts"]![0]!["patientId"]) : default);
        Assert.Equal([.. Enumerable.Repeat(("referral", 31), 60), .. Enumerable.Repeat(("test", 20), 60)], await OrdersAsync(desk, "mine"));
        Assert.Equal(121, (await OrdersAsync(desk, "all")).Count);
        var page = await desk.PageAsync("/notes/waiting", ClinicRole.Provider);
        Assert.Contains("Proposed orders", page, StringComparison.Ordinal);
        Assert.Contains($"/visits/{desk.Visit}#o-", page, StringComparison.Ordinal);
        Assert.Contains("Later ones", page, StringComparison.Ordinal);
    }

    /// <summary>All pages of them.</summary>
    private static async Task<List<(string Kind, int Days)>> OrdersAsync(ReviewDesk desk, string whose)
    {
        var all = new Dictionary<string, (string, int)>(StringComparer.Ordinal);
        for (var after = ""; after is not null;)
        {
            var page = await desk.GetAsync($"/api/v1/notes/waiting?whose={whose}&after={after}", ClinicRole.Provider);
            foreach (var it in page["orders"]!.AsArray()) all.Add((string)it!["id"]!, ((string)it["kind"]!, (int)it["days"]!));
            after = (string?)page["moreAfter"];
        }
        return [.. all.Values];
    }

    /// <summary>So many orders of each kind and age.</summary>
    private static async Task AgeAsync(ReviewDesk desk, StaffId by, int times, params (string Kind, int Days)[] orders)
    {
        foreach (var (kind, days) in orders)
            await desk.Clinic.RowsAsync<int>("""
                insert into visit_order (id, patient_id, appointment_id, kind, content, key_version, placed_by, placed_at)
                select gen_random_uuid(), @patient, @visit, @kind, 'x', 1, @by, @now - make_interval(days => @days) from generate_series(1, @times)
                returning 1
                """, new { patient = desk.Patient, visit = desk.Visit, kind, by, days, times, now = desk.Clinic.Clock.GetUtcNow() });
    }

    [Fact]
    public async Task CHT_1_The_chart_says_what_others_did_since_ones_last_visit_and_nothing_of_ones_own()
    {
        await using var desk = await ReviewDesk.OpenAsync();
        Assert.DoesNotContain("Since your visit", await ChartAsync(desk), StringComparison.Ordinal);
        await BusyDay.AddAsync(desk.Scheduling, (desk.Provider, desk.Patient, desk.Scheduling.VisitType), new DateTime(2026, 2, 27, 9, 0, 0), 20, VisitStatus.Completed);
        Assert.Contains("nothing by others", await ChartAsync(desk), StringComparison.Ordinal);

        await WriteAsync(desk, "Own rash", ClinicRole.Provider);
        await WriteAsync(desk, "Foreign cough", ClinicRole.Admin);
        await BusyDay.AddAsync(desk.Scheduling, (desk.Scheduling.Colleague, desk.Patient, desk.Scheduling.VisitType), new DateTime(2026, 3, 1, 9, 0, 0), 20, VisitStatus.NoShow);
        var since = await ChartAsync(desk);
        since = since[since.IndexOf("Since your visit of Feb 27, 2026", StringComparison.Ordinal)..];
        since = since[..since.IndexOf("</details>", StringComparison.Ordinal)];
        Assert.Contains("1 new, 1 visit", since, StringComparison.Ordinal);
        Assert.Contains("Foreign cough", since, StringComparison.Ordinal);
        Assert.DoesNotContain("Own rash", since, StringComparison.Ordinal);
        Assert.Contains("no-show", since, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task C9_What_others_put_away_and_what_they_ordered_or_ended_since_ones_last_visit_is_told_too()
    {
        await using var desk = await ReviewDesk.OpenAsync();
        await BusyDay.AddAsync(desk.Scheduling, (desk.Provider, desk.Patient, desk.Scheduling.VisitType), new DateTime(2026, 2, 27, 9, 0, 0), 20, VisitStatus.Completed);
        await WriteAsync(desk, "Gone rash", ClinicRole.Provider);
        var entry = await desk.Clinic.OneAsync<Guid>("select id from entry");
        Assert.Equal(201, (await desk.SendAsync($"/api/v1/visits/{desk.Visit}/orders", new { kind = "test", words = "Own count" }, null, ClinicRole.Provider)).Status);
        Assert.Equal(201, (await desk.SendAsync($"/api/v1/visits/{desk.Visit}/orders", new { kind = "imaging", words = "Foreign x-ray" }, null, ClinicRole.Provider)).Status);
        await desk.Clinic.RowsAsync<int>("update entry set deleted_at = @now, put_away_by = @by where id = @entry", new { entry, by = desk.Scheduling.Colleague, now = desk.Clinic.Clock.GetUtcNow() });
        await desk.Clinic.RowsAsync<int>("update visit_order set state = 'done', version = 2, ended_by = @by, ended_at = @now where kind = 'imaging'", new { by = desk.Scheduling.Colleague, now = desk.Clinic.Clock.GetUtcNow() });

        var since = await ChartAsync(desk);
        since = since[since.IndexOf("Since your visit of Feb 27, 2026", StringComparison.Ordinal)..];
        since = since[..since.IndexOf("</details>", StringComparison.Ordinal)];
        Assert.Contains("1 order, 1 put away", since, StringComparison.Ordinal);
        Assert.Contains("Gone rash", since, StringComparison.Ordinal);
        Assert.Contains("Foreign x-ray", since, StringComparison.Ordinal);
        Assert.DoesNotContain("Own count", since, StringComparison.Ordinal);
    }

    private static Task<string> ChartAsync(ReviewDesk desk) => desk.PageAsync($"/patients/{desk.Patient}/chart", ClinicRole.Provider);

    private static async Task WriteAsync(ReviewDesk desk, string problem, ClinicRole role)
    {
        var body = JsonNode.Parse($$$"""{"content":{"kind":"problem","code":{"text":"{{{problem}}}"},"status":"active"}}""")!;
        Assert.Equal(201, (await desk.SendAsync($"/api/v1/patients/{desk.Patient}/entries", body, null, role)).Status);
    }
}
