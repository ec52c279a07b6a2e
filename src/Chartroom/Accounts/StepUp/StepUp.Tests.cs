using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Chartroom.Platform.Identity;
using Chartroom.Platform.Web;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Chartroom.Accounts;

public sealed class StepUpTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 2, 14, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(0, true), InlineData(299, true), InlineData(300, false), InlineData(301, false)]
    [InlineData(-1, false)]   // a proof of the future: a clock was set back
    public void A_proof_counts_for_five_minutes(int secondsAgo, bool isFresh) =>
        Assert.Equal(isFresh, StepUpGate.IsFresh(new() { ProvedAt = Now.AddSeconds(-secondsAgo) }, Now));

    [Fact]
    public void A_session_that_never_proved_anything_is_not_fresh() => Assert.False(StepUpGate.IsFresh(new(), Now));

    [Fact]
    public async Task Every_export_and_change_of_role_or_factor_declares_it()
    {
        await using var host = await TestClinic.OpenAsync();
        var routes = host.Services.GetServices<EndpointDataSource>().SelectMany(source => source.Endpoints).OfType<RouteEndpoint>().ToList();
        var dangerous = routes.Where(route => route.RoutePattern.RawText!.Contains("/exports/", StringComparison.Ordinal)
            || (route.Metadata.GetMetadata<AuditsAs>()?.Actions ?? []).Any(action => action is "staff.role-changed" or "authenticator.replaced" or "recovery_codes.replaced")).ToList();

        Assert.True(dangerous.Count > 30);
        Assert.All(dangerous, route => Assert.NotNull(route.Metadata.GetMetadata<RequiresStepUp>()));
    }

    [Fact]
    public async Task Somebody_without_a_password_and_an_authenticator_is_told_so_wherever_one_is_asked_for()
    {
        await using var host = await TestClinic.OpenAsync();   // its people have neither
        using var client = host.As(ClinicRole.Admin);
        using var proof = await client.PostAsJsonAsync("/api/v1/sessions/current/proof", new { code = "123456" });
        using var password = await client.PutAsJsonAsync("/api/v1/account/password", new { current = "plover umbral sextet 1", password = "Tumble-Quartz-73-Nine" });
        var page = await new TestBrowser(client).PostAsync("/step-up", ("code", "123456"));
        var form = await new TestBrowser(client).PostAsync("/account/password", ("current", "plover umbral sextet 1"), ("password", "Tumble-Quartz-73-Nine"));

        foreach (var answer in new[] { proof, password })
        {
            Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
            Assert.Equal("/problems/accounts.no-credential", (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("type").GetString());
        }
        foreach (var answer in new[] { page, form })
        {
            Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.Status);   // a page is shown again
            Assert.Contains("neither password nor authenticator", answer.Html, StringComparison.Ordinal);
        }
        Assert.Equal(0, await host.OneAsync<long>("select count(*) from platform.credential where person_id = @Person", new { host.Actor(ClinicRole.Admin).Person }));
    }

    private static async Task<(TestClinic Host, TestSignUp Practice)> LeftOpenAsync()
    {
        var host = await TestClinic.OpenAsync();
        var practice = new TestSignUp(host);
        await practice.ToOpenAsync();
        await host.RowsAsync<int>("update platform.clinic set baa_signed_at = now() where id in (select clinic_id from platform.membership join platform.person on person.id = person_id where email = @email)",
            new { email = practice.Email });
        host.Clock.Advance(StepUpGate.Fresh);
        return (host, practice);
    }

    [Fact]
    public async Task An_export_of_a_screen_left_open_needs_a_code_first_and_leads_back()
    {
        var (host, practice) = await LeftOpenAsync();
        await using var _ = host;
        using var program = host.Anonymous();
        program.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", practice.Browser.Session);
        using var refused = await program.GetAsync("/api/v1/exports/patients.csv");
        Assert.Equal((HttpStatusCode.Forbidden, "accounts.step-up-needed"), (refused.StatusCode, (await refused.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString()));

        using var proof = await program.PostAsJsonAsync("/api/v1/sessions/current/proof", new { code = practice.CodeNow });
        program.DefaultRequestHeaders.Authorization = new("Bearer", (await proof.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("token").GetString());
        Assert.Equal(HttpStatusCode.OK, (await program.GetAsync("/api/v1/exports/patients.csv")).StatusCode);
        host.Clock.Advance(StepUpGate.Fresh);
        Assert.Equal(HttpStatusCode.Forbidden, (await program.GetAsync("/api/v1/exports/patients.csv")).StatusCode);
    }

    [Theory]
    [InlineData(true), InlineData(false)]
    public async Task The_form_of_a_dangerous_act_keeps_what_was_typed_and_takes_the_code_with_it(bool isHtmx)
    {
        var (host, practice) = await LeftOpenAsync();
        await using var _ = host;
        var colleague = await ColleagueAsync(host, practice);
        var path = $"/settings/staff/{colleague}/role";
        using var browser = host.Anonymous();
        async Task<(HttpStatusCode Status, string Html, string? NewCookie)> SendAsync(string? code)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, path);
            request.Headers.Add("Cookie", $"chartroom={practice.Browser.Session}");
            request.Headers.Add("Sec-Fetch-Site", "same-origin");
            if (isHtmx) request.Headers.Add("HX-Request", "true");
            request.Content = new FormUrlEncodedContent(new Dictionary<string, string> { ["role"] = "provider", ["idempotency_key"] = "one-click" }
                .Concat(code is null ? [] : [KeyValuePair.Create(StepUpGate.Field, code)]));
            using var answer = await browser.SendAsync(request);
            return (answer.StatusCode, await answer.Content.ReadAsStringAsync(), answer.Headers.TryGetValues("Set-Cookie", out var lines) ? lines.First() : null);
        }

        var asked = await SendAsync(null);
        Assert.Equal(HttpStatusCode.Forbidden, asked.Status);
        Assert.Contains($"name=\"{StepUpGate.Field}\"", asked.Html, StringComparison.Ordinal);
        if (!isHtmx) Assert.Contains("name=\"role\" value=\"provider\"", asked.Html, StringComparison.Ordinal);   // with script the form itself is still there
        var wrong = await SendAsync("000000");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, wrong.Status);
        Assert.Contains($"name=\"{StepUpGate.Field}\"", wrong.Html, StringComparison.Ordinal);
        Assert.Equal("front_desk", await RoleOfAsync(host, colleague));

        var done = await SendAsync(practice.CodeNow);
        Assert.Equal(isHtmx ? HttpStatusCode.OK : HttpStatusCode.SeeOther, done.Status);
        Assert.Equal("provider", await RoleOfAsync(host, colleague));
        Assert.StartsWith("chartroom=", done.NewCookie, StringComparison.Ordinal);   // a new token with every proof
        Assert.DoesNotContain(practice.Browser.Session!, done.NewCookie, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Unauthorized, (await SendAsync(null)).Status);   // the one before opens nothing
    }

    private static async Task<Guid> ColleagueAsync(TestClinic host, TestSignUp practice)
    {
        var id = Guid.CreateVersion7();
        await host.RunAsync(["insert into platform.person (id, email, name, email_verified_at) values (@id, @email, 'Test Colleague', now())",
            """
            insert into platform.membership (clinic_id, person_id, role)
            select membership.clinic_id, @id, 'front_desk' from platform.membership join platform.person on person.id = person_id where email = @admin
            """], new { id, email = $"{id:N}@test.example", admin = practice.Email });
        return id;
    }

    private static Task<string> RoleOfAsync(TestClinic host, Guid person) => host.OneAsync<string>("select role from platform.membership where person_id = @person", new { person });
}
