using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using Chartroom.Platform.Identity;
using Xunit.Abstractions;

namespace Chartroom.OnlineBooking;

/// <summary>Guesses at links and codes, and what the time of an answer tells. The suite looks up 100,000 made-up links and sends some through the whole program; CHARTROOM_GUESSES says how many of those.</summary>
public sealed class GuessingTests(ITestOutputHelper output)
{
    private const string Nine = "2026-03-05T14:00:00Z", Ten = "2026-03-05T15:00:00Z", Eleven = "2026-03-05T16:00:00Z", Email = "ana@mail.example";
    private const int Guessers = 4, LookUps = 100_000, Timed = 200;

    private static readonly int Guesses = int.TryParse(Environment.GetEnvironmentVariable("CHARTROOM_GUESSES"), NumberStyles.None, CultureInfo.InvariantCulture, out var many) ? many : 90;

    private static readonly string[] Generous =
        ["--RateLimits:Stranger=10000000", "--RateLimits:Door=10000000", "--OnlineBooking:LeastFillSeconds=0", "--OnlineBooking:HoldsOfNetworkAnHour=10000", "--OnlineBooking:HoldsOfNetwork=100"];

    [Fact]
    public async Task No_guess_at_a_link_opens_anything_and_unknown_ended_and_used_up_links_are_one_answer()
    {
        await using var online = await OnlineDesk.OpenAsync(settings: Generous);
        var (usedUp, ended, alive) = (await BookedAsync(online, Nine, "a@mail.example"), await BookedAsync(online, Ten, "b@mail.example"), await BookedAsync(online, Eleven, Email));
        await online.RunAsync("update visit_link set tries = 5 where appointment_id = (select id from appointment where starts_at = '2026-03-05T14:00:00Z')");
        await online.RunAsync("update appointment set starts_at = starts_at - interval '7 days', ends_at = ends_at - interval '7 days', local_start = local_start - interval '7 days' where starts_at = '2026-03-05T15:00:00Z'");
        var answers = new ConcurrentDictionary<(bool IsProof, HttpStatusCode, string), int>();

        foreach (var link in new[] { usedUp, ended }) await TryAsync(online.Browser(), link, answers);
        Assert.Equal(2, answers.Count);   // the same for both, once for looking and once for the birth date
        await Parallel.ForEachAsync(Enumerable.Range(0, Guessers), async (guesser, _) =>
        {
            var browser = online.Browser();
            for (var guess = guesser; guess < Guesses; guess += Guessers) await TryAsync(browser, "/visit/" + GuessAt(alive["/visit/".Length..], online.Clinic.Id, guess), answers);
        });

        Assert.All(answers.Keys, it => Assert.Equal(HttpStatusCode.Gone, it.Item2));
        Assert.Equal(2, answers.Count);
        Assert.Equal(0, await online.Clinic.OneAsync<long>("select count(*) from audit_event where action in ('visit_link.opened', 'visit_link.proved') and outcome = 'done'"));
        var hashes = Enumerable.Range(0, LookUps).Select(guess => SecretToken.HashOf(GuessAt(alive["/visit/".Length..], online.Clinic.Id, guess))).ToArray();
        Assert.Equal((0, 1), await online.Clinic.OneAsync<(int, int)>("select (select count(*)::int from visit_link where token_hash = any(@hashes)), (select count(*)::int from visit_link where token_hash = @real)",
            new { hashes, real = SecretToken.HashOf(alive["/visit/".Length..]) }));
        output.WriteLine($"{LookUps} links looked up, {Guesses} through the program: 0 hits, one answer");
    }

    [Fact]
    public async Task Of_any_number_of_codes_five_are_looked_at()
    {
        await using var online = await OnlineDesk.OpenAsync(settings: Generous);
        var browser = online.Browser();
        var booking = await online.HeldAsync(browser, Ten);
        await online.TellAsync(browser, booking, OnlineDesk.Person("Ana", "Vega", "1980-03-04", Email));
        var right = await online.CodeAsync(Email);
        var hits = 0;

        await Parallel.ForEachAsync(Enumerable.Range(0, Guessers), async (guesser, _) =>
        {
            var own = online.Browser();
            for (var guess = guesser; guess < Guesses; guess += Guessers)
            {
                var code = guess.ToString("D6", CultureInfo.InvariantCulture);
                if (code != right && (await own.PostAsync($"{booking}/code", ("code", code))).Location is not null) Interlocked.Increment(ref hits);
            }
        });

        Assert.Equal((0, 5), (hits, await online.Clinic.OneAsync<int>("select tries from online_booking")));
        Assert.Null((await browser.PostAsync($"{booking}/code", ("code", right))).Location);
        output.WriteLine($"{Guesses} guesses at a code: 0 hits, 5 looked at");
    }

    [Fact]
    public async Task Asking_for_a_code_is_the_same_work_for_the_address_of_a_patient_and_for_any_other()
    {
        await using var online = await OnlineDesk.OpenAsync(settings: Generous);
        var browser = online.Browser();
        var each = Guesses >= Timed ? Timed : 2;
        var times = new[] { new List<double>(), new List<double>() };
        var traces = new HashSet<string>();
        for (var number = 0; number < each; number++) await online.AdmitAsync("Ana", "Vega", "1980-03-04", $"known{number}@mail.example", "+13035550123");
        for (var turn = each == Timed ? -20 : 0; turn < 2 * each; turn++)
        {
            var (isKnown, number) = (turn % 2 == 0, turn < 0 ? 1000 - turn : turn / 2);
            var booking = await online.HeldAsync(browser, Ten);
            var before = await online.Clinic.OneAsync<long>("select count(*) from audit_event");
            var start = Stopwatch.GetTimestamp();
            var answer = await browser.PostAsync($"{booking}/details", OnlineDesk.Person("Ana", "Vega", "1980-03-04", $"{(isKnown ? "known" : "other")}{number}@mail.example"));
            if (turn >= 0) times[isKnown ? 0 : 1].Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            Assert.Equal(booking, answer.Location);
            traces.Add(string.Join(' ', await online.Clinic.RowsAsync<string>("select action || ' ' || cardinality(patient_ids) from audit_event order by id offset @before", new { before })));
            await browser.PostAsync($"{booking}/release");
        }

        Assert.Equal("online_booking.code-asked 0", Assert.Single(traces));   // nobody is looked up
        var z = Apart(times[0], times[1]);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{each} of each: median {Median(times[0]):0.00} ms for patients, {Median(times[1]):0.00} ms for others, z {z:0.00}"));
        if (each == Timed) Assert.InRange(z, -2.58, 2.58);   // p > 0.01
    }

    private static async Task TryAsync(TestBrowser browser, string link, ConcurrentDictionary<(bool, HttpStatusCode, string), int> answers)
    {
        foreach (var isProof in new[] { false, true })
        {
            var page = isProof ? await browser.PostAsync(link, ("birthDate", "1980-03-04")) : await browser.OpenAsync(link);
            answers.AddOrUpdate((isProof, page.Status, page.Html.Replace(link, "#", StringComparison.Ordinal)), 1, (_, count) => count + 1);
        }
    }

    /// <summary>By turns: anything, the clinic's key (which is no secret) with anything, and a link that is good but for one bit.</summary>
    private static string GuessAt(string alive, ClinicId clinic, int guess)
    {
        var bytes = guess % 3 == 2 ? Base64Url.DecodeFromChars(alive) : RandomNumberGenerator.GetBytes(48);
        if (guess % 3 == 1) clinic.Value.TryWriteBytes(bytes, bigEndian: true, out _);
        if (guess % 3 == 2) bytes[16 + (guess / 24 % 32)] ^= (byte)(1 << (guess / 3 % 8));
        return Base64Url.EncodeToString(bytes);
    }

    private static async Task<string> BookedAsync(OnlineDesk online, string time, string email)
    {
        Assert.Equal("Visit booked", (await online.BookAsync(online.Browser(), time, OnlineDesk.Person("Ana", "Vega", "1980-03-04", email))).Title);
        return await online.LinkAsync(email);
    }

    private static double Median(List<double> times) => times.Order().ElementAt(times.Count / 2);

    /// <summary>Mann and Whitney's test: how many standard deviations the order of the two is away from chance.</summary>
    private static double Apart(List<double> one, List<double> other)
    {
        var above = one.Sum(mine => other.Sum(theirs => mine > theirs ? 1.0 : mine < theirs ? 0 : 0.5));
        double n = one.Count, m = other.Count;
        return (above - (n * m / 2)) / Math.Sqrt(n * m * (n + m + 1) / 12);
    }
}
