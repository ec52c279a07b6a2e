using Chartroom.Charts;
using Chartroom.Platform.Tenancy;
using Chartroom.Scheduling;

namespace Chartroom.Orders;

/// <summary>Places an order by hand at a visit.</summary>
/// <param name="Words">What to do, 500 characters at most.</param>
/// <param name="Purpose">What for, or null.</param>
/// <param name="Despite">Why a medicine is right in spite of a warning that an allergy speaks against it; kept with the order.</param>
internal sealed record PlaceOrder(OrderKind Kind, string? Words, string? Purpose = null, string? Despite = null);

/// <summary>Places it. Refuses <c>orders.no-such-visit</c>, <c>orders.invalid-order</c>, <c>orders.allergy-warning</c>.</summary>
internal sealed class PlaceOrderHandler(TenantDb db)
{
    public async Task<Outcome<PlacedOrder>> HandleAsync(AppointmentId visit, PlaceOrder ask, Actor actor, CancellationToken ct)
    {
        if (Judge(ask) is { } refusal) return refusal;
        await using var tx = await db.BeginAsync(actor, Permission.SignNotes, ct);
        if (await Visits.FindAsync(tx, visit, ct) is not { } facts || await tx.OpenPatientAsync(facts.PatientId, new("order.placed", "appointment", visit.Value), ct) is not { } key)
            return Refusals.NoSuchVisit;
        var content = new OrderContent(ask.Words!.Trim(), string.IsNullOrWhiteSpace(ask.Purpose) ? null : ask.Purpose.Trim());   // judged
        var warnings = ask.Kind == OrderKind.Medicine ? await AllergyWarnings.AgainstAsync(tx, key, content.Words, ct) : [];
        if (warnings.Count > 0)
        {
            var words = string.Join(' ', warnings);
            if (string.IsNullOrWhiteSpace(ask.Despite)) return Refusals.AllergyWarning.On("despite", $"{words} Say why it is right all the same.");
            content = content with { Accepted = [new(words, ask.Despite.Trim())] };
            tx.Audit(new("allergy_warning.overridden", "appointment", visit.Value), key.Patient);
        }
        var id = OrderBook.Add(tx, key, new(visit, ask.Kind, content));
        var placed = (await tx.QueryAsync<OrderRow>(OrderRow.One, new { id }, ct)).Single().Open(key);
        await tx.CommitAsync(ct);
        return placed;
    }

    private static Refusal? Judge(PlaceOrder ask) =>
        string.IsNullOrWhiteSpace(ask.Words) ? Refusals.Invalid.On("words", "Write what to do.")
        : ask.Words.Length > OrderBook.LongestWords ? Refusals.Invalid.On("words", "Keep it under 500 characters.")
        : ask.Purpose?.Length > OrderBook.LongestWords ? Refusals.Invalid.On("purpose", "Keep it under 500 characters.")
        : ask.Despite?.Length > OrderBook.LongestWords ? Refusals.Invalid.On("despite", "Keep it under 500 characters.")
        : null;
}
