using Chartroom.Platform.Audit;
using Chartroom.Platform.Tenancy;

namespace Chartroom.Scheduling;

/// <summary>One day of the overview. Minutes are those of the providers' hours, and how many of them are taken.</summary>
public sealed record MonthDay(DateOnly Day, int Visits, int Requested, int BookedMinutes, int OpenMinutes, string? Closed)
{
    /// <summary>How full it is, 0 to 100; null when nobody works.</summary>
    public int? Fullness => OpenMinutes > 0 ? Math.Min(100, BookedMinutes * 100 / OpenMinutes) : null;
}

/// <summary>A month in whole weeks, from Sunday. Figures only: it names nobody.</summary>
public sealed record Month
{
    public required DateOnly First { get; init; }
    public required DateOnly Today { get; init; }
    public required LocationId? Location { get; init; }
    public required StaffId? Provider { get; init; }
    public required IReadOnlyList<DayLocation> Locations { get; init; }
    public required IReadOnlyList<DayPerson> Providers { get; init; }
    public required IReadOnlyList<MonthDay> Days { get; init; }
}

/// <summary>Asks for the month that holds a day.</summary>
internal sealed record MonthView(DateOnly? Date, LocationId? Location, StaffId? Provider)
{
    /// <summary>Reads within the caller's transaction.</summary>
    public static async Task<Outcome<Month>> FindAsync(ClinicTx tx, MonthView ask, CancellationToken ct)
    {
        var locations = await tx.QueryAsync<DayLocation>(DaySql.Locations, null, ct);
        var chosen = locations.Find(location => location.Id == ask.Location);
        if (ask.Location is not null && chosen is null) return Refusals.UnknownLocation;
        var zone = (chosen ?? locations.FirstOrDefault())?.TimeZone ?? "UTC";
        var today = ClinicTime.TodayAt(tx.Now, zone);
        var date = ask.Date ?? today;
        if (date.Year is < 1900 or > 2200) return Refusals.NoSuchDay;
        var first = new DateOnly(date.Year, date.Month, 1);
        var (from, until) = (first.AddDays(-(int)first.DayOfWeek), first.AddMonths(1));
        until = until.AddDays((7 - (int)until.DayOfWeek) % 7);
        var shown = locations.Where(location => chosen is null ? location.TimeZone == zone : location == chosen).Select(location => location.Id).ToArray();
        var providers = tx.Ask<DayPerson>(SelectProviders, null);
        var days = await tx.QueryAsync<MonthDay>(SelectDays, new
        {
            first = from.ToDateTime(TimeOnly.MinValue), last = until.AddDays(-1).ToDateTime(TimeOnly.MinValue), from = ClinicTime.DayOf(from, zone).From,
            to = ClinicTime.DayOf(until, zone).From, zone, shown, provider = ask.Provider,
        }, ct);
        tx.Audit(new Access("month.read", "month"));
        return new Month { First = first, Today = today, Location = chosen?.Id, Provider = ask.Provider, Locations = locations, Providers = await providers.ReadAsync(ct), Days = days };
    }

    private const string SelectProviders = """
        select id, display_name as name
        from staff
        where is_provider and is_active
        order by display_name, id
        """;

    private const string SelectDays = """
        with day as (
            select at::date as day from generate_series(@first::timestamp, @last::timestamp, interval '1 day') as at
        ), visits as (
            select (appointment.starts_at at time zone @zone)::date as day, count(*)::int as visits, count(*) filter (where status = 'requested')::int as requested,
                (sum(extract(epoch from appointment.ends_at - appointment.starts_at)) / 60)::int as minutes
            from appointment
            where appointment.starts_at >= @from and appointment.starts_at < @to and appointment.location_id = any(@shown)
                and (@provider::uuid is null or appointment.provider_id = @provider)
                and appointment.status not in ('cancelled', 'no_show', 'left_without_being_seen', 'held')
            group by 1
        ), hours as (
            select day.day, (sum(extract(epoch from open.closes - open.opens)) / 60)::int as minutes
            from day
            cross join staff
            join lateral (
                select shift.opens, shift.closes from shift where shift.staff_id = staff.id and shift.day = day.day and shift.location_id = any(@shown)
                union all
                select weekly_hours.opens, weekly_hours.closes from weekly_hours
                where weekly_hours.staff_id = staff.id and weekly_hours.weekday = extract(dow from day.day)::int and weekly_hours.location_id = any(@shown)
                    and not exists (select from shift where shift.staff_id = staff.id and shift.day = day.day)
            ) as open on true
            where staff.is_provider and staff.is_active and (@provider::uuid is null or staff.id = @provider)
            group by 1
        )
        select day.day, coalesce(visits.visits, 0) as visits, coalesce(visits.requested, 0) as requested, coalesce(visits.minutes, 0) as booked_minutes,
            coalesce(hours.minutes, 0) as open_minutes,
            (select string_agg(closure.name, ', ' order by closure.name) from closure
                where closure.is_active and closure.local_from < day.day + interval '1 day' and closure.local_until > day.day
                    and (closure.location_id is null or closure.location_id = any(@shown))) as closed
        from day
        left join visits on visits.day = day.day
        left join hours on hours.day = day.day
        order by day.day
        """;
}
