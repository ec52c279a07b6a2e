using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Chartroom.Platform.Identity;

namespace Chartroom.Accounts;

public sealed class SecurityTests
{
    private const string Page = "/settings/security";

    private static async Task<(TestClinic Host, TestSignUp Practice)> SignedUpAsync()
    {
        var host = await TestClinic.OpenAsync();
        var practice = new TestSignUp(host);
        await practice.ToOpenAsync();
        return (host, practice);
    }

    private static HttpClient Program(TestClinic host, string token)
    {
        var client = host.Anonymous();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    private static async Task<(HttpStatusCode Status, string? Code)> ProblemAsync(HttpResponseMessage answer)
    {
        var text = await answer.Content.ReadAsStringAsync();
        return (answer.StatusCode, text.Length == 0 ? null : JsonDocument.Parse(text).RootElement.GetProperty("code").GetString());
    }

    [Fact]
    public async Task ACC_4_Of_twenty_parallel_sign_ins_three_sessions_are_left_and_the_oldest_have_ended()
    {
        var (host, practice) = await SignedUpAsync();
        await using var _ = host;
        await using var otherNode = await TestClinic.OpenAsync();
        otherNode.Clock.AdjustTime(host.Clock.GetUtcNow());   // nodes have one time, to a minute at least
        await host.RowsAsync<int>("""
            insert into platform.recovery_code (id, person_id, code_hash, created_at)
            select gen_random_uuid(), person.id, unnest(@hashes), now() from platform.person where email = @email
            """, new { email = practice.Email, hashes = Enumerable.Range(0, 20).Select(number => RecoveryCodes.HashOf(CodeOf(number))).ToArray() });

        var opened = await Task.WhenAll(Enumerable.Range(0, 20).Select(async number =>
        {
            var node = number % 2 == 0 ? host : otherNode;
            using var answer = await node.Anonymous().PostAsJsonAsync("/api/v1/sessions", new { email = practice.Email, password = TestSignUp.Password, code = CodeOf(number) });
            return answer.StatusCode == HttpStatusCode.Created ? (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("token").GetString() : null;
        }));

        var live = await host.RowsAsync<DateTimeOffset>("""
            select session.created_at from platform.session join platform.person on person.id = session.person_id
            where person.email = @email and session.ended_at is null and session.is_mfa_done
            """, new { email = practice.Email });
        Assert.Equal(3, live.Count);
        var isIn = await Task.WhenAll(opened.OfType<string>().Select(async token => (await Program(otherNode, token).GetAsync("/api/v1/sessions")).StatusCode == HttpStatusCode.OK));
        Assert.Equal(3, isIn.Count(it => it));
        Assert.Equal("/", (await practice.Browser.OpenAsync(Page)).Location is null ? "" : "/");   // the first of all has ended
    }

    private static string CodeOf(int number) => Base32.Write([.. Enumerable.Repeat((byte)(number + 1), 15)]);

    [Fact]
    public async Task ACC_4_Each_session_shows_browser_system_language_device_address_and_which_is_this_one()
    {
        var (host, practice) = await SignedUpAsync();
        await using var _ = host;
        var person = await host.OneAsync<Guid>("select id from platform.person where email = @email", new { email = practice.Email });
        await host.RowsAsync<int>("""
            insert into platform.session (id, token_hash, person_id, is_mfa_done, created_at, last_seen_at, expires_at, device_id, ip, agent, language)
            values (gen_random_uuid(), @hash, @person, true, @now, @now, @until, @device, '203.0.113.9',
                'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36 Edg/130.0', 'es-MX,es;q=0.9')
            """, new { hash = SecretToken.HashOf($"{person}"), person, now = host.Clock.GetUtcNow(), until = host.Clock.GetUtcNow().AddHours(8), device = new Guid("0198ab12-0000-7000-8000-0000feed0198") });

        var page = await practice.Browser.OpenAsync(Page);

        foreach (var shown in new[] { "Edge on Windows", "feed0198", "es-MX", "203.0.113.9", "This one", "Sign out everywhere" }) Assert.Contains(shown, page.Html, StringComparison.Ordinal);
        var listed = await Program(host, practice.Browser.Session!).GetFromJsonAsync<JsonElement>("/api/v1/sessions");
        Assert.Equal([true, false], listed.EnumerateArray().Select(session => session.GetProperty("isThis").GetBoolean()).OrderDescending());
        Assert.Contains(listed.EnumerateArray(), session => session.GetProperty("browser").GetString() == "Edge on Windows" && session.GetProperty("language").GetString() == "es-MX,es;q=0.9");
    }

    [Theory]
    [InlineData(true), InlineData(false)]
    public async Task ACC_5_Signing_out_everywhere_ends_every_session_on_every_node_with_the_next_request(bool isPage)
    {
        var (host, practice) = await SignedUpAsync();
        await using var _ = host;
        await using var otherNode = await TestClinic.OpenAsync();
        var (second, _) = await practice.SignInAsync();
        otherNode.Clock.AdjustTime(host.Clock.GetUtcNow());   // nodes have one time, to a minute at least
        string[] tokens = [practice.Browser.Session!, second.Session!];
        foreach (var token in tokens) Assert.Equal(HttpStatusCode.OK, (await Program(otherNode, token).GetAsync("/api/v1/sessions")).StatusCode);

        if (isPage) Assert.Equal("/sign-in", (await second.PostAsync(Page + "/sign-out-everywhere")).Location);
        else Assert.Equal(HttpStatusCode.NoContent, (await Program(host, tokens[1]).DeleteAsync("/api/v1/sessions")).StatusCode);

        foreach (var token in tokens) Assert.Equal(HttpStatusCode.Unauthorized, (await Program(otherNode, token).GetAsync("/api/v1/sessions")).StatusCode);
        Assert.Equal(1, await host.OneAsync<long>("""
            select count(*) from platform.audit_event join platform.person on person.id = audit_event.person_id
            where person.email = @email and action = 'sessions.ended'
            """, new { email = practice.Email }));
    }

    [Fact]
    public async Task ACC_9_The_authenticator_is_replaced_behind_a_fresh_proof_and_the_old_one_and_the_other_sessions_end()
    {
        var (host, practice) = await SignedUpAsync();
        await using var _ = host;
        var (other, _) = await practice.SignInAsync();
        host.Clock.Advance(StepUpGate.Fresh);

        Assert.StartsWith("/step-up?to=", (await practice.Browser.OpenAsync(Page + "/authenticator")).Location, StringComparison.Ordinal);
        Assert.Equal(Page + "/authenticator", (await practice.Browser.PostAsync("/step-up", ("code", practice.CodeNow), ("to", Page + "/authenticator"))).Location);
        var secret = Base32.Read((await practice.Browser.OpenAsync(Page + "/authenticator")).Marked("data-totp-secret").Single())!;
        Assert.NotEqual(practice.Secret, secret);
        Assert.Equal(secret, Base32.Read((await practice.Browser.OpenAsync(Page + "/authenticator")).Marked("data-totp-secret").Single()));   // a reload betrays no app
        host.Clock.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await practice.Browser.PostAsync(Page + "/authenticator", ("code", practice.CodeNow))).Status);   // the old app's
        var before = practice.Browser.Session;
        Assert.Equal(Page, (await practice.Browser.PostAsync(Page + "/authenticator", ("code", Totp.CodeOf(secret, Totp.StepAt(host.Clock.GetUtcNow()))))).Location);

        Assert.NotEqual(before, practice.Browser.Session);
        Assert.NotEqual(HttpStatusCode.OK, (await other.OpenAsync(Page)).Status);
        host.Clock.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await practice.SignInAsync()).Page.Status);   // the old secret opens nothing
        Assert.Equal("/", (await practice.SignInAsync(Totp.CodeOf(secret, Totp.StepAt(host.Clock.GetUtcNow())))).Page.Location);
        Assert.Equal(1, await host.OneAsync<long>("select count(*) from platform.outbox where recipient = @email and subject = 'Your authenticator was replaced'", new { email = practice.Email }));
    }

    [Fact]
    public async Task ACC_9_New_recovery_codes_put_an_end_to_the_old_ones_and_are_shown_until_one_is_given_back()
    {
        var (host, practice) = await SignedUpAsync();
        await using var _ = host;

        Assert.Equal(Page + "/recovery-codes", (await practice.Browser.PostAsync(Page + "/recovery-codes")).Location);
        var fresh = (await practice.Browser.OpenAsync(Page + "/recovery-codes")).Marked("data-recovery-code");
        Assert.Equal(10, fresh.Except(practice.Codes).Count());
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await practice.Browser.PostAsync(Page + "/recovery-codes/kept", ("code", practice.Codes[0]))).Status);
        Assert.Equal(Page, (await practice.Browser.PostAsync(Page + "/recovery-codes/kept", ("code", fresh[9]))).Location);
        Assert.Equal(Page, (await practice.Browser.OpenAsync(Page + "/recovery-codes")).Location);   // nobody sees them again

        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await practice.SignInAsync(practice.Codes[0])).Page.Status);
        Assert.Equal("/", (await practice.SignInAsync(fresh[0])).Page.Location);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await practice.SignInAsync(fresh[0])).Page.Status);
    }

    [Fact]
    public async Task ACC_9_A_program_replaces_both_factors_through_the_api()
    {
        var (host, practice) = await SignedUpAsync();
        await using var _ = host;
        host.Clock.Advance(StepUpGate.Fresh);
        using var client = Program(host, practice.Browser.Session!);

        foreach (var (verb, path) in new[] { ("POST", "authenticator/replacement"), ("PUT", "authenticator"), ("PUT", "recovery-codes"), ("PUT", "recovery-codes/kept") })
        {
            using var asked = new HttpRequestMessage(new(verb), "/api/v1/account/" + path) { Content = JsonContent.Create(new { code = "1" }) };
            Assert.Equal((HttpStatusCode.Forbidden, "accounts.step-up-needed"), await ProblemAsync(await client.SendAsync(asked)));
        }
        var proof = await client.PostAsJsonAsync("/api/v1/sessions/current/proof", new { code = practice.CodeNow });
        client.DefaultRequestHeaders.Authorization = new("Bearer", (await proof.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("token").GetString());
        using var offered = await client.PostAsync("/api/v1/account/authenticator/replacement", null);
        var secret = Base32.Read((await offered.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("secret").GetString()!)!;
        using var codes = await client.PutAsync("/api/v1/account/recovery-codes", null);
        var sheet = await codes.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(10, sheet.GetProperty("codes").GetArrayLength());
        Assert.Equal(HttpStatusCode.NoContent, (await client.PutAsJsonAsync("/api/v1/account/recovery-codes/kept", new { code = sheet.GetProperty("codes")[0].GetString() })).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await client.PutAsJsonAsync("/api/v1/account/authenticator", new { code = Totp.CodeOf(secret, Totp.StepAt(host.Clock.GetUtcNow())) })).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync("/api/v1/sessions")).StatusCode);   // a new token again
    }
}
