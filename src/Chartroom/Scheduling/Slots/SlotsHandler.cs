using Chartroom.Platform.Tenancy;

namespace Chartroom.Scheduling;

/// <summary>Free starts as the API tells them.</summary>
/// <param name="IsCut">True when there may be more than were asked for.</param>
internal sealed record SlotsAnswer(IReadOnlyList<FreeSlot> Slots, bool IsCut);

/// <summary>Why a start is not offered; empty when it is.</summary>
internal sealed record WhyNotAnswer(IReadOnlyList<WhyNot> Reasons);

/// <summary>Answers for people and programs where there is free time, and why there is none.</summary>
internal sealed class SlotsHandler(TenantDb db)
{
    private static readonly Platform.Audit.Access Access = new("slots.searched", "appointment");

    public async Task<Outcome<SlotsAnswer>> FindAsync(SlotSearch ask, Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.SeeAppointments, ct);
        tx.Audit(Access);
        var found = await Slots.FindAsync(tx, ask, ct);
        if (!found.IsOk) return found.Refusal;
        await tx.CommitAsync(ct);
        return new SlotsAnswer(found.Value, found.Value.Length == ask.Most);
    }

    public async Task<WhyNotAnswer> WhyNotAsync(SlotQuestion ask, Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.SeeAppointments, ct);
        tx.Audit(Access);
        var reasons = await Slots.WhyNotAsync(tx, ask, ct);
        await tx.CommitAsync(ct);
        return new(reasons);
    }
}
