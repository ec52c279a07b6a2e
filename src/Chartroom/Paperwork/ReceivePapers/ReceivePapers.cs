using Chartroom.Platform.Audit;
using Chartroom.Platform.Tenancy;
using Chartroom.Scheduling;

namespace Chartroom.Paperwork;

/// <summary>Papers that a patient has handed in, or would not sign.</summary>
/// <param name="PaperIds">Which, 1 to 50.</param>
/// <param name="How">Signed, seen or declined.</param>
/// <param name="Note">More of it, 300 characters at most; kept sealed.</param>
/// <param name="ReceivedOn">From which calendar day it is good, of this century and not ahead; absent: today.</param>
public sealed record ReceivePapers(IReadOnlyList<PaperId>? PaperIds, PaperHow How, string? Note = null, DateOnly? ReceivedOn = null);

/// <summary>Marks papers as received, and takes that back. Every receipt stays to be seen.</summary>
internal sealed class ReceivePapersHandler(TenantDb db)
{
    internal const string Received = "paper.received", TakenBack = "paper.taken-back";
    private const int LongestNote = 300, MostPapers = 50;

    /// <summary>At a visit. Refuses <c>paperwork.no-such-visit</c>, <c>paperwork.invalid-receipt</c>, and <c>paperwork.already-received</c> for what the visit does not miss.</summary>
    public async Task<Outcome<IReadOnlyList<PaperReceipt>>> AtVisitAsync(AppointmentId visit, ReceivePapers ask, Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.BookAppointments, ct);
        if (await Visits.FindAsync(tx, visit, ct) is not { } facts) return Refusals.NoSuchVisit;
        var whose = new Whose(facts.PatientId, visit, ClinicTime.TodayAt(tx.Now, facts.TimeZone), new(Received, "appointment", visit.Value));
        return await ReceiveAsync(tx, whose, ask, ct);
    }

    /// <summary>Outside of a visit; one that is still good is renewed. Refuses <c>paperwork.no-such-patient</c>, <c>paperwork.invalid-receipt</c>.</summary>
    public async Task<Outcome<IReadOnlyList<PaperReceipt>>> OfPatientAsync(PatientId patient, ReceivePapers ask, Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.BookAppointments, ct);
        return await ReceiveAsync(tx, new(patient, null, await PatientPapersHandler.TodayAsync(tx, ct), new(Received, "patient", patient.Value)), ask, ct);
    }

    /// <summary>Says that receipts were an error. Refuses <c>paperwork.no-such-receipt</c> and <c>paperwork.taken-back</c>; then none of them is.</summary>
    public async Task<Outcome<IReadOnlyList<PaperReceipt>>> TakeBackAsync(IReadOnlyList<Guid> receipts, Actor actor, CancellationToken ct)
    {
        Guid[] ids = [.. receipts.Distinct()];
        await using var tx = await db.BeginAsync(actor, Permission.BookAppointments, ct);
        var rows = ids.Length is 0 or > MostPapers ? [] : await tx.QueryAsync<PaperReceiptRow>(PaperReceiptRow.Some, new { ids }, ct);
        if (rows.Count == 0 || rows.Count != ids.Length || rows.Exists(row => row.PatientId != rows[0].PatientId)) return Refusals.NoSuchReceipt;
        if (await tx.OpenPatientAsync(rows[0].PatientId, new(TakenBack, "paper_receipt", ids.Length == 1 ? ids[0] : null), ct) is not { } key) return Refusals.NoSuchReceipt;
        if (await tx.ExecuteAsync(UpdateTakenBack, new { ids, me = actor.Person, tx.Now }, ct) != ids.Length) return Refusals.TakenBack;
        var after = await tx.QueryAsync<PaperReceiptRow>(PaperReceiptRow.Some, new { ids }, ct);
        await tx.CommitAsync(ct);
        return after.ConvertAll(row => row.Open(key));
    }

    private static async Task<Outcome<IReadOnlyList<PaperReceipt>>> ReceiveAsync(ClinicTx tx, Whose whose, ReceivePapers ask, CancellationToken ct)
    {
        if (Judge(ask, whose.Today) is { } wrong) return wrong;
        PaperId[] papers = [.. ask.PaperIds!.Distinct()];   // judged
        tx.Ask<string>(Lock, new { whose.Patient });
        var found = tx.Ask<Found>(SelectFound, new { papers, visit = whose.At });
        if (await tx.OpenPatientAsync(whose.Patient, whose.Access, ct) is not { } key) return whose.At is null ? Refusals.NoSuchPatient : Refusals.NoSuchVisit;
        var known = await found.ReadAsync(ct);
        if (known.Count != papers.Length) return Refusals.InvalidReceipt.On("paperIds", "Choose papers of the clinic's list.");
        if (known.Exists(paper => paper.IsAnswered)) return Refusals.AlreadyReceived;
        if (whose.At is null && known.Exists(paper => paper.IsOfVisit)) return Refusals.InvalidReceipt.On("paperIds", "A paper that is asked for at every visit is marked at the visit.");
        var note = string.IsNullOrWhiteSpace(ask.Note) ? null : ask.Note.Trim();
        Guid[] ids = [.. papers.Select(_ => Guid.CreateVersion7())];
        foreach (var (id, paper) in ids.Zip(papers))
        {
            tx.Queue(Insert, new
            {
                id, whose.Patient, paper, visit = whose.At, receivedOn = ask.ReceivedOn ?? whose.Today, ask.How, note = note is null ? null : key.Seal(note, PaperReceiptRow.CellOf(id)),
                keyVersion = note is null ? null : (int?)key.Version, me = tx.Actor.Person, tx.Now,
            });
        }
        var after = await tx.QueryAsync<PaperReceiptRow>(PaperReceiptRow.Some, new { ids }, ct);
        await tx.CommitAsync(ct);
        return after.ConvertAll(row => row.Open(key));
    }

    /// <summary>What is wrong with it, apart from the database.</summary>
    internal static Refusal? Judge(ReceivePapers ask, DateOnly today)
    {
        var refusal = Refusals.InvalidReceipt;
        if (ask.PaperIds is not { Count: > 0 and <= MostPapers }) refusal = refusal.On("paperIds", "Choose at least one paper.");
        if (!Enum.IsDefined(ask.How)) refusal = refusal.On("how", "Choose signed, seen or declined.");
        if (ask.Note?.Trim().Length > LongestNote) refusal = refusal.On("note", $"Write at most {LongestNote} characters.");
        if (ask.ReceivedOn is { } day && (day.Year < 2000 || day > today)) refusal = refusal.On("receivedOn", "Choose today or a day before, of this century.");
        return refusal.Errors.Count > 0 ? refusal : null;
    }

    private sealed record Whose(PatientId Patient, AppointmentId? At, DateOnly Today, Access Access);

    private sealed record Found(bool IsAnswered, bool IsOfVisit);

    /// <summary>Two desks that mark a patient's paper take turns, so that it is received once.</summary>
    private const string Lock = """
        select pg_advisory_xact_lock(hashtextextended('paper ' || @patient::text, hashtext(current_schema())))::text
        """;

    private const string SelectFound = """
        select visit_paper.receipt_id is not null as is_answered, paper.asked = 'visit' as is_of_visit
        from paper
        left join visit_paper on visit_paper.paper_id = paper.id and visit_paper.appointment_id = @visit
        where paper.id = any(@papers) and paper.is_active
        """;

    private const string Insert = """
        insert into paper_receipt (id, patient_id, paper_id, appointment_id, received_on, how, source, note, note_key_version, received_by, received_at)
        values (@id, @patient, @paper, @visit, @receivedOn, @how, 'paper', @note, @keyVersion, @me, @now)
        """;

    private const string UpdateTakenBack = """
        update paper_receipt
        set taken_back_by = @me, taken_back_at = @now
        where id = any(@ids) and taken_back_at is null
        """;
}
