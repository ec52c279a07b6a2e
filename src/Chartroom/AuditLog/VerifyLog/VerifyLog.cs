using Chartroom.Platform.Audit;
using Chartroom.Platform.Tenancy;
using Chartroom.Platform.Web;
using Chartroom.Transparency;

namespace Chartroom.AuditLog;

/// <summary>What a verification came to.</summary>
/// <param name="Rows">Rows that were read and hashed again.</param>
/// <param name="Heads">Signed heads that were checked.</param>
/// <param name="WitnessedRows">How much of it the witness has seen.</param>
/// <param name="FindingCount">All that is wrong; <paramref name="Findings"/> holds the first 200.</param>
public sealed record Verification(
    bool IsIntact, DateTimeOffset At, long Rows, long Heads, long WitnessedRows, DateTimeOffset? WitnessedAt, long FindingCount, IReadOnlyList<Finding> Findings);

/// <summary>
/// Reads the clinic's log through, within a minute and one at a time on this node, and takes down what came of it. Refuses <c>audit.already-verifying</c>,
/// <c>audit.too-long</c>, <c>audit.witness-silent</c>. Admins only.
/// </summary>
internal sealed class VerifyLogHandler(TenantDb db, SealedLogReader reader, AuditSettings settings, TimeProvider clock)
{
    internal const string Intact = "audit.verified", Altered = "audit.found-altered";
    private const int MostFindings = 200;
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);
    private int running;

    public async Task<Outcome<Verification>> HandleAsync(Actor actor, CancellationToken ct)
    {
        if (Interlocked.CompareExchange(ref running, 1, 0) == 1) return Refusals.AlreadyVerifying;
        using var limit = new CancellationTokenSource(Longest, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, ct);
        try
        {
            var verdict = await reader.VerifyAsync(new(actor.Clinic, settings.LogName), either.Token);
            return await KeepAsync(verdict, actor, ct);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !ct.IsCancellationRequested)
        {
            return Refusals.TooLong;
        }
        catch (HttpRequestException)
        {
            return Refusals.WitnessSilent;
        }
        finally
        {
            Volatile.Write(ref running, 0);
        }
    }

    private async Task<Verification> KeepAsync(Verdict verdict, Actor actor, CancellationToken ct)
    {
        var isIntact = verdict.Findings.Count == 0;
        await using var tx = await db.BeginAsync(actor, Permission.SeeAudit, ct);
        tx.Audit(new(isIntact ? Intact : Altered, "audit_event", Purpose: Purpose.Operations));
        await tx.CommitAsync(ct);
        return new(isIntact, tx.Now, verdict.Size, verdict.Checkpoints, verdict.WitnessedSize, verdict.WitnessedAt, verdict.Findings.Count,
            [.. verdict.Findings.Take(MostFindings)]);
    }

    internal static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/api/v1/audit/log/verifications", async (VerifyLogHandler handler, Actor actor, CancellationToken ct) =>
                (await handler.HandleAsync(actor, ct)).ToHttp(TypedResults.Ok))
            .WithTags("Audit").WithSummary("Reads the log through and names every row that was altered, dropped, inserted or reordered")
            .Requires(Permission.SeeAudit).Audits(Intact, Altered);
        routes.MapPost("/settings/audit/verify", async (VerifyLogHandler handler, LogStateHandler state, Actor actor, CancellationToken ct) =>
        {
            var verification = await handler.HandleAsync(actor, ct);
            return verification.IsOk
                ? Shell.Page.Of<LogPage>(new { State = await state.HandleAsync(actor, ct), Verification = verification.Value })
                : Shell.Page.Refused(verification.Refusal);
        }).ExcludeFromDescription().Requires(Permission.SeeAudit).Audits(Intact, Altered, ReadAuditLogHandler.Read);
    }
}
