using System.Text.Json.Serialization;
using Chartroom.Platform.Tenancy;
using Chartroom.Platform.Vault;
using Chartroom.Scheduling;

namespace Chartroom.Paperwork;

/// <summary>By which way a paper came.</summary>
[JsonConverter(typeof(SnakeCaseNames<PaperSource>))]
public enum PaperSource { Paper }

/// <summary>That a paper was received, or that the patient would not sign it; and when it was an error, that too.</summary>
public sealed record PaperReceipt
{
    public required Guid Id { get; init; }
    public required PatientId PatientId { get; init; }
    public required PaperId PaperId { get; init; }
    public required string PaperName { get; init; }
    /// <summary>At which visit; null: outside of any.</summary>
    public AppointmentId? VisitId { get; init; }
    public required PaperHow How { get; init; }
    public required PaperSource Source { get; init; }
    /// <summary>Null when there is none, and when the patient's key is destroyed.</summary>
    public string? Note { get; init; }
    /// <summary>The calendar day from which it is good.</summary>
    public required DateOnly ReceivedOn { get; init; }
    /// <summary>The calendar day on which it is good no more, as the paper is asked for now; null: it stays good.</summary>
    public DateOnly? GoodUntil { get; init; }
    public required string ReceivedBy { get; init; }
    public required DateTimeOffset ReceivedAt { get; init; }
    /// <summary>Who said that it was an error; null: it holds.</summary>
    public string? TakenBackBy { get; init; }
    public DateTimeOffset? TakenBackAt { get; init; }
}

/// <summary>A row of <c>paper_receipt</c> with what stands beside it, still sealed.</summary>
internal sealed record PaperReceiptRow
{
    public Guid Id { get; init; }
    public PatientId PatientId { get; init; }
    public PaperId PaperId { get; init; }
    public string PaperName { get; init; } = "";
    public AppointmentId? AppointmentId { get; init; }
    public DateOnly ReceivedOn { get; init; }
    public string How { get; init; } = "";
    public string Source { get; init; } = "";
    public byte[]? Note { get; init; }
    public DateOnly? GoodUntil { get; init; }
    public string? Receiver { get; init; }
    public DateTimeOffset ReceivedAt { get; init; }
    public string? Taker { get; init; }
    public DateTimeOffset? TakenBackAt { get; init; }

    public static Cell CellOf(Guid receipt) => new("paper_receipt", "note", receipt);

    /// <summary>The receipt in clear; its note is missing without a key.</summary>
    public PaperReceipt Open(PatientKey? key) => new()
    {
        Id = Id, PatientId = PatientId, PaperId = PaperId, PaperName = PaperName, VisitId = AppointmentId, How = Enum.Parse<PaperHow>(How, ignoreCase: true),
        Source = Enum.Parse<PaperSource>(Source, ignoreCase: true), Note = Note is null ? null : key?.Open<string>(Note, CellOf(Id)), ReceivedOn = ReceivedOn, GoodUntil = GoodUntil,
        ReceivedBy = Receiver ?? "Clinic staff", ReceivedAt = ReceivedAt, TakenBackBy = TakenBackAt is not null ? Taker ?? "Clinic staff" : null, TakenBackAt = TakenBackAt,
    };

    private const string Select = """
        select paper_receipt.id, paper_receipt.patient_id, paper_receipt.paper_id, paper.name as paper_name, paper_receipt.appointment_id, paper_receipt.received_on,
            paper_receipt.how, paper_receipt.source, paper_receipt.note, paper_in_hand.good_until, receiver.display_name as receiver, paper_receipt.received_at,
            taker.display_name as taker, paper_receipt.taken_back_at
        from paper_receipt
        join paper on paper.id = paper_receipt.paper_id
        left join paper_in_hand on paper_in_hand.id = paper_receipt.id
        left join staff as receiver on receiver.id = paper_receipt.received_by
        left join staff as taker on taker.id = paper_receipt.taken_back_by
        """;

    public const string Some = Select + """

        where paper_receipt.id = any(@ids)
        order by lower(paper.name), paper_receipt.id
        """;

    public const string OfPatient = Select + """

        where paper_receipt.patient_id = @patient
        order by paper_receipt.received_at desc, paper_receipt.id desc
        limit 200
        """;
}
