using System.Text.RegularExpressions;
using System.Xml.Linq;
using Chartroom.Charts;
using Chartroom.Import;

namespace Chartroom.Cda;

/// <summary>Rules of CDA R2 and of C-CDA R2.1 that each outgoing document keeps. HL7's schema and schematron are on no mirror that the build uses, so the rules that matter stand here.</summary>
public sealed partial class CdaWriterTests
{
    [SharedDataFact]
    public async Task Every_outgoing_document_keeps_the_rules_of_its_schema()
    {
        foreach (var read in await ReadAsync())
        {
            var root = XDocument.Parse(System.Text.Encoding.UTF8.GetString(CdaDocument.Write(RoundTripTests.Standing(read.Patients.Single())))).Root!;

            Assert.Equal(Header, root.Elements().Select(element => element.Name.LocalName).Distinct());
            Assert.Equal([true, true], new[] { "1.1", "1.2" }.Select(end => root.Many("templateId").Any(template => template.Says("root") == "2.16.840.1.113883.10.20.22." + end && template.Says("extension") == "2015-08-01")));
            foreach (var element in root.Descendants()) AssertKeepsTheSchema(element);
            var sections = root.Many("component/structuredBody/component/section").ToList();
            Assert.Empty(Required.Except(sections.Select(section => section.At("code", "code")!)));
            Assert.All(sections, section => Assert.Equal(section.Many("entry").Any() ? null : "NI", section.Says("nullFlavor")));
            var places = root.Descendants().Select(element => element.Says("ID")).OfType<string>().ToHashSet();
            Assert.All(root.Descendants(V3.Hl7 + "reference").Select(link => link.Says("value")).OfType<string>().Where(link => link.StartsWith('#')), link => Assert.Contains(link[1..], places));
            Assert.All(sections.SelectMany(section => section.Many("entry")).SelectMany(entry => entry.Elements()), entry => Assert.NotEmpty(entry.Many("templateId")));
        }
    }

    [SharedDataFact]
    public async Task What_matters_is_said_in_the_places_that_every_program_reads()
    {
        foreach (var read in await ReadAsync())
        {
            var document = XDocument.Parse(System.Text.Encoding.UTF8.GetString(CdaDocument.Write(RoundTripTests.Standing(read.Patients.Single()))));
            document.Descendants(V3.Hl7 + "observation").Where(Facts.IsFact).Select(fact => fact.Parent!).ToList().ForEach(relation => relation.Remove());

            var plain = CdaDocument.Read(System.Text.Encoding.UTF8.GetBytes(document.ToString(SaveOptions.DisableFormatting))).Value.Patients.Single();

            Assert.Empty(Core(read.Patients.Single().Entries).Except(Core(plain.Entries)).Take(3));
        }
    }

    [Fact]
    public void Characters_that_no_xml_can_hold_are_replaced_and_lines_are_kept()
    {
        var read = CdaSample.Read(CdaSample.Problem("<value xsi:type=\"CD\" code=\"1\" displayName=\"Cough\"/>")).Value.Patients.Single();
        var problem = (Entry.Problem)read.Entries[0].Entry.Content with { Comments = ["one\r\n two\u0001\uD83D\uDE00 \n"] };

        var again = CdaDocument.Read(CdaDocument.Write(RoundTripTests.Standing(read with { Entries = [new("Problem", new("k", problem, null))] }))).Value;

        Assert.Equal(["one\r\n two\uFFFD\uD83D\uDE00 \n"], again.Patients.Single().Entries.Select(entry => entry.Entry.Content).OfType<Entry.Problem>().Single().Comments);
    }

    private static async Task<List<ReadBundle>> ReadAsync()
    {
        var read = RoundTripTests.CdaFiles().Select(file => CdaDocument.Read(File.ReadAllBytes(file)).Value).ToList();
        await using var stream = File.OpenRead(SharedData.Files("clinical/synthea-r4/dev", "*.json.gz")[0]);
        read.Add((await FhirBundle.ReadAsync(stream, FhirBundle.DefaultLimitBytes, default)).Value);
        return read;
    }

    private static void AssertKeepsTheSchema(XElement element)
    {
        if (Orders.TryGetValue(element.Name.LocalName, out var order) && element.Parent?.Name.LocalName is not "documentationOf")
        {
            var names = element.Elements().Select(child => child.Name.LocalName).ToList();
            Assert.True(names.Select(name => Array.IndexOf(order, name)).Aggregate((Last: 0, IsFine: true), (so, at) => (at, so.IsFine && at >= so.Last)).IsFine, $"{element.Where()}: {string.Join(' ', names)}");
            Assert.NotNull(element.Says("classCode"));
            Assert.NotNull(element.Says("moodCode"));
        }
        if (element.Says("codeSystem") is { } oid) Assert.Matches(Identifier(), oid);
        if (element.Name.LocalName is "id" or "templateId" && element.Says("nullFlavor") is null) Assert.Matches(Identifier(), element.Says("root"));
        if (element.Says("unit") is { } unit) Assert.DoesNotContain(unit, char.IsWhiteSpace);
        if (element.Name.LocalName is "low" or "high" or "effectiveTime" or "time" or "birthTime" && element.Parent?.TypeOf() is not "IVL_PQ" && element.Parent?.Name.LocalName != "doseQuantity" && element.Says("value") is { } time)
            Assert.Matches(PointInTime(), time);
        if (element.Name.LocalName == "value" && element.Name.Namespace == V3.Hl7) Assert.Contains(element.TypeOf(), new[] { "CD", "CE", "PQ", "IVL_PQ", "ST", "TS", "II" });
    }

    /// <summary>What the entries say without what only this program looks for: names, times, amounts, routes.</summary>
    private static IEnumerable<string> Core(IReadOnlyList<ReadEntry> entries) => entries.SelectMany(entry => entry.Entry.Content switch
    {
        Entry.Problem it => [$"problem {Codes(it.Code)} {it.Onset} {it.Abated} {it.Status ?? ProblemStatus.Active} {it.Verification == Verification.Refuted}"],
        Entry.Allergy it => [$"allergy {string.Join(',', it.Code.Codings.Take(1))} {it.Onset} {it.Status ?? AllergyStatus.Active} {string.Join(';', it.Reactions.SelectMany(reaction => reaction.Manifestations.Take(1)).Select(Codes))}"],
        Entry.Medication it => [$"drug {Codes(it.Code)} {it.Start} {it.End} {string.Join(';', it.Dosages.Take(1).Select(dosage => $"{dosage.Dose?.Value} {dosage.Route?.Text} {dosage.IsAsNeeded}"))}"],
        Entry.Vital it => Parts(it.What, it.Parts).Select(part => $"measured {part} {it.Taken}"),
        Entry.Result it => Parts(it.What, it.Parts).Select(part => $"measured {part} {it.Taken}"),
        Entry.Immunization it => [$"shot {Codes(it.Vaccine)} {it.Given} {it.Lot} {it.Status == ImmunizationStatus.NotDone}"],
        Entry.Procedure it => [$"procedure {Codes(it.Code)} {it.Start} {it.End}"],
        Entry.Encounter it => [$"visit {it.Class?.Code} {it.Start} {it.End} {it.Place}"],
        _ => Array.Empty<string>(),
    }).Select(line => line.Replace("+00:00", "Z", StringComparison.Ordinal));

    private static IEnumerable<string> Parts(Measurement what, IReadOnlyList<Measurement> parts) =>
        (parts.Count == 0 ? [what] : parts).Select(part => $"{Codes(part.Code)} {(part.Value is null ? "" : ObservationEntry.Words(part.Value))}");

    private static string Codes(Concept concept) => $"{concept.Text} {string.Join(',', concept.Codings.Select(coding => coding.Code))}";

    private static readonly string[] Header =
    [
        "realmCode", "typeId", "templateId", "id", "code", "title", "effectiveTime", "confidentialityCode", "languageCode", "recordTarget", "author", "custodian", "documentationOf", "component",
    ];

    private static readonly string[] Required = ["48765-2", "10160-0", "11450-4", "30954-2", "29762-2", "8716-3"];

    // POCD_MT000040: each class is a sequence
    private static readonly Dictionary<string, string[]> Orders = new()
    {
        ["act"] = "templateId id code text statusCode effectiveTime priorityCode languageCode subject specimen performer author informant participant entryRelationship reference precondition".Split(' '),
        ["observation"] = "templateId id code derivationExpr text statusCode effectiveTime priorityCode repeatNumber languageCode value interpretationCode methodCode targetSiteCode subject specimen performer author informant participant entryRelationship reference precondition referenceRange".Split(' '),
        ["substanceAdministration"] = "templateId id code text statusCode effectiveTime priorityCode repeatNumber routeCode approachSiteCode doseQuantity rateQuantity maxDoseQuantity administrationUnitCode subject specimen consumable performer author informant participant entryRelationship reference precondition".Split(' '),
        ["procedure"] = "templateId id code text statusCode effectiveTime priorityCode languageCode methodCode approachSiteCode targetSiteCode subject specimen performer author informant participant entryRelationship reference precondition".Split(' '),
        ["encounter"] = "templateId id code text statusCode effectiveTime dischargeDispositionCode priorityCode subject specimen performer author informant participant entryRelationship reference precondition".Split(' '),
        ["supply"] = "templateId id code text statusCode effectiveTime priorityCode repeatNumber independentInd quantity expectedUseTime subject specimen product performer author informant participant entryRelationship reference precondition".Split(' '),
        ["organizer"] = "templateId id code statusCode effectiveTime subject specimen performer author informant participant reference precondition component".Split(' '),
    };

    [GeneratedRegex(@"^([0-2](\.(0|[1-9]\d*))+|[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}|[A-Za-z][A-Za-z0-9\-]*)\z")]
    private static partial Regex Identifier();

    [GeneratedRegex(@"^\d{4}(\d\d(\d\d(\d{4}(\d\d(\.\d+)?)?[+-]\d{4})?)?)?\z")]
    private static partial Regex PointInTime();
}
