using Chartroom.Charts;
using Chartroom.Orders;
using Chartroom.Platform.Tenancy;

namespace Chartroom.Scribe.Orders;

/// <summary>What became of a draft of orders.</summary>
public sealed record PlacedOrders(AppointmentId VisitId, PatientId PatientId, IReadOnlyList<OrderId> Orders);

/// <summary>
/// Places the accepted orders of a fully decided draft, in one transaction with the draft's end: the only way from a proposal to an order. The database holds the same line (trigger
/// <c>visit_order_decided</c>). What was rejected leaves only its decision. Refuses <c>scribe.undecided</c>, <c>scribe.other-kind</c>, <c>scribe.allergy-warning</c> when the chart learned
/// of an allergy since, a draft that is closed, a stale version (412).
/// </summary>
internal sealed class PlaceOrdersHandler(TenantDb db)
{
    public async Task<Outcome<PlacedOrders>> HandleAsync(DraftId id, int version, Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.SignNotes, ct);
        if (!await DraftShelf.LockAsync(tx, id, ct)) return Refusals.NoSuchDraft;
        var opened = await DraftShelf.OpenAsync(tx, id, new("orders.placed", "draft", id.Value), ct);
        if (!opened.IsOk) return opened.Refusal;
        var draft = opened.Value;
        if (draft.Row.Becomes != DraftKind.Orders) return Refusals.OtherKind;
        if (ReviewRules.JudgeSigning(draft, version) is { } refusal) return refusal;
        var visit = draft.Row.AppointmentId ?? throw new InvalidOperationException("Orders were kept without their visit.");   // draft_visit_given

        var placed = new List<OrderId>();
        foreach (var it in draft.Sheet.Statements.Where(it => it.IsInNote))
        {
            IReadOnlyList<string> warnings = KindOf(it.Drafted.Section) == OrderKind.Medicine && !OrderVerdict.IsEnd(it.Text) ? await AllergyWarnings.AgainstAsync(tx, draft.Key, it.Text, ct) : [];
            if (warnings.Count > 0 && it.Reason is null) return Refusals.AllergyWarning.With("statements", new[] { it.Number });
            var content = new OrderContent(it.Text, it.Purpose) { Accepted = warnings.Count > 0 ? [new(string.Join(' ', warnings), it.Reason!)] : [] };   // asked for above
            if (warnings.Count > 0) tx.Audit(new("allergy_warning.overridden", "draft", id.Value), draft.Row.PatientId);
            placed.Add(OrderBook.Add(tx, draft.Key, new(visit, KindOf(it.Drafted.Section), content) { ProposedBy = (id.Value, it.Number) }));
        }
        await ClosingBook.CloseAsync(tx, draft, new(0, 1, DecisionKind.Signed), null, ct);
        await tx.CommitAsync(ct);
        return new PlacedOrders(visit, draft.Row.PatientId, placed);
    }

    private static OrderKind KindOf(string section) => section switch
    {
        OrderVerdict.Medicines => OrderKind.Medicine,
        OrderVerdict.Tests => OrderKind.Test,
        OrderVerdict.Imaging => OrderKind.Imaging,
        OrderVerdict.FollowUp => OrderKind.FollowUp,
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
