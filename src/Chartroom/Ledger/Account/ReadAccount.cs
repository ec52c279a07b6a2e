using System.Text.Json.Serialization;
using Chartroom.Patients;
using Chartroom.Platform.Audit;
using Chartroom.Platform.Tenancy;
using Chartroom.Scheduling;

namespace Chartroom.Ledger;

/// <summary>A patient's account: what is owed now, and a part of what happened, newest first.</summary>
/// <param name="BalanceCents">Above zero: owed by the patient; below: in the patient's favour.</param>
/// <param name="Next">Ask with this as <c>before</c> for what was earlier; null at the end.</param>
public sealed record Account(PatientId PatientId, string Currency, long BalanceCents, IReadOnlyList<Posting> Postings, long? Next)
{
    [JsonIgnore] public PatientLine? Patient { get; init; }
}

/// <summary>What the desk is offered to post about a visit.</summary>
/// <param name="UsualCents">What such a visit usually costs; null when nobody said.</param>
/// <param name="IsCharged">A charge for it stands.</param>
/// <param name="BalanceCents">What its patient owes.</param>
public sealed record VisitAccount(long? UsualCents, bool IsCharged, long BalanceCents, string Currency);

/// <summary>Reads accounts.</summary>
internal sealed class ReadAccountHandler(TenantDb db)
{
    public const string Read = "account.read";
    public const int AtOnce = 50;

    /// <summary>An account; refuses <c>ledger.no-such-patient</c>.</summary>
    public async Task<Outcome<Account>> HandleAsync(PatientId patient, long? before, Actor actor, CancellationToken ct)
    {
        var access = new Access(Read, "patient", patient.Value, Purpose.Payment);
        await using var tx = await db.BeginAsync(actor, Permission.SeeBalances, ct);
        var totals = tx.Ask<AccountTotal>(SelectTotal, new { patient });
        var rows = tx.Ask<PostingRow>(PostingRow.OfPatient, new { patient, before = before ?? long.MaxValue, most = AtOnce + 1 });
        var names = await PatientRegister.NamesOnRecordAsync(tx, [patient], access, ct);
        if (names.GetValueOrDefault(patient) is not { } line || await tx.OpenPatientAsync(patient, access, ct) is not { } key) return Refusals.NoSuchPatient;
        var total = (await totals.ReadAsync(ct)).Single();
        var found = await rows.ReadAsync(ct);
        Posting[] shown = [.. found.Take(AtOnce).Select(row => row.Open(key))];
        await tx.CommitAsync(ct);
        return new Account(patient, total.Currency, total.Cents, shown, found.Count > AtOnce ? shown[^1].Number : null) { Patient = line };
    }

    /// <summary>The balance alone, for the patient's page.</summary>
    public async Task<AccountTotal> TotalAsync(PatientId patient, Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.SeeBalances, ct);
        var total = (await tx.QueryAsync<AccountTotal>(SelectTotal, new { patient }, ct)).Single();
        tx.Audit(new(Read, "patient", patient.Value, Purpose.Payment), patient);
        await tx.CommitAsync(ct);
        return total;
    }

    /// <summary>What the desk is to know of a visit's money; null when there is no such visit.</summary>
    public async Task<VisitAccount?> OfVisitAsync(AppointmentId visit, Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.SeeBalances, ct);
        if (await Visits.FindAsync(tx, visit, ct) is not { } facts) return null;
        var found = (await tx.QueryAsync<VisitAccount>(SelectVisit, new { visit }, ct)).Single();
        tx.Audit(new(Read, "appointment", visit.Value, Purpose.Payment), facts.PatientId);
        await tx.CommitAsync(ct);
        return found;
    }

    private const string SelectTotal = """
        select ledger_rules.currency, coalesce((select sum(cents) from posting_line where account = 'receivable' and patient_id = @patient), 0)::bigint as cents
        from ledger_rules
        """;

    // Counted and not asked by exists, which the planner would answer by looking at every charge of the clinic once.
    private const string SelectVisit = """
        select usual_charge.cents as usual_cents,
            (select count(*)
                from posting
                left join posting as undone on undone.reverses_id = posting.id
                where posting.appointment_id = appointment.id and posting.kind = 'charge' and undone.id is null) > 0 as is_charged,
            coalesce((select sum(line.cents) from posting_line as line where line.account = 'receivable' and line.patient_id = appointment.patient_id), 0)::bigint as balance_cents,
            ledger_rules.currency
        from appointment
        cross join ledger_rules
        left join usual_charge on usual_charge.visit_type_id = appointment.visit_type_id
        where appointment.id = @visit
        """;
}

/// <summary>What somebody owes.</summary>
public sealed record AccountTotal(string Currency, long Cents);
