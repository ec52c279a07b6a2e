using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using Chartroom.Platform.Identity;
using Chartroom.Platform.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.TestHost;

namespace Chartroom.Shell;

/// <summary>The shell's own pipeline with three small routes behind it; what the platform does in between has its own tests.</summary>
public sealed class ShellTests : IAsyncLifetime
{
    private static readonly PersonId Ana = PersonId.New();
    private readonly WebApplication app = Build();
    private HttpClient browser = null!;   // set before each test

    private static WebApplication Build()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseTestServer();
        builder.Services.AddShell();
        var app = builder.Build();
        app.UseShell();
        app.Use((context, next) =>
        {
            context.Features.Set(new SignedIn { PersonId = Ana, PersonName = "Ana" });
            return next(context);
        });
        app.UseShellForPeople();
        AssetFiles.Map(app);
        app.Map("/closed", context => Boundary.AnswerAsync(context, SessionGate.SignInNeeded));
        app.MapPost("/saved", () => Page.SeeOther("/day"));
        app.MapGet("/fault", context => Boundary.AnswerAsync(context, Boundary.Failed));
        return app;
    }

    public async Task InitializeAsync()
    {
        await app.StartAsync();
        browser = app.GetTestClient();
    }

    public async Task DisposeAsync() => await app.DisposeAsync();

    private Task<HttpResponseMessage> SendFormAsync(string path, bool isHtmx = false, PersonId? madeFor = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new FormUrlEncodedContent(new Dictionary<string, string> { ["remark"] = "<b>typed</b>", ["password"] = "never back" }),
        };
        if (isHtmx) request.Headers.Add("HX-Request", "true");
        if (madeFor is { } person) request.Headers.Add("Chartroom-Person", $"{person}@");
        return browser.SendAsync(request);
    }

    [Theory]
    [InlineData("/nowhere"), InlineData("/closed"), InlineData("/fault"), InlineData("/assets/old/app.css"), InlineData("/api/v1/nowhere")]
    public async Task Every_answer_forbids_foreign_content_and_being_kept(string path)
    {
        var headers = (await browser.GetAsync(path)).Headers;

        Assert.True(headers.CacheControl?.NoStore);
        Assert.StartsWith("default-src 'none'; script-src 'self'; style-src 'self';", Assert.Single(headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
        Assert.Equal(["nosniff"], headers.GetValues("X-Content-Type-Options"));
        Assert.Equal(["no-referrer"], headers.GetValues("Referrer-Policy"));
    }

    [Fact]
    public async Task An_asset_may_be_kept_for_ever_under_the_address_of_its_content_only()
    {
        var answer = await browser.GetAsync(AssetFiles.Url("app.js"));

        Assert.Equal("public, max-age=31536000, immutable", answer.Headers.CacheControl?.ToString());
        Assert.Equal("text/javascript; charset=utf-8", answer.Content.Headers.ContentType?.ToString());
    }

    [Fact]
    public async Task All_script_of_a_page_is_under_150_kB_compressed()
    {
        var sizes = await Task.WhenAll(new[] { "lib/htmx.min.js", "app.js" }.Select(async name =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, AssetFiles.Url(name));
            request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("br"));
            return (await (await browser.SendAsync(request)).Content.ReadAsByteArrayAsync()).Length;
        }));

        Assert.All(sizes, size => Assert.InRange(size, 500, 150_000));
        Assert.InRange(sizes.Sum(), 1_000, 150_000);
    }

    [Fact]
    public async Task A_compressed_asset_is_the_same_asset()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, AssetFiles.Url("app.css"));
        request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("br"));
        using var body = new BrotliStream(await (await browser.SendAsync(request)).Content.ReadAsStreamAsync(), CompressionMode.Decompress);
        using var text = new StreamReader(body);

        Assert.Equal(await browser.GetStringAsync(AssetFiles.Url("app.css")), await text.ReadToEndAsync());
    }

    [Fact]
    public async Task A_page_has_no_inline_script_style_or_handler()
    {
        var html = await (await browser.GetAsync("/nowhere")).Content.ReadAsStringAsync();

        Assert.Contains("Not found", html, StringComparison.Ordinal);
        Assert.DoesNotMatch("""<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)|hx-on""", html);
    }

    [Fact]
    public async Task A_fault_shows_its_trace_id_and_nothing_else()
    {
        var answer = await browser.GetAsync("/fault");
        var html = await answer.Content.ReadAsStringAsync();

        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
        Assert.Matches("<code>[0-9A-Za-z:]{8,}</code>", html);
        Assert.DoesNotContain("Exception", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_is_not_signed_in_is_led_to_sign_in_and_back()
    {
        var answer = await browser.GetAsync("/closed");

        Assert.Equal((HttpStatusCode.SeeOther, "/sign-in?to=%2Fclosed"), (answer.StatusCode, answer.Headers.Location?.ToString()));
    }

    [Fact]
    public async Task A_form_whose_session_ended_comes_back_whole_but_for_its_password()
    {
        var answer = await SendFormAsync("/closed");
        var html = await answer.Content.ReadAsStringAsync();

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Contains("""action="/closed" """.TrimEnd(), html, StringComparison.Ordinal);
        Assert.Contains("""name="remark" value="&lt;b&gt;typed&lt;/b&gt;" """.TrimEnd(), html, StringComparison.Ordinal);
        Assert.DoesNotContain("never back", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refusal_of_a_background_request_is_one_notice_and_says_so()
    {
        var answer = await SendFormAsync("/closed", isHtmx: true);
        var html = await answer.Content.ReadAsStringAsync();

        Assert.Equal((HttpStatusCode.Unauthorized, "identity.sign-in-needed"), (answer.StatusCode, Assert.Single(answer.Headers.GetValues(ErrorPages.Mark))));
        Assert.DoesNotContain("<html", html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, HttpStatusCode.SeeOther, "Location")]
    [InlineData(true, HttpStatusCode.OK, "HX-Redirect")]
    public async Task After_a_form_the_browser_itself_opens_the_next_page(bool isHtmx, HttpStatusCode status, string header)
    {
        var answer = await SendFormAsync("/saved", isHtmx);

        Assert.Equal((status, "/day"), (answer.StatusCode, Assert.Single(answer.Headers.GetValues(header))));
    }

    [Fact]
    public async Task A_page_made_for_one_person_does_not_act_for_another()
    {
        Assert.Equal(HttpStatusCode.OK, (await SendFormAsync("/saved", isHtmx: true, madeFor: Ana)).StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, (await SendFormAsync("/saved", isHtmx: true, madeFor: PersonId.New())).StatusCode);
    }

    [Theory]
    [InlineData("", ""), InlineData("70", "70,18"), InlineData("70,80", "4,32 136,4"), InlineData("80,80", "4,18 136,18")]
    public void A_trend_is_drawn_from_oldest_to_latest_within_its_box(string values, string line)
    {
        var start = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        TrendPoint[] points = [.. values.Split(',', StringSplitOptions.RemoveEmptyEntries)
            .Select((value, day) => new TrendPoint(start.AddDays(day), decimal.Parse(value, System.Globalization.CultureInfo.InvariantCulture)))];

        Assert.Equal(line, TrendScale.Of(points, 140, 36).Line(points));
    }
}
