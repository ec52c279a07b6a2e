using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Web;
using Chartroom.Platform.Identity;
using Microsoft.Playwright;

namespace Chartroom.Journeys;

/// <summary>A person adds a passkey, signs in and proves who they are with it, and removes it. The device is Chromium's virtual one.</summary>
public sealed class PasskeyJourney(Browser browser) : IClassFixture<Browser>
{
    private const string Path = "/settings/security/passkeys";

    [Fact]
    public async Task ACC_3_A_passkey_is_added_signs_in_proves_anew_and_is_removed_and_no_answer_counts_twice()
    {
        await using var host = await TestClinic.OpenAsync(isOnTheNet: true);
        var practice = new TestSignUp(host);
        await practice.ToOpenAsync();
        var address = host.Address.Replace("127.0.0.1", "localhost", StringComparison.Ordinal);   // a passkey belongs to a name
        await using var visitor = await browser.OpenAsync(address);
        var page = visitor.Page;
        await DeviceAsync(page);
        await page.Context.AddCookiesAsync([new() { Name = "chartroom", Value = practice.Browser.Session!, Url = address }]);

        await visitor.LookAtAsync(Path);
        await page.FillAsync("[name=name]", "Front desk computer");
        await page.ClickAsync("button:has-text('Add a passkey')");
        await page.WaitForSelectorAsync("td:has-text('Front desk computer')");
        await visitor.IsFineAsync();
        await visitor.PictureAsync("passkeys-1280");
        await page.SetViewportSizeAsync(Browser.PhoneWidth, 844);
        await visitor.IsFineAsync();
        await visitor.PictureAsync("passkeys-390");
        Assert.Equal((1L, 1L), await CountsAsync(host, practice, "passkey.added", "A passkey was added"));

        var answers = new List<string>();
        page.Request += (_, request) => { if (request.Url.EndsWith("/sign-in/passkey", StringComparison.Ordinal) && request.Method == "POST") answers.Add(request.PostData ?? ""); };
        await page.Context.ClearCookiesAsync();
        await page.GotoAsync("/sign-in");
        await page.FillAsync("[name=email]", practice.Email);
        await page.FillAsync("[name=password]", TestSignUp.Password);
        await visitor.FollowAsync(() => page.ClickAsync("button:has-text('Sign in')"), "/sign-in/code");
        await visitor.IsFineAsync();
        await visitor.PictureAsync("sign-in-passkey-390");
        await page.ClickAsync("button:has-text('Use a passkey')");
        await page.WaitForURLAsync(it => !it.Contains("/sign-in", StringComparison.Ordinal));
        Assert.Equal(1, await host.OneAsync<long>("""
            select count(*) from platform.session join platform.person on person.id = person_id
            where email = @email and session.ended_at is null and is_mfa_done and exists (
                select from platform.audit_event where action = 'session.opened' and audit_event.resource_id = session.id and audit_event.session_id = session.id) and session.created_at = (
                select max(created_at) from platform.session newest where newest.person_id = session.person_id)
            """, new { email = practice.Email }));

        host.Clock.Advance(StepUpGate.Fresh);
        await page.GotoAsync(Path);
        await visitor.IsFineAsync();
        await visitor.FollowAsync(() => page.ClickAsync("button:has-text('Use a passkey')"), Path);
        await ReplayAsync(host, practice, HttpUtility.ParseQueryString(answers.Single())["credential"]!);

        await page.GotoAsync(Path);
        await page.ClickAsync("summary:has-text('Remove')");
        await page.ClickAsync("button:has-text('Remove')");
        await page.WaitForSelectorAsync("text=No passkey yet");
        Assert.Equal((1L, 1L), await CountsAsync(host, practice, "passkey.removed", "A passkey was removed"));
        Assert.Equal("accounts.no-passkey", (await (await StageAsync(host, practice)).PostAsync("/api/v1/sessions/current/passkey/options", null)) is var none ? await CodeOfAsync(none) : "");
    }

    /// <summary>Gives the browser a device that makes and shows passkeys.</summary>
    internal static async Task DeviceAsync(IPage page)
    {
        var devices = await page.Context.NewCDPSessionAsync(page);
        await devices.SendAsync("WebAuthn.enable");
        await devices.SendAsync("WebAuthn.addVirtualAuthenticator", new Dictionary<string, object>
        {
            ["options"] = new Dictionary<string, object>
            {
                ["protocol"] = "ctap2", ["transport"] = "internal", ["hasResidentKey"] = true, ["hasUserVerification"] = true, ["isUserVerified"] = true, ["automaticPresenceSimulation"] = true,
            },
        });
    }

    /// <summary>An answer that was good once opens nothing: not without a challenge, not to another one, not in another session.</summary>
    private static async Task ReplayAsync(TestClinic host, TestSignUp practice, string credential)
    {
        Assert.Contains("authenticatorData", credential, StringComparison.Ordinal);
        using var client = await StageAsync(host, practice);
        var without = await client.PostAsJsonAsync("/api/v1/sessions/current/passkey", new { credential });
        Assert.Equal((HttpStatusCode.Unauthorized, "accounts.wrong-passkey"), (without.StatusCode, await CodeOfAsync(without)));
        using var asked = await client.PostAsync("/api/v1/sessions/current/passkey/options", null);
        Assert.Equal("localhost", (await asked.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("rpId").GetString());
        var other = await client.PostAsJsonAsync("/api/v1/sessions/current/passkey", new { credential });
        Assert.Equal((HttpStatusCode.Unauthorized, "accounts.wrong-passkey"), (other.StatusCode, await CodeOfAsync(other)));
        Assert.Equal("code", (await client.GetFromJsonAsync<JsonElement>("/api/v1/sessions/current")).GetProperty("stage").GetString());
    }

    /// <summary>A program that has given the password.</summary>
    private static async Task<HttpClient> StageAsync(TestClinic host, TestSignUp practice)
    {
        var client = host.Anonymous();
        var started = await client.PostAsJsonAsync("/api/v1/sessions/start", new { email = practice.Email, password = TestSignUp.Password });
        client.DefaultRequestHeaders.Authorization = new("Bearer", (await started.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("token").GetString());
        return client;
    }

    private static async Task<string?> CodeOfAsync(HttpResponseMessage answer) => (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString();

    private static Task<(long, long)> CountsAsync(TestClinic host, TestSignUp practice, string action, string subject) => host.OneAsync<(long, long)>("""
        select (select count(*) from platform.audit_event join platform.person on person.id = person_id where action = @action and email = @email),
            (select count(*) from platform.outbox where recipient = @email and subject = @subject)
        """, new { action, subject, email = practice.Email });
}
