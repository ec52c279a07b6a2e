using System.Net;

namespace Chartroom.OnlineBooking;

public sealed class ManageVisitTests
{
    private const string Ten = "2026-03-05T15:00:00Z", Eleven = "2026-03-05T16:00:00Z", Email = "ana@mail.example";

    [Fact]
    public async Task SCH_3_A_patient_confirms_moves_and_cancels_by_the_link_and_the_birth_date()
    {
        await using var online = await OnlineDesk.OpenAsync();
        var (browser, link) = await BookedAsync(online);

        var asked = await browser.OpenAsync(link);
        Assert.Contains("date of birth", asked.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("March 5", asked.Html, StringComparison.Ordinal);
        Assert.Equal(link, (await browser.PostAsync(link, ("birthDate", "1980-03-04"))).Location);
        Assert.Contains("Thursday, March 5, 2026, 10:00 AM", (await browser.OpenAsync(link)).Html, StringComparison.Ordinal);

        Assert.Equal($"{link}?done=confirmed", (await browser.PostAsync($"{link}/confirm")).Location);
        Assert.Equal("confirmed", await StatusAsync(online));
        Assert.Contains($"value=\"{Eleven}\"", (await browser.OpenAsync($"{link}/move?from=2026-03-05")).Html, StringComparison.Ordinal);
        Assert.Equal($"{link}?done=moved", (await browser.PostAsync($"{link}/move", ("time", Eleven))).Location);
        Assert.Equal("2026-03-05 11:00:00", await online.Clinic.OneAsync<string>("select local_start::text from appointment"));
        Assert.Equal($"{link}?done=cancelled", (await browser.PostAsync($"{link}/cancel", ("reason", "cannot_come"))).Location);
        Assert.Equal(("cancelled", "patient", "cannot_come"), await online.Clinic.OneAsync<(string, string, string)>("select status, cancelled_by, cancel_reason from appointment"));
        Assert.Contains("This visit is cancelled", (await browser.OpenAsync(link)).Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Looking_at_a_link_any_number_of_times_changes_nothing_and_tells_nothing()
    {
        await using var online = await OnlineDesk.OpenAsync();
        var (_, link) = await BookedAsync(online);
        var scanner = online.Browser();

        foreach (var path in new[] { link, $"{link}/move", $"{link}/calendar.ics", $"{link}?done=cancelled", link })
            Assert.DoesNotMatch("Vega|March 5|Follow-up|Hart", (await scanner.OpenAsync(path)).Html);
        foreach (var act in new[] { "confirm", "cancel", "move" })
            Assert.Null((await scanner.PostAsync($"{link}/{act}", ("reason", "other"), ("time", Eleven))).Location);
        Assert.Equal(("booked", 1), await online.Clinic.OneAsync<(string, int)>("select status, (select count(*)::int from appointment_move where act in ('moved', 'cancelled', 'status')) + 1 from appointment"));
        Assert.Equal(0, await online.Clinic.OneAsync<int>("select tries from visit_link"));
    }

    [Fact]
    public async Task The_birth_date_is_tried_five_times_however_many_come_at_once()
    {
        await using var online = await OnlineDesk.OpenAsync();
        var (_, link) = await BookedAsync(online);

        var answers = await Task.WhenAll(Enumerable.Range(1, 20).Select(day => online.Browser().PostAsync(link, ("birthDate", $"1980-04-{day:00}"))));

        Assert.Equal(5, await online.Clinic.OneAsync<int>("select tries from visit_link"));
        Assert.DoesNotContain(answers, it => it.Location is not null);
        Assert.Equal(HttpStatusCode.Gone, (await online.Browser().PostAsync(link, ("birthDate", "1980-03-04"))).Status);   // the right one comes too late
    }

    [Fact]
    public async Task Nonsense_is_answered_as_an_unknown_link()
    {
        await using var online = await OnlineDesk.OpenAsync();
        foreach (var nonsense in new[] { "short-token", new string('A', 64), new string('=', 64) })
            Assert.Equal((HttpStatusCode.Gone, "Not available"), ((await online.Browser().OpenAsync($"/visit/{nonsense}")) is var page ? page.Status : default, page.Title));
    }

    [Fact]
    public async Task Inside_the_window_of_late_cancellation_the_page_says_whom_to_call()
    {
        await using var online = await OnlineDesk.OpenAsync();
        var (browser, link) = await BookedAsync(online);
        await browser.PostAsync(link, ("birthDate", "3/4/1980"));
        Assert.Contains("until Wednesday, March 4, 2026, 10:00 AM", (await browser.OpenAsync(link)).Html, StringComparison.Ordinal);

        online.Clinic.Clock.AdjustTime(DateTimeOffset.Parse("2026-03-04T15:00:01Z", null));
        await browser.PostAsync(link, ("birthDate", "3/4/1980"));
        Assert.Contains("less than 24 hours before the visit", (await browser.OpenAsync(link)).Html, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Conflict, (await browser.PostAsync($"{link}/cancel", ("reason", "other"))).Status);
        Assert.Equal(HttpStatusCode.Conflict, (await browser.PostAsync($"{link}/move", ("time", "2026-03-06T15:00:00Z"))).Status);
        Assert.Equal("booked", await StatusAsync(online));
    }

    [Fact]
    public async Task A_move_to_a_taken_time_leaves_the_old_one_as_it_was()
    {
        await using var online = await OnlineDesk.OpenAsync();
        var (browser, link) = await BookedAsync(online);
        await browser.PostAsync(link, ("birthDate", "1980-03-04"));
        await online.Desk.BookedAsync("2026-03-05", "11:00");

        var page = await browser.PostAsync($"{link}/move", ("time", Eleven));

        Assert.Equal(HttpStatusCode.Conflict, page.Status);
        Assert.Equal(1, await online.Clinic.OneAsync<long>("select count(*) from appointment where source = 'online' and local_start = '2026-03-05 10:00' and status = 'booked'"));
    }

    [Fact]
    public async Task A_cancellation_is_taken_back_for_some_minutes_and_the_visit_is_as_it_was()
    {
        await using var online = await OnlineDesk.OpenAsync();
        var (browser, link) = await BookedAsync(online);
        await browser.PostAsync(link, ("birthDate", "1980-03-04"));
        await browser.PostAsync($"{link}/confirm");
        Assert.DoesNotContain("I want to come after all", (await browser.OpenAsync(link)).Html, StringComparison.Ordinal);
        await browser.PostAsync($"{link}/cancel");
        Assert.Contains("Until 9:15 AM (New York time) you can have this visit back", (await browser.OpenAsync(link)).Html, StringComparison.Ordinal);

        await online.Browser().PostAsync($"{link}/undo-cancel");
        Assert.Equal("cancelled", await StatusAsync(online));   // whoever has only the link cannot
        online.Clinic.Clock.Advance(TimeSpan.FromMinutes(14));
        var restored = await browser.PostAsync($"{link}/undo-cancel");
        Assert.True(restored.Location == $"{link}?done=restored", $"{restored.Status} {restored.Html}");
        Assert.Equal($"{link}?done=restored", (await browser.PostAsync($"{link}/undo-cancel")).Location);   // twice is once

        Assert.Equal(("confirmed", null, 1L), await online.Clinic.OneAsync<(string, string?, long)>("""
            select status, cancel_reason, (select count(*) from appointment_move where act = 'undone' and role = 'patient' and door = 'online') from appointment
            """));
        Assert.Equal(0, await online.Clinic.OneAsync<long>("select count(*) from task where state = 'open'"));   // nobody rebooks it
        Assert.Equal(1, await online.Clinic.OneAsync<long>("select count(*) from audit_event where action = 'appointment.undone' and outcome = 'done' and door = 'online'"));
    }

    [Theory]
    [InlineData("late")]        // the minutes are over
    [InlineData("taken")]       // somebody else has the time
    [InlineData("held")]        // somebody is filling in the form for it
    [InlineData("away")]        // the provider is away since
    [InlineData("desk")]        // the clinic has cancelled it
    public async Task A_cancellation_stands_when_it_is_too_late_or_something_came_into_its_place(string why)
    {
        await using var online = await OnlineDesk.OpenAsync();
        var (browser, link) = await BookedAsync(online);
        await browser.PostAsync(link, ("birthDate", "1980-03-04"));
        if (why == "desk") Assert.Equal(200, (await online.Desk.SendAsync($"/api/v1/appointments/{await online.Clinic.OneAsync<Guid>("select id from appointment")}/cancellations", new { reason = "patient_request", by = "patient" }, 2, ClinicRole.FrontDesk)).Status);
        else await browser.PostAsync($"{link}/cancel");
        Assert.Equal("cancelled", await StatusAsync(online));
        if (why == "late") online.Clinic.Clock.Advance(TimeSpan.FromMinutes(15) + TimeSpan.FromSeconds(1));
        if (why == "taken") await online.Desk.BookedAsync("2026-03-05", "10:10");
        if (why == "held") await online.HeldAsync(online.Browser(), Ten);
        if (why == "away") await online.RunAsync($"insert into time_off (id, staff_id, kind, starts_at, ends_at, local_start, time_zone) values (gen_random_uuid(), '{online.Desk.Provider}', 'sick', '2026-03-05T05:00:00Z', '2026-03-06T05:00:00Z', '2026-03-05', 'America/New_York')");

        var answer = await browser.PostAsync($"{link}/undo-cancel");

        Assert.Equal(HttpStatusCode.Conflict, answer.Status);
        Assert.Contains("This cannot be taken back any more", answer.Html, StringComparison.Ordinal);
        Assert.Equal(1, await online.Clinic.OneAsync<long>("select count(*) from appointment where source = 'online' and status = 'cancelled'"));
    }

    [Fact]
    public async Task The_calendar_file_holds_time_and_place_and_no_patient()
    {
        await using var online = await OnlineDesk.OpenAsync();
        var (browser, link) = await BookedAsync(online);
        await browser.PostAsync(link, ("birthDate", "1980-03-04"));

        var file = await browser.OpenAsync($"{link}/calendar.ics");

        Assert.Contains("DTSTART:20260305T150000Z\r\n", file.Html, StringComparison.Ordinal);
        Assert.Contains("LOCATION:Main Street", file.Html, StringComparison.Ordinal);
        Assert.DoesNotMatch("Vega|Ana|Follow-up|rash|Hart", file.Html);
        Assert.All(file.Html.Split("\r\n"), line => Assert.True(System.Text.Encoding.UTF8.GetByteCount(line) <= 75));
    }

    [Fact]
    public async Task A_link_ends_a_day_after_the_visit_and_a_pass_after_half_an_hour()
    {
        await using var online = await OnlineDesk.OpenAsync();
        var (browser, link) = await BookedAsync(online);
        await browser.PostAsync(link, ("birthDate", "1980-03-04"));
        online.Clinic.Clock.Advance(TimeSpan.FromMinutes(30));
        Assert.Contains("date of birth", (await browser.OpenAsync(link)).Html, StringComparison.Ordinal);
        online.Clinic.Clock.AdjustTime(DateTimeOffset.Parse("2026-03-06T15:20:00Z", null));   // a day after its end
        Assert.Equal(HttpStatusCode.Gone, (await browser.OpenAsync(link)).Status);
    }

    private static Task<string> StatusAsync(OnlineDesk online) => online.Clinic.OneAsync<string>("select status from appointment");

    private static async Task<(TestBrowser Browser, string Link)> BookedAsync(OnlineDesk online)
    {
        var browser = online.Browser();
        Assert.Equal("Visit booked", (await online.BookAsync(browser, Ten, OnlineDesk.Person("Ana", "Vega", "1980-03-04", Email, reason: "rash"))).Title);
        return (browser, await online.LinkAsync(Email));
    }
}
