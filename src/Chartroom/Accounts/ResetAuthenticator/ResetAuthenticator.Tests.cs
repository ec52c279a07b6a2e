using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Chartroom.Platform.Identity;

namespace Chartroom.Accounts;

public sealed class ResetAuthenticatorTests
{
    /// <summary>A practice, and a second person with an account of their own who joined it too.</summary>
    private static async Task<(TestSignUp Practice, TestSignUp Colleague, string Path)> TwoAsync(TestClinic host)
    {
        var (practice, colleague) = (new TestSignUp(host), new TestSignUp(host));
        await practice.ToOpenAsync();
        await colleague.ToOpenAsync();
        await host.RunAsync(["""
            insert into platform.membership (clinic_id, person_id, role)
            select membership.clinic_id, colleague.id, 'provider'
            from platform.membership join platform.person on person.id = person_id and person.email = @admin, platform.person colleague
            where colleague.email = @email
            """], new { admin = practice.Email, email = colleague.Email });
        return (practice, colleague, $"/settings/staff/{await IdAsync(host, colleague)}/authenticator");
    }

    private static Task<Guid> IdAsync(TestClinic host, TestSignUp who) => host.OneAsync<Guid>("select id from platform.person where email = @email", new { email = who.Email });

    private static async Task<TestBrowser> PasswordAsync(TestClinic host, TestSignUp who, string expected = "/sign-in/code")
    {
        var browser = new TestBrowser(host.Anonymous());
        Assert.Equal(expected, (await browser.PostAsync("/sign-in", ("email", who.Email), ("password", TestSignUp.Password))).Location);
        return browser;
    }

    [Fact]
    public async Task ACC_3_An_admin_resets_a_colleagues_authenticator_and_password_and_spoken_code_set_up_a_new_one()
    {
        await using var host = await TestClinic.OpenAsync();
        var (practice, colleague, path) = await TwoAsync(host);

        Assert.Contains("Reset it", (await practice.Browser.OpenAsync(path)).Html, StringComparison.Ordinal);
        var told = (await practice.Browser.PostAsync(path)).Marked("data-hand-over").Single();

        Assert.NotEqual(HttpStatusCode.OK, (await colleague.Browser.OpenAsync("/settings/security")).Status);   // every session has ended
        var mail = await host.OneAsync<string>("select body from platform.outbox where recipient = @email and subject = 'Your authenticator was reset'", new { email = colleague.Email });
        Assert.DoesNotContain(told, mail, StringComparison.Ordinal);
        Assert.Equal(1, await host.OneAsync<long>("""
            select count(*) from platform.audit_event join platform.person on person.id = audit_event.person_id
            where action = 'authenticator.reset' and resource_id = @id and clinic_id is not null and person.email = @admin
            """, new { id = await IdAsync(host, colleague), admin = practice.Email }));

        var browser = await PasswordAsync(host, colleague);
        foreach (var nothing in new[] { colleague.CodeNow, colleague.Codes[0] })   // the old app and the old recovery codes
            Assert.Equal(HttpStatusCode.UnprocessableEntity, (await browser.PostAsync("/sign-in/code", ("code", nothing))).Status);
        Assert.Equal("/sign-in/code", (await browser.OpenAsync("/")).Location);
        Assert.Equal("/set-up/authenticator", (await browser.PostAsync("/sign-in/code", ("code", told.ToUpperInvariant()))).Location);
        Assert.Equal("/set-up/authenticator", (await browser.OpenAsync("/")).Location);   // no clinic is open yet

        var closed = await PasswordAsync(host, colleague);   // the browser was closed meanwhile: the code is asked for again, and still good
        Assert.Equal("/set-up/authenticator", (await closed.PostAsync("/sign-in/code", ("code", told))).Location);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await closed.PostAsync("/set-up/authenticator", ("code", told))).Status);
        var secret = Base32.Read((await closed.FollowAsync("/")).Marked("data-totp-secret").Single())!;
        Assert.NotEqual(colleague.Secret, secret);
        Assert.Equal("/set-up/recovery-codes", (await closed.PostAsync("/set-up/authenticator", ("code", Totp.CodeOf(secret, Totp.StepAt(host.Clock.GetUtcNow()))))).Location);
        var codes = (await closed.FollowAsync("/")).Marked("data-recovery-code");
        Assert.Equal("/", (await closed.PostAsync("/set-up/recovery-codes", ("code", codes[0]))).Location);
        Assert.Equal(HttpStatusCode.OK, (await closed.OpenAsync("/settings/security")).Status);

        var later = await PasswordAsync(host, colleague);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await later.PostAsync("/sign-in/code", ("code", told))).Status);   // the code has done its work
        Assert.Equal("/", (await later.PostAsync("/sign-in/code", ("code", codes[1]))).Location);
    }

    [Fact]
    public async Task ACC_3_After_a_reset_the_mailbox_alone_opens_nothing_and_the_code_ends_after_a_day()
    {
        await using var host = await TestClinic.OpenAsync();
        var (practice, colleague, path) = await TwoAsync(host);
        var told = (await practice.Browser.PostAsync(path)).Marked("data-hand-over").Single();
        var thief = new TestBrowser(host.Anonymous());
        await thief.PostAsync("/password-reset", ("email", colleague.Email));
        Assert.Equal("/sign-in?reset=done", (await thief.PostAsync(await colleague.LinkAsync(), ("password", "Umber-Ocelot-41-Fjord"))).Location);

        Assert.Equal("/sign-in/code", (await thief.PostAsync("/sign-in", ("email", colleague.Email), ("password", "Umber-Ocelot-41-Fjord"))).Location);
        Assert.Equal("/sign-in/code", (await thief.OpenAsync("/set-up/authenticator")) is { Location: "/" } ? (await thief.OpenAsync("/")).Location : "the secret was shown");
        host.Clock.Advance(TimeSpan.FromMinutes(29));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await thief.PostAsync("/sign-in/code", ("code", "000000"))).Status);
        host.Clock.Advance(TimeSpan.FromHours(24));
        await thief.PostAsync("/sign-in", ("email", colleague.Email), ("password", "Umber-Ocelot-41-Fjord"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await thief.PostAsync("/sign-in/code", ("code", told))).Status);   // good for a day
    }

    [Fact]
    public async Task ACC_3_Only_an_administrator_of_the_same_clinic_resets_with_a_fresh_proof_and_never_their_own()
    {
        await using var host = await TestClinic.OpenAsync();
        var (practice, colleague, path) = await TwoAsync(host);
        var api = $"/api/v1/staff/{await IdAsync(host, colleague)}/authenticator/reset";
        async Task<(HttpStatusCode, string?)> AskAsync(HttpClient client, string address)
        {
            using var answer = await client.PostAsync(address, null);
            var body = await answer.Content.ReadFromJsonAsync<JsonElement>();
            return (answer.StatusCode, body.TryGetProperty("code", out var code) ? code.GetString() : null);
        }

        Assert.Equal((HttpStatusCode.NotFound, "accounts.no-such-colleague"), await AskAsync(host.As(ClinicRole.Admin), api));   // works at another clinic
        Assert.Equal((HttpStatusCode.NotFound, "accounts.no-such-colleague"), await AskAsync(host.As(ClinicRole.Admin), $"/api/v1/staff/{Guid.CreateVersion7()}/authenticator/reset"));
        Assert.Equal((HttpStatusCode.Forbidden, "platform.forbidden"), await AskAsync(host.As(ClinicRole.Provider), api));
        using var admin = host.Anonymous();
        admin.DefaultRequestHeaders.Authorization = new("Bearer", practice.Browser.Session);
        Assert.Equal((HttpStatusCode.Conflict, "accounts.own-authenticator"), await AskAsync(admin, $"/api/v1/staff/{await IdAsync(host, practice)}/authenticator/reset"));
        host.Clock.Advance(StepUpGate.Fresh);
        Assert.Equal((HttpStatusCode.Forbidden, "accounts.step-up-needed"), await AskAsync(admin, api));
        Assert.StartsWith("/step-up", (await practice.Browser.OpenAsync(path)).Location, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await colleague.Browser.OpenAsync("/settings/security")).Status);   // nothing happened to them

        var proof = await admin.PostAsJsonAsync("/api/v1/sessions/current/proof", new { code = practice.CodeNow });
        admin.DefaultRequestHeaders.Authorization = new("Bearer", (await proof.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("token").GetString());
        using var done = await admin.PostAsync(api, null);
        Assert.Equal((HttpStatusCode.OK, 29), (done.StatusCode, (await done.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString()!.Length));
    }
}
