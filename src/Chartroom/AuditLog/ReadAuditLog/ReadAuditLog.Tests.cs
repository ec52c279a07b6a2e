using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Chartroom.AuditLog;

public sealed class ReadAuditLogTests
{
    [Theory]
    [InlineData(ClinicRole.FrontDesk), InlineData(ClinicRole.Provider)]
    public async Task Only_admins_read_the_log(ClinicRole role)
    {
        await using var clinic = await TestClinic.OpenAsync();

        foreach (var path in new[] { "/audit", "/api/v1/audit-events" })
            Assert.Equal(HttpStatusCode.Forbidden, (await clinic.As(role).GetAsync(path)).StatusCode);
    }

    [Fact]
    public async Task AUD_5_Who_saw_this_patient_is_one_filter_and_reading_the_log_is_itself_in_it()
    {
        await using var clinic = await TestClinic.OpenAsync();
        var (one, other) = (await EnterAsync(clinic, "Emma", "Stone"), await EnterAsync(clinic, "Omar", "Haddad"));
        await clinic.As(ClinicRole.Provider).GetAsync($"/api/v1/patients/{one}");
        await clinic.As(ClinicRole.FrontDesk).GetAsync($"/api/v1/patients/{other}");
        var admin = clinic.As(ClinicRole.Admin);

        var events = await EventsAsync(admin, $"?patient={one}");

        Assert.Equal(["patient.read provider", "patient.created front_desk"], events.Select(it => $"{it.GetProperty("action").GetString()} {it.GetProperty("role").GetString()}"));
        Assert.Equal("audit.read", (await EventsAsync(admin, $"?patient={one}"))[0].GetProperty("action").GetString());
        var page = await admin.GetStringAsync($"/audit?patient={one}");
        Assert.Contains("Emma Stone", page, StringComparison.Ordinal);
        Assert.DoesNotContain("Omar", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AUD_1_Names_that_the_page_opens_are_named_in_its_own_event()
    {
        await using var clinic = await TestClinic.OpenAsync();
        var (one, other) = (await EnterAsync(clinic, "Emma", "Stone"), await EnterAsync(clinic, "Omar", "Haddad"));

        var page = await clinic.As(ClinicRole.Admin).GetStringAsync("/audit");

        Assert.Contains("Emma Stone", page, StringComparison.Ordinal);
        var named = await clinic.OneAsync<Guid[]>("select patient_ids from audit_event where action = 'audit.read'");
        Assert.Equal(new[] { one, other }.Order(), named.Order());
    }

    [Fact]
    public async Task Filters_narrow_by_person_action_kind_and_day_of_the_clinic()
    {
        await using var clinic = await TestClinic.OpenAsync(now: "2026-03-03T04:59:00Z");   // 2 March, one minute before midnight in New York
        var id = await EnterAsync(clinic, "Emma", "Stone");
        clinic.Clock.Advance(TimeSpan.FromMinutes(2));                                      // 3 March there
        await clinic.As(ClinicRole.Provider).GetAsync($"/api/v1/patients/{id}");
        var admin = clinic.As(ClinicRole.Admin);

        Assert.Equal(["patient.created"], await ActionsAsync(admin, "?to=2026-03-02"));
        Assert.Equal(["patient.read"], await ActionsAsync(admin, $"?from=2026-03-03&person={clinic.Actor(ClinicRole.Provider).Person}"));
        Assert.Equal(["patient.created"], await ActionsAsync(admin, "?action=patient.created"));
        Assert.Equal(["patient.read", "patient.created"], await ActionsAsync(admin, "?action=patient."));
        Assert.Equal(HttpStatusCode.BadRequest, (await admin.GetAsync("/api/v1/audit-events?from=2026-02-30")).StatusCode);
    }

    [Fact]
    public async Task What_was_refused_can_be_read_apart_from_what_was_done()
    {
        await using var clinic = await TestClinic.OpenAsync();
        var id = await EnterAsync(clinic, "Emma", "Stone");
        await clinic.As(ClinicRole.Provider).GetAsync($"/api/v1/patients/{id}");
        using var stale = new HttpRequestMessage(HttpMethod.Put, $"/api/v1/patients/{id}")
        {
            Content = JsonContent.Create(new { patient = new { name = new { given = "Emma", family = "Stone" }, birthDate = "1990-05-06" } }),
            Headers = { { "If-Match", "\"7\"" } },
        };
        await clinic.As(ClinicRole.FrontDesk).SendAsync(stale);
        var admin = clinic.As(ClinicRole.Admin);

        foreach (var whose in new[] { "", $"&patient={id}" })
        {
            Assert.Equal(["patient.changed"], await ActionsAsync(admin, "?outcome=refused" + whose));
            Assert.Equal(["patient.read", "patient.created"], await ActionsAsync(admin, "?outcome=done" + whose));
        }
        Assert.Equal(HttpStatusCode.BadRequest, (await admin.GetAsync("/api/v1/audit-events?outcome=maybe")).StatusCode);
        var page = await admin.GetStringAsync("/audit?outcome=refused&person=");
        Assert.DoesNotContain("Done", page[page.IndexOf("<table", StringComparison.Ordinal)..], StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_patient_is_picked_by_a_search_that_leaves_no_name_in_an_address_and_keeps_the_other_filters()
    {
        await using var clinic = await TestClinic.OpenAsync();
        var id = await EnterAsync(clinic, "Emma", "Stone");
        var browser = new TestBrowser(clinic.As(ClinicRole.Admin));
        var page = await browser.OpenAsync("/audit?outcome=done&action=patient.");

        var to = page.Hidden("to");
        Assert.Equal("/audit?action=patient.&outcome=done", to);
        var hits = await browser.PostAsync("/patients/search", ("text", "stone em"), ("to", to));
        Assert.Contains($"href=\"/audit?action=patient.&amp;outcome=done&amp;patient={id}\"", hits.Html, StringComparison.Ordinal);
        Assert.Contains($"href=\"/patients/{id}\"", (await browser.PostAsync("/patients/search", ("text", "stone em"), ("to", "//elsewhere.example/"))).Html, StringComparison.Ordinal);

        var seen = await browser.OpenAsync($"{to}&patient={id}");
        Assert.Contains("Emma Stone", seen.Html, StringComparison.Ordinal);
        Assert.Equal(id.ToString(), seen.Hidden("patient"));   // the next filter keeps the patient
        Assert.Contains($"/audit?patient={id}", (await browser.OpenAsync($"/patients/{id}")).Html, StringComparison.Ordinal);
        Assert.DoesNotContain("/audit?patient=", await clinic.As(ClinicRole.FrontDesk).GetStringAsync($"/patients/{id}"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_log_goes_on_where_it_stopped_while_new_events_arrive()
    {
        await using var clinic = await TestClinic.OpenAsync();
        for (var i = 0; i < 5; i++) await EnterAsync(clinic, $"P{(char)('a' + i)}", "X");   // all at one instant of the test's clock
        var admin = clinic.As(ClinicRole.Admin);

        var (seen, before) = (new List<Guid>(), (string?)"");
        while (before is not null)
        {
            var part = JsonDocument.Parse(await admin.GetStringAsync($"/api/v1/audit-events?limit=2&action=patient.created&before={before}")).RootElement;
            seen.AddRange(part.GetProperty("events").EnumerateArray().Select(it => it.GetProperty("id").GetGuid()));
            before = part.TryGetProperty("next", out var next) ? next.GetString() : null;
            if (seen.Count == 2) await EnterAsync(clinic, "Late", "X");
        }

        Assert.Equal(5, seen.Distinct().Count());
        Assert.Equal(5, seen.Count);
    }

    [Fact]
    public async Task AUD_2_What_happened_to_accounts_stands_beside_it_and_another_clinics_events_do_not()
    {
        await using var ours = await TestClinic.OpenAsync();
        await using var theirs = await TestClinic.OpenAsync();
        foreach (var clinic in new[] { ours, theirs })
        {
            await using var tx = await clinic.The<Platform.Tenancy.PlatformDb>().BeginAsync(Origin.Job(), default);
            tx.Audit(new("session.started", "session"), clinic.Actor(ClinicRole.Admin).Person, clinic.Id);
            await tx.CommitAsync(default);
        }

        Assert.Equal(["session.started"], await ActionsAsync(ours.As(ClinicRole.Admin), ""));
    }

    private static async Task<Guid> EnterAsync(TestClinic clinic, string given, string family)
    {
        var entered = await clinic.As(ClinicRole.FrontDesk).PostAsJsonAsync("/api/v1/patients",
            new { patient = new { name = new { given, family }, birthDate = "1990-05-06" }, confirmed = true });
        return JsonDocument.Parse(await entered.Content.ReadAsStringAsync()).RootElement.GetProperty("id").GetGuid();
    }

    private static async Task<List<JsonElement>> EventsAsync(HttpClient client, string query) =>
        [.. JsonDocument.Parse(await client.GetStringAsync("/api/v1/audit-events" + query)).RootElement.GetProperty("events").EnumerateArray()];

    private static async Task<IEnumerable<string?>> ActionsAsync(HttpClient client, string query) =>
        (await EventsAsync(client, query)).Select(it => it.GetProperty("action").GetString()).Where(it => it != "audit.read");
}
