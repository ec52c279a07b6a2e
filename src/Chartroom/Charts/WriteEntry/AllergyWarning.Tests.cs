using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Chartroom.Patients;
using Chartroom.Platform.Tenancy;

namespace Chartroom.Charts;

public sealed class AllergyWarningTests
{
    [Fact]
    public async Task A_drug_that_an_allergy_speaks_against_is_written_by_page_and_api_only_with_a_reason_which_is_kept()
    {
        await using var clinic = await TestClinic.OpenAsync();
        var (patient, api) = (await AdmitAsync(clinic), clinic.As(ClinicRole.Provider));
        await AddAsync(api, patient, Allergy("Penicillin"));

        var warned = await AddAsync(api, patient, Medication("Amoxil 500 mg"));
        var blank = await AddAsync(api, patient, Medication("Amoxil 500 mg"), "  ");
        var forged = await AddAsync(api, patient, """{"kind":"medication","code":{"text":"Amoxil 500 mg"},"status":"active","accepted":[{"warning":"x","reason":"y"}]}""");
        var page = await PostAsync(api, $"/patients/{patient}/chart/new/medication", ("words", "Amoxil 500 mg"), ("status", "Active"));

        Assert.Equal([409, 409, 409, 409], new[] { warned, blank, forged, page }.Select(answer => (int)answer.StatusCode));
        var problem = await warned.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(("/problems/charts.allergy-warning", "class"), (problem.GetProperty("type").GetString(), problem.GetProperty("matches")[0].GetString()));
        Assert.Contains("same class, penicillins", await page.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(0, await clinic.OneAsync<long>("select count(*) from entry where kind = 'medication'"));
        Assert.Equal(0, await clinic.OneAsync<long>("select count(*) from audit_event where action = 'allergy_warning.overridden' and outcome = 'done'"));

        var accepted = await PostAsync(api, $"/patients/{patient}/chart/new/medication", ("words", "Amoxil 500 mg"), ("status", "Active"), ("despite", "Tolerated twice since"));
        var entry = await clinic.OneAsync<Guid>("select id from entry where kind = 'medication'");
        var kept = await api.GetFromJsonAsync<JsonElement>($"/api/v1/patients/{patient}/entries/{entry}");
        Assert.Equal(303, (int)accepted.StatusCode);
        Assert.Equal("Tolerated twice since", kept.GetProperty("content").GetProperty("accepted")[0].GetProperty("reason").GetString());
        Assert.Equal(1, await clinic.OneAsync<long>("select count(*) from audit_event where action = 'allergy_warning.overridden' and resource_id = @entry", new { entry }));

        // Amending the dose does not warn again, keeps the reason whatever the sender says, and stopping it needs none.
        var amended = await PutAsync(api, $"/api/v1/patients/{patient}/entries/{entry}", 1, Medication("Amoxil 500 mg", ""","dosages":[{"text":"1 a day"}]"""));
        var stopped = await PutAsync(api, $"/api/v1/patients/{patient}/entries/{entry}", 2, Medication("Amoxil 500 mg").Replace("active", "stopped", StringComparison.Ordinal));
        var again = await PutAsync(api, $"/api/v1/patients/{patient}/entries/{entry}", 3, Medication("Amoxil 500 mg"));
        Assert.Equal([200, 200, 409], new[] { amended, stopped, again }.Select(answer => (int)answer.StatusCode));
        Assert.Single((await amended.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("content").GetProperty("accepted").EnumerateArray());
    }

    [Fact]
    public async Task An_allergy_is_held_against_what_the_patient_takes_and_past_ones_against_nothing()
    {
        await using var clinic = await TestClinic.OpenAsync();
        var (patient, api) = (await AdmitAsync(clinic), clinic.As(ClinicRole.Provider));
        await AddAsync(api, patient, Medication("Ibuprofen 400 mg"));
        await AddAsync(api, patient, Medication("Lisinopril 10 mg").Replace("active", "stopped", StringComparison.Ordinal));

        var warned = await AddAsync(api, patient, Allergy("Aspirin"));
        var written = await AddAsync(api, patient, Allergy("Aspirin"), "Stomach upset only, by the patient's wish");
        var past = await AddAsync(api, patient, Allergy("Lisinopril"));
        var resolved = await AddAsync(api, patient, Allergy("Naproxen").Replace("\"active\"", "\"resolved\"", StringComparison.Ordinal));
        var chart = await api.GetStringAsync($"/patients/{patient}/chart");

        Assert.Equal([409, 201, 201, 201], new[] { warned, written, past, resolved }.Select(answer => (int)answer.StatusCode));
        Assert.Contains("The chart lists an allergy to a drug of the same class, nsaids.", chart, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_put_away_comes_back_only_where_nothing_speaks_against_it_or_somebody_said_why()
    {
        await using var clinic = await TestClinic.OpenAsync();
        var (patient, api) = (await AdmitAsync(clinic), clinic.As(ClinicRole.Provider));
        var plain = (await AddAsync(api, patient, Medication("Amoxil 500 mg"))).Headers.Location!.ToString();
        await DeleteAsync(api, plain);
        await AddAsync(api, patient, Allergy("Penicillin"));
        var accepted = (await AddAsync(api, patient, Medication("Ampicillin 250 mg"), "Tolerated twice since")).Headers.Location!.ToString();
        await DeleteAsync(api, accepted);

        var refused = await api.PostAsync($"{plain}/restore", null);
        var back = await api.PostAsync($"{accepted}/restore", null);

        Assert.Equal([409, 204], new[] { refused, back }.Select(answer => (int)answer.StatusCode));
        Assert.Contains("Write it anew in the chart", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(1, await clinic.OneAsync<long>("select count(*) from entry where kind = 'medication' and deleted_at is not null"));
    }

    [Fact]
    public void Accepted_is_said_of_that_very_warning_only()
    {
        var ibuprofen = Listed(2, new Entry.Medication { Code = new Concept { Text = "Ibuprofen" }, Status = MedicationStatus.Active });
        var amoxil = Listed(2, new Entry.Medication
        {
            Code = new Concept { Text = "Amoxil" }, Status = MedicationStatus.Active, Accepted = [new("The chart lists an allergy to a drug of the same class, penicillins.", "Tolerated")],
        });
        var aspirin = new Entry.Allergy { Code = new Concept { Text = "Aspirin" }, Accepted = [new("A medication on the list is of the same class, nsaids.", "Stomach upset only")] };

        Assert.Equal([true, false], AllergyCheck.Against(amoxil, [Allergic(1, "Penicillin"), Allergic(1, "Amoxicillin")]).Select(it => it.IsAccepted));
        Assert.Equal([true, false, false], AllergyCheck.Against(ibuprofen, [Listed(3, aspirin), Listed(1, aspirin), Allergic(3, "Aspirin")]).Select(it => it.IsAccepted));
    }

    private static ChartEntry Allergic(int id, string words) => Listed(id, new Entry.Allergy { Code = new Concept { Text = words } });

    private static ChartEntry Listed(int id, Entry content) =>
        new() { Id = new(new Guid(id, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)), Version = 1, State = EntryState.Final, RecordedAt = DateTimeOffset.UnixEpoch, Content = content };

    private static async Task DeleteAsync(HttpClient client, string path)
    {
        var request = new HttpRequestMessage(HttpMethod.Delete, path);
        request.Headers.IfMatch.Add(new EntityTagHeaderValue("\"1\""));
        Assert.Equal(204, (int)(await client.SendAsync(request)).StatusCode);
    }

    [Fact]
    public async Task Of_an_allergy_and_its_drug_written_at_once_one_is_warned_of()
    {
        await using var clinic = await TestClinic.OpenAsync();
        var api = clinic.As(ClinicRole.Provider);
        for (var round = 0; round < 25; round++)
        {
            var patient = await AdmitAsync(clinic);
            var answers = await Task.WhenAll(AddAsync(api, patient, Allergy("Codeine")), AddAsync(api, patient, Medication("Oxycodone 5 mg")));
            Assert.Equal([201, 409], answers.Select(answer => (int)answer.StatusCode).Order());
        }
    }

    private static string Allergy(string words) => $$"""{"kind":"allergy","code":{"text":"{{words}}"},"status":"active"}""";

    private static string Medication(string words, string more = "") => $$"""{"kind":"medication","code":{"text":"{{words}}"},"status":"active"{{more}}}""";

    private static async Task<PatientId> AdmitAsync(TestClinic clinic)
    {
        await using var tx = await clinic.The<TenantDb>().BeginAsync(clinic.Actor(ClinicRole.FrontDesk), Permission.EditPatients, default);
        var entered = await PatientRegister.CreateAsync(tx, new Demographics { Names = [new() { Given = ["Jo"], Family = "Lee" }] }, "patient.created", default);
        await tx.CommitAsync(default);
        return entered.Value.Id;
    }

    private static Task<HttpResponseMessage> AddAsync(HttpClient client, PatientId patient, string content, string? despite = null) =>
        client.PostAsync($"/api/v1/patients/{patient}/entries", Body(content, despite));

    private static Task<HttpResponseMessage> PutAsync(HttpClient client, string path, int version, string content)
    {
        var request = new HttpRequestMessage(HttpMethod.Put, path) { Content = Body(content, null) };
        request.Headers.IfMatch.Add(new EntityTagHeaderValue($"\"{version}\""));
        return client.SendAsync(request);
    }

    private static StringContent Body(string content, string? despite) => new($$"""{"content":{{content}}{{(despite is null ? "" : $",\"despite\":\"{despite}\"")}}}""", System.Text.Encoding.UTF8, "application/json");

    private static Task<HttpResponseMessage> PostAsync(HttpClient client, string path, params (string Name, string Value)[] fields) =>
        client.PostAsync(path, new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value))));
}
