using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Chartroom.Platform.Web;

public sealed class WebTests
{
    [Fact]
    public async Task A_route_that_declares_nothing_stops_the_start()
    {
        await using var app = WebApplication.CreateSlimBuilder().Build();
        app.MapGet("/open", () => "x").Public("a test");
        app.MapGet("/kept", () => "x").Requires(Permission.SeePatients).Audits("patient.read");
        app.RefuseUndeclaredRoutes();
        app.MapGet("/forgotten", () => "x").Requires(Permission.SeePatients);

        Assert.Contains("/forgotten", Assert.Throws<InvalidOperationException>(() => app.RefuseUndeclaredRoutes()).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Sec-Fetch-Site", "cross-site", 403), InlineData("Sec-Fetch-Site", "same-site", 403), InlineData("Origin", "https://evil.example", 403), InlineData("Origin", "null", 403)]
    [InlineData("Sec-Fetch-Site", "same-origin", 404), InlineData("Origin", "http://localhost", 404), InlineData("X-None", "x", 404)]
    public async Task A_request_that_another_site_made_the_browser_send_is_not_carried_out(string header, string value, int status)
    {
        await using var clinic = await TestClinic.OpenAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/no-such-thing");
        request.Headers.Add(header, value);

        Assert.Equal(status, (int)(await clinic.As(ClinicRole.Admin).SendAsync(request)).StatusCode);
    }

    [Theory]
    [InlineData("\"7\"", 7, null), InlineData("", null, 428), InlineData("7", null, 412), InlineData("W/\"7\"", null, 412), InlineData("\"7\", \"8\"", null, 412), InlineData("*", null, 412)]
    public void If_Match_names_one_version_or_the_change_is_refused(string header, int? version, int? status)
    {
        var context = new DefaultHttpContext();
        if (header.Length > 0) context.Request.Headers.IfMatch = header;

        var outcome = Versions.IfMatch(context);
        Assert.Equal((version, status), (outcome.IsOk ? outcome.Value : null, outcome.Refusal?.Status));
    }

    [Fact]
    public async Task A_body_that_names_a_property_twice_is_refused_instead_of_one_being_chosen()
    {
        await using var clinic = await TestClinic.OpenAsync();
        using var body = new StringContent("""{"name":"Blue room","name":"Red room"}""", System.Text.Encoding.UTF8, "application/json");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/locations") { Content = body };
        request.Headers.Add("Idempotency-Key", "twice");

        using var answer = await clinic.As(ClinicRole.Admin).SendAsync(request);

        Assert.Equal(400, (int)answer.StatusCode);
        Assert.Equal(0, await clinic.OneAsync<long>("select count(*) from location"));
    }

    [Fact]
    public async Task AUD_1_An_answer_given_again_is_a_reading_of_the_same_patients_and_the_log_says_so()
    {
        await using var desk = await Scheduling.SchedulingDesk.OpenAsync();
        var patient = await desk.AdmitAsync("Wilma", "Repeats");
        async Task<string> SearchAsync()
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/patients/search") { Content = System.Net.Http.Json.JsonContent.Create(new { text = "Repeats" }) };
            request.Headers.Add("Idempotency-Key", "again");
            using var answer = await desk.Clinic.As(ClinicRole.FrontDesk).SendAsync(request);
            return await answer.Content.ReadAsStringAsync();
        }

        var first = await SearchAsync();
        Assert.Contains("Wilma", first, StringComparison.Ordinal);
        Assert.Equal(first, await SearchAsync());

        Assert.Equal(["patient.searched", "answer.repeated"], await desk.Clinic.RowsAsync<string>(
            "select action from audit_event where outcome = 'done' and patient_ids @> array[@patient] and action in ('patient.searched', 'answer.repeated') order by id", new { patient = patient.Value }));
    }

    [Fact]
    public async Task Nobody_we_ask_can_lead_us_elsewhere()
    {
        await using var clinic = await TestClinic.OpenAsync(isOnTheNet: true);
        using var client = clinic.The<IHttpClientFactory>().CreateClient();

        using var answer = await client.GetAsync(new Uri(clinic.Address + "/day"));   // which leads a stranger to the door

        Assert.Equal(303, (int)answer.StatusCode);
    }

    [Fact]
    public async Task Health_and_readiness_answer_what_is_true()
    {
        await using var clinic = await TestClinic.OpenAsync();
        Assert.Equal(200, (int)(await clinic.Anonymous().GetAsync(new Uri("/healthz", UriKind.Relative))).StatusCode);
        Assert.Equal("""{"status":"ready","database":true,"migrations":true,"keys":true,"clock":false,"sealing":true}""", await clinic.Anonymous().GetStringAsync(new Uri("/readyz", UriKind.Relative)));   // a test's clock is not the database's
    }

    [Theory]
    [InlineData(0, true), InlineData(-60, false), InlineData(60, false), InlineData(8 * 3600, false), InlineData(-3600, false)]   // the bound is two seconds; a busy machine takes some to answer
    public async Task Readiness_says_when_the_clocks_of_program_and_database_are_apart(int seconds, bool isTogether)
    {
        await using var clinic = await TestClinic.OpenAsync();
        clinic.Clock.AdjustTime(await clinic.OneAsync<DateTimeOffset>("select clock_timestamp()") + TimeSpan.FromSeconds(seconds));
        var ready = System.Text.Json.Nodes.JsonNode.Parse(await clinic.Anonymous().GetStringAsync(new Uri("/readyz", UriKind.Relative)))!;
        Assert.Equal(("ready", isTogether), ((string)ready["status"]!, (bool)ready["clock"]!));
    }
}
