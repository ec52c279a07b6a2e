using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Chartroom.Platform.Web;
using Microsoft.AspNetCore.Routing;

namespace Chartroom.Clinics;

public sealed class OnboardingTests
{
    private static async Task<(TestClinic Host, TestSignUp Practice)> SignedUpAsync()
    {
        var host = await TestClinic.OpenAsync();
        var practice = new TestSignUp(host);
        await practice.ToOpenAsync();
        return (host, practice);
    }

    private static Task<Guid> ClinicOfAsync(TestClinic host, TestSignUp practice) => host.OneAsync<Guid>(
        "select clinic_id from platform.membership join platform.person on person.id = person_id where email = @email", new { email = practice.Email });

    private static async Task SignAgreementAsync(TestSignUp practice)
    {
        var page = await practice.Browser.OpenAsync("/onboarding/agreement");
        Assert.Equal("/", (await practice.Browser.PostAsync("/onboarding/agreement", ("signedName", " ana  whitfield"), ("textHash", page.Hidden("textHash")))).Location);
    }

    [Fact]
    public async Task PRV_1_The_agreement_is_signed_by_name_and_kept_with_text_hash_time_and_address()
    {
        var (host, practice) = await SignedUpAsync();
        await using var _ = host;
        var clinic = await ClinicOfAsync(host, practice);
        var hash = (await practice.Browser.OpenAsync("/onboarding/agreement")).Hidden("textHash");

        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await practice.Browser.PostAsync("/onboarding/agreement", ("signedName", "Somebody Else"), ("textHash", hash))).Status);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await practice.Browser.PostAsync("/onboarding/agreement", ("signedName", "Ana Whitfield"), ("textHash", "00"))).Status);
        Assert.Equal(0, await host.OneAsync<long>("select count(*) from platform.agreement where clinic_id = @clinic", new { clinic }));
        await SignAgreementAsync(practice);
        await SignAgreementAgainAsync(practice, hash);

        var (name, textHash, version) = await host.OneAsync<(string, byte[], string)>(
            "select signed_name, text_hash, text_version from platform.agreement where clinic_id = @clinic and signed_at = @now", new { clinic, now = host.Clock.GetUtcNow() });
        Assert.Equal(("ana  whitfield", "2026-11"), (name, version));
        Assert.Equal(SHA256.HashData(Encoding.UTF8.GetBytes(AgreementText.Current.Text)), textHash);
        Assert.Equal(1, await host.OneAsync<long>("select count(*) from platform.audit_event where clinic_id = @clinic and action = 'agreement.signed'", new { clinic }));
    }

    private static async Task SignAgreementAgainAsync(TestSignUp practice, string hash) =>
        Assert.Equal("/", (await practice.Browser.PostAsync("/onboarding/agreement", ("signedName", "Ana Whitfield"), ("textHash", hash))).Location);

    [Fact]
    public async Task PRV_1_Every_route_of_a_clinic_but_those_of_setting_it_up_refuses_until_the_agreement_is_signed()
    {
        await using var host = await TestClinic.OpenAsync(isAgreementSigned: false);
        using var client = host.As(ClinicRole.Admin);
        var routes = host.The<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(route => route.Metadata.GetMetadata<RequiresPermission>() is not null && route.Metadata.GetMetadata<WorksWithoutAgreement>() is null).ToList();
        Assert.NotEmpty(routes);

        foreach (var route in routes)
        {
            foreach (var method in route.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"])
            {
                using var request = new HttpRequestMessage(new(method), PathOf(route));
                request.Headers.Add("Sec-Fetch-Site", "same-origin");
                using var answer = await client.SendAsync(request);
                Assert.True(answer.StatusCode == HttpStatusCode.Forbidden, $"{method} {route.RoutePattern.RawText} answered {answer.StatusCode}");
                if (!route.RoutePattern.RawText!.StartsWith("/api", StringComparison.Ordinal)) continue;
                Assert.Equal("privacy.baa-unsigned", (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString());
            }
        }
    }

    private static string PathOf(RouteEndpoint route) => "/" + string.Join('/', route.RoutePattern.PathSegments.Select(segment =>
        string.Concat(segment.Parts.Select(part => part switch
        {
            Microsoft.AspNetCore.Routing.Patterns.RoutePatternLiteralPart literal => literal.Content,
            Microsoft.AspNetCore.Routing.Patterns.RoutePatternSeparatorPart separator => separator.Content,
            _ => "0190a0a0-0000-7000-8000-000000000001",
        }))));

    [Fact]
    public async Task TEN_4_The_wizard_saves_each_step_and_goes_on_where_it_was_left()
    {
        var (host, practice) = await SignedUpAsync();
        await using var _ = host;
        await SignAgreementAsync(practice);
        var clinic = await ClinicOfAsync(host, practice);
        var browser = practice.Browser;

        Assert.Equal("/onboarding/profile", (await browser.OpenAsync("/")).Location);
        Assert.Equal("/onboarding/profile", (await browser.PostAsync("/onboarding/profile",
            ("name", "Lakeside Clinic"), ("phone", "303 555 0199"), ("timeZone", "America/Denver"), ("version", "1"))).Location);
        Assert.Equal("/", (await browser.PostAsync("/onboarding/profile", ("name", "Lakeside Family Clinic"), ("phone", "303 555 0199"), ("timeZone", "America/Denver"),
            ("version", "2"), ("then", "next"))).Location);   // what was typed is saved on the way

        Assert.Equal("/onboarding/locations", (await browser.OpenAsync("/")).Location);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await browser.PostAsync("/onboarding/locations", ("then", "next"))).Status);   // at least one
        await browser.PostAsync("/onboarding/locations", ("name", "Main Street"), ("timeZone", "America/Denver"), ("city", "Denver"));
        var location = await host.OneAsync<Guid>($"select id from tenant_{clinic:N}.location");
        await browser.PostAsync("/onboarding/locations", ("rooms[0].locationId", location.ToString()), ("rooms[0].name", "Room 1"), ("then", "next"));

        var (again, _) = await practice.SignInAsync();   // another day, another machine
        Assert.Equal("/onboarding/providers", (await again.OpenAsync("/")).Location);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await again.PostAsync("/onboarding/providers", ("role", "provider"), ("then", "next"))).Status);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await again.PostAsync("/onboarding/providers",
            ("name", "Dr. Bo Marsh"), ("email", $"bo-{practice.Email}"), ("role", "provider"), ("npi", "1234567890"))).Status);
        await again.PostAsync("/onboarding/providers", ("name", "Dr. Bo Marsh"), ("email", $"bo-{practice.Email}"), ("role", "provider"), ("npi", "1234567893"), ("then", "next"));

        var provider = await host.OneAsync<Guid>($"select id from tenant_{clinic:N}.staff where is_provider");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await again.PostAsync($"/onboarding/hours/{provider}", ("version", "1"),
            ("hours[0].weekday", "1"), ("hours[0].opens", "09:00"), ("hours[0].closes", "12:00"), ("hours[0].locationId", location.ToString()),
            ("hours[1].weekday", "1"), ("hours[1].opens", "11:00"), ("hours[1].closes", "15:00"), ("hours[1].locationId", location.ToString()))).Status);
        Assert.Equal("/onboarding/hours", (await again.PostAsync($"/onboarding/hours/{provider}", ("version", "1"),
            ("hours[0].weekday", "1"), ("hours[0].opens", "09:00"), ("hours[0].closes", "12:00"), ("hours[0].locationId", location.ToString()),
            ("hours[1].weekday", "2"), ("hours[1].opens", ""), ("hours[1].closes", ""), ("hours[1].locationId", location.ToString()))).Location);
        await again.PostAsync("/onboarding/hours");
        await again.PostAsync("/onboarding/visit-types", ("name", "Follow-up"), ("minutes", "20"), ("color", "blue"), ("then", "next"));
        Assert.Equal("/onboarding/staff", (await again.OpenAsync("/")).Location);
        await again.PostAsync("/onboarding/staff", ("role", "front_desk"), ("then", "next"));

        Assert.Equal("/day", (await again.OpenAsync("/")).Location);
        Assert.Equal(("Lakeside Family Clinic", "America/Denver"), await host.OneAsync<(string, string)>("select name, time_zone from platform.clinic where id = @clinic", new { clinic }));
        Assert.Equal((1, 1, 1, 1), await host.OneAsync<(long, long, long, long)>($"""
            select (select count(*) from tenant_{clinic:N}.location), (select count(*) from tenant_{clinic:N}.room),
                (select count(*) from tenant_{clinic:N}.weekly_hours), (select count(*) from tenant_{clinic:N}.visit_type)
            """));
    }

    [Fact]
    public async Task TEN_4_A_clinic_whose_provisioning_was_cut_off_is_finished_when_its_administrator_comes_back()
    {
        var (host, practice) = await SignedUpAsync();
        await using var _ = host;
        var clinic = await ClinicOfAsync(host, practice);
        await host.RowsAsync<int>($"drop schema tenant_{clinic:N} cascade");   // as if killed right after the sign-up was committed
        await host.RowsAsync<int>("update platform.clinic set state = 'provisioning', provisioned_at = null where id = @clinic", new { clinic });
        await host.RowsAsync<int>("update platform.membership set mirrored_at = null where clinic_id = @clinic", new { clinic });

        Assert.Equal("/onboarding/agreement", (await practice.Browser.OpenAsync("/")).Location);

        Assert.Equal("active", await host.OneAsync<string>("select state from platform.clinic where id = @clinic", new { clinic }));
        Assert.Equal("Ana Whitfield", await host.OneAsync<string>($"select display_name from tenant_{clinic:N}.staff"));
    }

    [Theory]
    [InlineData(ClinicRole.Provider), InlineData(ClinicRole.FrontDesk)]
    public async Task ACC_6_Only_an_administrator_sets_up_the_clinic(ClinicRole role)
    {
        await using var host = await TestClinic.OpenAsync();
        using var client = host.As(role);
        foreach (var path in new[] { "/settings/clinic", "/settings/locations", "/settings/staff", "/settings/hours", "/settings/visit-types", "/onboarding/profile", "/api/v1/staff/invites" })
            Assert.Equal(HttpStatusCode.Forbidden, (await client.GetAsync(path)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/api/v1/locations")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await client.PostAsJsonAsync("/api/v1/locations", new { name = "X", timeZone = "America/Denver" })).StatusCode);
    }

    [Fact]
    public async Task A_change_made_from_an_old_state_is_refused_with_the_version_that_is_there_now()
    {
        await using var host = await TestClinic.OpenAsync();
        using var client = host.As(ClinicRole.Admin);
        using var added = await client.PostAsJsonAsync("/api/v1/visit-types", new { name = "Follow-up", minutes = 20, color = "blue" });
        Assert.Equal(HttpStatusCode.Created, added.StatusCode);

        Assert.Equal(HttpStatusCode.NoContent, (await PutAsync(client, added.Headers.Location!, "\"1\"", 30)).StatusCode);
        var stale = await PutAsync(client, added.Headers.Location!, "\"1\"", 40);
        Assert.Equal(HttpStatusCode.PreconditionFailed, stale.StatusCode);
        Assert.Equal(2, (await stale.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("currentVersion").GetInt32());
        Assert.Equal(HttpStatusCode.PreconditionRequired, (await PutAsync(client, added.Headers.Location!, null, 40)).StatusCode);
        Assert.Equal((30, 2), await host.OneAsync<(int, int)>("select minutes, version from visit_type"));
        using var twin = await client.PostAsJsonAsync("/api/v1/visit-types", new { name = "FOLLOW-UP", minutes = 20, color = "blue" });
        Assert.Equal(HttpStatusCode.Conflict, twin.StatusCode);
    }

    [Theory]
    [InlineData("", 20, "blue"), InlineData("X", 4, "blue"), InlineData("X", 481, "blue"), InlineData("X", 20, "mauve")]
    public async Task A_visit_type_outside_its_bounds_is_refused_and_leaves_nothing(string name, int minutes, string color)
    {
        await using var host = await TestClinic.OpenAsync();
        using var answer = await host.As(ClinicRole.Admin).PostAsJsonAsync("/api/v1/visit-types", new { name, minutes, color });
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.Equal(0, await host.OneAsync<long>("select count(*) from visit_type"));
    }

    private static Task<HttpResponseMessage> PutAsync(HttpClient client, Uri path, string? ifMatch, int minutes)
    {
        var request = new HttpRequestMessage(HttpMethod.Put, path) { Content = JsonContent.Create(new { name = "Follow-up", minutes, color = "blue" }) };
        if (ifMatch is not null) request.Headers.Add("If-Match", ifMatch);
        return client.SendAsync(request);
    }
}
