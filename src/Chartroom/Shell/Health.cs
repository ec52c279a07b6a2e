using System.Net.Sockets;
using Chartroom.Platform.Audit;
using Chartroom.Platform.Tenancy;
using Chartroom.Platform.Vault;
using Chartroom.Platform.Web;
using Npgsql;

namespace Chartroom.Shell;

/// <summary><c>/healthz</c>: the process answers. <c>/readyz</c>: database, migrations and keys are there, each named; and whether this machine's clock
/// agrees with the database's and the audit logs are sealed in time, which send no requests away but have to be looked at.</summary>
internal static class Health
{
    private static readonly TimeSpan MostApart = TimeSpan.FromSeconds(2);

    public static void MapHealth(this WebApplication app)
    {
        app.MapGet("/healthz", () => TypedResults.Ok(new { status = "ok" })).Public("load balancers ask whether the process lives").Limited(RateClass.Light);
        app.MapGet("/readyz", ReadyAsync).Public("load balancers ask whether requests can be served").Limited(RateClass.Light);
    }

    private static async Task<IResult> ReadyAsync(Migrator migrator, PlatformDb platform, IKms kms, SealingState seal, TimeProvider time, CancellationToken ct)
    {
        var (database, migrations) = await AskDatabaseAsync(migrator, ct);
        var keys = CanWrap(kms);
        var clock = database && await ClocksAgreeAsync(platform, time, ct);
        var ready = new { status = database && migrations && keys ? "ready" : "not ready", database, migrations, keys, clock, sealing = seal.IsSealing };
        return database && migrations && keys ? TypedResults.Ok(ready) : TypedResults.Json(ready, statusCode: StatusCodes.Status503ServiceUnavailable);
    }

    private static async Task<(bool Database, bool Migrations)> AskDatabaseAsync(Migrator migrator, CancellationToken ct)
    {
        try
        {
            return (true, await migrator.IsCurrentAsync(ct));
        }
        catch (Exception error) when (error is NpgsqlException or SocketException or TimeoutException)
        {
            return (false, false);
        }
    }

    /// <summary>Two seconds apart at most, beside what the question itself took.</summary>
    private static async Task<bool> ClocksAgreeAsync(PlatformDb platform, TimeProvider time, CancellationToken ct)
    {
        try
        {
            await using var tx = await platform.BeginAsync(Origin.Job("health"), ct);
            var before = time.GetUtcNow();
            var theirs = await tx.QueryOneOrNoneAsync<DateTimeOffset>("select clock_timestamp()", null, ct);
            return theirs >= before - MostApart && theirs <= time.GetUtcNow() + MostApart;
        }
        catch (Exception error) when (error is NpgsqlException or SocketException or TimeoutException)
        {
            return false;
        }
    }

    private static bool CanWrap(IKms kms)
    {
        try
        {
            ReadOnlySpan<byte> probe = "ready?"u8;
            return kms.Unwrap(kms.Wrap(probe, "chartroom readiness"), "chartroom readiness").AsSpan().SequenceEqual(probe);
        }
        catch (System.Security.Cryptography.CryptographicException)
        {
            return false;
        }
    }
}
