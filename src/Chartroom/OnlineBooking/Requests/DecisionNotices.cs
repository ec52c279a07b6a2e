using Chartroom.Platform.Tenancy;

namespace Chartroom.OnlineBooking;

/// <summary>
/// Writes to whoever asked for a visit what the desk has decided, once the decision has stood for <see cref="OnlineBookingSettings.TellAfterMinutes"/>: what is told is what
/// then stands, so a slip that is undone says nothing. Who has been told is told again only when it is something else. Visits that were not booked online are left alone.
/// </summary>
internal sealed class DecisionNotices(VisitLinks links, OnlineBookingSettings settings, TenantDb db, DueWork due, TimeProvider clock, ILogger<DecisionNotices> log)
{
    /// <summary>In the transaction that decides: from now on the patient is to be told.</summary>
    public void Wait(ClinicTx tx, AppointmentId visit) =>
        tx.Queue(SetWaiting, new { visit, tx.Now, at = tx.Now.AddMinutes(settings.TellAfterMinutes) });

    /// <summary>Tells all whose time has come at a clinic; answers how many were written to. Safe on several nodes at once.</summary>
    public async Task<int> TellAsync(ClinicId clinic, CancellationToken ct)
    {
        var told = 0;
        foreach (var id in await due.IdsAsync(clinic, SelectDue, new { now = clock.GetUtcNow() }, ct))
            await Background.TryAsync(async () => told += await TellOneAsync(clinic, id, ct) ? 1 : 0, kind => log.NoticesFailed(clinic.Value, kind), ct);   // one that cannot be told keeps no other waiting
        return told;
    }

    private async Task<bool> TellOneAsync(ClinicId clinic, Guid id, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(Actor.OfSystem(clinic), Permission.BookAppointments, ct);
        if (await tx.QueryOneOrNoneAsync<Asked>(SelectAsked, new { id, tx.Now }, ct) is not { } asked) return false;   // another node was faster, or it was decided anew
        var isNews = asked.Stands is not null && asked.Stands != asked.ToldAs;
        tx.Audit(new(isNews ? "booking_request.told" : "booking_request.nothing-to-tell", "appointment", asked.AppointmentId.Value, Purpose: Platform.Audit.Purpose.Operations));
        if (isNews) await WriteAsync(tx, asked, ct);
        tx.Queue(isNews ? SetTold : "update online_booking set tell_at = null where id = @id", new { id, asked.Stands, tx.Now });
        await tx.CommitAsync(ct);
        return isNews;
    }

    private async Task WriteAsync(ClinicTx tx, Asked asked, CancellationToken ct)
    {
        var clinic = (await tx.QueryAsync<OpenClinic>("select id, slug, name, phone from platform.clinic", null, ct)).Single();
        var to = tx.OpenForClinic<TypedDetails>(asked.Typed, TypedDetails.CellOf(asked.Id)).Email;
        var words = new VisitWords(asked.LocalStart, asked.StartsAt, asked.TimeZone, asked.ProviderName, asked.Place, asked.Address);
        tx.Enqueue(asked.Stands == "accepted" ? Mails.Accepted(to, clinic, words, links.Give(tx, asked.AppointmentId, asked.PatientId)) : Mails.Declined(to, clinic, words), asked.PatientId);
    }

    private sealed record Asked
    {
        public Guid Id { get; init; }
        public AppointmentId AppointmentId { get; init; }
        public PatientId PatientId { get; init; }
        public required byte[] Typed { get; init; }
        public string? ToldAs { get; init; }
        /// <summary>What there is to tell: <c>accepted</c>, <c>declined</c>, or null when it waits again, the patient took it back or is here already.</summary>
        public string? Stands { get; init; }
        public DateTimeOffset StartsAt { get; init; }
        public DateTime LocalStart { get; init; }
        public required string TimeZone { get; init; }
        public required string ProviderName { get; init; }
        public required string Place { get; init; }
        public string? Address { get; init; }
    }

    private const string SetWaiting = """
        update online_booking
        set tell_at = @at, seen_at = coalesce(seen_at, @now)
        where appointment_id = @visit and state = 'done' and typed is not null
        """;

    private const string SetTold = """
        update online_booking
        set tell_at = null, told_at = @now, told_as = @stands
        where id = @id
        """;

    private const string SelectDue = """
        select id
        from online_booking
        where tell_at <= @now
        order by tell_at
        limit 200
        """;

    private const string SelectAsked = """
        select online_booking.id, online_booking.appointment_id, online_booking.patient_id, online_booking.typed, online_booking.told_as,
            case
                when appointment.status in ('booked', 'confirmed') then 'accepted'
                when appointment.status = 'cancelled' and appointment.cancelled_by = 'clinic' then 'declined'
            end as stands,
            appointment.starts_at, appointment.local_start, appointment.time_zone, staff.display_name as provider_name, location.name as place,
            nullif(concat_ws(', ', location.address_line, location.city, nullif(concat_ws(' ', location.state, location.postal_code), '')), '') as address
        from online_booking
        join appointment on appointment.id = online_booking.appointment_id
        join staff on staff.id = appointment.provider_id
        join location on location.id = appointment.location_id
        where online_booking.id = @id and online_booking.tell_at <= @now
        for update of online_booking skip locked
        """;
}

/// <summary>Once a minute, on every node: tells patients what was decided about their requests.</summary>
internal sealed class NoticeWorker(DecisionNotices notices, Migrator migrator, TimeProvider clock, ILogger<NoticeWorker> log) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pause, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken)) await migrator.ForEachClinicAsync(clinic => notices.TellAsync(clinic, stoppingToken), log.NoticesFailed, stoppingToken);
    }
}

internal static partial class Log
{
    [LoggerMessage(3501, LogLevel.Error, "Telling what was decided about requests at clinic {Clinic} failed and will be tried again: {Kind}")]
    public static partial void NoticesFailed(this ILogger log, Guid clinic, string kind);
}
