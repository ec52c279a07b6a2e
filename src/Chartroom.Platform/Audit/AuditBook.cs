using Chartroom.Platform.Database;

namespace Chartroom.Platform.Audit;

/// <summary>The events of one transaction, until they are written with its commit.</summary>
internal sealed class AuditBook
{
    private readonly List<(Access Access, PatientId[] Patients, DateTimeOffset At)> events = [];

    public bool IsEmpty => events.Count == 0;

    public void Add(Access access, PatientId[] patients, DateTimeOffset at) => events.Add((access, patients, at));

    public void QueueInto(SqlPipe pipe, Actor actor, string outcome)
    {
        foreach (var (access, patients, at) in events)
        {
            pipe.Queue(Insert, new
            {
                id = Guid.CreateVersion7(),
                at,
                actor.Clinic,
                actor.Person,
                actor.Role,
                access.Action,
                access.Resource,
                access.ResourceId,
                patients,
                access.Purpose,
                outcome,
                actor.Origin.Door,
                actor.Origin.Ip,
                actor.Origin.DeviceId,
                actor.Origin.Agent,
                actor.Origin.Language,
                actor.Origin.SessionId,
                actor.Origin.TraceId,
            });
        }
    }

    private const string Insert = """
        insert into audit_event (id, at, clinic_id, person_id, role, action, resource, resource_id, patient_ids, purpose, outcome,
            door, ip, device_id, agent, language, session_id, trace_id)
        values (@id, @at, @clinic, @person, @role, @action, @resource, @resourceId, @patients, @purpose, @outcome,
            @door, @ip, @deviceId, @agent, @language, @sessionId, @traceId)
        """;
}
