using Chartroom.Platform.Audit;
using Chartroom.Platform.Tenancy;
using Chartroom.Platform.Web;
using Chartroom.Transparency;

namespace Chartroom.AuditLog;

/// <summary>The last signed head of the log.</summary>
/// <param name="Rows">Rows under it.</param>
/// <param name="Root">32 bytes.</param>
/// <param name="WitnessedAt">When the witness signed it; absent when its signature does not hold.</param>
/// <param name="Note">As signed, in the C2SP form.</param>
public sealed record SignedHead(long Rows, byte[] Root, DateTimeOffset MadeAt, DateTimeOffset? WitnessedAt, string Note);

/// <summary>A verification that somebody asked for.</summary>
/// <param name="PersonName">Who; absent for the operator.</param>
public sealed record PastVerification(DateTimeOffset At, string? PersonName, bool IsIntact);

/// <summary>How the clinic's log stands.</summary>
/// <param name="Origin">Its name in signed heads.</param>
/// <param name="RowsSealed">Rows in the tree; those of the last seconds wait for their turn.</param>
/// <param name="Head">Absent before the first rows were sealed.</param>
/// <param name="LogKey">Public key of the log, in the C2SP form; to be kept away from this host.</param>
/// <param name="WitnessKey">Public key of the witness.</param>
/// <param name="LastVerification">Of the last year.</param>
public sealed record LogState(string Origin, long RowsSealed, SignedHead? Head, string LogKey, string WitnessKey, PastVerification? LastVerification);

/// <summary>Tells how the log stands. Looking is an event. Admins only.</summary>
internal sealed class LogStateHandler(TenantDb db, AuditKeys keys, IWitness witness, AuditSettings settings)
{
    public async Task<LogState> HandleAsync(Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.SeeAudit, ct);
        tx.Audit(new(ReadAuditLogHandler.Read, "audit_checkpoint", Purpose: Purpose.Operations));
        var heads = tx.Ask<HeadRow>("select size, note, made_at from audit_checkpoint order by size desc limit 1", null);
        var verifications = tx.Ask<VerificationRow>(SelectVerification, new { since = tx.Now.AddYears(-1) });
        var rows = await tx.QueryOneOrNoneAsync<long>("select coalesce(max(position) + 1, 0) from audit_leaf", null, ct);
        var head = (await heads.ReadAsync(ct)).SingleOrDefault();
        var last = (await verifications.ReadAsync(ct)).SingleOrDefault();
        await tx.CommitAsync(ct);
        return new(new SealedLog(actor.Clinic, settings.LogName).Origin, rows, head is null ? null : HeadOf(head), keys.Log.Verifier.Text, witness.Key.Text,
            last is null ? null : new(last.At, last.PersonName, last.Action == VerifyLogHandler.Intact));
    }

    /// <summary>A note that cannot be read is shown as it is, without a root: verifying names what is wrong with it.</summary>
    private SignedHead HeadOf(HeadRow row) => Checkpoint.TryParse(row.Note, out var head)
        ? new(row.Size, head.Root, row.MadeAt, head.IsSignedBy(keys.Log.Verifier, row.Note) ? head.CosignedAt(witness.Key, row.Note) : null, row.Note)
        : new(row.Size, [], row.MadeAt, null, row.Note);

    private const string SelectVerification = """
        select event.at, event.action, staff.display_name as person_name
        from audit_event as event
        left join staff on staff.id = event.person_id
        where event.action in ('audit.verified', 'audit.found-altered') and event.outcome = 'done' and event.at >= @since
        order by event.at desc, event.id desc
        limit 1
        """;

    private sealed record HeadRow(long Size, string Note, DateTimeOffset MadeAt);

    private sealed record VerificationRow(DateTimeOffset At, string Action, string? PersonName);

    internal static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/v1/audit/log", async (LogStateHandler handler, Actor actor, CancellationToken ct) => TypedResults.Ok(await handler.HandleAsync(actor, ct)))
            .WithTags("Audit").WithSummary("How the tamper-evident log stands: rows, last signed head, keys")
            .Requires(Permission.SeeAudit).Audits(ReadAuditLogHandler.Read);
        routes.MapGet("/settings/audit", async (LogStateHandler handler, Actor actor, CancellationToken ct) =>
                Shell.Page.Of<LogPage>(new { State = await handler.HandleAsync(actor, ct) }))
            .ExcludeFromDescription().Requires(Permission.SeeAudit).Audits(ReadAuditLogHandler.Read);
    }
}
