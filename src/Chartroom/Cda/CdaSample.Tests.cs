using System.Text;
using Chartroom.Charts;
using Chartroom.Import;

namespace Chartroom.Cda;

/// <summary>Small made-up documents about a made-up person.</summary>
internal static class CdaSample
{
    public const string Patient = """
        <recordTarget><patientRole><id root="1.2.3.4.5" extension="4711"/><id root="2.16.840.1.113883.4.1" extension="000-00-0001"/>
        <addr use="HP"><streetAddressLine>1 Sample St</streetAddressLine><city>Sampleton</city><state>NY</state><postalCode>10001</postalCode></addr><telecom use="MC" value="tel:+1-555-010-0001"/>
        <patient><name use="L"><given>Zoë</given><family>O’Neill-Ångström</family></name><administrativeGenderCode code="F" codeSystem="2.16.840.1.113883.5.1"/><birthTime value="19800304"/></patient></patientRole></recordTarget>
        """;

    public static byte[] Document(string sections, string? patient = Patient, string before = "") => Encoding.UTF8.GetBytes($"""
        <?xml version="1.0" encoding="UTF-8"?>{before}
        <ClinicalDocument xmlns="urn:hl7-org:v3" xmlns:sdtc="urn:hl7-org:sdtc" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><id root="9.8.7" extension="doc1"/>
        <code code="34133-9" codeSystem="2.16.840.1.113883.6.1" displayName="Summarization of Episode Note"/><title>Sample</title><effectiveTime value="20240506090000+0200"/>{patient}
        <component><structuredBody>{sections}</structuredBody></component></ClinicalDocument>
        """);

    public static string Section(string code, string title, string entries, string text = "") =>
        $"""<component><section><code code="{code}" codeSystem="2.16.840.1.113883.6.1"/><title>{title}</title><text>{text}</text>{entries}</section></component>""";

    public static string Entry(string act) => $"<entry>{act}</entry>";

    public static string Problem(string value, string attributes = "", string time = "<low value=\"201904\"/>", string more = "", string concern = "active") => Section("11450-4", "Problems", Entry($"""
        <act classCode="ACT" moodCode="EVN"><templateId root="2.16.840.1.113883.10.20.22.4.3"/><id root="1.1.1" extension="c"/><code code="CONC" codeSystem="2.16.840.1.113883.5.6"/><statusCode code="{concern}"/>
        <entryRelationship typeCode="SUBJ"><observation classCode="OBS" moodCode="EVN" {attributes}><templateId root="2.16.840.1.113883.10.20.22.4.4"/><id root="1.1.1" extension="p1"/>
        <code code="55607006" codeSystem="2.16.840.1.113883.6.96"/><statusCode code="completed"/><effectiveTime>{time}</effectiveTime>{value}{more}</observation></entryRelationship></act>
        """));

    public static string Allergy(string substance, string attributes = "", string kind = "419199007", string more = "") => Section("48765-2", "Allergies", Entry($"""
        <act classCode="ACT" moodCode="EVN"><templateId root="2.16.840.1.113883.10.20.22.4.30"/><code code="CONC" codeSystem="2.16.840.1.113883.5.6"/><statusCode code="active"/>
        <entryRelationship typeCode="SUBJ"><observation classCode="OBS" moodCode="EVN" {attributes}><templateId root="2.16.840.1.113883.10.20.22.4.7"/><id root="1.1.2" extension="a1"/>
        <code code="ASSERTION" codeSystem="2.16.840.1.113883.5.4"/><statusCode code="completed"/><value xsi:type="CD" code="{kind}" codeSystem="2.16.840.1.113883.6.96"/>
        <participant typeCode="CSM"><participantRole classCode="MANU"><playingEntity classCode="MMAT">{substance}</playingEntity></participantRole></participant>{more}</observation></entryRelationship></act>
        """));

    public static string Drug(string times, string dose = "", string status = "active", string more = "", string mood = "EVN") => Section("10160-0", "Medications", Entry($"""
        <substanceAdministration classCode="SBADM" moodCode="{mood}"><templateId root="2.16.840.1.113883.10.20.22.4.16"/><id root="1.1.3" extension="m1"/><statusCode code="{status}"/>{times}{dose}
        <consumable><manufacturedProduct><manufacturedMaterial><code code="197380" codeSystem="2.16.840.1.113883.6.88" displayName="atenolol 25 MG Oral Tablet"/></manufacturedMaterial></manufacturedProduct></consumable>{more}</substanceAdministration>
        """));

    public static string Result(string value, string time = "<effectiveTime value=\"20240506\"/>", string more = "", string id = "r1") => Section("30954-2", "Results", Entry($"""
        <organizer classCode="BATTERY" moodCode="EVN"><templateId root="2.16.840.1.113883.10.20.22.4.1"/><id root="1.1.4" extension="o"/><code nullFlavor="UNK"/><statusCode code="completed"/><component>
        <observation classCode="OBS" moodCode="EVN"><templateId root="2.16.840.1.113883.10.20.22.4.2"/><id root="1.1.4" extension="{id}"/><code code="2345-7" codeSystem="2.16.840.1.113883.6.1" displayName="Glucose"/>
        <statusCode code="completed"/>{time}{value}{more}</observation></component></organizer>
        """));

    public static Outcome<ReadBundle> Read(string sections) => CdaDocument.Read(Document(sections));

    /// <summary>The one entry of that kind.</summary>
    public static T The<T>(string sections) where T : Entry => Assert.Single(Read(sections).Value.Patients.Single().Entries.Select(entry => entry.Entry.Content).OfType<T>());
}
