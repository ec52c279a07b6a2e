using Chartroom.Platform.Tenancy;
using Chartroom.Platform.Web;

namespace Chartroom.Orders;

/// <summary>Says that an order is done or cancelled, or opens it again; what it says never changes. Refuses <c>orders.no-such-order</c>, <c>orders.ended</c>,
/// <c>orders.not-ended</c>, a stale version (412).</summary>
internal sealed class EndOrderHandler(TenantDb db)
{
    public async Task<Outcome<PlacedOrder>> HandleAsync(OrderId id, int version, OrderState state, Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.SignNotes, ct);
        if ((await tx.QueryAsync<OrderRow>(OrderRow.One, new { id }, ct)) is not [var row]
            || await tx.OpenPatientAsync(row.PatientId, new(EventOf(state), "order", id.Value), ct) is not { } key) return Refusals.NoSuchOrder;
        if (row.Version != version) return Versions.StaleAt(row.Version);
        if (row.State == "open" == (state == OrderState.Open)) return state == OrderState.Open ? Refusals.NotEnded : Refusals.Ended;
        if (await tx.ExecuteAsync(Update, new { id, version, state, by = state == OrderState.Open ? null : (StaffId?)actor.Staff, at = state == OrderState.Open ? null : (DateTimeOffset?)tx.Now }, ct) == 0)
            return Versions.Stale;
        var after = (await tx.QueryAsync<OrderRow>(OrderRow.One, new { id }, ct)).Single().Open(key);
        await tx.CommitAsync(ct);
        return after;
    }

    internal static string EventOf(OrderState state) => state switch
    {
        OrderState.Open => "order.reopened",
        OrderState.Done => "order.done",
        OrderState.Cancelled => "order.cancelled",
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private const string Update = """
        update visit_order
        set state = @state, version = version + 1, ended_by = @by, ended_at = @at
        where id = @id and version = @version
        """;
}
