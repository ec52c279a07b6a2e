using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using Xunit.Abstractions;

namespace Chartroom.Accounts;

public sealed class SameTimeTests(ITestOutputHelper output)
{
    /// <summary>The suite tries a few and holds a wide bound, since it shares its machine; CHARTROOM_TIMING_TRIES=1000 on a quiet one holds the promise: p above 0.01.</summary>
    private static readonly int Tries = int.Parse(Environment.GetEnvironmentVariable("CHARTROOM_TIMING_TRIES") ?? "25", CultureInfo.InvariantCulture);

    [Fact]
    public async Task ACC_1_A_known_and_an_unknown_address_are_refused_after_the_same_time()
    {
        await using var host = await TestClinic.OpenAsync();
        var practice = new TestSignUp(host);
        await practice.ToOpenAsync();
        var run = $"{Guid.CreateVersion7():N}";
        await host.RunAsync(["""
            insert into platform.person (id, email, name, email_verified_at)
            select gen_random_uuid(), 'known-' || number || '-' || @run || '@same.example', 'Test Person', now()
            from generate_series(1, @tries) as number
            """, """
            insert into platform.credential (person_id, password_hash, password_set_at, totp_secret, totp_confirmed_at)
            select other.id, credential.password_hash, credential.password_set_at, credential.totp_secret, credential.totp_confirmed_at
            from platform.credential
            join platform.person on person.id = credential.person_id and person.email = @email
            join platform.person as other on other.email like 'known-%' || @run || '@same.example'
            """], new { run, tries = Tries, email = practice.Email });
        using var client = host.Anonymous();
        async Task<double> AskAsync(string email)
        {
            var since = Stopwatch.GetTimestamp();
            using var answer = await client.PostAsJsonAsync("/api/v1/sessions", new { email, password = "wrong-" + run, code = "123456" });
            var took = Stopwatch.GetElapsedTime(since).TotalMilliseconds;
            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
            return took;
        }
        for (var warm = 0; warm < 5; warm++) await AskAsync($"warm-{warm}-{run}@same.example");

        var (known, unknown, dice) = (new List<double>(), new List<double>(), new Random(1));
        for (var number = 1; number <= Tries; number++)   // by turns, in an order of chance, so that whatever else the machine does falls on both
        {
            var isKnownFirst = dice.Next(2) == 0;
            if (isKnownFirst) known.Add(await AskAsync($"known-{number}-{run}@same.example"));
            unknown.Add(await AskAsync($"other-{number}-{run}@same.example"));
            if (!isKnownFirst) known.Add(await AskAsync($"known-{number}-{run}@same.example"));
        }

        var (p, ratio) = (PValue(known, unknown), Median(known) / Median(unknown));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Tries} tries each: medians {Median(known):F2} and {Median(unknown):F2} ms, ratio {ratio:F3}, p = {p:F4} (rank sums)"));
        Assert.InRange(ratio, 0.5, 2);
        if (Tries >= 1000) Assert.True(p > 0.01, $"p = {p}");
    }

    [Fact]
    public void The_rank_test_tells_equal_from_unequal()
    {
        var even = Enumerable.Range(0, 200).Select(number => (double)number).ToList();

        Assert.InRange(PValue(even, [.. even.Select(it => it + 0.5)]), 0.9, 1);
        Assert.InRange(PValue(even, [.. even.Select(it => it + 40)]), 0, 0.001);
    }

    private static double Median(List<double> times) => times.Order().ElementAt(times.Count / 2);

    /// <summary>Two-sided, by Mann and Whitney's rank sums with the normal approximation.</summary>
    private static double PValue(List<double> one, List<double> other)
    {
        var ranked = one.Select(time => (time, IsOne: true)).Concat(other.Select(time => (time, IsOne: false))).OrderBy(it => it.time).ToList();
        var ranks = ranked.Select((it, place) => it.IsOne ? place + 1.0 : 0).Sum();
        double n = one.Count, m = other.Count;
        var z = Math.Abs(ranks - (n * (n + m + 1) / 2)) / Math.Sqrt(n * m * (n + m + 1) / 12);
        return 2 * (1 - Normal(z));
    }

    /// <summary>Abramowitz and Stegun 26.2.17: right to seven places.</summary>
    private static double Normal(double z)
    {
        var t = 1 / (1 + (0.2316419 * z));
        return 1 - (Math.Exp(-z * z / 2) / Math.Sqrt(2 * Math.PI) * t * (0.319381530 + (t * (-0.356563782 + (t * (1.781477937 + (t * (-1.821255978 + (t * 1.330274429)))))))));
    }
}
