using System.Globalization;
using Chartroom.Charts;
using Chartroom.Patients;
using Chartroom.Platform.Tenancy;
using Chartroom.Platform.Vault;

namespace Chartroom.Bench;

/// <summary>
/// The scratch clinic <c>bench-chart</c>: one patient with a thousand encounters over twenty years, each with its visit, its signed note, eight vital signs and two laboratory
/// values; besides them problems and medications. Made once, then found again.
/// </summary>
internal sealed class ChartClinic(IServiceProvider services)
{
    public const int Encounters = 1000;
    private const int DaysApart = 7;
    private const string Slug = "bench-chart", Zone = "America/Denver";

    private static readonly string Words = string.Join(' ', Enumerable.Repeat("The patient reports no change since the last visit and takes all medicines as prescribed; sleep and appetite are good.", 4));

    /// <summary>Makes what is missing; answers the token of a session of the provider there, good for an hour, and the patient.</summary>
    public async Task<(string Token, PatientId Patient)> OpenAsync(CancellationToken ct)
    {
        var clinic = await Shell.ScratchClinic.OpenAsync(services, Slug, "Chart bench", ct);
        var (person, token) = await new BenchAccount(services.GetRequiredService<PlatformDb>()).OpenAsync(clinic, Slug, "provider", ct);
        await using var tx = await services.GetRequiredService<TenantDb>().BeginAsync(Actor.OfSystem(clinic, "cli"), Permission.EditPatients, ct);
        tx.Audit(new("patient.counted", "patient"));
        var patient = await tx.QueryOneOrNoneAsync<PatientId?>("select id from patient order by id limit 1", null, ct) ?? await FillAsync(tx, person.Value, ct);
        await tx.CommitAsync(ct);
        return (token, patient);
    }

    /// <summary>All in one transaction, so that a clinic that was cut off is empty.</summary>
    private static async Task<PatientId> FillAsync(ClinicTx tx, Guid provider, CancellationToken ct)
    {
        var (location, type) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        tx.Queue("insert into staff (id, display_name, role, npi, color) values (@provider, 'Dr. Bench', 'provider', '2000000000', 'teal') on conflict (id) do nothing", new { provider });
        tx.Queue("insert into location (id, name, time_zone) values (@location, 'Bench', @zone)", new { location, zone = Zone });
        tx.Queue("insert into visit_type (id, name, minutes, color) values (@type, 'Visit', 20, 'blue')", new { type });
        var created = await PatientRegister.CreateAsync(tx, SyntheticPeople.Number(1), "patient.created", ct);
        if (!created.IsOk) throw new InvalidOperationException(created.Refusal.Code);
        var patient = created.Value.Id;
        var key = await tx.OpenPatientAsync(patient, new("entry.added", "patient", patient.Value), ct) ?? throw new InvalidOperationException("A patient just entered has a key.");
        for (var number = 0; number < Encounters; number++)
        {
            var visit = new EntryId(Guid.CreateVersion7());
            var local = ClinicTime.Local(tx.Now, Zone).Date.AddDays((number - Encounters) * DaysApart).AddHours(9);
            tx.Queue(InsertVisit, new { id = visit.Value, patient, provider, type, location, local, zone = Zone, now = tx.Now });
            foreach (var (id, content) in EntriesOf(number, visit, new DateTimeOffset(local, TimeSpan.Zero)))
                ChartBook.Add(tx, key, new(id, patient, content) { Encounter = id == visit ? null : visit, Author = new(provider) });
            if (number % 50 == 49) await tx.QueryAsync<int>("select 1", null, ct);   // goes out in parts
        }
        return patient;
    }

    private static IEnumerable<(EntryId, Entry)> EntriesOf(int number, EntryId visit, DateTimeOffset at)
    {
        var when = PartialTime.Of(at);
        var dice = new Random(number);
        yield return (visit, new Entry.Encounter { Status = EncounterStatus.Finished, Class = new(null, "AMB", "Office visit"), Types = [new() { Text = "Visit" }], Start = when, By = ["Dr. Bench"], Place = "Bench", VisitId = visit.Value });
        yield return (EntryId.New(), new Entry.Note { Title = "Visit note", Written = when, Sections = [new("Subjective", Words), new("Objective", Words), new("Assessment", Words), new("Plan", Words)] });
        foreach (var scale in Vitals.Scales.Where(scale => scale.Sign is not (VitalSign.Bmi or VitalSign.Pain or VitalSign.HeadCircumference)))
            yield return (EntryId.New(), new Entry.Vital { Status = ObservationStatus.Final, Taken = when, What = Measured(scale.Loinc, scale.Name, Math.Round(Middle(scale.Sign) * (0.9m + (dice.Next(200) / 1000m)), 1), scale.Unit) });
        foreach (var (code, name, value, unit) in new[] { ("4548-4", "Hemoglobin A1c", 6.0m, "%"), ("2160-0", "Creatinine", 0.9m, "mg/dL") })
            yield return (EntryId.New(), new Entry.Result { Status = ObservationStatus.Final, Taken = when, Categories = [new() { Text = "laboratory" }], What = Measured(code, name, value + (dice.Next(20) / 10m), unit) with { Ranges = [new(value - 1, value + 1, null)] } });
        if (number % 25 == 0) yield return (EntryId.New(), new Entry.Problem { Code = new() { Text = string.Create(CultureInfo.InvariantCulture, $"Problem {number / 25 + 1}") }, Status = number % 100 == 0 ? ProblemStatus.Active : ProblemStatus.Resolved, Onset = when });
        if (number % 20 == 0) yield return (EntryId.New(), new Entry.Medication { Code = new() { Text = string.Create(CultureInfo.InvariantCulture, $"Medicine {number / 20 + 1} 10 mg tablet") }, Status = number % 100 == 0 ? MedicationStatus.Active : MedicationStatus.Stopped, Start = when });
    }

    private static decimal Middle(VitalSign sign) => sign switch
    {
        VitalSign.Systolic => 125, VitalSign.Diastolic => 80, VitalSign.HeartRate => 75, VitalSign.RespiratoryRate => 16, VitalSign.Temperature => 37, VitalSign.OxygenSaturation => 90, VitalSign.Height => 172, _ => 80,
    };

    private static Measurement Measured(string code, string name, decimal value, string unit) =>
        new() { Code = new() { Text = name, Codings = [new(Vitals.Loinc, code, name)] }, Value = new() { Amount = new(value, unit) } };

    private const string InsertVisit = """
        insert into appointment (id, patient_id, provider_id, visit_type_id, location_id, starts_at, ends_at, local_start, time_zone, status, status_changed_at, booked_by, created_at, updated_at)
        values (@id, @patient, @provider, @type, @location, @local::timestamp at time zone @zone::text, (@local::timestamp at time zone @zone::text) + interval '20 minutes', @local::timestamp,
            @zone::text, 'completed', @now, @provider, @now, @now)
        """;
}
