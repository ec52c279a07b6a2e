using System.Globalization;
using Chartroom.Platform.Database;
using Chartroom.Platform.Tenancy;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Chartroom.Platform.Audit;

/// <summary>
/// Lets whole months of an audit trail expire after their retention: the partition is dropped, its leaves and the heads over them stay, so every later proof holds.
/// A month of which any row is not under a witnessed head yet stays.
/// </summary>
public sealed class AuditRetention(DatabaseLogins logins, Migrator migrator, AuditSettings settings, TimeProvider clock, ILogger<AuditRetention> log) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromDays(1);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pause, clock);
        do await RoundAsync(stoppingToken);
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    /// <summary>All logs, one after another: what is wrong with one lets no other's months outlive their time.</summary>
    internal async Task RoundAsync(CancellationToken ct)
    {
        await Background.TryAsync(() => ExpireAsync(new SealedLog(null, settings.LogName), ct), kind => log.ExpiryFailed(Guid.Empty, kind), ct);
        await migrator.ForEachClinicAsync(clinic => ExpireAsync(new SealedLog(clinic, settings.LogName), ct), log.ExpiryFailed, ct);
    }

    /// <summary>Drops what is over; answers the months, in order. Safe on several nodes at once.</summary>
    public async Task<List<DateOnly>> ExpireAsync(SealedLog which, CancellationToken ct)
    {
        var schema = which.Clinic is { } clinic ? ClinicNames.Schema(clinic) : "platform";
        var today = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);
        await using var connection = await logins.OpenAdministratorAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await Migrator.RunAsync(connection, $"select pg_advisory_xact_lock(hashtextextended('{schema}', 0))", ct);
        await Migrator.RunAsync(connection, "set local role chartroom_owner", ct);
        await Migrator.RunAsync(connection, $"set local search_path = {schema}, pg_temp", ct);
        var over = new List<(DateOnly Month, long Rows)>();   // counted first: dropping locks the trail for whoever would count
        foreach (var month in await MonthsAsync(connection, schema, ct))
            if (today > LastDay(month, settings.RetentionYears) && await CountWitnessedAsync(which, month, ct) is { } rows) over.Add((month, rows));
        foreach (var (month, rows) in over) await DropAsync(connection, month, rows, ct);
        await transaction.CommitAsync(ct);
        return [.. over.Select(it => it.Month)];
    }

    /// <summary>The last day on which anything of that month has to be there. What happened on 29 February is kept through 1 March.</summary>
    internal static DateOnly LastDay(DateOnly month, int years)
    {
        var last = month.AddMonths(1).AddDays(-1);
        var kept = last.AddYears(years);
        return kept.Day == last.Day ? kept : kept.AddDays(1);
    }

    /// <summary>First days of the months that have a partition.</summary>
    private static async Task<List<DateOnly>> MonthsAsync(NpgsqlConnection connection, string schema, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("""
            select to_date(right(child.relname, 7), 'YYYY_MM')
            from pg_inherits
            join pg_class as child on child.oid = inhrelid
            join pg_class as parent on parent.oid = inhparent
            where parent.relnamespace = $1::text::regnamespace and parent.relname = 'audit_event' and child.relname ~ '^audit_event_[0-9]{4}_[0-9]{2}$'
            order by 1
            """, connection) { Parameters = { new() { Value = schema } } };
        await using var reader = await command.ExecuteReaderAsync(ct);
        var months = new List<DateOnly>();
        while (await reader.ReadAsync(ct)) months.Add(reader.GetFieldValue<DateOnly>(0));
        return months;
    }

    /// <summary>How many rows the month has, all of them under a witnessed head; null when one is not. Asked as the log's own role: the owner sees no rows.</summary>
    private async Task<long?> CountWitnessedAsync(SealedLog which, DateOnly month, CancellationToken ct)
    {
        await using var pipe = await logins.OpenAsync(ct);
        which.QueueBegin(pipe, isSnapshot: true);
        var from = new DateTimeOffset(month, TimeOnly.MinValue, TimeSpan.Zero);
        var counts = await pipe.QueryAsync<Counts>(CountRows, new { from, to = from.AddMonths(1) }, ct);
        await pipe.RollbackAsync();
        return counts.Single() is { Loose: 0 } all ? all.Rows : null;
    }

    private async Task DropAsync(NpgsqlConnection connection, DateOnly month, long rows, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("insert into audit_expiry (month, rows, expired_at) values ($1, $2, $3)", connection)
        {
            Parameters = { new() { Value = month }, new() { Value = rows }, new() { Value = clock.GetUtcNow() } },
        };
        await command.ExecuteNonQueryAsync(ct);
        await Migrator.RunAsync(connection, $"drop table {Partition(month)}", ct);
    }

    private sealed record Counts(long Rows, long Loose);

    private const string CountRows = """
        select count(*) as rows,
            count(*) filter (where leaf.position is null or leaf.position >= coalesce((select max(size) from audit_checkpoint), 0)) as loose
        from audit_entry as entry
        left join audit_leaf as leaf on leaf.event_id = entry.id
        where entry.at >= @from and entry.at < @to
        """;

    private static string Partition(DateOnly month) => $"audit_event_{month.ToString("yyyy_MM", CultureInfo.InvariantCulture)}";
}

internal static partial class RetentionLog
{
    [LoggerMessage(1304, LogLevel.Error, "Months of the audit trail of clinic {Clinic} could not expire and will be tried again: {Kind}")]
    public static partial void ExpiryFailed(this ILogger log, Guid clinic, string kind);
}
