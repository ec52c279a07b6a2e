using Chartroom.Platform.Audit;
using Chartroom.Platform.Tenancy;

namespace Chartroom.Scheduling;

/// <summary>One provider's day of the overview. Minutes are those of the hours, and how many of them are taken.</summary>
public sealed record WeekCell(StaffId ProviderId, string ProviderName, DateOnly Day, int Visits, int Requested, int BookedMinutes, int OpenMinutes, bool IsAway)
{
    /// <summary>How full it is, 0 to 100; null when the provider is not at work.</summary>
    public int? Fullness => OpenMinutes > 0 ? Math.Min(100, BookedMinutes * 100 / OpenMinutes) : null;
}

/// <summary>A week of all providers, from Sunday. Figures only: it names no patient. Blocks of twelve people's weeks side by side would be read by nobody.</summary>
public sealed record Week
{
    public required DateOnly First { get; init; }
    public required DateOnly Today { get; init; }
    public required LocationId? Location { get; init; }
    public required IReadOnlyList<DayLocation> Locations { get; init; }
    /// <summary>By provider's name, then by day; seven of each.</summary>
    public required IReadOnlyList<WeekCell> Cells { get; init; }
    public required IReadOnlyList<DayClosure> Closures { get; init; }

    public IEnumerable<IGrouping<StaffId, WeekCell>> Providers => Cells.GroupBy(cell => cell.ProviderId);
}

/// <summary>Asks for the week that holds a day.</summary>
internal sealed record WeekView(DateOnly? Date, LocationId? Location)
{
    /// <summary>Reads within the caller's transaction.</summary>
    public static async Task<Outcome<Week>> FindAsync(ClinicTx tx, WeekView ask, CancellationToken ct)
    {
        var locations = await tx.QueryAsync<DayLocation>(DaySql.Locations, null, ct);
        var chosen = locations.Find(location => location.Id == ask.Location);
        if (ask.Location is not null && chosen is null) return Refusals.UnknownLocation;
        var zone = (chosen ?? locations.FirstOrDefault())?.TimeZone ?? "UTC";
        var today = ClinicTime.TodayAt(tx.Now, zone);
        var first = new DayView(ask.Date) { Days = 7 }.FirstOf(today);
        if (first.Year is < 1900 or > 2200) return Refusals.NoSuchDay;
        var shown = locations.Where(location => chosen is null ? location.TimeZone == zone : location == chosen).Select(location => location.Id).ToArray();
        var (localFrom, localUntil) = (first.ToDateTime(TimeOnly.MinValue), first.AddDays(7).ToDateTime(TimeOnly.MinValue));
        var closures = tx.Ask<DayClosure>(DaySql.Closures, new { localFrom, localUntil, shown });
        var cells = await tx.QueryAsync<WeekCell>(SelectCells, new
        {
            first = localFrom, last = localUntil.AddDays(-1), from = ClinicTime.DayOf(first, zone).From, to = ClinicTime.DayOf(first.AddDays(7), zone).From, zone, shown,
        }, ct);
        tx.Audit(new Access("week.read", "week"));
        return new Week { First = first, Today = today, Location = chosen?.Id, Locations = locations, Cells = cells, Closures = await closures.ReadAsync(ct) };
    }

    private const string SelectCells = """
        with visits as (
            select appointment.provider_id, (appointment.starts_at at time zone @zone)::date as day, count(*)::int as visits,
                count(*) filter (where status = 'requested')::int as requested, (sum(extract(epoch from appointment.ends_at - appointment.starts_at)) / 60)::int as minutes
            from appointment
            where appointment.starts_at >= @from and appointment.starts_at < @to and appointment.location_id = any(@shown)
                and appointment.status not in ('cancelled', 'no_show', 'left_without_being_seen', 'held')
            group by 1, 2
        )
        select staff.id as provider_id, staff.display_name as provider_name, day.at::date as day, coalesce(visits.visits, 0) as visits,
            coalesce(visits.requested, 0) as requested, coalesce(visits.minutes, 0) as booked_minutes, coalesce(hours.minutes, 0) as open_minutes,
            exists (select from time_off
                where time_off.staff_id = staff.id and time_off.is_active and time_off.ends_at > day.at at time zone @zone
                    and time_off.starts_at < (day.at + interval '1 day') at time zone @zone) as is_away
        from staff
        cross join generate_series(@first::timestamp, @last::timestamp, interval '1 day') as day (at)
        left join visits on visits.provider_id = staff.id and visits.day = day.at::date
        left join lateral (
            select (sum(extract(epoch from open.closes - open.opens)) / 60)::int as minutes
            from (
                select shift.opens, shift.closes
                from shift
                where shift.staff_id = staff.id and shift.day = day.at::date and shift.location_id = any(@shown)
                union all
                select weekly_hours.opens, weekly_hours.closes
                from weekly_hours
                where weekly_hours.staff_id = staff.id and weekly_hours.weekday = extract(dow from day.at)::int and weekly_hours.location_id = any(@shown)
                    and not exists (select from shift where shift.staff_id = staff.id and shift.day = day.at::date)
            ) as open
        ) as hours on true
        where (staff.is_provider and staff.is_active) or exists (select from visits as own where own.provider_id = staff.id)
        order by staff.display_name, staff.id, day.at
        """;
}
