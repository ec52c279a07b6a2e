using System.Net;

namespace Chartroom.OnlineBooking;

public sealed class BookingRequestsTests
{
    private const string Ten = "2026-03-05T15:00:00Z", Email = "ana@mail.example";

    [Theory]
    [InlineData("accept", "booked", "Your visit at Test Clinic"), InlineData("decline", "cancelled", "Your request to Test Clinic")]
    public async Task S10_A_request_is_decided_by_the_desk_and_the_patient_is_told(string act, string status, string subject)
    {
        await using var online = await RequestedAsync();
        var desk = new TestBrowser(online.Clinic.As(ClinicRole.FrontDesk));
        Assert.Equal("requested", await online.Clinic.OneAsync<string>("select status from appointment"));

        async Task<long> WaitingAsync() => (await online.Desk.GetAsync("/day/visits?date=2026-03-02"))["waiting"]!.AsArray()
            .Where(it => (string?)it!["href"] == "/booking-requests").Sum(it => (long)it!["count"]!);
        Assert.Equal(1, await WaitingAsync());
        var page = await desk.OpenAsync("/booking-requests");
        Assert.Contains("Ana Vega", page.Html, StringComparison.Ordinal);
        var answer = await desk.PostAsync($"/booking-requests/{await IdAsync(online)}/{act}", ("version", page.Hidden("version")));

        Assert.Equal("/booking-requests", answer.Location);
        Assert.Equal(0, await WaitingAsync());
        Assert.Equal(status, await online.Clinic.OneAsync<string>("select status from appointment"));
        Assert.Equal(1, await online.ToldAsync());
        Assert.Equal(["Your code", "Your request to Test Clinic", subject], (await online.MailsAsync(Email)).Select(mail => mail.Subject));
        Assert.Contains("Nothing to look at", (await desk.OpenAsync("/booking-requests")).Html, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await desk.PostAsync($"/booking-requests/{Guid.CreateVersion7()}/{act}", ("version", "1"))).Status);
    }

    [Fact]
    public async Task Accepting_by_another_door_tells_the_patient_too_and_only_once()
    {
        await using var online = await RequestedAsync();
        var (id, version) = await online.Clinic.OneAsync<(Guid, int)>("select id, version from appointment");

        var accepted = await online.Desk.SendAsync($"/api/v1/appointments/{id}/status", new { status = "booked" }, version, ClinicRole.FrontDesk);

        Assert.Equal(200, accepted.Status);
        Assert.Equal((1, 0), (await online.ToldAsync(), await online.ToldAsync()));
        Assert.Equal(3, (await online.MailsAsync(Email)).Count);
        var link = await online.LinkAsync(Email);
        Assert.Equal(link, (await online.Browser().PostAsync(link, ("birthDate", "1980-03-04"))).Location);
    }

    [Theory]
    [InlineData("accept", "decline", "Your request to Test Clinic"), InlineData("decline", "accept", "Your visit at Test Clinic")]
    public async Task S10_A_slip_that_is_undone_and_decided_the_other_way_is_told_and_the_same_again_is_not(string slip, string act, string subject)
    {
        await using var online = await RequestedAsync();
        var request = await IdAsync(online);
        async Task DecideAsync(string how) => Assert.Equal(204, (await online.Desk.SendAsync($"/api/v1/booking-requests/{request}/{how}", new { }, await VersionAsync(online), ClinicRole.FrontDesk)).Status);
        async Task UndoAsync() => Assert.Equal(200, (await online.Desk.SendAsync($"/api/v1/appointments/{await online.Clinic.OneAsync<Guid>("select id from appointment")}/undo", new { }, await VersionAsync(online), ClinicRole.FrontDesk)).Status);

        await DecideAsync(slip);
        Assert.Equal(1, await online.ToldAsync());
        await UndoAsync();
        await DecideAsync(slip);
        Assert.Equal(0, await online.ToldAsync());
        Assert.Equal(3, (await online.MailsAsync(Email)).Count);
        await UndoAsync();
        await DecideAsync(act);
        Assert.Equal(1, await online.ToldAsync());

        var mails = await online.MailsAsync(Email);
        Assert.Equal((4, subject), (mails.Count, mails[^1].Subject));
    }

    [Fact]
    public async Task S12_A_decision_that_is_undone_within_its_three_minutes_is_told_to_nobody_and_the_page_says_so_until_then()
    {
        await using var online = await RequestedAsync();
        var desk = new TestBrowser(online.Clinic.As(ClinicRole.FrontDesk));
        var page = await desk.OpenAsync("/booking-requests");
        await desk.PostAsync($"/booking-requests/{await IdAsync(online)}/decline", ("version", page.Hidden("version")));
        var decided = await desk.OpenAsync("/booking-requests");
        Assert.Contains("in 3 minutes, unless it is undone", decided.Html, StringComparison.Ordinal);
        Assert.Equal(0, await online.Clinic.The<DecisionNotices>().TellAsync(online.Clinic.Id, default));

        online.Clinic.Clock.Advance(TimeSpan.FromMinutes(2));
        var undone = await desk.PostAsync($"/visits/{await online.Clinic.OneAsync<Guid>("select id from appointment")}/undo?from=requests", ("version", decided.Hidden("version")));

        Assert.Equal("/booking-requests", undone.Location);
        Assert.Equal(0, await online.ToldAsync());
        Assert.Equal(2, (await online.MailsAsync(Email)).Count);
        Assert.Contains("Accept", (await desk.OpenAsync("/booking-requests")).Html, StringComparison.Ordinal);
        Assert.Null(await online.Clinic.OneAsync<DateTime?>("select tell_at from online_booking"));
    }

    [Fact]
    public async Task S12_Of_two_programs_that_tell_at_once_one_does_and_a_visit_moved_meanwhile_is_told_at_its_new_time()
    {
        await using var online = await RequestedAsync();
        var request = await IdAsync(online);
        Assert.Equal(204, (await online.Desk.SendAsync($"/api/v1/booking-requests/{request}/accept", new { }, await VersionAsync(online), ClinicRole.FrontDesk)).Status);
        var visit = await online.Clinic.OneAsync<Guid>("select id from appointment");
        Assert.Equal(200, (await online.Desk.SendAsync($"/api/v1/appointments/{visit}/moves", new { at = "11:30" }, await VersionAsync(online), ClinicRole.FrontDesk)).Status);
        online.Clinic.Clock.Advance(TimeSpan.FromMinutes(3));

        var told = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => online.Clinic.The<DecisionNotices>().TellAsync(online.Clinic.Id, default)));

        Assert.Equal(1, told.Sum());
        Assert.Contains("11:30 AM", (await online.MailsAsync(Email))[^1].Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task S12_A_notice_that_cannot_be_written_keeps_no_other_waiting()
    {
        await using var online = await RequestedAsync();
        Assert.Equal("Request sent", (await online.BookAsync(online.Browser(), "2026-03-05T16:00:00Z", OnlineDesk.Person("Bo", "Chen", "1981-03-04", "bo@mail.example"))).Title);
        var requests = await online.Clinic.RowsAsync<(Guid Id, int Version)>("select online_booking.id, appointment.version from online_booking join appointment on appointment.id = appointment_id order by online_booking.id");
        foreach (var (id, version) in requests)
        {
            Assert.Equal(204, (await online.Desk.SendAsync($"/api/v1/booking-requests/{id}/accept", new { }, version, ClinicRole.FrontDesk)).Status);
            online.Clinic.Clock.Advance(TimeSpan.FromSeconds(1));
        }
        await online.Clinic.RowsAsync<int>("update online_booking set typed = @spoiled where id = @first", new { spoiled = new byte[80], first = requests[0].Id });

        Assert.Equal(1, await online.ToldAsync());
        Assert.Equal("Your visit at Test Clinic", (await online.MailsAsync("bo@mail.example"))[^1].Subject);
        Assert.Equal([requests[0].Id], await online.Clinic.RowsAsync<Guid>("select id from online_booking where tell_at is not null"));
    }

    [Fact]
    public async Task S10_A_request_whose_time_came_without_an_answer_waits_on_and_the_patient_is_told()
    {
        await using var online = await RequestedAsync();
        var desk = new TestBrowser(online.Clinic.As(ClinicRole.FrontDesk));
        await online.RunAsync("update appointment set starts_at = starts_at - interval '7 days', ends_at = ends_at - interval '7 days', local_start = local_start - interval '7 days'");

        var waiting = (await online.Desk.GetAsync("/day/visits?date=2026-03-02"))["waiting"]!.AsArray().Single(it => (string?)it!["href"] == "/booking-requests");
        var page = await desk.OpenAsync("/booking-requests");

        Assert.Equal(1, (long)waiting!["count"]!);
        Assert.Contains("nobody has answered", page.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("/accept", page.Html, StringComparison.Ordinal);
        Assert.Equal("/booking-requests", (await desk.PostAsync($"/booking-requests/{await IdAsync(online)}/decline", ("version", page.Hidden("version")))).Location);
        Assert.Equal(1, await online.ToldAsync());
        Assert.Equal("Your request to Test Clinic", (await online.MailsAsync(Email))[^1].Subject);
        Assert.Equal(3, (await online.MailsAsync(Email)).Count);
    }

    [Fact]
    public async Task A_patient_takes_a_request_back_by_link_and_nobody_is_written_to()
    {
        await using var online = await RequestedAsync();
        var (browser, link) = (online.Browser(), await online.LinkAsync(Email));
        await browser.PostAsync(link, ("birthDate", "1980-03-04"));
        Assert.Contains("STATUS:TENTATIVE\r\n", (await browser.OpenAsync($"{link}/calendar.ics")).Html, StringComparison.Ordinal);
        Assert.Equal($"{link}?done=cancelled", (await browser.PostAsync($"{link}/cancel")).Location);
        Assert.Equal(2, (await online.MailsAsync(Email)).Count);
    }

    [Fact]
    public async Task What_came_to_nothing_is_gone_after_a_day_and_its_words_within_the_hour()
    {
        await using var online = await OnlineDesk.OpenAsync();
        var browser = online.Browser();
        await online.TellAsync(browser, await online.HeldAsync(browser, Ten), OnlineDesk.Person("Ana", "Vega", "1980-03-04", Email));
        var housekeeping = online.Clinic.The<Platform.Tenancy.Housekeeping>();

        await online.RunAsync("update online_booking set held_until = held_until - interval '1 hour', created_at = created_at - interval '1 hour'");
        await housekeeping.TidyClinicAsync(online.Clinic.Id, default);
        Assert.Equal((1L, 0L), await online.Clinic.OneAsync<(long, long)>("select (select count(*) from online_booking), (select count(*) from online_booking where typed is not null)"));
        await online.RunAsync("update online_booking set created_at = created_at - interval '24 hours'");
        await online.RunAsync("update online_mail set sent_at = sent_at - interval '25 hours'");
        await housekeeping.TidyClinicAsync(online.Clinic.Id, default);
        Assert.Equal((0L, 0L), await online.Clinic.OneAsync<(long, long)>("select (select count(*) from online_booking), (select count(*) from online_mail)"));
    }

    private static async Task<OnlineDesk> RequestedAsync()
    {
        var online = await OnlineDesk.OpenAsync();
        await online.OfferAsync(online.Desk.Provider, "new", "request");
        Assert.Equal("Request sent", (await online.BookAsync(online.Browser(), Ten, OnlineDesk.Person("Ana", "Vega", "1980-03-04", Email))).Title);
        return online;
    }

    private static Task<int> VersionAsync(OnlineDesk online) => online.Clinic.OneAsync<int>("select version from appointment");

    private static Task<Guid> IdAsync(OnlineDesk online) => online.Clinic.OneAsync<Guid>("select id from online_booking");
}
