using Chartroom.Platform.Tenancy;
using Chartroom.Platform.Vault;

namespace Chartroom.OutsideCalendars;

/// <summary>Reads an outside calendar and puts its busy times in place of those before. What fails leaves them as they were, and is told to its owner.</summary>
internal sealed class BusyReader(TenantDb db, OutsideFetch fetch)
{
    internal const string Read = "outside_calendar.read";
    private static readonly TimeSpan WholeAfter = TimeSpan.FromHours(12);   // the horizon moves on though the calendar does not change

    /// <summary>The code of what went wrong, or null.</summary>
    public async Task<string?> ReadAsync(ClinicId clinic, Guid calendar, CancellationToken ct)
    {
        var actor = Actor.OfSystem(clinic);
        if (await OpenAsync(actor, calendar, ct) is not { } row) return null;
        Fetched? fetched = null;
        IReadOnlyList<BusyTime>? busy = null;
        string? failed = null;
        try
        {
            fetched = await fetch.GetAsync(row.Address, row.IsFresh ? row.ETag : null, ct);
            if (fetched.Text is not null) busy = BusyTimes.Of(fetched.Text, row.Zone, row.Now.AddDays(-1), row.Now.AddMonths(13));
        }
        catch (UnreadableCalendarException error)
        {
            failed = error.Code;
        }
        await KeepAsync(actor, row, (busy, fetched?.ETag, failed), ct);
        return failed;
    }

    private async Task<Opened?> OpenAsync(Actor actor, Guid calendar, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.SeeAppointments, ct);
        var row = await tx.QueryOneOrNoneAsync<Row>(Select, new { calendar }, ct);
        tx.Audit(new(Read, "outside_calendar", calendar));
        if (row is null)
        {
            await tx.CommitAsync(ct);
            return null;
        }
        tx.Queue("update outside_calendar set checked_at = @now where id = @calendar", new { calendar, tx.Now });   // another node leaves it alone now
        var address = tx.OpenForClinic<string>(row.Address, CellOf(calendar));
        await tx.CommitAsync(ct);
        return new(calendar, row.StaffId, new Uri(address), row.Etag, row.ReadAt is { } read && tx.Now - read < WholeAfter, row.Zone ?? "UTC", tx.Now);
    }

    private async Task KeepAsync(Actor actor, Opened row, (IReadOnlyList<BusyTime>? Busy, string? ETag, string? Failed) what, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.SeeAppointments, ct);
        tx.Audit(new(Read, "outside_calendar", row.Id));
        if (what.Busy is { } busy)
        {
            tx.Queue("delete from outside_busy where calendar_id = @id", new { row.Id });
            tx.Queue(Insert, new { row.Id, row.StaffId, starts = busy.Select(it => it.StartsAt.UtcDateTime).ToArray(), ends = busy.Select(it => it.EndsAt.UtcDateTime).ToArray() });
            tx.Queue("update outside_calendar set failed_with = null, etag = @etag, read_at = @now where id = @id", new { row.Id, etag = what.ETag, row.Now });
        }
        else
        {
            tx.Queue("update outside_calendar set failed_with = @failed where id = @id", new { row.Id, failed = what.Failed });
        }
        await tx.CommitAsync(ct);
    }

    internal static Cell CellOf(Guid calendar) => new("outside_calendar", "address", calendar);

    private sealed record Opened(Guid Id, StaffId StaffId, Uri Address, string? ETag, bool IsFresh, string Zone, DateTimeOffset Now);

    private sealed record Row
    {
        public StaffId StaffId { get; init; }
        public required byte[] Address { get; init; }
        public string? Etag { get; init; }
        public DateTimeOffset? ReadAt { get; init; }
        public string? Zone { get; init; }
    }

    private const string Select = """
        select outside_calendar.staff_id, outside_calendar.address, outside_calendar.etag, outside_calendar.read_at,
            (select location.time_zone from location where location.is_active order by location.name, location.id limit 1) as zone
        from outside_calendar
        where outside_calendar.id = @calendar and outside_calendar.is_active
        """;

    private const string Insert = """
        insert into outside_busy (calendar_id, staff_id, starts_at, ends_at)
        select @id, @staffId, busy.starts_at, busy.ends_at
        from unnest(@starts, @ends) as busy (starts_at, ends_at)
        """;
}
