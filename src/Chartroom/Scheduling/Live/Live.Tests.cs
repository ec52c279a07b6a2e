using System.Net;
using System.Text.RegularExpressions;
using Chartroom.Input;
using Chartroom.OnlineBooking;
using Chartroom.Platform.News;
using Chartroom.Rules;

namespace Chartroom.Scheduling;

public sealed partial class LiveTests
{
    private const string Ten = "2026-03-05T15:00:00Z", Eleven = "2026-03-05T16:00:00Z";

    /// <summary>What screens show, as a fingerprint: the watched tables, and patients who were changed. It knows nothing of how news are told.</summary>
    private static async Task<string> ShownAsync(TestClinic clinic)
    {
        var parts = new List<string>();
        foreach (var table in CalendarBell.Shown) parts.Add(await clinic.OneAsync<string>($"select md5(coalesce(string_agg(it::text, '' order by it::text), '')) from {table} as it"));
        parts.Add(await clinic.OneAsync<string>("select md5(coalesce(string_agg(id::text || version, '' order by id), '')) from patient where version > 1 or deleted_at is not null"));
        return string.Join(' ', parts);
    }

    private static List<string> Heard(NewsDesk.Listener listener)
    {
        var topics = new List<string>();
        while (listener.News.TryRead(out var item)) topics.Add(item.Topic);
        return [.. topics.Distinct().Where(topic => topic is "visit" or "calendar" or "patient")];
    }

    [Fact]
    public async Task SCH_2_Whatever_an_operation_changes_on_the_calendar_it_tells_the_screens()
    {
        await using var examples = await Examples.OpenAsync();
        using var listener = examples.Clinic.The<NewsDesk>().Listen(examples.Clinic.Id);
        var told = new List<string>();
        foreach (var example in examples.All.Where(example => example.IsTaken))
        {
            var asked = await example.MakeAsync();
            var before = await ShownAsync(examples.Clinic);
            Heard(listener);
            var (status, _) = await examples.SendAsync(example, asked);
            var topics = Heard(listener);
            var isChanged = await ShownAsync(examples.Clinic) != before;
            Assert.True(!isChanged || topics.Count > 0, $"{example.Name} ({status}) changed what screens show, and told nobody.");
            if (isChanged) told.Add($"{example.Name}: {string.Join(' ', topics)}");
        }

        Assert.Empty(AmongOthers.Except(told));   // else the walk has stopped looking
    }

    private static readonly string[] AmongOthers =
    [
        "POST /api/v1/appointments/{id}/cancellations: visit", "POST /api/v1/appointments/{id}/moves: visit", "POST /api/v1/appointments/{id}/status: visit",
        "POST /api/v1/appointments: visit", "POST /api/v1/closures/federal-holidays: calendar", "POST /api/v1/closures: calendar", "POST /api/v1/locations/{id}/rooms: calendar",
        "POST /api/v1/locations: calendar", "POST /api/v1/staff/invites: calendar", "POST /api/v1/staff/{id}/shifts: calendar", "POST /api/v1/time-off: calendar", "POST /api/v1/visit-types: calendar",
        "PUT /api/v1/locations/{id}: calendar", "PUT /api/v1/patients/{id}: patient", "PUT /api/v1/rooms/{id}: calendar", "PUT /api/v1/staff/{id}/hours: calendar",
        "PUT /api/v1/staff/{id}: calendar", "PUT /api/v1/visit-types/{id}: calendar",
    ];

    [Fact]
    public async Task SCH_2_Every_step_of_a_visit_is_told_be_it_booked_at_the_desk_taken_back_or_asked_for_online()
    {
        await using var online = await OnlineDesk.OpenAsync();
        await online.OfferAsync(online.Desk.Provider, "new", "request");
        var (clinic, desk, browser, staff) = (online.Clinic, online.Desk, online.Browser(), new TestBrowser(online.Clinic.As(ClinicRole.FrontDesk)));
        using var listener = clinic.The<NewsDesk>().Listen(clinic.Id);

        async Task<T> ToldAsync<T>(string what, Func<Task<T>> act)
        {
            var before = await ShownAsync(clinic);
            Heard(listener);
            var answer = await act();
            Assert.True(await ShownAsync(clinic) != before, $"{what} changed nothing.");
            Assert.True(Heard(listener) is ["visit"] or ["calendar"] or ["visit", "calendar"], $"{what} told nobody.");
            return answer;
        }

        var visit = await ToldAsync("Booking", () => desk.BookedAsync("2026-03-04", "10:00"));
        var moved = await ToldAsync("Moving", () => desk.ChangeAsync(visit, "moves", new { at = "10:30" }));
        var longer = await ToldAsync("Resizing", () => desk.ChangeAsync(moved.Body, "moves", new { minutes = 45 }));
        var undone = await ToldAsync("Undoing", () => desk.ChangeAsync(longer.Body, "undo", new { }));
        await ToldAsync("Cancelling", () => desk.ChangeAsync(undone.Body, "cancellations", new { reason = "other", by = "clinic" }));
        var series = await ToldAsync("A series", () => desk.SendAsync("/api/v1/series", Weekly(desk), null, ClinicRole.FrontDesk));
        await ToldAsync("Cancelling the series", () => desk.SendAsync($"/api/v1/series/{series.Body["id"]}/cancellations", new { visitId = series.Body["visits"]![0]!["id"]!.ToString(), scope = "all", reason = "clinic_closed", by = "clinic" }, 1, ClinicRole.FrontDesk));

        var held = await ToldAsync("Holding", () => online.HeldAsync(browser, Ten));
        await ToldAsync("Releasing", () => browser.PostAsync($"{held}/release"));
        await ToldAsync("Asking online", () => online.BookAsync(browser, Ten, OnlineDesk.Person("Ana", "Vega", "1980-03-04", "ana@mail.example")));
        var page = await staff.OpenAsync("/booking-requests");
        var first = await clinic.OneAsync<Guid>("select id from online_booking where state = 'done'");
        await ToldAsync("Accepting", () => staff.PostAsync($"/booking-requests/{first}/accept", ("version", page.Hidden("version"))));
        await online.BookAsync(online.Browser(), Eleven, OnlineDesk.Person("Bo", "Chen", "1981-03-04", "bo@mail.example"));
        var second = await clinic.OneAsync<Guid>("select online_booking.id from online_booking join appointment on appointment.id = appointment_id where status = 'requested'");
        var version = await clinic.OneAsync<string>("select version::text from appointment where status = 'requested'");
        await ToldAsync("Declining", () => staff.PostAsync($"/booking-requests/{second}/decline", ("version", version)));
    }

    private static System.Text.Json.Nodes.JsonObject Weekly(SchedulingDesk desk)
    {
        var ask = desk.Ask("2026-03-04", "14:00");
        (ask["everyWeeks"], ask["times"]) = (1, 3);
        return ask;
    }

    [Fact]
    public async Task Nothing_that_calendar_or_board_read_is_left_unwatched()
    {
        await using var clinic = await TestClinic.OpenAsync();
        var tables = await clinic.RowsAsync<string>("select tablename::text from pg_tables where schemaname = current_schema()");
        string[] shown = ["Scheduling/DayView/DaySql.cs", "Scheduling/Board/BoardView.cs", "Scheduling/MonthView/MonthView.cs"];
        var read = SourceTree.Product("*.cs").Where(file => shown.Any(name => file.Path.EndsWith(name, StringComparison.Ordinal)))
            .SelectMany(file => Sources().Matches(file.Text).Select(match => match.Groups[1].Value)).Distinct().Intersect(tables).ToList();

        Assert.True(read.Count > 8, $"Only {read.Count} tables were found: the rule has stopped looking.");
        Assert.Empty(read.Except(clinic.The<NewsDesk>().Watched.Names));
    }

    [GeneratedRegex(@"\b(?:from|join)\s+([a-z_]+)")]
    private static partial Regex Sources();

    [Fact]
    public async Task SCH_2_What_is_changed_at_one_node_is_heard_at_another()
    {
        await using var desk = await SchedulingDesk.OpenAsync();
        await using var node = await desk.Clinic.AnotherNodeAsync();
        var wires = new[] { desk.Clinic, node }.Select(it => it.The<NewsWire>()).ToList();   // which a serving program runs, and a test does not
        foreach (var wire in wires) await wire.StartAsync(default);
        using var client = node.As(ClinicRole.Provider);
        using var stream = await client.GetAsync("/day/events?date=2026-03-03", HttpCompletionOption.ResponseHeadersRead);
        using var lines = new StreamReader(await stream.Content.ReadAsStreamAsync());
        await UntilAsync(lines, "event: hello");
        await HearingAsync(desk, node);

        var visit = await desk.BookedAsync("2026-03-03", "10:00");
        await UntilAsync(lines, $"data: {visit["id"]}");
        var closed = await desk.SendAsync("/api/v1/closures", new { name = "Fire drill", from = "2026-03-05", until = "2026-03-05", fromAt = "16:00", untilAt = "17:00" }, null, ClinicRole.Admin);
        Assert.Equal((201, null), (closed.Status, closed.Code));
        await UntilAsync(lines, "event: calendar");
        foreach (var wire in wires) await wire.StopAsync(default);
    }

    [Fact]
    public async Task ACC_4_A_session_ended_at_one_node_hears_nothing_more_at_another_within_a_second()
    {
        await using var desk = await SchedulingDesk.OpenAsync();
        await using var node = await desk.Clinic.AnotherNodeAsync();
        var wires = new[] { desk.Clinic, node }.Select(it => it.The<NewsWire>()).ToList();
        foreach (var wire in wires) await wire.StartAsync(default);
        await HearingAsync(desk, node);
        var waits = new List<TimeSpan>();
        var acts = new (ClinicRole Whose, string Method, string Path, ClinicRole By)[]
        {
            (ClinicRole.Provider, "DELETE", "/api/v1/sessions", ClinicRole.Provider),                                                              // everywhere, by themselves
            (ClinicRole.FrontDesk, "DELETE", $"/api/v1/staff/{desk.Clinic.Actor(ClinicRole.FrontDesk).Person}", ClinicRole.Admin),   // whoever's work has ended
            (ClinicRole.Admin, "DELETE", "/api/v1/sessions/current", ClinicRole.Admin),
        };
        foreach (var act in acts)
        {
            using var client = node.As(act.Whose);
            using var stream = await client.GetAsync("/day/events?date=2026-03-03", HttpCompletionOption.ResponseHeadersRead);
            using var lines = new StreamReader(await stream.Content.ReadAsStreamAsync());
            await UntilAsync(lines, "event: hello");

            using var by = desk.Clinic.As(act.By);
            using var request = new HttpRequestMessage(new(act.Method), act.Path);
            using var ended = await by.SendAsync(request);
            var since = System.Diagnostics.Stopwatch.StartNew();
            Assert.Equal(HttpStatusCode.NoContent, ended.StatusCode);
            await UntilAsync(lines, "event: ended");   // the test's clock stands still, so no look of every fifteen seconds found it
            waits.Add(since.Elapsed);
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
            desk.Clinic.The<NewsDesk>().Tell(new(desk.Clinic.Id, "visit", $"{Guid.CreateVersion7()}"));
            Assert.DoesNotContain("event: visit", await lines.ReadToEndAsync(patience.Token), StringComparison.Ordinal);   // it has ended for the browser too
        }
        foreach (var wire in wires) await wire.StopAsync(default);
        Assert.True(waits.Min() < TimeSpan.FromSeconds(1), $"The quickest end was heard after {waits.Min()}.");   // a busy machine may hold up one of them
    }

    [Fact]
    public void ACC_4_No_statement_ends_a_session_without_telling_whoever_still_listens_under_it()
    {
        var ends = SourceTree.Product("*.cs").SelectMany(file => Ends().Matches(file.Text).Select(match => (file.Path, match.Value))).ToList();

        Assert.True(ends.Count >= 6, $"{ends.Count} statements: the rule has stopped looking.");
        Assert.Empty(ends.Where(end => !end.Value.Contains("returning id, clinic_id", StringComparison.Ordinal)).Select(end => end.Path));
        Assert.Empty(SourceTree.Product("*.cs").Where(file => UntoldEnd().IsMatch(file.Text)).Select(file => file.Path));
    }

    [GeneratedRegex("update platform\\.session\\s+set ended_at[^\"]*")]
    private static partial Regex Ends();

    [GeneratedRegex("(?<!EndSessions)Async\\((\"{1,3}\\s*update platform\\.session\\s+set ended_at|EndAllButNewest|EndSurplus)")]
    private static partial Regex UntoldEnd();

    /// <summary>Waits until both nodes hear each other: a connection for it is opened when a program starts, and may not be there yet.</summary>
    private static async Task HearingAsync(SchedulingDesk desk, TestClinic node)
    {
        using var listener = node.The<NewsDesk>().Listen(desk.Clinic.Id);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!listener.News.TryRead(out _))
        {
            desk.Clinic.The<NewsDesk>().Tell(new(desk.Clinic.Id, "edit", $"{Guid.CreateVersion7()} -"));
            await Task.WhenAny(listener.News.WaitToReadAsync(patience.Token).AsTask(), Task.Delay(100, patience.Token));
            patience.Token.ThrowIfCancellationRequested();
        }
    }

    private static async Task UntilAsync(StreamReader lines, string wanted)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var seen = new List<string>();
        try
        {
            while (await lines.ReadLineAsync(patience.Token) is { } line)
            {
                if (line == wanted) return;
                seen.Add(line);
            }
        }
        catch (OperationCanceledException)
        {
            // said below, with what came instead
        }
        Assert.Fail($"No \"{wanted}\", but: {string.Join(" / ", seen)}");
    }
}
