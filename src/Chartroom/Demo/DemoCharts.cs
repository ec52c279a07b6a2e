using Chartroom.Charts;

namespace Chartroom.Demo;

/// <summary>Plausible charts for the made-up people: problems that go with their age, the drugs that go with those, two years of vitals and laboratory values.</summary>
internal static class DemoCharts
{
    private const string Icd = "http://hl7.org/fhir/sid/icd-10-cm", Loinc = "http://loinc.org";

    /// <param name="Drug">Name with strength, as it is prescribed.</param>
    private sealed record Condition(string Name, string Code, int FromAge, string? Drug, string? Sig, bool RaisesPressure = false, bool RaisesSugar = false);

    private static readonly Condition[] Conditions =
    [
        new("Essential hypertension", "I10", 35, "Lisinopril 10 mg tablet", "1 tablet by mouth once a day", RaisesPressure: true),
        new("Type 2 diabetes mellitus", "E11.9", 40, "Metformin 1000 mg tablet", "1 tablet by mouth twice a day with meals", RaisesSugar: true),
        new("Hyperlipidemia", "E78.5", 40, "Atorvastatin 40 mg tablet", "1 tablet by mouth once a day"),
        new("Hypothyroidism", "E03.9", 25, "Levothyroxine 75 mcg tablet", "1 tablet by mouth every morning before breakfast"),
        new("Asthma, mild intermittent", "J45.20", 5, "Albuterol 90 mcg inhaler", "2 puffs every 4 to 6 hours as needed"),
        new("Gastro-esophageal reflux disease", "K21.9", 20, "Omeprazole 20 mg capsule", "1 capsule by mouth once a day before breakfast"),
        new("Major depressive disorder, single episode, mild", "F32.0", 18, "Sertraline 50 mg tablet", "1 tablet by mouth once a day"),
        new("Migraine without aura", "G43.009", 16, "Sumatriptan 50 mg tablet", "1 tablet at onset, may repeat once after 2 hours"),
        new("Primary osteoarthritis of the right knee", "M17.11", 50, null, null),
        new("Allergic rhinitis", "J30.9", 4, null, null),
    ];

    private static readonly (string Substance, string Reaction, Criticality Criticality)[] Allergies =
    [
        ("Penicillin", "Rash", Criticality.High), ("Sulfonamide antibiotics", "Hives", Criticality.High), ("Peanut", "Swelling of the lips", Criticality.High),
        ("Latex", "Contact dermatitis", Criticality.Low), ("Codeine", "Nausea", Criticality.Low),
    ];

    /// <summary>All entries of one person, oldest first.</summary>
    /// <param name="seed">Number of the person; the same number gives the same chart.</param>
    /// <param name="born">Day of birth.</param>
    /// <param name="now">The present instant.</param>
    public static IEnumerable<Entry> Of(int seed, DateOnly born, DateTimeOffset now)
    {
        var dice = new Random(7_000 + seed);
        var age = (DateOnly.FromDateTime(now.UtcDateTime).DayNumber - born.DayNumber) / 365;
        var has = Conditions.Where(it => it.FromAge <= age && dice.Next(100) < 28).ToArray();
        foreach (var condition in has)
        {
            var since = now.AddDays(-dice.Next(200, 3000));
            yield return new Entry.Problem { Code = Coded(condition.Name, Icd, condition.Code), Status = ProblemStatus.Active, Verification = Verification.Confirmed, Onset = PartialTime.Of(DateOnly.FromDateTime(since.UtcDateTime)) };
            if (condition.Drug is { } drug)
                yield return new Entry.Medication { Code = new() { Text = drug }, Status = MedicationStatus.Active, Intent = "order", Dosages = [new() { Text = condition.Sig }], Start = PartialTime.Of(DateOnly.FromDateTime(since.UtcDateTime)) };
        }
        if (dice.Next(100) < 30) yield return AllergyOf(Allergies[dice.Next(Allergies.Length)]);
        for (var visit = 6; visit >= 1; visit--)
        {
            var at = now.AddDays(-visit * 110 + dice.Next(-20, 20));
            foreach (var entry in Visit(dice, has, age, at)) yield return entry;
        }
        if (age >= 5) yield return new Entry.Immunization { Vaccine = new() { Text = "Influenza vaccine, inactivated" }, Status = ImmunizationStatus.Completed, Given = PartialTime.Of(DateOnly.FromDateTime(now.AddDays(-dice.Next(20, 300)).UtcDateTime)) };
    }

    private static IEnumerable<Entry> Visit(Random dice, Condition[] has, int age, DateTimeOffset at)
    {
        var isHigh = has.Any(it => it.RaisesPressure);
        var when = PartialTime.Of(at);
        yield return Panel(when, ("8480-6", "Systolic", dice.Next(isHigh ? 126 : 104, isHigh ? 154 : 128)), ("8462-4", "Diastolic", dice.Next(isHigh ? 76 : 62, isHigh ? 96 : 82)));
        yield return Vital(when, "8867-4", "Heart rate", dice.Next(58, 92), "/min");
        yield return Vital(when, "29463-7", "Body weight", Math.Round((decimal)(Math.Min(age, 18) * 3.4) + 8 + dice.Next(0, 24), 1), "kg");
        if (dice.Next(2) == 0) yield return Vital(when, "8310-5", "Body temperature", 36.4m + (dice.Next(0, 9) / 10m), "Cel");
        if (has.Any(it => it.RaisesSugar)) yield return Laboratory(when, "4548-4", "Hemoglobin A1c", 6.6m + (dice.Next(0, 24) / 10m), "%", 4.0m, 5.6m);
        if (age > 40) yield return Laboratory(when, "2160-0", "Creatinine", 0.7m + (dice.Next(0, 6) / 10m), "mg/dL", 0.6m, 1.2m);
        if (age > 40 && dice.Next(2) == 0) yield return Laboratory(when, "13457-7", "LDL cholesterol", dice.Next(72, 168), "mg/dL", null, 130);
    }

    private static Entry.Allergy AllergyOf((string Substance, string Reaction, Criticality Criticality) allergy) => new()
    {
        Code = new() { Text = allergy.Substance },
        Status = AllergyStatus.Active,
        Verification = Verification.Confirmed,
        Criticality = allergy.Criticality,
        Reactions = [new() { Manifestations = [new() { Text = allergy.Reaction }] }],
    };

    private static Entry.Vital Panel(PartialTime at, params (string Code, string Name, int Value)[] parts) => new()
    {
        Status = ObservationStatus.Final,
        What = new() { Code = Coded("Blood pressure", Loinc, "85354-9") },
        Parts = [.. parts.Select(part => new Measurement { Code = Coded(part.Name, Loinc, part.Code), Value = new() { Amount = new(part.Value, "mm[Hg]", "mmHg") } })],
        Taken = at,
    };

    private static Entry.Vital Vital(PartialTime at, string code, string name, decimal value, string unit) =>
        new() { Status = ObservationStatus.Final, What = new() { Code = Coded(name, Loinc, code), Value = new() { Amount = new(value, unit) } }, Taken = at };

    private static Entry.Result Laboratory(PartialTime at, string code, string name, decimal value, string unit, decimal? low, decimal? high) => new()
    {
        Status = ObservationStatus.Final,
        Categories = [new() { Text = "laboratory" }],
        What = new() { Code = Coded(name, Loinc, code), Value = new() { Amount = new(value, unit) }, Ranges = [new(low, high, null)] },
        Taken = at,
    };

    private static Concept Coded(string text, string system, string code) => new() { Text = text, Codings = [new(system, code, text)] };
}
