using System.Text.Json.Serialization;
using Chartroom.Platform.Audit;
using Chartroom.Platform.Tenancy;
using Chartroom.Platform.Vault;

namespace Chartroom.Paperwork;

/// <summary>How a paper of a patient stands today: received; expired; missing; asked at each visit anew; not asked of one who was seen before.</summary>
[JsonConverter(typeof(Scheduling.SnakeCaseNames<PaperState>))]
public enum PaperState { Received, Expired, Missing, EachVisit, NotAsked }

/// <summary>A paper of the clinic's list as it stands with a patient.</summary>
/// <param name="VisitTypes">At which kinds of visits it is asked for only; empty: at all.</param>
/// <param name="Receipt">The latest that holds, be it still good or not.</param>
public sealed record PatientPaper(PaperId PaperId, string Name, PaperAsked Asked, int? Months, IReadOnlyList<string> VisitTypes, PaperState State, PaperReceipt? Receipt);

/// <summary>The visit ahead, and how many of its papers are missing.</summary>
public sealed record NextVisit(AppointmentId VisitId, DateTime LocalStart, int Missing);

/// <summary>Papers of a patient: what the clinic asks for, and every receipt, taken back or not, latest first, 200 at most.</summary>
/// <param name="NextVisit">Null when none is booked.</param>
public sealed record PatientPapers(PatientId PatientId, IReadOnlyList<PatientPaper> Papers, NextVisit? NextVisit, IReadOnlyList<PaperReceipt> Receipts)
{
    /// <summary>The clinic's today, on pages only.</summary>
    [JsonIgnore] public DateOnly Today { get; init; }
}

/// <summary>How the papers of a patient stand. Refuses <c>paperwork.no-such-patient</c>.</summary>
internal sealed class PatientPapersHandler(TenantDb db)
{
    public async Task<Outcome<PatientPapers>> HandleAsync(PatientId patient, Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.SeeAppointments, ct);
        var today = await TodayAsync(tx, ct);
        var asked = tx.Ask<PaperRowOfPatient>(Select, new { patient, today });
        var ahead = tx.Ask<NextVisit>(SelectNext, new { patient, tx.Now });
        var receipts = tx.Ask<PaperReceiptRow>(PaperReceiptRow.OfPatient, new { patient });
        if (await tx.OpenPatientAsync(patient, new(VisitPapersHandler.Read, "patient", patient.Value), ct) is not { } key) return Refusals.NoSuchPatient;
        var rows = await asked.ReadAsync(ct);
        var known = (await receipts.ReadAsync(ct)).ConvertAll(row => row.Open(key));
        var older = await OlderAsync(tx, rows, known, key, ct);
        var next = (await ahead.ReadAsync(ct)).FirstOrDefault();
        await tx.CommitAsync(ct);
        var byId = known.Concat(older).ToDictionary(receipt => receipt.Id);
        return new PatientPapers(patient, [.. rows.Select(row => row.ToPaper(byId))], next, known) { Today = today };
    }

    /// <summary>The calendar day at the clinic's first place.</summary>
    internal static async Task<DateOnly> TodayAsync(ClinicTx tx, CancellationToken ct) =>
        ClinicTime.TodayAt(tx.Now, await tx.QueryOneOrNoneAsync<string>("select time_zone from location where is_active order by name, id limit 1", null, ct) ?? "UTC");

    /// <summary>Receipts that hold, but are older than the latest 200.</summary>
    private static async Task<List<PaperReceipt>> OlderAsync(ClinicTx tx, List<PaperRowOfPatient> rows, List<PaperReceipt> known, PatientKey key, CancellationToken ct)
    {
        Guid[] ids = [.. rows.Select(row => row.ReceiptId).OfType<Guid>().Except(known.Select(receipt => receipt.Id))];
        return ids.Length == 0 ? [] : (await tx.QueryAsync<PaperReceiptRow>(PaperReceiptRow.Some, new { ids }, ct)).ConvertAll(row => row.Open(key));
    }

    private sealed record PaperRowOfPatient
    {
        public PaperId Id { get; init; }
        public string Name { get; init; } = "";
        public string Asked { get; init; } = "";
        public int? Months { get; init; }
        public string[] VisitTypes { get; init; } = [];
        public string State { get; init; } = "";
        public Guid? ReceiptId { get; init; }

        public PatientPaper ToPaper(Dictionary<Guid, PaperReceipt> receipts) => new(Id, Name, Enum.Parse<PaperAsked>(Asked, ignoreCase: true), Months, VisitTypes,
            Enum.Parse<PaperState>(State.Replace("_", "", StringComparison.Ordinal), ignoreCase: true), ReceiptId is { } id ? receipts.GetValueOrDefault(id) : null);
    }

    private const string Select = """
        select paper.id, paper.name, paper.asked, paper.months, receipt.id as receipt_id,
            array(select visit_type.name from paper_visit_type join visit_type on visit_type.id = paper_visit_type.visit_type_id
                where paper_visit_type.paper_id = paper.id order by lower(visit_type.name), visit_type.id) as visit_types,
            case when paper.asked = 'visit' then 'each_visit'
                when receipt.good_until <= @today then 'expired'
                when receipt.id is not null then 'received'
                when paper.patients = 'new' and exists (select from appointment where appointment.patient_id = @patient and appointment.status = 'completed') then 'not_asked'
                else 'missing' end as state
        from paper
        left join lateral (
            select paper_in_hand.id, paper_in_hand.good_until
            from paper_in_hand
            where paper_in_hand.patient_id = @patient and paper_in_hand.paper_id = paper.id
            order by paper_in_hand.received_on desc, paper_in_hand.received_at desc, paper_in_hand.id desc
            limit 1) as receipt on true
        where paper.is_active
        order by lower(paper.name), paper.id
        """;

    private const string SelectNext = """
        select appointment.id as visit_id, appointment.local_start,
            (select count(*)::int from visit_paper where visit_paper.appointment_id = appointment.id and visit_paper.receipt_id is null) as missing
        from appointment
        where appointment.patient_id = @patient and appointment.ends_at > @now and appointment.status in ('requested', 'booked', 'confirmed', 'arrived', 'roomed', 'in_progress')
        order by appointment.starts_at, appointment.id
        limit 1
        """;
}
