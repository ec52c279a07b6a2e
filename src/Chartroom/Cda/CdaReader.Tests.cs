using System.Text;
using Chartroom.Charts;
using Chartroom.Import;
using Chartroom.Patients;
using static Chartroom.Cda.CdaSample;

namespace Chartroom.Cda;

public sealed class CdaReaderTests
{
    private const string Cough = "<value xsi:type=\"CD\" code=\"49727002\" codeSystem=\"2.16.840.1.113883.6.96\" displayName=\"Cough\"/>";

    [Fact]
    public void The_head_becomes_the_patient()
    {
        var read = Read(Problem(Cough)).Value.Patients.Single();

        Assert.Equal(("Zoë O’Neill-Ångström", "1980-03-04", Sex.Female), (read.Demographics.LeadName?.Full, read.Demographics.BirthDate?.Text, read.Demographics.Sex));
        Assert.Equal([new("urn:oid:1.2.3.4.5", "4711", null), new("http://hl7.org/fhir/sid/us-ssn", "000-00-0001", "SS")], read.Demographics.Identifiers);
        Assert.Equal((ContactSystem.Phone, "+1-555-010-0001", ContactUse.Mobile), read.Demographics.Telecoms.Select(it => (it.System, it.Value, it.Use!.Value)).Single());
        Assert.Equal("/ClinicalDocument/recordTarget/patientRole", read.Where);
    }

    [Theory]
    [InlineData("<low value=\"2019\"/>", "active", "2019", null, ProblemStatus.Active)]
    [InlineData("<low value=\"201904\"/><high nullFlavor=\"UNK\"/>", "active", "2019-04", null, ProblemStatus.Active)]           // an end that nobody knows is none
    [InlineData("<low value=\"20190407\"/><high value=\"2020\"/>", "active", "2019-04-07", "2020", ProblemStatus.Resolved)]
    [InlineData("<low value=\"20190407\"/>", "completed", "2019-04-07", null, ProblemStatus.Inactive)]
    [InlineData("<low value=\"20190407101112.5-0330\"/>", "active", "2019-04-07T10:11:12.5-03:30", null, ProblemStatus.Active)]
    [InlineData("<low value=\"201904071011+0000\"/>", "active", "2019-04-07T10:11+00:00", null, ProblemStatus.Active)]
    [InlineData("<low value=\"20190407000000\"/>", "active", "2019-04-07", null, ProblemStatus.Active)]                           // a day filled up with zeros
    [InlineData("<low value=\"00000000\"/>", "active", null, null, ProblemStatus.Active)]
    public void A_problem_has_its_dates_as_well_as_they_are_known_and_a_status(string time, string concern, string? onset, string? abated, ProblemStatus status)
    {
        var problem = The<Entry.Problem>(Problem(Cough, time: time, concern: concern));

        Assert.Equal(("Cough", onset, abated, status, 0), (problem.Code.Text, problem.Onset?.Text, problem.Abated?.Text, problem.Status, problem.Comments.Count));
    }

    [Theory]
    [InlineData("20190407101112", "2019-04-07", "effectiveTime low as the sender wrote it, without a time zone: 2019-04-07 10:11:12", 0)]
    [InlineData("20190231", null, "effectiveTime low as the sender wrote it, no date: 20190231", 1)]
    [InlineData("April", null, "effectiveTime low as the sender wrote it, no date: April", 1)]
    public void A_time_that_a_field_cannot_hold_stays_with_the_entry_as_words(string time, string? onset, string words, int told)
    {
        var read = Read(Problem(Cough, time: $"<low value=\"{time}\"/>")).Value;

        var problem = read.Patients.Single().Entries.Select(entry => entry.Entry.Content).OfType<Entry.Problem>().Single();
        Assert.Equal((onset, words), (problem.Onset?.Text, problem.Comments.Single()));
        Assert.Equal(told, read.Types.Where(type => type.Type == "Time").Sum(type => type.LeftOut.Sum(left => left.Count)));
    }

    [Fact]
    public void A_negated_problem_is_refuted_and_no_problems_at_all_is_said_so()
    {
        Assert.Equal(Verification.Refuted, The<Entry.Problem>(Problem(Cough, "negationInd=\"true\"")).Verification);
        var none = The<Entry.Problem>(Problem("<value xsi:type=\"CD\" code=\"55607006\" codeSystem=\"2.16.840.1.113883.6.96\" displayName=\"Problem\"/>", "negationInd=\"true\""));
        Assert.Equal(("No known problems", null), (none.Code.Text, none.Verification));
        Assert.Equal("Fracture (Laterality: Left)", The<Entry.Problem>(Problem("<value xsi:type=\"CD\" code=\"125605004\" codeSystem=\"2.16.840.1.113883.6.96\" displayName=\"Fracture\"><qualifier><name code=\"272741003\" displayName=\"Laterality\"/><value code=\"7771000\" displayName=\"Left\"/></qualifier></value>")).Code.Text);
    }

    [Theory]
    [InlineData("419199007", "<code nullFlavor=\"NA\"/>", "No known allergies", "716186003")]
    [InlineData("416098002", "<code nullFlavor=\"NA\"/>", "No known drug allergies", "409137002")]
    [InlineData("419199007", "<code code=\"105590001\" codeSystem=\"2.16.840.1.113883.6.96\" displayName=\"Substance\"/>", "No known allergies", "716186003")]
    public void No_known_allergies_are_not_an_allergy_to_nothing(string kind, string substance, string text, string code)
    {
        var none = The<Entry.Allergy>(Allergy(substance, "negationInd=\"true\"", kind));

        Assert.Equal((text, code, null), (none.Code.Text, none.Code.Codings.Single().Code, none.Verification));
    }

    [Fact]
    public void A_denied_allergy_is_refuted_and_a_severity_is_no_allergy()
    {
        const string Penicillin = "<code code=\"7980\" codeSystem=\"2.16.840.1.113883.6.88\" displayName=\"Penicillin\"/>";

        Assert.Equal(Verification.Refuted, The<Entry.Allergy>(Allergy(Penicillin, "negationInd=\"true\"")).Verification);
        var allergy = The<Entry.Allergy>(Allergy(Penicillin, kind: "416098002", more: """
            <entryRelationship typeCode="MFST" inversionInd="true"><observation classCode="OBS" moodCode="EVN"><value xsi:type="CD" code="247472004" codeSystem="2.16.840.1.113883.6.96" displayName="Hives"/>
            <entryRelationship typeCode="SUBJ" inversionInd="true"><observation classCode="OBS" moodCode="EVN"><code code="SEV"/><value xsi:type="CD" code="24484000" codeSystem="2.16.840.1.113883.6.96"/></observation></entryRelationship></observation></entryRelationship>
            """));
        Assert.Equal(("allergy", "medication", "Hives", "severe"), (allergy.Type, allergy.Categories.Single(), allergy.Reactions.Single().Manifestations.Single().Text, allergy.Reactions.Single().Severity));
    }

    [Fact]
    public void A_drug_has_its_dose_route_and_both_kinds_of_timing()
    {
        var clock = The<Entry.Medication>(Drug("<effectiveTime xsi:type=\"IVL_TS\"><low value=\"20240501\"/></effectiveTime><effectiveTime xsi:type=\"PIVL_TS\" operator=\"A\"><period value=\"12\" unit=\"h\"/></effectiveTime>",
            "<routeCode code=\"C38288\" codeSystem=\"2.16.840.1.113883.3.26.1.1\" displayName=\"Oral\"/><doseQuantity value=\"1.50\"/><administrationUnitCode code=\"C42998\" displayName=\"Tablet\"/>",
            more: "<precondition><criterion><code code=\"ASSERTION\"/><value xsi:type=\"CD\" code=\"25064002\" displayName=\"headache\"/></criterion></precondition>"));
        var meal = The<Entry.Medication>(Drug("<effectiveTime xsi:type=\"EIVL_TS\" operator=\"A\"><event code=\"ACM\"/></effectiveTime>", "<doseQuantity><low value=\"1\"/><high value=\"2\"/></doseQuantity>"));

        var dosage = clock.Dosages.Single();
        Assert.Equal(("2024-05-01", MedicationStatus.Active, true), (clock.Start?.Text, clock.Status, clock.IsReported));
        Assert.Equal((1.50m, "Tablet", "Oral", 1, 12, "h", true), (dosage.Dose!.Value, dosage.Dose.Unit, dosage.Route!.Text, dosage.Times, dosage.Period, dosage.PeriodUnit, dosage.IsAsNeeded));
        Assert.Equal("1.50", dosage.Dose.Value.ToString(System.Globalization.CultureInfo.InvariantCulture));   // as exact as it was sent
        Assert.Equal(["as needed for headache"], dosage.Instructions);
        Assert.Equal((1m, 2m, "before breakfast"), (meal.Dosages.Single().Dose!.Value, meal.Dosages.Single().DoseUpTo!.Value, meal.Dosages.Single().Instructions.Single()));
    }

    [Theory]
    [InlineData("active", "", MedicationStatus.Active)]
    [InlineData("completed", "", MedicationStatus.Unknown)]                             // written is not stopped
    [InlineData("completed", "<high value=\"20240601\"/>", MedicationStatus.Completed)]
    [InlineData("aborted", "", MedicationStatus.Stopped)]
    [InlineData("suspended", "", MedicationStatus.OnHold)]
    public void A_drug_that_may_still_be_taken_does_not_vanish_from_the_list(string status, string high, MedicationStatus expected) =>
        Assert.Equal(expected, The<Entry.Medication>(Drug($"<effectiveTime xsi:type=\"IVL_TS\"><low value=\"20240501\"/>{high}</effectiveTime>", status: status)).Status);

    [Theory]
    [InlineData("<value xsi:type=\"PQ\" value=\"5.60\" unit=\"mmol/L\"/>", "5.60 mmol/L")]
    [InlineData("<value xsi:type=\"IVL_PQ\"><high value=\"0.5\" unit=\"mg/dL\" inclusive=\"false\"/></value>", "<0.5 mg/dL")]
    [InlineData("<value xsi:type=\"IVL_PQ\"><low value=\"60\" unit=\"mL\"/></value>", ">=60 mL")]
    [InlineData("<value xsi:type=\"IVL_PQ\"><low value=\"1\" unit=\"g\"/><high value=\"2\" unit=\"g\"/></value>", "1–2 g")]
    [InlineData("<value xsi:type=\"CD\" code=\"260385009\" codeSystem=\"2.16.840.1.113883.6.96\" displayName=\"Negative\"/>", "Negative")]
    [InlineData("<value xsi:type=\"ST\">no growth</value>", "no growth")]
    [InlineData("<value xsi:type=\"PQ\" value=\"&gt;60\" unit=\"mL\"/>", ">60 mL")]       // not a number; kept as written
    public void A_result_is_what_was_measured(string value, string words) =>
        Assert.Equal(words, ObservationEntry.Words(The<Entry.Result>(Result(value)).What.Value!));

    [Fact]
    public void A_result_that_says_what_was_not_found_never_stands_as_one_that_was()
    {
        var file = Encoding.UTF8.GetString(Document(Result("<value xsi:type=\"CD\" code=\"1\" displayName=\"Impaired\"/>"))).Replace("<observation classCode=\"OBS\"", "<observation negationInd=\"true\" classCode=\"OBS\"", StringComparison.Ordinal);

        var read = CdaDocument.Read(Encoding.UTF8.GetBytes(file)).Value;

        Assert.Empty(read.Patients.Single().Entries);
        Assert.Equal((0, "it says what was not found; its words are kept with the document"), read.Types.Where(type => type.Type == "Result").Select(type => (type.In, type.LeftOut.Single().Reason)).Single());
    }

    [Fact]
    public void What_the_chart_has_no_place_for_is_counted_with_a_reason_and_its_words_are_kept()
    {
        var read = Read(Section("18776-5", "Plan", Entry("<observation classCode=\"OBS\" moodCode=\"GOL\"><code code=\"1\"/></observation>"), "<list><item>Walk <content revised=\"delete\">never</content>daily</item></list>")
            + Section("10157-6", "Family", Entry("<organizer classCode=\"CLUSTER\" moodCode=\"EVN\"><templateId root=\"2.16.840.1.113883.10.20.22.4.45\"/></organizer>"), "<table><tbody><tr><td>Mother</td><td>Asthma</td></tr></tbody></table>")).Value;

        Assert.Equal([("Document", 1, 0), ("FamilyHistory", 0, 1), ("Patient", 1, 0), ("Plan", 0, 1)], read.Types.Select(type => (type.Type, type.In, type.LeftOut.Sum(left => left.Count))));
        var document = Assert.IsType<Entry.Document>(read.Patients.Single().Entries.Single().Entry.Content);
        Assert.Equal([("Plan", "- Walk daily"), ("Family", "Mother | Asthma")], document.Attachments.Select(part => (part.Title!, part.Text!)));
        Assert.Equal("2024-05-06T09:00:00+02:00", document.Written?.Text);
    }

    [Fact]
    public void One_identifier_for_two_things_makes_two_entries_and_the_same_thing_twice_makes_one()
    {
        const string Five = "<value xsi:type=\"PQ\" value=\"5\" unit=\"mmol/L\"/>", Six = "<value xsi:type=\"PQ\" value=\"6\" unit=\"mmol/L\"/>";

        var read = Read(Result(Five) + Result(Six) + Result(Five)).Value;
        var turned = Read(Result(Six) + Result(Five)).Value;

        Assert.Equal(Keys(read), Keys(turned));   // in whatever order the next document has them
        Assert.Equal((2, 1), read.Types.Where(type => type.Type == "Result").Select(type => (type.In, type.LeftOut.Sum(left => left.Count))).Single());
        Assert.Equal(2, Keys(read).Count);
        static HashSet<string> Keys(ReadBundle read) => [.. read.Patients.Single().Entries.Select(entry => entry.Entry.Key)];
    }

    [Fact]
    public void Older_documents_without_the_templates_are_told_by_their_sections()
    {
        const string Act = """<act classCode="ACT" moodCode="EVN"><entryRelationship><observation classCode="OBS" moodCode="EVN"><code nullFlavor="NA"/><value xsi:type="CD" code="{0}" codeSystem="2.16.840.1.113883.6.96" displayName="{1}"/></observation></entryRelationship></act>""";
        const string Pulse = """<organizer classCode="CLUSTER" moodCode="EVN"><component><observation classCode="OBS" moodCode="EVN"><code code="x" codeSystemName="Local" displayName="Pulse"/><value xsi:type="PQ" value="70" unit="/min"/></observation></component></organizer>""";

        var read = Read(Section("11450-4", "Problems", Entry(Act.Replace("{0}", "38341003", StringComparison.Ordinal).Replace("{1}", "Hypertension", StringComparison.Ordinal)))
            + Section("48765-2", "Allergies", Entry(Act.Replace("{0}", "91936005", StringComparison.Ordinal).Replace("{1}", "Allergy to penicillin", StringComparison.Ordinal))) + Section("8716-3", "Vitals", Entry(Pulse))
            + Section("10160-0", "Drugs", Entry("<substanceAdministration moodCode=\"EVN\"><consumable/></substanceAdministration>"))).Value.Patients.Single();

        Assert.Equal(["Hypertension", "Allergy to penicillin", "Pulse", "A drug that the document does not name"], read.Entries.Select(entry => entry.Entry.Content).Select(content => content switch
        {
            Entry.Problem it => it.Code.Text, Entry.Allergy it => it.Code.Text, Entry.Vital it => it.What.Code.Text, Entry.Medication it => it.Code.Text, _ => null,
        }).OfType<string>());
    }

    [Fact]
    public void A_document_of_another_program_cannot_break_the_reading_by_facts_that_are_none()
    {
        const string Fact = "<entryRelationship typeCode=\"REFR\"><observation><code code=\"{0}\" codeSystemName=\"FHIR R4 element\"/><value xsi:type=\"ST\">x9</value></observation></entryRelationship>";
        var facts = string.Concat(new[] { "status", "timing.frequency", "timing.period", "refills", "reported" }.Select(name => Fact.Replace("{0}", name, StringComparison.Ordinal)));

        var drug = The<Entry.Medication>(Drug("<effectiveTime xsi:type=\"SXPR_TS\"><comp xsi:type=\"PIVL_TS\"><period value=\"8\" unit=\"h\"/></comp></effectiveTime>", more: facts));

        Assert.Equal((MedicationStatus.Active, 1, 8), (drug.Status, drug.Dosages.Single().Times, drug.Dosages.Single().Period));
    }

    [Theory]
    [InlineData("<section xmlns=\"urn:hl7-org:v3\"><title>SECRET</title></section>", "cda.fragment", "/section")]
    [InlineData("<entry xmlns=\"urn:hl7-org:v3\"><act/></entry>", "cda.fragment", "/entry")]
    [InlineData("<html><body>SECRET</body></html>", "cda.not-a-document", null)]
    [InlineData("<ClinicalDocument xmlns=\"urn:hl7-org:v3\"><title>SECRET</title></ClinicalDocument>", "cda.no-patient", "/ClinicalDocument")]
    [InlineData("<ClinicalDocument xmlns=\"urn:hl7-org:v3\"><title>SECRET</ClinicalDocument>", "cda.not-xml", null)]
    [InlineData("<ClinicalDocument xmlns=\"urn:hl7-org:v3\"><title>SECRET &undeclared;</title></ClinicalDocument>", "cda.not-xml", null)]
    [InlineData("<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><ClinicalDocument xmlns=\"urn:hl7-org:v3\"><title>&x; SECRET</title></ClinicalDocument>", "cda.has-doctype", null)]
    [InlineData("<!DOCTYPE a><ClinicalDocument xmlns=\"urn:hl7-org:v3\"><title>SECRET</title></ClinicalDocument>", "cda.has-doctype", null)]
    [InlineData("<?xml version=\"1.0\" encoding=\"x-nobody-knows\"?><a>SECRET</a>", "cda.not-xml", null)]
    public void What_is_no_document_about_one_patient_is_refused_and_never_repeated(string xml, string code, string? where)
    {
        var refusal = CdaDocument.Read(Encoding.UTF8.GetBytes(xml)).Refusal!;

        Assert.Equal((code, where), (refusal.Code, refusal.Errors.Keys.SingleOrDefault()));
        Assert.DoesNotContain("SECRET", System.Text.Json.JsonSerializer.Serialize(refusal), StringComparison.Ordinal);
    }

    [Fact]
    public void A_broken_birth_date_file_or_second_patient_refuses_the_document_and_is_named()
    {
        var birth = CdaDocument.Read(Document("", Patient.Replace("19800304", "19801399", StringComparison.Ordinal))).Refusal!;
        var second = CdaDocument.Read(Document("", Patient + Patient)).Refusal!;
        var file = CdaDocument.Read(Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(Document("")).Replace("<structuredBody></structuredBody>", "<nonXMLBody><text mediaType=\"application/pdf\" representation=\"B64\">JVBERi0x!</text></nonXMLBody>", StringComparison.Ordinal))).Refusal!;

        Assert.Equal(("cda.invalid-birth-date", "/ClinicalDocument/recordTarget/patientRole/patient/birthTime"), (birth.Code, birth.Errors.Keys.Single()));
        Assert.Equal(("cda.several-patients", "/ClinicalDocument/recordTarget[2]/patientRole"), (second.Code, second.Errors.Keys.Single()));
        Assert.Equal(("cda.not-base64", "/ClinicalDocument/component/nonXMLBody/text"), (file.Code, file.Errors.Keys.Single()));
    }

    [Fact]
    public void Depth_and_number_of_elements_have_a_limit()
    {
        Assert.Equal("cda.too-deep", CdaDocument.Read(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("<a>", 100_000)))).Refusal?.Code);
        Assert.Equal("cda.too-many-elements", CdaDocument.Read(Encoding.UTF8.GetBytes("<a>" + string.Concat(Enumerable.Repeat("<b/>", 1_000_001)) + "</a>")).Refusal?.Code);
    }

    [Fact]
    public void Words_that_many_entries_refer_to_are_cut_and_have_a_limit_in_all()
    {
        const string Linked = "<value xsi:type=\"ST\"><reference value=\"#n\"/></value>";
        var story = $"<content ID=\"n\">{new string('w', 5000)}</content>";
        var entries = Read(Section("10164-2", "History", "", story) + Result(Linked)).Value.Patients.Single().Entries.Select(entry => entry.Entry.Content).ToList();

        Assert.Equal(new string('w', 3999) + "…", entries.OfType<Entry.Result>().Single().What.Value!.Text);
        Assert.Contains(entries.OfType<Entry.Document>().Single().Attachments, part => part.Text == new string('w', 5000));
        Assert.Equal("cda.too-many-words", Read(Section("10164-2", "History", "", story) + string.Concat(Enumerable.Repeat(Result(Linked), 5001))).Refusal?.Code);
    }

    [Fact]
    public void Reading_ends_when_nobody_waits_for_it() =>
        Assert.Throws<OperationCanceledException>(() => CdaDocument.Read(Document(Problem(Cough)), new CancellationToken(canceled: true)));

    [Theory]
    [InlineData("UTF-16", true), InlineData("UTF-16", false), InlineData("ISO-8859-1", false), InlineData("windows-1252", false)]
    public void Text_in_other_encodings_is_read(string name, bool isBigEndian)
    {
        var text = Encoding.UTF8.GetString(Document(Problem(Cough))).Replace("UTF-8", name, StringComparison.Ordinal).Replace('’', '-');
        var encoding = name == "UTF-16" ? new UnicodeEncoding(isBigEndian, byteOrderMark: true) : Encoding.Latin1;   // what stands here is the same in both
        byte[] file = [.. encoding.GetPreamble(), .. encoding.GetBytes(text)];

        Assert.True(CdaDocument.IsXml(file));
        Assert.Equal("Zoë O-Neill-Ångström", CdaDocument.Read(file).Value.Patients.Single().Demographics.LeadName?.Full);
    }
}
