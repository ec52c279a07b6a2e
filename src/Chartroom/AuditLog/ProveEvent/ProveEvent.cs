using Chartroom.Platform.Audit;
using Chartroom.Platform.Tenancy;
using Chartroom.Platform.Web;
using Chartroom.Transparency;

namespace Chartroom.AuditLog;

/// <summary>
/// Shows that an event stands in the last signed head, to somebody who holds the log's public key and nothing else.
/// See <see href="https://www.rfc-editor.org/rfc/rfc9162.html#section-2.1.3"/>.
/// </summary>
/// <param name="Position">Of its leaf, from 0.</param>
/// <param name="LeafHash">RFC 9162 hash of the event as sealed.</param>
/// <param name="Size">Leaves under the head.</param>
/// <param name="Path">Siblings, lowest first.</param>
/// <param name="Note">The head with the signatures of log and witness.</param>
public sealed record EventProof(Guid EventId, long Position, byte[] LeafHash, long Size, byte[] Root, IReadOnlyList<byte[]> Path, string Note);

/// <summary>Proves one event. Refuses <c>audit.no-such-event</c>, also for another clinic's, and <c>audit.not-yet-sealed</c>. Admins only.</summary>
internal sealed class ProveEventHandler(TenantDb db)
{
    internal const string Proved = "audit.proved";
    private const int LeavesAtOnce = 10_000;

    public async Task<Outcome<EventProof>> HandleAsync(Guid id, Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.SeeAudit, ct);
        tx.Audit(new(Proved, "audit_event", id, Purpose.Operations));
        var events = tx.Ask<long>("select count(*) from audit_event where id = @id", new { id });
        var heads = tx.Ask<HeadRow>("select size, note from audit_checkpoint order by size desc limit 1", null);
        var leaf = await tx.QueryOneOrNoneAsync<LeafRow>("select position, hash from audit_leaf where event_id = @id", new { id }, ct);
        var head = (await heads.ReadAsync(ct)).SingleOrDefault();
        if (leaf is null && (await events.ReadAsync(ct)).Single() == 0) return Refusals.NoSuchEvent;
        if (leaf is null || head is null || head.Size <= leaf.Position) return Refusals.NotYetSealed;
        var path = new List<byte[]>();
        foreach (var range in MerkleTree.InclusionRanges(leaf.Position, head.Size)) path.Add(await RootAsync(tx, range, ct));
        await tx.CommitAsync(ct);
        return new EventProof(id, leaf.Position, leaf.Hash, head.Size, Checkpoint.TryParse(head.Note, out var signed) ? signed.Root : [], path, head.Note);
    }

    private static async Task<byte[]> RootAsync(ClinicTx tx, (long From, long To) range, CancellationToken ct)
    {
        var frontier = new Frontier();
        for (var from = range.From; from < range.To; from += LeavesAtOnce)
        {
            var arguments = new { from, to = Math.Min(range.To, from + LeavesAtOnce) };
            foreach (var leaf in await tx.QueryAsync<byte[]>("select hash from audit_leaf where position >= @from and position < @to order by position", arguments, ct))
                frontier.Append(leaf);
        }
        return frontier.Root();
    }

    private sealed record LeafRow(long Position, byte[] Hash);

    private sealed record HeadRow(long Size, string Note);

    internal static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/api/v1/audit/{eventId:guid}/proof",
            async (Guid eventId, ProveEventHandler handler, Actor actor, CancellationToken ct) => (await handler.HandleAsync(eventId, actor, ct)).ToHttp(TypedResults.Ok))
        .WithTags("Audit").WithSummary("Inclusion proof of an event in the last signed head")
        .Requires(Permission.SeeAudit).Audits(Proved);
}
