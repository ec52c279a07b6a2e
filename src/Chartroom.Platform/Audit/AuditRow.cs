using Chartroom.Transparency;

namespace Chartroom.Platform.Audit;

/// <summary>An event as its row is written: the entry's fields and the program's mark.</summary>
internal sealed class AuditRow(LogEntry entry, Guid[] patientIds, byte[] tag)
{
    public Guid Id => entry.Id;
    public DateTimeOffset At => entry.At;
    public Guid? ClinicId => entry.ClinicId;
    public Guid? PersonId => entry.PersonId;
    public string? Role => entry.Role;
    public string Action => entry.Action;
    public string Resource => entry.Resource;
    public Guid? ResourceId => entry.ResourceId;
    public Guid[] PatientIds => patientIds;
    public string? Purpose => entry.Purpose;
    public string Outcome => entry.Outcome;
    public string Door => entry.Door;
    public string? Ip => entry.Ip;
    public Guid? DeviceId => entry.DeviceId;
    public string? Agent => entry.Agent;
    public string? Language => entry.Language;
    public Guid? SessionId => entry.SessionId;
    public string? TraceId => entry.TraceId;
    public byte[] Tag => tag;
}
