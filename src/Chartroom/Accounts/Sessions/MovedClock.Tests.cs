using System.Net;
using System.Text.Json;

namespace Chartroom.Accounts;

/// <summary>Tests that run when all others are over: they end the sessions of every clinic by a clock of their own.</summary>
[CollectionDefinition("Alone", DisableParallelization = true)]
public static class Alone;

[Collection("Alone")]
public sealed class MovedClockTests
{
    private static async Task<bool> IsInAsync(TestBrowser browser) => (await browser.OpenAsync("/settings/security")).Status == HttpStatusCode.OK;

    [Theory]   // minutes that a session was idle when the clock was moved, and by how much
    [InlineData(31, -60), InlineData(61, -60), InlineData(480, -60), InlineData(20, -60), InlineData(0, -480), InlineData(31, -20), InlineData(0, 480)]
    public async Task ACC_4_A_clock_that_is_moved_brings_no_session_to_life_and_lets_none_live_longer(int idle, int moved)
    {
        await using var host = await TestClinic.OpenAsync();
        var practice = new TestSignUp(host);
        await practice.ToOpenAsync();
        var (browser, _) = await practice.SignInAsync();
        Assert.True(await IsInAsync(browser));

        for (var minute = 0; minute < idle; minute++)   // as a serving program does
        {
            host.Clock.Advance(TimeSpan.FromMinutes(1));
            await host.The<OverdueSessions>().EndAsync(default);
        }
        host.Clock.AdjustTime(host.Clock.GetUtcNow().AddMinutes(moved));

        Assert.False(await IsInAsync(browser));
        Assert.False(await IsInAsync(practice.Browser));
        foreach (var code in practice.Codes.Take(3)) Assert.True(await IsInAsync((await practice.SignInAsync(code)).Browser));   // who is there signs in again, also past the three that lie ahead
    }

    [Theory]
    [InlineData(-30), InlineData(-3600), InlineData(-8 * 3600)]
    public async Task ACC_3_A_code_that_was_taken_is_not_taken_again_nor_an_earlier_one_when_the_clock_is_set_back(int seconds)
    {
        await using var host = await TestClinic.OpenAsync();
        var practice = new TestSignUp(host);
        await practice.ToOpenAsync();
        var taken = practice.CodeNow;
        Assert.True(await IsInAsync((await practice.SignInAsync()).Browser));   // which takes a minute

        host.Clock.AdjustTime(host.Clock.GetUtcNow().AddSeconds(seconds - 60));
        Assert.False(await IsInAsync((await practice.SignInAsync(taken)).Browser));
        host.Clock.AdjustTime(host.Clock.GetUtcNow().AddSeconds(-60));
        Assert.False(await IsInAsync((await practice.SignInAsync()).Browser));   // the app's code of the time that is shown now
    }

    [SharedDataFact]
    public async Task ACC_4_Sessions_and_passwords_end_when_the_shared_vectors_say_in_nights_that_change_the_clock_too()
    {
        using var vectors = JsonDocument.Parse(await File.ReadAllTextAsync(SharedData.Files("security/time", "session_and_deadline.json").Single()));
        var cases = vectors.RootElement.GetProperty("cases").EnumerateArray().ToList();
        Assert.Equal(15, cases.Count);
        foreach (var it in cases)
        {
            var zone = it.GetProperty("zone").GetString()!;
            var login = TimeZoneInfo.ConvertTimeToUtc(DateTime.SpecifyKind(it.GetProperty("login_local").GetDateTime(), DateTimeKind.Unspecified), TimeZoneInfo.FindSystemTimeZoneById(zone));
            await using var host = await TestClinic.OpenAsync($"{login:yyyy-MM-ddTHH:mm:ssZ}", zone);
            var practice = new TestSignUp(host);
            await practice.ToOpenAsync();   // password and session are of that very moment

            var (idle, absolute) = (it.GetProperty("idle_expires_utc").GetDateTimeOffset(), it.GetProperty("absolute_expires_utc").GetDateTimeOffset());
            Assert.Equal((true, true), await host.OneAsync<(bool, bool)>("""
                select idle_at = @idle, ends_at = @absolute
                from platform.session_life
                join platform.person on person.id = person_id
                where email = @email
                """, new { email = practice.Email, idle, absolute }));
            host.Clock.AdjustTime(idle);
            Assert.False(await IsInAsync(practice.Browser));
            var old = it.GetProperty("password_expires_utc").GetDateTimeOffset();
            host.Clock.AdjustTime(old.AddSeconds(-1));
            Assert.NotEqual("/account/password", (await practice.SignInAsync(practice.Codes[0])).Page.Location);
            host.Clock.AdjustTime(old);
            Assert.Equal("/account/password", (await practice.SignInAsync(practice.Codes[1])).Page.Location);
        }
    }
}
