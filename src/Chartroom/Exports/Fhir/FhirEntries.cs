using System.Diagnostics;
using System.Text.Json.Nodes;
using Chartroom.Charts;
using static Chartroom.Exports.FhirValues;

namespace Chartroom.Exports;

/// <summary>One entry as a resource. Its counterpart, element by element, is the reader of the import.</summary>
internal static class FhirEntries
{
    /// <param name="entry">The entry.</param>
    /// <param name="patient">Whose.</param>
    /// <param name="here">All entries of the bundle: what is not among them is only named.</param>
    public static JsonObject Write(StandingEntry entry, Guid patient, IReadOnlySet<Guid> here)
    {
        var content = entry.Content is Entry.Note note ? AsDocument(note) : entry.Content;
        var (resource, people, hasNotes) = Parts(content, here);
        var subject = content is Entry.Allergy or Entry.Immunization ? "patient" : "subject";
        resource["id"] = entry.Id.Value.ToString();
        resource[subject] = Reference(patient);
        if (entry.Encounter is { } visit && here.Contains(visit.Value)) Link(resource, content, Reference(visit.Value));
        IReadOnlyList<string> comments = [.. content.Comments, .. content.Accepted.Select(warning => $"Written in spite of a warning ({warning.Warning}): {warning.Reason}")];
        if (hasNotes && comments.Count > 0) resource["note"] = Annotations(comments);
        var more = (hasNotes ? [] : comments.Select(comment => Extension("comment", comment))).Concat(content.By.Skip(people).Select(name => Extension("by", name)));
        foreach (var extension in more) ((JsonArray)(resource["extension"] ??= new JsonArray())).Add(extension);
        return resource;
    }

    /// <summary>The resource, how many of those who did it have their place in it, and whether FHIR lets it carry notes.</summary>
    private static (JsonObject Resource, int People, bool HasNotes) Parts(Entry content, IReadOnlySet<Guid> here) => content switch
    {
        Entry.Problem it => (Problem(it), 2, true),
        Entry.Allergy it => (Allergy(it), 2, true),
        Entry.Medication it => (IsStatement(it) ? Statement(it) : Request(it), 1, true),
        Entry.Vital it => (Vital(it), int.MaxValue, true),
        Entry.Result it => (Result(it, here), int.MaxValue, true),
        Entry.Immunization it => (Immunization(it), int.MaxValue, true),
        Entry.Procedure it => (Procedure(it), int.MaxValue, true),
        Entry.Report it => (Report(it, here), int.MaxValue, false),
        Entry.Encounter it => (Encounter(it), int.MaxValue, false),
        Entry.Document it => (Document(it), int.MaxValue, false),
        _ => throw new UnreachableException(),
    };

    private static void Link(JsonObject resource, Entry content, JsonObject visit)
    {
        if (content is Entry.Document) ((JsonObject)(resource["context"] ??= new JsonObject()))["encounter"] = new JsonArray(visit);
        else resource[IsStatement(content) ? "context" : "encounter"] = visit;
    }

    private static JsonObject Problem(Entry.Problem it) => Object(("resourceType", "Condition"), ("clinicalStatus", Status("condition-clinical", it.Status)), ("verificationStatus", Status("condition-ver-status", it.Verification)),
        ("category", Concepts(it.Categories)), ("severity", Concept(it.Severity)), ("code", Concept(it.Code)), ("bodySite", Concepts(it.BodySites)), ("onsetDateTime", Time(it.Onset)),
        ("onsetString", it.OnsetText), ("abatementDateTime", Time(it.Abated)), ("abatementString", it.AbatedText), ("recordedDate", Time(it.Recorded)),
        ("asserter", Named(it.By.ElementAtOrDefault(0))), ("recorder", Named(it.By.ElementAtOrDefault(1))));

    private static JsonObject Allergy(Entry.Allergy it) => Object(("resourceType", "AllergyIntolerance"), ("clinicalStatus", Status("allergyintolerance-clinical", it.Status)),
        ("verificationStatus", Status("allergyintolerance-verification", it.Verification)), ("type", it.Type), ("category", Texts(it.Categories)), ("criticality", Code(it.Criticality)), ("code", Concept(it.Code)),
        ("onsetDateTime", Time(it.Onset)), ("onsetString", it.OnsetText), ("recordedDate", Time(it.Recorded)), ("lastOccurrence", Time(it.LastSeen)),
        ("asserter", Named(it.By.ElementAtOrDefault(0))), ("recorder", Named(it.By.ElementAtOrDefault(1))),
        ("reaction", List(it.Reactions.Select(reaction => Object(("substance", Concept(reaction.Substance)), ("manifestation", Concepts(reaction.Manifestations)), ("description", reaction.Text),
            ("onset", Time(reaction.Onset)), ("severity", reaction.Severity))))));

    /// <summary>What the patient is only known to take; whatever has refills or a supply was ordered by somebody and is a request.</summary>
    private static bool IsStatement(Entry content) => content is Entry.Medication { IsReported: true, Intent: null, Refills: null, Supply: null } drug && (drug.Start is not null || drug.End is null);

    private static JsonObject Statement(Entry.Medication it) => Object(("resourceType", "MedicationStatement"), ("status", Code(it.Status)), ("medicationCodeableConcept", Concept(it.Code)),
        ("effectiveDateTime", it.End is null ? Time(it.Start) : null), ("effectivePeriod", it.End is null ? null : Period(it.Start, it.End)), ("dateAsserted", Time(it.Written)),
        ("informationSource", Named(it.By.ElementAtOrDefault(0))), ("reasonCode", Concepts(it.Reasons)), ("dosage", List(it.Dosages.Select(Dosage))));

    private static JsonObject Request(Entry.Medication it) => Object(("resourceType", "MedicationRequest"), ("extension", it.Intent is null ? List([Extension("no-intent", "plan")]) : null),
        ("status", Code(it.Status)), ("intent", it.Intent ?? "plan"), ("reportedBoolean", it.IsReported ? true : null), ("medicationCodeableConcept", Concept(it.Code)), ("authoredOn", Time(it.Written)),
        ("requester", Named(it.By.ElementAtOrDefault(0))), ("reasonCode", Concepts(it.Reasons)), ("dosageInstruction", List(it.Dosages.Select(Dosage))),
        ("dispenseRequest", Object(("validityPeriod", Period(it.Start, it.End)), ("numberOfRepeatsAllowed", it.Refills), ("quantity", Quantity(it.Supply)))));

    private static JsonObject Dosage(Dosage it) => Object(("text", it.Text), ("additionalInstruction", List(it.Instructions.Select(words => Object(("text", words))))),
        ("timing", Object(("repeat", Object(("frequency", it.Times), ("period", it.Period is { } period ? JsonValue.Create(period) : null), ("periodUnit", it.PeriodUnit))))),
        ("asNeededBoolean", it.IsAsNeeded ? true : null), ("route", Concept(it.Route)),
        ("doseAndRate", it.Dose is null && it.DoseUpTo is null ? null : List([it.DoseUpTo is null ? Object(("doseQuantity", Quantity(it.Dose))) : Object(("doseRange", Range(it.Dose, it.DoseUpTo)))])));

    private static JsonObject Range(Quantity? low, Quantity? high) => Object(("low", Quantity(low)), ("high", Quantity(high)));

    private static JsonObject Vital(Entry.Vital it) => With(Measured(it.What), ("resourceType", "Observation"), ("status", Code(it.Status)),
        ("category", List([Object(("coding", List([Object(("system", "http://terminology.hl7.org/CodeSystem/observation-category"), ("code", "vital-signs"))])))])), ("effectiveDateTime", Time(it.Taken)),
        ("performer", NamedAll(it.By)), ("bodySite", Concept(it.BodySite)), ("method", Concept(it.Method)), ("component", List(it.Parts.Select(Measured))));

    private static JsonObject Result(Entry.Result it, IReadOnlySet<Guid> here) => With(Measured(it.What), ("resourceType", "Observation"), ("status", Code(it.Status)), ("category", Concepts(it.Categories)),
        ("effectiveDateTime", Time(it.Taken)), ("issued", it.Issued is { Precision: TimePrecision.Instant } ? Time(it.Issued) : null),
        ("extension", it.Issued is { Precision: not TimePrecision.Instant } day ? List([Extension("issued", day.Text)]) : null), ("performer", NamedAll(it.By)), ("specimen", Named(it.Specimen)),
        ("bodySite", Concept(it.BodySite)), ("method", Concept(it.Method)), ("hasMember", References(it.Members, here)), ("component", List(it.Parts.Select(Measured))));

    private static JsonObject Measured(Measurement it) => Object(("code", Concept(it.Code)), ("valueQuantity", it.Value is { Amount: { } amount, UpTo: null } ? Quantity(amount) : null),
        ("valueRange", it.Value is { UpTo: { } upTo } ? Range(it.Value.Amount, upTo) : null), ("valueCodeableConcept", Concept(it.Value?.Concept)), ("valueString", it.Value?.Text),
        ("dataAbsentReason", Concept(it.WhyAbsent)), ("interpretation", Concepts(it.Interpretations)),
        ("referenceRange", List(it.Ranges.Select(range => Object(("low", Bound(range.Low)), ("high", Bound(range.High)), ("text", range.Text))))));

    private static JsonObject? Bound(decimal? bound) => bound is { } value ? Object(("value", JsonValue.Create(value))) : null;

    private static JsonObject Report(Entry.Report it, IReadOnlySet<Guid> here) => Object(("resourceType", "DiagnosticReport"), ("status", Code(it.Status)), ("category", Concepts(it.Categories)), ("code", Concept(it.Code)),
        ("effectiveDateTime", Time(it.Taken)), ("issued", it.Issued is { Precision: TimePrecision.Instant } ? Time(it.Issued) : null),
        ("extension", it.Issued is { Precision: not TimePrecision.Instant } day ? List([Extension("issued", day.Text)]) : null), ("performer", NamedAll(it.By)), ("result", References(it.Results, here)),
        ("conclusion", it.Conclusion), ("conclusionCode", Concepts(it.ConclusionCodes)), ("presentedForm", List(it.Attachments.Select(Attachment))));

    private static JsonArray References(IReadOnlyList<EntryReference> references, IReadOnlySet<Guid> here) =>
        List(references.Select(it => it.Id is { } id && here.Contains(id) ? Reference(id, it.Title) : Named(it.Title)));

    private static JsonObject Immunization(Entry.Immunization it) => Object(("resourceType", "Immunization"), ("status", Code(it.Status)), ("statusReason", Concept(it.WhyNot)), ("vaccineCode", Concept(it.Vaccine)),
        ("occurrenceDateTime", Time(it.Given)), ("occurrenceString", it.GivenText), ("manufacturer", Named(it.Manufacturer)), ("lotNumber", it.Lot), ("expirationDate", Time(it.Expires)), ("site", Concept(it.Site)),
        ("route", Concept(it.Route)), ("doseQuantity", Quantity(it.Dose)), ("performer", List(it.By.Select(name => Object(("actor", Named(name)))))),
        ("protocolApplied", it.DoseNumber is null ? null : List([Object(("doseNumberString", it.DoseNumber))])));

    private static JsonObject Procedure(Entry.Procedure it) => Object(("resourceType", "Procedure"), ("status", Code(it.Status)), ("statusReason", Concept(it.WhyNot)), ("code", Concept(it.Code)),
        ("performedDateTime", it.End is null ? Time(it.Start) : null), ("performedPeriod", it.End is null ? null : Period(it.Start, it.End)), ("performedString", it.StartText),
        ("performer", List(it.By.Select(name => Object(("actor", Named(name)))))), ("location", Named(it.Place)), ("reasonCode", Concepts(it.Reasons)), ("bodySite", Concepts(it.BodySites)),
        ("outcome", Concept(it.Outcome)), ("complication", Concepts(it.Complications)), ("followUp", Concepts(it.FollowUps)));

    private static JsonObject Encounter(Entry.Encounter it) => Object(("resourceType", "Encounter"), ("status", Code(it.Status)), ("class", Coding(it.Class)), ("type", Concepts(it.Types)),
        ("participant", List(it.By.Select(name => Object(("individual", Named(name)))))), ("period", Period(it.Start, it.End)), ("reasonCode", Concepts(it.Reasons)),
        ("hospitalization", it.Discharge is null ? null : Object(("dischargeDisposition", Concept(it.Discharge)))), ("serviceProvider", Named(it.Place)));

    private static JsonObject Document(Entry.Document it) => Object(("resourceType", "DocumentReference"), ("status", Code(it.Status)), ("type", Concept(it.Type)), ("category", Concepts(it.Categories)),
        ("date", it.Written is { Precision: TimePrecision.Instant } ? Time(it.Written) : null), ("author", NamedAll(it.By)), ("description", it.Description),
        ("content", List(it.Attachments.Select(file => Object(("attachment", Attachment(file)))))),
        ("context", it.Written is { Precision: not TimePrecision.Instant } ? Object(("period", Period(it.Written, null))) : null));

    /// <summary>A note signed here, as another clinic gets it.</summary>
    private static Entry.Document AsDocument(Entry.Note note) => new()
    {
        Status = DocumentStatus.Current, Type = new Concept { Text = note.Title }, Written = note.Written, By = note.By, Comments = note.Comments,
        Attachments = [.. note.Sections.Select(section => new Attachment { MediaType = "text/plain", Title = section.Heading, Text = section.Text })],
    };

    private static JsonObject With(JsonObject measured, params ReadOnlySpan<(string Name, JsonNode? Value)> more)
    {
        var made = Object(more);
        foreach (var (name, value) in measured.ToList())
        {
            measured.Remove(name);
            made[name] = value;
        }
        return made;
    }
}
