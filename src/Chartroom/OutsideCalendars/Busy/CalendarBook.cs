using Chartroom.Platform.Tenancy;

namespace Chartroom.OutsideCalendars;

/// <summary>An address somebody wants read.</summary>
/// <param name="Address">https, or webcal as calendar programs write it; kept sealed, since who knows it can read the calendar.</param>
public sealed record AddCalendar(string? Address);

/// <summary>An outside calendar as its owner's page tells it; its address is not shown again.</summary>
/// <param name="Host">Of its address.</param>
/// <param name="Failed">Code of what went wrong last, or null.</param>
/// <param name="Busy">Busy times known of it.</param>
public sealed record OutsideCalendar(Guid Id, string Host, DateTimeOffset? CheckedAt, DateTimeOffset? ReadAt, string? Failed, long Busy);

/// <summary>Everything of one's own calendars, out and in.</summary>
public sealed record OwnCalendars(FeedFacts? Feed, IReadOnlyList<OutsideCalendar> Outside);

/// <summary>What one has entered; only one's own is listed, added and removed.</summary>
internal sealed class CalendarBook(TenantDb db, OutsideFetch fetch)
{
    internal const string Listed = "outside_calendar.listed", Added = "outside_calendar.added", Removed = "outside_calendar.removed";
    private const int Most = 5;

    public async Task<OwnCalendars> ListAsync(Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.OwnAccount, ct);
        tx.Audit(new(Listed, "outside_calendar"));
        if (!MayHave(actor))
        {
            await tx.CommitAsync(ct);
            return new(null, []);
        }
        var feed = (await tx.QueryAsync<FeedFacts>("select made_at, last_read_at from calendar_feed where staff_id = @me and is_active", new { me = actor.Staff }, ct)).SingleOrDefault();
        var rows = await tx.QueryAsync<Row>(Select, new { me = actor.Staff }, ct);
        var outside = rows.ConvertAll(row => new OutsideCalendar(row.Id, new Uri(tx.OpenForClinic<string>(row.Address, BusyReader.CellOf(row.Id))).Host, row.CheckedAt, row.ReadAt, row.FailedWith, row.Busy));
        await tx.CommitAsync(ct);
        return new(feed, outside);
    }

    public async Task<Outcome<Guid>> AddAsync(AddCalendar ask, Actor actor, CancellationToken ct)
    {
        if (!MayHave(actor)) return Refusals.ProvidersOnly;
        if (fetch.AddressOf(ask.Address) is not { } address) return Refusals.BadAddress.On("address", "Paste the secret iCal address, beginning with https:// or webcal://.");
        var id = Guid.CreateVersion7();
        await using var tx = await db.BeginAsync(actor, Permission.OwnAccount, ct);
        tx.Audit(new(Added, "outside_calendar", id));
        var inserted = await tx.ExecuteAsync(Insert, new
        {
            id, me = actor.Staff, address = tx.SealForClinic(address.AbsoluteUri, BusyReader.CellOf(id)), keyVersion = tx.ClinicKeyVersion, most = Most,
        }, ct);
        if (inserted == 0) return Refusals.TooMany;
        await tx.CommitAsync(ct);
        return id;
    }

    public async Task<Outcome<Done>> RemoveAsync(Guid id, Actor actor, CancellationToken ct)
    {
        if (!MayHave(actor)) return Refusals.ProvidersOnly;
        await using (var tx = await db.BeginAsync(actor, Permission.OwnAccount, ct))
        {
            tx.Audit(new(Removed, "outside_calendar", id));
            var removed = await tx.ExecuteAsync("update outside_calendar set is_active = false, version = version + 1 where id = @id and staff_id = @me and is_active", new { id, me = actor.Staff }, ct);
            if (removed == 0) return Refusals.Unknown;
            await tx.CommitAsync(ct);
        }
        await using var system = await db.BeginAsync(Actor.OfSystem(actor.Clinic) with { Origin = actor.Origin }, Permission.SeeAppointments, ct);
        system.Audit(new(Removed, "outside_calendar", id));
        await system.ExecuteAsync("delete from outside_busy where calendar_id = @id", new { id }, ct);   // its times are free at once
        await system.CommitAsync(ct);
        return Done.It;
    }

    /// <summary>Whether it is one's own.</summary>
    public async Task<bool> IsOwnAsync(Guid id, Actor actor, CancellationToken ct)
    {
        if (!MayHave(actor)) return false;
        await using var tx = await db.BeginAsync(actor, Permission.OwnAccount, ct);
        tx.Audit(new(Listed, "outside_calendar", id));
        var isOwn = (await tx.QueryAsync<bool>("select exists (select from outside_calendar where id = @id and staff_id = @me and is_active)", new { id, me = actor.Staff }, ct)).Single();
        await tx.CommitAsync(ct);
        return isOwn;
    }

    /// <summary>Those whose time can be booked, and administrators, who may be such people too.</summary>
    internal static bool MayHave(Actor actor) => actor.Role is ClinicRole.Provider or ClinicRole.Admin;

    private sealed record Row
    {
        public Guid Id { get; init; }
        public required byte[] Address { get; init; }
        public DateTimeOffset? CheckedAt { get; init; }
        public DateTimeOffset? ReadAt { get; init; }
        public string? FailedWith { get; init; }
        public long Busy { get; init; }
    }

    private const string Select = """
        select outside_calendar.id, outside_calendar.address, outside_calendar.checked_at, outside_calendar.read_at, outside_calendar.failed_with,
            (select count(*) from outside_busy where outside_busy.calendar_id = outside_calendar.id) as busy
        from outside_calendar
        where outside_calendar.staff_id = @me and outside_calendar.is_active
        order by outside_calendar.id
        """;

    private const string Insert = """
        insert into outside_calendar (id, staff_id, address, address_key_version)
        select @id, @me, @address, @keyVersion
        where (select count(*) from outside_calendar where staff_id = @me and is_active) < @most
        """;
}
