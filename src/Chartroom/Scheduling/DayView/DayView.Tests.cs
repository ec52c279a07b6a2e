using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Chartroom.Scheduling;

public sealed class DayViewTests
{
    private static readonly StaffId Provider = StaffId.New();
    private static readonly LocationId Location = LocationId.New();

    private static Day DayOf(string date, string zone, string now, params string[] starts)
    {
        var day = DateOnly.Parse(date, CultureInfo.InvariantCulture);
        var (from, to) = ClinicTime.DayOf(day, zone);
        return new()
        {
            Date = day, Days = 1, TimeZone = zone, From = from, To = to, Now = DateTimeOffset.Parse(now, CultureInfo.InvariantCulture), Location = null,
            Locations = [new(Location, "Main Street", zone)],
            Around = new([new(Provider, "Dr. Ada Hart", day, Location, 9 * 60, 16 * 60)], [], [], [], [], [], []),
            Visits = [.. starts.Select(start => DateTimeOffset.Parse(start, CultureInfo.InvariantCulture)).Select(start => new DayVisit
            {
                Id = AppointmentId.New(), ProviderId = Provider, StartsAt = start, EndsAt = start.AddMinutes(30), LocalStart = ClinicTime.Local(start, zone), StatusName = "booked",
            })],
        };
    }

    private static DayFacts FactsOf(Day day) => DayFacts.Of(day, new(), null, Actor.OfSystem(ClinicId.New()));

    [Theory]
    [InlineData("2026-03-08", "America/New_York", 23 * 60, "0=0 120=180")]
    [InlineData("2026-11-01", "America/New_York", 25 * 60, "0=0 120=60")]
    [InlineData("2026-11-01", "America/Phoenix", 24 * 60, "0=0")]
    [InlineData("2026-04-05", "Australia/Lord_Howe", (24 * 60) + 30, "0=0 120=90")]
    public void A_day_is_as_long_as_it_is_and_says_what_its_clocks_show(string date, string zone, int minutes, string stretches)
    {
        var axis = new DayAxis(DayOf(date, zone, "2026-01-01T12:00:00Z"));

        Assert.Equal((minutes, stretches), (axis.Minutes, string.Join(' ', axis.Stretches.Select(it => $"{it.From}={it.Wall}"))));
    }

    [Fact]
    public void In_the_night_of_twenty_five_hours_both_half_past_ones_are_shown_an_hour_apart()
    {
        var facts = FactsOf(DayOf("2026-11-01", "America/New_York", "2026-11-01T05:30:00Z", "2026-11-01T05:30:00Z", "2026-11-01T06:30:00Z"));

        Assert.Equal([(90, "1:30"), (150, "1:30")], facts.Visits.Select(visit => (visit.At, visit.Time)));
        Assert.Equal([0, 90], facts.Now);
        Assert.Equal([0, 10 * 60, 17 * 60], Assert.Single(Assert.Single(facts.Providers).Open));   // 9 to 16 by the clock, an hour later by the minutes
    }

    [Fact]
    public void In_the_night_of_twenty_three_hours_three_follows_one()
    {
        var facts = FactsOf(DayOf("2026-03-08", "America/New_York", "2026-03-08T12:00:00Z", "2026-03-08T06:00:00Z", "2026-03-08T07:00:00Z"));

        Assert.Equal([(60, "1:00"), (120, "3:00")], facts.Visits.Select(visit => (visit.At, visit.Time)));
        Assert.Equal([0, 8 * 60, 15 * 60], Assert.Single(Assert.Single(facts.Providers).Open));
    }

    [Fact]
    public void A_closure_over_night_and_a_meeting_are_cut_to_the_day()
    {
        var day = DayOf("2026-03-03", "America/New_York", "2026-03-02T14:00:00Z");
        day = day with
        {
            Around = day.Around with
            {
                Closures = [new("Moving house", null, new(2026, 3, 2, 18, 0, 0), new(2026, 3, 3, 10, 0, 0))],
                Away = [new(Provider, "meeting", DateTimeOffset.Parse("2026-03-03T17:00:00Z", CultureInfo.InvariantCulture), DateTimeOffset.Parse("2026-03-03T18:00:00Z", CultureInfo.InvariantCulture))],
            },
        };

        Assert.Equal([(0, 600, "Closed: Moving house"), (720, 780, "Meeting")], FactsOf(day).Blocks.Select(block => (block.From, block.To, block.Text)));
    }

    [Fact]
    public void What_stands_in_the_page_cannot_end_its_script_element()
    {
        var day = DayOf("2026-03-03", "America/New_York", "2026-03-02T14:00:00Z", "2026-03-03T15:00:00Z");
        day = day with { Visits = [day.Visits[0] with { PatientId = PatientId.New(), PatientName = "</script><b>" }] };

        Assert.DoesNotContain("<", FactsOf(day).ToJson(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task S1_A_block_tells_when_somebody_else_saw_the_patient_last()
    {
        await using var desk = await SchedulingDesk.OpenAsync();
        await desk.BookedAsync("2026-03-03", "10:00");
        using var client = desk.FrontDesk;
        async Task<(string? Flags, string? Last)> ToldAsync()
        {
            var visit = (await client.GetFromJsonAsync<JsonObject>("/day/facts?date=2026-03-03"))!["visits"]!.AsArray().Single()!;
            return (visit["flags"]?.ToJsonString(), (string?)visit["last"]);
        }

        Assert.Equal(("[\"new\"]", null), await ToldAsync());
        await BusyDay.AddAsync(desk, (desk.Colleague, desk.Patient, desk.VisitType), new DateTime(2026, 2, 20, 10, 0, 0), 20, VisitStatus.Completed);
        Assert.Equal((null, desk.Colleague.ToString()), await ToldAsync());
        await BusyDay.AddAsync(desk, (desk.Colleague, desk.Patient, desk.VisitType), new DateTime(2026, 2, 26, 10, 0, 0), 20, VisitStatus.NoShow);
        await BusyDay.AddAsync(desk, (desk.Provider, desk.Patient, desk.VisitType), new DateTime(2026, 2, 25, 10, 0, 0), 20, VisitStatus.Completed);
        Assert.Equal((null, null), await ToldAsync());
    }

    [Fact]
    public async Task How_a_person_likes_to_see_the_calendar_is_theirs_alone_and_stays()
    {
        await using var desk = await SchedulingDesk.OpenAsync();
        using var client = desk.FrontDesk;
        using var reply = await client.PostAsync("/day/look", new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["idempotency_key"] = "look-1", ["zoom"] = "30", ["density"] = "compact", ["colour"] = "status", ["columns"] = "room", ["setsHidden"] = "true", ["hidden"] = desk.Room.ToString(),
            ["date"] = "2026-03-03",
        }));
        using var again = await client.PostAsync("/day/look", new FormUrlEncodedContent(new Dictionary<string, string> { ["idempotency_key"] = "look-2", ["closed"] = "shown" }));

        Assert.Equal("/day?date=2026-03-03", reply.Headers.Location?.ToString());
        var mine = await client.GetStringAsync("/day");
        Assert.Contains("\"look\":{\"view\":\"day\",\"columns\":\"room\",\"density\":\"compact\",\"zoom\":30,\"colour\":\"status\",\"showsClosed\":true,\"hidden\":[\"" + desk.Room, mine, StringComparison.Ordinal);
        using var other = desk.Clinic.As(ClinicRole.Provider);
        Assert.Contains("\"columns\":\"provider\",\"density\":\"default\",\"zoom\":15", await other.GetStringAsync("/day"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_month_counts_visits_and_tells_how_full_and_what_is_closed_and_the_sheet_lists_them()
    {
        await using var desk = await SchedulingDesk.OpenAsync();
        await desk.BookedAsync("2026-03-03", "10:00", 60);
        await desk.Clinic.RowsAsync<int>("insert into closure (id, name, local_from, local_until) values (gen_random_uuid(), 'Spring day', '2026-03-20', '2026-03-21')");
        using var client = desk.FrontDesk;

        var month = await client.GetStringAsync("/day?view=month&date=2026-03-15");

        Assert.Contains("March 2026", month, StringComparison.Ordinal);
        Assert.Contains("<b>1</b> visit<", month, StringComparison.Ordinal);
        Assert.Contains("Closed: Spring day", month, StringComparison.Ordinal);
        Assert.Contains(">5&#xA0;%<", month.Replace("&nbsp;", "&#xA0;", StringComparison.Ordinal), StringComparison.Ordinal);   // an hour of two providers' eighteen
        Assert.Contains("Jo Lee", await client.GetStringAsync("/day/sheet?date=2026-03-03"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task SCH_2_The_sheet_tells_what_the_desk_has_to_know_and_of_one_provider_alone_when_asked()
    {
        await using var desk = await SchedulingDesk.OpenAsync();
        var visit = await desk.BookedAsync("2026-03-03", "10:00", 60);
        await desk.Clinic.RowsAsync<int>("insert into closure (id, name, local_from, local_until) values (gen_random_uuid(), 'Drill', '2026-03-03 13:00', '2026-03-03 14:00')");
        await desk.Clinic.RowsAsync<int>("update appointment set is_overbooked = true, overbook_reason = 'urgent'");
        await desk.Clinic.RowsAsync<int>("""
            insert into time_off (id, staff_id, kind, starts_at, ends_at, local_start, time_zone)
            values (gen_random_uuid(), @Colleague, 'vacation', '2026-03-03T05:00Z', '2026-03-04T05:00Z', '2026-03-03', 'America/New_York')
            """, new { desk.Colleague });
        using var client = desk.FrontDesk;
        async Task<string> SheetAsync(string query) => System.Net.WebUtility.HtmlDecode(await client.GetStringAsync($"/day/sheet?date=2026-03-03{query}"));

        var sheet = await SheetAsync("");

        foreach (var words in new[] { $"<a href=\"/visits/{visit["id"]}\">Jo Lee</a>", "double booked", "Closed: Drill 1:00 PM – 2:00 PM", "8:00 AM – 5:00 PM", "No visits: " })
            Assert.Contains(words, sheet, StringComparison.Ordinal);
        Assert.Matches("No visits: [^<]+ · away\\)", sheet);
        Assert.Contains("Jo Lee", await SheetAsync($"&provider={desk.Provider}"), StringComparison.Ordinal);
        Assert.DoesNotContain("Jo Lee", await SheetAsync($"&provider={desk.Colleague}"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_changed_is_fetched_alone_and_keeps_no_session_alive()
    {
        await using var desk = await SchedulingDesk.OpenAsync();
        var (one, other) = (await desk.BookedAsync("2026-03-03", "10:00"), await desk.BookedAsync("2026-03-03", "11:00"));

        var changed = await desk.GetAsync($"/day/visits?date=2026-03-03&only={one["id"]}");

        Assert.Equal((string)one["id"]!, (string)Assert.Single(changed["visits"]!.AsArray())!["id"]!);
        Assert.Equal(2, (await desk.GetAsync("/day/visits?date=2026-03-03&days=7"))["visits"]!.AsArray().Count);
        Assert.NotEqual((string)one["id"]!, (string)other["id"]!);
        for (var minutes = 0; minutes < 31; minutes += 10)   // a session ends after 30 minutes in which nobody works
        {
            desk.Clinic.Clock.Advance(TimeSpan.FromMinutes(10));
            using var client = desk.FrontDesk;
            using var answer = await client.GetAsync("/day/visits?date=2026-03-03");
            Assert.Equal(minutes < 20 ? System.Net.HttpStatusCode.OK : System.Net.HttpStatusCode.Unauthorized, answer.StatusCode == System.Net.HttpStatusCode.SeeOther ? System.Net.HttpStatusCode.Unauthorized : answer.StatusCode);
        }
    }

    [Fact]
    public async Task The_day_names_its_patients_in_one_event_and_hides_what_is_off_until_asked()
    {
        await using var desk = await SchedulingDesk.OpenAsync();
        var second = await desk.AdmitAsync("Sam", "Okafor");
        await desk.BookedAsync("2026-03-03", "10:00");
        var ask = desk.Ask("2026-03-03", "11:00");
        ask["patientId"] = second.ToString();
        await desk.BookAsync(ask);
        var off = await desk.BookedAsync("2026-03-03", "12:00");
        await desk.ChangeAsync(off, "cancellations", new { reason = "other", by = "clinic" });

        var day = await desk.GetAsync("/api/v1/days/2026-03-03");

        Assert.Equal(["Jo Lee", "Sam Okafor"], day["visits"]!.AsArray().Select(visit => (string)visit!["patientName"]!));
        var events = await desk.Clinic.RowsAsync<Guid[]>("select patient_ids from audit_event where action = 'day.read'");
        Assert.Equal([desk.Patient.Value, second.Value], Assert.Single(events).Order());
    }

    [Fact]
    public async Task A_day_begins_and_ends_by_the_clock_of_its_place()
    {
        await using var desk = await SchedulingDesk.OpenAsync();
        foreach (var at in new[] { "00:00", "23:30" })
        {
            var ask = desk.Ask("2026-03-03", at);
            ask["isConfirmed"] = true;
            Assert.Equal(201, (await desk.BookAsync(ask)).Status);
        }

        Assert.Equal(2, (await desk.GetAsync("/api/v1/days/2026-03-03"))["visits"]!.AsArray().Count);
        Assert.Empty((await desk.GetAsync("/api/v1/days/2026-03-02"))["visits"]!.AsArray());
        Assert.Empty((await desk.GetAsync("/api/v1/days/2026-03-04"))["visits"]!.AsArray());
    }

    [Fact]
    public async Task SCH_1_The_week_of_all_is_figures_that_lead_to_one_providers_week_and_to_the_day()
    {
        await using var desk = await SchedulingDesk.OpenAsync();
        foreach (var at in new[] { "08:00", "12:30" }) await desk.BookedAsync("2026-03-03", at, 270);   // half of 8 to 17 each
        await desk.ChangeAsync(await desk.BookedAsync("2026-03-04", "10:00"), "cancellations", new { reason = "other", by = "clinic" });
        var away = await desk.SendAsync("/api/v1/time-off", new { staffId = desk.Colleague, kind = "training", locationId = desk.Location, from = "2026-03-05", fromAt = "12:00", untilAt = "13:00" }, null, ClinicRole.Admin);
        Assert.Equal((201, null), (away.Status, away.Code));
        using var client = desk.FrontDesk;

        var week = await client.GetStringAsync("/day?view=week&date=2026-03-05");
        var rows = week.Split("<tr").Skip(2).Select(row => string.Join(' ', System.Text.RegularExpressions.Regex.Replace(row[row.IndexOf('>', StringComparison.Ordinal)..], "<[^>]+>|>|&nbsp;|&#xA0;", " ").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))).ToList();

        Assert.Equal("Dr. Ada Hart 2 visits 0 visits 0 % full 0 visits 0 % full 2 visits 100 % full 0 visits 0 % full 0 visits 0 % full 0 visits 0 % full 0 visits 0 % full", rows[0]);
        Assert.Contains("0 visits Away 0 % full", rows[1], StringComparison.Ordinal);
        Assert.Contains($"/day?date=2026-03-02&amp;view=week&amp;provider={desk.Provider}", week, StringComparison.Ordinal);
        Assert.Contains("calendar-facts", await client.GetStringAsync($"/day?view=week&date=2026-03-05&provider={desk.Provider}"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Facts_are_fetched_anew_with_what_surrounds_the_visits_and_keep_no_session_alive()
    {
        await using var desk = await SchedulingDesk.OpenAsync();
        await desk.BookedAsync("2026-03-03", "10:00");
        await desk.SendAsync("/api/v1/closures", new { name = "Fire drill", from = "2026-03-03", until = "2026-03-03", fromAt = "16:00", untilAt = "17:00" }, null, ClinicRole.Admin);

        var facts = await desk.GetAsync("/day/facts?date=2026-03-03&view=day");

        Assert.Equal("Closed: Fire drill", (string)Assert.Single(facts["blocks"]!.AsArray())!["text"]!);
        Assert.Equal("Jo Lee", (string)Assert.Single(facts["visits"]!.AsArray())!["name"]!);
        for (var minutes = 0; minutes < 30; minutes += 10)
        {
            desk.Clinic.Clock.Advance(TimeSpan.FromMinutes(10));
            using var again = desk.FrontDesk;
            using var answer = await again.GetAsync("/day/facts?date=2026-03-03");
            Assert.Equal(minutes < 20, answer.IsSuccessStatusCode);
        }
    }
}
