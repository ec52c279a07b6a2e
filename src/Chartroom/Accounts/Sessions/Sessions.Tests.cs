using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace Chartroom.Accounts;

public sealed class SessionsTests
{
    private static async Task<(TestClinic Host, TestSignUp Practice)> SignedUpAsync(string now = "2026-03-02T14:00:00Z")
    {
        var host = await TestClinic.OpenAsync(now);
        var practice = new TestSignUp(host);
        await practice.ToOpenAsync();
        return (host, practice);
    }

    private static async Task<bool> IsInAsync(TestBrowser browser) => (await browser.OpenAsync("/settings/security")).Status == HttpStatusCode.OK;

    [Theory]   // the nights in which the clocks change make no difference: elapsed time counts
    [InlineData("2026-03-02T14:00:00Z"), InlineData("2026-03-08T06:45:00Z"), InlineData("2026-11-01T05:45:00Z")]
    public async Task ACC_4_A_session_ends_after_thirty_minutes_without_a_request(string now)
    {
        var (host, practice) = await SignedUpAsync(now);
        await using var _ = host;
        var (browser, _) = await practice.SignInAsync();
        Assert.True(await IsInAsync(browser));

        host.Clock.Advance(new TimeSpan(0, 29, 59));
        Assert.True(await IsInAsync(browser));
        host.Clock.Advance(new TimeSpan(0, 29, 59));   // counted from the last request, to the second
        Assert.True(await IsInAsync(browser));
        host.Clock.Advance(new TimeSpan(0, 30, 1));
        Assert.False(await IsInAsync(browser));
    }

    [Fact]
    public async Task ACC_4_A_session_ends_after_eight_hours_however_busy_it_is()
    {
        var (host, practice) = await SignedUpAsync();
        await using var _ = host;
        var (browser, _) = await practice.SignInAsync();   // a minute passes in it

        for (var minutes = 1; minutes < 8 * 60; minutes += 25)
        {
            host.Clock.Advance(TimeSpan.FromMinutes(Math.Min(25, (8 * 60) - minutes)) - (minutes == 1 ? TimeSpan.FromSeconds(1) : TimeSpan.Zero));
            Assert.True(await IsInAsync(browser));
        }
        host.Clock.Advance(TimeSpan.FromSeconds(2));
        Assert.False(await IsInAsync(browser));
    }

    [Fact]
    public async Task ACC_4_The_fourth_session_ends_the_oldest()
    {
        var (host, practice) = await SignedUpAsync();   // that is the first
        await using var _ = host;
        var (second, _) = await practice.SignInAsync();
        var (third, _) = await practice.SignInAsync();
        Assert.True(await IsInAsync(practice.Browser));

        var (fourth, _) = await practice.SignInAsync();

        bool[] isIn = [await IsInAsync(practice.Browser), await IsInAsync(second), await IsInAsync(third), await IsInAsync(fourth)];
        Assert.Equal([false, true, true, true], isIn);
    }

    [Fact]
    public async Task ACC_4_Nine_sign_ins_at_once_leave_three()
    {
        var (host, practice) = await SignedUpAsync();
        await using var _ = host;
        var codes = practice.Codes.Take(9).ToList();   // recovery codes, since one code of the app opens one session

        var opened = await Task.WhenAll(codes.Select(async code =>
        {
            var browser = new TestBrowser(host.Anonymous());
            await browser.PostAsync("/sign-in", ("email", practice.Email), ("password", TestSignUp.Password));
            await browser.PostAsync("/sign-in/code", ("code", code));
            return browser;
        }));

        var open = await host.OneAsync<long>("""
            select count(*)
            from platform.session
            join platform.person on person.id = session.person_id
            where person.email = @email and session.ended_at is null and session.is_mfa_done
            """, new { email = practice.Email });
        Assert.Equal(3, open);
        Assert.True((await Task.WhenAll(opened.Select(IsInAsync))).Count(isIn => isIn) <= 3);
    }

    [Fact]
    public async Task ACC_5_Signing_out_holds_at_once_also_on_another_node()
    {
        var (host, practice) = await SignedUpAsync();
        await using var _ = host;
        await using var otherNode = await TestClinic.OpenAsync();   // another program on the same database
        var token = practice.Browser.Session!;
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(otherNode, token));

        var left = await practice.Browser.PostAsync("/sign-out");
        Assert.Equal(("/sign-in", "\"storage\""), (left.Location, left.Clears));   // unsent words of a form do not wait for the next person

        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(otherNode, token));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(host, token));
        Assert.Null(practice.Browser.Session);
    }

    [Fact]
    public async Task ACC_5_A_person_ends_a_session_of_theirs_from_another_and_nobody_elses()
    {
        var (host, practice) = await SignedUpAsync();
        await using var _ = host;
        var stranger = new TestSignUp(host);
        await stranger.ToOpenAsync();
        var (second, _) = await practice.SignInAsync();
        var first = await SessionIdAsync(host, practice.Browser.Session!);

        Assert.Equal("/settings/security", (await stranger.Browser.PostAsync($"/settings/security/sessions/{first}/end")).Location);
        Assert.True(await IsInAsync(practice.Browser));
        Assert.Equal("/settings/security", (await second.PostAsync($"/settings/security/sessions/{first}/end")).Location);
        Assert.False(await IsInAsync(practice.Browser));
        Assert.Contains("Unknown program", (await second.OpenAsync("/settings/security")).Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ACC_3_A_program_signs_in_with_all_at_once_and_out_again()
    {
        var (host, practice) = await SignedUpAsync();
        await using var _ = host;
        using var client = host.Anonymous();

        using var opened = await client.PostAsJsonAsync("/api/v1/sessions", new { email = practice.Email, password = TestSignUp.Password, code = practice.CodeNow });
        Assert.Equal(HttpStatusCode.Created, opened.StatusCode);
        var token = (await opened.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("token").GetString()!;
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(host, token));

        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var ended = await client.DeleteAsync("/api/v1/sessions/current");
        Assert.Equal(HttpStatusCode.NoContent, ended.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(host, token));
    }

    [Theory]
    [InlineData("https", "__Host-chartroom=", true)]
    [InlineData("http", "chartroom=", false)]
    public async Task The_cookie_is_unreadable_by_scripts_and_belongs_to_this_host_only(string scheme, string name, bool isSecure)
    {
        var (host, practice) = await SignedUpAsync();
        await using var _ = host;
        using var client = host.Anonymous();
        client.BaseAddress = new($"{scheme}://localhost");
        using var answer = await client.PostAsync("/sign-in", new FormUrlEncodedContent([new("email", practice.Email), new("password", TestSignUp.Password)]));

        var cookie = answer.Headers.GetValues("Set-Cookie").Single(line => line.StartsWith(name, StringComparison.Ordinal));
        Assert.Contains("; httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("; samesite=lax", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("; path=/", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("domain", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(isSecure, cookie.Contains("; secure", StringComparison.OrdinalIgnoreCase));
    }

    [Theory]
    [InlineData("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36 Edg/130.0", "Edge on Windows")]
    [InlineData("Mozilla/5.0 (Macintosh; Intel Mac OS X 14_0) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.0 Safari/605.1.15", "Safari on macOS")]
    [InlineData("Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0", "Firefox on Linux")]
    [InlineData("curl/8.0", "Unknown program")]
    [InlineData(null, "Unknown program")]
    public void A_person_recognises_their_browser(string? agent, string expected) => Assert.Equal(expected, AgentWords.Of(agent));

    private static async Task<HttpStatusCode> StatusAsync(TestClinic host, string token)
    {
        using var client = host.Anonymous();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var answer = await client.GetAsync("/api/v1/sessions");
        return answer.StatusCode;
    }

    private static async Task<Guid> SessionIdAsync(TestClinic host, string token) => await host.OneAsync<Guid>(
        "select id from platform.session where token_hash = @hash", new { hash = Platform.Identity.SecretToken.HashOf(token) });
}
