using Chartroom.Patients;
using Chartroom.Platform.Audit;
using Chartroom.Platform.Tenancy;
using Chartroom.Scheduling;

namespace Chartroom.OnlineBooking;

/// <summary>Something of the booking page that the desk has to look at.</summary>
public sealed record OnlineRequest
{
    public Guid Id { get; init; }
    public AppointmentId AppointmentId { get; init; }
    public PatientId PatientId { get; init; }
    public required string PatientKind { get; init; }
    public bool IsNewPatient { get; init; }
    public Guid[] Alike { get; init; } = [];
    public required string Status { get; init; }
    public int Version { get; init; }
    public DateTimeOffset StartsAt { get; init; }
    public DateTime LocalStart { get; init; }
    public required string TimeZone { get; init; }
    public required string VisitType { get; init; }
    public required string ProviderName { get; init; }
    public required string Place { get; init; }

    /// <summary>When the patient is told what was decided; null while nothing is.</summary>
    public DateTimeOffset? TellAt { get; init; }

    public bool IsRequest => Status == "requested";
}

/// <summary>The list, with the names it shows. A request whose time has come without an answer stays in it: somebody waits for a word.</summary>
/// <param name="Decided">What was decided a moment ago, of which the patient knows nothing yet.</param>
public sealed record OnlineRequests(IReadOnlyList<OnlineRequest> All, IReadOnlyList<OnlineRequest> Decided, IReadOnlyDictionary<PatientId, PatientLine> People, DateTimeOffset Now)
{
    /// <summary>Nobody has answered it in time.</summary>
    public bool IsLate(OnlineRequest one) => one.IsRequest && one.StartsAt <= Now;
}

/// <summary>
/// What the booking page has brought: requests to accept or decline, and patients entered anew who resemble others or say to have been here. Refusals:
/// <c>online-booking.unknown-request</c> and the calendar's.
/// </summary>
internal sealed class BookingRequestsHandler(TenantDb db, DecisionNotices notices)
{
    private const int Most = 200;

    public async Task<OnlineRequests> ListAsync(Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.BookAppointments, ct);
        var all = await tx.QueryAsync<OnlineRequest>(SelectOpen, new { most = Most }, ct);
        var decided = await tx.QueryAsync<OnlineRequest>(SelectDecided, new { most = Most }, ct);
        var named = all.Concat(decided).SelectMany(one => one.Alike.Select(alike => new PatientId(alike)).Append(one.PatientId)).Distinct().ToList();
        var names = await PatientRegister.NamesAsync(tx, named, new("booking_requests.listed", "appointment", Purpose: Purpose.Operations), ct);
        await tx.CommitAsync(ct);
        return new(all, decided, names, tx.Now);
    }

    public async Task<Outcome<Done>> SettleAsync(Guid id, int version, bool isAccepted, Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.BookAppointments, ct);
        if (await tx.QueryOneOrNoneAsync<AppointmentId?>("select appointment_id from online_booking where id = @id and state = 'done'", new { id }, ct) is not { } visit) return Refusals.UnknownRequest;
        var settled = isAccepted ? await VisitRequests.AcceptAsync(tx, visit, version, ct) : await VisitRequests.DeclineAsync(tx, visit, version, ct);
        if (!settled.IsOk) return settled.Refusal;
        notices.Wait(tx, visit);
        await tx.CommitAsync(ct);
        return Done.It;
    }

    /// <summary>Somebody has looked whether a new patient is an old one.</summary>
    public async Task<Outcome<Done>> SeenAsync(Guid id, Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.BookAppointments, ct);
        tx.Audit(new("booking_request.seen", "appointment", Purpose: Purpose.Operations));
        if (await tx.ExecuteAsync("update online_booking set seen_at = coalesce(seen_at, @now) where id = @id and state = 'done'", new { id, now = tx.Now }, ct) == 0) return Refusals.UnknownRequest;
        await tx.CommitAsync(ct);
        return Done.It;
    }

    /// <summary>The day tells how many there are.</summary>
    public static DeskWaiting Waiting { get; } = new("/booking-requests", "Booked online", tx => tx.Ask<long>(CountOpen, null));

    /// <summary>As <see cref="SelectOpen"/> lists them, in two halves so that each reads the index of what waits.</summary>
    private const string CountOpen = """
        select (select count(*)
                from appointment
                join online_booking on online_booking.appointment_id = appointment.id
                where appointment.status = 'requested' and online_booking.state = 'done')
            + (select count(*)
                from online_booking
                join appointment on appointment.id = online_booking.appointment_id
                where online_booking.state = 'done' and online_booking.seen_at is null
                    and (cardinality(online_booking.alike) > 0 or (online_booking.is_new_patient and online_booking.patient_kind = 'existing'))
                    and appointment.status <> 'requested')
        """;

    private const string Lines = """
        select online_booking.id, online_booking.appointment_id, online_booking.patient_id, online_booking.patient_kind, online_booking.is_new_patient, online_booking.alike,
            online_booking.tell_at, appointment.status, appointment.version, appointment.starts_at, appointment.local_start, appointment.time_zone, visit_type.name as visit_type,
            staff.display_name as provider_name, location.name as place
        from online_booking
        join appointment on appointment.id = online_booking.appointment_id
        join visit_type on visit_type.id = appointment.visit_type_id
        join staff on staff.id = appointment.provider_id
        join location on location.id = appointment.location_id
        """;

    private const string SelectDecided = $"""
        {Lines}
        where online_booking.tell_at is not null and appointment.status <> 'requested'
        order by online_booking.tell_at, online_booking.id
        limit @most
        """;

    private const string SelectOpen = $"""
        {Lines}
        where online_booking.state = 'done'
            and (appointment.status = 'requested'
                or (online_booking.seen_at is null and (cardinality(online_booking.alike) > 0 or (online_booking.is_new_patient and online_booking.patient_kind = 'existing'))))
        order by appointment.starts_at, online_booking.id
        limit @most
        """;
}
