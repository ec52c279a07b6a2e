using System.Net;

namespace Chartroom.OnlineBooking;

public sealed class HoldTimeTests
{
    private const string Nine = "2026-03-03T14:00:00Z", Ten = "2026-03-03T15:00:00Z", Eleven = "2026-03-03T16:00:00Z";

    [Fact]
    public async Task S11_A_chosen_time_is_kept_for_minutes_and_free_again_by_itself()
    {
        await using var online = await OnlineDesk.OpenAsync();
        var (first, second) = (online.Browser(), online.Browser());
        var booking = await online.HeldAsync(first, Ten);

        Assert.Equal("Who is coming?", (await first.OpenAsync(booking)).Title);
        Assert.Equal(HttpStatusCode.Conflict, (await online.HoldAsync(second, Ten)).Status);
        Assert.DoesNotContain($"value=\"{Ten}\"", (await second.OpenAsync($"/book/{online.Slug}?kind=new&from=2026-03-03")).Html, StringComparison.Ordinal);
        online.Clinic.Clock.Advance(TimeSpan.FromMinutes(5) + TimeSpan.FromSeconds(1));
        Assert.Equal("Choose a time once more", (await first.OpenAsync(booking)).Title);
        Assert.Contains($"value=\"{Ten}\"", (await second.OpenAsync($"/book/{online.Slug}?kind=new&from=2026-03-03")).Html, StringComparison.Ordinal);
        await online.HeldAsync(second, Ten);
        Assert.Equal(HttpStatusCode.Gone, (await online.TellAsync(first, booking, OnlineDesk.Person("Ana", "Vega", "1980-03-04", "ana@mail.example"))).Status);
    }

    [Fact]
    public async Task Fifty_visitors_want_one_time_and_exactly_one_gets_it_the_others_see_the_next()
    {
        await using var online = await OnlineDesk.OpenAsync(settings: ["--OnlineBooking:HoldsOfNetwork=100", "--OnlineBooking:HoldsOfNetworkAnHour=1000", "--OnlineBooking:HoldsOfProviderDay=100"]);

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => online.HoldAsync(online.Browser(), Ten)));

        Assert.Equal((1, 49), (answers.Count(it => it.Location is not null), answers.Count(it => it.Status == HttpStatusCode.Conflict)));
        Assert.All(answers.Where(it => it.Location is null), it =>
        {
            Assert.Contains("Somebody else has just taken this time", it.Html, StringComparison.Ordinal);
            Assert.Contains($"value=\"{Eleven}\"", it.Html, StringComparison.Ordinal);
        });
        Assert.Equal(1, await online.Clinic.OneAsync<long>("select count(*) from appointment where status = 'held'"));
    }

    [Fact]
    public async Task Anyone_means_whoever_is_free()
    {
        await using var online = await OnlineDesk.OpenAsync();
        await online.OfferAsync(online.Desk.Colleague, "new", "book");

        await online.HeldAsync(online.Browser(), Ten);
        await online.HeldAsync(online.Browser(), Ten);
        Assert.Equal(HttpStatusCode.Conflict, (await online.HoldAsync(online.Browser(), Ten)).Status);
        Assert.Equal(2, await online.Clinic.OneAsync<long>("select count(distinct provider_id) from appointment where status = 'held'"));
    }

    [Fact]
    public async Task A_browser_that_takes_another_time_gives_the_first_one_back()
    {
        await using var online = await OnlineDesk.OpenAsync();
        var browser = online.Browser();
        var first = await online.HeldAsync(browser, Ten);

        await online.HeldAsync(browser, Eleven);
        await online.HeldAsync(online.Browser(), Ten);

        Assert.Equal("Choose a time once more", (await browser.OpenAsync(first)).Title);
        Assert.Equal(2, await online.Clinic.OneAsync<long>("select count(*) from appointment where status = 'held'"));
    }

    [Fact]
    public async Task Take_another_time_frees_it_at_once()
    {
        await using var online = await OnlineDesk.OpenAsync();
        var browser = online.Browser();
        var booking = await online.HeldAsync(browser, Ten);

        Assert.StartsWith($"/book/{online.Slug}?", (await browser.PostAsync($"{booking}/release")).Location, StringComparison.Ordinal);
        await online.HeldAsync(online.Browser(), Ten);
    }

    [Fact]
    public async Task Nobody_blocks_a_providers_day_nor_holds_more_than_their_share()
    {
        await using var online = await OnlineDesk.OpenAsync(settings: ["--OnlineBooking:HoldsOfNetwork=100"]);   // as if every hold came from another network
        var hours = Enumerable.Range(13, 8).Select(hour => $"2026-03-03T{hour}:00:00Z").ToList();

        var answers = await Task.WhenAll(hours.Select(hour => online.HoldAsync(online.Browser(), hour)));

        Assert.Equal((4, 4), (answers.Count(it => it.Location is not null), answers.Count(it => it.Status == HttpStatusCode.TooManyRequests)));
        await online.HeldAsync(online.Browser(), "2026-03-04T15:00:00Z");   // other days are untouched
        var desk = await online.Desk.BookAsync(online.Desk.Ask("2026-03-03", "16:00"));   // and so is the desk
        Assert.Equal(201, desk.Status);
    }

    [Fact]
    public async Task One_network_holds_five_times_at_once_and_no_more_in_an_hour_than_a_person_would()
    {
        await using var online = await OnlineDesk.OpenAsync(settings: ["--OnlineBooking:HoldsOfProviderDay=100", "--OnlineBooking:HoldsOfNetworkAnHour=8"]);
        var hours = Enumerable.Range(13, 8).Select(hour => $"2026-03-03T{hour}:00:00Z").ToList();

        var answers = await Task.WhenAll(hours.Select(hour => online.HoldAsync(online.Browser(), hour)));
        Assert.Equal(5, answers.Count(it => it.Location is not null));

        online.Clinic.Clock.Advance(TimeSpan.FromMinutes(6));   // they have lapsed
        var later = new List<TestPage>();
        foreach (var hour in hours) later.Add(await online.HoldAsync(online.Browser(), hour.Replace("03-03", "03-05", StringComparison.Ordinal)));
        Assert.Equal(3, later.Count(it => it.Location is not null));
    }

    [Theory]
    [InlineData("2026-03-03T14:07:00Z")]     // no start of the grid
    [InlineData("2026-03-03T03:00:00Z")]     // nobody works
    [InlineData("2026-03-02T14:30:00Z")]     // less notice than the clinic wants
    [InlineData("2027-03-03T15:00:00Z")]     // further ahead than it offers
    [InlineData("2026-03-03 15:00"), InlineData("")]
    public async Task What_is_not_offered_cannot_be_held(string time)
    {
        await using var online = await OnlineDesk.OpenAsync();
        Assert.Contains((await online.HoldAsync(online.Browser(), time)).Status, new[] { HttpStatusCode.Conflict, HttpStatusCode.UnprocessableEntity });
        Assert.Equal((0, 0), await online.Clinic.OneAsync<(int, int)>("select (select count(*)::int from appointment), (select count(*)::int from online_booking)"));
    }
}
