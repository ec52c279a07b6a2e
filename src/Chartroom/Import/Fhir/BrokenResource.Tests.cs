namespace Chartroom.Import;

public sealed class BrokenResourceTests
{
    [Theory]
    // dates
    [InlineData("o2", "\"2024-05-06T09:30:00+02:00\"", "\"2024-02-30\"", "import.invalid-date", "Bundle.entry[7] Observation/o2", "effectiveDateTime is not a date")]
    [InlineData("o2", "\"2024-05-06T09:30:00+02:00\"", "\"6 May 2024\"", "import.invalid-date", "Bundle.entry[7] Observation/o2", "effectiveDateTime is not a date")]
    [InlineData("p1", "\"1980-03-04\"", "\"1980-03-04T00:00:00Z\"", "import.invalid-date", "Bundle.entry[0] Patient/p1", "birthDate is not a date")]
    [InlineData("e1", "\"2024-05-06T09:00:00+02:00\"", "\"2024-05-06T25:00:00Z\"", "import.invalid-date", "Bundle.entry[2] Encounter/e1", "period.start is not a date")]
    // types
    [InlineData("o1", "128", "\"128\"", "import.wrong-type", "Bundle.entry[6] Observation/o1", "component[0].valueQuantity.value is not a number")]
    [InlineData("o1", "128", "1e400", "import.wrong-type", "Bundle.entry[6] Observation/o1", "component[0].valueQuantity.value is not a number")]
    [InlineData("p1", "[\"Zoë\"]", "\"Zoë\"", "import.wrong-type", "Bundle.entry[0] Patient/p1", "name[0].given is not a list")]
    [InlineData("p1", "\"1980-03-04\"", "19800304", "import.wrong-type", "Bundle.entry[0] Patient/p1", "birthDate is not a string")]
    [InlineData("m1", "{\"frequency\":2", "{\"frequency\":2.5", "import.wrong-type", "Bundle.entry[5] MedicationRequest/m1", "dosageInstruction[0].timing.repeat.frequency is not a whole number")]
    [InlineData("d1", "\"R3LDvMOfZQ==\"", "\"R3L!\"", "import.wrong-type", "Bundle.entry[9] DocumentReference/d1", "content[0].attachment.data is not base64")]
    [InlineData("c1", "\"Sample cough\"", "\"Sample\\u0000cough\"", "import.wrong-type", "Bundle.entry[3] Condition/c1", "code.text holds a character that FHIR forbids")]
    [InlineData("c1", "\"id\":\"c1\"", "\"id\":\"c 1\"", "import.wrong-type", "Bundle.entry[3] Condition", "id is not a FHIR id")]
    // codes and what FHIR requires
    [InlineData("o2", "\"final\"", "\"finished\"", "import.unknown-code", "Bundle.entry[7] Observation/o2", "status is not a code that FHIR knows there")]
    [InlineData("o2", "\"final\"", "\"2\"", "import.unknown-code", "Bundle.entry[7] Observation/o2", "status is not a code that FHIR knows there")]
    [InlineData("o2", "\"status\":\"final\",", "", "import.missing-element", "Bundle.entry[7] Observation/o2", "status is missing")]
    // references
    [InlineData("c1", "Encounter/e1", "urn:uuid:00000000-0000-4000-8000-000000000000", "import.dangling-reference", "Bundle.entry[3] Condition/c1", "encounter.reference is not in the file")]
    [InlineData("c1", "Patient/p1", "Patient/p2", "import.dangling-reference", "Bundle.entry[3] Condition/c1", "subject.reference is not in the file")]
    [InlineData("m1", "#drug", "#other", "import.dangling-reference", "Bundle.entry[5] MedicationRequest/m1", "medicationReference.reference is not in the file")]
    [InlineData("c1", "Encounter/e1", "Observation/o1", "import.wrong-reference", "Bundle.entry[3] Condition/c1", "encounter.reference is not an encounter")]
    // the same thing twice
    [InlineData("o2", "\"id\":\"o2\"", "\"id\":\"o1\"", "import.duplicate-resource", "Bundle.entry[7] Observation/o1", "id stands on an earlier entry too")]
    public void One_broken_resource_refuses_the_file_and_is_named(string id, string was, string becomes, string code, string where, string what)
    {
        var refusal = Sample.Read(Sample.With(id, was, becomes)).Refusal!;

        Assert.Equal((code, where, what), (refusal.Code, refusal.Errors.Single().Key, refusal.Errors.Single().Value));
    }

    [Fact]
    public void A_full_url_that_stands_twice_is_refused()
    {
        var twice = Sample.Bundle([Sample.Visit[0], Sample.Visit[3], Sample.Visit[4]], (_, _) => "urn:uuid:00000000-0000-4000-8000-000000000001");

        Assert.Equal("import.duplicate-full-url", FhirBundle.Read(twice).Refusal?.Code);
    }

    [Fact]
    public void An_encounter_of_somebody_else_is_refused()
    {
        var other = """{"resourceType":"Patient","id":"p2","name":[{"family":"Other"}]}""";
        var visits = Sample.With("e1", "Patient/p1", "Patient/p2");

        Assert.Equal("import.wrong-reference", Sample.Read([.. visits, other]).Refusal?.Code);
    }

    [Fact]
    public void The_same_person_twice_in_one_file_is_refused()
    {
        var again = Sample.Visit[0].Replace("\"p1\"", "\"p9\"", StringComparison.Ordinal);

        Assert.Equal("import.duplicate-resource", Sample.Read([.. Sample.Visit, again]).Refusal?.Code);
    }

    [Fact]
    public void No_refusal_repeats_what_the_file_says()
    {
        // Every value of the sample replaced by a canary of the wrong type or form, one at a time.
        foreach (var resource in Sample.Visit)
            foreach (var value in Sample.StringsOf(resource))
            {
                var read = Sample.Read(Sample.Visit.Select(each =>
                    each == resource ? each.Replace($"\"{value}\"", "\"CANARY, 7\\u00007\"", StringComparison.Ordinal) : each).ToArray());

                if (!read.IsOk) Assert.DoesNotContain("CANARY", string.Concat(read.Refusal.Errors.Select(e => e.Key + e.Value)) + read.Refusal.Title);
            }
    }
}
