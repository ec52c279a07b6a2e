using System.Text.Json.Serialization;
using Chartroom.Platform.Vault;

namespace Chartroom.Tasks;

/// <summary>Due until booked or given up.</summary>
[JsonConverter(typeof(Scheduling.SnakeCaseNames<RecallState>))]
public enum RecallState { Due, Booked, Declined, Unreachable, Cancelled }

/// <summary>By what means somebody was tried.</summary>
[JsonConverter(typeof(Scheduling.SnakeCaseNames<AttemptHow>))]
public enum AttemptHow { Call, Text, Email, Letter }

/// <summary>What came of it.</summary>
[JsonConverter(typeof(Scheduling.SnakeCaseNames<AttemptOutcome>))]
public enum AttemptOutcome { NoAnswer, LeftMessage, Sent, Reached, WrongNumber, Declined }

/// <summary>A try to reach a patient.</summary>
/// <param name="Note">More of it; null without one, and when the patient's key is destroyed.</param>
public sealed record RecallAttempt(DateTimeOffset At, string By, AttemptHow How, AttemptOutcome Outcome, string? Note);

/// <summary>A patient to be asked in again.</summary>
public sealed record Recall
{
    public required Guid Id { get; init; }
    public required PatientId PatientId { get; init; }
    public required VisitTypeId VisitTypeId { get; init; }
    public required string VisitType { get; init; }
    public StaffId? ProviderId { get; init; }
    public string? ProviderName { get; init; }
    public required DateOnly DueOn { get; init; }
    /// <summary>Some time in that month rather than from that day on.</summary>
    public required bool IsMonth { get; init; }
    public string? Reason { get; init; }
    public required RecallState State { get; init; }
    public required int Attempts { get; init; }
    public DateTimeOffset? LastAttemptAt { get; init; }
    public required int Version { get; init; }

    /// <summary>On pages only.</summary>
    [JsonIgnore] public string PatientName { get; init; } = "Deleted patient";
    [JsonIgnore] public string? Phone { get; init; }
}

/// <summary>A row of <c>recall</c>, with the names beside it.</summary>
internal sealed record RecallRow
{
    public Guid Id { get; init; }
    public PatientId PatientId { get; init; }
    public VisitTypeId VisitTypeId { get; init; }
    public string VisitType { get; init; } = "";
    public StaffId? ProviderId { get; init; }
    public string? ProviderName { get; init; }
    public DateOnly DueOn { get; init; }
    public bool IsMonth { get; init; }
    public byte[]? Reason { get; init; }
    public string State { get; init; } = "";
    public int Attempts { get; init; }
    public DateTimeOffset? LastAttemptAt { get; init; }
    public int Version { get; init; }

    public static Cell CellOf(Guid recall) => new("recall", "reason", recall);

    public Recall Open(PatientKey? key) => new()
    {
        Id = Id, PatientId = PatientId, VisitTypeId = VisitTypeId, VisitType = VisitType, ProviderId = ProviderId, ProviderName = ProviderName, DueOn = DueOn, IsMonth = IsMonth,
        Reason = Reason is null ? null : key?.Open<string>(Reason, CellOf(Id)), State = Named.As<RecallState>(State), Attempts = Attempts, LastAttemptAt = LastAttemptAt, Version = Version,
    };
}
