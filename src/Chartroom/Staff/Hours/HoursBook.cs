using Chartroom.Clinics;
using Chartroom.Platform.Audit;
using Chartroom.Platform.Tenancy;
using Chartroom.Platform.Web;
using Npgsql;

namespace Chartroom.Staff;

/// <summary>A stretch of the week when a provider sees patients.</summary>
/// <param name="Weekday">0 is Sunday, 6 Saturday.</param>
/// <param name="Opens">Inclusive, by the wall clock of the location.</param>
/// <param name="Closes">Exclusive; later on the same day.</param>
public sealed record HoursRow(int Weekday, TimeOnly Opens, TimeOnly Closes, LocationId LocationId);

/// <summary>All of a provider's hours, of a version of its own; what is not in it is no longer.</summary>
public sealed record WeeklyHours(IReadOnlyList<HoursRow> Hours);

/// <summary>Shows and sets weekly hours. The database refuses an overlap (<c>weekly_hours_no_overlap</c>).</summary>
internal sealed class HoursBook(TenantDb db)
{
    private const int MostRows = 50;

    /// <summary>Of everybody, by provider and time.</summary>
    public async Task<ILookup<StaffId, HoursRow>> ListAsync(Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.SeeClinic, ct);
        var rows = await tx.QueryAsync<Row>("select staff_id, weekday, opens, closes, location_id from weekly_hours order by staff_id, weekday, opens", null, ct);
        tx.Audit(new Access("hours.listed", "weekly_hours", Purpose: Purpose.Operations));
        await tx.CommitAsync(ct);
        return rows.ToLookup(row => row.StaffId, row => new HoursRow(row.Weekday, row.Opens, row.Closes, row.LocationId));
    }

    /// <summary>Of one provider, with the version that a change must name. Refuses <c>staff.no-such-staff</c>.</summary>
    public async Task<Outcome<(WeeklyHours Hours, int Version)>> ReadAsync(StaffId id, Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.SeeClinic, ct);
        var version = await tx.QueryAsync<int>("select hours_version from staff where id = @id and is_active", new { id }, ct);
        if (version.Count == 0) return Refusals.NoSuchStaff;
        var rows = await tx.QueryAsync<Row>(
            "select staff_id, weekday, opens, closes, location_id from weekly_hours where staff_id = @id order by weekday, opens", new { id }, ct);
        tx.Audit(new Access("hours.listed", "weekly_hours", id.Value, Purpose.Operations));
        await tx.CommitAsync(ct);
        return (new WeeklyHours([.. rows.Select(row => new HoursRow(row.Weekday, row.Opens, row.Closes, row.LocationId))]), version[0]);
    }

    /// <summary>Refuses <c>staff.incomplete</c>, <c>staff.no-such-staff</c>, <c>staff.not-a-provider</c>, <c>staff.hours-overlap</c> (blaming the later stretch)
    /// and <c>platform.stale-version</c>.</summary>
    public async Task<Outcome<Done>> SetAsync(StaffId id, int version, WeeklyHours ask, Actor actor, CancellationToken ct)
    {
        var wrong = WhatIsWrong(ask);
        if (wrong.Errors.Count > 0) return wrong;
        await using var tx = await db.BeginAsync(actor, Permission.ManageStaff, ct);
        var found = await tx.QueryAsync<(bool IsProvider, int Version)>("select is_provider, hours_version from staff where id = @id and is_active for update", new { id }, ct);
        if (found.Count == 0) return Refusals.NoSuchStaff;
        if (!found[0].IsProvider) return Refusals.NotAProvider;
        if (found[0].Version != version) return Versions.StaleAt(found[0].Version);
        try
        {
            tx.Queue("update staff set hours_version = hours_version + 1 where id = @id", new { id });
            tx.Queue("delete from weekly_hours where staff_id = @id", new { id });
            foreach (var row in ask.Hours) tx.Queue(Insert, new { key = Guid.CreateVersion7(), id, row.LocationId, row.Weekday, row.Opens, row.Closes });
            tx.Audit(new Access("hours.set", "staff", id.Value, Purpose.Operations));
            await tx.CommitAsync(ct);
        }
        catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.ExclusionViolation)   // weekly_hours_no_overlap is the only one
        {
            return Overlapping(ask.Hours).Aggregate(Refusals.HoursOverlap, (refusal, at) => refusal.On($"hours[{at}].opens", "These hours overlap others of the day."));
        }
        catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.ForeignKeyViolation)   // weekly_hours_location_fkey: the provider is locked
        {
            return Refusals.Incomplete.On("hours", "Choose a location of this clinic.");
        }
        return Done.It;
    }

    /// <summary>Where the stretches stand that begin before one of the same day ends which stands before them.</summary>
    internal static IEnumerable<int> Overlapping(IReadOnlyList<HoursRow> hours) => hours.Index()
        .Where(it => hours.Take(it.Index).Any(other => other.Weekday == it.Item.Weekday && other.Opens < it.Item.Closes && it.Item.Opens < other.Closes))
        .Select(it => it.Index);

    private static Refusal WhatIsWrong(WeeklyHours ask)
    {
        var refusal = Refusals.Incomplete;
        if (ask.Hours.Count > MostRows) return refusal.On("hours", $"At most {MostRows} stretches a week.");
        foreach (var (row, at) in ask.Hours.Select((row, at) => (row, at)))
        {
            if (row.Weekday is < 0 or > 6) refusal = refusal.On($"hours[{at}].weekday", "Choose a day of the week.");
            if (row.Closes <= row.Opens) refusal = refusal.On($"hours[{at}].closes", "The end must be later than the beginning, on the same day.");
        }
        return refusal;
    }

    private const string Insert = """
        insert into weekly_hours (id, staff_id, location_id, weekday, opens, closes)
        values (@key, @id, @locationId, @weekday, @opens, @closes)
        """;

    private sealed record Row
    {
        public StaffId StaffId { get; init; }
        public short Weekday { get; init; }
        public TimeOnly Opens { get; init; }
        public TimeOnly Closes { get; init; }
        public LocationId LocationId { get; init; }
    }
}
