using System.Xml.Linq;
using Chartroom.Charts;

namespace Chartroom.Cda;

/// <summary>One section's entries, each told by its template, else by the section and the element.</summary>
internal sealed class CdaSection(XElement section, CdaReader reader)
{
    private const string Entries = "2.16.840.1.113883.10.20.22.4.", Kept = "; its words are kept with the document";
    private readonly CdaSource source = reader.Source;
    private readonly string? code = section.At("code", "code");

    public static string? TitleOf(XElement section) => V3.Plain(section.One("title")?.Value) ?? V3.Plain(section.At("code", "displayName"));

    public void Read()
    {
        foreach (var entry in section.Many("entry").SelectMany(entry => entry.Elements())) Take(entry);
    }

    private void Take(XElement entry)
    {
        if (entry.Says("nullFlavor") is not null) reader.LeaveOut("Nothing", "it says that nothing is known" + Kept);
        else if (Has(entry, "60")) reader.LeaveOut("Coverage", "insurance is entered at the desk from the card" + Kept);
        else if (Has(entry, "45", "46") || code == "10157-6") reader.LeaveOut("FamilyHistory", "family history is not part of the chart yet" + Kept);
        else if (code is "42348-3") reader.LeaveOut("AdvanceDirective", "advance directives are not part of the chart yet" + Kept);
        else if (IsPlan(entry)) reader.LeaveOut("Plan", "plans, goals and orders to come are not part of the chart yet" + Kept);
        else if (Has(entry, "202")) reader.Add(entry, "Document", DocumentEntry.Read(entry, source));
        else if (Has(entry, "30", "7") || Holds(entry, AllergyEntry.Observation) || (code == "48765-2" && entry.Name.LocalName is "act" or "observation")) Each(entry, "Allergy", AllergyEntry.Observation, observation => AllergyEntry.Read(observation, entry, source));
        else if (Has(entry, "3", "33", "34", "51", "65") || (entry.Name.LocalName == "act" && (Holds(entry, ProblemEntry.Observation) || (code is "11450-4" or "11348-0" && entry.Related("observation").Any()))))
            Each(entry, "Problem", ProblemEntry.Observation, observation => Problem(observation, entry));
        else TakeByElement(entry);
    }

    private void TakeByElement(XElement entry)
    {
        switch (entry.Name.LocalName)
        {
            case "organizer":
                TakeOrganizer(entry);
                break;
            case "substanceAdministration" when Has(entry, "52") || code == "11369-6":
                reader.Add(entry, "Immunization", CareEntry.ReadShot(entry, source));
                break;
            case "substanceAdministration":
                reader.Add(entry, "Medication", MedicationEntry.Read(entry, source));
                break;
            case "act" when entry.Related("substanceAdministration").Any():   // a drug of admission or discharge
                foreach (var drug in entry.Related("substanceAdministration")) reader.Add(drug, "Medication", MedicationEntry.Read(drug, source));
                break;
            case "procedure":
            case "observation" when Has(entry, "13"):
            case "act" when Has(entry, "12"):
                reader.Add(entry, "Procedure", CareEntry.ReadProcedure(entry, source));
                break;
            case "encounter":
                reader.Add(entry, "Encounter", CareEntry.ReadVisit(entry, source));
                break;
            case "observation" when entry.HasTemplate(ProblemEntry.Observation) && code is not ("47420-5" or "10190-7"):
                reader.Add(entry, "Problem", Problem(entry, null));
                break;
            case "observation":
                TakeObservation(entry, null);
                break;
            case "observationMedia" when entry.One("value") is { } picture:
                reader.Add(entry, "Document", new Entry.Document { Status = DocumentStatus.Current, Type = new() { Text = TitleOf(section) ?? "Picture" }, Attachments = [DocumentEntry.ToAttachment(picture, null, source)] });
                break;
            case "supply":
                reader.LeaveOut("Supply", "devices and supplies are not part of the chart yet" + Kept);
                break;
            default:
                reader.LeaveOut("Other", "a chart has no place for it" + Kept);
                break;
        }
    }

    /// <summary>Results, vital signs and whatever else is measured together; a report around those that have a name of their own as a whole.</summary>
    private void TakeOrganizer(XElement organizer)
    {
        if (ObservationEntry.PanelOf(organizer) is { } panel)
        {
            TakeObservation(panel, organizer);
            return;
        }
        if (Has(organizer, "135")) reader.LeaveOut("Supply", "devices and supplies are not part of the chart yet" + Kept);
        var parts = ObservationEntry.Components(organizer).ToList();
        List<EntryReference> results = [];
        foreach (var part in parts)
            if (TakeObservation(part, organizer) is { } taken) results.Add(new(taken.Key, taken.Title));
        foreach (var other in organizer.Many("component/procedure")) reader.Add(other, "Procedure", CareEntry.ReadProcedure(other, source));
        if (IsReport(organizer, parts)) reader.Add(organizer, "Report", DocumentEntry.ReadReport(organizer, results, source));
    }

    private bool IsReport(XElement organizer, List<XElement> parts)
    {
        if (Facts.Of(organizer, "report.key").Any()) return true;
        if ((!organizer.HasTemplate(ObservationEntry.ResultOrganizer) && code != "30954-2") || source.Concept(organizer.One("code")) is not { } whole) return false;
        return parts.Count > 1 || (parts is [var only] && source.Concept(only.One("code")) is { } part && !IsSame(part, whole));
    }

    private static bool IsSame(Concept one, Concept other) =>
        one.Text == other.Text && (one.Codings is [var first, ..] ? first.Code : null) == (other.Codings is [var second, ..] ? second.Code : null);

    private (string Key, string Title)? TakeObservation(XElement observation, XElement? organizer)
    {
        if (observation.IsNegated())
        {
            reader.LeaveOut("Result", "it says what was not found" + Kept);
            return null;
        }
        var content = ObservationEntry.Read(observation, organizer, (Category(observation), code == "8716-3"), source);
        var key = reader.Add(observation, content is Entry.Vital ? "Vital" : "Result", content);
        return key is null ? null : (key, content switch { Entry.Vital vital => vital.What.Code.Text, Entry.Result result => result.What.Code.Text, _ => "" });
    }

    /// <summary>What kind of result it is, by the section it stands in; none for the section of results itself.</summary>
    private Concept? Category(XElement observation) => code switch
    {
        "30954-2" or "8716-3" => null,
        "29762-2" => Social,
        _ when Has(observation, "38", "78", "85") => Social,
        _ => TitleOf(section) is { } title ? new Concept { Text = title } : null,
    };

    /// <summary>A problem of another section than the list keeps the section's name: it was the reason for an operation, or what was found.</summary>
    private Entry? Problem(XElement observation, XElement? concern)
    {
        var read = ProblemEntry.Read(observation, concern, source);
        return read is Entry.Problem { Categories.Count: 0 } problem && code != "11450-4" && TitleOf(section) is { } title ? problem with { Categories = [new() { Text = title }] } : read;
    }

    /// <summary>The observations that a concern is about; what else it relates to (a severity, a priority) is none of them.</summary>
    private void Each(XElement concern, string type, string template, Func<XElement, Entry?> read)
    {
        var all = concern.Name.LocalName == "observation" ? [concern] : concern.Related("observation").ToList();
        var proper = all.Where(observation => observation.HasTemplate(template)).ToList();
        if (proper.Count == 0) proper = all.Where(observation => observation.One("value") is not null && observation.At("code", "code") is not ("SEV" or "33999-4" or "82606-5")).ToList();
        if (proper.Count == 0) reader.LeaveOut(type, "it does not say what it is about" + Kept);
        foreach (var observation in proper)
            if (observation.Says("nullFlavor") is not null) reader.LeaveOut(type, "it says that nothing is known" + Kept);
            else reader.Add(observation, type, read(observation));
    }

    private static bool Holds(XElement entry, string template) => entry.Related("observation").Any(observation => observation.HasTemplate(template));

    private bool IsPlan(XElement entry) =>
        entry.Says("moodCode") is { } mood && mood != "EVN" && !(entry.Name.LocalName == "substanceAdministration" && mood is "INT" or "RQO" && !Has(entry, "42", "120") && code != "18776-5");

    private static bool Has(XElement entry, params ReadOnlySpan<string> ends)
    {
        foreach (var end in ends)
            if (entry.HasTemplate(Entries + end)) return true;
        return false;
    }

    public static readonly Concept Social = new() { Text = "Social history", Codings = [new("http://terminology.hl7.org/CodeSystem/observation-category", "social-history", "Social History")] };
}
