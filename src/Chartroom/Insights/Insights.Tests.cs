using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Chartroom.Insights;

public sealed partial class InsightsTests
{
    private static readonly string[] ByWords = ["clinic", "provider", "location", "visit_type"];

    [Theory]
    [InlineData(1), InlineData(2), InlineData(3)]
    public async Task INT_6_Each_figure_of_a_random_clinic_is_what_plain_statements_over_moves_and_minutes_say(int seed)
    {
        await using var clinic = await TestClinic.OpenAsync("2026-03-12T18:00:00Z");
        await new RandomClinic(clinic, new(seed)).FillAsync(160);
        var open = await clinic.RowsAsync<(DateOnly Day, Guid Provider, Guid Location, long Minutes)>(OpenMinuteByMinute, new { first = RandomClinic.First, last = RandomClinic.Last });
        var admin = clinic.As(ClinicRole.Admin);

        var (lines, counted) = (0, 0L);
        foreach (var by in ByWords)
        {
            foreach (var per in new[] { "month", "week", "whole" })
            {
                var view = (await admin.GetFromJsonAsync<JsonElement>(Address("/api/v1/insights/figures", per, by)))!;
                foreach (var line in view.GetProperty("lines").EnumerateArray().Append(view.GetProperty("whole")))
                {
                    var (from, to) = (Day(line, "from"), Day(line, "to"));
                    Guid? part = line.TryGetProperty("partId", out var id) && id.ValueKind == JsonValueKind.String ? id.GetGuid() : null;
                    var truth = await clinic.OneAsync<Truth>(TruthSql, new { from, to, part, now = clinic.Clock.GetUtcNow() });
                    var minutes = open.Where(it => it.Day >= from && it.Day <= to && (part is null || by == "visit_type" || part == it.Provider || part == it.Location)).Sum(it => it.Minutes);
                    Assert.Equal((truth with { OpenMinutes = minutes }).ToString(), Of(line).ToString());
                    (lines, counted) = (lines + 1, counted + truth.Due);
                }
            }
        }
        Assert.True(lines > 60 && counted > 600, $"{lines} lines with {counted} visits are no test.");
    }

    [Fact]
    public async Task INT_6_The_list_behind_each_number_has_as_many_visits_as_the_number_says_and_names_who_was_shown()
    {
        await using var clinic = await TestClinic.OpenAsync("2026-03-12T18:00:00Z");
        await new RandomClinic(clinic, new(4)).FillAsync(400);
        var admin = new TestBrowser(clinic.As(ClinicRole.Admin));
        var view = (await clinic.As(ClinicRole.Admin).GetFromJsonAsync<JsonElement>(Address("/api/v1/insights/figures", "whole", "provider")))!;

        var page = await admin.OpenAsync(Address("/insights", "whole", "provider"));
        foreach (var (line, row) in view.GetProperty("lines").EnumerateArray().Zip(RowsOf(page.Html)))
        {
            foreach (var (figure, number) in new[] { ("visits", line.GetProperty("visits")), ("due", line.GetProperty("due")), ("no_shows", line.GetProperty("noShows")), ("late_cancels", line.GetProperty("lateCancels")) })
            {
                var link = Regex.Match(row, $"href=\"(/insights/visits\\?figure={figure}&amp;[^\"]+)\"").Groups[1].Value;
                Assert.Equal(number.GetInt64(), await CountAsync(clinic, "/api/v1" + WebUtility.HtmlDecode(link)));
                var list = await admin.OpenAsync(WebUtility.HtmlDecode(link));
                Assert.Contains("America/Los_Angeles, America/New_York", list.Html, StringComparison.Ordinal);
                Assert.Contains("What is counted", list.Html, StringComparison.Ordinal);
            }
        }
        Assert.Equal(0, await clinic.OneAsync<long>("select count(*) from audit_event where action = 'insights.visits-read' and outcome <> 'done'"));
        Assert.Equal(5, await clinic.OneAsync<int>("select max(cardinality(patient_ids)) from audit_event where action = 'insights.visits-read'"));
    }

    [Fact]
    public async Task INT_6_The_file_has_exactly_the_rows_columns_and_texts_of_the_screen_and_runs_no_formula()
    {
        await using var clinic = await TestClinic.OpenAsync("2026-03-12T18:00:00Z");
        await new RandomClinic(clinic, new(5)).FillAsync(80);
        await clinic.RunAsync([$"update {clinic.Schema}.visit_type set name = '=1+1' where name = 'Type 0'"]);
        var admin = clinic.As(ClinicRole.Admin);

        foreach (var (per, by) in new[] { ("month", "clinic"), ("week", "visit_type"), ("whole", "provider") })
        {
            var html = await admin.GetStringAsync(Address("/insights", per, by));
            var table = Regex.Match(html, "<table[^>]*id=\"figures\".*?</table>", RegexOptions.Singleline).Value;
            var screen = Regex.Matches(table, "<tr>.*?</tr>", RegexOptions.Singleline).Select(row => Cell().Matches(row.Value).Select(cell => WebUtility.HtmlDecode(Tag().Replace(cell.Groups[1].Value, "")).Trim()).ToArray()).ToArray();
            var file = (await admin.GetStringAsync(Address("/api/v1/insights/figures.csv", per, by))).TrimStart('\uFEFF').TrimEnd().Split("\r\n").Select(Fields).ToArray();

            Assert.Equal(screen.Select(row => string.Join('|', row)), file.Select(row => string.Join('|', row.Select(cell => cell.StartsWith("'=", StringComparison.Ordinal) ? cell[1..] : cell))));
            if (by == "visit_type") Assert.Contains(file, row => row.Contains("'=1+1"));
        }
    }

    [Fact]
    public async Task INT_6_A_provider_sees_their_own_visits_only_and_the_front_desk_none()
    {
        await using var clinic = await TestClinic.OpenAsync("2026-03-12T18:00:00Z");
        await new RandomClinic(clinic, new(6)).FillAsync(120);
        var own = clinic.Actor(ClinicRole.Provider).Staff.Value;
        var colleague = await clinic.OneAsync<Guid>("select id from staff where display_name = 'Colleague 0'");

        var mine = (await clinic.As(ClinicRole.Provider).GetFromJsonAsync<JsonElement>(Address("/api/v1/insights/figures", "whole", "provider")))!;
        var all = (await clinic.As(ClinicRole.Admin).GetFromJsonAsync<JsonElement>(Address("/api/v1/insights/figures", "whole", "provider")))!;

        Assert.Equal(own, Assert.Single(mine.GetProperty("lines").EnumerateArray()).GetProperty("partId").GetGuid());
        Assert.Equal(3, all.GetProperty("lines").GetArrayLength());
        var (visits, days) = ("/api/v1/insights/visits?figure=due&by=provider&of=", $"&from={RandomClinic.First:O}&to={RandomClinic.Last:O}");
        using var client = clinic.As(ClinicRole.Provider);
        Assert.Equal(0, (await client.GetFromJsonAsync<JsonElement>(visits + colleague + days)).GetProperty("visits").GetArrayLength());
        foreach (var path in new[] { "/insights", "/insights/visits", "/api/v1/insights/figures", "/api/v1/insights/figures.csv", "/api/v1/insights/visits" })
            Assert.Equal(HttpStatusCode.Forbidden, (await clinic.As(ClinicRole.FrontDesk).GetAsync(path)).StatusCode);
    }

    [Theory]
    [InlineData("from=2026-03-02&to=2026-03-01", "insights.back-to-front"), InlineData("from=2020-01-01&to=2026-03-01&per=week", "insights.too-long"), InlineData("from=2000-01-01&to=2026-03-01", "insights.too-long")]
    public async Task INT_6_Days_that_make_no_period_are_refused(string days, string code)
    {
        await using var clinic = await TestClinic.OpenAsync();
        using var answer = await clinic.As(ClinicRole.Admin).GetAsync("/api/v1/insights/figures?" + days);
        Assert.Contains(code, await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private static string Address(string path, string per, string by) => $"{path}?from={RandomClinic.First:yyyy-MM-dd}&to={RandomClinic.Last:yyyy-MM-dd}&per={per}&by={by}";

    private static DateOnly Day(JsonElement line, string name) => DateOnly.Parse(line.GetProperty(name).GetString()!, CultureInfo.InvariantCulture);

    private static Truth Of(JsonElement line) => new(Number(line, "visits")!.Value, Number(line, "due")!.Value, Number(line, "noShows")!.Value, Number(line, "lateCancels")!.Value,
        Number(line, "bookedMinutes")!.Value, Number(line, "openMinutes")!.Value, Number(line, "leadMedian"), Number(line, "leadMost"), Number(line, "waitMedian"), Number(line, "waitMost"),
        Number(line, "roomWaitMedian"), Number(line, "roomWaitMost"), Number(line, "seenMedian"), Number(line, "seenMost"), Number(line, "leavingMedian"), Number(line, "leavingMost"));

    private static long? Number(JsonElement line, string name) => line.TryGetProperty(name, out var number) && number.ValueKind == JsonValueKind.Number ? number.GetInt64() : null;

    private static IEnumerable<string> RowsOf(string html) =>
        Regex.Matches(html[html.IndexOf("id=\"figures\"", StringComparison.Ordinal)..], "<tr>.*?</tr>", RegexOptions.Singleline).Skip(1).Select(row => row.Value);

    /// <summary>Through all parts of the list.</summary>
    private static async Task<long> CountAsync(TestClinic clinic, string path)
    {
        using var admin = clinic.As(ClinicRole.Admin);
        var count = 0L;
        for (string? after = ""; after is not null;)
        {
            var part = (await admin.GetFromJsonAsync<JsonElement>(path + (after.Length > 0 ? $"&after={after}" : "")))!;
            count += part.GetProperty("visits").GetArrayLength();
            after = part.TryGetProperty("next", out var next) ? next.GetString() : null;
        }
        return count;
    }

    private static string[] Fields(string line) => [.. Regex.Matches(line, "(?:^|,)(?:\"((?:[^\"]|\"\")*)\"|([^,]*))").Select(field => field.Groups[1].Success ? field.Groups[1].Value.Replace("\"\"", "\"", StringComparison.Ordinal) : field.Groups[2].Value)];

    [GeneratedRegex("<t[hd][^>]*>(.*?)</t[hd]>", RegexOptions.Singleline)]
    private static partial Regex Cell();

    [GeneratedRegex("<[^>]+>")]
    private static partial Regex Tag();

    private sealed record Truth(long Visits, long Due, long NoShows, long LateCancels, long BookedMinutes, long OpenMinutes, long? LeadMedian, long? LeadMost, long? WaitMedian, long? WaitMost,
        long? RoomWaitMedian, long? RoomWaitMost, long? SeenMedian, long? SeenMost, long? LeavingMedian, long? LeavingMost);

    // Of another shape than the product's on purpose: no buckets, no percentile functions, waits from the moves.
    private const string TruthSql = """
        with way as (   -- the states that were come by, without those that an undo took back: a state counts once nothing earlier was come to after it
            select move.appointment_id as id, move.status, max(move.status_changed_at) as at
            from appointment_move as move
            where not exists (select from appointment_move as later where later.appointment_id = move.appointment_id and later.version > move.version
                and array_position(array['booked', 'confirmed', 'arrived', 'roomed', 'in_progress', 'ready_for_checkout', 'completed'], later.status)
                    < array_position(array['booked', 'confirmed', 'arrived', 'roomed', 'in_progress', 'ready_for_checkout', 'completed'], move.status))
            group by move.appointment_id, move.status
        ), mine as (
            select appointment.*, (local_start)::date as day, starts_at <= @now and status not in ('cancelled', 'held', 'requested') as is_due,
                (select extract(epoch from min(taken.status_changed_at) - max(arrived.status_changed_at))::bigint
                    from appointment_move as arrived
                    join appointment_move as taken on taken.appointment_id = arrived.appointment_id and taken.version > arrived.version and taken.status in ('roomed', 'in_progress')
                    where arrived.appointment_id = appointment.id and arrived.version = (select max(version) from appointment_move where appointment_id = appointment.id and status = 'arrived')
                        and appointment.status in ('roomed', 'in_progress', 'ready_for_checkout', 'completed')) as wait,
                (select extract(epoch from now_seen.at - room.at)::bigint from way as now_seen join way as room on room.id = now_seen.id
                    where now_seen.id = appointment.id and now_seen.status = 'in_progress' and room.status = 'roomed') as room_wait,
                (select extract(epoch from min(out.at) - max(now_seen.at))::bigint from way as now_seen
                    join way as out on out.id = now_seen.id and out.status in ('ready_for_checkout', 'completed')
                    where now_seen.id = appointment.id and now_seen.status = 'in_progress') as seen,
                (select extract(epoch from done.at - ready.at)::bigint from way as done join way as ready on ready.id = done.id
                    where done.id = appointment.id and done.status = 'completed' and ready.status = 'ready_for_checkout') as leaving
            from appointment
            where patient_id is not null and (@part::uuid is null or @part::uuid in (provider_id, location_id, visit_type_id))
                and not (status = 'cancelled' and cancel_reason in ('hold_ended', 'request_declined', 'booked_in_error'))
        ), lead as (
            select array_agg(extract(epoch from starts_at - created_at)::bigint order by starts_at - created_at) as all from mine where is_due and day between @from::date and @to::date
        ), wait as (
            select array_agg(wait order by wait) as all from mine where is_due and wait is not null and day between @from::date and @to::date
        ), room as (
            select array_agg(room_wait order by room_wait) as all from mine where is_due and room_wait is not null and day between @from::date and @to::date
        ), seen as (
            select array_agg(seen order by seen) as all from mine where is_due and seen is not null and day between @from::date and @to::date
        ), leaving as (
            select array_agg(leaving order by leaving) as all from mine where is_due and leaving is not null and day between @from::date and @to::date
        )
        select (select count(*) from mine where status in ('completed', 'ready_for_checkout', 'in_progress') and day between @from::date and @to::date) as visits,
            (select count(*) from mine where is_due and day between @from::date and @to::date) as due,
            (select count(*) from mine where status = 'no_show' and is_due and day between @from::date and @to::date) as no_shows,
            (select count(*) from mine where is_late_cancel and starts_at <= @now and day between @from::date and @to::date) as late_cancels,
            (select coalesce(sum(extract(epoch from ends_at - starts_at) / 60), 0)::bigint from mine where status not in ('cancelled', 'held', 'requested') and day between @from::date and @to::date) as booked_minutes,
            0::bigint as open_minutes,
            lead.all[ceil(cardinality(lead.all) * 0.5)] as lead_median, lead.all[ceil(cardinality(lead.all) * 0.9)] as lead_most,
            wait.all[ceil(cardinality(wait.all) * 0.5)] as wait_median, wait.all[ceil(cardinality(wait.all) * 0.9)] as wait_most,
            room.all[ceil(cardinality(room.all) * 0.5)] as room_wait_median, room.all[ceil(cardinality(room.all) * 0.9)] as room_wait_most,
            seen.all[ceil(cardinality(seen.all) * 0.5)] as seen_median, seen.all[ceil(cardinality(seen.all) * 0.9)] as seen_most,
            leaving.all[ceil(cardinality(leaving.all) * 0.5)] as leaving_median, leaving.all[ceil(cardinality(leaving.all) * 0.9)] as leaving_most
        from lead, wait, room, seen, leaving
        """;

    private const string OpenMinuteByMinute = """
        select minute::date as day, staff.id as provider, location.id as location, count(*) as minutes
        from generate_series(@first::date::timestamp, @last::date + time '23:59', interval '1 minute') as minute, staff, location
        where staff.is_provider
            and case when exists (select from shift where staff_id = staff.id and day = minute::date)
                then exists (select from shift where staff_id = staff.id and location_id = location.id and day = minute::date and minute::time >= opens and minute::time < closes)
                else exists (select from weekly_hours where staff_id = staff.id and location_id = location.id and weekday = extract(dow from minute) and minute::time >= opens and minute::time < closes) end
            and not exists (select from closure where is_active and coalesce(location_id, location.id) = location.id and minute >= local_from and minute < local_until)
            and not exists (select from time_off where is_active and staff_id = staff.id
                and minute >= starts_at at time zone location.time_zone and minute < ends_at at time zone location.time_zone)
        group by 1, 2, 3
        """;
}
