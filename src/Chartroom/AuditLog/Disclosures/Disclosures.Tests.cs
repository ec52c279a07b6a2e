using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Chartroom.Platform.Audit;
using Chartroom.Platform.Tenancy;

namespace Chartroom.AuditLog;

public sealed class DisclosuresTests
{
    [Fact]
    public async Task AUD_5_A_patients_accounting_of_disclosures_is_one_click_from_the_patient_with_each_purpose_apart()
    {
        await using var clinic = await TestClinic.OpenAsync();
        var (one, other) = (await EnterAsync(clinic, "Emma", "Stone"), await EnterAsync(clinic, "Omar", "Haddad"));
        foreach (var purpose in Enum.GetValues<Purpose>()) await TouchAsync(clinic, one, purpose);
        await TouchAsync(clinic, other, Purpose.Treatment);
        var browser = new TestBrowser(clinic.As(ClinicRole.Admin));

        Assert.Contains($"/patients/{one}/disclosures", (await browser.OpenAsync($"/patients/{one}")).Html, StringComparison.Ordinal);
        var page = await browser.OpenAsync($"/patients/{one}/disclosures");

        Assert.Contains("Emma Stone", page.Html, StringComparison.Ordinal);
        Assert.Contains("March 2, 2020", page.Html, StringComparison.Ordinal);
        foreach (var words in new[] { "Treatment", "Payment", "Operations", "The patient asked", "Emergency access" }) Assert.Contains(words, page.Html, StringComparison.Ordinal);
        // Twice: the patient's page that was opened tells what is owed.
        foreach (var (purpose, expected) in new[] { ("payment", "payment payment"), ("emergency", "emergency"), ("other", "emergency patient_request") })
            Assert.Equal(expected, string.Join(' ', await PurposesAsync(clinic, one, $"?purpose={purpose}")));
        Assert.Equal(HttpStatusCode.BadRequest, (await clinic.As(ClinicRole.Admin).GetAsync($"/api/v1/patients/{one}/disclosures?purpose=curiosity")).StatusCode);
        Assert.Equal([one.Value], await clinic.OneAsync<Guid[]>("select patient_ids from audit_event where action = 'disclosures.read' and door = 'page' limit 1"));
    }

    [Fact]
    public async Task AUD_5_The_accounting_goes_back_six_years_to_the_day_and_no_further()
    {
        await using var clinic = await TestClinic.OpenAsync(now: "2026-03-02T14:00:00Z");
        var patient = await EnterAsync(clinic, "Emma", "Stone");
        clinic.Clock.Advance(TimeSpan.FromDays(1));
        await TouchAsync(clinic, patient, Purpose.Payment);
        clinic.Clock.SetUtcNow(DateTimeOffset.Parse("2032-03-03T14:00:00Z", System.Globalization.CultureInfo.InvariantCulture));
        var admin = clinic.Actor(ClinicRole.Admin);

        var view = await clinic.The<DisclosuresHandler>().HandleAsync(new(patient, null, null, null), "America/New_York", admin, default);

        Assert.Equal(["touched"], view.Value.Part.Disclosures.Select(it => it.Action.Split('.')[1]));   // entered six years and a day ago
    }

    [Fact]
    public async Task AUD_5_The_accounting_leaves_as_csv_and_json_and_its_leaving_is_in_it()
    {
        await using var clinic = await TestClinic.OpenAsync();
        var patient = await EnterAsync(clinic, "Emma", "Stone");
        await TouchAsync(clinic, patient, Purpose.Emergency);
        using var admin = clinic.As(ClinicRole.Admin);

        foreach (var form in new[] { "csv", "json" })
        {
            var file = await admin.GetStringAsync($"/api/v1/exports/audit.{form}?patient={patient}&purpose=other");
            Assert.Contains("record.touched", file, StringComparison.Ordinal);
            Assert.DoesNotContain("patient.created", file, StringComparison.Ordinal);
        }

        Assert.Equal(2, await clinic.OneAsync<long>("select count(*) from audit_event where action = 'audit.exported' and patient_ids = array[@patient]", new { patient = patient.Value }));
    }

    [Fact]
    public async Task AUD_5_What_is_told_of_one_patient_names_no_other_whom_the_same_event_named()
    {
        await using var clinic = await TestClinic.OpenAsync();
        var (one, other) = (await EnterAsync(clinic, "Emma", "Stone"), await EnterAsync(clinic, "Omar", "Haddad"));
        await using (var tx = await clinic.The<TenantDb>().BeginAsync(clinic.Actor(ClinicRole.Provider), Permission.SeePatients, default))
        {
            tx.Audit(new("record.touched", "patient", other.Value, Purpose.Emergency), one, other);
            await tx.CommitAsync(default);
        }
        using var admin = clinic.As(ClinicRole.Admin);

        foreach (var path in new[] { $"/api/v1/patients/{one}/disclosures", $"/patients/{one}/disclosures", $"/api/v1/audit-events?patient={one}", $"/api/v1/exports/audit.csv?patient={one}&purpose=other", $"/api/v1/exports/audit.json?patient={one}" })
        {
            var text = await admin.GetStringAsync(path);
            Assert.True(path.StartsWith("/patients/", StringComparison.Ordinal) || text.Contains("record.touched", StringComparison.Ordinal), path);
            Assert.DoesNotContain($"{other}", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task AUD_5_Only_admins_read_it_and_another_clinics_patient_is_not_there()
    {
        await using var clinic = await TestClinic.OpenAsync();
        await using var theirs = await TestClinic.OpenAsync();
        var (ours, foreign) = (await EnterAsync(clinic, "Emma", "Stone"), await EnterAsync(theirs, "Omar", "Haddad"));

        foreach (var path in new[] { "/patients/{0}/disclosures", "/api/v1/patients/{0}/disclosures" })
        {
            foreach (var role in new[] { ClinicRole.FrontDesk, ClinicRole.Provider })
                Assert.Equal(HttpStatusCode.Forbidden, (await clinic.As(role).GetAsync(path.Replace("{0}", ours.ToString(), StringComparison.Ordinal))).StatusCode);
            foreach (var id in new[] { foreign, PatientId.New() })
                Assert.Equal(HttpStatusCode.NotFound, (await clinic.As(ClinicRole.Admin).GetAsync(path.Replace("{0}", id.ToString(), StringComparison.Ordinal))).StatusCode);
        }
    }

    private static async Task TouchAsync(TestClinic clinic, PatientId patient, Purpose purpose)
    {
        await using var tx = await clinic.The<TenantDb>().BeginAsync(clinic.Actor(ClinicRole.Provider), Permission.SeePatients, default);
        tx.Audit(new("record.touched", "patient", patient.Value, purpose), patient);
        await tx.CommitAsync(default);
        clinic.Clock.Advance(TimeSpan.FromSeconds(1));
    }

    private static async Task<PatientId> EnterAsync(TestClinic clinic, string given, string family)
    {
        var entered = await clinic.As(ClinicRole.FrontDesk).PostAsJsonAsync("/api/v1/patients",
            new { patient = new { name = new { given, family }, birthDate = "1990-05-06" }, confirmed = true });
        return new(JsonDocument.Parse(await entered.Content.ReadAsStringAsync()).RootElement.GetProperty("id").GetGuid());
    }

    private static async Task<IEnumerable<string?>> PurposesAsync(TestClinic clinic, PatientId patient, string query) =>
        JsonDocument.Parse(await clinic.As(ClinicRole.Admin).GetStringAsync($"/api/v1/patients/{patient}/disclosures{query}")).RootElement
            .GetProperty("disclosures").EnumerateArray().Select(it => it.GetProperty("purpose").GetString());
}
