using System.Globalization;
using System.Net;
using Chartroom.Journeys;
using Chartroom.Platform.Web;
using Chartroom.Scheduling;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Chartroom.OutsideCalendars;

public sealed class OutsideCalendarsTests(Browser browser) : IClassFixture<Browser>
{
    // As Google sends it: a weekly meeting with one date taken out and one moved, an all-day birthday that is free, a cancelled event.
    private const string Google = """
        BEGIN:VCALENDAR
        PRODID:-//Google Inc//Google Calendar 70.9054//EN
        VERSION:2.0
        CALSCALE:GREGORIAN
        METHOD:PUBLISH
        X-WR-CALNAME:Ada
        X-WR-TIMEZONE:America/New_York
        BEGIN:VTIMEZONE
        TZID:America/New_York
        X-LIC-LOCATION:America/New_York
        BEGIN:DAYLIGHT
        TZOFFSETFROM:-0500
        TZOFFSETTO:-0400
        TZNAME:EDT
        DTSTART:19700308T020000
        RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=2SU
        END:DAYLIGHT
        BEGIN:STANDARD
        TZOFFSETFROM:-0400
        TZOFFSETTO:-0500
        TZNAME:EST
        DTSTART:19701101T020000
        RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=1SU
        END:STANDARD
        END:VTIMEZONE
        BEGIN:VEVENT
        DTSTART;TZID=America/New_York:20260302T090000
        DTEND;TZID=America/New_York:20260302T093000
        RRULE:FREQ=WEEKLY;COUNT=4;BYDAY=MO
        EXDATE;TZID=America/New_York:20260309T090000
        DTSTAMP:20260220T100000Z
        UID:abc123@google.com
        SEQUENCE:0
        STATUS:CONFIRMED
        SUMMARY:Standup
        TRANSP:OPAQUE
        END:VEVENT
        BEGIN:VEVENT
        DTSTART;TZID=America/New_York:20260316T100000
        DTEND;TZID=America/New_York:20260316T103000
        DTSTAMP:20260220T100000Z
        UID:abc123@google.com
        RECURRENCE-ID;TZID=America/New_York:20260316T090000
        SEQUENCE:1
        STATUS:CONFIRMED
        SUMMARY:Standup, later
        TRANSP:OPAQUE
        END:VEVENT
        BEGIN:VEVENT
        DTSTART;VALUE=DATE:20260303
        DTEND;VALUE=DATE:20260304
        DTSTAMP:20260220T100000Z
        UID:birthday@google.com
        SUMMARY:Birthday
        TRANSP:TRANSPARENT
        END:VEVENT
        BEGIN:VEVENT
        DTSTART:20260304T150000Z
        DTEND:20260304T160000Z
        DTSTAMP:20260220T100000Z
        UID:off@google.com
        STATUS:CANCELLED
        SUMMARY:Called off
        TRANSP:OPAQUE
        END:VEVENT
        END:VCALENDAR
        """;

    // As Outlook publishes it: Windows' name for the zone, free and busy by a property of its own.
    private const string Outlook = """
        BEGIN:VCALENDAR
        METHOD:PUBLISH
        PRODID:Microsoft Exchange Server 2010
        VERSION:2.0
        X-WR-CALNAME:Calendar
        BEGIN:VTIMEZONE
        TZID:Eastern Standard Time
        BEGIN:STANDARD
        DTSTART:16010101T020000
        TZOFFSETFROM:-0400
        TZOFFSETTO:-0500
        RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=1SU;BYMONTH=11
        END:STANDARD
        BEGIN:DAYLIGHT
        DTSTART:16010101T020000
        TZOFFSETFROM:-0500
        TZOFFSETTO:-0400
        RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=2SU;BYMONTH=3
        END:DAYLIGHT
        END:VTIMEZONE
        BEGIN:VEVENT
        DESCRIPTION:\n
        UID:040000008200E00074C5B7101A82E008
        SUMMARY:Busy
        DTSTART;TZID=Eastern Standard Time:20260305T130000
        DTEND;TZID=Eastern Standard Time:20260305T143000
        CLASS:PUBLIC
        PRIORITY:5
        DTSTAMP:20260220T142504Z
        TRANSP:OPAQUE
        STATUS:CONFIRMED
        SEQUENCE:0
        LOCATION:
        X-MICROSOFT-CDO-APPT-SEQUENCE:0
        X-MICROSOFT-CDO-BUSYSTATUS:BUSY
        X-MICROSOFT-CDO-ALLDAYEVENT:FALSE
        END:VEVENT
        BEGIN:VEVENT
        UID:040000008200E00074C5B7101A82E009
        SUMMARY:Free
        DTSTART;TZID=Eastern Standard Time:20260306T130000
        DTEND;TZID=Eastern Standard Time:20260306T143000
        DTSTAMP:20260220T142504Z
        X-MICROSOFT-CDO-BUSYSTATUS:FREE
        END:VEVENT
        END:VCALENDAR
        """;

    // As Apple sends it: a length instead of an end, a whole day away, a time without a zone.
    private const string Apple = """
        BEGIN:VCALENDAR
        VERSION:2.0
        PRODID:-//Apple Inc.//macOS 15.3//EN
        CALSCALE:GREGORIAN
        BEGIN:VEVENT
        CREATED:20260210T080000Z
        UID:6F9619FF-8B86-D011-B42D-00CF4FC964FF
        DTSTART;TZID=America/Los_Angeles:20260302T080000
        DURATION:PT45M
        DTSTAMP:20260210T080000Z
        SUMMARY:Call
        SEQUENCE:0
        BEGIN:VALARM
        ACTION:DISPLAY
        TRIGGER:-PT15M
        DESCRIPTION:Reminder
        END:VALARM
        END:VEVENT
        BEGIN:VEVENT
        UID:7F9619FF
        DTSTART;VALUE=DATE:20260308
        DTEND;VALUE=DATE:20260309
        DTSTAMP:20260210T080000Z
        SUMMARY:Away
        END:VEVENT
        BEGIN:VEVENT
        UID:8F9619FF
        DTSTART:20260310T120000
        DTEND:20260310T123000
        DTSTAMP:20260210T080000Z
        SUMMARY:Lunch
        END:VEVENT
        END:VCALENDAR
        """;

    [Theory]
    [InlineData(Google, "2026-03-02T14:00Z–14:30Z 2026-03-16T14:00Z–14:30Z 2026-03-23T13:00Z–13:30Z")]   // the clocks change on the 8th: 9:00 stays 9:00
    [InlineData(Outlook, "2026-03-05T18:00Z–19:30Z")]
    [InlineData(Apple, "2026-03-02T16:00Z–16:45Z 2026-03-08T05:00Z–04:00Z 2026-03-10T16:00Z–16:30Z")]   // the 8th has 23 hours
    public void S18_Busy_times_of_other_producers_calendars_are_found_and_free_ones_are_not(string text, string times) =>
        Assert.Equal(times, string.Join(' ', BusyTimes.Of(text.ReplaceLineEndings("\r\n"), "America/New_York", Point("2026-03-01T00:00Z"), Point("2027-04-01T00:00Z")).Select(Words)));

    [Theory]
    [InlineData("<!doctype html><title>Sign in</title>", "no_calendar")]
    [InlineData("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTART:20260302T090000Z\r\nDTEND:20260302T090100Z\r\nRRULE:FREQ=SECONDLY\r\nEND:VEVENT\r\nEND:VCALENDAR", "too_many")]
    [InlineData("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTART:20260302T090000Z\r\nDTEND:20260302T090100Z\r\nRRULE:FREQ=HOURLY;BYMINUTE=0,2,4,6,8,10\r\nEND:VEVENT\r\nEND:VCALENDAR", "too_many")]
    public void What_is_no_calendar_or_never_ends_is_refused(string text, string code) =>
        Assert.Equal(code, Assert.Throws<UnreadableCalendarException>(() => BusyTimes.Of(text, "America/New_York", Point("2026-03-01T00:00Z"), Point("2027-04-01T00:00Z"))).Code);

    [Theory]
    [InlineData("93.184.216.34", true), InlineData("2606:2800:220:1::1", true)]
    [InlineData("127.0.0.1", false), InlineData("10.1.2.3", false), InlineData("172.31.0.1", false), InlineData("192.168.1.1", false), InlineData("169.254.169.254", false)]   // the cloud's own
    [InlineData("100.64.0.1", false), InlineData("0.0.0.0", false), InlineData("224.0.0.1", false), InlineData("255.255.255.255", false)]
    [InlineData("::1", false), InlineData("::", false), InlineData("fe80::1", false), InlineData("fd00::1", false), InlineData("ff02::1", false)]
    [InlineData("::ffff:127.0.0.1", false), InlineData("64:ff9b::7f00:1", false), InlineData("2002:7f00:1::", false), InlineData("2001:0:7f00:1::", false)]   // an inner one wrapped
    public void Nobody_makes_us_ask_inside(string address, bool isOpen) => Assert.Equal(isOpen, OpenInternet.IsOpen(IPAddress.Parse(address)));

    [Theory]
    [InlineData("http://calendar.example.com/x.ics"), InlineData("https://127.0.0.1/x.ics"), InlineData("https://[::1]/x"), InlineData("https://user:secret@example.com/x.ics")]
    [InlineData("https://example.com:8443/x.ics"), InlineData("file:///etc/passwd"), InlineData("ftp://example.com/x.ics"), InlineData("calendar"), InlineData("")]
    public async Task An_address_that_is_not_on_the_open_internet_is_refused_and_leaves_nothing(string address)
    {
        await using var desk = await SchedulingDesk.OpenAsync();
        var refused = await desk.Clinic.The<CalendarBook>().AddAsync(new(address), desk.Clinic.Actor(ClinicRole.Provider), default);

        Assert.Equal("outside-calendars.bad-address", refused.Refusal?.Code);
        Assert.Equal(0, await desk.Clinic.OneAsync<long>("select count(*) from outside_calendar"));
    }

    [Fact]
    public async Task A_name_that_leads_inside_is_found_out_when_it_is_asked()
    {
        await using var desk = await SchedulingDesk.OpenAsync();
        var failed = await Assert.ThrowsAsync<UnreadableCalendarException>(() => desk.Clinic.The<OutsideFetch>().GetAsync(new("https://localhost/x.ics"), null, default));

        Assert.Equal("inside", failed.Code);
    }

    [Fact]
    public async Task S18_An_outside_calendar_is_read_every_15_minutes_by_its_tag_and_its_times_are_not_bookable_facts_of_anybody_else()
    {
        await using var server = await CalendarServer.StartAsync(Google);
        await using var desk = await SchedulingDesk.OpenAsync("2026-03-01T14:00:00Z", settings: "--OutsideCalendars:AllowLoopback=true");
        var (clinic, provider) = (desk.Clinic, desk.Clinic.Actor(ClinicRole.Provider));
        var calendar = (await clinic.The<CalendarBook>().AddAsync(new(server.Address), provider, default)).Value;

        await clinic.The<BusyWorker>().WorkAsync(clinic.Id, default);
        Assert.Equal(3, await clinic.OneAsync<long>("select count(*) from outside_busy"));
        await clinic.The<BusyWorker>().WorkAsync(clinic.Id, default);   // not yet
        Assert.Equal((1, 0), (server.Read, server.Unchanged));
        clinic.Clock.Advance(TimeSpan.FromMinutes(15));
        await clinic.The<BusyWorker>().WorkAsync(clinic.Id, default);
        Assert.Equal((1, 1), (server.Read, server.Unchanged));

        foreach (var (trouble, code) in new[] { ("moved", "moved"), ("big", "too_big"), ("html", "no_calendar"), ("zone", "unknown_zone"), ("gone", "gone") })
        {
            server.Trouble = trouble;
            Assert.Equal(code, await clinic.The<BusyReader>().ReadAsync(clinic.Id, calendar, default));
            Assert.Equal((3L, code), await clinic.OneAsync<(long, string)>("select (select count(*) from outside_busy), failed_with from outside_calendar"));   // what was read still counts
        }

        Assert.True((await clinic.The<CalendarBook>().RemoveAsync(calendar, provider, default)).IsOk);
        Assert.Equal(0, await clinic.OneAsync<long>("select count(*) from outside_busy"));
        Assert.Equal(0, await clinic.OneAsync<long>("select count(*) from outside_calendar where address::text like '%127.0.0.1%'"));   // sealed
    }

    [Fact]
    public async Task S18_A_calendar_that_cannot_even_be_asked_for_keeps_no_other_waiting_and_stops_nothing()
    {
        await using var server = await CalendarServer.StartAsync(Google);
        await using var desk = await SchedulingDesk.OpenAsync("2026-03-01T14:00:00Z", settings: "--OutsideCalendars:AllowLoopback=true");
        var (clinic, provider) = (desk.Clinic, desk.Clinic.Actor(ClinicRole.Provider));
        var calendars = new List<Guid>();
        for (var count = 0; count < 2; count++)
        {
            Assert.True((await clinic.The<CalendarBook>().AddAsync(new(server.Address), provider, default)).IsOk);
            calendars.Add(await clinic.OneAsync<Guid>("select id from outside_calendar where id <> all(@calendars)", new { calendars = calendars.ToArray() }));
        }
        await clinic.RowsAsync<int>("update outside_calendar set address = 'spoiled' where id = @id", new { id = calendars[0] });
        await clinic.RowsAsync<int>("update outside_calendar set checked_at = '2026-02-28' where id = @id", new { id = calendars[1] });   // so that the spoiled one comes first

        await clinic.The<BusyWorker>().WorkAsync(clinic.Id, default);

        Assert.Equal((1, 3L), (server.Read, await clinic.OneAsync<long>("select count(*) from outside_busy")));
    }

    [Fact]
    public async Task S18_The_feed_tells_times_and_nothing_of_a_patient_by_its_tag_and_ends_when_a_new_one_is_made()
    {
        await using var desk = await SchedulingDesk.OpenAsync();
        var visit = await desk.BookedAsync("2026-03-03", "10:00");
        var gone = await desk.BookedAsync("2026-03-04", "10:00");
        await desk.ChangeAsync(gone, "cancellations", new { reason = "patient_request", by = "patient" });
        var (feeds, provider) = (desk.Clinic.The<FeedBook>(), desk.Clinic.Actor(ClinicRole.Provider));
        var first = (await feeds.MakeAsync(provider, default)).Value;
        using var stranger = desk.Clinic.Anonymous();

        using var answer = await stranger.GetAsync($"/ical/{first}.ics");
        var text = await answer.Content.ReadAsStringAsync();
        Assert.Equal((HttpStatusCode.OK, "text/calendar"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        var calendar = Ical.Net.Calendar.Load(text)!;
        Assert.Equal(["Visit 2026-03-03T15:00Z CONFIRMED 1", "Visit 2026-03-04T15:00Z CANCELLED 2"],
            calendar.Events.OrderBy(it => it.Start!.AsUtc).Select(it => $"{it.Summary} {it.Start!.AsUtc:yyyy-MM-dd'T'HH:mm'Z'} {it.Status} {it.Sequence}"));
        Assert.Contains($"{visit["id"]}@chartroom", text, StringComparison.Ordinal);
        foreach (var word in new[] { "Jo", "Lee", "Follow-up", desk.Patient.ToString(), "Hart" }) Assert.DoesNotContain(word, text, StringComparison.Ordinal);
        using var again = new HttpRequestMessage(HttpMethod.Get, $"/ical/{first}.ics");
        again.Headers.IfNoneMatch.Add(answer.Headers.ETag!);
        Assert.Equal(HttpStatusCode.NotModified, (await stranger.SendAsync(again)).StatusCode);

        var second = (await feeds.MakeAsync(provider, default)).Value;
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.GetAsync($"/ical/{first}.ics")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await stranger.GetAsync($"/ical/{second}.ics")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.GetAsync($"/ical/{Guid.CreateVersion7():N}-{second[33..]}.ics")).StatusCode);   // another clinic's name
        Assert.Equal(0, await desk.Clinic.OneAsync<long>("select count(*) from calendar_feed where encode(token_hash, 'escape') like @secret", new { secret = $"%{second[33..]}%" }));
        Assert.Equal("outside-calendars.providers-only", (await feeds.MakeAsync(desk.Clinic.Actor(ClinicRole.FrontDesk), default)).Refusal?.Code);
    }

    [Theory]
    [InlineData(Browser.DeskWidth), InlineData(Browser.PhoneWidth)]
    public async Task A_provider_makes_an_address_and_adds_a_calendar_and_is_told_what_is_wrong_with_one(int width)
    {
        await using var server = await CalendarServer.StartAsync(Google);
        await using var desk = await SchedulingDesk.OpenAsync("2026-03-01T14:00:00Z", isOnTheNet: true, settings: "--OutsideCalendars:AllowLoopback=true");
        await using var visitor = await browser.OpenAsync(desk.Clinic.Address, width);
        await visitor.SignInAsync(desk.Clinic, ClinicRole.Provider);
        var page = visitor.Page;
        await visitor.LookAtAsync("/settings/calendars");
        await page.GetByRole(Microsoft.Playwright.AriaRole.Button, new() { Name = "Make an address" }).ClickAsync();
        await page.GetByLabel("Secret address").WaitForAsync();
        Assert.Matches("^http://.*/ical/[0-9a-f]{32}-[A-Za-z0-9_-]{43}\\.ics$", await page.GetByLabel("Secret address").InputValueAsync());
        await visitor.IsFineAsync();
        await visitor.PictureAsync($"calendars-feed-{width}");
        await page.GotoAsync("/settings/calendars");
        await page.GetByLabel("iCal address").FillAsync(server.Address);
        await page.GetByRole(Microsoft.Playwright.AriaRole.Button, new() { Name = "Add the calendar" }).ClickAsync();
        await page.GetByText("3 busy times").WaitForAsync();
        server.Trouble = "moved";
        await page.GetByRole(Microsoft.Playwright.AriaRole.Button, new() { Name = "Look now" }).ClickAsync();
        await page.GetByText("Cannot be read").WaitForAsync();
        await visitor.IsFineAsync();
        await visitor.PictureAsync($"calendars-{width}");
    }

    private static DateTimeOffset Point(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);

    private static string Words(BusyTime time) => string.Create(CultureInfo.InvariantCulture, $"{time.StartsAt.UtcDateTime:yyyy-MM-dd'T'HH:mm'Z'}–{time.EndsAt.UtcDateTime:HH:mm'Z'}");

    /// <summary>Somebody's calendar server.</summary>
    private sealed class CalendarServer : IAsyncDisposable
    {
        private readonly WebApplication app;

        private CalendarServer(WebApplication app) => this.app = app;

        public string Address => $"{app.Urls.Single()}/ada.ics";
        public int Read { get; private set; }
        public int Unchanged { get; private set; }
        public string? Trouble { get; set; }

        public static async Task<CalendarServer> StartAsync(string text)
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            var server = new CalendarServer(builder.Build());
            server.app.MapGet("/ada.ics", (HttpContext http) => server.Answer(http, text));
            await server.app.StartAsync();
            return server;
        }

        private IResult Answer(HttpContext http, string text)
        {
            switch (Trouble)
            {
                case "moved": return Results.Redirect("http://127.0.0.1:1/");
                case "gone": return Results.NotFound();
                case "zone": return Results.Text(BusyTimesTests.Mars, "text/calendar");
                case "html": return Results.Text("<!doctype html><title>Sign in</title>", "text/html");
                case "big": return Results.Text("BEGIN:VCALENDAR\r\n" + new string('x', 3_000_000), "text/calendar");
            }
            http.Response.Headers.ETag = "\"v1\"";
            if (http.Request.Headers.IfNoneMatch == "\"v1\"")
            {
                Unchanged++;
                return Results.StatusCode(304);
            }
            Read++;
            return Results.Text(text.ReplaceLineEndings("\r\n"), "text/calendar");
        }

        public async ValueTask DisposeAsync() => await app.DisposeAsync();
    }
}
