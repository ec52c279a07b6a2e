using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Chartroom.Platform.Tenancy;
using Chartroom.Scheduling;

namespace Chartroom.Ledger;

public sealed partial class LedgerDayTests
{
    [Fact]
    public async Task B5_The_trial_balance_is_the_sum_of_all_lines_before_the_first_check_right_after_one_and_with_what_came_since()
    {
        await using var desk = await SchedulingDesk.OpenAsync();
        foreach (var isChecked in new[] { false, true, false, true, false })
        {
            if (isChecked) await CheckAsync(desk);
            await PostAsync(desk, "charges", new { cents = 12_500, what = "Visit" });
            Assert.Equal(await AllLinesAsync(desk), await TrialAsync(desk));
            var paid = await PostAsync(desk, "payments", new { cents = 4_000, method = isChecked ? "cash" : "card" });
            await PostAsync(desk, $"/api/v1/postings/{paid["id"]}/reversal", new { reason = "Mistaken" });
            Assert.Equal(await AllLinesAsync(desk), await TrialAsync(desk));
            await desk.Clinic.RowsAsync<int>("update ledger_check set checked_on = checked_on - 1 returning 1");   // the next one is another day's
        }
        Assert.Equal([0, 3, 9], await desk.Clinic.RowsAsync<long>("select 0 union all select through from ledger_check order by 1"));
    }

    [Fact]
    public async Task B5_A_full_day_is_shown_a_hundred_postings_at_a_time_each_once_with_the_takings_of_all_of_them()
    {
        await using var desk = await SchedulingDesk.OpenAsync();
        await using (var tx = await desk.Clinic.The<TenantDb>().BeginAsync(desk.Clinic.Actor(ClinicRole.System), Permission.PostPayments, default))
        {
            await LedgerBook.AddEarlierAsync(tx, [.. Enumerable.Range(0, 230).Select(second => new EarlierPosting(desk.Patient, new(PostingKind.Payment, 100, PaymentMethod.Cash), tx.Now.AddSeconds(second)))], default);
            await tx.CommitAsync(default);
        }
        var (admin, seen) = (new TestBrowser(desk.Clinic.As(ClinicRole.Admin)), new List<long>());

        for (var address = "/settings/ledger?date=2026-03-02"; address is not null;)
        {
            var page = (await admin.OpenAsync(address)).Html;
            Assert.Contains("$230.00", page, StringComparison.Ordinal);
            var numbers = Number().Matches(page).Select(it => long.Parse(it.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture)).ToList();
            Assert.InRange(numbers.Count, 1, 100);
            seen.AddRange(numbers);
            address = Next().Match(page) is { Success: true } next ? System.Net.WebUtility.HtmlDecode(next.Groups[1].Value) : null;
        }
        Assert.Equal(Enumerable.Range(1, 230).Reverse().Select(it => (long)it), seen);
        Assert.Equal(231, (await desk.Clinic.As(ClinicRole.Admin).GetStringAsync("/settings/ledger/day.csv?date=2026-03-02")).Trim().Split('\n').Length);   // the file has them all
    }

    private static async Task CheckAsync(SchedulingDesk desk)
    {
        await using var tx = await desk.Clinic.The<TenantDb>().BeginAsync(desk.Clinic.Actor(ClinicRole.System), Permission.AdjustAccounts, default);
        await LedgerBook.CheckAsync(tx, default);
        tx.Audit(new("ledger.checked", "posting"));
        await tx.CommitAsync(default);
    }

    private static async Task<string> TrialAsync(SchedulingDesk desk)
    {
        var day = await desk.GetAsync("/api/v1/ledger/day", ClinicRole.Admin);
        return string.Join(", ", day["trialBalance"]!.AsArray().Select(it => $"{it!["account"]} {(long)it["cents"]!}").Order(StringComparer.Ordinal));
    }

    private static async Task<string> AllLinesAsync(SchedulingDesk desk) =>
        string.Join(", ", (await desk.Clinic.RowsAsync<string>("select account || ' ' || sum(cents) from posting_line group by account")).Order(StringComparer.Ordinal));

    private static async Task<JsonObject> PostAsync(SchedulingDesk desk, string path, object body)
    {
        var reply = await desk.SendAsync(path.StartsWith('/') ? path : $"/api/v1/patients/{desk.Patient}/{path}", body, null, ClinicRole.FrontDesk);
        Assert.Equal(201, reply.Status);
        return reply.Body;
    }

    [GeneratedRegex("data-label=\"Number\">(\\d+)<")]
    private static partial Regex Number();

    [GeneratedRegex("href=\"([^\"]+)\" rel=\"next\"")]
    private static partial Regex Next();
}
