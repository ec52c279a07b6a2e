using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Chartroom.Charts;
using Chartroom.Patients;
using Chartroom.Platform.Tenancy;

namespace Chartroom.Exports;

public sealed class ExportsTests
{
    [Theory]
    [InlineData("=1+1", "'=1+1"), InlineData("+13035550123", "'+13035550123"), InlineData("-1", "'-1"), InlineData("@x", "'@x"), InlineData("\tx", "'\tx")]
    [InlineData("\rx", "\"'\rx\""), InlineData("a,b", "\"a,b\""), InlineData("a\"b", "\"a\"\"b\""), InlineData("a\nb", "\"a\nb\""), InlineData("O'Brien", "O'Brien")]
    [InlineData("=\"a\"", "\"'=\"\"a\"\"\""), InlineData("", ""), InlineData(null, ""), InlineData("王", "王")]
    public void A_cell_is_no_formula_and_stays_one_cell(string? text, string cell) => Assert.Equal(cell + ",x\r\n", CsvLine.Of([text, "x"]));

    [Theory]
    [InlineData(ClinicRole.FrontDesk), InlineData(ClinicRole.Provider)]
    public async Task Only_admins_take_data_out(ClinicRole role)
    {
        await using var clinic = await TestClinic.OpenAsync();

        foreach (var path in new[] { "/settings/export", "/api/v1/exports/patients.csv", "/api/v1/exports/entries.json", "/api/v1/exports/audit.json" })
            Assert.Equal(HttpStatusCode.Forbidden, (await clinic.As(role).GetAsync(path)).StatusCode);
    }

    [Fact]
    public async Task PRV_2_Every_patient_leaves_once_with_the_chart_and_is_named_in_the_log()
    {
        await using var clinic = await TestClinic.OpenAsync();
        var ids = new List<PatientId>();
        for (var i = 0; i < 23; i++) ids.Add(await EnterAsync(clinic, $"=Given{(char)('a' + i)}", "O\"Brien, 王"));   // more than two parts of charts

        var admin = clinic.As(ClinicRole.Admin);
        var json = await admin.GetAsync("/api/v1/exports/patients.json");
        var patients = JsonDocument.Parse(await json.Content.ReadAsStringAsync()).RootElement.EnumerateArray().ToList();

        Assert.Equal("attachment; filename=\"patients-2026-03-02.json\"", json.Content.Headers.ContentDisposition?.ToString());
        Assert.Equal(ids.Select(id => id.Value).Order(), patients.Select(it => it.GetProperty("id").GetGuid()).Order());
        Assert.All(patients, it => Assert.Contains("penicillin", Assert.Single(it.GetProperty("entries").EnumerateArray()).GetProperty("content").GetRawText(), StringComparison.Ordinal));
        var named = (await clinic.RowsAsync<Guid[]>("select patient_ids from audit_event where action = 'patients.exported'")).SelectMany(it => it).ToList();
        Assert.Equal(ids.Select(id => id.Value).Order(), named.Order());
        var csv = await admin.GetStringAsync("/api/v1/exports/patients.csv");
        Assert.StartsWith("id,mrn,state,mergedInto,putAwayAt,putAwayBy,putAwayReason,version,updatedAt,name.given", csv.TrimStart('\uFEFF'), StringComparison.Ordinal);
        Assert.Equal(24, csv.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Contains(",'=Givena,,\"O\"\"Brien, 王\",", csv, StringComparison.Ordinal);
        Assert.Equal(23, JsonDocument.Parse(await admin.GetStringAsync("/api/v1/exports/entries.json")).RootElement.GetArrayLength());
    }

    [Fact]
    public async Task AUD_5_The_audit_log_leaves_as_csv_and_json_and_its_leaving_is_in_it()
    {
        await using var clinic = await TestClinic.OpenAsync();
        var id = await EnterAsync(clinic, "Emma", "Stone");
        var admin = clinic.As(ClinicRole.Admin);

        var events = JsonDocument.Parse(await admin.GetStringAsync("/api/v1/exports/audit.json?action=patient.")).RootElement;
        var csv = await admin.GetStringAsync("/api/v1/exports/audit.csv");

        Assert.Equal([id.Value.ToString()], events[0].GetProperty("patientIds").EnumerateArray().Select(it => it.GetString()));
        Assert.Equal(1, events.GetArrayLength());
        Assert.Contains("audit.exported", csv, StringComparison.Ordinal);
        Assert.DoesNotContain("Emma", csv, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_empty_clinic_gives_whole_empty_files()
    {
        await using var clinic = await TestClinic.OpenAsync();
        var admin = clinic.As(ClinicRole.Admin);

        Assert.Equal(0, JsonDocument.Parse(await admin.GetStringAsync("/api/v1/exports/patients.json")).RootElement.GetArrayLength());
        Assert.Single((await admin.GetStringAsync("/api/v1/exports/entries.csv")).Split("\r\n", StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task The_verb_writes_every_file_for_its_user_only()
    {
        await using var clinic = await TestClinic.OpenAsync();
        await EnterAsync(clinic, "Emma", "Stone");
        var directory = Directory.CreateTempSubdirectory("chartroom-export-");

        var code = await ExportVerb.WriteAllAsync(clinic.Services, $"t-{clinic.Id.Value:N}", directory, default);

        Assert.Equal(0, code);
        Assert.Equal(ExportSubject.All.SelectMany(subject => new[] { $"{subject.Name}.csv", $"{subject.Name}.json" }).Order(), directory.GetFiles().Select(it => it.Name).Order());
        Assert.All(directory.GetFiles(), it => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, it.UnixFileMode));
        Assert.Contains("Stone", await File.ReadAllTextAsync(Path.Combine(directory.FullName, "patients.csv"), Encoding.UTF8), StringComparison.Ordinal);
        Assert.Equal("cli", (await clinic.RowsAsync<string>("select door from audit_event where action = 'patients.exported'"))[0]);
        Assert.Equal(1, await ExportVerb.WriteAllAsync(clinic.Services, "no-such", directory, default));
        directory.Delete(recursive: true);
    }

    private static async Task<PatientId> EnterAsync(TestClinic clinic, string given, string family)
    {
        await using var tx = await clinic.The<TenantDb>().BeginAsync(clinic.Actor(ClinicRole.Provider), Permission.EditPatients, default);
        var entered = await PatientRegister.CreateAsync(tx, new Demographics { Names = [new() { Given = [given], Family = family }] }, "patient.created", default);
        var key = await tx.OpenPatientAsync(entered.Value.Id, new("allergy.recorded", "entry"), default);
        ChartBook.Add(tx, key!, new(EntryId.New(), entered.Value.Id, SomeAllergy()));
        await tx.CommitAsync(default);
        return entered.Value.Id;
    }

    private static Entry SomeAllergy() => new Entry.Allergy { Code = new() { Text = "penicillin" } };
}
