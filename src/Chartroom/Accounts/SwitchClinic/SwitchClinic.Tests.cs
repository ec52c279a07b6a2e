using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Chartroom.Platform.Identity;

namespace Chartroom.Accounts;

public sealed class SwitchClinicTests
{
    private static async Task<(TestClinic Host, TestSignUp Practice)> InTwoClinicsAsync()
    {
        var host = await TestClinic.OpenAsync();
        var practice = new TestSignUp(host);
        await practice.ToOpenAsync();
        await host.RunAsync(["insert into platform.membership (clinic_id, person_id, role, created_at) select @clinic, id, 'front_desk', '2020-01-01' from platform.person where email = @email"],
            new { clinic = host.Id.Value, email = practice.Email });
        return (host, practice);
    }

    private static async Task<(HttpStatusCode Status, JsonElement Body)> CurrentAsync(TestClinic host, string token)
    {
        using var client = host.Anonymous();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var answer = await client.GetAsync("/api/v1/sessions/current");
        return (answer.StatusCode, await answer.Content.ReadFromJsonAsync<JsonElement>());
    }

    [Fact]
    public async Task TEN_5_A_person_goes_to_another_clinic_of_theirs_by_the_menu_without_signing_in_under_a_new_token()
    {
        var (host, practice) = await InTwoClinicsAsync();
        await using var _ = host;
        var before = practice.Browser.Session!;
        Assert.Equal("admin", (await CurrentAsync(host, before)).Body.GetProperty("role").GetString());
        Assert.Contains("Test Clinic</button>", (await practice.Browser.OpenAsync("/settings/security")).Html, StringComparison.Ordinal);

        Assert.Equal("/", (await practice.Browser.PostAsync("/switch-clinic", ("clinic", host.Id.ToString()!))).Location);
        var after = practice.Browser.Session!;
        Assert.Equal("/day", (await practice.Browser.OpenAsync("/")).Location);

        Assert.NotEqual(before, after);
        Assert.Equal(HttpStatusCode.Unauthorized, (await CurrentAsync(host, before)).Status);   // fixation: the token of the other clinic is dead
        Assert.Equal(("front_desk", "Test Clinic"), (await CurrentAsync(host, after)).Body is var now ? (now.GetProperty("role").GetString(), now.GetProperty("clinicName").GetString()) : default);
        Assert.Equal(HttpStatusCode.Forbidden, (await practice.Browser.OpenAsync("/audit")).Status);   // the right of the other clinic stayed there
        var events = await host.RowsAsync<string>("select action from platform.audit_event join platform.person on person.id = audit_event.person_id where email = @email and action like 'session.clinic-%' order by action", new { email = practice.Email });
        Assert.Equal(["session.clinic-left", "session.clinic-switched"], events);
    }

    [Fact]
    public async Task TEN_5_A_program_switches_too_and_a_clinic_of_others_answers_as_one_that_is_not()
    {
        var (host, practice) = await InTwoClinicsAsync();
        await using var _ = host;
        await using var others = await TestClinic.OpenAsync();
        using var client = host.Anonymous();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", practice.Browser.Session);
        var listed = await client.GetFromJsonAsync<JsonElement>("/api/v1/sessions/current/clinics");
        Assert.Equal(2, listed.GetArrayLength());

        var answers = new List<string>();
        foreach (var clinic in new[] { others.Id.Value, Guid.CreateVersion7() })
        {
            using var refused = await client.PutAsJsonAsync("/api/v1/sessions/current/clinic", new { clinic });
            var problem = await refused.Content.ReadFromJsonAsync<JsonElement>();
            answers.Add($"{(int)refused.StatusCode} {problem.GetProperty("code")} {problem.GetProperty("title")}");
        }
        Assert.StartsWith("404 accounts.no-such-clinic", Assert.Single(answers.Distinct()), StringComparison.Ordinal);
        using var switched = await client.PutAsJsonAsync("/api/v1/sessions/current/clinic", new { clinic = host.Id.Value });
        Assert.Equal("Test Clinic", (await CurrentAsync(host, (await switched.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("token").GetString()!)).Body.GetProperty("clinicName").GetString());
    }

    [Fact]
    public async Task TEN_5_A_membership_that_has_ended_is_no_way_in()
    {
        var (host, practice) = await InTwoClinicsAsync();
        await using var _ = host;
        await host.RowsAsync<int>("update platform.membership set ended_at = now() where clinic_id = @clinic and person_id = (select id from platform.person where email = @email)", new { clinic = host.Id.Value, email = practice.Email });

        Assert.Equal(HttpStatusCode.NotFound, (await practice.Browser.PostAsync("/switch-clinic", ("clinic", host.Id.ToString()!))).Status);
        Assert.DoesNotContain("Test Clinic", (await practice.Browser.OpenAsync("/settings/security")).Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TEN_5_A_page_of_one_clinic_does_not_act_at_another()
    {
        var (host, practice) = await InTwoClinicsAsync();
        await using var _ = host;
        var mark = System.Text.RegularExpressions.Regex.Match((await practice.Browser.OpenAsync("/settings/security")).Html, "data-person=\"([^\"]+)\"").Groups[1].Value;
        await practice.Browser.PostAsync("/switch-clinic", ("clinic", host.Id.ToString()!));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/settings/security/sign-out-everywhere");
        request.Headers.Add("Cookie", $"chartroom={practice.Browser.Session}");
        request.Headers.Add("Chartroom-Person", mark);

        Assert.Equal(HttpStatusCode.Conflict, (await host.Anonymous().SendAsync(request)).StatusCode);
    }
}
