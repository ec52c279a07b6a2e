using System.Net.Http.Json;
using System.Text.Json;
using Chartroom.Platform.Tenancy;

namespace Chartroom.Patients;

/// <summary>One clinic for the tests that only look: each a clinic of its own took a minute more.</summary>
public sealed class SearchedClinic : IAsyncLifetime
{
    /// <summary>With the people of the search tests.</summary>
    public TestClinic Clinic { get; private set; } = null!;   // xunit initialises it before the first test

    /// <inheritdoc/>
    public async Task InitializeAsync() => Clinic = await SearchPatientsTests.WithPeopleAsync();

    /// <inheritdoc/>
    public Task DisposeAsync() => Clinic.DisposeAsync().AsTask();
}

public sealed class SearchPatientsTests(SearchedClinic searched) : IClassFixture<SearchedClinic>
{
    internal static async Task<TestClinic> WithPeopleAsync()
    {
        var clinic = await TestClinic.OpenAsync();
        await EnterAsync(clinic, Somebody("John", "Smith", "1980-03-04", "+13035550123"));
        await EnterAsync(clinic, Somebody("José", "Núñez-O'Brien", "1975-11-30", "+13035550199") with
        {
            Names =
            [
                new() { Use = NameUse.Official, Given = ["José", "María"], Family = "Núñez-O'Brien" },
                new() { Use = NameUse.Nickname, Given = ["Pepe"] },
                new() { Use = NameUse.Former, Family = "de la Cruz" },
            ],
        });
        await EnterAsync(clinic, Somebody("Łucja", "Müßig", "1920-02-29", "+442079460958"));
        await EnterAsync(clinic, Somebody("小明", "王", "2001-01-02", "+13035550111"));
        await EnterAsync(clinic, Somebody("Ольга", "Щербакова", "1999-12-31", "+13035550112"));
        await EnterAsync(clinic, Somebody("محمد", "العربي", "1999-12-30", "+13035550113") with
        {
            Identifiers = [new("urn:other", "AB-12 345", null), new(null, "123-45-6789", PatientIdentifier.SocialSecurity)],
        });
        return clinic;
    }

    [Theory]
    [InlineData("smith jo", "John Smith"), InlineData("jo smith", "John Smith"), InlineData("SMITH, John", "John Smith"), InlineData("j smith", "John Smith")]
    [InlineData("3/4/80", "John Smith"), InlineData("03/04/1980", "John Smith"), InlineData("3-4-1980", "John Smith"), InlineData("1980-03-04", "John Smith")]
    [InlineData("03041980", "John Smith"), InlineData("19800304", "John Smith"), InlineData("030480", "John Smith"), InlineData("smith 1980-03-04", "John Smith")]
    [InlineData("0123", "John Smith"), InlineData("(303) 555-0123", "John Smith"), InlineData("smith 303 555 0123", "John Smith"), InlineData("+1 303.555.0123", "John Smith")]
    [InlineData("555-0123", "John Smith"), InlineData("13035550123", "John Smith"), InlineData("100001", "John Smith"), InlineData("MRN 100001", "John Smith"), InlineData("#100001", "John Smith")]
    [InlineData("nunez", "José María Núñez-O'Brien"), InlineData("Núñez", "José María Núñez-O'Brien"), InlineData("obrien", "José María Núñez-O'Brien")]
    [InlineData("O’Brien jose", "José María Núñez-O'Brien"), InlineData("brien", "José María Núñez-O'Brien"), InlineData("nunezobr", "José María Núñez-O'Brien")]
    [InlineData("nunez-obrien", "José María Núñez-O'Brien"), InlineData("maria", "José María Núñez-O'Brien"), InlineData("pepe", "José María Núñez-O'Brien")]
    [InlineData("cruz", "José María Núñez-O'Brien"), InlineData("delacruz", "José María Núñez-O'Brien"), InlineData("de la cruz", "José María Núñez-O'Brien")]
    [InlineData("lucja", "Łucja Müßig"), InlineData("mussig", "Łucja Müßig"), InlineData("muessig", "Łucja Müßig"), InlineData("Müßig", "Łucja Müßig")]
    [InlineData("2/29/20", "Łucja Müßig"), InlineData("+44 20 7946 0958", "Łucja Müßig")]   // both centuries; another country's number
    [InlineData("王", "小明 王"), InlineData("小", "小明 王"), InlineData("小明", "小明 王"), InlineData("щерб", "Ольга Щербакова"), InlineData("ольга ЩЕРБАКОВА", "Ольга Щербакова")]
    [InlineData("محمد", "محمد العربي"), InlineData("ab12345", "محمد العربي"), InlineData("AB-12345", "محمد العربي"), InlineData("6789", "محمد العربي")]   // last four of the social security number
    public async Task KEY_4_What_people_type_into_one_box_finds_whom_they_mean(string typed, string name)
    {
        Assert.Equal([name], await FindAsync(searched.Clinic, typed));
    }

    [Theory]
    [InlineData("smith mary"), InlineData("smith 1980-03-05"), InlineData("mith"), InlineData("4/3/80"), InlineData("303"), InlineData("2/30/1980"), InlineData("123456789")]
    [InlineData("s"), InlineData(""), InlineData("  -  "), InlineData("' or 1=1 --"), InlineData("%"), InlineData("\ud800")]
    public async Task What_does_not_fit_finds_nobody(string typed)
    {
        Assert.Empty(await FindAsync(searched.Clinic, typed));
    }

    [Fact]
    public async Task AUD_1_A_search_names_every_patient_it_showed_in_one_event()
    {
        await using var clinic = await WithPeopleAsync();
        var shown = (await SearchAsync(clinic, ClinicRole.FrontDesk, "jo")).RootElement.GetProperty("patients").EnumerateArray().Select(it => it.GetProperty("id").GetGuid()).ToList();

        var (action, outcome, patients, role) = await clinic.OneAsync<(string, string, Guid[], string)>(
            "select action, outcome, patient_ids, role from audit_event where action = 'patient.searched'");
        Assert.Equal(("patient.searched", "done", "front_desk"), (action, outcome, role));
        Assert.Equal(2, shown.Count);
        Assert.Equal(shown.Order(), patients.Order());
    }

    [Fact]
    public async Task Exact_names_come_first_then_whoever_was_here_last_and_twenty_at_most()
    {
        await using var clinic = await TestClinic.OpenAsync();
        await EnterAsync(clinic, Somebody("Ann", "Lee", "1980-01-01", "+13035550000"));
        for (var i = 0; i < 21; i++)
        {
            clinic.Clock.Advance(TimeSpan.FromMinutes(1));
            await EnterAsync(clinic, Somebody("Ann", $"Leeds{(char)('a' + i)}", "1980-01-01", "+13035550000"));
        }

        var found = (await SearchAsync(clinic, ClinicRole.Provider, "ann lee")).RootElement;

        var names = found.GetProperty("patients").EnumerateArray().Select(it => it.GetProperty("name").GetString()).ToList();
        Assert.Equal(20, names.Count);
        Assert.Equal(["Ann Lee", "Ann Leedsu", "Ann Leedst"], names.Take(3));
        Assert.True(found.GetProperty("hasMore").GetBoolean());
    }

    [Fact]
    public async Task A_result_shows_name_birth_age_telephone_number_and_state()
    {
        await using var clinic = await WithPeopleAsync();

        var hit = (await SearchAsync(clinic, ClinicRole.FrontDesk, "smith")).RootElement.GetProperty("patients")[0];

        Assert.Equal("John Smith|1980-03-04|45|(303) 555-0123|100001|active", string.Join('|',
            new[] { "name", "birthDate", "age", "phone", "mrn", "state" }.Select(it => hit.GetProperty(it).ToString())));
    }

    [Fact]
    public async Task KEY_1_Nothing_that_identifies_a_patient_stands_in_the_tables_in_clear()
    {
        await using var clinic = await WithPeopleAsync();
        await SearchAsync(clinic, ClinicRole.Admin, "núñez 1975-11-30");

        var dump = string.Join('\n', (await clinic.RowsAsync<string>("""
            select row_to_json(patient)::text || encode(demographics, 'escape') from patient
            union all select row_to_json(patient_identifier)::text from patient_identifier
            union all select row_to_json(audit_event)::text from audit_event
            """))).ToLowerInvariant();

        foreach (var canary in new[] { "smith", "josé", "nunez", "brien", "1980-03", "03041980", "3035550123", "pepe", "123-45", "123456789", "王", "щерб", "ab-12" })
            Assert.DoesNotContain(canary, dump, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TEN_2_Another_clinics_patients_are_not_found_and_their_blind_numbers_are_others()
    {
        await using var ours = await WithPeopleAsync();
        await using var theirs = await TestClinic.OpenAsync();
        await EnterAsync(theirs, Somebody("John", "Smith", "1980-03-04", "+13035550123"));

        Assert.Equal(["John Smith"], await FindAsync(theirs, "smith"));
        var here = await ours.RowsAsync<long>("select unnest(search) from patient");
        var there = await theirs.RowsAsync<long>("select unnest(search) from patient");
        Assert.Empty(here.Intersect(there));
    }

    private static Demographics Somebody(string given, string family, string born, string phone) => new()
    {
        Names = [new() { Use = NameUse.Official, Given = [given], Family = family }],
        BirthDate = PartialTime.TryParse(born, out var day) ? day : null,
        Telecoms = [new() { System = ContactSystem.Phone, Value = phone, Use = ContactUse.Mobile }],
    };

    private static async Task EnterAsync(TestClinic clinic, Demographics patient)
    {
        await using var tx = await clinic.The<TenantDb>().BeginAsync(clinic.Actor(ClinicRole.FrontDesk), Permission.EditPatients, default);
        Assert.True((await PatientRegister.CreateAsync(tx, patient, "patient.created", default)).IsOk);
        await tx.CommitAsync(default);
    }

    private static async Task<JsonDocument> SearchAsync(TestClinic clinic, ClinicRole role, string text)
    {
        var answer = await clinic.As(role).PostAsJsonAsync("/api/v1/patients/search", new { text });
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
    }

    private static async Task<IEnumerable<string?>> FindAsync(TestClinic clinic, string text) =>
        (await SearchAsync(clinic, ClinicRole.FrontDesk, text)).RootElement.GetProperty("patients").EnumerateArray().Select(it => it.GetProperty("name").GetString()).ToList();
}
