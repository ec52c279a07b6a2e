using System.Text.Json.Nodes;
using Chartroom.Platform.Identity;

namespace Chartroom.Input;

internal sealed partial class Examples
{
    private const string Password = "Plover-Quartz-73-Umbra";

    /// <summary>Somebody who was invited, as far as they have come.</summary>
    /// <param name="Token">Of the session.</param>
    /// <param name="Codes">Recovery codes, once seen.</param>
    private sealed record Joined(string Email, string Token, byte[] Secret, IReadOnlyList<string> Codes);

    private IEnumerable<Example> OfDoors() =>
    [
        Fixed("PUT", "/api/v1/sessions/current/clinic", ClinicRole.Admin, $$"""{"clinic":"{{Clinic.Id.Value}}"}""", isTaken: true),
        Door("POST", "/api/v1/sessions", async () =>
        {
            var who = await JoinedAsync();
            return (await SignInOf(who.Email, who), null);
        }),
        Door("POST", "/api/v1/sessions/start", async () => (Key((await JoinedAsync()).Email), null)),
        Door("POST", "/api/v1/sessions/current/code", async () =>
        {
            var who = await JoinedAsync();
            var started = await AskAsync("POST", "/api/v1/sessions/start", Key(who.Email), null);
            return (await NowAsync(who), (string)started["token"]!);
        }),
        Door("POST", "/api/v1/sessions/current/proof", async () => await JoinedAsync() is var who ? (await NowAsync(who), who.Token) : default),
        Fresh("POST", "/api/v1/sign-ups", null, () => SignUp($"p{Guid.CreateVersion7():N}@example.com")),
        Door("POST", "/api/v1/sign-ups/look-up", async () => (Token(await SignedUpAsync()), null)),
        Fixed("POST", "/api/v1/sign-ups/verify", null, Chosen),
        Door("POST", "/api/v1/invites/look-up", async () => (Token((await InvitedTokenAsync()).Token), null)),
        Door("POST", "/api/v1/invites/accept", async () => (With(Token((await InvitedTokenAsync()).Token), "password", Password), null)),
        Door("POST", "/api/v1/invites/join", async () =>
        {
            var (token, email) = await InvitedTokenAsync();
            return (Token(token), await ElsewhereAsync(email));
        }),
        Door("POST", "/api/v1/password-resets", async () => (new JsonObject { ["email"] = (await JoinedAsync()).Email }, null)),
        Door("POST", "/api/v1/password-resets/confirm", async () =>
        {
            var who = await JoinedAsync();
            await AskAsync("POST", "/api/v1/password-resets", new JsonObject { ["email"] = who.Email }, null);
            return (With(Token(await LinkOfAsync(who.Email)), "password", "Juniper-Fjord-Amber-31"), null);
        }),
        Fixed("PUT", "/api/v1/account/profile", ClinicRole.Provider, """{"name":"Robin Vale"}""", isTaken: true),
        Door("PUT", "/api/v1/account/password", async () => (Json($$"""{"current":"{{Password}}","password":"Juniper-Fjord-Amber-31"}"""), (await JoinedAsync()).Token)),
        Door("POST", "/api/v1/account/authenticator", async () => await JoinedAsync("enroll") is var who ? (await NowAsync(who), who.Token) : default),
        Door("PUT", "/api/v1/account/authenticator", async () =>
        {
            var who = await JoinedAsync();
            var offered = await AskAsync("POST", "/api/v1/account/authenticator/replacement", [], who.Token);
            return (await NowAsync(who with { Secret = SecretOf(offered) }), who.Token);
        }),
        Door("POST", "/api/v1/account/recovery-codes", async () => await JoinedAsync("codes") is var who ? (new JsonObject { ["code"] = who.Codes[4] }, who.Token) : default),
        Door("PUT", "/api/v1/account/recovery-codes/kept", async () =>
        {
            var who = await JoinedAsync();
            var sheet = await AskAsync("PUT", "/api/v1/account/recovery-codes", [], who.Token);
            return (new JsonObject { ["code"] = (string)sheet["codes"]![2]! }, who.Token);
        }),
    ];

    private IEnumerable<Example> ActsOfAccount() =>
    [
        Door("POST", "/api/v1/account/authenticator/replacement", async () => ([], (await JoinedAsync()).Token)),
        Door("PUT", "/api/v1/account/recovery-codes", async () => ([], (await JoinedAsync()).Token)),
        Door("DELETE", "/api/v1/sessions", async () => ([], (await JoinedAsync()).Token)),
        Door("DELETE", "/api/v1/sessions/current", async () => ([], (await JoinedAsync()).Token)),
        new("DELETE", "/api/v1/sessions/{session}", ClinicRole.FrontDesk, true, async () =>
        {
            var who = await JoinedAsync();
            await AskAsync("POST", "/api/v1/sessions", await SignInOf(who.Email, who), null);
            var other = await Clinic.OneAsync<Guid>("select session.id from platform.session join platform.person on person.id = person_id where email = @Email and token_hash <> @hash and ended_at is null",
                new { who.Email, hash = SessionGate.HashOf(who.Token) });
            return new($"/api/v1/sessions/{other}", [], Token: who.Token);
        }),
        new("POST", "/api/v1/oauth/token", null, true, async () =>
        {
            var program = await ProgramAsync();
            var form = $"grant_type=client_credentials&client_id={program["clientId"]}&client_secret={Uri.EscapeDataString((string)program["clientSecret"]!)}";
            return new("/api/v1/oauth/token", [], null, System.Text.Encoding.UTF8.GetBytes(form), "application/x-www-form-urlencoded");
        }),
    ];

    /// <summary>A step of somebody who has an account: what they send, and under which session.</summary>
    private static Example Door(string method, string template, Func<Task<(JsonObject Body, string? Token)>> makeAsync) => new(method, template, null, true, async () =>
    {
        var (body, token) = await makeAsync();
        return new(template, body, Token: token);
    });

    private async Task<JsonObject> AskAsync(string method, string path, JsonObject body, string? token)
    {
        var (status, text) = await SendAsync(new(method, path, null, true, () => throw new NotSupportedException()), new(path, body, Token: token));
        Assert.True(status < 300, $"{path}: {status} {text}");
        return text.Length > 0 ? Json(text) : [];
    }

    private static JsonObject Key(string email) => new() { ["email"] = email, ["password"] = Password };

    private async Task<JsonObject> SignInOf(string email, Joined who) => With(Key(email), "code", (string)(await NowAsync(who))["code"]!);

    /// <summary>What the app shows now; that it was given before is forgotten.</summary>
    private async Task<JsonObject> NowAsync(Joined who)
    {
        await Clinic.RunAsync(["update platform.credential set totp_step = 0 where person_id = (select id from platform.person where email = @Email)"], new { who.Email });
        return new() { ["code"] = Totp.CodeOf(who.Secret, Totp.StepAt(Clinic.Clock.GetUtcNow())) };
    }

    private static byte[] SecretOf(JsonObject shown) => Base32.Read((string)shown["secret"]!) ?? throw new FormatException(shown.ToJsonString());

    /// <summary>Somebody new at the front desk with an account of their own.</summary>
    /// <param name="until">The step at which they stop: enroll, codes or open.</param>
    private async Task<Joined> JoinedAsync(string until = "open")
    {
        var (link, email) = await InvitedTokenAsync();
        var token = (string)(await AskAsync("POST", "/api/v1/invites/accept", With(Token(link), "password", Password), null))["token"]!;
        var who = new Joined(email, token, SecretOf(await SeenAsync("/api/v1/account/authenticator", token)), []);
        if (until == "enroll") return who;
        who = who with { Token = (string)(await AskAsync("POST", "/api/v1/account/authenticator", await NowAsync(who), token))["token"]! };
        who = who with { Codes = [.. (await SeenAsync("/api/v1/account/recovery-codes", who.Token))["codes"]!.AsArray().Select(it => (string)it!)] };
        if (until == "codes") return who;
        return who with { Token = (string)(await AskAsync("POST", "/api/v1/account/recovery-codes", new JsonObject { ["code"] = who.Codes[4] }, who.Token))["token"]! };
    }

    private async Task<JsonObject> SeenAsync(string path, string token)
    {
        using var client = Clinic.Anonymous();
        client.DefaultRequestHeaders.Authorization = new("Bearer", token);
        return Json(await client.GetStringAsync(path));
    }

    private async Task<(string Token, string Email)> InvitedTokenAsync()
    {
        var email = $"r{Guid.CreateVersion7():N}@example.com";
        await PostedAsync(ClinicRole.Admin, "/api/v1/staff/invites", Json($$"""{"name":"Robin Vale","email":"{{email}}","role":"front_desk","npi":null}"""));
        return (await LinkOfAsync(email), email);
    }

    private static string SignUp(string email) => $$"""{"practice":"Harbor Clinic","name":"Pat Moss","email":"{{email}}","phone":"(603) 555-0199"}""";

    private async Task<string> SignedUpAsync()
    {
        var email = $"p{Guid.CreateVersion7():N}@example.com";
        await AskAsync("POST", "/api/v1/sign-ups", Json(SignUp(email)), null);
        return await LinkOfAsync(email);
    }

    /// <summary>The secret in the link that was mailed there last.</summary>
    private async Task<string> LinkOfAsync(string email) => (await Clinic.OneAsync<string>("select body from platform.outbox where recipient = @email order by created_at desc, id desc limit 1",
        new { email }))
        .Split('\n').Single(line => line.StartsWith("http", StringComparison.Ordinal)).Trim().Split('/')[^1];

    /// <summary>A session of somebody with that address, who belongs to no clinic yet.</summary>
    private async Task<string> ElsewhereAsync(string email)
    {
        var (token, now) = ($"joins-{Guid.CreateVersion7():N}", Clinic.Clock.GetUtcNow());
        await Clinic.RunAsync(["insert into platform.person (id, email, name, email_verified_at) values (@person, @email, 'Robin Vale', now())",
            """
            insert into platform.session (id, token_hash, person_id, is_mfa_done, created_at, last_seen_at, expires_at, proved_at)
            values (gen_random_uuid(), @hash, @person, true, @now, @now, @until, @now)
            """], new { person = Guid.CreateVersion7(), email, hash = SessionGate.HashOf(token), now, until = now.AddHours(8) });
        return token;
    }
}
