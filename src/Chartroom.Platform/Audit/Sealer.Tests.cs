using Chartroom.Platform.Database;
using Chartroom.Transparency;

namespace Chartroom.Platform.Audit;

public sealed class SealerTests
{
    private const int Rows = 120;

    [Fact]
    public async Task AUD_3_A_log_that_nobody_touched_is_intact_and_every_row_is_in_a_witnessed_head()
    {
        await using var log = await TamperedLog.MakeAsync(Rows);

        var verdict = await log.VerifyAsync();

        Assert.Empty(verdict.Findings);
        Assert.Equal(Rows, verdict.Size);
        Assert.Equal(Rows, verdict.WitnessedSize);
        Assert.Empty((await log.VerifyExportAsync()).Findings);
    }

    public static IEnumerable<object[]> Classes => from kind in TamperedLog.Classes.Keys from isRemote in new[] { false, true } select new object[] { kind, isRemote };

    [Theory]
    [MemberData(nameof(Classes))]
    public async Task AUD_3_Whatever_a_superuser_does_to_the_log_is_found_and_the_row_named(string kind, bool isRemote)
    {
        await using var log = await TamperedLog.MakeAsync(Rows, isRemote);
        Assert.Empty((await log.VerifyAsync()).Findings);

        var touched = await TamperedLog.Classes[kind](log);

        foreach (var verdict in new[] { await log.VerifyAsync(), await log.VerifyExportAsync() })
        {
            var named = verdict.Findings.Select(finding => finding.EventId).OfType<Guid>().ToHashSet();
            var sizes = verdict.Findings.Select(finding => finding.Position).OfType<long>().ToHashSet();
            Assert.NotEmpty(touched.Rows.Count + touched.Heads.Count == 0 ? [] : verdict.Findings);
            Assert.All(touched.Rows, row => Assert.Contains(row, named));
            Assert.All(touched.Heads, head => Assert.Contains(head, sizes));
        }
    }

    [Fact]
    public async Task AUD_3_A_clock_set_back_an_hour_or_on_eight_signs_no_head_before_the_last_loses_no_row_and_is_found()
    {
        await using var log = await TamperedLog.MakeAsync(20);
        await log.SealAsync();
        foreach (var (moved, stands) in new[] { (TimeSpan.FromHours(-1), TimeSpan.FromHours(1)), (TimeSpan.FromHours(8), TimeSpan.FromHours(-8)) })
        {
            var before = await HeadsAsync(log);
            log.Clinic.Clock.AdjustTime(log.Clinic.Clock.GetUtcNow() + moved);
            await log.WriteAsync(10);
            await log.SealAsync();
            if (moved < TimeSpan.Zero) Assert.Equal(before, await HeadsAsync(log));   // the witness signs nothing before its last
            log.Clinic.Clock.AdjustTime(log.Clinic.Clock.GetUtcNow() + stands + TimeSpan.FromMinutes(1));   // set right
            await log.WriteAsync(10);
            await log.SealAsync();
        }
        log.Clinic.Clock.Advance(TimeSpan.FromHours(8));   // until the witness's own time has come again
        await log.WriteAsync(10);
        await log.SealAsync();

        var heads = await HeadsAsync(log);
        Assert.Equal(heads.Select(head => head.At).Order(), heads.Select(head => head.At));
        Assert.Equal(70, heads[^1].Size);
        var verdict = await log.VerifyAsync();
        Assert.NotEmpty(verdict.Findings);
        Assert.All(verdict.Findings, finding => Assert.Equal(FindingKind.TimeImpossible, finding.Kind));
    }

    private static Task<List<(long Size, long At)>> HeadsAsync(TamperedLog log) =>
        log.Clinic.RowsAsync<(long, long)>($"select size, (extract(epoch from made_at) * 1000)::bigint from {log.Clinic.Schema}.audit_checkpoint order by size");

    [Fact]
    public async Task AUD_3_A_row_that_the_program_did_not_write_is_never_sealed()
    {
        await using var log = await TamperedLog.MakeAsync(5);
        var forged = Guid.CreateVersion7();
        await log.Clinic.RowsAsync<int>($"""
            insert into {log.Clinic.Schema}.audit_event (id, at, clinic_id, person_id, role, action, resource, purpose, outcome, door, tag)
            select @forged, at, clinic_id, person_id, role, 'patient.opened', 'patient', purpose, 'done', 'page', tag from {log.Clinic.Schema}.audit_event limit 1
            returning 1
            """, new { forged });

        await log.SealAsync();

        Assert.Equal(5, await log.Clinic.OneAsync<long>($"select count(*) from {log.Clinic.Schema}.audit_leaf"));
        Assert.Contains((await log.VerifyAsync()).Findings, finding => finding.Kind == FindingKind.RowInserted && finding.EventId == forged);
    }

    [Fact]
    public async Task AUD_3_A_row_whose_transaction_is_still_running_is_waited_for_and_not_skipped()
    {
        await using var log = await TamperedLog.MakeAsync(5);
        await using var slow = await log.Clinic.The<DatabaseLogins>().OpenAsync(default);
        slow.Queue("begin");
        await slow.QueryAsync<string>("select pg_current_xact_id()::text", null, default);   // takes its number before the others

        await log.WriteAsync(3);
        await log.SealOnceAsync();
        Assert.Equal(5, await log.Clinic.OneAsync<long>($"select count(*) from {log.Clinic.Schema}.audit_leaf"));

        await slow.RollbackAsync();
        await log.SealAsync();
        Assert.Equal(8, await log.Clinic.OneAsync<long>($"select count(*) from {log.Clinic.Schema}.audit_leaf"));
        Assert.Empty((await log.VerifyAsync()).Findings);
    }

    [Fact]
    public async Task AUD_3_Sealing_that_was_killed_between_leaves_witness_and_head_goes_on_and_loses_nothing()
    {
        await using var log = await TamperedLog.MakeAsync(5);
        await log.WriteAsync(4);
        await log.SealAsync();
        await log.Clinic.RunAsync(["set session_replication_role = replica", $"delete from {log.Clinic.Schema}.audit_checkpoint where size = 9"]);   // as if the program had died after the witness signed

        await log.WriteAsync(2);
        await log.SealAsync();

        Assert.Empty((await log.VerifyAsync()).Findings);
        Assert.Equal([5L, 9, 11], await log.Clinic.RowsAsync<long>($"select size from {log.Clinic.Schema}.audit_checkpoint order by size"));
    }

    [Fact]
    public async Task AUD_3_Several_nodes_that_seal_one_log_at_once_make_one_log()
    {
        await using var log = await TamperedLog.MakeAsync(5);
        await log.WriteAsync(60);

        await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => log.SealOnceAsync()));
        await log.SealAsync();

        var verdict = await log.VerifyAsync();
        Assert.Empty(verdict.Findings);
        Assert.Equal(65, verdict.Size);
    }

    [Fact]
    public async Task AUD_3_No_role_of_a_clinic_may_change_what_is_sealed()
    {
        await using var log = await TamperedLog.MakeAsync(2);
        foreach (var role in Enum.GetValues<ClinicRole>())
            foreach (var sql in new[] { "update audit_leaf set hash = hash returning 1", "delete from audit_leaf returning 1", "delete from audit_checkpoint returning 1", "update audit_event set at = at returning 1" })
                Assert.Equal("42501", (await Assert.ThrowsAsync<Npgsql.PostgresException>(() => log.Clinic.RawAsync<int>(role, sql))).SqlState);
        foreach (var role in new[] { ClinicRole.Admin, ClinicRole.Provider, ClinicRole.FrontDesk, ClinicRole.Patient })
            Assert.Equal("42501", (await Assert.ThrowsAsync<Npgsql.PostgresException>(() => log.Clinic.RawAsync<int>(role, "update audit_log_state set size = 0 returning 1"))).SqlState);
    }
}
