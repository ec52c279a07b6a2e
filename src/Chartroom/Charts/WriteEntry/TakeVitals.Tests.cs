using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Chartroom.Patients;
using Chartroom.Platform.Tenancy;

namespace Chartroom.Charts;

public sealed partial class TakeVitalsTests
{
    private static readonly (string, string)[] Set =
    [
        ("day", "2026-03-02"), ("at", "09:30"), ("systolic", "131"), ("diastolic", "78"), ("heartRate", "112"), ("respiratoryRate", "16"), ("temperature", "98.6"),
        ("oxygenSaturation", "94"), ("weight", "154 lb"), ("height", "5'10"),
    ];

    [Fact]
    public async Task Vitals_taken_beside_the_board_are_one_save_flagged_by_age_and_one_undo_puts_them_all_away()
    {
        await using var clinic = await TestClinic.OpenAsync(now: "2026-03-02T15:00:00Z");
        var desk = clinic.As(ClinicRole.Provider);
        var (adult, child) = (await AdmitAsync(clinic, "1980-05-05"), await AdmitAsync(clinic, "2021-06-01"));   // 4 years: 80 to 120

        var form = await desk.GetStringAsync($"/patients/{adult}/chart/new/vital?from=/board");
        var saved = await PostAsync(desk, $"/patients/{adult}/chart/new/vital?from=/board", Set);
        await PostAsync(desk, $"/patients/{child}/chart/new/vital", ("day", "2026-03-02"), ("at", "09:30"), ("heartRate", "112"), ("weight", "16"), ("height", "102"));

        Assert.Contains("data-low=\"60\"", form, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.SeeOther, saved.StatusCode);
        Assert.StartsWith($"/board?chart=vital&of={adult}&e=", saved.Headers.Location!.ToString(), StringComparison.Ordinal);
        Assert.Equal(7, await clinic.OneAsync<long>("select count(*) from entry where patient_id = @adult and effective_at = '2026-03-02T14:30:00Z'", new { adult }));
        Assert.Equal(1, await clinic.OneAsync<long>("select count(distinct xmin::text) from entry where patient_id = @adult", new { adult }));   // one transaction
        Assert.Equal(
            "BMI 22.1 kg/m² ; Diastolic 78 mmHg ; Heart rate 112 /min High; Height 177.8 cm ; Respiratory rate 16 /min ; SpO₂ 94 % Low; Systolic 131 mmHg High; Temperature 37.0 °C ; Weight 69.9 kg ",
            await VitalsAsync(desk, adult));
        Assert.Equal("BMI 15.4 kg/m² ; Heart rate 112 /min ; Height 102 cm ; Weight 16 kg ", await VitalsAsync(desk, child));

        var undo = Undo().Match(await desk.GetStringAsync(saved.Headers.Location)).Groups[1].Value.Replace("&amp;", "&", StringComparison.Ordinal);
        var undone = await PostAsync(desk, undo, ("version", "1"));
        Assert.Equal((HttpStatusCode.SeeOther, ""), (undone.StatusCode, await VitalsAsync(desk, adult)));
        Assert.StartsWith("/board?chart=put-away", undone.Headers.Location!.ToString(), StringComparison.Ordinal);
        Assert.Equal(7, await clinic.OneAsync<long>("select count(*) from audit_event where action = 'entry.put-away' and outcome = 'done'"));

        var restored = await PostAsync(desk, Undo().Match(await desk.GetStringAsync(undone.Headers.Location)).Groups[1].Value.Replace("&amp;", "&", StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.SeeOther, restored.StatusCode);
        Assert.StartsWith("BMI 22.1", await VitalsAsync(desk, adult), StringComparison.Ordinal);
        var sheet = await desk.GetStringAsync($"/patients/{adult}/chart/vitals");
        Assert.Contains("131 / 78", sheet, StringComparison.Ordinal);
        Assert.Contains("NEWS2", sheet, StringComparison.Ordinal);   // the source stands beside the range
    }

    [Fact]
    public async Task Half_a_set_is_never_saved_and_the_front_desk_takes_none()
    {
        await using var clinic = await TestClinic.OpenAsync(now: "2026-03-02T15:00:00Z");
        var patient = await AdmitAsync(clinic, "1980-05-05");

        var wrong = await PostAsync(clinic.As(ClinicRole.Provider), $"/patients/{patient}/chart/new/vital", [.. Set.Where(field => field.Item1 != "weight"), ("weight", "11 stone")]);
        foreach (var digits in new[] { "１２３", "١٢٣" })
            Assert.Equal(HttpStatusCode.UnprocessableEntity, (await PostAsync(clinic.As(ClinicRole.Provider), $"/patients/{patient}/chart/new/vital", [.. Set.Where(field => field.Item1 != "weight"), ("weight", digits)])).StatusCode);
        var desk = await PostAsync(clinic.As(ClinicRole.FrontDesk), $"/patients/{patient}/chart/new/vital", Set);
        var elsewhere = await PostAsync(clinic.As(ClinicRole.Provider), $"/patients/{patient}/chart/new/vital?from=//evil.example/day", ("day", "2026-03-02"), ("at", "09:30"), ("pain", "3"));

        Assert.Equal([422, 403], new[] { wrong, desk }.Select(answer => (int)answer.StatusCode));
        Assert.Contains("11 stone", await wrong.Content.ReadAsStringAsync(), StringComparison.Ordinal);   // what was typed stays
        Assert.StartsWith($"/patients/{patient}/chart?", elsewhere.Headers.Location!.ToString(), StringComparison.Ordinal);
        Assert.Equal(1, await clinic.OneAsync<long>("select count(*) from entry"));
        Assert.DoesNotContain("chart/new/vital", await clinic.As(ClinicRole.FrontDesk).GetStringAsync($"/patients/{patient}"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task CHT_5_What_was_put_away_comes_back_by_whoever_did_it_or_an_administrator_and_not_at_another_version()
    {
        await using var clinic = await TestClinic.OpenAsync();
        var (patient, provider, admin) = (await AdmitAsync(clinic, "1980-05-05"), clinic.As(ClinicRole.Provider), clinic.As(ClinicRole.Admin));
        var added = await admin.PostAsJsonAsync($"/api/v1/patients/{patient}/entries", new { content = new { kind = "problem", code = new { text = "Gout" } } });
        var entry = added.Headers.Location!.ToString();

        Assert.Equal(412, await DeleteAsync(admin, entry, 2));
        Assert.Equal(204, await DeleteAsync(admin, entry, 1));
        Assert.Equal(404, await DeleteAsync(admin, entry, 1));
        Assert.Equal(404, (int)(await provider.GetAsync(entry)).StatusCode);
        Assert.Equal(404, (int)(await provider.PostAsync($"{entry}/restore", null)).StatusCode);   // not theirs
        Assert.Equal(204, (int)(await admin.PostAsync($"{entry}/restore", null)).StatusCode);
        Assert.Equal(200, (int)(await provider.GetAsync(entry)).StatusCode);
        Assert.Equal(204, await DeleteAsync(provider, entry, 1));
        Assert.Equal(204, (int)(await admin.PostAsync($"{entry}/restore", null)).StatusCode);
    }

    [Theory]
    [InlineData(VitalSign.Temperature, "98.6", "98.6 [degF]"), InlineData(VitalSign.Temperature, "37", "37 Cel"), InlineData(VitalSign.Temperature, "98.6 °F", "98.6 [degF]")]
    [InlineData(VitalSign.Temperature, "79.9", "79.9 Cel"), InlineData(VitalSign.Temperature, "80", "80 [degF]")]   // from 80 on nobody means Celsius
    [InlineData(VitalSign.Weight, "154lb", "154 [lb_av]"), InlineData(VitalSign.Weight, "7 lb 8 oz", "7.5 [lb_av]"), InlineData(VitalSign.Weight, "3400 g", "3400 g")]
    [InlineData(VitalSign.Height, "5'7\"", "67 [in_i]"), InlineData(VitalSign.Height, "5 ft 7.5 in", "67.5 [in_i]"), InlineData(VitalSign.Height, "1.7m", "1.7 m"), InlineData(VitalSign.Height, "6'", "72 [in_i]")]
    [InlineData(VitalSign.Weight, "11 st", null), InlineData(VitalSign.Weight, "-3", null), InlineData(VitalSign.Height, "70 kg", null), InlineData(VitalSign.Temperature, "98,6", null)]
    public void A_figure_is_read_with_the_unit_it_names(VitalSign sign, string typed, string? read) =>
        Assert.Equal(read, VitalFigure.Read(sign, typed) is { } amount ? string.Create(CultureInfo.InvariantCulture, $"{amount.Value} {amount.Unit}") : null);

    private static async Task<PatientId> AdmitAsync(TestClinic clinic, string born)
    {
        await using var tx = await clinic.The<TenantDb>().BeginAsync(clinic.Actor(ClinicRole.FrontDesk), Permission.EditPatients, default);
        var who = new Demographics { Names = [new() { Given = ["Jo"], Family = "Lee" }], BirthDate = PartialTime.Of(DateOnly.Parse(born, CultureInfo.InvariantCulture)) };
        var entered = await PatientRegister.CreateAsync(tx, who, "patient.created", default);
        await tx.CommitAsync(default);
        return entered.Value.Id;
    }

    private static async Task<string> VitalsAsync(HttpClient desk, PatientId patient)
    {
        var chart = await desk.GetFromJsonAsync<JsonElement>($"/api/v1/patients/{patient}/chart");
        return string.Join("; ", chart.GetProperty("vitals").EnumerateArray().OrderBy(vital => vital.GetProperty("name").GetString(), StringComparer.Ordinal).Select(vital =>
            $"{vital.GetProperty("name").GetString()} {vital.GetProperty("value").GetString()} {(vital.TryGetProperty("flag", out var flag) ? flag.GetString() : "")}"));
    }

    private static async Task<int> DeleteAsync(HttpClient client, string path, int version)
    {
        using var request = new HttpRequestMessage(HttpMethod.Delete, path);
        request.Headers.TryAddWithoutValidation("If-Match", $"\"{version}\"");
        return (int)(await client.SendAsync(request)).StatusCode;
    }

    private static Task<HttpResponseMessage> PostAsync(HttpClient client, string path, params (string Name, string Value)[] fields) =>
        client.PostAsync(path, new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value))));

    [GeneratedRegex("id=\"undo-chart\"[^>]* action=\"([^\"]+)\"")]
    private static partial Regex Undo();
}
