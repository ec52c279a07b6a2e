using Chartroom.Platform.Tenancy;
using Chartroom.Platform.Web;

namespace Chartroom.Patients;

/// <summary>Changes what is known of a patient.</summary>
/// <param name="Version">The version that was changed.</param>
internal sealed record EditPatient(PatientId Id, int Version, PatientDetails Details);

/// <summary>What a PUT carries.</summary>
public sealed record ChangedPatient(PatientDetails? Patient);

/// <summary>What happened to a patient between the version a form was opened at and now.</summary>
/// <param name="Before">Details at the form's version; null when there never was such a version.</param>
public sealed record PatientChange(PatientRecord Current, PatientDetails? Before)
{
    public PatientDetails Now { get; } = DetailsOnto.Of(Current.Demographics);

    /// <summary>Names of the fields that changed, such as <c>contact.mobile</c>.</summary>
    public IReadOnlyList<string> Fields => Before is null ? [] : DetailsFields.Differing(Before, Now);
}

/// <summary>Replaces the details of a patient and keeps what they were. Answers the new version. Refusals: <c>patients.unknown</c>, <c>patients.merged</c>,
/// <c>patients.invalid</c>, <c>platform.stale-version</c> with the facts <c>currentVersion</c> and <c>changed</c> (names of fields).</summary>
internal sealed class EditPatientHandler(TenantDb db)
{
    internal const string Changed = "patient.changed", Compared = "patient.compared";

    public async Task<Outcome<int>> HandleAsync(EditPatient ask, Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.EditPatients, ct);
        if (await PatientReads.ReadAsync(tx, ask.Id, new(Changed, "patient", ask.Id.Value), ct) is not { } before) return Refusals.Unknown;
        if (before.Version != ask.Version) return await StaleAsync(tx, before, ask.Version, ct);
        var details = DetailsRules.Check(ask.Details, before.Today, DetailsOnto.Of(before.Demographics));
        if (!details.IsOk) return details.Refusal;

        var after = DetailsOnto.Apply(details.Value, before.Demographics);
        var version = await PatientWrites.ReplaceAsync(tx, before, after, ct);
        if (!version.IsOk && version.Refusal == Versions.Stale)   // somebody was faster since we read
            return await PatientReads.ReadAsync(tx, ask.Id, new(Changed, "patient", ask.Id.Value), ct) is { } current
                ? await StaleAsync(tx, current, ask.Version, ct) : Refusals.Unknown;
        if (version.IsOk) await tx.CommitAsync(ct);
        return version;
    }

    /// <summary>For the form of a stale version: how it is now, and what has changed since.</summary>
    public async Task<Outcome<PatientChange>> CompareAsync(PatientId id, int version, Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.EditPatients, ct);
        if (await PatientReads.ReadAsync(tx, id, new(Compared, "patient", id.Value), ct) is not { } current) return Refusals.Unknown;
        var change = await ChangeAsync(tx, current, version, ct);
        await tx.CommitAsync(ct);
        return change;
    }

    private static async Task<Refusal> StaleAsync(ClinicTx tx, PatientRecord current, int version, CancellationToken ct) =>
        Versions.StaleAt(current.Version).With("changed", (await ChangeAsync(tx, current, version, ct)).Fields);

    private static async Task<PatientChange> ChangeAsync(ClinicTx tx, PatientRecord current, int version, CancellationToken ct) =>
        new(current, await PatientReads.OldAsync(tx, current.Line.Id, version, ct) is { } old ? DetailsOnto.Of(old) : null);

    internal static void MapApi(RouteGroupBuilder api) => api.MapPut("/patients/{id:guid}",
            async (PatientId id, ChangedPatient ask, EditPatientHandler handler, HttpContext http, Actor actor, CancellationToken ct) =>
            {
                if (ask.Patient is not { } details) return Refusals.Invalid.On("patient", "Say who it is.").ToHttp();
                var named = Versions.IfMatch(http);
                if (!named.IsOk) return named.Refusal.ToHttp();
                return (await handler.HandleAsync(new(id, named.Value, details), actor, ct)).ToHttp(version =>
                {
                    Versions.SetETag(http, version);
                    return TypedResults.Ok(new { id, version });
                });
            })
        .Requires(Permission.EditPatients).Audits(Changed).WithSummary("Change a patient's details");
}
