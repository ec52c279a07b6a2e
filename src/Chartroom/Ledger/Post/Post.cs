using Chartroom.Platform.Tenancy;

namespace Chartroom.Ledger;

/// <summary>Charges a patient.</summary>
/// <param name="Cents">How much, 1 to 1,000,000,000.</param>
/// <param name="What">What for, 500 characters at most; may be absent with <paramref name="VisitId"/>.</param>
/// <param name="VisitId">For which visit of the patient, or null.</param>
internal sealed record PostCharge(long Cents, string? What = null, AppointmentId? VisitId = null)
{
    public NewPosting Posting => new(PostingKind.Charge, Cents, null, VisitId) { What = What };
}

/// <summary>Takes a patient's payment.</summary>
/// <param name="Method">How it came.</param>
/// <param name="Reference">Number of the check or of the terminal's slip, or null.</param>
internal sealed record TakePayment(long Cents, PaymentMethod Method, string? Reference = null, AppointmentId? VisitId = null)
{
    public NewPosting Posting => new(PostingKind.Payment, Cents, Method, VisitId) { Reference = Reference };
}

/// <summary>Writes off what a patient owes.</summary>
/// <param name="Reason">Why.</param>
internal sealed record PostAdjustment(long Cents, string? Reason)
{
    public NewPosting Posting => new(PostingKind.Adjustment, Cents) { Reason = Reason };
}

/// <summary>Gives a patient money back.</summary>
internal sealed record GiveRefund(long Cents, PaymentMethod Method, string? Reason, string? Reference = null)
{
    public NewPosting Posting => new(PostingKind.Refund, Cents, Method) { Reason = Reason, Reference = Reference };
}

/// <summary>Posts to a patient's account. Refuses <c>ledger.no-such-patient</c>, <c>ledger.invalid-posting</c>, <c>ledger.unknown-visit</c>, <c>ledger.too-much</c>.</summary>
internal sealed class PostHandler(TenantDb db)
{
    public async Task<Outcome<Posting>> HandleAsync(PatientId patient, NewPosting ask, Actor actor, CancellationToken ct)
    {
        if (PostingBook.Judge(ask) is { } wrong) return wrong;
        await using var tx = await db.BeginAsync(actor, PostingNames.NeedOf(ask.Kind), ct);
        var posted = await PostingBook.AddAsync(tx, patient, ask, ct);
        if (posted.IsOk) await tx.CommitAsync(ct);
        return posted;
    }
}
