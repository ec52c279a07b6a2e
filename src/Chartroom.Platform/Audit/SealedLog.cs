using Chartroom.Platform.Database;
using Chartroom.Platform.Tenancy;

namespace Chartroom.Platform.Audit;

/// <summary>One log: a clinic's, or that of accounts and sessions.</summary>
/// <param name="Clinic">The clinic; null for accounts.</param>
/// <param name="LogName">Name of the installation's logs.</param>
public sealed record SealedLog(ClinicId? Clinic, string LogName)
{
    /// <summary>Its name in heads: <c>chartroom/{clinic id}</c> or <c>chartroom/accounts</c>.</summary>
    public string Origin => $"{LogName}/{Clinic?.Value.ToString("D") ?? "accounts"}";

    /// <summary>The clinic's id; zero for accounts.</summary>
    internal Guid Id => Clinic?.Value ?? Guid.Empty;

    /// <summary>Begins a transaction that may read and seal this log and nothing else.</summary>
    /// <param name="pipe">Where it is queued.</param>
    /// <param name="isSnapshot">True to see one state throughout, and to write nothing.</param>
    internal void QueueBegin(SqlPipe pipe, bool isSnapshot = false)
    {
        pipe.Queue(isSnapshot ? "begin isolation level repeatable read read only" : "begin");
        if (Clinic is { } clinic) pipe.QueueClinic(clinic, ClinicRole.System);
        else
        {
            pipe.Queue("set local role chartroom_worker");
            pipe.Queue("set local search_path = platform, pg_temp");
        }
    }
}
