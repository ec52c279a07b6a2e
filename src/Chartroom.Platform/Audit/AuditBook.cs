using Chartroom.Platform.Database;
using Chartroom.Transparency;

namespace Chartroom.Platform.Audit;

/// <summary>The events of one transaction, until they are written with its commit.</summary>
internal sealed class AuditBook(AuditStamp stamp)
{
    private readonly List<(Access Access, PatientId[] Patients, DateTimeOffset At)> events = [];

    public bool IsEmpty => events.Count == 0;

    /// <summary>Whom the events name, each once.</summary>
    public Guid[] Patients => [.. events.SelectMany(it => it.Patients).Select(patient => patient.Value).Distinct()];

    public void Add(Access access, PatientId[] patients, DateTimeOffset at) => events.Add((access, patients, at));

    public void QueueInto(SqlPipe pipe, Actor actor, string outcome)
    {
        foreach (var (access, patients, at) in events)
        {
            var (origin, ids) = (actor.Origin, patients.Select(patient => patient.Value).ToArray());
            var entry = new LogEntry(Guid.CreateVersion7(), LogEntry.ToMicroseconds(at), actor.Clinic.Value, actor.Person.Value, SqlArguments.SnakeCase(actor.Role.ToString()),
                access.Action, access.Resource, access.ResourceId, string.Join(',', ids),
                SqlArguments.SnakeCase(access.Purpose.ToString()), outcome, origin.Door, origin.Ip, origin.DeviceId, origin.Agent, origin.Language, origin.SessionId,
                origin.TraceId);
            pipe.Queue(Insert, stamp.Row(entry, ids));
        }
    }

    private const string Insert = """
        insert into audit_event (id, at, clinic_id, person_id, role, action, resource, resource_id, patient_ids, purpose, outcome,
            door, ip, device_id, agent, language, session_id, trace_id, tag)
        values (@id, @at, @clinicId, @personId, @role, @action, @resource, @resourceId, @patientIds, @purpose, @outcome,
            @door, @ip, @deviceId, @agent, @language, @sessionId, @traceId, @tag)
        """;
}
