using System.Text.Json.Serialization;
using Chartroom.Platform.Audit;
using Chartroom.Platform.Tenancy;
using Chartroom.Platform.Web;

namespace Chartroom.Scheduling;

/// <summary>Why somebody is away.</summary>
[JsonConverter(typeof(SnakeCaseNames<TimeOffKind>))]
public enum TimeOffKind { Vacation, Sick, Training, Meeting, Break, Other }

/// <summary>What is asked of a time off. Days and times are those of the location's wall clock.</summary>
/// <param name="StaffId">Who.</param>
/// <param name="Kind">Why, by code.</param>
/// <param name="LocationId">By whose wall clock.</param>
/// <param name="From">First day.</param>
/// <param name="Until">Last day, inclusive; absent: the first.</param>
/// <param name="FromAt">From this time of the first day; absent: from its beginning.</param>
/// <param name="UntilAt">Until this time of the last day, exclusive; absent: to its end.</param>
/// <param name="KnownVisits">Visits at that time of which the person knows: others are refused (<c>scheduling.visits-in-the-way</c>).</param>
public sealed record TimeOffFields(StaffId StaffId, TimeOffKind Kind, LocationId LocationId, DateOnly From, DateOnly? Until = null, TimeOnly? FromAt = null, TimeOnly? UntilAt = null,
    IReadOnlyList<AppointmentId>? KnownVisits = null);

/// <summary>A time off as it stands.</summary>
public sealed record TimeOff
{
    /// <summary>Key.</summary>
    public Guid Id { get; init; }
    /// <summary>Who.</summary>
    public StaffId StaffId { get; init; }
    /// <summary>Who, by name.</summary>
    public string StaffName { get; init; } = "";
    /// <summary>Why, by code.</summary>
    public string Kind { get; init; } = "";
    /// <summary>Inclusive.</summary>
    public DateTimeOffset StartsAt { get; init; }
    /// <summary>Exclusive.</summary>
    public DateTimeOffset EndsAt { get; init; }
    /// <summary>IANA zone of the wall clock it was entered by.</summary>
    public string TimeZone { get; init; } = "";
    /// <summary>How many visits are booked then all the same.</summary>
    public long Visits { get; init; }
    /// <summary>Counts up at each change.</summary>
    public int Version { get; init; }
}

/// <summary>Shows, adds and takes back time off: administrators and the desk for everybody, a provider for oneself.</summary>
internal sealed class TimeOffBook(TenantDb db)
{
    /// <summary>Of everybody, not over yet or ended within the last 7 days, by its beginning; at most 1,000.</summary>
    public async Task<IReadOnlyList<TimeOff>> ListAsync(Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.SeeAppointments, ct);
        var rows = await tx.QueryAsync<TimeOff>(TimeOffSql.Select, new { since = tx.Now.AddDays(-7), id = (Guid?)null }, ct);
        tx.Audit(new Access("time_off.listed", "time_off", Purpose: Purpose.Operations));
        await tx.CommitAsync(ct);
        return rows;
    }

    /// <summary>One, with the visits that are booked then. Refuses <c>scheduling.no-such-time-off</c>.</summary>
    public async Task<Outcome<(TimeOff TimeOff, IReadOnlyList<VisitInTheWay> Visits)>> ReadAsync(Guid id, Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.SeeAppointments, ct);
        if (await tx.QueryOneOrNoneAsync<TimeOff>(TimeOffSql.Select, new { since = DateTimeOffset.UnixEpoch, id = (Guid?)id }, ct) is not { } found) return Refusals.NoSuchTimeOff;
        tx.Audit(new Access("time_off.listed", "time_off", id, Purpose.Operations));
        var named = await VisitsInTheWay.NamedAsync(tx, await FindAsync(tx, found.StaffId, (found.StartsAt, found.EndsAt), ct), ct);
        await tx.CommitAsync(ct);
        return (found, named);
    }

    /// <summary>Which visits it would leave standing, with names, for the page that asks; none when the time cannot be read.</summary>
    public async Task<IReadOnlyList<VisitInTheWay>> InTheWayAsync(TimeOffFields ask, Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.SeeAppointments, ct);
        tx.Audit(new Access("time_off.listed", "time_off", Purpose: Purpose.Operations));
        var when = await DecideAsync(tx, ask, ct);
        var named = when.IsOk ? await VisitsInTheWay.NamedAsync(tx, await FindAsync(tx, ask.StaffId, (when.Value.StartsAt, when.Value.EndsAt), ct), ct) : [];
        await tx.CommitAsync(ct);
        return named;
    }

    /// <summary>Refuses <c>scheduling.incomplete</c>, <c>scheduling.unknown-provider</c>, <c>scheduling.unknown-location</c>, <c>scheduling.no-such-time</c>,
    /// <c>scheduling.not-your-time-off</c> and <c>scheduling.visits-in-the-way</c>.</summary>
    public async Task<Outcome<Guid>> AddAsync(TimeOffFields ask, Actor actor, CancellationToken ct)
    {
        if (!IsTheirs(actor, ask.StaffId)) return Refusals.NotYourTimeOff;
        var id = Guid.CreateVersion7();
        await using var tx = await db.BeginAsync(actor, Permission.BookAppointments, ct);
        var decided = await DecideAsync(tx, ask, ct);
        if (!decided.IsOk) return decided.Refusal;
        var when = decided.Value;
        if (VisitsInTheWay.Unless(await FindAsync(tx, ask.StaffId, (when.StartsAt, when.EndsAt), ct), ask.KnownVisits) is { } refusal) return refusal;
        if (await tx.ExecuteAsync(TimeOffSql.Insert, new { id, ask.StaffId, ask.Kind, when.StartsAt, when.EndsAt, when.LocalStart, when.TimeZone }, ct) == 0)
            return Refusals.UnknownProvider.On("staffId", Refusals.UnknownProvider.Title);
        tx.Audit(new Access("time_off.added", "time_off", id, Purpose.Operations));
        await tx.CommitAsync(ct);
        return id;
    }

    /// <summary>Takes one back, or puts it back. Refuses <c>scheduling.no-such-time-off</c>, <c>scheduling.not-your-time-off</c> and <c>platform.stale-version</c>.</summary>
    public async Task<Outcome<Done>> SetActiveAsync(Guid id, int version, bool isActive, Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.BookAppointments, ct);
        if (await tx.QueryAsync<(StaffId Staff, int Version)>("select staff_id, version from time_off where id = @id", new { id }, ct) is not [var stored]) return Refusals.NoSuchTimeOff;
        if (!IsTheirs(actor, stored.Staff)) return Refusals.NotYourTimeOff;
        if (await tx.ExecuteAsync(TimeOffSql.SetActive, new { id, version, isActive }, ct) == 0) return Versions.StaleAt(stored.Version);
        tx.Audit(new Access(isActive ? "time_off.restored" : "time_off.taken-back", "time_off", id, Purpose.Operations));
        await tx.CommitAsync(ct);
        return Done.It;
    }

    /// <summary>A provider arranges one's own time only.</summary>
    internal static bool IsTheirs(Actor actor, StaffId staff) => actor.Role != ClinicRole.Provider || actor.Staff == staff;

    internal static Task<List<VisitInTheWay>> FindAsync(ClinicTx tx, StaffId staffId, (DateTimeOffset From, DateTimeOffset Until) when, CancellationToken ct) =>
        tx.QueryAsync<VisitInTheWay>(TimeOffSql.SelectVisits, new { staffId, from = when.From, until = when.Until, most = VisitsInTheWay.Most }, ct);

    private static async Task<Outcome<TimeOffSpan>> DecideAsync(ClinicTx tx, TimeOffFields ask, CancellationToken ct) =>
        await tx.QueryAsync<string>("select time_zone from location where id = @locationId and is_active", new { ask.LocationId }, ct) is [var zone]
            ? TimeOffSpan.Of(ask, zone)
            : Refusals.UnknownLocation.On("locationId", Refusals.UnknownLocation.Title);
}

/// <summary>A time off made definite.</summary>
internal sealed record TimeOffSpan(DateTimeOffset StartsAt, DateTimeOffset EndsAt, DateTime LocalStart, string TimeZone)
{
    /// <summary>A time the clocks show twice begins with the earlier and ends with the later: whoever is away is away for both. One they skip is refused.</summary>
    internal static Outcome<TimeOffSpan> Of(TimeOffFields ask, string zone)
    {
        var last = ask.Until ?? ask.From;
        if (ask.From.Year is < 2000 or > 2200) return Refusals.Incomplete.On("from", "Choose a day of this century.");
        if (last < ask.From || last.DayNumber - ask.From.DayNumber > 365) return Refusals.Incomplete.On("until", "The last day is the first or later, at most 366 days in all.");
        if (!Enum.IsDefined(ask.Kind)) return Refusals.Incomplete.On("kind", "Choose one of the list.");
        if (InstantOf(ask.From, ask.FromAt, zone, isEnd: false) is not { } starts) return Refusals.NoSuchTime.On("fromAt", Refusals.NoSuchTime.Title);
        if (InstantOf(last, ask.UntilAt, zone, isEnd: true) is not { } ends) return Refusals.NoSuchTime.On("untilAt", Refusals.NoSuchTime.Title);
        if (ends <= starts) return Refusals.Incomplete.On("untilAt", "The end must be later than the beginning.");
        return new TimeOffSpan(starts, ends, ask.From.ToDateTime(ask.FromAt ?? TimeOnly.MinValue), zone);
    }

    private static DateTimeOffset? InstantOf(DateOnly day, TimeOnly? at, string zone, bool isEnd)
    {
        var (from, to) = ClinicTime.DayOf(day, zone);
        if (at is not { } time) return isEnd ? to : from;
        if (ClinicTime.Resolve(day, time, zone) is { } only) return only;
        var both = ClinicTime.ResolveDoubled(day, time, zone);
        return both.Count == 0 ? null : isEnd ? both[^1] : both[0];
    }
}

/// <summary>What it asks of the database.</summary>
internal static class TimeOffSql
{
    internal const string Select = """
        select time_off.id, time_off.staff_id, staff.display_name as staff_name, time_off.kind, time_off.starts_at, time_off.ends_at, time_off.time_zone, time_off.version,
            (select count(*)
            from appointment
            where appointment.provider_id = time_off.staff_id and appointment.starts_at < time_off.ends_at and appointment.ends_at > time_off.starts_at
                and appointment.starts_at > time_off.starts_at - interval '8 hours' and appointment.status in ('requested', 'held', 'booked', 'confirmed')) as visits
        from time_off
        join staff on staff.id = time_off.staff_id
        where time_off.is_active and time_off.ends_at > @since and (@id::uuid is null or time_off.id = @id)
        order by time_off.starts_at, time_off.id
        limit 1000
        """;

    internal const string SelectVisits = """
        select appointment.id, appointment.patient_id, staff.display_name as provider_name, visit_type.name as visit_type, location.name as location_name, appointment.local_start
        from appointment
        join staff on staff.id = appointment.provider_id
        join visit_type on visit_type.id = appointment.visit_type_id
        join location on location.id = appointment.location_id
        where appointment.provider_id = @staffId and appointment.starts_at < @until and appointment.ends_at > @from
            and appointment.starts_at > @from::timestamptz - interval '8 hours' and appointment.status in ('requested', 'held', 'booked', 'confirmed')
        order by appointment.starts_at, appointment.id
        limit @most
        """;

    internal const string Insert = """
        insert into time_off (id, staff_id, kind, starts_at, ends_at, local_start, time_zone)
        select @id::uuid, staff.id, @kind::text, @startsAt::timestamptz, @endsAt::timestamptz, @localStart::timestamp, @timeZone::text
        from staff
        where staff.id = @staffId and staff.is_active and staff.is_provider
        """;

    internal const string SetActive = """
        update time_off
        set is_active = @isActive, version = version + 1
        where id = @id and version = @version and is_active <> @isActive
        """;
}
