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
        do
        {
            try
            {
                await ExpireAsync(new SealedLog(null, settings.LogName), stoppingToken);
                foreach (var clinic in await migrator.ClinicsAsync(stoppingToken)) await ExpireAsync(new SealedLog(clinic, settings.LogName), stoppingToken);
            }
            catch (NpgsqlException error)
            {
                log.ExpiryFailed(error.GetType().Name);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    /// <summary>Drops what is over; answers the months, in order. Safe on several nodes at once.</summary>
    public async Task<List<DateOnly>> ExpireAsync(SealedLog which, CancellationToken ct)
    {
        var schema = which.Clinic is { } clinic ? ClinicNames.Schema(clinic) : "platform";
        var kept = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime).AddYears(-settings.RetentionYears);
        await using var connection = await logins.OpenAdministratorAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await Migrator.RunAsync(connection, $"select pg_advisory_xact_lock(hashtextextended('{schema}', 0))", ct);
        await Migrator.RunAsync(connection, "set local role chartroom_owner", ct);
        await Migrator.RunAsync(connection, $"set local search_path = {schema}, pg_temp", ct);
        var expired = new List<DateOnly>();
        foreach (var month in await MonthsAsync(connection, schema, ct))
            if (month.AddMonths(1) <= kept && await IsWitnessedAsync(connection, month, ct))
            {
                await DropAsync(connection, month, ct);
                expired.Add(month);
            }
        await transaction.CommitAsync(ct);
        return expired;
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

    private static async Task<bool> IsWitnessedAsync(NpgsqlConnection connection, DateOnly month, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand($"""
            select not exists (
                select from {Partition(month)} as row
                left join audit_leaf as leaf on leaf.event_id = row.id
                where leaf.position is null or leaf.position >= coalesce((select max(size) from audit_checkpoint), 0))
            """, connection);
        return await command.ExecuteScalarAsync(ct) is true;
    }

    private async Task DropAsync(NpgsqlConnection connection, DateOnly month, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand($"insert into audit_expiry (month, rows, expired_at) select $1, count(*), $2 from {Partition(month)}", connection)
        {
            Parameters = { new() { Value = month }, new() { Value = clock.GetUtcNow() } },
        };
        await command.ExecuteNonQueryAsync(ct);
        await Migrator.RunAsync(connection, $"drop table {Partition(month)}", ct);
    }

    private static string Partition(DateOnly month) => $"audit_event_{month.ToString("yyyy_MM", CultureInfo.InvariantCulture)}";
}

internal static partial class RetentionLog
{
    [LoggerMessage(1304, LogLevel.Error, "Months of the audit trail could not expire and will be tried again: {Kind}")]
    public static partial void ExpiryFailed(this ILogger log, string kind);
}
