using System.Text.Json.Serialization;
using Chartroom.Platform.Tenancy;
using Chartroom.Platform.Vault;

namespace Chartroom.Ledger;

/// <summary>Something that happened to what a patient owes.</summary>
public sealed record Posting
{
    public required Guid Id { get; init; }
    /// <summary>Counts up by one from posting to posting of the clinic; the number of a receipt.</summary>
    public required long Number { get; init; }
    public required PatientId PatientId { get; init; }
    public required PostingKind Kind { get; init; }
    public PaymentMethod? Method { get; init; }
    /// <summary>What it does to what the patient owes: above zero they owe more.</summary>
    public required long Cents { get; init; }
    public required string Currency { get; init; }
    /// <summary>What the patient owed once it was posted.</summary>
    public required long BalanceCents { get; init; }
    public string? What { get; init; }
    public string? Reference { get; init; }
    public string? Reason { get; init; }
    public AppointmentId? VisitId { get; init; }
    public required DateTimeOffset PostedAt { get; init; }
    /// <summary>The clinic's calendar day whose takings it belongs to.</summary>
    public required DateOnly PostedOn { get; init; }
    public string? PostedBy { get; init; }
    /// <summary>Of a reversal: what it takes back.</summary>
    public Guid? Reverses { get; init; }
    /// <summary>What took it back, or null.</summary>
    public Guid? ReversedBy { get; init; }

    /// <summary>Numbers of those two, and type and wall-clock start of the visit; on pages only.</summary>
    [JsonIgnore] public long? ReversesNumber { get; init; }
    [JsonIgnore] public long? ReversedByNumber { get; init; }
    [JsonIgnore] public PostingKind? ReversesKind { get; init; }
    [JsonIgnore] public string? VisitWords { get; init; }

    /// <summary>Whether a reversal can still take it back.</summary>
    [JsonIgnore] public bool IsOpen => Kind != PostingKind.Reversal && ReversedBy is null;
}

/// <summary>What was said with it; sealed as one document.</summary>
internal sealed record PostingWords(string? What, string? Reference, string? Reason)
{
    public static Cell CellOf(Guid posting) => new("posting", "content", posting);
}

/// <summary>A row of <c>posting</c> with its side of the receivables and the names beside it.</summary>
internal sealed record PostingRow
{
    public Guid Id { get; init; }
    public long Number { get; init; }
    public PatientId PatientId { get; init; }
    public string Kind { get; init; } = "";
    public string? Method { get; init; }
    public long Cents { get; init; }
    public string Currency { get; init; } = "";
    public long BalanceCents { get; init; }
    public byte[]? Content { get; init; }
    public AppointmentId? AppointmentId { get; init; }
    public DateTime? VisitStart { get; init; }
    public string? VisitType { get; init; }
    public DateTimeOffset PostedAt { get; init; }
    public DateOnly PostedOn { get; init; }
    public string? PostedByName { get; init; }
    public Guid? ReversesId { get; init; }
    public long? ReversesNumber { get; init; }
    public string? ReversesKind { get; init; }
    public Guid? ReversedBy { get; init; }
    public long? ReversedByNumber { get; init; }

    /// <summary>In clear; without words once the patient's key is destroyed.</summary>
    public Posting Open(PatientKey? key)
    {
        var words = Content is { } content && key is not null ? key.Open<PostingWords>(content, PostingWords.CellOf(Id)) : null;
        return new()
        {
            Id = Id, Number = Number, PatientId = PatientId, Kind = PostingNames.Kind(Kind), Method = Method is null ? null : PostingNames.Method(Method), Cents = Cents, Currency = Currency,
            BalanceCents = BalanceCents, What = words?.What, Reference = words?.Reference, Reason = words?.Reason, VisitId = AppointmentId, PostedAt = PostedAt, PostedOn = PostedOn,
            PostedBy = PostedByName, Reverses = ReversesId, ReversesNumber = ReversesNumber, ReversesKind = ReversesKind is null ? null : PostingNames.Kind(ReversesKind),
            ReversedBy = ReversedBy, ReversedByNumber = ReversedByNumber, VisitWords = VisitStart is { } start ? $"{VisitType}, {LedgerWords.Day(DateOnly.FromDateTime(start))}" : null,
        };
    }

    /// <summary>What each question adds its own condition to.</summary>
    private const string Rows = """
        select posting.id, posting.number, posting.patient_id, posting.kind, posting.method, line.cents, posting.currency, posting.content, posting.appointment_id,
            (select sum(upto.cents) from posting_line as upto where upto.account = 'receivable' and upto.patient_id = posting.patient_id and upto.number <= posting.number)::bigint as balance_cents,
            appointment.local_start as visit_start, visit_type.name as visit_type, posting.posted_at, posting.posted_on, staff.display_name as posted_by_name,
            posting.reverses_id, was.number as reverses_number, posting.reverses_kind, undone.id as reversed_by, undone.number as reversed_by_number
        from posting
        join posting_line as line on line.posting_id = posting.id and line.account = 'receivable'
        left join posting as was on was.id = posting.reverses_id
        left join posting as undone on undone.reverses_id = posting.id
        left join staff on staff.id = posting.posted_by
        left join appointment on appointment.id = posting.appointment_id
        left join visit_type on visit_type.id = appointment.visit_type_id

        """;

    public const string One = Rows + """
        where posting.id = @id
        """;

    public const string OfPatient = Rows + """
        where posting.patient_id = @patient and posting.number < @before
        order by posting.number desc
        limit @most
        """;

    public const string OfVisit = Rows + """
        where posting.appointment_id = @visit
        order by posting.number desc
        limit 20
        """;

    public const string OfDay = Rows + """
        where posting.posted_on = @day and posting.number < @before
        order by posting.number desc
        limit @most
        """;
}

/// <summary>Kinds and methods by the names the database has for them.</summary>
internal static class PostingNames
{
    public static PostingKind Kind(string name) => Enum.Parse<PostingKind>(name, ignoreCase: true);

    public static PaymentMethod Method(string name) => Enum.Parse<PaymentMethod>(name, ignoreCase: true);

    /// <summary>The audit event of posting one.</summary>
    public static string EventOf(PostingKind kind) => kind switch
    {
        PostingKind.Charge => "charge.posted",
        PostingKind.Payment => "payment.taken",
        PostingKind.Adjustment => "adjustment.posted",
        PostingKind.Refund => "refund.given",
        PostingKind.Reversal => "posting.reversed",
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>What it takes to post one.</summary>
    public static Permission NeedOf(PostingKind kind) => kind is PostingKind.Adjustment or PostingKind.Refund ? Permission.AdjustAccounts : Permission.PostPayments;
}
