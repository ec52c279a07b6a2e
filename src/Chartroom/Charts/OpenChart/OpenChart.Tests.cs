using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Chartroom.Import;

namespace Chartroom.Charts;

public sealed class OpenChartTests
{
    [Fact]
    public async Task The_chart_shows_lists_vitals_visits_and_notes_and_writes_that_it_was_opened()
    {
        await using var clinic = await TestClinic.OpenAsync();
        var patient = await SampleAsync(clinic);

        foreach (var (part, shown) in new[]
                 {
                     ("", "Samplenut"), ("", "Sample cough"), ("", "Samplomycin 10 MG Oral Tablet"), ("", "128 mmHg"), ("/encounters", "Office visit"),
                     ("/results", "5.60 mmol/L"), ("/notes", "Grüße"), ("/history", "Sample cough"),
                 })
        {
            var page = await clinic.As(ClinicRole.Provider).GetAsync($"/patients/{patient}/chart{part}");
            Assert.Equal(HttpStatusCode.OK, page.StatusCode);
            Assert.Contains(shown, await page.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
        Assert.Equal(8, await clinic.OneAsync<long>("select count(*) from audit_event where action = 'chart.opened' and patient_ids = array[@patient]", new { patient }));
    }

    [Theory]
    [InlineData("/patients/{0}/chart"), InlineData("/patients/{0}/chart/results"), InlineData("/api/v1/patients/{0}/chart"), InlineData("/api/v1/patients/{0}/entries")]
    [InlineData("/patients/{0}/chart/new/problem")]
    public async Task TEN_3_The_front_desk_opens_no_chart(string path)
    {
        await using var clinic = await TestClinic.OpenAsync();
        var patient = await SampleAsync(clinic);

        var answer = await clinic.As(ClinicRole.FrontDesk).GetAsync(string.Format(null, path, patient));

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.DoesNotContain("Samplenut", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_clinics_patient_is_not_there()
    {
        await using var ours = await TestClinic.OpenAsync();
        await using var theirs = await TestClinic.OpenAsync();
        var patient = await SampleAsync(theirs);

        Assert.Equal(HttpStatusCode.NotFound, (await ours.As(ClinicRole.Provider).GetAsync($"/patients/{patient}/chart")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await ours.As(ClinicRole.Provider).GetAsync($"/api/v1/patients/{patient}/chart")).StatusCode);
    }

    [Fact]
    public async Task The_api_gives_the_chart_at_a_glance_and_its_entries_page_by_page()
    {
        await using var clinic = await TestClinic.OpenAsync();
        var (patient, api) = (await SampleAsync(clinic), clinic.As(ClinicRole.Provider));

        var chart = await api.GetFromJsonAsync<JsonElement>($"/api/v1/patients/{patient}/chart");
        var (kinds, after) = (new List<string?>(), "");
        do
        {
            var page = await api.GetFromJsonAsync<JsonElement>($"/api/v1/patients/{patient}/entries?limit=3{after}");
            kinds.AddRange(page.GetProperty("entries").EnumerateArray().Select(entry => entry.GetProperty("content").GetProperty("kind").GetString()));
            after = page.TryGetProperty("next", out var next) ? $"&after={next.GetString()}" : "";
        }
        while (after.Length > 0);

        Assert.Equal((1, 1, 1), (chart.GetProperty("problems").GetArrayLength(), chart.GetProperty("allergies").GetArrayLength(), chart.GetProperty("medications").GetArrayLength()));
        Assert.Equal(["allergy", "document", "encounter", "medication", "problem", "report", "result", "vital"], kinds.Order(StringComparer.Ordinal));
        Assert.Equal(HttpStatusCode.BadRequest, (await api.GetAsync($"/api/v1/patients/{patient}/entries?limit=201")).StatusCode);
    }

    [Fact]
    public async Task A_problem_is_added_and_amended_by_version_and_every_version_stays_readable()
    {
        await using var clinic = await TestClinic.OpenAsync();
        var (patient, api) = (await SampleAsync(clinic), clinic.As(ClinicRole.Provider));

        var added = await api.PostAsync($"/api/v1/patients/{patient}/entries", Body("""{"content":{"kind":"problem","code":{"text":"Asthma"},"status":"active","onset":"2019-03"}}"""));
        var first = await SendAsync(api, added.Headers.Location!.ToString(), "\"1\"", """{"content":{"kind":"problem","code":{"text":"Asthma, mild"},"status":"active"}}""");
        var stale = await SendAsync(api, added.Headers.Location.ToString(), "\"1\"", """{"content":{"kind":"problem","code":{"text":"Asthma, severe"},"status":"active"}}""");
        var blind = await SendAsync(api, added.Headers.Location.ToString(), null, """{"content":{"kind":"problem","code":{"text":"Asthma"}}}""");
        var other = await SendAsync(api, added.Headers.Location.ToString(), "\"2\"", """{"content":{"kind":"allergy","code":{"text":"Asthma"}}}""");

        Assert.Equal((HttpStatusCode.Created, "\"1\""), (added.StatusCode, added.Headers.ETag?.Tag));
        Assert.Equal((HttpStatusCode.OK, "\"2\""), (first.StatusCode, first.Headers.ETag?.Tag));
        Assert.Equal(("/problems/charts.stale-entry", 2), await ProblemAsync(stale, "currentVersion"));
        Assert.Equal((HttpStatusCode)428, blind.StatusCode);
        Assert.Equal("/problems/charts.other-kind", (await ProblemAsync(other)).Type);
        var versions = (await api.GetFromJsonAsync<JsonElement>($"{added.Headers.Location}/versions")).GetProperty("versions").EnumerateArray();
        Assert.Equal(["Asthma, mild", "Asthma"], versions.Select(version => version.GetProperty("content").GetProperty("code").GetProperty("text").GetString()));
    }

    [Theory]
    [InlineData("""{"content":{"kind":"note","title":"x","written":"2024-01-01"}}""", 422, "charts.kind-not-written-here")]
    [InlineData("""{"content":{"kind":"problem","code":{"text":" "}}}""", 422, "charts.invalid-entry")]
    [InlineData("""{"content":{"kind":"problem","code":{"text":"x"},"onset":"2020","abated":"2019"}}""", 422, "charts.invalid-entry")]
    [InlineData("""{"content":{"kind":"problem","code":{"text":"x"},"onset":"2020-02-30"}}""", 400, "charts.unreadable-entry")]
    [InlineData("""{"content":{"kind":"surgery"}}""", 400, "charts.unreadable-entry")]
    [InlineData("""{"content":null}""", 400, "charts.unreadable-entry")]
    [InlineData("""{"content":{"kind":"problem","code":{"text":"x"}},"encounterId":"019a0000-0000-7000-8000-000000000000"}""", 422, "charts.no-such-encounter")]
    [InlineData("nonsense", 400, "charts.unreadable-entry")]
    public async Task What_can_not_stand_in_a_chart_is_refused_and_leaves_no_entry(string body, int status, string code)
    {
        await using var clinic = await TestClinic.OpenAsync();
        var patient = await SampleAsync(clinic);

        var answer = await clinic.As(ClinicRole.Provider).PostAsync($"/api/v1/patients/{patient}/entries", Body(body));

        Assert.Equal((status, $"/problems/{code}"), ((int)answer.StatusCode, (await ProblemAsync(answer)).Type));
        Assert.Equal(8, await clinic.OneAsync<long>("select count(*) from entry"));
    }

    [Fact]
    public async Task Vitals_are_taken_at_a_form_and_one_of_them_is_corrected()
    {
        await using var clinic = await TestClinic.OpenAsync(now: "2026-03-02T15:00:00Z");
        var (patient, desk) = (await SampleAsync(clinic), clinic.As(ClinicRole.Provider));

        var saved = await PostAsync(desk, $"/patients/{patient}/chart/new/vital", ("day", "2026-03-02"), ("at", "09:30"), ("systolic", "131"), ("diastolic", "84"), ("temperature", "37.2"));
        var impossible = await PostAsync(desk, $"/patients/{patient}/chart/new/vital", ("day", "2026-03-02"), ("at", "09:30"), ("temperature", "60"));   // neither scale knows it
        var skipped = await PostAsync(desk, $"/patients/{patient}/chart/new/vital", ("day", "2026-03-08"), ("at", "02:30"), ("weight", "70"));
        var half = await PostAsync(desk, $"/patients/{patient}/chart/new/vital", ("day", "2026-03-02"), ("at", "09:30"), ("systolic", "131"));

        Assert.Equal([303, 422, 422, 422], new[] { saved, impossible, skipped, half }.Select(answer => (int)answer.StatusCode));
        Assert.Contains("Check the figure and its unit", await impossible.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(2, await clinic.OneAsync<long>("select count(*) from entry where author_id is not null and effective_at = '2026-03-02T14:30:00Z'"));

        var id = await clinic.OneAsync<Guid>("select id from entry where author_id is not null order by length(content) desc limit 1");   // the pressure: two figures
        var corrected = await PostAsync(desk, $"/patients/{patient}/entries/{id}/vital", ("version", "1"), ("day", "2026-03-02"), ("at", "09:30"), ("systolic", "121"), ("diastolic", "84"));
        var stale = await PostAsync(desk, $"/patients/{patient}/entries/{id}/vital", ("version", "1"), ("day", "2026-03-02"), ("at", "09:30"), ("systolic", "111"), ("diastolic", "84"));
        var page = await (await desk.GetAsync($"/patients/{patient}/entries/{id}")).Content.ReadAsStringAsync();

        Assert.Equal((303, 412), ((int)corrected.StatusCode, (int)stale.StatusCode));
        Assert.Contains("121 / 84 mmHg", page, StringComparison.Ordinal);
        Assert.Contains("131 / 84 mmHg", page, StringComparison.Ordinal);   // what it said before
    }

    [SharedDataFact]
    public async Task CHT_1_The_largest_chart_of_the_set_opens_whole_and_small_enough_for_a_browser()
    {
        await using var clinic = await TestClinic.OpenAsync();
        var largest = SharedData.Files("clinical/synthea-r4/dev", "*.json.gz").MaxBy(file => new FileInfo(file).Length)!;
        await using var stream = File.OpenRead(largest);
        var report = await clinic.The<ImportFileHandler>().HandleAsync(stream, null, clinic.Actor(ClinicRole.Provider), CancellationToken.None);
        var path = $"/patients/{report.Value.Patients[0].Id}/chart";

        var page = await clinic.As(ClinicRole.Provider).GetStringAsync(path);

        Assert.InRange(Encoding.UTF8.GetByteCount(page), 10_000, 400_000);
    }

    [Fact]
    public async Task C8_A_long_chart_shows_the_newest_says_how_many_there_are_and_gives_the_older_ones_when_asked()
    {
        await using var clinic = await TestClinic.OpenAsync();
        var (patient, desk) = (await SampleAsync(clinic), clinic.As(ClinicRole.Provider));
        await using (var tx = await clinic.The<Platform.Tenancy.TenantDb>().BeginAsync(clinic.Actor(ClinicRole.Provider), Permission.EditCharts, default))
        {
            var key = (await tx.OpenPatientAsync(patient, new("entry.added", "patient", patient.Value), default))!;
            foreach (var number in Enumerable.Range(1, 120))
            {
                var (visit, when) = (EntryId.New(), PartialTime.Of(new DateOnly(2025, 1, 1).AddDays(number)));
                ChartBook.Add(tx, key, new(visit, patient, new Entry.Encounter { Status = EncounterStatus.Finished, Types = [new() { Text = $"Visit-{number}." }], Start = when }));
                ChartBook.Add(tx, key, new(EntryId.New(), patient, new Entry.Note { Title = $"Note-{number}.", Written = when }) { Encounter = visit });
            }
            await tx.CommitAsync(default);
        }

        foreach (var (part, word) in new[] { ("encounters", "Visit-"), ("notes", "Note-") })
        {
            var page = await desk.GetStringAsync($"/patients/{patient}/chart/{part}");
            var all = await desk.GetStringAsync($"/patients/{patient}/chart/{part}?show=250");
            Assert.Contains($"{word}120.", page, StringComparison.Ordinal);
            Assert.Contains($"{word}71.", page, StringComparison.Ordinal);
            Assert.DoesNotContain($"{word}70.", page, StringComparison.Ordinal);
            Assert.Contains($"chart/{part}?show=250#from-51", page, StringComparison.Ordinal);
            Assert.Contains("The newest 50 of 12", page, StringComparison.Ordinal);   // with those of the sample
            Assert.Equal(1, System.Text.RegularExpressions.Regex.Count(all, "id=\"from-51\""));
            Assert.Contains($"{word}1.", all, StringComparison.Ordinal);
            Assert.DoesNotContain("Show older", all, StringComparison.Ordinal);
        }
        var summary = await desk.GetStringAsync($"/patients/{patient}/chart");
        Assert.Contains("Visit-116.", summary, StringComparison.Ordinal);
        Assert.DoesNotContain("Visit-115.", summary, StringComparison.Ordinal);
        Assert.Contains("Samplomycin", summary, StringComparison.Ordinal);
    }

    private static async Task<PatientId> SampleAsync(TestClinic clinic)
    {
        await clinic.RowsAsync<int>("insert into staff (id, display_name, role) values (@person, 'Test Provider', 'provider') on conflict do nothing",
            new { clinic.Actor(ClinicRole.Provider).Person });
        var report = await clinic.The<ImportFileHandler>().HandleAsync(new MemoryStream(Sample.Bundle(Sample.Visit)), null, clinic.Actor(ClinicRole.Provider), CancellationToken.None);
        return report.Value.Patients.Single().Id;
    }

    private static Task<HttpResponseMessage> PostAsync(HttpClient client, string path, params (string Name, string Value)[] fields) =>
        client.PostAsync(path, new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value))));

    private static async Task<HttpResponseMessage> SendAsync(HttpClient client, string path, string? ifMatch, string body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, path) { Content = Body(body) };
        if (ifMatch is not null) request.Headers.IfMatch.Add(new EntityTagHeaderValue(ifMatch));
        return await client.SendAsync(request);
    }

    private static StringContent Body(string json) => new(json, Encoding.UTF8, "application/json");

    private static async Task<(string? Type, int Fact)> ProblemAsync(HttpResponseMessage answer, string? fact = null)
    {
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
        return (problem.GetProperty("type").GetString(), fact is null ? 0 : problem.GetProperty(fact).GetInt32());
    }
}
