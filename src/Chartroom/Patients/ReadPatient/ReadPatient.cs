using Chartroom.Platform.Tenancy;
using Chartroom.Platform.Web;

namespace Chartroom.Patients;

/// <summary>A patient as the API answers them.</summary>
/// <param name="Version">Also the ETag; a change must name it.</param>
/// <param name="Details">The part that PUT takes.</param>
/// <param name="Demographics">Everything known, also what other systems wrote.</param>
public sealed record PatientAnswer(
    PatientLine Patient, int Version, DateTimeOffset UpdatedAt, PatientDetails Details, Demographics Demographics)
{
    internal static PatientAnswer Of(PatientRecord patient) =>
        new(patient.Line, patient.Version, patient.UpdatedAt, DetailsOnto.Of(patient.Demographics), patient.Demographics);
}

/// <summary>Opens one patient's demographics, also of one who was put away, and says so. Refuses <c>patients.unknown</c>, alike for who never was, is deleted, or is another clinic's.</summary>
internal sealed class ReadPatientHandler(TenantDb db)
{
    internal const string Read = "patient.read";

    public async Task<Outcome<PatientRecord>> HandleAsync(PatientId id, Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.SeePatients, ct);
        if (await PatientReads.ReadOnRecordAsync(tx, id, new(Read, "patient", id.Value), ct) is not { } found) return Refusals.Unknown;
        await tx.CommitAsync(ct);
        return found.Patient;
    }

    internal static void MapApi(RouteGroupBuilder api) => api.MapGet("/patients/{id:guid}",
            async (PatientId id, ReadPatientHandler handler, HttpContext http, Actor actor, CancellationToken ct) =>
                (await handler.HandleAsync(id, actor, ct)).ToHttp(patient =>
                {
                    Versions.SetETag(http, patient.Version);
                    return TypedResults.Ok(PatientAnswer.Of(patient));
                }))
        .Requires(Permission.SeePatients).Audits(Read).WithSummary("A patient's demographics");
}
