using System.Text.Json.Serialization;
using Chartroom.Platform.Vault;

namespace Chartroom.Tasks;

/// <summary>What kind of work.</summary>
[JsonConverter(typeof(Scheduling.SnakeCaseNames<TaskKind>))]
public enum TaskKind { General, CallBack, Rebook, Results, Paperwork }

/// <summary>How much it matters.</summary>
[JsonConverter(typeof(Scheduling.SnakeCaseNames<TaskPriority>))]
public enum TaskPriority { Low, Normal, High }

/// <summary>Whether it is still to be done.</summary>
[JsonConverter(typeof(Scheduling.SnakeCaseNames<TaskState>))]
public enum TaskState { Open, Done, Cancelled }

/// <summary>Those of one role, whoever comes first.</summary>
[JsonConverter(typeof(Scheduling.SnakeCaseNames<Team>))]
public enum Team { FrontDesk, Provider, Admin }

/// <summary>In what a task comes again.</summary>
[JsonConverter(typeof(Scheduling.SnakeCaseNames<RepeatUnit>))]
public enum RepeatUnit { Days, Weeks, Months }

/// <summary>A task as everybody at the desk sees it.</summary>
public sealed record DeskTask
{
    public required Guid Id { get; init; }
    public required TaskKind Kind { get; init; }
    /// <summary>What is to be done; null for one the program made, and when the patient's key is destroyed.</summary>
    public string? Words { get; init; }
    public PatientId? PatientId { get; init; }
    public AppointmentId? VisitId { get; init; }
    public StaffId? AssigneeId { get; init; }
    public string? AssigneeName { get; init; }
    /// <summary>Whoever it is for works here no more: every team sees it until somebody gives it to somebody else.</summary>
    public required bool HasAssigneeLeft { get; init; }
    public Team? Team { get; init; }
    public DateOnly? DueOn { get; init; }
    /// <summary>Open, and its day is over at the clinic.</summary>
    public required bool IsOverdue { get; init; }
    public required TaskPriority Priority { get; init; }
    public int? RepeatEvery { get; init; }
    public RepeatUnit? RepeatUnit { get; init; }
    public required TaskState State { get; init; }
    public required DateTimeOffset StateChangedAt { get; init; }
    /// <summary>Made by the program for a visit that was lost.</summary>
    public required bool IsByProgram { get; init; }
    public required int Version { get; init; }

    /// <summary>On pages only.</summary>
    [JsonIgnore] public string? PatientName { get; init; }
    /// <summary>The telephone to call first, on pages only.</summary>
    [JsonIgnore] public string? Phone { get; init; }
    /// <summary>Of a visit: type, provider, wall-clock start and how far it came, on pages only.</summary>
    [JsonIgnore] public string? VisitWords { get; init; }
    [JsonIgnore] public Guid? VisitTypeId { get; init; }
    [JsonIgnore] public Guid? VisitProviderId { get; init; }
}

/// <summary>A row of <c>task</c>, with the names beside it.</summary>
internal sealed record TaskRow
{
    public Guid Id { get; init; }
    public required string Kind { get; init; }
    public byte[]? Words { get; init; }
    public byte[]? OwnWords { get; init; }
    public PatientId? PatientId { get; init; }
    public AppointmentId? AppointmentId { get; init; }
    public StaffId? AssigneeId { get; init; }
    public string? AssigneeName { get; init; }
    public bool HasAssigneeLeft { get; init; }
    public string? Team { get; init; }
    public DateOnly? DueOn { get; init; }
    public required string Priority { get; init; }
    public int? RepeatEvery { get; init; }
    public string? RepeatUnit { get; init; }
    public DateOnly? RepeatFrom { get; init; }
    public required string State { get; init; }
    public DateTimeOffset StateChangedAt { get; init; }
    public bool IsByProgram { get; init; }
    public int Version { get; init; }
    public Guid? VisitTypeId { get; init; }
    public string? VisitType { get; init; }
    public Guid? VisitProviderId { get; init; }
    public string? VisitProvider { get; init; }
    public DateTime? VisitStart { get; init; }
    public string? VisitStatus { get; init; }

    public static Cell CellOf(Guid task) => new("task", "words", task);

    public static Cell OwnCellOf(Guid task) => new("task", "own_words", task);

    /// <summary>The task in clear.</summary>
    /// <param name="words">As opened under the key it was sealed with.</param>
    /// <param name="today">The clinic's calendar day.</param>
    public DeskTask Open(string? words, DateOnly today) => new()
    {
        Id = Id, Kind = Named.As<TaskKind>(Kind), Words = words, PatientId = PatientId, VisitId = AppointmentId, AssigneeId = AssigneeId, AssigneeName = AssigneeName,
        HasAssigneeLeft = HasAssigneeLeft,
        Team = Team is null ? null : Named.As<Team>(Team), DueOn = DueOn, IsOverdue = State == "open" && DueOn < today, Priority = Named.As<TaskPriority>(Priority),
        RepeatEvery = RepeatEvery, RepeatUnit = RepeatUnit is null ? null : Named.As<RepeatUnit>(RepeatUnit), State = Named.As<TaskState>(State), StateChangedAt = StateChangedAt,
        IsByProgram = IsByProgram, Version = Version, VisitTypeId = VisitTypeId, VisitProviderId = VisitProviderId,
        VisitWords = VisitStart is { } start ? $"{VisitType} with {VisitProvider}, {Say.Day(start)}, {Say.Clock(start)}{(VisitStatus is { } status ? $" – {Say.Status(status)}" : null)}" : null,
    };
}

/// <summary>Members of enums by the names the database has for them.</summary>
internal static class Named
{
    public static TEnum As<TEnum>(string name) where TEnum : struct, Enum => Enum.Parse<TEnum>(name.Replace("_", "", StringComparison.Ordinal), ignoreCase: true);
}
