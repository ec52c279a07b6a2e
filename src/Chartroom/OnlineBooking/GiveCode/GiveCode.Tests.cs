using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Chartroom.Platform.Tenancy;

namespace Chartroom.OnlineBooking;

public sealed partial class GiveCodeTests
{
    private const string Nine = "2026-03-03T14:00:00Z", Ten = "2026-03-03T15:00:00Z", Eleven = "2026-03-03T16:00:00Z";

    [Fact]
    public async Task SCH_3_A_new_patient_books_by_a_code_and_gets_a_link()
    {
        await using var online = await OnlineDesk.OpenAsync();

        var done = await online.BookAsync(online.Browser(), Ten, OnlineDesk.Person("Ana", "Vega", "1980-03-04", "ana@mail.example", reason: "A rash on the left arm"));

        Assert.Equal("Visit booked", done.Title);
        var (status, source, patients, isSealed) = await online.Clinic.OneAsync<(string, string, int, bool)>("""
            select status, source, (select count(*)::int from patient where id = appointment.patient_id), reason is not null
            from appointment
            """);
        Assert.Equal(("booked", "online", 1, true), (status, source, patients, isSealed));
        var mails = await online.MailsAsync("ana@mail.example");
        Assert.Equal(["Your code", "Your visit at Test Clinic"], mails.Select(mail => mail.Subject));
        Assert.Contains("Tuesday, March 3, 2026, 10:00 AM (New York time)", mails[1].Body, StringComparison.Ordinal);
        Assert.All(mails, mail => Assert.DoesNotMatch("Ana|Vega|rash|1980", mail.Subject + mail.Body));
        Assert.Equal(new TypedDetails("", "", default, "", "ana@mail.example", null), await KeptAsync(online));   // nothing typed is left but the address
    }

    [Fact]
    public async Task Before_the_code_there_is_no_patient_and_nothing_to_read_in_the_tables()
    {
        await using var online = await OnlineDesk.OpenAsync();
        var browser = online.Browser();
        var booking = await online.HeldAsync(browser, Ten);
        await online.TellAsync(browser, booking, OnlineDesk.Person("Zebulon", "Quartermain", "1980-03-04", "zebulon@mail.example"));

        Assert.Equal(1, await online.Clinic.OneAsync<long>("select count(*) from patient"));   // the desk's own
        Assert.DoesNotMatch("(?i)zebulon|quartermain", await online.Clinic.OneAsync<string>("select string_agg(online_booking::text || encode(typed, 'escape'), '') from online_booking"));
        Assert.DoesNotContain("Quartermain", (await browser.OpenAsync(booking)).Html, StringComparison.Ordinal);
        Assert.Null(await online.Clinic.OneAsync<Guid?>("select patient_id from appointment"));
    }

    [Fact]
    public async Task A_patient_who_fits_and_a_stranger_get_the_same_pages_and_mails()
    {
        await using var online = await OnlineDesk.OpenAsync();
        var known = await online.AdmitAsync("Ana", "Vega", "1980-03-04", null, "+13035550123");

        var (first, second) = (online.Browser(), online.Browser());
        var fits = await online.BookAsync(first, Nine, OnlineDesk.Person("Ána", "VEGA", "1980-03-04", "a@mail.example"), "existing");
        var stranger = await online.BookAsync(second, Ten, OnlineDesk.Person("Bo", "Marsh", "1980-03-04", "b@mail.example", "303 555 0199"), "existing");

        Assert.Equal(Bare(stranger.Html), Bare(fits.Html));
        Assert.Equal(Bare((await online.MailsAsync("b@mail.example"))[^1].Body), Bare((await online.MailsAsync("a@mail.example"))[^1].Body));
        Assert.Equal(known.Value, await online.Clinic.OneAsync<Guid>("select patient_id from appointment where local_start = '2026-03-03 09:00'"));
        Assert.Equal((false, true), await online.Clinic.OneAsync<(bool, bool)>("select bool_and(is_new_patient) filter (where patient_id = @known), bool_and(is_new_patient) filter (where patient_id <> @known) from online_booking", new { known }));
    }

    [Theory]   // one thing that does not fit makes somebody new, and the desk sees whom they resemble
    [InlineData("Ana", "Vega", "1980-03-04", "c@mail.example", "303 555 0199", 1)]
    [InlineData("Anna", "Vega", "1980-03-04", "ana@mail.example", "303 555 0123", 1)]
    [InlineData("Ana", "Vega", "1980-03-05", "ana@mail.example", "303 555 0123", 0)]
    public async Task Who_does_not_fit_is_entered_anew(string given, string family, string born, string email, string phone, int alike)
    {
        await using var online = await OnlineDesk.OpenAsync();
        await online.AdmitAsync("Ana", "Vega", "1980-03-04", "ana@mail.example", "+13035550123");

        Assert.Equal("Visit booked", (await online.BookAsync(online.Browser(), Ten, OnlineDesk.Person(given, family, born, email, phone), "existing")).Title);

        Assert.Equal((true, alike), await online.Clinic.OneAsync<(bool, int)>("select is_new_patient, cardinality(alike) from online_booking"));
    }

    [Fact]
    public async Task Codes_are_tried_five_times_however_many_come_at_once()
    {
        await using var online = await OnlineDesk.OpenAsync();
        var browser = online.Browser();
        var booking = await online.HeldAsync(browser, Ten);
        await online.TellAsync(browser, booking, OnlineDesk.Person("Ana", "Vega", "1980-03-04", "ana@mail.example"));
        var right = int.Parse(await online.CodeAsync("ana@mail.example"), CultureInfo.InvariantCulture);

        var answers = await Task.WhenAll(Enumerable.Range(1, 40).Select(step =>
            online.Browser().PostAsync($"{booking}/code", ("code", ((right + step) % 1_000_000).ToString("D6", CultureInfo.InvariantCulture)))));

        Assert.DoesNotContain(answers, it => it.Location is not null);
        Assert.Equal(5, await online.Clinic.OneAsync<int>("select tries from online_booking"));
        Assert.InRange(answers.Count(it => it.Status == HttpStatusCode.UnprocessableEntity), 1, 4);   // the fifth ends it, for those too that wait for their answer
        Assert.Null((await browser.PostAsync($"{booking}/code", ("code", right.ToString("D6", CultureInfo.InvariantCulture)))).Location);
        await online.HeldAsync(online.Browser(), Ten);   // and the time is free again
    }

    [Fact]
    public async Task A_double_click_books_once_and_shows_the_same()
    {
        await using var online = await OnlineDesk.OpenAsync();
        var browser = online.Browser();
        var booking = await online.HeldAsync(browser, Ten);
        await online.TellAsync(browser, booking, OnlineDesk.Person("Ana", "Vega", "1980-03-04", "ana@mail.example"));
        var code = await online.CodeAsync("ana@mail.example");

        var answers = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => browser.PostAsync($"{booking}/code", ("code", code))));

        Assert.All(answers, it => Assert.Equal(booking, it.Location));
        Assert.Equal((1, 2, 1), await online.Clinic.OneAsync<(int, int, int)>("select (select count(*)::int from appointment), (select count(*)::int from patient), (select count(*)::int from visit_link)"));
    }

    [Fact]
    public async Task A_code_is_good_for_ten_minutes()
    {
        await using var online = await OnlineDesk.OpenAsync();
        var browser = online.Browser();
        var booking = await online.HeldAsync(browser, Ten);
        await online.TellAsync(browser, booking, OnlineDesk.Person("Ana", "Vega", "1980-03-04", "ana@mail.example"));
        online.Clinic.Clock.Advance(TimeSpan.FromMinutes(10));

        Assert.Equal(HttpStatusCode.Gone, (await browser.PostAsync($"{booking}/code", ("code", await online.CodeAsync("ana@mail.example")))).Status);
    }

    [Fact]
    public async Task Five_codes_an_hour_go_to_one_address_also_when_asked_for_at_once()
    {
        await using var online = await OnlineDesk.OpenAsync();
        var browser = online.Browser();
        var booking = await online.HeldAsync(browser, Ten);
        await online.TellAsync(browser, booking, OnlineDesk.Person("Ana", "Vega", "1980-03-04", "ana@mail.example"));

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => browser.PostAsync($"{booking}/again")));

        Assert.Equal((4, 4), (answers.Count(it => it.Location is not null), answers.Count(it => it.Status == HttpStatusCode.TooManyRequests)));
        Assert.Equal(5, (await online.MailsAsync("ana@mail.example")).Count);
    }

    [Fact]
    public async Task Programs_hear_the_same_and_get_no_mail()
    {
        await using var online = await OnlineDesk.OpenAsync();
        var (quick, filler) = (online.Browser(), online.Browser());
        var first = await online.HeldAsync(quick, Nine);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await quick.PostAsync($"{first}/details", OnlineDesk.Person("Ana", "Vega", "1980-03-04", "quick@mail.example"))).Status);

        var second = await online.HeldAsync(filler, Ten);
        Assert.Equal(second, (await online.TellAsync(filler, second, [.. OnlineDesk.Person("Ana", "Vega", "1980-03-04", "filler@mail.example"), ("website", "http://x.example")])).Location);
        Assert.Equal("Look into your mailbox", (await filler.OpenAsync(second)).Title);
        Assert.Empty(await online.MailsAsync("quick@mail.example"));
        Assert.Empty(await online.MailsAsync("filler@mail.example"));
    }

    [Fact]
    public async Task Visits_ahead_are_limited_for_the_proved_address_and_nobody_elses_count_shows()
    {
        await using var online = await OnlineDesk.OpenAsync();
        await online.RunAsync("update scheduling_rules set most_upcoming = 1");
        await online.AdmitAsync("Ana", "Vega", "1980-03-04", "ana@mail.example", "+13035550123");
        Assert.Equal("Visit booked", (await online.BookAsync(online.Browser(), Nine, OnlineDesk.Person("Ana", "Vega", "1980-03-04", "ana@mail.example"), "existing")).Title);

        var again = await online.BookAsync(online.Browser(), Ten, OnlineDesk.Person("Ana", "Vega", "1980-03-04", "ana@mail.example"), "existing");
        Assert.Equal(HttpStatusCode.Conflict, again.Status);

        // Somebody who knows name, birth date and telephone, but has another mailbox, hears nothing of it.
        Assert.Equal("Visit booked", (await online.BookAsync(online.Browser(), Eleven, OnlineDesk.Person("Ana", "Vega", "1980-03-04", "other@mail.example"), "existing")).Title);
    }

    [Theory]
    [InlineData("given", ""), InlineData("family", "12"), InlineData("birthDate", "2026-03-03"), InlineData("birthDate", "1880-01-01"), InlineData("birthDate", "2/30/1980")]
    [InlineData("phone", "12"), InlineData("email", "ana@"), InlineData("consent", "false")]
    public async Task What_is_not_right_comes_back_at_its_field(string field, string value)
    {
        await using var online = await OnlineDesk.OpenAsync();
        var browser = online.Browser();
        var booking = await online.HeldAsync(browser, Ten);

        var page = await online.TellAsync(browser, booking, [.. OnlineDesk.Person("Ana", "Vega", "1980-03-04", "ana@mail.example").Select(it => it.Item1 == field ? (field, value) : it)]);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, page.Status);
        Assert.NotEqual("", page.ErrorOf(field));
        Assert.Empty(await online.MailsAsync("ana@mail.example"));
    }

    private static async Task<TypedDetails> KeptAsync(OnlineDesk online)
    {
        await using var tx = await online.Clinic.The<TenantDb>().BeginAsync(online.Clinic.Actor(ClinicRole.System), Permission.SeeAppointments, default);
        var row = Assert.Single(await tx.QueryAsync<Kept>("select id, typed from online_booking", null, default));
        return tx.OpenForClinic<TypedDetails>(row.Typed, TypedDetails.CellOf(row.Id));
    }

    private sealed record Kept(Guid Id, byte[] Typed);

    /// <summary>Without what differs by the time that was chosen and by chance.</summary>
    private static string Bare(string text) => Varying().Replace(text, "#");

    [GeneratedRegex(@"/(visit|time)/[\w-]+|\d{1,2}:\d\d [AP]M|2026-03-03T1[45]:00:00Z|[0-9a-f]{8}-[0-9a-f-]{27}|/assets/\w+|data-countdown=""\d+""")]
    private static partial Regex Varying();
}
