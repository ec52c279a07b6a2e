using Chartroom.Platform.Audit;
using Chartroom.Platform.Tenancy;

namespace Chartroom.Patients;

/// <summary>Whom typed words fit.</summary>
/// <param name="Sole">The one active patient of that name and birth date with the e-mail or the telephone; null for none or several.</param>
/// <param name="HasEmail">Whether it was the e-mail that fits.</param>
/// <param name="Alike">Others who may be the same person, by the rule that warns the desk of duplicates.</param>
public sealed record PatientMatch(PatientId? Sole, bool HasEmail, IReadOnlyList<PatientId> Alike)
{
    /// <summary>Looks among the likely twins, opens them and compares name, birth date, e-mail and telephone. The event names whomever was opened.</summary>
    public static async Task<PatientMatch> FindAsync(ClinicTx tx, Demographics typed, Access access, CancellationToken ct)
    {
        var twins = await Duplicates.FindAsync(tx, typed, ct);
        var fits = new List<(PatientId Id, bool HasEmail)>();
        foreach (var twin in twins)
        {
            if (await PatientReads.ReadAsync(tx, twin, access with { ResourceId = twin.Value }, ct) is not { Line.State: PatientState.Active } patient) continue;
            var hasEmail = Emails(patient.Demographics).Intersect(Emails(typed)).Any();
            if (HasName(patient.Demographics, typed) && (hasEmail || SearchIndex.Phones(patient.Demographics).Intersect(SearchIndex.Phones(typed)).Any())) fits.Add((twin, hasEmail));
        }
        return fits is [var only] ? new(only.Id, only.HasEmail, [.. twins.Where(twin => twin != only.Id)]) : new(null, false, twins);
    }

    /// <summary>Family and given name of one of the patient's names, folded; the order may be the wrong way round.</summary>
    private static bool HasName(Demographics patient, Demographics typed)
    {
        var wanted = typed.Names.Select(Folded).First();
        return patient.Names.Select(Folded).Any(name => name == wanted || (name.Family == wanted.Given && name.Given == wanted.Family));
    }

    private static (string Family, string Given) Folded(PersonName name) => (NameFold.Whole(name.Family ?? ""), NameFold.Whole(name.Given is [var first, ..] ? first : ""));

    private static IEnumerable<string> Emails(Demographics patient) =>
        patient.Telecoms.Where(point => point.System == ContactSystem.Email).Select(point => point.Value.Trim().ToUpperInvariant());
}
