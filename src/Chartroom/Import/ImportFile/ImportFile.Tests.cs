using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace Chartroom.Import;

public sealed class ImportFileTests
{
    [Fact]
    public async Task A_file_arrives_whole_and_again_changes_nothing()
    {
        await using var clinic = await TestClinic.OpenAsync();

        var first = (await ImportAsync(clinic, Sample.Bundle(Sample.Visit))).Value;
        var before = await StateAsync(clinic);
        var second = (await ImportAsync(clinic, Sample.Bundle(Sample.Visit))).Value;

        Assert.Equal((true, false), (first.Patients.Single().IsNew, second.Patients.Single().IsNew));
        Assert.Equal(first.Patients.Single().Id, second.Patients.Single().Id);
        Assert.Equal((10, 0), (first.Changes, second.Changes));   // the patient, eight entries, one coverage
        Assert.Equal(Sample.Visit.Length, second.Types.Sum(type => type.Unchanged + type.LeftOut.Sum(left => left.Count)));
        Assert.Equal((1, 8, 0, 0), before);
        Assert.Equal(before, await StateAsync(clinic));
        Assert.Equal(2, await clinic.OneAsync<long>("select count(*) from audit_event where action = 'import.taken' and patient_ids = array[@id]", new { first.Patients.Single().Id }));
    }

    [Fact]
    public async Task What_changed_at_the_sender_becomes_a_version_here()
    {
        await using var clinic = await TestClinic.OpenAsync();
        await ImportAsync(clinic, Sample.Bundle(Sample.Visit));

        var report = (await ImportAsync(clinic, Sample.Bundle(Sample.With("o2", "5.60", "6.10")))).Value;

        Assert.Equal(new ImportedType("Observation", 0, 1, 1, 0), report.Types.Single(type => type.Type == "Observation") with { LeftOut = [] }, SameCounts);
        Assert.Equal((1, 8, 1, 0), await StateAsync(clinic));
    }

    [Fact]
    public async Task What_the_sender_takes_back_is_kept_and_counts_no_more()
    {
        await using var clinic = await TestClinic.OpenAsync();
        await ImportAsync(clinic, Sample.Bundle(Sample.Visit));

        await ImportAsync(clinic, Sample.Bundle(Sample.With("o2", "\"final\"", "\"entered-in-error\"")));

        Assert.Equal(1, await clinic.OneAsync<long>("select count(*) from entry where state = 'entered_in_error' and version = 2"));
    }

    [Fact]
    public async Task A_broken_file_leaves_no_trace_but_its_audit_row()
    {
        await using var clinic = await TestClinic.OpenAsync();

        var outcome = await ImportAsync(clinic, Sample.Bundle(Sample.With("d1", "\"current\"", "\"lost\"")));

        Assert.Equal("import.unknown-code", outcome.Refusal?.Code);
        Assert.Equal((0, 0, 0, 0), await StateAsync(clinic));
        Assert.Equal(["import.refused"], await clinic.RowsAsync<string>("select action from audit_event"));
        Assert.Equal(0, await clinic.OneAsync<long>("select count(*) from patient_key"));
    }

    [Fact]
    public async Task Eight_imports_of_one_new_patient_race_make_one_patient_and_none_is_refused()
    {
        await using var clinic = await TestClinic.OpenAsync();

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => ImportAsync(clinic, Sample.Bundle(Sample.Visit))));

        Assert.All(outcomes, outcome => Assert.Null(outcome.Refusal));
        Assert.Equal(1, outcomes.Count(outcome => outcome.Value.Patients.Single().IsNew));
        Assert.Equal((1, 8, 0, 0), await StateAsync(clinic));
    }

    [Fact]
    public async Task Record_numbers_of_two_patients_on_one_are_refused()
    {
        await using var clinic = await TestClinic.OpenAsync();
        await ImportAsync(clinic, Sample.Bundle([Patient("a", "1"), Patient("b", "2")]));

        var outcome = await ImportAsync(clinic, Sample.Bundle([Patient("c", "1", "2")]));

        Assert.Equal(("import.identity-conflict", "Bundle.entry[0] Patient/c"), (outcome.Refusal?.Code, outcome.Refusal?.Errors.Single().Key));
    }

    [Fact]
    public async Task Programs_send_a_file_as_the_body_and_get_the_report_or_a_problem()
    {
        await using var clinic = await TestClinic.OpenAsync();

        var taken = await clinic.As(ClinicRole.Provider).PostAsync("/api/v1/imports", Body(Packed(Sample.Bundle(Sample.Visit))));
        var refused = await clinic.As(ClinicRole.Provider).PostAsync("/api/v1/imports", Body([0x7b]));
        var forbidden = await clinic.As(ClinicRole.FrontDesk).PostAsync("/api/v1/imports", Body(Sample.Bundle(Sample.Visit)));

        Assert.Equal(HttpStatusCode.OK, taken.StatusCode);
        Assert.Equal(1, (await taken.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("patients").GetArrayLength());
        Assert.Equal((422, "/problems/import.not-json"), ((int)refused.StatusCode, (await refused.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("type").GetString()));
        Assert.Equal(HttpStatusCode.Forbidden, forbidden.StatusCode);
        Assert.Equal((1, 8, 0, 0), await StateAsync(clinic));
    }

    [Fact]
    public async Task The_page_takes_several_files_and_says_what_became_of_each()
    {
        await using var clinic = await TestClinic.OpenAsync();
        using var form = new MultipartFormDataContent
        {
            { Body(Sample.Bundle(Sample.Visit)), "files", "good.json" },
            { Body(Sample.Bundle(Sample.With("c1", "\"2024-04\"", "\"2024-13\""))), "files", "broken.json" },
        };

        var answer = await clinic.As(ClinicRole.Admin).PostAsync("/patients/import", form);
        var page = await answer.Content.ReadAsStringAsync();

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Contains("Bundle.entry[3] Condition/c1</code> onsetDateTime is not a date", page, StringComparison.Ordinal);
        Assert.Contains("good.json", page, StringComparison.Ordinal);
        Assert.Contains("Taken in", page, StringComparison.Ordinal);
        Assert.Equal((1, 8, 0, 0), await StateAsync(clinic));
    }

    [Fact]
    public async Task The_form_without_a_file_says_so()
    {
        await using var clinic = await TestClinic.OpenAsync();
        using var form = new MultipartFormDataContent { { new StringContent("x"), "other" } };

        var answer = await clinic.As(ClinicRole.Admin).PostAsync("/patients/import", form);

        Assert.Equal(422, (int)answer.StatusCode);
        Assert.Contains("Choose at least one file.", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [SharedDataFact]
    public async Task All_sixty_synthea_patients_arrive_and_arrive_again_without_a_change()
    {
        await using var clinic = await TestClinic.OpenAsync();
        var files = SharedData.Files("clinical/synthea-r4/dev", "*.json.gz");
        var (entries, patients) = (0, 0);
        foreach (var file in files)
        {
            var report = (await ImportAsync(clinic, await File.ReadAllBytesAsync(file))).Value;
            entries += report.Types.Where(type => type.Type != "Patient").Sum(type => type.Added);
            patients += report.Types.Single(type => type.Type == "Patient").Added;
        }
        Assert.Equal(60, patients);
        Assert.Equal((60, entries, 0, 0), await StateAsync(clinic));
        Assert.Equal(0, await clinic.OneAsync<long>("select count(*) from entry where encounter_id is null and kind not in ('encounter', 'allergy')"));

        foreach (var file in files)
            Assert.Equal(0, (await ImportAsync(clinic, await File.ReadAllBytesAsync(file))).Value.Changes);
        Assert.Equal((60, entries, 0, 0), await StateAsync(clinic));
    }

    private static async Task<Outcome<ImportReport>> ImportAsync(TestClinic clinic, byte[] file) =>
        await clinic.The<ImportFileHandler>().HandleAsync(new MemoryStream(file), null, clinic.Actor(ClinicRole.Provider), CancellationToken.None);

    /// <summary>Patients, entries, superseded versions of entries and of patients.</summary>
    private static async Task<(long, long, long, long)> StateAsync(TestClinic clinic) => await clinic.OneAsync<(long, long, long, long)>(
        "select (select count(*) from patient), (select count(*) from entry), (select count(*) from entry_version), (select count(*) from patient_version)");

    private static readonly IEqualityComparer<ImportedType> SameCounts = EqualityComparer<ImportedType>.Create(
        (one, other) => (one!.Type, one.Added, one.Changed, one.Unchanged, one.Kept) == (other!.Type, other.Added, other.Changed, other.Unchanged, other.Kept));

    private static string Patient(string id, params string[] numbers) =>
        $$"""{"resourceType":"Patient","id":"{{id}}","identifier":[{{string.Join(',', numbers.Select(number => $$"""{"system":"urn:sample:mrn","value":"{{number}}"}"""))}}],"name":[{"family":"Sample"}]}""";

    private static ByteArrayContent Body(byte[] bytes)
    {
        var body = new ByteArrayContent(bytes);
        body.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        return body;
    }

    private static byte[] Packed(byte[] plain)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest)) gzip.Write(plain);
        return packed.ToArray();
    }
}
