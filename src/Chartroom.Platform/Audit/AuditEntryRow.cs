using Chartroom.Transparency;

namespace Chartroom.Platform.Audit;

/// <summary>A row of <c>audit_entry</c>.</summary>
internal sealed record AuditEntryRow(
    Guid Id, DateTimeOffset At, Guid? ClinicId, Guid? PersonId, string? Role, string Action, string Resource, Guid? ResourceId, string? PatientIds, string? Purpose,
    string Outcome, string Door, string? Ip, Guid? DeviceId, string? Agent, string? Language, Guid? SessionId, string? TraceId, long Xid, byte[]? Tag)
{
    /// <summary>What is hashed of it.</summary>
    public LogEntry Entry { get; } = new(Id, At, ClinicId, PersonId, Role, Action, Resource, ResourceId, PatientIds, Purpose, Outcome, Door, Ip, DeviceId, Agent,
        Language, SessionId, TraceId);
}
