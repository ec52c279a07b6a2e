using System.Text.Json;
using Chartroom.Platform.Database;
using Chartroom.Transparency;

namespace Chartroom.Platform.Audit;

public sealed class AuditRetentionTests
{
    [Fact]
    public async Task AUD_4_Whole_months_expire_after_seven_years_to_the_day_and_the_proofs_hold()
    {
        await using var log = await TamperedLog.MakeAsync(0);
        var (clinic, which) = (log.Clinic, new SealedLog(log.Clinic.Id, log.Clinic.The<AuditSettings>().LogName));
        await MonthsFromAsync(clinic, "2026-03-01");
        await log.WriteAsync(20);   // on 2 March 2026
        await log.SealAsync();
        clinic.Clock.Advance(TimeSpan.FromDays(31));
        await log.WriteAsync(10);   // in April
        var march = await clinic.RowsAsync<Guid>($"select id from {clinic.Schema}.audit_event_2026_03");
        Assert.Equal(20, march.Count);

        clinic.Clock.SetUtcNow(new(2033, 3, 31, 23, 59, 59, TimeSpan.Zero));
        Assert.Empty(await clinic.The<AuditRetention>().ExpireAsync(which, default));
        clinic.Clock.SetUtcNow(new(2033, 4, 1, 0, 0, 0, TimeSpan.Zero));
        Assert.Equal([new DateOnly(2026, 3, 1)], await clinic.The<AuditRetention>().ExpireAsync(which, default));
        Assert.Empty(await clinic.The<AuditRetention>().ExpireAsync(which, default));

        await log.SealAsync();
        Assert.All((await log.VerifyAsync()).Findings, finding => Assert.Equal(FindingKind.TimeImpossible, finding.Kind));   // the test's clock leapt seven years
        Assert.Equal(10, await clinic.OneAsync<long>($"select count(*) from {clinic.Schema}.audit_event"));
        Assert.Equal(30, await clinic.OneAsync<long>($"select count(*) from {clinic.Schema}.audit_leaf"));
        Assert.Equal(20, await clinic.OneAsync<long>($"select rows from {clinic.Schema}.audit_expiry"));
    }

    [Fact]
    public async Task AUD_4_A_row_that_is_gone_is_named_though_its_leaf_was_dated_back_into_a_month_said_to_have_expired()
    {
        await using var log = await TamperedLog.MakeAsync(120);
        var rows = await log.Clinic.RowsAsync<Guid>($"select event_id from {log.Clinic.Schema}.audit_leaf where position in (3, 63)");   // in the first head, and in one after it

        await log.RunAsync("""
            delete from {0}.audit_event where id = any(@rows);
            update {0}.audit_leaf set event_at = '2012-01-05' where event_id = any(@rows);
            insert into {0}.audit_expiry select '2012-01-01', 2, '2020-01-01'
            """, new { rows = rows.ToArray() });

        foreach (var verdict in new[] { await log.VerifyAsync(), await log.VerifyExportAsync() })
            Assert.Equal(rows.Order(), verdict.Findings.Where(it => it.Kind == FindingKind.RowMissing).Select(it => it.EventId).OfType<Guid>().Order());
    }

    [SharedDataFact]
    public async Task AUD_4_What_the_shared_vectors_want_kept_is_there_to_the_second()
    {
        using var vectors = JsonDocument.Parse(await File.ReadAllTextAsync(SharedData.Files("security/time", "retention_7y.json").Single()));
        var cases = vectors.RootElement.GetProperty("cases").EnumerateArray().Select(it => (Event: Point(it.GetProperty("event")), Until: Point(it.GetProperty("keep_until_at_least")))).ToList();
        Assert.Equal(3, cases.Count);
        foreach (var (happened, until) in cases)
        {
            await using var log = await TamperedLog.MakeAsync(0);
            var (clinic, which) = (log.Clinic, new SealedLog(log.Clinic.Id, log.Clinic.The<AuditSettings>().LogName));
            var month = new DateOnly(happened.Year, happened.Month, 1);
            await MonthsFromAsync(clinic, $"{month:yyyy-MM-dd}");
            clinic.Clock.AdjustTime(happened);
            await log.WriteAsync(5);
            await log.SealAsync();

            clinic.Clock.AdjustTime(until.AddSeconds(-1));
            Assert.Empty(await clinic.The<AuditRetention>().ExpireAsync(which, default));
            Assert.Equal(5, await clinic.OneAsync<long>($"select count(*) from {clinic.Schema}.audit_event"));
            clinic.Clock.AdjustTime(new(month.AddMonths(1).AddYears(7).AddDays(2), TimeOnly.MinValue, TimeSpan.Zero));   // whole months go, so a day of it may stay for up to one more
            Assert.Equal([month], await clinic.The<AuditRetention>().ExpireAsync(which, default));
        }
    }

    /// <summary>A leap second is the first of the next minute.</summary>
    private static DateTimeOffset Point(JsonElement text) => text.GetString() is { } it && it.EndsWith(":60Z", StringComparison.Ordinal)
        ? DateTimeOffset.Parse(it.Replace(":60Z", ":59Z", StringComparison.Ordinal), System.Globalization.CultureInfo.InvariantCulture).AddSeconds(1)
        : text.GetDateTimeOffset();

    [Fact]
    public async Task AUD_4_A_month_that_no_witness_has_seen_whole_does_not_expire()
    {
        await using var log = await TamperedLog.MakeAsync(0);
        await MonthsFromAsync(log.Clinic, "2026-03-01");
        await log.WriteAsync(5);
        log.Clinic.Clock.SetUtcNow(new(2033, 4, 2, 0, 0, 0, TimeSpan.Zero));

        Assert.Empty(await log.Clinic.The<AuditRetention>().ExpireAsync(new(log.Clinic.Id, log.Clinic.The<AuditSettings>().LogName), default));
        Assert.Equal(5, await log.Clinic.OneAsync<long>($"select count(*) from {log.Clinic.Schema}.audit_event"));
    }

    [Fact]
    public async Task AUD_4_A_month_that_was_dropped_before_its_time_is_found_even_when_the_table_of_expiries_says_so()
    {
        await using var log = await TamperedLog.MakeAsync(0);
        await MonthsFromAsync(log.Clinic, "2026-03-01");
        await log.WriteAsync(5);
        await log.SealAsync();

        await log.Clinic.RunAsync([
            $"insert into {log.Clinic.Schema}.audit_expiry (month, rows, expired_at) values ('2026-03-01', 5, now())",
            $"drop table {log.Clinic.Schema}.audit_event_2026_03",
        ]);

        Assert.Equal(5, (await log.VerifyAsync()).Findings.Count(finding => finding.Kind == FindingKind.RowMissing));
    }

    /// <summary>The tests' clock stands before the months that were made at the start.</summary>
    private static async Task MonthsFromAsync(TestClinic clinic, string day)
    {
        await using var connection = await clinic.The<DatabaseLogins>().OpenAdministratorAsync(default);
        await using var transaction = await connection.BeginTransactionAsync();
        await Tenancy.Migrator.RunAsync(connection, "set local role chartroom_owner", default);
        await AuditPartitions.EnsureAsync(connection, clinic.Schema, default, $"'{day}'::date");
        await transaction.CommitAsync();
    }
}
