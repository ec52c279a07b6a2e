using System.Diagnostics;
using System.Globalization;
using System.Xml.Linq;
using Chartroom.Charts;
using static Chartroom.Cda.CdaOut;

namespace Chartroom.Cda;

/// <summary>The sections of an outgoing document. A row of a section's table and its coded entry point at each other.</summary>
internal static class OutgoingSections
{
    /// <param name="IsRequired">Stands in the document with "no information" when there is nothing to say.</param>
    private sealed record Part(string Title, string Loinc, string Template, string Version, bool IsRequired);

    private static readonly Part Allergies = new("Allergies", "48765-2", "6.1", "2015-08-01", true), Medications = new("Medications", "10160-0", "1.1", "2014-06-09", true),
        Problems = new("Problems", "11450-4", "5.1", "2015-08-01", true), Procedures = new("Procedures", "47519-4", "7.1", "2014-06-09", false), Results = new("Results", "30954-2", "3.1", "2015-08-01", true),
        SocialHistory = new("Social history", "29762-2", "17", "2015-08-01", true), VitalSigns = new("Vital signs", "8716-3", "4.1", "2015-08-01", true),
        Immunizations = new("Immunizations", "11369-6", "2.1", "2015-08-01", false), Encounters = new("Encounters", "46240-8", "22.1", "2015-08-01", false), Notes = new("Notes", "34109-9", "65", "2016-11-01", false);

    private static readonly Part[] All = [Allergies, Medications, Problems, Procedures, Results, SocialHistory, VitalSigns, Immunizations, Encounters, Notes];

    public static IEnumerable<XElement> Of(OutgoingChart chart)
    {
        var rows = chart.Entries.Select((entry, number) => new Outgoing(entry, string.Create(CultureInfo.InvariantCulture, $"e{number + 1}"))).ToLookup(entry => PartOf(entry.Entry.Content));
        foreach (var part in All)
            if (part.IsRequired || rows[part].Any()) yield return Section(part, [.. rows[part]]);
    }

    private static XElement Section(Part part, IReadOnlyList<Outgoing> entries) => E("section", entries.Count == 0 ? A("nullFlavor", "NI") : null,
        Template("2.16.840.1.113883.10.20.22.2." + part.Template, part.Version), Template("2.16.840.1.113883.10.20.22.2." + part.Template),
        Code("code", part.Loinc, CodeSystems.Loinc), E("title", part.Title), E("text", entries.Count == 0 ? "No information" : part == Notes ? entries.Select(NoteWords) : Table(entries)),
        (part == Results ? ResultEntries(entries) : entries.Select(Written)).Select(act => E("entry", A("typeCode", "DRIV"), act)));

    private static Part PartOf(Entry content) => content switch
    {
        Entry.Allergy => Allergies,
        Entry.Medication => Medications,
        Entry.Problem => Problems,
        Entry.Procedure => Procedures,
        Entry.Result result => IsSocial(result) ? SocialHistory : Results,
        Entry.Report => Results,
        Entry.Vital => VitalSigns,
        Entry.Immunization => Immunizations,
        Entry.Encounter => Encounters,
        Entry.Document or Entry.Note => Notes,
        _ => throw new UnreachableException(),
    };

    /// <summary>Panels stay among the results: a social history section holds single observations.</summary>
    private static bool IsSocial(Entry.Result result) => result.Parts.Count == 0 && result.Categories.Any(category => category.Codings.Any(coding => coding.Code == "social-history"));

    private static XElement Written(Outgoing entry) => entry.Entry.Content switch
    {
        Entry.Allergy allergy => AllergyEntry.Write(allergy, entry),
        Entry.Medication drug => MedicationEntry.Write(drug, entry),
        Entry.Problem problem => ProblemEntry.Write(problem, entry),
        Entry.Procedure procedure => CareEntry.WriteProcedure(procedure, entry),
        Entry.Vital vital => ObservationEntry.WriteVital(vital, entry),
        Entry.Immunization shot => CareEntry.WriteShot(shot, entry),
        Entry.Encounter visit => CareEntry.WriteVisit(visit, entry),
        Entry.Document document => DocumentEntry.Write(document, entry),
        Entry.Note note => DocumentEntry.Write(DocumentEntry.AsDocument(note), entry),
        Entry.Result result => ObservationEntry.WriteResult(result, entry).Single(),   // no panel: see IsSocial
        _ => throw new UnreachableException(),
    };

    /// <summary>Each report around its results, when all of them are here and stand in no other report; the others alone.</summary>
    private static IEnumerable<XElement> ResultEntries(IReadOnlyList<Outgoing> entries)
    {
        var free = entries.Where(entry => entry.Entry.Content is Entry.Result { Parts.Count: 0 }).ToDictionary(entry => entry.Id);
        List<XElement> reports = [];
        foreach (var entry in entries)
        {
            if (entry.Entry.Content is not Entry.Report report) continue;
            var inside = report.Results.Select(result => result.Id is { } id && free.TryGetValue(id, out var found) && ((Entry.Result)found.Entry.Content).What.Code.Text == result.Title ? found : null).ToList();
            var isWhole = inside.All(result => result is not null) && inside.Distinct().Count() == inside.Count;
            var within = isWhole ? inside.OfType<Outgoing>().ToList() : [];
            foreach (var result in within) free.Remove(result.Id);
            reports.Add(DocumentEntry.WriteReport(report, entry, [.. within.SelectMany(result => ObservationEntry.WriteResult((Entry.Result)result.Entry.Content, result))], isWhole ? [] : report.Results));
        }
        var alone = entries.Where(entry => entry.Entry.Content is Entry.Result { Parts.Count: > 0 } || free.ContainsKey(entry.Id)).Select(entry => (entry, Result: (Entry.Result)entry.Entry.Content));
        return reports.Concat(alone.Select(it => ObservationEntry.Organizer(it.entry.Id, it.Result.What.Code, it.Result.Taken, ObservationEntry.WriteResult(it.Result, it.entry))));
    }

    private static XElement Table(IReadOnlyList<Outgoing> entries) => E("table",
        E("thead", E("tr", new[] { "What", "When", "Status", "Details" }.Select(head => E("th", head)))),
        E("tbody", entries.Select(entry => E("tr", A("ID", entry.Anchor), EntryRow.Of(entry.Entry.Content).Select(cell => E("td", cell))))));

    private static XElement NoteWords(Outgoing entry)
    {
        var document = entry.Entry.Content is Entry.Note note ? DocumentEntry.AsDocument(note) : (Entry.Document)entry.Entry.Content;
        var lines = document.Attachments.SelectMany(file => (file.Title is null ? [] : new[] { file.Title }).Concat(file.Text?.Split('\n') ?? [$"({file.MediaType ?? "file"} attached)"]));
        return E("paragraph", A("ID", entry.Anchor), E("content", A("styleCode", "Bold"), string.Join(", ", EntryRow.Of(document).Where(cell => cell.Length > 0))), lines.Select(line => new[] { E("br"), E("content", line) }));
    }
}
