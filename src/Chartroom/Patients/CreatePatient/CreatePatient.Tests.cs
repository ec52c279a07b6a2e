using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Chartroom.Platform.Tenancy;

namespace Chartroom.Patients;

public sealed class CreatePatientTests
{
    private static object Katherine(string given = "Katherine", string family = "Schmidt", string born = "1980-03-04", string? mobile = "303 555 0123", bool confirmed = false) => new
    {
        patient = new { name = new { given, family }, birthDate = born, sex = "female", contact = new { mobile } },
        confirmed,
    };

    [Theory]
    [InlineData(ClinicRole.FrontDesk), InlineData(ClinicRole.Provider), InlineData(ClinicRole.Admin)]
    public async Task Every_role_at_the_clinic_enters_patients_and_each_gets_the_next_number(ClinicRole role)
    {
        await using var clinic = await TestClinic.OpenAsync();

        var (first, _) = await PostAsync(clinic.As(role), Katherine());
        var (second, _) = await PostAsync(clinic.As(role), Katherine("Omar", "Haddad", "1970-01-01", null));

        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.Created), (first.Status, second.Status));
        Assert.Equal((100001, 100002), (first.Body.GetProperty("mrn").GetInt64(), second.Body.GetProperty("mrn").GetInt64()));
        var id = first.Body.GetProperty("id").GetGuid();
        Assert.Equal([id, second.Body.GetProperty("id").GetGuid()], await clinic.RowsAsync<Guid>("select id from patient order by mrn"));
        Assert.Equal([id], await clinic.OneAsync<Guid[]>("select patient_ids from audit_event where action = 'patient.created' and resource_id = @id", new { id }));
    }

    [Theory]   // same day of birth and …
    [InlineData("Catherine", "Schmitt", null)]          // … a name that sounds alike
    [InlineData("Schmidt", "Katherine", null)]          // … the names the wrong way round
    [InlineData("Kathërine", "SCHMIDT", null)]          // … accents and capitals
    [InlineData("Somebody", "Else", "(303) 555-0123")]  // … the same telephone
    public async Task A_likely_twin_is_warned_of_and_entered_only_when_confirmed(string given, string family, string? mobile)
    {
        await using var clinic = await TestClinic.OpenAsync();
        var (first, _) = await PostAsync(clinic.As(ClinicRole.FrontDesk), Katherine());

        var (warned, _) = await PostAsync(clinic.As(ClinicRole.FrontDesk), Katherine(given, family, mobile: mobile));

        Assert.Equal((HttpStatusCode.Conflict, "patients.possible-duplicate"), (warned.Status, warned.Body.GetProperty("code").GetString()));
        Assert.Equal(first.Body.GetProperty("id").GetString(), Assert.Single(warned.Body.GetProperty("candidates").EnumerateArray()).GetString());
        Assert.Equal((1, 100002L), await clinic.OneAsync<(int, long)>("select (select count(*)::int from patient), next from counter where name = 'mrn'"));
        Assert.Equal("refused", await clinic.OneAsync<string>("select outcome from audit_event where action = 'patient.duplicates-found'"));
        var (confirmed, _) = await PostAsync(clinic.As(ClinicRole.FrontDesk), Katherine(given, family, mobile: mobile, confirmed: true));
        Assert.Equal(HttpStatusCode.Created, confirmed.Status);
    }

    [Theory]
    [InlineData("Katherine", "Schmidt", "1980-03-05")]   // another day
    [InlineData("Robert", "Jones", "1980-03-04")]        // another name, another telephone
    public async Task Somebody_else_is_entered_without_a_warning(string given, string family, string born)
    {
        await using var clinic = await TestClinic.OpenAsync();
        await PostAsync(clinic.As(ClinicRole.FrontDesk), Katherine());

        Assert.Equal(HttpStatusCode.Created, (await PostAsync(clinic.As(ClinicRole.FrontDesk), Katherine(given, family, born, null))).Answer.Status);
    }

    [Fact]
    public async Task Eight_desks_enter_the_same_person_at_once_and_seven_are_warned()
    {
        await using var clinic = await TestClinic.OpenAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => PostAsync(clinic.As(ClinicRole.FrontDesk), Katherine())));

        Assert.Equal((1, 7), (answers.Count(it => it.Answer.Status == HttpStatusCode.Created), answers.Count(it => it.Answer.Status == HttpStatusCode.Conflict)));
        Assert.Equal(1, await clinic.OneAsync<long>("select count(*) from patient"));
    }

    [Fact]
    public async Task A_double_click_enters_one_patient_and_answers_the_same_twice()
    {
        await using var clinic = await TestClinic.OpenAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => PostAsync(clinic.As(ClinicRole.FrontDesk), Katherine(), key: "one-click")));

        Assert.All(answers, it => Assert.Equal(HttpStatusCode.Created, it.Answer.Status));
        Assert.Equal(answers[0].Answer.Body.GetProperty("id").GetGuid(), answers[1].Answer.Body.GetProperty("id").GetGuid());
        Assert.Equal(1, await clinic.OneAsync<long>("select count(*) from patient"));
    }

    [Theory]
    [InlineData("A", "B", "1981-02-29", null, "patient.birthDate")]     // 1981 had no 29 February
    [InlineData("A", "B", "2026-03-03", null, "patient.birthDate")]     // tomorrow at the clinic
    [InlineData("A", "B", "1880-01-01", null, "patient.birthDate")]
    [InlineData("A", "B", "4.3.1980", null, "patient.birthDate")]
    [InlineData("A", "B", "", null, "patient.birthDate")]
    [InlineData(" ", "-", "1980-03-04", null, "patient.name.family")]   // no letter in it
    [InlineData("A\u0007", "B", "1980-03-04", null, "patient.name.given")]
    [InlineData("A", "B", "1980-03-04", "12345", "patient.contact.mobile")]
    public async Task What_cannot_be_is_refused_at_its_field_and_leaves_nothing_but_the_trace(string given, string family, string born, string? mobile, string field)
    {
        await using var clinic = await TestClinic.OpenAsync(now: "2026-03-03T04:59:00Z");   // still 2 March in New York

        var (refused, text) = await PostAsync(clinic.As(ClinicRole.FrontDesk), Katherine(given, family, born, mobile));

        Assert.Equal((HttpStatusCode.UnprocessableEntity, "patients.invalid"), (refused.Status, refused.Body.GetProperty("code").GetString()));
        Assert.Equal(field, Assert.Single(refused.Body.GetProperty("errors").EnumerateObject()).Name);
        Assert.DoesNotContain("12345", text, StringComparison.Ordinal);
        Assert.Equal((0, 0, 1, 100001L), await clinic.OneAsync<(int, int, int, long)>("""
            select (select count(*)::int from patient), (select count(*)::int from patient_key), (select count(*)::int from audit_event where outcome = 'refused'), next
            from counter where name = 'mrn'
            """));
    }

    [Theory]
    [InlineData("小明", "王"), InlineData("Nguyễn", "Thị Mỹ-Linh"), InlineData("", "Sukarno"), InlineData("👩‍⚕️Anna", "B"), InlineData("محمد", "العربي")]
    public async Task Names_of_any_script_and_single_names_are_taken_as_written(string given, string family)
    {
        await using var clinic = await TestClinic.OpenAsync();
        var (entered, _) = await PostAsync(clinic.As(ClinicRole.FrontDesk), Katherine(given, family));

        await using var tx = await clinic.The<TenantDb>().BeginAsync(clinic.Actor(ClinicRole.FrontDesk), Permission.SeePatients, default);
        var id = new PatientId(entered.Body.GetProperty("id").GetGuid());
        var lines = await PatientRegister.NamesAsync(tx, [id], new("patient.listed", "patient"), default);
        Assert.Equal($"{given} {family}".Trim(), lines[id].Name);
    }

    [Fact]
    public async Task Half_a_request_and_an_unknown_sex_are_unreadable_not_a_fault()
    {
        await using var clinic = await TestClinic.OpenAsync();
        var desk = clinic.As(ClinicRole.FrontDesk);
        foreach (var body in new[] { "{", "null", "{\"patient\":{\"sex\":7}}", "{\"patient\":{\"sex\":\"x\"}}" })
            Assert.Equal(HttpStatusCode.BadRequest, (await desk.PostAsync("/api/v1/patients", new StringContent(body, null, "application/json"))).StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await desk.PostAsync("/api/v1/patients", new StringContent("{}", null, "application/json"))).StatusCode);
    }

    [Fact]
    public async Task The_same_number_of_another_system_finds_the_patient_again_and_cannot_be_given_to_two()
    {
        await using var clinic = await TestClinic.OpenAsync();
        var somebody = new Demographics { Names = [new() { Family = "Smith" }], Identifiers = [new("urn:hospital", "77", PatientIdentifier.MedicalRecord)] };
        await using (var tx = await clinic.The<TenantDb>().BeginAsync(clinic.Actor(ClinicRole.Provider), Permission.ImportRecords, default))
        {
            var entered = await PatientRegister.CreateAsync(tx, somebody, "patient.imported", default);
            await tx.CommitAsync(default);
            await using var later = await clinic.The<TenantDb>().BeginAsync(clinic.Actor(ClinicRole.Provider), Permission.ImportRecords, default);
            Assert.Equal(entered.Value.Id, await PatientRegister.FindByIdentifierAsync(later, "urn:hospital", "77", default));
            Assert.Null(await PatientRegister.FindByIdentifierAsync(later, "urn:other", "77", default));
        }

        await using (var tx = await clinic.The<TenantDb>().BeginAsync(clinic.Actor(ClinicRole.Provider), Permission.ImportRecords, default))
            Assert.Equal("patients.identifier-taken", (await PatientRegister.CreateAsync(tx, somebody, "patient.imported", default)).Refusal!.Code);
        Assert.Equal((1, 1), await clinic.OneAsync<(int, int)>("select (select count(*)::int from patient), (select count(*)::int from patient_key)"));
    }

    internal static async Task<((HttpStatusCode Status, JsonElement Body) Answer, string Text)> PostAsync(HttpClient client, object body, string? key = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/patients") { Content = JsonContent.Create(body) };
        if (key is not null) request.Headers.Add("Idempotency-Key", key);
        var answer = await client.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        return ((answer.StatusCode, JsonDocument.Parse(text).RootElement), text);
    }
}
