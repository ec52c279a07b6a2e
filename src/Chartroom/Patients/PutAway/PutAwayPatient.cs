using Chartroom.Platform.Tenancy;
using Chartroom.Platform.Web;
using Chartroom.Shell;
using Npgsql;

namespace Chartroom.Patients;

/// <summary>Takes a patient who should not be here out of every list and search, and keeps everything.</summary>
/// <param name="Version">The version at which whoever asks saw the patient.</param>
internal sealed record PutAwayPatient(PatientId Id, int Version, AwayReason Reason);

/// <summary>Puts a patient away who was entered by mistake. Whoever is still needed stays: the database refuses by the foreign keys to <c>patient (id, is_here)</c>, whatever is begun
/// at the same moment, and also where the asker may not see what it is. Refuses <c>patients.unknown</c>, <c>patients.merged</c>, <c>patients.away</c>, <c>patients.has-visits</c>,
/// <c>patients.has-drafts</c>, <c>platform.stale-version</c>.</summary>
internal sealed class PutAwayPatientHandler(TenantDb db)
{
    internal const string PutAway = "patient.put-away";

    public async Task<Outcome<int>> HandleAsync(PutAwayPatient ask, Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.EditPatients, ct);
        if (await PatientReads.ReadOnRecordAsync(tx, ask.Id, new(PutAway, "patient", ask.Id.Value), ct) is not { Patient: var patient, Key: var key }) return Refusals.Unknown;
        if (patient.Line.Away is not null) return Refusals.Away;
        if (patient.Line.State == PatientState.Merged) return Refusals.Merged;
        if (patient.Version != ask.Version) return Versions.StaleAt(patient.Version);
        try
        {
            var version = await PatientWrites.TurnAsync(tx, patient, key, ask.Reason, ct);
            if (version.IsOk) await tx.CommitAsync(ct);
            return version;
        }
        catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.ForeignKeyViolation)   // by its name in the message: a Citus coordinator leaves the field empty
        {
            return error.MessageText.Contains("appointment_patient_here_fkey", StringComparison.Ordinal) ? Refusals.HasVisits : Refusals.HasDrafts;
        }
    }
}

/// <summary>Brings a patient back who was put away: an administrator, or whoever put them away. Refuses <c>patients.unknown</c>, <c>patients.not-away</c>,
/// <c>patients.not-yours-to-restore</c>, <c>patients.identifier-taken</c> where another patient has got one of the record numbers since, <c>patients.to-be-destroyed</c> (held by the foreign key
/// <c>patient_destruction_away_fkey</c>).</summary>
internal sealed class RestorePatientHandler(TenantDb db)
{
    internal const string Restored = "patient.restored";

    public async Task<Outcome<int>> HandleAsync(PatientId id, Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.EditPatients, ct);
        if (await PatientReads.ReadOnRecordAsync(tx, id, new(Restored, "patient", id.Value), ct) is not { Patient: var patient, Key: var key }) return Refusals.Unknown;
        if (patient.Line.Away is not { } away) return Refusals.NotAway;
        if (!MayRestore(away, actor)) return Refusals.NotYoursToRestore;
        try
        {
            var version = await PatientWrites.TurnAsync(tx, patient, key, reason: null, ct);
            if (version.IsOk) await tx.CommitAsync(ct);
            return version;
        }
        catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.ForeignKeyViolation)
        {
            return Refusals.ToBeDestroyed;
        }
    }

    internal static bool MayRestore(PatientAway away, Actor actor) => actor.Role == ClinicRole.Admin || away.By == actor.Staff;
}

internal static class PutAwayPatientRoutes
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var pages = routes.MapGroup("/patients/{id:guid}").ExcludeFromDescription();
        pages.MapGet("/put-away", FormAsync).Requires(Permission.EditPatients).Audits(ReadPatientHandler.Read);
        pages.MapPost("/put-away", PutAwayAsync).Requires(Permission.EditPatients).Audits(PutAwayPatientHandler.PutAway);
        pages.MapPost("/restore", async (PatientId id, RestorePatientHandler handler, Actor actor, CancellationToken ct) =>
                await handler.HandleAsync(id, actor, ct) is { IsOk: false, Refusal: var refusal } ? Page.Refused(refusal) : Page.SeeOther($"/patients/{id}?patient=restored"))
            .Requires(Permission.EditPatients).Audits(RestorePatientHandler.Restored);

        var api = routes.MapGroup("/api/v1/patients/{id:guid}").WithTags("Patients");
        api.MapDelete("", async (PatientId id, string? reason, PutAwayPatientHandler handler, Actor actor, HttpContext http, CancellationToken ct) =>
            {
                var version = Versions.IfMatch(http);
                if (!version.IsOk) return version.Refusal.ToHttp();
                if (ReasonOf(reason) is not { } why) return NoReason().ToHttp();
                return (await handler.HandleAsync(new(id, version.Value, why), actor, ct)).ToHttp(_ => TypedResults.NoContent());
            })
            .WithSummary("Puts a patient away who was entered by mistake (reason: entered_by_mistake, duplicate, test_entry, never_came or to_be_destroyed). Everything is kept, and comes back with restore.")
            .Produces(StatusCodes.Status204NoContent).Requires(Permission.EditPatients).Audits(PutAwayPatientHandler.PutAway);
        api.MapPost("/restore", async (PatientId id, RestorePatientHandler handler, Actor actor, HttpContext http, CancellationToken ct) =>
                (await handler.HandleAsync(id, actor, ct)).ToHttp(version =>
                {
                    Versions.SetETag(http, version);
                    return TypedResults.Ok(new { id, version });
                }))
            .WithSummary("Brings a patient back who was put away: an administrator, or whoever put them away")
            .Requires(Permission.EditPatients).Audits(RestorePatientHandler.Restored);
    }

    private static Refusal NoReason() => Refusals.Invalid.On("reason", "Say why.");

    private static AwayReason? ReasonOf(string? reason) => Enum.GetValues<AwayReason>().Cast<AwayReason?>().FirstOrDefault(it => PatientRegister.NameOf(it!.Value) == reason);   // none of the values is null

    private static async Task<IResult> FormAsync(PatientId id, ReadPatientHandler handler, Actor actor, CancellationToken ct)
    {
        var patient = await handler.HandleAsync(id, actor, ct);
        if (!patient.IsOk) return Page.Refused(patient.Refusal);
        return patient.Value.Line.Away is null ? Page.Of<PutAwayPatientPage>(new { Patient = patient.Value }) : Page.Refused(Refusals.Away);
    }

    /// <summary>What the form sends.</summary>
    private sealed record AwayForm(string? Reason);

    private static async Task<IResult> PutAwayAsync(PatientId id, Form<AwayForm> form, PutAwayPatientHandler handler, ReadPatientHandler read, Actor actor, CancellationToken ct)
    {
        var gone = await form.ThenAsync(async ask => ReasonOf(ask.Reason) is { } why ? await handler.HandleAsync(new(id, (int)(form.Version ?? 0), why), actor, ct) : NoReason());
        if (gone.IsOk) return Page.SeeOther($"/patients?patient=away&of={id}");
        var patient = await read.HandleAsync(id, actor, ct);
        return patient.IsOk ? Page.Of<PutAwayPatientPage>(new { Patient = patient.Value, Form = form.Again(gone.Refusal) }, gone.Refusal.Status) : Page.Refused(patient.Refusal);
    }
}
