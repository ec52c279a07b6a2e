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
