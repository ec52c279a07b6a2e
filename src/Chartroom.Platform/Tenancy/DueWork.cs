using Chartroom.Platform.Database;

namespace Chartroom.Platform.Tenancy;

/// <summary>
/// What the program itself has to do at a clinic, by key: a worker asks each clinic every minute, and a question that finds nothing is no event worth seven years. Reads keys of
/// the program's own rows only, in a read-only transaction; whatever is then opened is opened in a clinic transaction, with its event.
/// </summary>
public sealed class DueWork(DatabaseLogins logins)
{
    /// <summary>The keys that the statement selects, as the clinic's system role.</summary>
    public async Task<List<Guid>> IdsAsync(ClinicId clinic, string sql, object? arguments, CancellationToken ct)
    {
        await using var pipe = await logins.OpenAsync(ct);
        pipe.Queue("begin read only");
        pipe.QueueClinic(clinic, ClinicRole.System);
        var ids = await pipe.QueryAsync<Guid>(sql, arguments, ct);
        await pipe.RollbackAsync();
        return ids;
    }
}
