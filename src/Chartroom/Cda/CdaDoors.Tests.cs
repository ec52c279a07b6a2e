using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Chartroom.Charts;
using Chartroom.Import;
using Chartroom.Platform.Tenancy;

namespace Chartroom.Cda;

/// <summary>Clinical documents through the doors: in by the import's, out by the export's, on a real database.</summary>
public sealed class CdaDoorsTests
{
    [SharedDataFact]
    public async Task CHT_6_Every_document_is_taken_or_refused_with_a_code_again_changes_nothing_and_what_goes_out_comes_in_equal()
    {
        await using var clinic = await TestClinic.OpenAsync();
        await using var other = await TestClinic.OpenAsync();
        var files = RoundTripTests.CdaFiles();
        Assert.Equal(26, files.Length);
        var patients = new HashSet<Guid>();
        foreach (var file in files)
        {
            var answer = await SendAsync(clinic, await File.ReadAllBytesAsync(file));
            Assert.True(answer.Status == HttpStatusCode.OK, $"{Path.GetFileName(file)}: {answer.Body}");
            patients.UnionWith(answer.Body.GetProperty("patients").EnumerateArray().Select(patient => patient.GetProperty("id").GetGuid()));
        }
        var before = await StateAsync(clinic);
        foreach (var file in files.Where(file => !file.Contains("Everyman", StringComparison.Ordinal)).TakeLast(4))
            Assert.Equal(0, (await SendAsync(clinic, await File.ReadAllBytesAsync(file))).Body.GetProperty("changes").GetInt32());
        Assert.Equal(before, await StateAsync(clinic));
        foreach (var (number, patient) in patients.Index()) await AssertSameElsewhereAsync(clinic, new(patient), number % 2 == 0 ? "ccd.xml" : "fhir.json", other);
    }

    [SharedDataFact]
    public async Task CHT_6_FHIR_charts_leave_in_either_form_and_come_in_equal()
    {
        await using var clinic = await TestClinic.OpenAsync();
        await using var other = await TestClinic.OpenAsync();
        foreach (var (number, file) in SharedData.Files("clinical/synthea-r4/dev", "*.json.gz").OrderBy(file => new FileInfo(file).Length).Skip(8).Take(2).Index())
        {
            var report = (await SendAsync(clinic, await File.ReadAllBytesAsync(file))).Body;
            await AssertSameElsewhereAsync(clinic, new(report.GetProperty("patients")[0].GetProperty("id").GetGuid()), number == 0 ? "ccd.xml" : "fhir.json", other);
        }
    }

    [Fact]
    public async Task A_document_leaves_for_admins_only_is_in_the_log_and_does_not_come_back_into_its_own_clinic()
    {
        await using var clinic = await TestClinic.OpenAsync();
        var id = (await SendAsync(clinic, CdaSample.Document(CdaSample.Result("<value xsi:type=\"PQ\" value=\"5.60\" unit=\"mmol/L\"/>")))).Body.GetProperty("patients")[0].GetProperty("id").GetGuid();
        var path = $"/api/v1/patients/{id}/exports/ccd.xml";

        var taken = await clinic.As(ClinicRole.Admin).GetAsync(path);
        var document = await taken.Content.ReadAsByteArrayAsync();
        var before = await StateAsync(clinic);

        Assert.Equal(("application/xml", "attachment; filename=ccd-100001-2026-03-02.xml; filename*=UTF-8''ccd-100001-2026-03-02.xml"), (taken.Content.Headers.ContentType?.ToString(), taken.Content.Headers.ContentDisposition?.ToString()));
        Assert.Contains("value=\"5.60\" unit=\"mmol/L\"", Encoding.UTF8.GetString(document), StringComparison.Ordinal);
        Assert.Equal([HttpStatusCode.Forbidden, HttpStatusCode.Forbidden], [(await clinic.As(ClinicRole.Provider).GetAsync(path)).StatusCode, (await clinic.As(ClinicRole.FrontDesk).GetAsync(path)).StatusCode]);
        Assert.Equal(["chart.exported", "patients.exported"], await clinic.RowsAsync<string>("select distinct action from audit_event where action like '%.exported' and @id = any(patient_ids) order by action", new { id }));
        Assert.Equal((404, "/problems/exports.no-such-patient"), await ProblemAsync(await clinic.As(ClinicRole.Admin).GetAsync($"/api/v1/patients/{Guid.CreateVersion7()}/exports/ccd.xml")));
        Assert.Equal((HttpStatusCode)409, (await SendAsync(clinic, await clinic.As(ClinicRole.Admin).GetByteArrayAsync($"/api/v1/patients/{id}/exports/fhir.json"))).Status);
        var back = await SendAsync(clinic, document);
        Assert.Equal((HttpStatusCode.Conflict, "/problems/import.own-document"), (back.Status, back.Body.GetProperty("type").GetString()));
        Assert.Equal(before, await StateAsync(clinic));
        Assert.Contains($"href=\"{path}\"", await clinic.As(ClinicRole.Admin).GetStringAsync($"/patients/{id}"), StringComparison.Ordinal);
        await BreakGlass.BreakGlassTests.RestrictAndReviewAsync(clinic, id);
        Assert.Equal((403, "/problems/charts.restricted"), await ProblemAsync(await clinic.As(ClinicRole.Admin).GetAsync(path)));   // as on its page
        clinic.Clock.Advance(TimeSpan.FromMinutes(20));
        Assert.Equal((403, "/problems/accounts.step-up-needed"), await ProblemAsync(await clinic.As(ClinicRole.Admin).GetAsync(path)));
    }

    [Fact]
    public async Task A_refused_document_leaves_no_trace_and_a_record_number_of_somebody_else_joins_no_charts()
    {
        await using var clinic = await TestClinic.OpenAsync();
        var refused = await SendAsync(clinic, CdaSample.Document("", before: "<!DOCTYPE x [<!ENTITY a \"SECRET\">]>"));
        Assert.Equal(((HttpStatusCode)422, "/problems/cda.has-doctype"), (refused.Status, refused.Body.GetProperty("type").GetString()));
        Assert.Equal((0, 0, 0), await StateAsync(clinic));
        Assert.Equal(["import.refused"], await clinic.RowsAsync<string>("select action from audit_event"));

        await SendAsync(clinic, CdaSample.Document(""));
        var stranger = CdaSample.Patient.Replace("O’Neill-Ångström", "Stranger", StringComparison.Ordinal).Replace("19800304", "1951", StringComparison.Ordinal);
        var mixed = await SendAsync(clinic, CdaSample.Document("", stranger));

        Assert.Equal((HttpStatusCode.Conflict, "/problems/import.identity-conflict"), (mixed.Status, mixed.Body.GetProperty("type").GetString()));
        Assert.DoesNotContain("Stranger", mixed.Body.GetRawText(), StringComparison.Ordinal);
        Assert.Equal((1, 0, 0), await StateAsync(clinic));
    }

    [Fact]
    public async Task The_page_takes_a_document_and_shows_what_was_left_out()
    {
        await using var clinic = await TestClinic.OpenAsync();
        using var form = new MultipartFormDataContent { { Body(CdaSample.Document(CdaSample.Section("10157-6", "Family", CdaSample.Entry("<organizer classCode=\"CLUSTER\" moodCode=\"EVN\"/>"), "Mother: asthma"))), "files", "summary.xml" } };

        var page = await (await clinic.As(ClinicRole.Admin).PostAsync("/patients/import", form)).Content.ReadAsStringAsync();

        Assert.Contains("Taken in", page, StringComparison.Ordinal);
        Assert.Contains("1: family history is not part of the chart yet; its words are kept with the document", page, StringComparison.Ordinal);
    }

    /// <summary>Takes the chart out, brings it into another clinic, and compares what both say.</summary>
    private static async Task AssertSameElsewhereAsync(TestClinic from, PatientId patient, string form, TestClinic to)
    {
        var document = await from.As(ClinicRole.Admin).GetByteArrayAsync($"/api/v1/patients/{patient}/exports/{form}");
        var taken = await SendAsync(to, document);
        Assert.True(taken.Status == HttpStatusCode.OK, taken.Body.GetRawText());
        var arrived = taken.Body.GetProperty("patients")[0];
        Assert.True(arrived.GetProperty("isNew").GetBoolean());
        Assert.Equal(await SaidAsync(from, patient), await SaidAsync(to, new(arrived.GetProperty("id").GetGuid())));
    }

    private static async Task<List<string>> SaidAsync(TestClinic clinic, PatientId patient)
    {
        await using var tx = await clinic.The<TenantDb>().BeginAsync(clinic.Actor(ClinicRole.Provider), Permission.SeeCharts, default);
        var key = await tx.OpenPatientAsync(patient, new("chart.opened", "patient"), default);
        return [.. (await ChartReading.WholeAsync(tx, key!, default)).Select(entry => RoundTripTests.Said(entry.Content)).Order(StringComparer.Ordinal)];
    }

    private static async Task<(HttpStatusCode Status, JsonElement Body)> SendAsync(TestClinic clinic, byte[] file)
    {
        var answer = await clinic.As(ClinicRole.Admin).PostAsync("/api/v1/imports", Body(file));
        return (answer.StatusCode, await answer.Content.ReadFromJsonAsync<JsonElement>());
    }

    private static async Task<(int, string?)> ProblemAsync(HttpResponseMessage answer) =>
        ((int)answer.StatusCode, (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("type").GetString());

    /// <summary>Patients, entries, superseded versions.</summary>
    private static Task<(long, long, long)> StateAsync(TestClinic clinic) =>
        clinic.OneAsync<(long, long, long)>("select (select count(*) from patient), (select count(*) from entry), (select count(*) from entry_version)");

    private static ByteArrayContent Body(byte[] bytes)
    {
        var body = new ByteArrayContent(bytes);
        body.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        return body;
    }
}
