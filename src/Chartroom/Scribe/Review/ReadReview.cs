using Chartroom.Patients;
using Chartroom.Platform.Tenancy;
using Chartroom.Scheduling;

namespace Chartroom.Scribe;

/// <summary>What a visit's note page shows.</summary>
/// <param name="Draft">The latest draft, or null when there is none yet.</param>
public sealed record VisitReview(VisitFacts Facts, PatientLine Patient, OpenedDraft? Draft);

/// <summary>Opens a visit's note as far as it has come. Refuses <c>scribe.no-such-visit</c>.</summary>
internal sealed class ReadReviewHandler(TenantDb db)
{
    public async Task<Outcome<VisitReview>> HandleAsync(AppointmentId id, Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.SignNotes, ct);
        if (await Visits.FindAsync(tx, id, ct) is not { } visit) return Refusals.NoSuchVisit;
        var access = new Platform.Audit.Access("review.opened", "appointment", id.Value);
        if (!(await PatientRegister.NamesAsync(tx, [visit.PatientId], access, ct)).TryGetValue(visit.PatientId, out var patient)) return Refusals.NoSuchVisit;
        OpenedDraft? draft = null;
        if (await DraftShelf.LatestOfAsync(tx, id, ct) is { } latest)
        {
            var opened = await DraftShelf.OpenAsync(tx, latest, new("draft.read", "draft", latest.Value), ct);
            if (!opened.IsOk) return opened.Refusal;
            draft = opened.Value;
        }
        await tx.CommitAsync(ct);
        return new VisitReview(visit, patient, draft);
    }

    /// <summary>The draft alone. Refuses <c>scribe.no-such-draft</c>.</summary>
    public async Task<Outcome<OpenedDraft>> DraftAsync(DraftId id, Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.SignNotes, ct);
        var opened = await DraftShelf.OpenAsync(tx, id, new("draft.read", "draft", id.Value), ct);
        if (opened.IsOk) await tx.CommitAsync(ct);
        return opened;
    }
}
