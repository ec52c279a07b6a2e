using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Chartroom.Platform.Identity;
using Chartroom.Platform.Web;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Chartroom.Accounts;

public sealed partial class StepUpTests
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

    /// <summary>Acts that give or take a right, carry data out, destroy, or loosen a rule, by the names under which the log knows them.</summary>
    [GeneratedRegex(@"^(staff|invite|api_client|key|policies|supervision|authenticator|recovery_codes|passkey|assistant|chart|calendar_feed|break_glass)\.(?!.*(read|listed|opened|offered|refused)$)|destr|remov|discard|delet|revok|withdraw|export|taken-out|restrict(?!ion-read)|(?<![a-z])ended|rules-changed")]
    private static partial Regex Dangerous();

    private const string Stops = "it takes a way in away and leaves what was written: whoever stops a leak must not be held up";
    private const string JustProved = "part of signing up or in: the password or the link of a mail was given a moment ago";
    private const string Patients = "the patient's wish, carried out at once";
    private const string Nothing = "it is only looked at; nothing is destroyed";
    private const string Own = "one's own convenience: nothing of a chart, no right of anybody";

    /// <summary>Acts that some route takes without a fresh proof, each with the reason.</summary>
    private static readonly Dictionary<string, string> WithoutProof = new()
    {
        ["api_client.revoked"] = Stops,
        ["assistant.feature_built_in"] = "rules of this server draft; nothing leaves the clinic",
        ["assistant.feature_off"] = "it ends what is drafted, and what leaves the clinic",
        ["assistant.turned_off"] = "it ends what leaves the clinic",
        ["authenticator.set-up"] = JustProved,
        ["break_glass.announced"] = "an emergency does not wait for a code: it is told to all administrators and reviewed",
        ["break_glass.ended"] = Stops,
        ["break_glass.reviewed"] = "opening the queue takes the notice of accesses that are judged already away; judging one asks for a proof",
        ["calendar_feed.ended"] = Own,
        ["calendar_feed.made"] = "one's own times and places, without patients",
        ["chart.imported"] = "adds what a file says; gives nobody a right",
        ["code_favourite.removed"] = Own,
        ["colleague_sessions.ended"] = Stops,
        ["draft.discarded"] = "a draft is nobody's record before it is signed, and can be made again",
        ["insights.taken-out"] = "figures without patients",
        ["invite.accepted"] = JustProved,
        ["invite.revoked"] = Stops,
        ["note.writing-discarded"] = "unsigned writing of one's own, which can be brought back",
        ["outside_calendar.removed"] = Own,
        ["patient.destruction-read"] = Nothing,
        ["patient.destruction-withdrawn"] = "it keeps a record that was to be destroyed",
        ["patient.destructions-listed"] = Nothing,
        ["photo.removed"] = Own,
        ["recording.consent-withdrawn"] = Patients,
        ["recording.destroyed"] = Patients,
        ["recording.ended"] = "the recording is over and goes on to be transcribed",
        ["recovery_codes.kept"] = JustProved,
        ["session.ended"] = Stops,
        ["sessions.ended"] = Stops,
        ["snippet.removed"] = Own,
        ["staff.changed"] = "name, number and colour; the role has a form of its own",
        ["staff.removed"] = Stops,
    };

    [Fact]
    public async Task Every_act_that_gives_or_takes_a_right_carries_out_or_destroys_asks_for_a_fresh_proof_or_says_here_why_not()
    {
        await using var host = await TestClinic.OpenAsync();
        var acts = host.Services.GetServices<EndpointDataSource>().SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
            .SelectMany(route => route.Metadata.GetMetadata<AuditsAs>()?.Actions ?? [], (route, action) => (Action: action, IsProved: route.Metadata.GetMetadata<RequiresStepUp>() is not null))
            .Where(act => Dangerous().IsMatch(act.Action)).ToLookup(act => act.Action, act => act.IsProved);

        Assert.True(acts.Count > 30, $"{acts.Count} acts: the rule has stopped looking.");
        var unproved = acts.Where(act => act.Contains(false)).Select(act => act.Key).ToList();
        Assert.True(unproved.Order().SequenceEqual(WithoutProof.Keys.Order()),
            $"without proof or reason: {string.Join(", ", unproved.Except(WithoutProof.Keys))}; a reason for nothing: {string.Join(", ", WithoutProof.Keys.Except(unproved))}");
    }

    [Theory]
    [InlineData("POST", "/api/v1/staff/invites"), InlineData("DELETE", "/api/v1/staff/{other}"), InlineData("PUT", "/api/v1/recording-rules")]
    [InlineData("POST", "/settings/staff"), InlineData("POST", "/settings/staff/{other}/end"), InlineData("POST", "/settings/supervision"), InlineData("POST", "/settings/recordings")]
    [InlineData("POST", "/onboarding/staff"), InlineData("POST", "/onboarding/providers")]
    [InlineData("POST", "/patients/{other}/entries/{other}/destruction"), InlineData("POST", "/patients/{other}/entries/{other}/destruction/confirm")]
    public async Task A_screen_left_open_lets_nobody_in_ends_nobodys_work_destroys_nothing_and_loosens_no_rule(string method, string path)
    {
        await using var host = await TestClinic.OpenAsync();
        host.Clock.Advance(StepUpGate.Fresh);
        using var client = host.As(ClinicRole.Admin);
        using var request = new HttpRequestMessage(new(method), path.Replace("{other}", host.Actor(ClinicRole.FrontDesk).Person.ToString(), StringComparison.Ordinal));
        if (path.StartsWith("/api/", StringComparison.Ordinal))
        {
            request.Headers.Add("If-Match", "\"1\"");
            request.Content = JsonContent.Create(new { name = "Ana Vega", email = "ana@else.example", role = "admin", keepHours = 24, isLocalOn = false });
        }
        else request.Content = new FormUrlEncodedContent(new Dictionary<string, string> { ["name"] = "Ana Vega", ["email"] = "ana@else.example", ["role"] = "admin", ["npi"] = "", ["then"] = "next", ["version"] = "1", ["keepHours"] = "24", ["reason"] = "Legal" });
        using var answer = await client.SendAsync(request);

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Contains(path.StartsWith("/api/", StringComparison.Ordinal) ? "accounts.step-up-needed" : $"name=\"{StepUpGate.Field}\"", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal((0L, 3L), (await host.OneAsync<long>("select count(*) from platform.invite where clinic_id = @Id", new { host.Id }), await host.OneAsync<long>("select count(*) from staff where is_active")));
    }

    [Fact]
    public async Task A_step_of_the_wizard_that_is_passed_over_asks_for_no_code()
    {
        await using var host = await TestClinic.OpenAsync();
        host.Clock.Advance(StepUpGate.Fresh);
        using var client = host.As(ClinicRole.Admin);
        async Task<HttpStatusCode> SendAsync(params (string Name, string Value)[] fields) => (await client.PostAsync("/onboarding/staff", new FormUrlEncodedContent(fields.Select(it => KeyValuePair.Create(it.Name, it.Value))))).StatusCode;

        Assert.Equal(HttpStatusCode.SeeOther, await SendAsync(("name", ""), ("email", ""), ("npi", ""), ("role", "admin"), ("then", "next")));
        Assert.Equal(HttpStatusCode.Forbidden, await SendAsync(("name", ""), ("name", "Ana Vega"), ("email", ""), ("npi", ""), ("role", "admin"), ("then", "next")));   // whatever is in doubt is proved
        Assert.Equal(HttpStatusCode.Forbidden, await SendAsync(("role", "admin"), ("then", "next")));
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
