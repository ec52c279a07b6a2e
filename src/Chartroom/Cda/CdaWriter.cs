using System.Security.Cryptography;
using System.Text;
using System.Xml;
using System.Xml.Linq;
using Chartroom.Charts;
using static Chartroom.Cda.CdaOut;

namespace Chartroom.Cda;

/// <summary>Writes a continuity of care document: US realm header, then one section for each kind of entry, each with its words and its coded entries.</summary>
/// <seealso href="https://hl7.org/cda/us/ccda/STU1.1/2.16.840.1.113883.10.20.22.1.2.html"/>
internal static class CdaWriter
{
    public static byte[] Write(OutgoingChart chart)
    {
        var now = PartialTime.Of(new DateTimeOffset(chart.At.Ticks - (chart.At.Ticks % TimeSpan.TicksPerSecond), chart.At.Offset));
        var document = E("ClinicalDocument", new XAttribute(XNamespace.Xmlns + "xsi", V3.Xsi), new XAttribute(XNamespace.Xmlns + "sdtc", V3.Sdtc), Header(chart, now),
            E("component", E("structuredBody", OutgoingSections.Of(chart).Select(section => E("component", section)))));
        Clean(document);
        using var bytes = new MemoryStream();
        using (var writer = XmlWriter.Create(bytes, new XmlWriterSettings { Encoding = new UTF8Encoding(false), NewLineHandling = NewLineHandling.Entitize })) document.Save(writer);
        return bytes.ToArray();
    }

    private static IEnumerable<XElement> Header(OutgoingChart chart, PartialTime now) =>
    [
        E("realmCode", A("code", "US")), E("typeId", A("root", "2.16.840.1.113883.1.3"), A("extension", "POCD_HD000040")),
        Template("2.16.840.1.113883.10.20.22.1.1", "2015-08-01"), Template("2.16.840.1.113883.10.20.22.1.1"), Template("2.16.840.1.113883.10.20.22.1.2", "2015-08-01"), Template("2.16.840.1.113883.10.20.22.1.2"),
        CdaOut.Id(DocumentId(chart)), Code("code", "34133-9", CodeSystems.Loinc, "Summarization of Episode Note"), E("title", "Summary of care"), Ts("effectiveTime", now),
        Code("confidentialityCode", "N", "urn:oid:2.16.840.1.113883.5.25"), E("languageCode", A("code", "en-US")),
        CdaPatient.Write(chart.Patient, chart.Keeper.Id),
        HeadAuthor(now, E("assignedPerson", E("name", chart.Keeper.Author)), chart),
        HeadAuthor(now, E("assignedAuthoringDevice", E("manufacturerModelName", CdaDocument.Software), E("softwareName", CdaDocument.Software)), chart),
        E("custodian", E("assignedCustodian", E("representedCustodianOrganization", CdaOut.Id(chart.Keeper.Id), E("name", chart.Keeper.Name), Null("telecom", "UNK"), Null("addr", "UNK")))),
        E("documentationOf", A("typeCode", "DOC"), E("serviceEvent", A("classCode", "PCPR"), E("effectiveTime", Ts("low", Begin(chart)), Ts("high", now)))),
    ];

    private static XElement HeadAuthor(PartialTime now, XElement who, OutgoingChart chart) => E("author", Ts("time", now), E("assignedAuthor", Null("id", "NI"), Null("addr", "UNK"), Null("telecom", "UNK"), who,
        E("representedOrganization", CdaOut.Id(chart.Keeper.Id), E("name", chart.Keeper.Name))));

    private static PartialTime? Begin(OutgoingChart chart) => chart.Entries.Select(entry => entry.Content.At).OfType<PartialTime>().MinBy(at => at.Earliest);

    /// <summary>The same chart taken out at the same moment is the same document.</summary>
    private static Guid DocumentId(OutgoingChart chart) => new(SHA256.HashData(Encoding.UTF8.GetBytes($"{chart.Keeper.Id}|{chart.Patient.Line.Id}|{chart.At:O}")).AsSpan(0, 16));

    /// <summary>Characters that no XML can hold become the sign for an unknown one.</summary>
    private static void Clean(XElement document)
    {
        foreach (var text in document.DescendantNodes().OfType<XText>()) text.Value = Clean(text.Value);
        foreach (var attribute in document.DescendantsAndSelf().SelectMany(element => element.Attributes()).Where(attribute => !attribute.IsNamespaceDeclaration)) attribute.Value = Clean(attribute.Value);
    }

    private static string Clean(string text)
    {
        if (text.All(XmlConvert.IsXmlChar)) return text;   // surrogates take the slow way
        var clean = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes()) clean.Append(rune.Value > 0xFFFF || XmlConvert.IsXmlChar((char)rune.Value) ? rune.ToString() : "\uFFFD");
        return clean.ToString();
    }
}
