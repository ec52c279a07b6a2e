using Chartroom.Platform.Audit;
using Chartroom.Platform.Tenancy;
using Chartroom.Platform.Web;

namespace Chartroom.Scheduling;

/// <summary>What is asked of a closure. Days and times are those of the location's wall clock.</summary>
/// <param name="Name">Why, as staff and patients read it, 1 to 100 characters.</param>
/// <param name="From">First day.</param>
/// <param name="Until">Last day, inclusive; absent: the first.</param>
/// <param name="FromAt">From this time of the first day; absent: from its beginning.</param>
/// <param name="UntilAt">Until this time of the last day, exclusive; absent: to its end.</param>
/// <param name="LocationId">Which location; absent: all of them.</param>
/// <param name="KnownVisits">Visits at that time of which the person knows: others are refused (<c>scheduling.visits-in-the-way</c>).</param>
public sealed record ClosureFields(string Name, DateOnly From, DateOnly? Until = null, TimeOnly? FromAt = null, TimeOnly? UntilAt = null, LocationId? LocationId = null,
    IReadOnlyList<AppointmentId>? KnownVisits = null)
{
    internal DateTime LocalFrom => From.ToDateTime(FromAt ?? TimeOnly.MinValue);

    internal DateTime LocalUntil => UntilAt is { } at ? (Until ?? From).ToDateTime(at) : (Until ?? From).AddDays(1).ToDateTime(TimeOnly.MinValue);
}

/// <summary>A closure as it stands.</summary>
public sealed record Closure
{
    /// <summary>Key.</summary>
    public Guid Id { get; init; }
    /// <summary>Null: all locations.</summary>
    public LocationId? LocationId { get; init; }
    /// <summary>Null: all locations.</summary>
    public string? LocationName { get; init; }
    /// <summary>Why.</summary>
    public string Name { get; init; } = "";
    /// <summary>Inclusive, by the location's wall clock.</summary>
    public DateTime LocalFrom { get; init; }
    /// <summary>Exclusive.</summary>
    public DateTime LocalUntil { get; init; }
    /// <summary>How many visits are booked at that time all the same.</summary>
    public long Visits { get; init; }
    /// <summary>Counts up at each change.</summary>
    public int Version { get; init; }
}

/// <summary>Shows, adds and takes back closures. Booking asks the same table.</summary>
internal sealed class ClosureBook(TenantDb db)
{
    /// <summary>Those that are not over yet or ended within the last 31 days, by their beginning; at most 1,000.</summary>
    public async Task<IReadOnlyList<Closure>> ListAsync(Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.SeeAppointments, ct);
        var closures = await tx.QueryAsync<Closure>(ClosureSql.Select, new { since = tx.Now.UtcDateTime.AddDays(-31), id = (Guid?)null }, ct);
        tx.Audit(new Access("closures.listed", "closure", Purpose: Purpose.Operations));
        await tx.CommitAsync(ct);
        return closures;
    }

    /// <summary>One, with the visits that are booked then. Refuses <c>scheduling.no-such-closure</c>.</summary>
    public async Task<Outcome<(Closure Closure, IReadOnlyList<VisitInTheWay> Visits)>> ReadAsync(Guid id, Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.SeeAppointments, ct);
        if (await tx.QueryOneOrNoneAsync<Closure>(ClosureSql.Select, new { since = DateTime.MinValue, id = (Guid?)id }, ct) is not { } closure) return Refusals.NoSuchClosure;
        var found = await FindAsync(tx, closure.LocationId, (closure.LocalFrom, closure.LocalUntil), ct);
        tx.Audit(new Access("closures.listed", "closure", id, Purpose.Operations));
        var named = await VisitsInTheWay.NamedAsync(tx, found, ct);
        await tx.CommitAsync(ct);
        return (closure, named);
    }

    /// <summary>Which visits several closures would leave standing, with names, for the page that asks.</summary>
    public async Task<IReadOnlyList<VisitInTheWay>> InTheWayAsync(IReadOnlyList<ClosureFields> asks, Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.SeeAppointments, ct);
        tx.Audit(new Access("closures.listed", "closure", Purpose: Purpose.Operations));
        var named = await VisitsInTheWay.NamedAsync(tx, await FindAsync(tx, asks, ct), ct);
        await tx.CommitAsync(ct);
        return named;
    }

    /// <summary>Adds all or none; answers their keys. Refuses <c>scheduling.incomplete</c>, <c>scheduling.unknown-location</c> and <c>scheduling.visits-in-the-way</c>.</summary>
    public async Task<Outcome<Guid[]>> AddAsync(IReadOnlyList<ClosureFields> asks, Actor actor, CancellationToken ct)
    {
        foreach (var ask in asks)
            if (WhatIsWrong(ask) is { Errors.Count: > 0 } wrong) return wrong;
        await using var tx = await db.BeginAsync(actor, Permission.ManageClinic, ct);
        if (VisitsInTheWay.Unless(await FindAsync(tx, asks, ct), [.. asks.SelectMany(ask => ask.KnownVisits ?? [])]) is { } refusal) return refusal;
        var ids = new List<Guid>();
        foreach (var ask in asks)
        {
            var id = Guid.CreateVersion7();
            if (await tx.ExecuteAsync(ClosureSql.Insert, new { id, ask.LocationId, name = ask.Name.Trim(), ask.LocalFrom, ask.LocalUntil }, ct) == 0)
                return Refusals.UnknownLocation.On("locationId", Refusals.UnknownLocation.Title);
            tx.Audit(new Access("closure.added", "closure", id, Purpose.Operations));
            ids.Add(id);
        }
        await tx.CommitAsync(ct);
        return ids.ToArray();
    }

    /// <summary>Takes one back, or puts it back. Refuses <c>scheduling.no-such-closure</c> and <c>platform.stale-version</c>.</summary>
    public async Task<Outcome<Done>> SetActiveAsync(Guid id, int version, bool isActive, Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.ManageClinic, ct);
        if (await tx.ExecuteAsync(ClosureSql.SetActive, new { ids = new[] { id }, version, isActive }, ct) == 0)
            return await tx.QueryAsync<int>("select version from closure where id = @id", new { id }, ct) is [var current] ? Versions.StaleAt(current) : Refusals.NoSuchClosure;
        tx.Audit(new Access(isActive ? "closure.restored" : "closure.taken-back", "closure", id, Purpose.Operations));
        await tx.CommitAsync(ct);
        return Done.It;
    }

    /// <summary>Takes back those of an act that nobody has touched since: the undo of adding several.</summary>
    public async Task<Outcome<Done>> TakeBackAsync(IReadOnlyList<Guid> ids, Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.ManageClinic, ct);
        await tx.ExecuteAsync(ClosureSql.SetActive, new { ids = ids.ToArray(), version = 1, isActive = false }, ct);
        foreach (var id in ids) tx.Audit(new Access("closure.taken-back", "closure", id, Purpose.Operations));
        await tx.CommitAsync(ct);
        return Done.It;
    }

    private static async Task<IReadOnlyList<VisitInTheWay>> FindAsync(ClinicTx tx, IReadOnlyList<ClosureFields> asks, CancellationToken ct)
    {
        var found = new List<VisitInTheWay>();
        foreach (var ask in asks) found.AddRange(await FindAsync(tx, ask.LocationId, (ask.LocalFrom, ask.LocalUntil), ct));
        return [.. found.DistinctBy(visit => visit.Id).Take(VisitsInTheWay.Most)];
    }

    private static Task<List<VisitInTheWay>> FindAsync(ClinicTx tx, LocationId? locationId, (DateTime From, DateTime Until) local, CancellationToken ct) =>
        tx.QueryAsync<VisitInTheWay>(ClosureSql.SelectVisits, new { locationId, localFrom = local.From, localUntil = local.Until, most = VisitsInTheWay.Most }, ct);

    private static Refusal WhatIsWrong(ClosureFields ask)
    {
        var refusal = Refusals.Incomplete;
        if (ask.Name.Trim().Length is 0 or > 100) refusal = refusal.On("name", "Say why in at most 100 characters: staff and patients read it.");
        if (ask.From.Year is < 2000 or > 2200) return refusal.On("from", "Choose a day of this century.");
        if (ask.Until is { Year: < 2000 or > 2200 }) return refusal.On("until", "Choose a day of this century.");
        if (ask.LocalUntil <= ask.LocalFrom) return refusal.On(ask.UntilAt is null ? "until" : "untilAt", "The end must be later than the beginning.");
        if (ask.LocalUntil - ask.LocalFrom > TimeSpan.FromDays(366)) refusal = refusal.On("until", "At most 366 days at a time.");
        return refusal;
    }
}

/// <summary>What it asks of the database.</summary>
internal static class ClosureSql
{
    // A wall clock is at most 14 hours from UTC, and a visit lasts 8 at most: with these bounds the visits are found by their index.
    internal const string Select = """
        select closure.id, closure.location_id, location.name as location_name, closure.name, closure.local_from, closure.local_until, closure.version,
            (select count(*)
            from appointment
            where appointment.starts_at > (closure.local_from - interval '22 hours') at time zone 'UTC'
                and appointment.starts_at < (closure.local_until + interval '12 hours') at time zone 'UTC'
                and appointment.local_start < closure.local_until and appointment.local_start + (appointment.ends_at - appointment.starts_at) > closure.local_from
                and (closure.location_id is null or appointment.location_id = closure.location_id)
                and appointment.status in ('requested', 'held', 'booked', 'confirmed')) as visits
        from closure
        left join location on location.id = closure.location_id
        where closure.is_active and closure.local_until > @since::timestamp and (@id::uuid is null or closure.id = @id)
        order by closure.local_from, closure.id
        limit 1000
        """;

    internal const string SelectVisits = """
        select appointment.id, appointment.patient_id, staff.display_name as provider_name, visit_type.name as visit_type, location.name as location_name, appointment.local_start
        from appointment
        join staff on staff.id = appointment.provider_id
        join visit_type on visit_type.id = appointment.visit_type_id
        join location on location.id = appointment.location_id
        where appointment.starts_at > (@localFrom::timestamp - interval '22 hours') at time zone 'UTC'
            and appointment.starts_at < (@localUntil::timestamp + interval '12 hours') at time zone 'UTC'
            and appointment.local_start < @localUntil and appointment.local_start + (appointment.ends_at - appointment.starts_at) > @localFrom
            and (@locationId::uuid is null or appointment.location_id = @locationId)
            and appointment.status in ('requested', 'held', 'booked', 'confirmed')
        order by appointment.starts_at, appointment.id
        limit @most
        """;

    internal const string Insert = """
        insert into closure (id, location_id, name, local_from, local_until)
        select @id::uuid, @locationId::uuid, @name::text, @localFrom::timestamp, @localUntil::timestamp
        where @locationId::uuid is null or exists (select from location where location.id = @locationId and location.is_active)
        """;

    internal const string SetActive = """
        update closure
        set is_active = @isActive, version = version + 1
        where id = any(@ids) and version = @version and is_active <> @isActive
        """;
}
