using Chartroom.Patients;
using Chartroom.Platform.Identity;
using Chartroom.Platform.Tenancy;
using Chartroom.Scheduling;

namespace Chartroom.OnlineBooking;

/// <summary>The visit behind a link, with what the clinic's rules allow. Holds no name of the patient.</summary>
public sealed record LinkedVisit
{
    public Guid LinkId { get; init; }
    public AppointmentId Id { get; init; }
    public PatientId PatientId { get; init; }
    public required string StatusName { get; init; }
    public int Version { get; init; }
    public DateTimeOffset StatusChangedAt { get; init; }
    /// <summary>True when the patient has cancelled it by the link, which can be taken back for a while.</summary>
    public bool IsOwnCancel { get; init; }
    public VisitTypeId VisitTypeId { get; init; }
    public required string VisitType { get; init; }
    public StaffId ProviderId { get; init; }
    public required string ProviderName { get; init; }
    public LocationId LocationId { get; init; }
    public required string Place { get; init; }
    public string? Address { get; init; }
    public string? PlacePhone { get; init; }
    public DateTimeOffset StartsAt { get; init; }
    public DateTimeOffset EndsAt { get; init; }
    public DateTime LocalStart { get; init; }
    public required string TimeZone { get; init; }
    public int LateCancelHours { get; init; }
    public int HorizonDays { get; init; }
    /// <summary>As whom the time was booked online; null for the desk's own.</summary>
    public string? PatientKind { get; init; }
    public byte[]? PassHash { get; init; }
    public DateTimeOffset? PassUntil { get; init; }

    public PatientKind Kind => PatientKind == "new" ? Scheduling.PatientKind.New : Scheduling.PatientKind.Existing;
    public bool IsAhead(DateTimeOffset now) => StatusName is "requested" or "booked" or "confirmed" && StartsAt > now;
    /// <summary>Until when the patient may move or cancel.</summary>
    public DateTimeOffset ChangeableUntil => StartsAt.AddHours(-LateCancelHours);
    /// <summary>A request that nobody has accepted yet may be taken back until it would begin.</summary>
    public bool MayChange(DateTimeOffset now) => IsAhead(now) && (IsRequest || now <= ChangeableUntil);
    public bool IsRequest => StatusName == "requested";
    public bool MayUndo(DateTimeOffset now, TimeSpan within) => IsOwnCancel && StartsAt > now && now - StatusChangedAt <= within;

    /// <summary>True for the browser that has given the birth date a while ago.</summary>
    public bool IsProved(string? pass, DateTimeOffset now) =>
        pass is not null && PassHash is not null && PassUntil > now && System.Security.Cryptography.CryptographicOperations.FixedTimeEquals(PassHash, SecretToken.HashOf(pass));

    /// <summary>By its link; null for an unknown one, one whose visit ended more than a day ago, one whose patient was put away, and one whose five tries are used up and that nobody has open.</summary>
    public static Task<LinkedVisit?> FindAsync(ClinicTx tx, string token, CancellationToken ct) =>
        tx.QueryOneOrNoneAsync<LinkedVisit>(Select, new { hash = SecretToken.HashOf(token), now = tx.Now, most = ManageVisitHandler.MostTries, dayBefore = tx.Now.AddDays(-1) }, ct);

    private const string Select = """
        select visit_link.id as link_id, appointment.id, visit_link.patient_id, appointment.status as status_name, appointment.version, appointment.status_changed_at,
            exists (select from appointment_move where appointment_id = appointment.id and version = appointment.version and act = 'cancelled' and role = 'patient') as is_own_cancel, appointment.visit_type_id,
            visit_type.name as visit_type, appointment.provider_id, staff.display_name as provider_name, appointment.location_id, location.name as place,
            nullif(concat_ws(', ', location.address_line, location.city, nullif(concat_ws(' ', location.state, location.postal_code), '')), '') as address,
            location.phone as place_phone, appointment.starts_at, appointment.ends_at, appointment.local_start, appointment.time_zone,
            scheduling_rules.late_cancel_hours, scheduling_rules.horizon_days, online_booking.patient_kind, visit_link.pass_hash, visit_link.pass_until
        from visit_link
        join appointment on appointment.id = visit_link.appointment_id and appointment.patient_id = visit_link.patient_id
        join patient on patient.id = visit_link.patient_id and patient.deleted_at is null
        join visit_type on visit_type.id = appointment.visit_type_id
        join staff on staff.id = appointment.provider_id
        join location on location.id = appointment.location_id
        cross join scheduling_rules
        left join online_booking on online_booking.appointment_id = appointment.id and online_booking.state = 'done'
        where visit_link.token_hash = @hash and appointment.ends_at > @dayBefore and (visit_link.tries < @most or visit_link.pass_until > @now)
        """;
}
