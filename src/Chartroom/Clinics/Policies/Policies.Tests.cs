using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Chartroom.Accounts;
using Chartroom.Platform.Identity;
using Npgsql;

namespace Chartroom.Clinics;

public sealed class PoliciesTests
{
    private const string Api = "/api/v1/clinic/policies";
    private static readonly PolicyFields Defaults = new("rotation", 12, 24, 90, 30, 8, 3);

    private static async Task<HttpStatusCode> ChangeAsync(HttpClient client, PolicyFields policies)
    {
        using var shown = await client.GetAsync(Api);
        if (!shown.IsSuccessStatusCode) return shown.StatusCode;
        using var request = new HttpRequestMessage(HttpMethod.Put, Api) { Content = JsonContent.Create(policies) };
        request.Headers.IfMatch.Add(shown.Headers.ETag!);   // every answer of it has one
        using var answer = await client.SendAsync(request);
        return answer.StatusCode;
    }

    private static async Task<HttpStatusCode> AskAsync(HttpClient client)
    {
        using var answer = await client.GetAsync("/api/v1/sessions/current");
        return answer.StatusCode;
    }

    [Fact]
    public async Task ACC_4_The_bounds_of_a_policy_are_held_by_the_database()
    {
        await using var clinic = await TestClinic.OpenAsync();
        Task SetAsync(string what) => clinic.RunAsync([$"update platform.clinic set {what} where id = @id"], new { id = clinic.Id.Value });
        foreach (var (column, least, most) in new[] { ("idle_minutes", 5, 60), ("session_hours", 1, 12), ("sessions_at_once", 1, 3), ("password_remembered", 24, 36), ("password_days", 30, 90), ("password_least", 12, 64) })
        {
            foreach (var good in new[] { least, most }) await SetAsync($"{column} = {good}");
            foreach (var bad in new[] { least - 1, most + 1 })
                Assert.Equal($"clinic_{column}_bounds", (await Assert.ThrowsAsync<PostgresException>(() => SetAsync($"{column} = {bad}"))).ConstraintName);
        }
        var shortUnderNist = await Assert.ThrowsAsync<PostgresException>(() => SetAsync("password_policy = 'nist', password_least = 14"));
        Assert.Equal("clinic_password_least_bounds", shortUnderNist.ConstraintName);
    }

    [Fact]
    public async Task ACC_4_A_tightened_policy_holds_for_running_sessions_with_their_next_request()
    {
        await using var clinic = await TestClinic.OpenAsync();
        using var admin = clinic.As(ClinicRole.Admin);
        using var provider = clinic.As(ClinicRole.Provider);
        using var desk = clinic.As(ClinicRole.FrontDesk);
        Assert.Equal(HttpStatusCode.OK, await AskAsync(provider));

        Assert.Equal(HttpStatusCode.NoContent, await ChangeAsync(admin, Defaults with { IdleMinutes = 5 }));
        clinic.Clock.Advance(new TimeSpan(0, 4, 59));
        Assert.Equal(HttpStatusCode.OK, await AskAsync(desk));
        Assert.Equal(HttpStatusCode.NoContent, await ChangeAsync(admin, Defaults with { SessionHours = 1 }));   // 29 minutes idle are fine again
        clinic.Clock.Advance(new TimeSpan(0, 25, 0));
        Assert.Equal(HttpStatusCode.OK, await AskAsync(desk));
        clinic.Clock.Advance(new TimeSpan(0, 25, 0));
        Assert.Equal(HttpStatusCode.OK, await AskAsync(desk));
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(provider));   // 54:59 without a request
        clinic.Clock.Advance(new TimeSpan(0, 5, 1));
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(desk));       // one hour old to the second
    }

    [Fact]
    public async Task ACC_4_Fewer_sessions_at_once_end_the_oldest_of_everybody_here_but_the_one_that_asks()
    {
        await using var clinic = await TestClinic.OpenAsync();
        using var admin = clinic.As(ClinicRole.Admin);
        using var provider = clinic.As(ClinicRole.Provider);
        await clinic.RunAsync(["""
            insert into platform.session (id, token_hash, person_id, clinic_id, is_mfa_done, created_at, last_seen_at, expires_at)
            select gen_random_uuid(), sha256(('newer ' || session.id)::bytea), person_id, clinic_id, true, created_at + interval '1 second', last_seen_at + interval '1 second', expires_at
            from platform.session where clinic_id = @id
            """], new { id = clinic.Id.Value });

        Assert.Equal(HttpStatusCode.NoContent, await ChangeAsync(admin, Defaults with { SessionsAtOnce = 1 }));

        Assert.Equal(HttpStatusCode.OK, await AskAsync(admin));
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(provider));
        Assert.Equal([1L, 1L, 1L], await clinic.RowsAsync<long>(
            "select count(*) from platform.session where clinic_id = @id and ended_at is null group by person_id", new { id = clinic.Id.Value }));
        Assert.Equal(1, await clinic.OneAsync<long>("select count(*) from platform.audit_event where clinic_id = @id and action = 'policies.changed'", new { id = clinic.Id.Value }));
    }

    [Fact]
    public async Task ACC_4_Policies_are_an_administrators_and_ask_for_a_fresh_proof_the_version_and_numbers_within_bounds()
    {
        await using var clinic = await TestClinic.OpenAsync();
        using var admin = clinic.As(ClinicRole.Admin);
        foreach (var role in new[] { ClinicRole.Provider, ClinicRole.FrontDesk })
        {
            using var other = clinic.As(role);
            Assert.Equal(HttpStatusCode.Forbidden, await ChangeAsync(other, Defaults));
        }
        foreach (var wrong in new[] { Defaults with { IdleMinutes = 61 }, Defaults with { SessionHours = 13 }, Defaults with { SessionsAtOnce = 4 }, Defaults with { PasswordLeast = 11 },
            Defaults with { PasswordDays = 91 }, Defaults with { PasswordRemembered = 23 }, Defaults with { PasswordPolicy = "nist", PasswordLeast = 14 }, Defaults with { PasswordPolicy = "none" } })
            Assert.Equal(HttpStatusCode.UnprocessableEntity, await ChangeAsync(admin, wrong));

        using var stale = new HttpRequestMessage(HttpMethod.Put, Api) { Content = JsonContent.Create(Defaults) };
        stale.Headers.Add("If-Match", "\"7\"");
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await admin.SendAsync(stale)).StatusCode);

        clinic.Clock.Advance(StepUpGate.Fresh);
        Assert.Equal(HttpStatusCode.Forbidden, await ChangeAsync(admin, Defaults with { IdleMinutes = 60 }));
        Assert.Equal(Defaults, await admin.GetFromJsonAsync<PolicyFields>(Api));
    }

    [Fact]
    public async Task ACC_2_The_clinics_numbers_are_what_the_next_password_has_to_keep_and_when_it_grows_old()
    {
        await using var host = await TestClinic.OpenAsync();
        var practice = new TestSignUp(host);
        await practice.ToOpenAsync();
        async Task<TestPage> SaveAsync(params (string, string)[] other)
        {
            var version = (await practice.Browser.OpenAsync("/settings/policies")).Hidden("version");
            return await practice.Browser.PostAsync("/settings/policies", [("version", version), ("idleMinutes", "30"), ("sessionHours", "8"), ("sessionsAtOnce", "3"), .. other]);
        }
        Task<TestPage> ChooseAsync(string from, string to) => practice.Browser.PostAsync("/account/password", ("current", from), ("password", to));

        Assert.Equal("/settings/policies", (await SaveAsync(("passwordPolicy", "rotation"), ("passwordLeast", "20"), ("passwordRemembered", "24"), ("passwordDays", "30"))).Location);
        Assert.Contains("20 or more characters", (await practice.Browser.OpenAsync("/account/password")).Html, StringComparison.Ordinal);
        Assert.Contains("20 characters or more", (await ChooseAsync(TestSignUp.Password, "Umber-Ocelot-41-Fi")).ErrorOf("password"), StringComparison.Ordinal);
        Assert.Equal("/settings/security", (await ChooseAsync(TestSignUp.Password, "Umber-Ocelot-41-Fjord")).Location);

        var refused = await SaveAsync(("passwordPolicy", "nist"), ("passwordLeast", "14"), ("passwordRemembered", "24"), ("passwordDays", "30"));
        Assert.Equal("Give a number from 15 to 64.", refused.ErrorOf("passwordLeast"));
        Assert.Equal("/settings/policies", (await SaveAsync(("passwordPolicy", "nist"), ("passwordLeast", "15"), ("passwordRemembered", "24"), ("passwordDays", "30"))).Location);
        Assert.Equal("/settings/security", (await ChooseAsync("Umber-Ocelot-41-Fjord", "plover umbral sextet")).Location);

        Assert.Equal("/settings/policies", (await SaveAsync(("passwordPolicy", "rotation"), ("passwordLeast", "12"), ("passwordRemembered", "24"), ("passwordDays", "30"))).Location);
        host.Clock.Advance(TimeSpan.FromDays(30));
        var late = new TestBrowser(host.Anonymous());
        await late.PostAsync("/sign-in", ("email", practice.Email), ("password", "plover umbral sextet"));
        Assert.Equal("/account/password", (await late.PostAsync("/sign-in/code", ("code", practice.CodeNow))).Location);
    }
}
