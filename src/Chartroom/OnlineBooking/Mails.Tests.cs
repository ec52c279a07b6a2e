using System.Text.RegularExpressions;
using Chartroom.Platform.Outbox;

namespace Chartroom.OnlineBooking;

/// <summary>The mails of booking through a real SMTP conversation, as the mailbox gets them.</summary>
public sealed partial class MailsTests
{
    private const string Email = "ana.vega@mail.example";

    private static readonly (string, string)[] Ana = OnlineDesk.Person("Ana", "Vega", "1980-03-04", Email, reason: "A rash on the left arm");

    [Theory]
    [InlineData("book", "Visit booked", "Your visit at Test Clinic", null)]
    [InlineData("request", "Request sent", "Your request to Test Clinic", "Your visit at Test Clinic")]
    [InlineData("declined", "Request sent", "Your request to Test Clinic", "Your request to Test Clinic")]
    public async Task SCH_3_Codes_and_links_arrive_by_smtp_work_and_hold_nothing_but_what_the_list_allows(string how, string title, string subject, string? answer)
    {
        await using var server = new SmtpServer();
        await using var online = await OnlineDesk.OpenAsync();
        online.Clinic.Mail.Through = server.Transport;
        await online.RunAsync("update platform.clinic set phone = '+15185550100' where id = (select substr(current_schema(), 8)::uuid)");
        await online.RunAsync("update location set name = 'Café Straße', address_line = '12 Main Street', city = 'Albany', state = 'NY', postal_code = '12207'");
        if (how != "book") await online.OfferAsync(online.Desk.Provider, "new", "request");
        var browser = online.Browser();

        var booking = await online.HeldAsync(browser, "2026-07-07T14:00:00Z".Replace("07-07", "03-10", StringComparison.Ordinal));   // summer time by then
        await online.TellAsync(browser, booking, Ana);
        var code = await ArrivedAsync(online, server);
        Assert.Equal("Your code", code.Subject);
        await browser.PostAsync($"{booking}/code", ("code", SixDigits().Match(code.Body).Value));
        Assert.Equal(title, (await browser.OpenAsync(booking)).Title);
        var mail = await ArrivedAsync(online, server);
        Assert.Equal(subject, mail.Subject);
        Assert.Contains("Tuesday, March 10, 2026, 10:00 AM (New York time)", mail.Body, StringComparison.Ordinal);
        Assert.Contains("Café Straße, 12 Main Street, Albany, NY 12207", mail.Body, StringComparison.Ordinal);

        var link = new Uri(Link().Match(mail.Body).Value).AbsolutePath;
        await browser.PostAsync(link, ("birthDate", "1980-03-04"));
        Assert.Contains("10:00 AM", (await browser.OpenAsync(link)).Html, StringComparison.Ordinal);
        if (answer is null) return;

        await DecideAsync(online, how == "request" ? "accept" : "decline");
        var decided = await ArrivedAsync(online, server);
        Assert.Equal(answer, decided.Subject);
        Assert.Equal(how == "request", Link().IsMatch(decided.Body));
    }

    private static async Task DecideAsync(OnlineDesk online, string act)
    {
        var desk = new TestBrowser(online.Clinic.As(ClinicRole.FrontDesk));
        var page = await desk.OpenAsync("/booking-requests");
        await desk.PostAsync($"/booking-requests/{await online.Clinic.OneAsync<Guid>("select id from online_booking where state = 'done'")}/{act}", ("version", page.Hidden("version")));
        Assert.Equal(1, await online.ToldAsync());
    }

    /// <summary>The next mail, which holds nothing of the person but the address it goes to, and ends its lines as the protocol wants.</summary>
    private static async Task<ReceivedMail> ArrivedAsync(OnlineDesk online, SmtpServer server)
    {
        await online.Clinic.The<OutboxWorker>().DrainAsync(online.Clinic.Id, default);
        var mail = await server.NextAsync();
        Assert.Equal([Email], mail.Recipients);
        Assert.DoesNotMatch("(?<!\r)\n", mail.Raw);
        foreach (var (name, value) in mail.Headers.Where(header => !header.Key.Equals("To", StringComparison.OrdinalIgnoreCase))) Assert.False(Personal().IsMatch(value), $"{name}: {value}");
        Assert.DoesNotMatch(Personal(), mail.Body);
        var rest = Allowed().Replace(mail.Body, "").Trim();
        Assert.True(rest.Length == 0, rest);
        return mail;
    }

    [GeneratedRegex("(?i)ana|vega|1980|rash|555.?0123|follow-up")]
    private static partial Regex Personal();

    [GeneratedRegex(@"\b\d{6}\b")]
    private static partial Regex SixDigits();

    [GeneratedRegex(@"https?://\S+/visit/[\w-]+")]
    private static partial Regex Link();

    // What a mail may hold (README): fixed words, the code, the link, the clinic and its telephone, day and time with the zone, provider, place and address.
    [GeneratedRegex("""
        Your\ code\ is\ \d{6}\.\ It\ is\ good\ for\ 10\ minutes\.
        |Somebody\ is\ booking\ a\ visit\ at\ Test\ Clinic\ with\ this\ address\.\ If\ it\ was\ not\ you,\ do\ nothing:\ without\ the\ code\ nothing\ is\ booked\.
        |Your\ visit\ is\ booked:|We\ have\ your\ request\ for\ a\ visit:|The\ clinic\ has\ agreed\ to\ the\ visit\ you\ asked\ for:|The\ clinic\ cannot\ offer\ the\ visit\ you\ asked\ for:
        |The\ clinic\ looks\ at\ it\ and\ answers\ by\ e-mail\.\ Until\ then\ the\ time\ is\ kept\ for\ you\.\ To\ see\ or\ cancel\ the\ request,\ open\ this\ link\.
        |To\ see,\ confirm,\ move\ or\ cancel\ it,\ open\ this\ link\.|\ It\ asks\ for\ the\ birth\ date\ first:|Please\ choose\ another\ time,\ or\ call\.
        |\w+day,\ \w+\ \d+,\ 2026,\ \d+:\d\d\ [AP]M\ \(New\ York\ time\)|Dr\.\ Ada\ Hart,\ Café\ Straße,\ 12\ Main\ Street,\ Albany,\ NY\ 12207
        |https?://\S+/visit/[\w-]+|Questions\?\ Call\ \(518\)\ 555-0100\.
        """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Allowed();
}
