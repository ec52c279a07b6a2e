using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Chartroom.Platform.Identity;

namespace Chartroom.Accounts;

public sealed class StagesApiTests
{
    private const string AppJson = "application/json";

    /// <summary>A program: sends JSON with the token of the last answer that gave one.</summary>
    private sealed class Program(HttpClient client)
    {
        internal async Task<(HttpStatusCode Status, JsonElement Body)> SendAsync(string verb, string path, object? body = null, string? ifMatch = null)
        {
            using var request = new HttpRequestMessage(new(verb), "/api/v1" + path) { Content = body is null ? null : JsonContent.Create(body) };
            if (ifMatch is not null) request.Headers.Add("If-Match", ifMatch);
            using var answer = await client.SendAsync(request);
            var text = await answer.Content.ReadAsStringAsync();
            var json = text.Length == 0 ? default : JsonDocument.Parse(text).RootElement;
            if (answer.IsSuccessStatusCode && json.ValueKind == JsonValueKind.Object && json.TryGetProperty("token", out var token))
                client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token.GetString());
            return (answer.StatusCode, json);
        }

        internal async Task<string?> StageAsync(string verb, string path, object body) => Text((await SendAsync(verb, path, body)).Body, "stage");

        internal async Task<string?> CodeAsync(string verb, string path, object? body = null) => Text((await SendAsync(verb, path, body)).Body, "code");

        private static string? Text(JsonElement body, string name) => body.GetProperty(name).GetString();
    }

    private static string TokenOf(string link) => link[(link.LastIndexOf('/') + 1)..];

    private static string CodeOf(TestClinic host, JsonElement secret) =>
        Totp.CodeOf(Base32.Read(secret.GetProperty("secret").GetString()!)!, Totp.StepAt(host.Clock.GetUtcNow()));

    private static async Task<(Program Program, JsonElement Secret)> ToOpenAsync(TestClinic host, string door, object ask)
    {
        var program = new Program(host.Anonymous());
        Assert.Equal("enroll", await program.StageAsync("POST", door, ask));
        var secret = (await program.SendAsync("GET", "/account/authenticator")).Body;
        Assert.Equal("codes", await program.StageAsync("POST", "/account/authenticator", new { code = CodeOf(host, secret) }));
        var codes = (await program.SendAsync("GET", "/account/recovery-codes")).Body.GetProperty("codes").EnumerateArray().Select(code => code.GetString()).ToList();
        Assert.Equal(10, codes.Count);
        Assert.Equal("open", await program.StageAsync("POST", "/account/recovery-codes", new { code = codes[4] }));
        host.Clock.Advance(TimeSpan.FromSeconds(60));
        return (program, secret);
    }

    [Fact]
    public async Task ACC_3_TEN_4_A_program_goes_the_whole_way_from_sign_up_to_the_opened_clinic_without_a_page()
    {
        await using var host = await TestClinic.OpenAsync();
        var practice = new TestSignUp(host);
        var stranger = new Program(host.Anonymous());
        Assert.Equal(HttpStatusCode.Accepted, (await stranger.SendAsync("POST", "/sign-ups",
            new { practice = "Lakeside Family Practice", name = "Ana Whitfield", email = practice.Email, phone = "(303) 555-0123" })).Status);
        var token = TokenOf(await practice.LinkAsync());
        Assert.Equal("Lakeside Family Practice", (await stranger.SendAsync("POST", "/sign-ups/look-up", new { token })).Body.GetProperty("practice").GetString());
        Assert.Equal("accounts.weak-password", await stranger.CodeAsync("POST", "/sign-ups/verify", new { token, password = "Lakeside2026!" }));

        var (admin, _) = await ToOpenAsync(host, "/sign-ups/verify", new { token, password = TestSignUp.Password });
        Assert.Equal("accounts.bad-link", await stranger.CodeAsync("POST", "/sign-ups/verify", new { token, password = TestSignUp.Password }));
        Assert.Equal("agreement", (await admin.SendAsync("GET", "/onboarding")).Body.GetProperty("next").GetString());
        var agreement = (await admin.SendAsync("GET", "/clinic/agreement")).Body;
        Assert.Equal(HttpStatusCode.NoContent, (await admin.SendAsync("POST", "/clinic/agreement",
            new { signedName = "Ana Whitfield", textHash = agreement.GetProperty("textHash").GetString() })).Status);

        Assert.Equal(HttpStatusCode.NoContent, (await admin.SendAsync("PUT", "/onboarding/profile")).Status);
        Assert.Equal("clinics.step-empty", await admin.CodeAsync("PUT", "/onboarding/locations"));
        await admin.SendAsync("POST", "/locations", new { name = "Main Street", timeZone = "America/Denver" });
        Assert.Equal("clinics.no-provider", await admin.CodeAsync("PUT", "/onboarding/providers"));
        await admin.SendAsync("POST", "/staff/invites", new { name = "Dr. Bo Marsh", email = "bo-" + practice.Email, role = "provider", npi = "1234567893" });
        Assert.Equal("clinics.step-empty", await admin.CodeAsync("PUT", "/onboarding/visit_types"));
        await admin.SendAsync("POST", "/visit-types", new { name = "Follow-up", minutes = 20, color = "blue" });
        Assert.Equal("clinics.no-such-step", await admin.CodeAsync("PUT", "/onboarding/payments"));
        foreach (var step in new[] { "locations", "providers", "hours", "visit_types", "staff" })
            Assert.Equal(HttpStatusCode.NoContent, (await admin.SendAsync("PUT", $"/onboarding/{step}")).Status);

        var state = (await admin.SendAsync("GET", "/onboarding")).Body;
        Assert.Equal(JsonValueKind.Null, state.GetProperty("next").ValueKind);
        Assert.All(state.GetProperty("steps").EnumerateArray(), step => Assert.True(step.GetProperty("isDone").GetBoolean()));
    }

    [Fact]
    public async Task ACC_3_The_steps_of_the_api_hold_the_same_order_give_a_new_token_each_and_count_the_same_tries()
    {
        await using var host = await TestClinic.OpenAsync();
        var practice = new TestSignUp(host);
        await practice.ToPasswordAsync();
        var client = host.Anonymous();
        var program = new Program(client);

        Assert.Equal("identity.sign-in-needed", await program.CodeAsync("GET", "/account/authenticator"));
        Assert.Equal("enroll", await program.StageAsync("POST", "/sessions/start", new { email = practice.Email, password = TestSignUp.Password }));
        Assert.Equal("accounts.wrong-step", await program.CodeAsync("GET", "/account/recovery-codes"));
        Assert.Equal("accounts.wrong-step", await program.CodeAsync("POST", "/sessions/current/code", new { code = "123456" }));
        Assert.Equal("identity.second-factor-needed", await program.CodeAsync("GET", "/onboarding"));
        var secret = (await program.SendAsync("GET", "/account/authenticator")).Body;
        Assert.StartsWith("otpauth://totp/", secret.GetProperty("uri").GetString(), StringComparison.Ordinal);
        Assert.Equal("accounts.wrong-code", await program.CodeAsync("POST", "/account/authenticator", new { code = "000000" }));
        var before = client.DefaultRequestHeaders.Authorization!;
        Assert.Equal("codes", await program.StageAsync("POST", "/account/authenticator", new { code = CodeOf(host, secret) }));
        Assert.NotEqual(before, client.DefaultRequestHeaders.Authorization);
        client.DefaultRequestHeaders.Authorization = before;
        Assert.Equal("identity.sign-in-needed", await program.CodeAsync("GET", "/account/recovery-codes"));   // the token of the step before opens nothing

        host.Clock.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal("code", await program.StageAsync("POST", "/sessions/start", new { email = practice.Email, password = TestSignUp.Password }));
        for (var turn = 0; turn < 5; turn++) Assert.Equal("accounts.wrong-code", await program.CodeAsync("POST", "/sessions/current/code", new { code = "000000" }));
        Assert.Equal("accounts.too-many-tries", await program.CodeAsync("POST", "/sessions/current/code", new { code = CodeOf(host, secret) }));
    }

    [Fact]
    public async Task An_invitation_is_taken_up_and_a_password_forgotten_and_changed_through_the_api()
    {
        await using var host = await TestClinic.OpenAsync();
        var practice = new TestSignUp(host);
        await host.As(ClinicRole.Admin).PostAsJsonAsync("/api/v1/staff/invites", new { name = "Ana Whitfield", email = practice.Email, role = "front_desk" });
        var token = TokenOf(await practice.LinkAsync());
        var stranger = new Program(host.Anonymous());
        var invite = (await stranger.SendAsync("POST", "/invites/look-up", new { token })).Body;
        Assert.Equal(("Test Clinic", false), (invite.GetProperty("clinicName").GetString(), invite.GetProperty("hasAccount").GetBoolean()));

        var (desk, secret) = await ToOpenAsync(host, "/invites/accept", new { token, password = TestSignUp.Password });
        Assert.Equal("front_desk", (await desk.SendAsync("GET", "/sessions/current")).Body.GetProperty("role").GetString());
        Assert.Equal("accounts.bad-link", await desk.CodeAsync("POST", "/invites/join", new { token }));
        Assert.Equal("accounts.wrong-credentials", await desk.CodeAsync("PUT", "/account/password", new { current = "wrong", password = "Another-Plover-58-Quartz" }));
        Assert.Equal("open", await desk.StageAsync("PUT", "/account/password", new { current = TestSignUp.Password, password = "Another-Plover-58-Quartz" }));

        Assert.Equal(HttpStatusCode.Accepted, (await stranger.SendAsync("POST", "/password-resets", new { email = practice.Email })).Status);
        var reset = TokenOf(await practice.LinkAsync());
        Assert.Equal("accounts.weak-password", await stranger.CodeAsync("POST", "/password-resets/confirm", new { token = reset, password = TestSignUp.Password }));   // used before
        Assert.Equal(HttpStatusCode.NoContent, (await stranger.SendAsync("POST", "/password-resets/confirm", new { token = reset, password = "Third-Plover-91-Umbra" })).Status);
        Assert.Equal("identity.sign-in-needed", await desk.CodeAsync("GET", "/sessions/current"));   // every session has ended
        Assert.Equal("code", await stranger.StageAsync("POST", "/sessions/start", new { email = practice.Email, password = "Third-Plover-91-Umbra" }));
        Assert.Equal("open", await stranger.StageAsync("POST", "/sessions/current/code", new { code = CodeOf(host, secret) }));
    }

    [Fact]
    public async Task The_description_of_the_api_names_these_steps_with_what_they_answer()
    {
        await using var host = await TestClinic.OpenAsync();
        using var document = JsonDocument.Parse(await host.Anonymous().GetStringAsync(new Uri("/openapi.json", UriKind.Relative)));
        var paths = document.RootElement.GetProperty("paths");

        foreach (var (verb, path, status) in new[]
        {
            ("post", "/sign-ups/look-up", "200"), ("post", "/sign-ups/verify", "201"), ("post", "/invites/look-up", "200"), ("post", "/invites/accept", "201"),
            ("post", "/sessions/start", "201"), ("post", "/sessions/current/code", "200"), ("put", "/account/password", "200"),
            ("get", "/account/authenticator", "200"), ("post", "/account/authenticator", "200"), ("get", "/account/recovery-codes", "200"), ("post", "/account/recovery-codes", "200"),
            ("get", "/onboarding", "200"),
        })
        {
            var answer = paths.GetProperty("/api/v1" + path).GetProperty(verb).GetProperty("responses").GetProperty(status);
            Assert.True(answer.GetProperty("content").GetProperty(AppJson).TryGetProperty("schema", out _), path);
        }
    }
}
