using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Chartroom.Patients;

public sealed class EditPatientTests
{
    private static readonly object Emma = new
    {
        patient = new { name = new { given = "Emma", middle = "Rose", family = "Stone" }, birthDate = "1990-05-06", sex = "female", contact = new { mobile = "+13035550123" } },
    };

    [Fact]
    public async Task A_patient_is_read_with_a_version_and_changed_with_it_and_found_by_the_new_name_only()
    {
        await using var clinic = await TestClinic.OpenAsync();
        var (desk, id) = await WithEmmaAsync(clinic);

        var changed = await PutAsync(desk, id, "\"1\"", family: "Stoner", mobile: "(303) 555-0177");

        Assert.Equal((HttpStatusCode.OK, "\"2\""), (changed.StatusCode, changed.Headers.ETag?.Tag));
        var read = await desk.GetAsync($"/api/v1/patients/{id}");
        Assert.Equal("\"2\"", read.Headers.ETag?.Tag);
        var body = await JsonAsync(read);
        Assert.Equal("Emma Rose Stoner|(303) 555-0177|35", $"{body.GetProperty("patient").GetProperty("name")}|{body.GetProperty("patient").GetProperty("phone")}|{body.GetProperty("patient").GetProperty("age")}");
        Assert.Equal((0, 1), (await HitsAsync(desk, "0123"), await HitsAsync(desk, "stoner 0177")));
        Assert.Equal([1], await clinic.RowsAsync<int>("select version from patient_version"));
        Assert.Equal(["patient.created", "patient.changed", "patient.read"], (await clinic.RowsAsync<string>("""
            select distinct on (action) action from (select action, at, id from audit_event where action <> 'patient.searched') as event order by action
            """)).OrderBy(it => Array.IndexOf(["patient.created", "patient.changed", "patient.read"], it)));
    }

    [Fact]
    public async Task A_stale_change_is_refused_with_412_told_what_changed_and_changes_nothing()
    {
        await using var clinic = await TestClinic.OpenAsync();
        var (desk, id) = await WithEmmaAsync(clinic);
        await PutAsync(desk, id, "\"1\"", family: "Stone", mobile: "(303) 555-0177");

        var stale = await PutAsync(desk, id, "\"1\"", family: "Stoner", mobile: "(303) 555-0123");

        var problem = await JsonAsync(stale);
        Assert.Equal((HttpStatusCode.PreconditionFailed, "platform.stale-version", 2), (stale.StatusCode, problem.GetProperty("code").GetString(), problem.GetProperty("currentVersion").GetInt32()));
        Assert.Equal(["contact.mobile"], problem.GetProperty("changed").EnumerateArray().Select(it => it.GetString()));
        Assert.Equal((2, 1), await clinic.OneAsync<(int, int)>("select version, (select count(*)::int from patient_version) from patient"));
        Assert.Equal("refused", (await clinic.RowsAsync<string>("select outcome from audit_event where action = 'patient.changed' order by at, id"))[^1]);
    }

    [Fact]
    public async Task Six_desks_change_one_version_at_once_and_one_wins()
    {
        await using var clinic = await TestClinic.OpenAsync();
        var (desk, id) = await WithEmmaAsync(clinic);

        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => PutAsync(desk, id, "\"1\"", family: $"Stone{(char)('a' + i)}", mobile: null)));

        Assert.Equal((1, 5), (answers.Count(it => it.StatusCode == HttpStatusCode.OK), answers.Count(it => it.StatusCode == HttpStatusCode.PreconditionFailed)));
        Assert.Equal((2, 1), await clinic.OneAsync<(int, int)>("select version, (select count(*)::int from patient_version) from patient"));
    }

    [Theory]
    [InlineData(null, 428), InlineData("W/\"1\"", 412), InlineData("\"7\"", 412), InlineData("*", 412)]
    public async Task A_change_must_name_the_version_it_was_made_from(string? ifMatch, int status)
    {
        await using var clinic = await TestClinic.OpenAsync();
        var (desk, id) = await WithEmmaAsync(clinic);

        Assert.Equal(status, (int)(await PutAsync(desk, id, ifMatch, family: "Stoner", mobile: null)).StatusCode);
        Assert.Equal(1, await clinic.OneAsync<int>("select version from patient"));
    }

    [Fact]
    public async Task TEN_2_Another_clinics_patient_answers_the_same_as_one_that_never_was()
    {
        await using var ours = await TestClinic.OpenAsync();
        await using var theirs = await TestClinic.OpenAsync();
        var (_, id) = await WithEmmaAsync(theirs);
        var desk = ours.As(ClinicRole.Admin);

        foreach (var door in new[] { "/api/v1/patients/", "/patients/" })
        {
            var (foreign, unknown) = (await desk.GetAsync($"{door}{id}"), await desk.GetAsync($"{door}{Guid.CreateVersion7()}"));
            Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.NotFound), (foreign.StatusCode, unknown.StatusCode));
        }
        var (one, other) = (await JsonAsync(await desk.GetAsync($"/api/v1/patients/{id}")), await JsonAsync(await desk.GetAsync($"/api/v1/patients/{Guid.CreateVersion7()}")));
        Assert.Equal((one.GetProperty("code").GetString(), one.GetProperty("title").GetString()), (other.GetProperty("code").GetString(), other.GetProperty("title").GetString()));
        Assert.Equal(HttpStatusCode.NotFound, (await PutAsync(desk, id, "\"1\"", "X", null)).StatusCode);
        Assert.DoesNotContain(id, (await ours.RowsAsync<Guid[]>("select patient_ids from audit_event where outcome = 'done'")).SelectMany(it => it));
    }

    [Fact]
    public async Task What_the_form_does_not_speak_of_survives_a_change()
    {
        await using var clinic = await TestClinic.OpenAsync();
        var imported = new Demographics
        {
            Names = [new() { Use = NameUse.Official, Given = ["Ana"], Family = "Ruiz" }, new() { Use = NameUse.Maiden, Given = ["Ana"], Family = "Vega" }],
            BirthDate = PartialTime.TryParse("1980", out var year) ? year : null,   // the other system knew the year only
            Telecoms = [new() { System = ContactSystem.Phone, Value = "12-34", Use = ContactUse.Home }, new() { System = ContactSystem.Url, Value = "https://example.org" }],
            Coverages = [new() { Payer = "First" }, new() { Payer = "Second" }],
            Identifiers = [new("urn:x", "9", PatientIdentifier.MedicalRecord)],
            Races = ["2106-3"],
        };
        var same = DetailsOnto.Of(imported);

        var kept = DetailsOnto.Apply(DetailsRules.Check(same, new(2026, 3, 2), same).Value, imported);

        Assert.Equal(JsonSerializer.Serialize(imported), JsonSerializer.Serialize(kept));
        var renamed = DetailsOnto.Apply(DetailsRules.Check(same with { Name = same.Name! with { Family = "Ruíz" } }, new(2026, 3, 2), same).Value, imported);
        Assert.Equal(["Ana Ruíz", "Ana Vega"], renamed.Names.Select(it => it.Full));
        Assert.Equal(("1980", 2, 2, 1), (renamed.BirthDate?.Text, renamed.Coverages.Count, renamed.Telecoms.Count, renamed.Identifiers.Count));
    }

    [Fact]
    public async Task A_form_that_comes_back_stale_shows_what_changed_takes_it_over_and_keeps_what_was_typed()
    {
        await using var clinic = await TestClinic.OpenAsync();
        var (desk, id) = await WithEmmaAsync(clinic);
        await PutAsync(desk, id, "\"1\"", family: "Stone", mobile: "(303) 555-0177");

        var form = new Dictionary<string, string>
        {
            ["version"] = "1",
            ["idempotency_key"] = "edit-1",
            ["patient.name.given"] = "Emma",
            ["patient.name.middle"] = "Rose",
            ["patient.name.family"] = "Stoner",                 // typed here
            ["patient.birthDate"] = "5/6/1990",
            ["patient.sex"] = "female",
            ["patient.contact.mobile"] = "(303) 555-0123",        // left as it was
        };
        var stale = await desk.PostAsync($"/patients/{id}/edit", new FormUrlEncodedContent(form));
        var page = await stale.Content.ReadAsStringAsync();

        Assert.Equal(HttpStatusCode.PreconditionFailed, stale.StatusCode);
        Assert.Contains("value=\"Stoner\"", page, StringComparison.Ordinal);
        Assert.Contains("<ins>(303) 555-0177</ins>", page, StringComparison.Ordinal);
        Assert.Contains("name=\"patient.contact.mobile\" type=\"tel\" value=\"(303) 555-0177\"", page, StringComparison.Ordinal);
        Assert.Contains("name=\"version\" value=\"2\"", page, StringComparison.Ordinal);
        (form["version"], form["patient.contact.mobile"], form["idempotency_key"]) = ("2", "(303) 555-0177", "edit-2");
        var saved = await desk.PostAsync($"/patients/{id}/edit", new FormUrlEncodedContent(form));
        Assert.Equal((HttpStatusCode.SeeOther, $"/patients/{id}"), (saved.StatusCode, saved.Headers.Location?.ToString()));
        Assert.Equal(1, await HitsAsync(desk, "stoner 0177"));
    }

    [Fact]
    public async Task The_desk_enters_through_the_page_is_shown_the_twin_and_creates_anyway()
    {
        await using var clinic = await TestClinic.OpenAsync();
        var (desk, id) = await WithEmmaAsync(clinic);
        var form = new Dictionary<string, string>
        {
            ["patient.name.given"] = "Ema",
            ["patient.name.family"] = "Stone",
            ["patient.birthDate"] = "5/6/1990",
            ["patient.sex"] = "unknown",
        };

        var warned = await desk.PostAsync("/patients/new", new FormUrlEncodedContent(form));
        var page = await warned.Content.ReadAsStringAsync();

        Assert.Equal(HttpStatusCode.Conflict, warned.StatusCode);
        Assert.Contains($"<a href=\"/patients/{id}\">Emma Rose Stone</a>", page, StringComparison.Ordinal);
        Assert.Contains("value=\"Ema\"", page, StringComparison.Ordinal);
        Assert.Equal([id], await clinic.OneAsync<Guid[]>("select patient_ids from audit_event where action = 'patient.duplicates-shown'"));
        form["confirmed"] = "true";
        var created = await desk.PostAsync("/patients/new", new FormUrlEncodedContent(form));
        Assert.Equal(HttpStatusCode.SeeOther, created.StatusCode);
        Assert.Contains("Ema Stone", await desk.GetStringAsync(created.Headers.Location), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_list_goes_on_where_it_stopped_and_names_whom_it_showed()
    {
        await using var clinic = await TestClinic.OpenAsync();
        var desk = clinic.As(ClinicRole.FrontDesk);
        Assert.Contains("No patients yet", await desk.GetStringAsync("/patients"), StringComparison.Ordinal);
        for (var i = 0; i < 5; i++)
        {
            clinic.Clock.Advance(TimeSpan.FromSeconds(i % 2));   // some of the same instant
            await desk.PostAsJsonAsync("/api/v1/patients", new { patient = new { name = new { given = $"P{(char)('a' + i)}" }, birthDate = $"198{i}-01-01" } });
        }

        var seen = new List<string?>();
        var next = (string?)"";
        while (next is not null)
        {
            var part = await JsonAsync(await desk.GetAsync($"/api/v1/patients?limit=2&after={next}"));
            seen.AddRange(part.GetProperty("patients").EnumerateArray().Select(it => it.GetProperty("name").GetString()));
            next = part.GetProperty("next").GetString();
        }

        Assert.Equal(["Pe", "Pd", "Pc", "Pb", "Pa"], seen);
        Assert.Equal([2, 2, 1], (await clinic.RowsAsync<int>("select cardinality(patient_ids) from audit_event where action = 'patient.listed' order by at, id")).Where(it => it > 0));
    }

    [Fact]
    public async Task The_search_box_gets_links_and_never_an_address_with_a_name_in_it()
    {
        await using var clinic = await TestClinic.OpenAsync();
        var (desk, id) = await WithEmmaAsync(clinic);
        desk.DefaultRequestHeaders.Add("HX-Request", "true");

        var hits = await (await desk.PostAsync("/patients/search", new FormUrlEncodedContent([new("text", "stone")]))).Content.ReadAsStringAsync();

        Assert.StartsWith("<ul class=\"search-hits\">", hits.Trim(), StringComparison.Ordinal);
        Assert.Contains($"href=\"/patients/{id}\"", hits, StringComparison.Ordinal);
        Assert.Contains("May 6, 1990 (35)", hits, StringComparison.Ordinal);
        Assert.False((await desk.GetAsync("/patients/search?text=stone")).IsSuccessStatusCode);
    }

    private static async Task<(HttpClient Desk, Guid Id)> WithEmmaAsync(TestClinic clinic)
    {
        var desk = clinic.As(ClinicRole.FrontDesk);
        var entered = await desk.PostAsJsonAsync("/api/v1/patients", Emma);
        Assert.Equal(HttpStatusCode.Created, entered.StatusCode);
        return (desk, (await JsonAsync(entered)).GetProperty("id").GetGuid());
    }

    private static async Task<HttpResponseMessage> PutAsync(HttpClient client, Guid id, string? ifMatch, string family, string? mobile)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, $"/api/v1/patients/{id}")
        {
            Content = JsonContent.Create(new { patient = new { name = new { given = "Emma", middle = "Rose", family }, birthDate = "1990-05-06", sex = "female", contact = new { mobile } } }),
        };
        if (ifMatch is not null) request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        return await client.SendAsync(request);
    }

    private static async Task<int> HitsAsync(HttpClient client, string text) =>
        (await JsonAsync(await client.PostAsJsonAsync("/api/v1/patients/search", new { text }))).GetProperty("patients").GetArrayLength();

    private static async Task<JsonElement> JsonAsync(HttpResponseMessage answer) => JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
}
