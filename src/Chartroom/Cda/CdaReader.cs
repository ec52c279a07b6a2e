using System.Security.Cryptography;
using System.Text.Json;
using System.Xml.Linq;
using Chartroom.Charts;
using Chartroom.Import;
using Chartroom.Patients;

namespace Chartroom.Cda;

/// <summary>
/// Walks one document: header, sections, entries. Entries are told by template, and by section and element where a sender gives none. The words of every section are kept
/// as one document beside the entries, so that nothing a reader of the original saw is missing; only of documents that this program wrote they are left out, because there
/// the words are made from the entries.
/// </summary>
internal sealed class CdaReader
{
    private readonly CdaSource source;
    private readonly List<(string Type, string Key, Entry Content, string? Encounter)> entries = [];
    private readonly Dictionary<string, string> hashByKey = new(StringComparer.Ordinal);
    private readonly HashSet<(string Name, string Id)> ambiguous;

    private readonly CancellationToken ct;

    private CdaReader(XElement root, CancellationToken ct) => (source, ambiguous, this.ct) = (new(root), Ambiguous(root), ct);

    public static Outcome<ReadBundle> Read(XDocument document, CancellationToken ct)
    {
        if (document.Root is not { } root || root.Name.Namespace != V3.Hl7) return Refusals.NotCda;
        if (root.Name.LocalName != "ClinicalDocument") return Refusals.Fragment.On(root.Where(), "is not a ClinicalDocument");
        return new CdaReader(root, ct).Read();
    }

    private Outcome<ReadBundle> Read()
    {
        var root = source.Root;
        var targets = root.Many("recordTarget/patientRole").ToList();
        if (targets.Count > 1) return Refusals.SeveralPatients.On(targets[1].Where(), "is a second patient");
        if (targets is not [var role] || role.One("patient") is null) return Refusals.NoPatient.On(root.Where(), "has no recordTarget/patientRole/patient");
        var patient = PatientIdentity.Ensure(CdaPatient.Read(role, source), string.Join('|', CdaSource.Ids(root).Take(1)));
        source.TakeRemarks();   // times of the head that are no dates are in the report; there is no entry to keep them
        source.Tally.In("Patient");

        foreach (var section in root.Many("component/structuredBody").SelectMany(body => body.Descendants(V3.Hl7 + "section"))) new CdaSection(section, this).Read();
        foreach (var visit in root.Many("componentOf/encompassingEncounter")) AddVisit(visit);
        if (Whole() is { } document) Add(root, "Document", document);

        var visits = entries.Where(entry => entry.Content is Entry.Encounter).Select(entry => entry.Key).ToHashSet();
        return new ReadBundle
        {
            Patients = [new(role.Where(), patient, [.. entries.OrderBy(entry => entry.Content.Kind != EntryKind.Encounter).Select(entry =>
                new ReadEntry(entry.Type, new SourcedEntry(entry.Key, entry.Content, entry.Encounter is { } visit && visits.Contains(visit) ? visit : null)))])],
            Types = source.Tally.Report(),
            Keeper = root.At("custodian/assignedCustodian/representedCustodianOrganization/id", "root"),
        };
    }

    public CdaSource Source => source;

    /// <summary>Whether this program wrote the document.</summary>
    public bool IsOurs => source.Root.Many("author/assignedAuthor/assignedAuthoringDevice/softwareName").Any(name => name.Value == CdaDocument.Software);

    /// <summary>Takes an entry; null content says nothing and is left out with its reason.</summary>
    /// <returns>Its key; null when it was not taken.</returns>
    public string? Add(XElement element, string type, Entry? content)
    {
        ct.ThrowIfCancellationRequested();
        var remarks = source.TakeRemarks();
        if (content is null)
        {
            source.Tally.LeftOut(type, "it does not say what it is about; its words are kept with the document");
            return null;
        }
        if (remarks.Count > 0) content = content with { Comments = [.. content.Comments, .. remarks] };
        if (KeyOf(element, content) is not { } key)
        {
            source.Tally.LeftOut(type, "it stands in the document twice");
            return null;
        }
        var visit = element.Related("encounter").FirstOrDefault() ?? (Facts.Of(element, "report.encounter").FirstOrDefault() is { } link ? new XElement(V3.Hl7 + "encounter", CdaOut.E("id", link.Attributes("root"))) : null);
        entries.Add((type, key, content, visit is not null && CdaSource.Ids(visit).FirstOrDefault() is { } id ? $"Encounter|{id}" : null));
        source.Tally.In(type);
        return key;
    }

    public void LeaveOut(string type, string reason) => source.Tally.LeftOut(type, reason);

    /// <summary>The encounter of the head, unless it stands among the encounters too.</summary>
    private void AddVisit(XElement visit)
    {
        if (CdaSource.Ids(visit).Any(id => hashByKey.ContainsKey($"Encounter|{id}"))) source.Tally.LeftOut("Encounter", "it stands in the document twice");
        else Add(visit, "Encounter", CareEntry.ReadVisit(visit, source));
    }

    /// <summary>
    /// The sender's identifier, which is the same in the next document; where one is missing or used for two different things, the content stands in, so that at least the
    /// unchanged entry is recognised. Null: the same thing a second time.
    /// </summary>
    private string? KeyOf(XElement element, Entry content)
    {
        var kind = content is Entry.Vital or Entry.Result ? "Observation" : content.Kind.ToString();
        var hash = Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(content)))[..32];
        var id = CdaSource.Ids(element).FirstOrDefault();
        var key = id is null ? $"{kind}#{hash}" : ambiguous.Contains((element.Name.LocalName, id)) ? $"{kind}|{id}#{hash}" : $"{kind}|{id}";
        if (hashByKey.TryAdd(key, hash)) return key;
        return hashByKey[key] != hash && hashByKey.TryAdd($"{key}#{hash}", hash) ? $"{key}#{hash}" : null;
    }

    /// <summary>Identifiers that a sender put on several things of one sort. An element that has nothing but an identifier only refers.</summary>
    private static HashSet<(string, string)> Ambiguous(XElement root) => [.. root.Descendants(V3.Hl7 + "id").Select(id => id.Parent).OfType<XElement>().Distinct()
        .Where(element => element.Elements().Skip(1).Any()).SelectMany(element => CdaSource.Ids(element).Take(1).Select(id => (element.Name.LocalName, id))).CountBy(it => it).Where(it => it.Value > 1).Select(it => it.Key)];

    /// <summary>The document as its reader sees it; null when this program wrote it or there is nothing to see.</summary>
    private Entry? Whole()
    {
        var root = source.Root;
        List<Attachment> parts = [];
        foreach (var body in root.Many("component/nonXMLBody/text")) parts.Add(DocumentEntry.ToAttachment(body, null, source));
        if (!IsOurs)
            foreach (var section in root.Descendants(V3.Hl7 + "section"))
                if (Narrative.Read(section.One("text")) is { } text) parts.Add(new() { MediaType = "text/plain", Title = CdaSection.TitleOf(section), Text = text });
        return parts.Count == 0 ? null : new Entry.Document
        {
            Status = DocumentStatus.Current,
            Type = source.Concept(root.One("code")),
            Description = V3.Plain(root.One("title")?.Value),
            Written = source.Time(root.One("effectiveTime")),
            Attachments = parts,
            By = [.. root.Many("author/assignedAuthor").Select(source.NameOfParty).OfType<string>().Distinct()],
        };
    }
}
