using System.Text.Json.Serialization;
using Chartroom.Patients;
using Chartroom.Platform.Audit;
using Chartroom.Platform.Tenancy;

namespace Chartroom.Paperwork;

/// <summary>A paper that a visit asks for.</summary>
/// <param name="Receipt">What answers it, in time for this visit; null: it is missing.</param>
public sealed record VisitPaper(PaperId PaperId, string Name, PaperAsked Asked, int? Months, PaperReceipt? Receipt)
{
    public bool IsMissing => Receipt is null;
}

/// <summary>All papers that a visit asks for, missing ones first.</summary>
public sealed record VisitPapers(AppointmentId VisitId, PatientId PatientId, IReadOnlyList<VisitPaper> Papers)
{
    public int Missing => Papers.Count(paper => paper.IsMissing);

    /// <summary>On pages only.</summary>
    [JsonIgnore] public string PatientName { get; init; } = "";
    /// <summary>Day and wall-clock time at the visit's place, on pages only.</summary>
    [JsonIgnore] public DateTime LocalStart { get; init; }
    /// <summary>Today there, on pages only.</summary>
    [JsonIgnore] public DateOnly Today { get; init; }
}

/// <summary>What a visit asks for and what of it is missing, by the one rule (<c>visit_paper</c>). Refuses <c>paperwork.no-such-visit</c>.</summary>
internal sealed class VisitPapersHandler(TenantDb db)
{
    internal const string Read = "papers.read";

    public async Task<Outcome<VisitPapers>> HandleAsync(AppointmentId visit, Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.SeeAppointments, ct);
        var papers = await FindAsync(tx, visit, new(Read, "appointment", visit.Value), ct);
        if (papers.IsOk) await tx.CommitAsync(ct);
        return papers;
    }

    private static async Task<Outcome<VisitPapers>> FindAsync(ClinicTx tx, AppointmentId visit, Access access, CancellationToken ct)
    {
        var asked = tx.Ask<PaperRowOfVisit>(Select, new { visit });
        if (await Scheduling.Visits.FindAsync(tx, visit, ct) is not { } facts) return Refusals.NoSuchVisit;
        var rows = await asked.ReadAsync(ct);
        Guid[] ids = [.. rows.Select(row => row.ReceiptId).OfType<Guid>()];
        var receipts = tx.Ask<PaperReceiptRow>(PaperReceiptRow.Some, new { ids });
        var name = (await PatientRegister.NamesOnRecordAsync(tx, [facts.PatientId], access, ct)).GetValueOrDefault(facts.PatientId)?.Name;
        var read = await receipts.ReadAsync(ct);
        var key = read.Exists(row => row.Note is not null) ? await tx.OpenPatientAsync(facts.PatientId, access, ct) : null;
        var known = read.ToDictionary(row => row.Id, row => row.Open(key));
        return new VisitPapers(visit, facts.PatientId,
            [.. rows.Select(row => new VisitPaper(row.Id, row.Name, Enum.Parse<PaperAsked>(row.Asked, ignoreCase: true), row.Months, row.ReceiptId is { } id ? known.GetValueOrDefault(id) : null))])
        {
            PatientName = name ?? "Deleted patient", LocalStart = facts.LocalStart, Today = ClinicTime.TodayAt(tx.Now, facts.TimeZone),
        };
    }

    private sealed record PaperRowOfVisit(PaperId Id, string Name, string Asked, int? Months, Guid? ReceiptId);

    private const string Select = """
        select paper.id, paper.name, paper.asked, paper.months, visit_paper.receipt_id
        from visit_paper
        join paper on paper.id = visit_paper.paper_id
        where visit_paper.appointment_id = @visit
        order by visit_paper.receipt_id is not null, lower(paper.name), paper.id
        """;
}
