using System.Xml.Linq;
using Chartroom.Charts;
using static Chartroom.Cda.CdaOut;

namespace Chartroom.Cda;

/// <summary>Documents and notes as note activities, each with what is attached to it; reports as organizers around their results.</summary>
/// <seealso href="https://hl7.org/cda/us/ccda/STU1.1/2.16.840.1.113883.10.20.22.4.202.html"/>
internal static class DocumentEntry
{
    public const string Note = "2.16.840.1.113883.10.20.22.4.202";
    private const string Attached = "attachment", NoteCode = "34109-9";

    public static Entry Read(XElement note, CdaSource source)
    {
        var own = Attachments(note, source);
        return new Entry.Document
        {
            Status = Facts.CodeOf<DocumentStatus>(source, note, "status") ?? DocumentStatus.Current,
            Type = TypeOf(note.One("code"), source),
            Categories = Facts.ConceptsOf(source, note, "category"),
            Description = Facts.TextOf(source, note, "description"),
            Written = source.Interval(note.One("effectiveTime")).From,
            Attachments = own.Count > 0 || note.One("text") is not { } text || Facts.Of(note, "no-attachment").Any() ? own : [ToAttachment(text, null, source)],
            By = source.By(note),
            Comments = Incoming.Comments(source, note),
        };
    }

    public static XElement Write(Entry.Document document, Outgoing entry)
    {
        var type = document.Type;
        var code = Code("code", NoteCode, CodeSystems.Loinc, "Note");
        if (type is not null) code.Add(Text("originalText", type.Text), type.Codings.Select(coding => Coded("translation", coding)));
        return Act("act", "ACT", "EVN", EntryTemplate("202", "2016-11-01"), Id(entry.Id), code, entry.TextLink, E("statusCode", A("code", "completed")), Ts("effectiveTime", document.Written),
            entry.Authors(), Facts.Status("status", document.Status, DocumentStatus.Current), Facts.Coded("category", document.Categories), Facts.Text("description", document.Description),
            document.Attachments.Count == 0 ? Facts.Text("no-attachment", "none") : document.Attachments.Select(it => Relation("COMP", AttachmentOf(it))), entry.Beside);
    }

    /// <summary>A note signed here, as another clinic gets it: a document.</summary>
    public static Entry.Document AsDocument(Entry.Note note) => new()
    {
        Status = DocumentStatus.Current, Type = new Concept { Text = note.Title }, Written = note.Written, By = note.By, Comments = note.Comments,
        Attachments = [.. note.Sections.Select(section => new Attachment { MediaType = "text/plain", Title = section.Heading, Text = section.Text })],
    };

    public static Entry ReadReport(XElement organizer, IReadOnlyList<EntryReference> results, CdaSource source) => new Entry.Report
    {
        Code = source.Concept(organizer.One("code")) ?? new Concept { Text = "Results" },
        Status = Facts.CodeOf<ReportStatus>(source, organizer, "report.status") ?? ReportStatusOf(Incoming.Status(organizer)),
        Categories = Facts.ConceptsOf(source, organizer, "report.category"),
        Taken = source.Interval(organizer.One("effectiveTime")).From,
        Issued = Facts.TimeOf(source, organizer, "report.issued"),
        Results = [.. results, .. ObservationEntry.References(organizer, "report.result", source)],
        Conclusion = Facts.TextOf(source, organizer, "report.conclusion"),
        ConclusionCodes = Facts.ConceptsOf(source, organizer, "report.conclusionCode"),
        Attachments = Attachments(organizer, source),
        By = source.By(organizer),
        Comments = [.. Facts.Of(organizer, "report.comment").Select(source.Words).OfType<string>()],
    };

    /// <param name="results">The results that stand in it, in its order; the others are only named.</param>
    public static XElement WriteReport(Entry.Report report, Outgoing entry, IReadOnlyList<XElement> results, IEnumerable<EntryReference> elsewhere)
    {
        var code = report.Status switch { ReportStatus.Partial or ReportStatus.Preliminary => "active", ReportStatus.Cancelled => "aborted", _ => "completed" };
        IEnumerable<XElement?> facts =
        [
            Facts.Text("report.key", "report"),
            Facts.Status("report.status", report.Status, ReportStatusOf(code)), .. Facts.Coded("report.category", report.Categories), Facts.Time("report.issued", report.Issued),
            Facts.Text("report.conclusion", report.Conclusion), .. Facts.Coded("report.conclusionCode", report.ConclusionCodes), .. report.Comments.Select(comment => Facts.Text("report.comment", comment)),
            .. elsewhere.Select(result => ObservationEntry.Reference("report.result", result)),
            entry.Entry.Encounter is { } visit ? Facts.Related("report.encounter", WithType(E("value", A("root", visit.Value.ToString())), "II")) : null,
        ];
        var organizer = ObservationEntry.Organizer(entry.Id, report.Code, report.Taken, [.. results, .. facts.OfType<XElement>().Select(relation => relation.Elements().First()), .. report.Attachments.Select(AttachmentOf)]);
        var status = organizer.One("statusCode")!;   // Organizer put it there
        status.SetAttributeValue("code", code);
        status.ElementsAfterSelf().First(it => it.Name.LocalName == "effectiveTime").AddAfterSelf(entry.Authors());
        return organizer;
    }

    /// <summary>A file or text of the document.</summary>
    public static Attachment ToAttachment(XElement text, string? title, CdaSource source)
    {
        var isBase64 = text.Says("representation") == "B64";
        var inline = string.Concat(text.Nodes().OfType<XText>().Select(node => node.Value));
        var link = text.At("reference", "value");
        var words = isBase64 ? null : !string.IsNullOrWhiteSpace(inline) ? inline : link?.StartsWith('#') == true ? source.AllWords(text) : Narrative.Read(text);
        return new Attachment
        {
            MediaType = text.Says("mediaType") ?? (words is null ? null : "text/plain"),   // CDA's default
            Title = title,
            Bytes = isBase64 && inline.Trim().Length > 0 ? FromBase64(text, inline) : null,
            Text = words,
            Url = link is null || link.StartsWith('#') ? null : link,
        };
    }

    public static XElement AttachmentOf(Attachment file) => Act("act", "ACT", "EVN",
        E("code", A("code", Attached), A("codeSystemName", "FHIR R4 element"), file.Title is null ? null : Text("originalText", file.Title)),
        E("text", file.MediaType is null ? null : A("mediaType", file.MediaType), file.Bytes is null ? null : A("representation", "B64"),
            file.Bytes is not null ? Convert.ToBase64String(file.Bytes) : file.Text, file.Url is null ? null : E("reference", A("value", file.Url))),
        file.Created is null ? null : Ts("effectiveTime", file.Created));

    private static IReadOnlyList<Attachment> Attachments(XElement entry, CdaSource source) => [.. entry.Related("act").Concat(entry.Many("component/act"))
        .Where(act => act.At("code", "code") == Attached && act.At("code", "codeSystemName") == "FHIR R4 element")
        .Select(act => ToAttachment(act.One("text") ?? act, source.Words(act.One("code/originalText")), source) with { Created = source.Time(act.One("effectiveTime")) })];

    private static Concept? TypeOf(XElement? code, CdaSource source)
    {
        if (source.Concept(code) is not { } concept) return null;
        var codings = concept.Codings.Where(coding => coding.Code != NoteCode).ToList();
        if (codings.Count == 0 && code.One("originalText") is null) return null;
        return new Concept { Text = source.Words(code.One("originalText")) ?? codings[0].Display ?? concept.Text, Codings = codings };
    }

    private static byte[] FromBase64(XElement text, string inline)
    {
        try
        {
            return Convert.FromBase64String(inline);
        }
        catch (FormatException)
        {
            throw text.Fault(Refusals.NotBase64, "is not base64");
        }
    }

    private static ReportStatus ReportStatusOf(string? code) => code switch
    {
        "completed" => ReportStatus.Final,
        "active" => ReportStatus.Preliminary,
        "aborted" or "cancelled" => ReportStatus.Cancelled,
        "held" or "suspended" => ReportStatus.Registered,
        "nullified" => ReportStatus.EnteredInError,
        _ => ReportStatus.Unknown,
    };
}
