using System.IO.Compression;
using System.Text;
using Chartroom.Charts;
using Chartroom.Patients;

namespace Chartroom.Import;

public sealed class FhirBundleTests
{
    [Fact]
    public void A_bundle_becomes_one_patient_with_entries_and_a_report_that_adds_up()
    {
        var read = Sample.Read(Sample.Visit).Value;

        var patient = Assert.Single(read.Patients);
        Assert.Equal("Bundle.entry[0] Patient/p1", patient.Where);
        Assert.Equal(["urn:sample:mrn|4711"], PatientIdentity.Of(patient.Demographics));
        Assert.Equal(
            [
                ("e1", EntryKind.Encounter, null), ("c1", EntryKind.Problem, "Encounter/e1"), ("a1", EntryKind.Allergy, null),
                ("m1", EntryKind.Medication, "Encounter/e1"), ("o1", EntryKind.Vital, "Encounter/e1"), ("o2", EntryKind.Result, "Encounter/e1"),
                ("r1", EntryKind.Report, "Encounter/e1"), ("d1", EntryKind.Document, "Encounter/e1"),
            ],
            patient.Entries.Select(entry => (entry.Entry.Key.Split('/')[1], entry.Entry.Content.Kind, entry.Entry.EncounterKey)));
        Assert.Equal(Sample.Visit.Length, read.Types.Sum(type => type.Total));
        Assert.Equal(
            ["only the name is kept, on the entries that mention it"],
            read.Types.Single(type => type.Type == "Practitioner").LeftOut.Select(left => left.Reason));
    }

    [Fact]
    public void Demographics_keep_former_names_numbers_languages_and_insurance()
    {
        var person = Sample.Read(Sample.Visit).Value.Patients[0].Demographics;

        Assert.Equal(("Zoë O’Neill-Ångström", "Zoe Former"), (person.LeadName!.Full, person.Names.Single(name => name.Use == NameUse.Former).Full));
        Assert.Equal((new DateOnly(1980, 3, 4), Sex.Female, "000-00-0001"), (person.BirthDate?.Day, person.Sex, person.SocialSecurityNumber));
        Assert.Equal(new SpokenLanguage("es", "Spanish", true), Assert.Single(person.Languages));
        Assert.Equal(("Sample Health", "M-1", "self"), person.Coverages.Select(cover => (cover.Payer, cover.MemberId, cover.Relationship)).Single());
        Assert.True(Assert.Single(person.Contacts).IsEmergencyContact);
    }

    [Fact]
    public void Entries_keep_who_what_when_and_how_much()
    {
        var entries = Sample.Read(Sample.Visit).Value.Patients[0].Entries.ToDictionary(entry => entry.Entry.Key, entry => entry.Entry.Content);

        var pressure = Assert.IsType<Entry.Vital>(entries["Observation/o1"]);
        Assert.Equal(
            [(VitalSign.Systolic, 128m), (VitalSign.Diastolic, 82m)],
            Vitals.Readings(pressure).Select(reading => (reading.Scale.Sign, reading.Value)));
        var drug = Assert.IsType<Entry.Medication>(entries["MedicationRequest/m1"]);
        Assert.Equal(("Samplomycin 10 MG Oral Tablet", "Dr. Ada Sample", 2), (drug.Code.Text, Assert.Single(drug.By), drug.Dosages[0].Times));
        Assert.Equal("Sample cough", Assert.Single(drug.Reasons).Text);
        var result = Assert.IsType<Entry.Result>(entries["Observation/o2"]);
        Assert.Equal((new Quantity(5.60m, "mmol/L"), "2024-05-06T09:30:00+02:00"), (result.What.Value!.Amount, result.At!.Text));
        Assert.Equal(new EntryReference("Observation/o2", "Glucose"), Assert.Single(Assert.IsType<Entry.Report>(entries["DiagnosticReport/r1"]).Results));
        Assert.Equal("Grüße", Assert.IsType<Entry.Document>(entries["DocumentReference/d1"]).Attachments[0].Text);
    }

    [Fact]
    public async Task Gzip_is_recognised_by_content_and_gives_the_same()
    {
        var plain = Sample.Bundle(Sample.Visit);
        using var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true)) await gzip.WriteAsync(plain);
        packed.Position = 0;

        var read = await FhirBundle.ReadAsync(packed, FhirBundle.DefaultLimitBytes, CancellationToken.None);

        Assert.Equal(Sample.Read(Sample.Visit).Value.Types.Select(type => (type.Type, type.In)), read.Value.Types.Select(type => (type.Type, type.In)));
    }

    [Fact]
    public async Task A_bomb_of_a_gigabyte_is_refused_before_it_is_unpacked()
    {
        using var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionLevel.SmallestSize, leaveOpen: true))   // a megabyte: small enough to be looked into
            for (var written = 0; written < 1024; written++) await gzip.WriteAsync(new byte[1024 * 1024]);
        packed.Position = 0;
        var (before, thread) = (GC.GetAllocatedBytesForCurrentThread(), Environment.CurrentManagedThreadId);   // nothing here waits, so it stays on this thread, where no other test allocates

        var read = await FhirBundle.ReadAsync(packed, limitBytes: 8 * 1024 * 1024, CancellationToken.None);

        Assert.Equal(("import.too-large", 413), (read.Refusal?.Code, read.Refusal?.Status));
        Assert.Equal(thread, Environment.CurrentManagedThreadId);   // no floor: buffers may come out of the pool, where other tests left theirs
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 128 * 1024 * 1024);
    }

    [Theory]
    [InlineData("resourceType", "Bundle", "Patient", "import.not-a-bundle")]
    [InlineData("type", "transaction", "history", "import.bundle-type")]
    [InlineData("type", "transaction", "message", "import.bundle-type")]
    public void Only_bundles_that_carry_records_are_read(string element, string was, string becomes, string code)
    {
        var text = Encoding.UTF8.GetString(Sample.Bundle(Sample.Visit));
        var at = text.IndexOf($"\"{element}\":\"{was}\"", StringComparison.Ordinal);
        var changed = text[..at] + $"\"{element}\":\"{becomes}\"" + text[(at + element.Length + was.Length + 5)..];

        Assert.Equal(code, FhirBundle.Read(Encoding.UTF8.GetBytes(changed)).Refusal?.Code);
    }

    [Theory]
    [InlineData("", "import.empty-file")]
    [InlineData(" \n", "import.empty-file")]
    [InlineData("{", "import.not-json")]
    [InlineData("<Bundle xmlns='http://hl7.org/fhir'/>", "import.not-json")]
    [InlineData("{\"resourceType\":\"Bundle\",\"resourceType\":\"Bundle\"}", "import.not-json")] // which of the two is meant?
    [InlineData("[]", "import.not-a-bundle")]
    [InlineData("null", "import.not-a-bundle")]
    [InlineData("{\"resourceType\":7}", "import.not-a-bundle")]
    [InlineData("{\"resourceType\":\"Bundle\",\"type\":\"collection\"}", "import.no-patient")]
    [InlineData("{\"resourceType\":\"Bundle\",\"type\":\"collection\",\"entry\":{}}", "import.wrong-type")]
    [InlineData("{\"resourceType\":\"Bundle\",\"type\":\"collection\",\"entry\":[1]}", "import.wrong-type")]
    [InlineData("{\"resourceType\":\"Bundle\",\"type\":\"collection\",\"entry\":[{\"resource\":[]}]}", "import.wrong-type")]
    [InlineData("{\"resourceType\":\"Bundle\",\"type\":\"collection\",\"entry\":[{\"resource\":{}}]}", "import.missing-element")]
    [InlineData("{\"resourceType\":\"Bundle\",\"type\":\"collection\",\"x\":\"\\ud800\"}", "import.not-utf8")] // half a character, escaped
    [InlineData("{\"resourceType\":\"Bundle\",\"type\":\"collection\",\"x\":\"\\udc00\\ud800\"}", "import.not-utf8")]
    [InlineData("{\"resourceType\":\"Bundle\",\"type\":\"collection\",\"x\":\"\\\\ud800 \\ud83d\\ude00\"}", "import.no-patient")] // a backslash, and a whole one
    public void A_file_that_is_no_bundle_is_refused(string text, string code) =>
        Assert.Equal(code, FhirBundle.Read(Encoding.UTF8.GetBytes(text)).Refusal?.Code);

    [Theory]
    [InlineData(63, "import.no-patient")]  // 64 levels with the bundle's own
    [InlineData(64, "import.too-deep")]
    [InlineData(1_000_000, "import.too-deep")]
    public void Nesting_ends_at_sixty_four(int levels, string code)
    {
        var text = $"{{\"resourceType\":\"Bundle\",\"type\":\"collection\",\"x\":{new string('[', levels)}{new string(']', levels)}}}";

        Assert.Equal(code, FhirBundle.Read(Encoding.UTF8.GetBytes(text)).Refusal?.Code);
    }

    [Fact]
    public void Text_that_is_not_utf8_is_refused()
    {
        var utf16 = Encoding.Unicode.GetBytes(Encoding.UTF8.GetString(Sample.Bundle(Sample.Visit)));
        var latin = Encoding.Latin1.GetBytes(Encoding.UTF8.GetString(Sample.Bundle(Sample.Visit)));

        Assert.Equal(("import.not-utf8", "import.not-utf8"), (FhirBundle.Read(latin).Refusal?.Code, FhirBundle.Read((byte[])[0xff, 0xfe, .. utf16]).Refusal?.Code));
    }

    [Fact]
    public async Task Half_a_file_is_refused_wherever_it_was_cut()
    {
        var whole = Sample.Bundle(Sample.Visit);
        for (var length = 1; length < whole.Length; length += 97)
            Assert.Equal("import.not-json", FhirBundle.Read(whole.AsMemory(0, length)).Refusal?.Code);

        using var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true)) await gzip.WriteAsync(whole);
        var cut = await FhirBundle.ReadAsync(new MemoryStream(packed.ToArray()[..(int)(packed.Length / 2)]), FhirBundle.DefaultLimitBytes, CancellationToken.None);
        Assert.Contains(cut.Refusal?.Code, new[] { "import.broken-gzip", "import.not-json" });
    }
}
