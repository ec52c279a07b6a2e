using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace Chartroom.ApiClients;

public sealed class ApiClientsTests
{
    [Fact]
    public async Task ACC_10_A_program_gets_a_token_for_its_credentials_does_what_its_scopes_say_and_nothing_else_and_the_log_knows_it_by_name()
    {
        await using var clinic = await TestClinic.OpenAsync();
        var admin = clinic.As(ClinicRole.Admin);
        var (id, secret) = await MakeAsync(admin, "Phone system", "patients.read", "patients.write", "appointments.read");
        Assert.Equal(0, await clinic.OneAsync<long>("select count(*) from platform.api_client_secret where encode(hash, 'escape') like '%' || @secret || '%'", new { secret }));
        Assert.DoesNotContain(secret, await admin.GetStringAsync("/settings/api-clients"), StringComparison.Ordinal);   // shown once

        using var program = await SignedInAsync(clinic, id, secret);
        var entered = await program.PostAsJsonAsync("/api/v1/patients", new { patient = new { name = new { given = "Emma", family = "Stone" }, birthDate = "1990-05-06" }, confirmed = true });
        Assert.Equal(HttpStatusCode.Created, entered.StatusCode);
        var patient = (await entered.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetGuid();
        Assert.Equal(HttpStatusCode.OK, (await program.GetAsync($"/api/v1/patients/{patient}")).StatusCode);
        foreach (var path in new[] { $"/api/v1/patients/{patient}/chart", "/api/v1/audit-events", "/api/v1/staff", "/api/v1/keys", "/api/v1/api-clients", "/api/v1/exports/patients.csv" })
            Assert.Equal((403, "identity.scope-missing"), await AskAsync(program.GetAsync(path)));
        Assert.Equal((403, "identity.people-only"), await AskAsync(program.GetAsync("/api/v1/sessions/current")));
        Assert.Equal(HttpStatusCode.Forbidden, (await program.GetAsync("/patients")).StatusCode);   // pages are for people
        using var narrow = await SignedInAsync(clinic, id, secret, "appointments.read");
        Assert.Equal((403, "identity.scope-missing"), await AskAsync(narrow.GetAsync($"/api/v1/patients/{patient}")));
        Assert.Equal((400, "invalid_scope"), await TokenErrorAsync(clinic, id, secret, "charts.read"));

        Assert.Equal(["patient.created front_desk", "patient.read front_desk"],
            await clinic.RowsAsync<string>("select action || ' ' || role from audit_event where person_id = @id and outcome = 'done' and door = 'api' order by at, id", new { id }));
        var log = await admin.GetStringAsync($"/audit?person={id}");
        Assert.Contains("Phone system", log, StringComparison.Ordinal);
        clinic.Clock.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(HttpStatusCode.OK, (await program.GetAsync($"/api/v1/patients/{patient}")).StatusCode);
        Assert.Equal(clinic.Clock.GetUtcNow(), await clinic.OneAsync<DateTimeOffset>("select last_used_at from platform.api_client where id = @id", new { id }));
        clinic.Clock.Advance(TimeSpan.FromMinutes(13));
        Assert.Equal(401, (await AskAsync(program.GetAsync($"/api/v1/patients/{patient}"))).Status);   // 15 minutes
    }

    [Fact]
    public async Task ACC_10_Every_scope_opens_what_it_names_with_the_least_role_of_the_database()
    {
        await using var clinic = await TestClinic.OpenAsync();
        var admin = clinic.As(ClinicRole.Admin);
        var patient = (await (await clinic.As(ClinicRole.FrontDesk).PostAsJsonAsync("/api/v1/patients",
            new { patient = new { name = new { given = "Emma", family = "Stone" }, birthDate = "1990-05-06" }, confirmed = true })).Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetGuid();
        foreach (var (scope, role, path) in new[]
        {
            ("clinic.read", "front_desk", "/api/v1/clinic"), ("patients.read", "front_desk", $"/api/v1/patients/{patient}"), ("appointments.read", "front_desk", "/api/v1/days/2026-03-02"),
            ("charts.read", "provider", $"/api/v1/patients/{patient}/chart"), ("audit.read", "admin", "/api/v1/audit-events"),
        })
        {
            var (id, secret) = await MakeAsync(admin, scope, scope);
            Assert.Equal(role, await clinic.OneAsync<string>("select role from platform.api_client where id = @id", new { id }));
            using var program = await SignedInAsync(clinic, id, secret);
            var answer = await program.GetAsync(path);
            Assert.True(answer.IsSuccessStatusCode, $"{scope}: {path} {(int)answer.StatusCode}");
        }
    }

    [Fact]
    public async Task ACC_10_Rotation_overlaps_as_long_as_was_asked_and_revocation_holds_at_the_next_request()
    {
        await using var clinic = await TestClinic.OpenAsync();
        var admin = clinic.As(ClinicRole.Admin);
        var (id, first) = await MakeAsync(admin, "Phone system", "clinic.read");
        using var old = await SignedInAsync(clinic, id, first);
        var second = await RotateAsync(admin, id, 1);
        Assert.NotEqual(first, second);
        Assert.Equal(200, (await AskAsync(old.GetAsync("/api/v1/clinic"))).Status);
        using var @new = await SignedInAsync(clinic, id, second);
        Assert.Equal(200, (await AskAsync(@new.GetAsync("/api/v1/clinic"))).Status);
        clinic.Clock.Advance(TimeSpan.FromMinutes(50));
        using var late = await SignedInAsync(clinic, id, first);   // good until the hour is over, and its token not a moment longer
        clinic.Clock.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(401, (await AskAsync(late.GetAsync("/api/v1/clinic"))).Status);
        Assert.Equal((401, "invalid_client"), await TokenErrorAsync(clinic, id, first));
        await clinic.RowsAsync<int>("update platform.session set last_seen_at = @now, proved_at = @now where clinic_id = @Id", new { clinic.Id, now = clinic.Clock.GetUtcNow() });

        var third = await RotateAsync(admin, id, 0);
        Assert.Equal((401, "invalid_client"), await TokenErrorAsync(clinic, id, second));
        using var last = await SignedInAsync(clinic, id, third);
        Assert.Equal(200, (await AskAsync(last.GetAsync("/api/v1/clinic"))).Status);
        Assert.Equal(HttpStatusCode.NoContent, (await admin.DeleteAsync($"/api/v1/api-clients/{id}")).StatusCode);
        Assert.Equal(401, (await AskAsync(last.GetAsync("/api/v1/clinic"))).Status);
        Assert.Equal((401, "invalid_client"), await TokenErrorAsync(clinic, id, third));
        Assert.Equal((401, "invalid_client"), await TokenErrorAsync(clinic, Guid.CreateVersion7(), third));   // one answer for all of them
        Assert.Equal(404, (await AskAsync(admin.DeleteAsync($"/api/v1/api-clients/{id}"))).Status);
        Assert.True(await clinic.OneAsync<long>("select count(*) from platform.audit_event where action = 'api_client.refused' and resource_id = @id", new { id }) >= 3);
    }

    [Fact]
    public async Task ACC_10_A_client_has_its_own_limit_over_all_its_tokens_and_ends_with_its_day()
    {
        await using var clinic = await TestClinic.OpenAsync();
        var admin = clinic.As(ClinicRole.Admin);
        var (id, secret) = await MakeAsync(admin, "Phone system", 5, "clinic.read");
        using var one = await SignedInAsync(clinic, id, secret);
        using var other = await SignedInAsync(clinic, id, secret);
        for (var i = 0; i < 5; i++) Assert.Equal(200, (await AskAsync((i % 2 == 0 ? one : other).GetAsync("/api/v1/clinic"))).Status);
        using var over = await other.GetAsync("/api/v1/clinic");
        Assert.Equal((HttpStatusCode.TooManyRequests, true), (over.StatusCode, over.Headers.RetryAfter is not null));
        Assert.Equal(429, (await AskAsync(one.GetAsync("/api/v1/clinic"))).Status);
        clinic.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(200, (await AskAsync(one.GetAsync("/api/v1/clinic"))).Status);
        clinic.Clock.Advance(TimeSpan.FromDays(30));
        Assert.Equal((401, "invalid_client"), await TokenErrorAsync(clinic, id, secret));
    }

    [Fact]
    public async Task ACC_10_Only_an_administrator_with_a_fresh_proof_lets_programs_in_and_only_into_their_own_clinic()
    {
        await using var clinic = await TestClinic.OpenAsync();
        await using var other = await TestClinic.OpenAsync();
        var admin = clinic.As(ClinicRole.Admin);
        var ask = new { name = "Phone system", scopes = new[] { "clinic.read" }, days = 30 };
        foreach (var role in new[] { ClinicRole.Provider, ClinicRole.FrontDesk })
            Assert.Equal((403, "platform.forbidden"), await AskAsync(clinic.As(role).PostAsJsonAsync("/api/v1/api-clients", ask)));
        Assert.Equal((422, "api-clients.invalid"), await AskAsync(admin.PostAsJsonAsync("/api/v1/api-clients", new { name = " ", scopes = new[] { "everything" }, days = 400 })));
        var (id, secret) = await MakeAsync(admin, "Phone system", "clinic.read", "audit.read");
        Assert.Equal(404, (await AskAsync(other.As(ClinicRole.Admin).DeleteAsync($"/api/v1/api-clients/{id}"))).Status);
        Assert.Equal(404, (await AskAsync(other.As(ClinicRole.Admin).PostAsJsonAsync($"/api/v1/api-clients/{id}/secret", new { overlapHours = 0 }))).Status);
        Assert.DoesNotContain("Phone system", await other.As(ClinicRole.Admin).GetStringAsync("/settings/api-clients"), StringComparison.Ordinal);
        using var program = await SignedInAsync(clinic, id, secret);
        Assert.DoesNotContain($"{other.Id.Value}", await program.GetStringAsync("/api/v1/audit-events"), StringComparison.Ordinal);
        clinic.Clock.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal((403, "accounts.step-up-needed"), await AskAsync(admin.PostAsJsonAsync("/api/v1/api-clients", ask)));

        var basic = clinic.Anonymous();
        basic.DefaultRequestHeaders.Authorization = new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{id}:{secret}")));
        using var form = new FormUrlEncodedContent([new("grant_type", "client_credentials")]);
        Assert.Equal(HttpStatusCode.OK, (await basic.PostAsync("/api/v1/oauth/token", form)).StatusCode);
        using var wrong = new FormUrlEncodedContent([new("grant_type", "password")]);
        Assert.Equal("unsupported_grant_type", (await (await basic.PostAsync("/api/v1/oauth/token", wrong)).Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error").GetString());
    }

    private static Task<(Guid Id, string Secret)> MakeAsync(HttpClient admin, string name, params string[] scopes) => MakeAsync(admin, name, 600, scopes);

    private static async Task<(Guid Id, string Secret)> MakeAsync(HttpClient admin, string name, int perMinute, params string[] scopes)
    {
        var made = await admin.PostAsJsonAsync("/api/v1/api-clients", new { name, scopes, days = 30, perMinute });
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        var given = await made.Content.ReadFromJsonAsync<JsonElement>();
        return (given.GetProperty("clientId").GetGuid(), given.GetProperty("clientSecret").GetString()!);
    }

    private static async Task<string> RotateAsync(HttpClient admin, Guid id, int overlapHours)
    {
        var made = await admin.PostAsJsonAsync($"/api/v1/api-clients/{id}/secret", new { overlapHours });
        Assert.Equal(HttpStatusCode.OK, made.StatusCode);
        return (await made.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("clientSecret").GetString()!;
    }

    private static async Task<HttpResponseMessage> AskTokenAsync(TestClinic clinic, Guid id, string secret, string? scope)
    {
        using var form = new FormUrlEncodedContent([new("grant_type", "client_credentials"), new("client_id", id.ToString()), new("client_secret", secret), new("scope", scope ?? "")]);
        return await clinic.Anonymous().PostAsync("/api/v1/oauth/token", form);
    }

    private static async Task<HttpClient> SignedInAsync(TestClinic clinic, Guid id, string secret, string? scope = null)
    {
        using var answer = await AskTokenAsync(clinic, id, secret, scope);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var token = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(("Bearer", 900), (token.GetProperty("token_type").GetString(), token.GetProperty("expires_in").GetInt32()));
        var client = clinic.Anonymous();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token.GetProperty("access_token").GetString());
        return client;
    }

    private static async Task<(int Status, string? Error)> TokenErrorAsync(TestClinic clinic, Guid id, string secret, string? scope = null)
    {
        using var answer = await AskTokenAsync(clinic, id, secret, scope);
        return ((int)answer.StatusCode, (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error").GetString());
    }

    private static async Task<(int Status, string? Code)> AskAsync(Task<HttpResponseMessage> asked)
    {
        using var answer = await asked;
        var text = await answer.Content.ReadAsStringAsync();
        return ((int)answer.StatusCode, answer.IsSuccessStatusCode ? null : JsonDocument.Parse(text).RootElement.GetProperty("code").GetString());
    }
}
