using Chartroom.Patients;
using Chartroom.Platform.Audit;
using Chartroom.Platform.Tenancy;
using Chartroom.Shell;

namespace Chartroom.Tasks;

/// <summary>What the form of a new recall shows.</summary>
/// <param name="Patient">Null until somebody is chosen.</param>
public sealed record RecallFormFacts(PatientLine? Patient, Guid? VisitType, Guid? Provider, IReadOnlyList<SelectField.Option> VisitTypes, IReadOnlyList<SelectField.Option> Providers, DateOnly Today, string? Back);

/// <summary>Reads the lists of that form, and opens the patient it is about.</summary>
internal sealed class RecallFormHandler(TenantDb db)
{
    internal const string Opened = "recall.opened";

    public async Task<Outcome<RecallFormFacts>> HandleAsync(RecallAddress ask, Actor actor, CancellationToken ct)
    {
        var access = new Access(Opened, "recall");
        await using var tx = await db.BeginAsync(actor, Permission.BookAppointments, ct);
        tx.Audit(access);
        var visit = ask.Visit is { } asked ? await tx.QueryOneOrNoneAsync<OfVisit>("select patient_id, visit_type_id, provider_id from appointment where id = @asked", new { asked }, ct) : null;
        if (ask.Visit is not null && visit is null) return Refusals.UnknownVisit;
        var id = visit?.PatientId ?? ask.Patient;
        var patient = id is { } known ? (await PatientRegister.NamesAsync(tx, [known], access, ct)).GetValueOrDefault(known) : null;
        if (id is not null && patient is null) return Refusals.UnknownPatient;
        var types = await tx.QueryAsync<Named>("select id, name from visit_type where is_active order by name, id", null, ct);
        var providers = await tx.QueryAsync<Named>("select id, display_name as name from staff where is_provider and is_active order by display_name, id", null, ct);
        var today = await TaskReads.TodayAsync(tx, ct);
        await tx.CommitAsync(ct);
        return new RecallFormFacts(patient, visit?.VisitTypeId, visit?.ProviderId, Options(types), [new("", "Anybody"), .. Options(providers)], today, ask.Back);
    }

    private static List<SelectField.Option> Options(List<Named> rows) => [.. rows.Select(row => new SelectField.Option(row.Id.ToString(), row.Name))];

    private sealed record Named(Guid Id, string Name);

    private sealed record OfVisit
    {
        public PatientId? PatientId { get; init; }
        public Guid? VisitTypeId { get; init; }
        public Guid? ProviderId { get; init; }
    }
}
