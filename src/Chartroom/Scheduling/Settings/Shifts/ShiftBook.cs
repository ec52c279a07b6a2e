using Chartroom.Platform.Audit;
using Chartroom.Platform.Tenancy;
using Chartroom.Platform.Web;

namespace Chartroom.Scheduling;

/// <summary>Shows, sets and undoes shifts: administrators and the desk for everybody, a provider for oneself.</summary>
internal sealed class ShiftBook(TenantDb db)
{
    /// <summary>The weeks from that day's on, today's when none is given. Refuses <c>scheduling.unknown-provider</c>.</summary>
    /// <param name="weeks">1 to 8.</param>
    public async Task<Outcome<WorkWeeks>> ReadAsync(StaffId id, DateOnly? from, int weeks, Actor actor, CancellationToken ct)
    {
        if (from is { Year: < 2000 or > 2200 } || weeks is < 1 or > 8) return Refusals.Incomplete.On("from", "Choose a day of this century, and one to eight weeks.");
        await using var tx = await db.BeginAsync(actor, Permission.SeeAppointments, ct);
        tx.Audit(new Access("shifts.listed", "shift", id.Value, Purpose.Operations));
        if (await tx.QueryOneOrNoneAsync<Head>(ShiftSql.SelectHead, new { id }, ct) is not { } head) return Refusals.UnknownProvider;
        var first = ShiftRules.MondayOf(from ?? ClinicTime.TodayAt(tx.Now, head.TimeZone));
        var span = new { id, first, last = first.AddDays((7 * weeks) - 1) };
        var hours = tx.Ask<HoursOfDay>(ShiftSql.SelectHours, span);
        var notes = tx.Ask<NoteOfDay>(ShiftSql.SelectNotes, span);
        var visits = (await tx.QueryAsync<(DateOnly Day, int Visits)>(ShiftSql.CountVisits, span, ct)).ToDictionary(it => it.Day, it => it.Visits);
        var (hoursOf, notesOf) = ((await hours.ReadAsync(ct)).ToLookup(row => row.Day), (await notes.ReadAsync(ct)).ToLookup(row => row.Day, row => ShiftWords.Note(row.Kind, row.Name)));
        await tx.CommitAsync(ct);
        WorkDay On(DateOnly day) => new(day, hoursOf[day].Any(row => row.IsShift), [.. hoursOf[day].Select(row => new ShiftHours(row.Opens, row.Closes, row.LocationId))],
            [.. notesOf[day]], visits.GetValueOrDefault(day));
        return new WorkWeeks(id, head.Name, [.. Enumerable.Range(0, 7 * weeks).Select(at => On(first.AddDays(at)))], head.Version);
    }

    /// <summary>Which visits would lie outside, with names, for the page that asks; none when the days cannot be read.</summary>
    public async Task<IReadOnlyList<VisitInTheWay>> InTheWayAsync(StaffId id, SetShifts ask, Actor actor, CancellationToken ct)
    {
        if (ShiftRules.DaysOf(ask) is not { IsOk: true, Value: var days }) return [];
        await using var tx = await db.BeginAsync(actor, Permission.SeeAppointments, ct);
        tx.Audit(new Access("shifts.listed", "shift", id.Value, Purpose.Operations));
        var named = await VisitsInTheWay.NamedAsync(tx, await FindAsync(tx, id, days, ask.Hours, ct), ct);
        await tx.CommitAsync(ct);
        return named;
    }

    /// <summary>All days or none. Refuses <c>scheduling.incomplete</c>, <c>scheduling.unknown-provider</c>, <c>scheduling.unknown-location</c>, <c>scheduling.not-your-shifts</c>,
    /// <c>scheduling.visits-in-the-way</c> and <c>platform.stale-version</c>.</summary>
    public async Task<Outcome<Done>> SetAsync(StaffId id, int version, SetShifts ask, Actor actor, CancellationToken ct)
    {
        if (!IsTheirs(actor, id)) return Refusals.NotYourShifts;
        var decided = ShiftRules.DaysOf(ask);
        if (!decided.IsOk) return decided.Refusal;
        var days = decided.Value;
        await using var tx = await db.BeginAsync(actor, Permission.BookAppointments, ct);
        if (await tx.QueryOneOrNoneAsync<Head>(ShiftSql.SelectHead, new { id }, ct) is not { } head) return Refusals.UnknownProvider.On("staffId", Refusals.UnknownProvider.Title);
        var places = ask.Hours.Select(row => row.LocationId).Distinct().ToArray();
        var open = await tx.QueryAsync<LocationId>("select id from location where id = any(@places) and is_active", new { places }, ct);
        if (ask.Hours.Index().Where(it => !open.Contains(it.Item.LocationId)).Select(it => it.Index).ToArray() is [var wrong, ..])
            return Refusals.UnknownLocation.On($"hours[{wrong}].locationId", Refusals.UnknownLocation.Title);
        if (VisitsInTheWay.Unless(await FindAsync(tx, id, days, ask.Hours, ct), ask.KnownVisits) is { } refusal) return refusal;
        if (await tx.ExecuteAsync(ShiftSql.InsertChange, new { id, version, tx.Actor.Person, tx.Now, days }, ct) == 0) return Versions.StaleAt(head.Version);
        tx.Queue(ShiftSql.Delete, new { id, days });
        var rows = days.SelectMany(day => ask.Hours.Select(row => (Id: Guid.CreateVersion7(), Day: day, Row: row))).ToArray();
        tx.Queue(ShiftSql.Insert, new
        {
            id, keys = rows.Select(it => it.Id).ToArray(), days = rows.Select(it => it.Day).ToArray(), places = rows.Select(it => it.Row.LocationId).ToArray(),
            opens = rows.Select(it => MinuteOf(it.Row.Opens)).ToArray(), closes = rows.Select(it => MinuteOf(it.Row.Closes)).ToArray(),
        });
        tx.Audit(new Access("shifts.set", "shift", id.Value, Purpose.Operations));
        await tx.CommitAsync(ct);
        return Done.It;
    }

    /// <summary>Gives the days of the last change the shifts they had before it; that is a change like any other, so undoing once more brings it back.
    /// Refuses <c>scheduling.nothing-to-undo</c>, <c>scheduling.not-your-shifts</c> and <c>platform.stale-version</c>.</summary>
    public async Task<Outcome<Done>> UndoAsync(StaffId id, int version, Actor actor, CancellationToken ct)
    {
        if (!IsTheirs(actor, id)) return Refusals.NotYourShifts;
        await using var tx = await db.BeginAsync(actor, Permission.BookAppointments, ct);
        if (await tx.QueryOneOrNoneAsync<Head>(ShiftSql.SelectHead, new { id }, ct) is not { } head) return Refusals.UnknownProvider;
        var last = new { id, number = version - 1 };
        if (await tx.QueryAsync<DateOnly>("select unnest(days) from shift_change where staff_id = @id and number = @number", last, ct) is not { Count: > 0 } days) return Refusals.NothingToUndo;
        var set = days.ToArray();
        if (await tx.ExecuteAsync(ShiftSql.InsertChange, new { id, version, tx.Actor.Person, tx.Now, days = set }, ct) == 0) return Versions.StaleAt(head.Version);
        tx.Queue(ShiftSql.Delete, new { id, days = set });
        tx.Queue(ShiftSql.Restore, last);
        tx.Audit(new Access("shifts.undone", "shift", id.Value, Purpose.Operations));
        await tx.CommitAsync(ct);
        return Done.It;
    }

    /// <summary>A provider arranges one's own days only.</summary>
    internal static bool IsTheirs(Actor actor, StaffId staff) => actor.Role != ClinicRole.Provider || actor.Staff == staff;

    private static Task<List<VisitInTheWay>> FindAsync(ClinicTx tx, StaffId id, DateOnly[] days, IReadOnlyList<ShiftHours> hours, CancellationToken ct) =>
        tx.QueryAsync<VisitInTheWay>(ShiftSql.SelectOutside, new
        {
            id, days, tx.Now, from = UtcOf(days[0]).AddDays(-1), until = UtcOf(days[^1]).AddDays(2), isWeekly = hours.Count == 0, most = VisitsInTheWay.Most,
            places = hours.Select(row => row.LocationId).ToArray(), opens = hours.Select(row => MinuteOf(row.Opens)).ToArray(), closes = hours.Select(row => MinuteOf(row.Closes)).ToArray(),
        }, ct);

    private static DateTimeOffset UtcOf(DateOnly day) => new(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);

    private static int MinuteOf(TimeOnly at) => (at.Hour * 60) + at.Minute;

    private sealed record Head(string Name, string TimeZone, int Version);

    private sealed record NoteOfDay(DateOnly Day, string Kind, string Name);

    private sealed record HoursOfDay
    {
        public DateOnly Day { get; init; }
        public bool IsShift { get; init; }
        public LocationId LocationId { get; init; }
        public TimeOnly Opens { get; init; }
        public TimeOnly Closes { get; init; }
    }
}
