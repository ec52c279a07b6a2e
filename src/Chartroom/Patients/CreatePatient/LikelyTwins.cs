using Chartroom.Platform.Tenancy;

namespace Chartroom.Patients;

/// <summary>Opens the possible duplicates that a refusal lists, so that the person at the desk can tell whether it is one of them.</summary>
internal sealed class LikelyTwinsHandler(TenantDb db)
{
    /// <summary>Empty for any other refusal.</summary>
    public async Task<IReadOnlyList<PatientLine>> HandleAsync(Refusal refusal, Actor actor, CancellationToken ct)
    {
        if (!refusal.Facts.TryGetValue("candidates", out var fact) || fact is not IReadOnlyList<PatientId> candidates) return [];
        await using var tx = await db.BeginAsync(actor, Permission.SeePatients, ct);
        var lines = await PatientReads.LinesAsync(tx, candidates, new("patient.duplicates-shown", "patient"), withAway: false, ct);
        await tx.CommitAsync(ct);
        return [.. candidates.Where(lines.ContainsKey).Select(id => lines[id])];
    }
}
