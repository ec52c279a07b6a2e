using System.Net;
using Chartroom.Platform.Identity;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;

namespace Chartroom.Platform.Web;

public sealed class LimitsTests
{
    private const string Current = "/api/v1/sessions/current";

    /// <summary>An address whose /64 nobody else in this run has.</summary>
    private static IPAddress Somewhere()
    {
        var bytes = RandomNumber();
        bytes[0] = 0x20;
        return new(bytes);
    }

    private static byte[] RandomNumber() => System.Security.Cryptography.RandomNumberGenerator.GetBytes(16);

    private static Task<HttpContext> SendAsync(TestClinic host, IPAddress from, string path, Action<HttpRequest>? more = null) => ((TestServer)host.The<IServer>()).SendAsync(context =>
    {
        context.Connection.RemoteIpAddress = from;
        (context.Request.Scheme, context.Request.Method, context.Request.Path) = ("http", "GET", path);
        more?.Invoke(context.Request);
    });

    private static Action<HttpRequest> WithToken(string token) => request => request.Headers.Authorization = $"Bearer {token}";

    private static void GuessPassword(HttpRequest request)
    {
        request.Method = "POST";
        request.ContentType = "application/json";
        // Another account each time, so that it is not the account's own guard that answers.
        request.Body = new MemoryStream(System.Text.Encoding.UTF8.GetBytes($$"""{"email":"{{Guid.CreateVersion7():N}}@lakeside.example","password":"wrong","code":"1"}"""));
        request.ContentLength = request.Body.Length;
        request.HttpContext.Features.Set<IHttpRequestBodyDetectionFeature>(new WithBody());
    }

    private sealed class WithBody : IHttpRequestBodyDetectionFeature
    {
        public bool CanHaveBody => true;
    }

    [Fact]
    public async Task ACC_7_A_limit_holds_exactly_over_two_nodes_says_when_to_come_back_and_touches_nobody_else()
    {
        await using var one = await TestClinic.OpenAsync(settings: "--RateLimits:Work=50");
        await using var two = await TestClinic.OpenAsync(settings: "--RateLimits:Work=50");
        var token = WithToken(one.TokenOf(ClinicRole.Provider));

        var answers = await Task.WhenAll(Enumerable.Range(0, 120).Select(number => SendAsync(number % 2 == 0 ? one : two, Somewhere(), Current, token)));

        Assert.Equal((50, 70), (answers.Count(it => it.Response.StatusCode == 200), answers.Count(it => it.Response.StatusCode == 429)));
        Assert.All(answers.Where(it => it.Response.StatusCode == 429), it => Assert.Equal("60", it.Response.Headers.RetryAfter));
        Assert.Equal(200, (await SendAsync(two, Somewhere(), Current, WithToken(one.TokenOf(ClinicRole.Admin)))).Response.StatusCode);
        one.Clock.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal(429, (await SendAsync(one, Somewhere(), Current, token)).Response.StatusCode);
        one.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(200, (await SendAsync(one, Somewhere(), Current, token)).Response.StatusCode);
    }

    [Theory]
    [InlineData("/no-such-page", 404), InlineData("/openapi.json", 200), InlineData("/sign-in", 200)]
    public async Task ACC_7_Whoever_looks_for_addresses_is_counted_over_both_nodes_too(string path, int status)
    {
        await using var one = await TestClinic.OpenAsync(settings: "--RateLimits:Stranger=20");
        await using var two = await TestClinic.OpenAsync(settings: "--RateLimits:Stranger=20");
        var from = Somewhere();

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(number => SendAsync(number % 2 == 0 ? one : two, from, path)));

        Assert.Equal((20, 30), (answers.Count(it => it.Response.StatusCode == status), answers.Count(it => it.Response.StatusCode == 429)));
    }

    [Fact]
    public async Task ACC_7_Every_route_has_a_limit_and_only_what_is_the_same_for_everyone_is_counted_lightly()
    {
        await using var host = await TestClinic.OpenAsync();
        var routes = host.Services.GetServices<EndpointDataSource>().SelectMany(source => source.Endpoints).OfType<RouteEndpoint>().ToLookup(RateLimits.ClassOf, route => route.RoutePattern.RawText!);

        Assert.Equal(["/assets/{hash}/{**name}", "/healthz", "/readyz"], routes[RateClass.Light].Order(StringComparer.Ordinal));
        foreach (var door in new[] { "/sign-in", "/sign-up", "/password-reset", "/api/v1/sessions", "/api/v1/sessions/start", "/api/v1/sign-ups", "/api/v1/password-resets" })
            Assert.Contains(door, routes[RateClass.Door].Select(it => it.TrimEnd('/')));
        Assert.Contains("/api/v1/exports/patients.csv", routes[RateClass.Bulk]);
        Assert.DoesNotContain(routes[RateClass.Stranger], it => it.StartsWith("/patients", StringComparison.Ordinal));
    }

    [Fact]
    public async Task ACC_7_Every_route_is_refused_with_a_time_to_come_back_once_its_class_is_used_up()
    {
        await using var host = await TestClinic.OpenAsync(settings: ["--RateLimits:Light=60", "--RateLimits:Stranger=10", "--RateLimits:Door=10", "--RateLimits:Work=10", "--RateLimits:Bulk=10"]);
        var (from, token) = (Somewhere(), WithToken(host.TokenOf(ClinicRole.Admin)));
        async Task UseUpAsync(int times, string path, Action<HttpRequest>? more)
        {
            for (var turn = 0; turn <= times; turn++) await SendAsync(host, from, path, more);
        }
        await UseUpAsync(60, "/healthz", null);
        await UseUpAsync(10, "/sign-in", null);
        await UseUpAsync(10, "/api/v1/sessions", GuessPassword);
        await UseUpAsync(10, Current, token);
        await UseUpAsync(10, "/api/v1/exports/patients.csv", token);

        var (faults, seen) = (new List<string>(), 0);
        foreach (var route in host.Services.GetServices<EndpointDataSource>().SelectMany(source => source.Endpoints).OfType<RouteEndpoint>())
        {
            var path = System.Text.RegularExpressions.Regex.Replace("/" + route.RoutePattern.RawText!.TrimStart('/'), "{[^}]+}", Guid.Empty.ToString());
            var isOfSession = RateLimits.ClassOf(route) is RateClass.Work or RateClass.Bulk;
            foreach (var verb in route.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"])
            {
                var answer = (await SendAsync(host, from, path, request =>
                {
                    request.Method = verb;
                    if (isOfSession) token(request);
                })).Response;
                seen++;
                if (answer.StatusCode != 429 || answer.Headers.RetryAfter != "60") faults.Add($"{verb} {path} ({RateLimits.ClassOf(route)}): {answer.StatusCode}, Retry-After {answer.Headers.RetryAfter}");
            }
        }

        Assert.Equal("", string.Join("\n", faults));
        Assert.True(seen > 200, $"{seen} routes");
    }

    [Fact]
    public async Task ACC_7_The_pages_of_signing_in_say_when_to_come_back_too()
    {
        await using var host = await TestClinic.OpenAsync();
        using var client = host.Anonymous();
        HttpResponseMessage? answer = null;
        for (var turn = 0; turn <= 5; turn++)   // five are free
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/sign-in")
            {
                Content = new FormUrlEncodedContent([KeyValuePair.Create("email", "ana@lakeside.example"), KeyValuePair.Create("password", "wrong")]),
            };
            request.Headers.Add("Sec-Fetch-Site", "same-origin");
            answer?.Dispose();
            answer = await client.SendAsync(request);
        }

        Assert.Equal((HttpStatusCode.TooManyRequests, "text/html"), (answer!.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        Assert.Equal(TimeSpan.FromSeconds(30), answer.Headers.RetryAfter?.Delta);
        answer.Dispose();
    }

    [Theory]
    [InlineData("/healthz", false, 200), InlineData("/no-such-page", false, 404), InlineData("/sign-in", false, 200), InlineData("/day", false, 303)]
    [InlineData("/api/v1/sessions", true, 401)]
    public async Task ACC_7_Strangers_are_limited_by_network_on_routes_of_every_kind_and_no_other_network_notices(string path, bool isGuess, int status)
    {
        await using var host = await TestClinic.OpenAsync(settings: ["--RateLimits:Light=60", "--RateLimits:Stranger=60", "--RateLimits:Door=60"]);
        var from = Somewhere();

        var answers = new List<int>();
        for (var turn = 0; turn < 63; turn++) answers.Add((await SendAsync(host, from, path, isGuess ? GuessPassword : null)).Response.StatusCode);

        Assert.All(answers[60..], answer => Assert.Equal(429, answer));
        Assert.Equal(status, answers[0]);
        Assert.Equal(status, (await SendAsync(host, Somewhere(), path, isGuess ? GuessPassword : null)).Response.StatusCode);   // nobody is locked out from another network
    }

    [Fact]
    public async Task ACC_7_Made_up_tokens_and_a_session_of_ones_own_are_no_way_around()
    {
        await using var host = await TestClinic.OpenAsync(settings: ["--RateLimits:Stranger=20", "--RateLimits:Door=20"]);
        var from = Somewhere();
        for (var turn = 0; turn < 20; turn++) Assert.Equal(401, (await SendAsync(host, from, Current, WithToken($"made-up-{turn}"))).Response.StatusCode);
        Assert.Equal(429, (await SendAsync(host, from, Current, WithToken("made-up-again"))).Response.StatusCode);
        Assert.Equal(200, (await SendAsync(host, from, Current, WithToken(host.TokenOf(ClinicRole.Admin)))).Response.StatusCode);   // who is signed in works on

        var guesser = Somewhere();
        var last = 0;
        for (var turn = 0; turn < 21; turn++)
            last = (await SendAsync(host, guesser, "/api/v1/sessions", request => { GuessPassword(request); WithToken(host.TokenOf(turn % 2 == 0 ? ClinicRole.Admin : ClinicRole.Provider))(request); })).Response.StatusCode;
        Assert.Equal(429, last);
    }

    [Theory]
    [InlineData("", "from")]                       // no proxy is named: nobody is believed
    [InlineData("198.51.100.0/24", "from")]        // the connection is no proxy of ours
    [InlineData("2000::/3", "forged")]             // everything is a proxy, so the first is the client: what naming too much means
    [InlineData("from", "last")]                   // our proxy tells of the hop before it; what that hop claims is not believed
    public async Task ACC_8_The_clients_address_comes_from_named_proxies_only(string trusted, string expected)
    {
        var (from, forged, last) = (Somewhere(), Somewhere(), Somewhere());
        await using var host = await TestClinic.OpenAsync(settings: "--Proxies:Trusted=" + (trusted == "from" ? from.ToString() : trusted));
        var trace = $"{Guid.CreateVersion7():N}";
        await SendAsync(host, from, "/api/v1/sessions", request =>
        {
            GuessPassword(request);
            request.Headers.UserAgent = trace;
            request.Headers["X-Forwarded-For"] = $"{forged}, {last}";
        });

        var address = await host.OneAsync<string>("select ip from platform.audit_event where agent = @trace", new { trace });
        Assert.Equal((expected switch { "from" => from, "forged" => forged, _ => last }).ToString(), address);
    }

    [Theory]
    [InlineData("10.0.0.5, nonsense")]
    [InlineData("proxy.example")]
    public void A_proxy_that_is_no_address_stops_the_start(string trusted) =>
        Assert.Contains("10.0.0.5", Assert.Throws<WrongSettingException>(() => TrustedProxies.OptionsOf(new() { Trusted = trusted })).Message, StringComparison.Ordinal);

    [Fact]
    public async Task ACC_11_Plain_http_is_led_to_https_and_what_was_sent_in_the_clear_is_refused()
    {
        var proxy = Somewhere();
        await using var host = await TestClinic.OpenAsync(settings: ["--Chartroom:PublicUrl=https://clinic.example", $"--Proxies:Trusted={proxy}"]);
        var led = await SendAsync(host, Somewhere(), "/day", request => (request.QueryString, request.Host) = (new("?on=2026-03-02"), new("evil.example")));
        Assert.Equal((308, "https://clinic.example/day?on=2026-03-02"), (led.Response.StatusCode, led.Response.Headers.Location.ToString()));
        Assert.Equal(403, (await SendAsync(host, Somewhere(), "/api/v1/sessions", GuessPassword)).Response.StatusCode);
        Assert.Equal(403, (await SendAsync(host, Somewhere(), Current)).Response.StatusCode);   // a program is not led on
        Assert.Equal(200, (await SendAsync(host, Somewhere(), "/healthz")).Response.StatusCode);
        Assert.Equal(308, (await SendAsync(host, Somewhere(), "/sign-in", request => request.Headers["X-Forwarded-Proto"] = "https")).Response.StatusCode);   // anybody can write that
        var through = await SendAsync(host, proxy, "/sign-in", request => (request.Headers["X-Forwarded-Proto"], request.Headers["X-Forwarded-For"]) = ("https", "203.0.113.9"));
        Assert.Equal(200, through.Response.StatusCode);
        Assert.StartsWith("max-age=63072000", through.Response.Headers.StrictTransportSecurity, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ACC_11_A_host_that_the_world_would_reach_in_the_clear_does_not_start() =>
        Assert.Contains("https://", (await Assert.ThrowsAsync<WrongSettingException>(() => TestClinic.OpenAsync(settings: "--Chartroom:PublicUrl=http://clinic.example"))).Message, StringComparison.Ordinal);

    [Fact]
    public async Task ACC_11_Every_route_answers_with_the_headers_that_keep_a_browser_safe_whoever_asks()
    {
        await using var host = await TestClinic.OpenAsync();
        var (faults, seen) = (new List<string>(), 0);
        foreach (var route in host.Services.GetServices<EndpointDataSource>().SelectMany(source => source.Endpoints).OfType<RouteEndpoint>())
        {
            var path = System.Text.RegularExpressions.Regex.Replace("/" + route.RoutePattern.RawText!.TrimStart('/'), "{[^}]+}", Guid.Empty.ToString());
            foreach (var verb in (route.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"]).Append("TRACE"))
            {
                foreach (var token in new[] { null, host.TokenOf(ClinicRole.Provider) })
                {
                    if (token is not null && verb != "GET") continue;
                    var answer = await SendAsync(host, Somewhere(), path, request =>
                    {
                        (request.Scheme, request.Method) = ("https", verb);
                        if (token is not null) WithToken(token)(request);
                        if (verb == "GET") request.Headers.Origin = "https://elsewhere.example";   // what a page of another site would send to read the answer
                    });
                    seen++;
                    if (verb == "TRACE" && answer.Response.StatusCode is not (401 or 404 or 405)) faults.Add($"TRACE {path}: {answer.Response.StatusCode}");
                    faults.AddRange(FaultsOf(answer.Response).Select(fault => $"{verb} {path} {answer.Response.StatusCode}: {fault}"));
                }
            }
        }

        Assert.Equal("", string.Join("\n", faults));
        Assert.True(seen > 200, $"{seen} answers");
    }

    [Theory]
    [InlineData("TRACE"), InlineData("TRACK"), InlineData("CONNECT"), InlineData("DEBUG"), InlineData("PROPFIND")]
    public async Task ACC_11_No_route_takes_a_method_that_it_does_not_offer_nor_tells_a_caller_their_own_headers(string method)
    {
        await using var host = await TestClinic.OpenAsync();
        var (faults, seen) = (new List<string>(), 0);
        foreach (var path in host.Services.GetServices<EndpointDataSource>().SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
            .Select(route => System.Text.RegularExpressions.Regex.Replace("/" + route.RoutePattern.RawText!.TrimStart('/'), "{[^}]+}", Guid.Empty.ToString())).Distinct())
        {
            var answer = await SendAsync(host, Somewhere(), path, request =>
            {
                request.Method = method;
                WithToken(host.TokenOf(ClinicRole.Admin))(request);
                request.Headers["X-Mirror"] = "mirrored";
            });
            seen++;
            using var body = new StreamReader(answer.Response.Body);
            if (answer.Response.StatusCode is not (404 or 405) || (await body.ReadToEndAsync()).Contains("mirrored", StringComparison.Ordinal)) faults.Add($"{path}: {answer.Response.StatusCode}");
        }

        Assert.Equal("", string.Join("\n", faults));
        Assert.True(seen > 100, $"{seen} paths");
    }

    private static IEnumerable<string> FaultsOf(HttpResponse answer)
    {
        var headers = answer.Headers;
        if (!headers.StrictTransportSecurity.ToString().StartsWith("max-age=63072000", StringComparison.Ordinal)) yield return "HSTS";
        if (headers.CacheControl != "no-store") yield return "Cache-Control " + headers.CacheControl;
        if (headers.XContentTypeOptions != "nosniff") yield return "nosniff";
        if (headers["Referrer-Policy"] != "no-referrer") yield return "Referrer-Policy";
        if (answer.ContentType is { } type && type.StartsWith("text/", StringComparison.Ordinal) && !type.EndsWith("; charset=utf-8", StringComparison.OrdinalIgnoreCase)) yield return "no charset: " + type;
        if (answer.ContentType is null && answer.ContentLength > 0) yield return "no content type";
        foreach (var wall in new[] { "Cross-Origin-Opener-Policy", "Cross-Origin-Resource-Policy" })
            if (headers[wall] != "same-origin") yield return $"{wall} {headers[wall]}";
        foreach (var opened in headers.Keys.Where(name => name.StartsWith("Access-Control-", StringComparison.OrdinalIgnoreCase))) yield return "another site may read it: " + opened;
        if (headers.ContainsKey("Server") || headers.ContainsKey("X-Powered-By")) yield return "says what serves";
        var policy = headers.ContentSecurityPolicy.ToString();
        if (policy.Contains("unsafe", StringComparison.Ordinal)) yield return "CSP is open: " + policy;
        foreach (var part in new[] { "default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'" })
            if (!policy.Contains(part, StringComparison.Ordinal)) yield return $"CSP lacks {part}";
    }
}
