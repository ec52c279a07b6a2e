namespace Chartroom.Scheduling;

/// <summary>The row behind <see cref="VisitFacts"/>.</summary>
internal sealed record VisitFactsRow
{
    public AppointmentId Id { get; init; }
    public PatientId PatientId { get; init; }
    public StaffId ProviderId { get; init; }
    public string ProviderName { get; init; } = "";
    public string VisitType { get; init; } = "";
    public string LocationName { get; init; } = "";
    public DateTimeOffset StartsAt { get; init; }
    public DateTimeOffset EndsAt { get; init; }
    public DateTime LocalStart { get; init; }
    public string TimeZone { get; init; } = "";
    public string StatusName { get; init; } = "";
    public int Version { get; init; }

    public VisitFacts ToFacts() => new()
    {
        Id = Id, PatientId = PatientId, ProviderId = ProviderId, ProviderName = ProviderName, VisitType = VisitType, LocationName = LocationName,
        StartsAt = StartsAt, EndsAt = EndsAt, LocalStart = LocalStart, TimeZone = TimeZone, Status = VisitStates.Named(StatusName), Version = Version,
    };

    private const string Facts = """
        select appointment.id, appointment.patient_id, appointment.provider_id, staff.display_name as provider_name, visit_type.name as visit_type,
            location.name as location_name, appointment.starts_at, appointment.ends_at, appointment.local_start, appointment.time_zone,
            appointment.status as status_name, appointment.version
        from appointment
        join staff on staff.id = appointment.provider_id
        join visit_type on visit_type.id = appointment.visit_type_id
        join location on location.id = appointment.location_id

        """;

    public const string SelectOne = Facts + """
        where appointment.id = @id and appointment.patient_id is not null
        """;

    public const string SelectOfPatient = Facts + """
        where appointment.patient_id = @patient
        order by appointment.starts_at desc
        limit @most
        """;

    public const string SelectAttended = Facts + """
        where appointment.provider_id = @provider and appointment.starts_at >= @since and appointment.starts_at <= @now and appointment.patient_id is not null
            and appointment.status in ('in_progress', 'ready_for_checkout', 'completed')
        order by appointment.starts_at, appointment.id
        limit @most
        """;
}
