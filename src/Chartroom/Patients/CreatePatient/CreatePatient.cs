using Chartroom.Platform.Tenancy;
using Chartroom.Platform.Web;

namespace Chartroom.Patients;

/// <summary>Enters somebody who is not here yet.</summary>
/// <param name="Patient">Who it is.</param>
/// <param name="Confirmed">True once the person has looked at the possible duplicates and it is none of them.</param>
public sealed record CreatePatient(PatientDetails? Patient, bool Confirmed);

/// <summary>
/// Checks what was typed, warns of duplicates (same day of birth and the same telephone or a name that sounds alike), enters the patient. The record
/// number is taken first: its counter makes desks take turns, so that of two who enter the same person at once the second is warned.
/// Refusals: <c>patients.invalid</c>, <c>patients.possible-duplicate</c>.
/// </summary>
internal sealed class CreatePatientHandler(TenantDb db)
{
    private const string Created = "patient.created";

    public async Task<Outcome<NewPatient>> HandleAsync(CreatePatient ask, Actor actor, CancellationToken ct)
    {
        if (ask.Patient is not { } typed) return Refusals.Invalid.On("patient", "Say who it is.");
        await using var tx = await db.BeginAsync(actor, Permission.EditPatients, ct);
        var details = DetailsRules.Check(typed, await PatientReads.TodayAsync(tx, ct), before: null);
        if (!details.IsOk) return details.Refusal;

        var patient = DetailsOnto.Apply(details.Value, DetailsOnto.Nobody);
        var mrn = await PatientWrites.TakeRecordNumberAsync(tx, ct);
        if (!ask.Confirmed && await Duplicates.FindAsync(tx, patient, ct) is { Count: > 0 } candidates)
        {
            tx.Audit(new("patient.duplicates-found", "patient"), [.. candidates]);
            return Refusals.PossibleDuplicate.With("candidates", candidates);
        }
        var entered = await PatientWrites.InsertAsync(tx, mrn, patient, Created, ct);
        if (entered.IsOk) await tx.CommitAsync(ct);
        return entered;
    }

    internal static void MapApi(RouteGroupBuilder api) => api.MapPost("/patients",
            async (CreatePatient ask, CreatePatientHandler handler, HttpContext http, Actor actor, CancellationToken ct) =>
                (await handler.HandleAsync(ask, actor, ct)).ToHttp(patient =>
                {
                    Versions.SetETag(http, 1);
                    return TypedResults.Created($"/api/v1/patients/{patient.Id}", patient);
                }))
        .Requires(Permission.EditPatients).Audits(Created, "patient.duplicates-found").WithSummary("Enter a patient");
}
