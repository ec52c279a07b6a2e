using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Chartroom.Patients;
using Chartroom.Platform.Tenancy;

namespace Chartroom.Codes;

/// <summary>One table for the whole installation: what loads or empties it runs by itself.</summary>
[CollectionDefinition("Codes")]
public sealed class CodesAlone;

[Collection("Codes")]
public sealed class CodesTests
{
    /// <summary>The form of the published file; the codes and titles are made up.</summary>
    internal const string Sample = """
        00001 X10     0 Sample ache                                                  Sample ache
        00002 X101    1 Sample ache, left                                            Sample ache of left side
        00003 X102    1 Sample ache, right                                           Sample ache of right side, with sample retinopathy
        00004 X1021   1 Sample ache, right, acute                                    Acute sample ache of right side
        00005 Y20     1 Myocardial infarction of nobody                              Myocardial infarction of nobody
        00006 Y21     1 Meniere's sample                                             Ménière's sample disease
        00007 Y22     0 Sample ache heading                                          Sample ache heading of several
        """;

    [Theory]
    [InlineData("ache sample", "X10.1 X10.21 X10.2 X10 Y22")]        // any order; what can be billed first, then the plainest title; headings last
    [InlineData("retin sam", "X10.2")]                                // beginnings of words
    [InlineData("x10", "X10 X10.1 X10.21 X10.2")]                     // a code, the very one first though it is a heading
    [InlineData("X10.2", "X10.2 X10.21"), InlineData("x102", "X10.2 X10.21")]
    [InlineData("x10 acute", "X10.21")]                               // code and words
    [InlineData("heart attack", "Y20"), InlineData("MI", "Y20")]      // as people say it
    [InlineData("meniere", "Y21"), InlineData("Ménière’s", "Y21")]
    [InlineData("retinopathy left", ""), InlineData("a", ""), InlineData("", ""), InlineData("' | !sample:*", "X10.1 Y21 X10.21 X10.2 X10 Y22"), InlineData("&&& ((", "")]
    public async Task Codes_are_found_by_words_in_any_order_beginnings_and_code(string typed, string found)
    {
        await using var clinic = await TestClinic.OpenAsync();
        await LoadAsync(clinic);

        Assert.Equal(found, await FoundAsync(clinic.As(ClinicRole.Provider), new { text = typed }));
    }

    [Fact]
    public async Task Who_may_not_write_charts_searches_none_and_headings_are_left_out_on_demand()
    {
        await using var clinic = await TestClinic.OpenAsync();
        await LoadAsync(clinic);
        var provider = clinic.As(ClinicRole.Provider);

        Assert.Equal("X10.1 X10.21", await FoundAsync(provider, new { text = "sample ache", billableOnly = true, limit = 2 }));
        Assert.Equal(422, (int)(await provider.PostAsJsonAsync("/api/v1/codes/icd-10-cm/search", new { text = "x", limit = 51 })).StatusCode);
        Assert.Equal(422, (int)(await provider.PostAsJsonAsync("/api/v1/codes/icd-10-cm/search", new { text = new string('x', 201) })).StatusCode);
        Assert.Equal(403, (int)(await clinic.As(ClinicRole.FrontDesk).PostAsJsonAsync("/api/v1/codes/icd-10-cm/search", new { text = "ache" })).StatusCode);
    }

    [Fact]
    public async Task Favourites_are_ones_own()
    {
        await using var clinic = await TestClinic.OpenAsync();
        await LoadAsync(clinic);
        var (provider, admin) = (clinic.As(ClinicRole.Provider), clinic.As(ClinicRole.Admin));

        Assert.Equal([204, 204, 404], new[]
        {
            await provider.PutAsync("/api/v1/codes/icd-10-cm/favourites/X10.2", null), await provider.PutAsync("/api/v1/codes/icd-10-cm/favourites/x102", null),
            await provider.PutAsync("/api/v1/codes/icd-10-cm/favourites/Q99", null),
        }.Select(answer => (int)answer.StatusCode));
        Assert.Equal("""[{"code":"X10.2","title":"Sample ache of right side, with sample retinopathy","isBillable":true}]""", await provider.GetStringAsync("/api/v1/codes/icd-10-cm/favourites"));
        Assert.Equal("[]", await admin.GetStringAsync("/api/v1/codes/icd-10-cm/favourites"));
        Assert.Equal(204, (int)(await provider.DeleteAsync("/api/v1/codes/icd-10-cm/favourites/X10.2")).StatusCode);
        Assert.Equal("[]", await provider.GetStringAsync("/api/v1/codes/icd-10-cm/favourites"));
    }

    [Fact]
    public async Task A_problem_is_written_under_a_code_of_the_edition_by_page_and_api_and_under_no_other()
    {
        await using var clinic = await TestClinic.OpenAsync();
        await LoadAsync(clinic);
        var (patient, provider) = (await AdmitAsync(clinic), clinic.As(ClinicRole.Provider));

        var chosen = await PostAsync(provider, $"/patients/{patient}/chart/new/problem", ("words", "Ache, right"), ("status", "Active"), ("code", "X10.2"));
        var unknown = await PostAsync(provider, $"/patients/{patient}/chart/new/problem", ("words", "Ache"), ("status", "Active"), ("code", "Q99.9"));
        var wrong = await provider.PostAsJsonAsync($"/api/v1/patients/{patient}/entries", Coded("Q99.9"));
        var right = await provider.PostAsJsonAsync($"/api/v1/patients/{patient}/entries", Coded("Y20"));

        Assert.Equal([303, 422, 422, 201], new[] { chosen, unknown, wrong, right }.Select(answer => (int)answer.StatusCode));
        var chart = await provider.GetFromJsonAsync<JsonElement>($"/api/v1/patients/{patient}/chart");
        Assert.Equal(["Ache, right X10.2 Sample ache of right side, with sample retinopathy", "Made up Y20 Myocardial infarction of nobody"],
            chart.GetProperty("problems").EnumerateArray().Select(problem => problem.GetProperty("content").GetProperty("code"))
                .Select(code => $"{code.GetProperty("text").GetString()} {code.GetProperty("codings")[0].GetProperty("code").GetString()} {code.GetProperty("codings")[0].GetProperty("display").GetString()}")
                .Order(StringComparer.Ordinal));
        Assert.Contains("X10.2", await provider.GetStringAsync($"/patients/{patient}/chart"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_an_edition_the_form_says_so_and_problems_are_written_in_words()
    {
        await using var clinic = await TestClinic.OpenAsync();
        await clinic.The<LoadCodesHandler>().UnloadAsync(default);
        var (patient, provider) = (await AdmitAsync(clinic), clinic.As(ClinicRole.Provider));

        var form = await provider.GetStringAsync($"/patients/{patient}/chart/new/problem");
        var saved = await PostAsync(provider, $"/patients/{patient}/chart/new/problem", ("words", "Sample ache"), ("status", "Active"));

        Assert.Contains("./chartroom codes load FILE", form, StringComparison.Ordinal);
        Assert.Equal(303, (int)saved.StatusCode);
        Assert.Equal("""{"codes":[]}""", (await (await provider.PostAsJsonAsync("/api/v1/codes/icd-10-cm/search", new { text = "ache" })).Content.ReadAsStringAsync()).Replace("\"edition\":null,", "", StringComparison.Ordinal));

        // The code that a problem came with stays when its form is saved, without an edition and under one that lacks it; no other is taken.
        var path = (await provider.PostAsJsonAsync($"/api/v1/patients/{patient}/entries", Coded("Q99.9"))).Headers.Location!.ToString();
        var page = $"/patients/{patient}/entries/{path[^36..]}";
        Assert.Contains("value=\"Q99.9\" checked", await provider.GetStringAsync(page), StringComparison.Ordinal);
        var without = await PostAsync(provider, $"{page}/problem", ("version", "1"), ("words", "Made up"), ("status", "Active"), ("code", "Q99.9"), ("comment", "Seen"));
        await LoadAsync(clinic);
        var lacking = await PostAsync(provider, $"{page}/problem", ("version", "2"), ("words", "Made up otherwise"), ("status", "Active"), ("code", "Q99.9"));
        var other = await PostAsync(provider, $"{page}/problem", ("version", "3"), ("words", "Made up"), ("status", "Active"), ("code", "Q99.8"));
        Assert.Equal([303, 303, 422], new[] { without, lacking, other }.Select(answer => (int)answer.StatusCode));
        Assert.Contains("\"code\":\"Q99.9\"", await provider.GetStringAsync(path), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "It is empty."), InlineData("code,title\nX10,Ache", "Line 1 is not"), InlineData("00001 X10     1 Ache one\n00002 X10     1 Ache two", "Line 2 has a code")]
    [InlineData("00001 X10     2 Ache", "Line 1 is not"), InlineData("00001 x10     1 Ache", "Line 1 is not"), InlineData("00001 X10     1 ", "Line 1 is not")]
    public async Task A_file_that_is_no_order_file_is_refused_with_its_line_and_the_edition_before_stays(string file, string why)
    {
        await using var clinic = await TestClinic.OpenAsync();
        await LoadAsync(clinic);

        var loaded = await clinic.The<LoadCodesHandler>().HandleAsync(Encoding.UTF8.GetBytes(file), "2027", default);

        Assert.Equal("codes.not-an-order-file", loaded.Refusal?.Code);
        Assert.StartsWith(why, loaded.Refusal!.Errors["file"], StringComparison.Ordinal);
        Assert.Equal("X10.1", await FoundAsync(clinic.As(ClinicRole.Provider), new { text = "sample ache", limit = 1 }));
    }

    [Fact]
    public async Task The_next_edition_takes_the_place_of_the_one_before()
    {
        await using var clinic = await TestClinic.OpenAsync();
        await LoadAsync(clinic);

        var next = (await clinic.The<LoadCodesHandler>().HandleAsync(Encoding.Latin1.GetBytes("00001 X101    1 Sample ache                                                  Sample ache by Ménière\r\n"), "2027", default)).Value;

        Assert.Equal(("2027", 1, 1), (next.Edition, next.Codes, next.Billable));
        Assert.Equal("X10.1", await FoundAsync(clinic.As(ClinicRole.Provider), new { text = "meniere" }));
        Assert.Equal("", await FoundAsync(clinic.As(ClinicRole.Provider), new { text = "retinopathy" }));
        Assert.Equal(1, await clinic.OneAsync<int>("select size from platform.code_set where edition = '2027'"));
    }

    internal static async Task LoadAsync(TestClinic clinic) => Assert.Equal(7, (await clinic.The<LoadCodesHandler>().HandleAsync(Encoding.UTF8.GetBytes(Sample), "2026", default)).Value.Codes);

    private static object Coded(string code) =>
        new { content = new { kind = "problem", code = new { text = "Made up", codings = new[] { new { system = DiagnosisCodes.System, code } } } } };

    private static async Task<string> FoundAsync(HttpClient client, object ask)
    {
        var answer = await (await client.PostAsJsonAsync("/api/v1/codes/icd-10-cm/search", ask)).Content.ReadFromJsonAsync<JsonElement>();
        return string.Join(' ', answer.GetProperty("codes").EnumerateArray().Select(code => code.GetProperty("code").GetString()));
    }

    internal static async Task<PatientId> AdmitAsync(TestClinic clinic)
    {
        await using var tx = await clinic.The<TenantDb>().BeginAsync(clinic.Actor(ClinicRole.FrontDesk), Permission.EditPatients, default);
        var entered = await PatientRegister.CreateAsync(tx, new Demographics { Names = [new() { Given = ["Jo"], Family = "Lee" }] }, "patient.created", default);
        await tx.CommitAsync(default);
        return entered.Value.Id;
    }

    private static Task<HttpResponseMessage> PostAsync(HttpClient client, string path, params (string Name, string Value)[] fields) =>
        client.PostAsync(path, new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value))));
}
