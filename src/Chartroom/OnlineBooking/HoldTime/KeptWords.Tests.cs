using System.Net;

namespace Chartroom.OnlineBooking;

public sealed class KeptWordsTests
{
    private const string Ten = "2026-03-03T15:00:00Z", Eleven = "2026-03-03T16:00:00Z", Noon = "2026-03-03T17:00:00Z", Email = "ana@mail.example";

    private static readonly (string, string)[] Ana = OnlineDesk.Person("Ana", "Vega", "1980-03-04", Email, reason: "A rash & <more>");

    [Theory]
    [InlineData("details", HttpStatusCode.Gone)]     // sent when the five minutes were over
    [InlineData("release", HttpStatusCode.Gone)]     // what the script does at that moment
    [InlineData("changed-mind", HttpStatusCode.OK)]  // "take another time", while it was still kept
    public async Task S11_What_was_typed_goes_on_with_another_time(string how, HttpStatusCode status)
    {
        await using var online = await OnlineDesk.OpenAsync();
        var browser = online.Browser();
        var booking = await online.HeldAsync(browser, Ten);
        if (how != "changed-mind") online.Clinic.Clock.Advance(TimeSpan.FromMinutes(6));

        var times = await browser.PostAsync($"{booking}/{(how == "details" ? how : "release")}", Ana);
        Assert.Equal((status, "Book a visit"), (times.Status, times.Title));
        Assert.Contains("What you typed is kept", times.Html, StringComparison.Ordinal);
        Assert.Contains($"value=\"{Eleven}\"", times.Html, StringComparison.Ordinal);
        Assert.Equal(["Ana", "Vega", "1980-03-04", Email, "303 555 0123", "A rash & <more>", "true"], Ana.Select(word => times.Hidden(word.Item1)));

        Assert.Matches("value=\"new\" checked", times.Html);

        var later = await browser.PostAsync($"/book/{online.Slug}/times", [.. Choice(online), ("from", "2026-03-10"), .. Ana]);   // other days
        Assert.Equal((HttpStatusCode.OK, "Ana"), (later.Status, later.Hidden("given")));
        Assert.Contains("value=\"2026-03-10T14:00:00Z\"", later.Html, StringComparison.Ordinal);

        await online.Desk.BookedAsync("2026-03-03", "12:00");
        var taken = await browser.PostAsync($"/book/{online.Slug}/time", [.. Choice(online), ("time", Noon), .. Ana]);   // somebody was faster
        Assert.Equal((HttpStatusCode.Conflict, "Ana"), (taken.Status, taken.Hidden("given")));

        var form = await browser.PostAsync($"/book/{online.Slug}/time", [.. Choice(online), ("time", Eleven), .. Ana]);
        Assert.Equal((HttpStatusCode.OK, "Who is coming?"), (form.Status, form.Title));
        Assert.Contains("value=\"Vega\"", form.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("Vega", (await browser.OpenAsync(Address(form))).Html, StringComparison.Ordinal);   // the address shows nothing to whoever finds it

        Assert.Equal(Address(form), (await online.TellAsync(browser, Address(form), Ana)).Location);
        Assert.Equal(Address(form), (await browser.PostAsync($"{Address(form)}/code", ("code", await online.CodeAsync(Email)))).Location);
        Assert.Equal(("2026-03-03 11:00:00", true), await online.Clinic.OneAsync<(string, bool)>("select local_start::text, reason is not null from appointment where source = 'online' and status = 'booked'"));
    }

    [Theory]
    [InlineData(true), InlineData(false)]   // the code came too late, or the visitor wants another time after all
    public async Task Once_a_code_was_sent_the_words_go_on_unseen_and_a_new_code_is_all_it_takes(bool isLapsed)
    {
        await using var online = await OnlineDesk.OpenAsync();
        var browser = online.Browser();
        var booking = await online.HeldAsync(browser, Ten);
        await online.TellAsync(browser, booking, Ana);
        if (isLapsed) online.Clinic.Clock.Advance(TimeSpan.FromMinutes(10));

        var (token, choose) = (booking.Split('/')[^1], (await browser.PostAsync($"{booking}/release")).Location!);
        Assert.EndsWith($"&after={token}", choose, StringComparison.Ordinal);
        var times = await browser.OpenAsync(choose);
        Assert.Contains("What you typed is kept", times.Html, StringComparison.Ordinal);
        Assert.Equal(token, times.Hidden("after"));
        Assert.DoesNotContain("Vega", times.Html, StringComparison.Ordinal);

        var next = (await browser.PostAsync($"/book/{online.Slug}/time", [.. Choice(online), ("time", Eleven), ("after", token)])).Location!;
        Assert.Equal("Look into your mailbox", (await browser.OpenAsync(next)).Title);
        Assert.Equal(2, (await online.MailsAsync(Email)).Count);
        var other = (await online.Browser().PostAsync($"/book/{online.Slug}/time", [.. Choice(online), ("time", Noon), ("after", token)])).Location!;
        Assert.Equal("Who is coming?", (await browser.OpenAsync(other)).Title);   // they go on once

        Assert.Equal(next, (await browser.PostAsync($"{next}/code", ("code", await online.CodeAsync(Email)))).Location);
        Assert.Equal("Visit booked", (await browser.OpenAsync(next)).Title);
    }

    [Fact]
    public async Task What_a_program_typed_goes_nowhere()
    {
        await using var online = await OnlineDesk.OpenAsync();
        var browser = online.Browser();
        var booking = await online.HeldAsync(browser, Ten);
        await online.TellAsync(browser, booking, [.. Ana, ("website", "http://x.example")]);
        await browser.PostAsync($"{booking}/release");

        var next = (await browser.PostAsync($"/book/{online.Slug}/time", [.. Choice(online), ("time", Eleven), ("after", booking.Split('/')[^1])])).Location!;

        Assert.Equal("Who is coming?", (await browser.OpenAsync(next)).Title);
        Assert.Empty(await online.MailsAsync(Email));
    }

    private static (string, string)[] Choice(OnlineDesk online) =>
        [("kind", "new"), ("type", online.Desk.VisitType.ToString()), ("with", ""), ("at", online.Desk.Location.ToString())];

    private static string Address(TestPage page) => System.Text.RegularExpressions.Regex.Match(page.Html, "data-address=\"([^\"]+)\"").Groups[1].Value;
}
