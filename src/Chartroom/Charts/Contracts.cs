using System.Diagnostics;
using System.Text.Json.Serialization;

namespace Chartroom.Charts;

// The typed records of clinical content: what an entry's sealed document holds. Over 300 lines because the union is closed: one file
// shows everything that a chart can say. Lists turn null into empty themselves, because generated JSON readers hand null to each init
// property that the text leaves out. Statuses carry FHIR R4's codes, so that a chart goes out as FHIR with the words it came in with.

/// <summary>What an entry is about; stands in a clear column. The content's own discriminator must agree.</summary>
public enum EntryKind { Encounter, Problem, Allergy, Medication, Vital, Result, Immunization, Procedure, Report, Document, Note }

/// <summary>Whether an entry counts. Entered in error: kept, readable on purpose, shown nowhere by default.</summary>
public enum EntryState { Draft, Final, EnteredInError }

public sealed record Coding(string? System, string Code, string? Display);

/// <summary>A thing of the clinic's world by its words and, where known, its codes (the sender's preferred one first).</summary>
public sealed record Concept
{
    public required string Text { get; init; }
    public IReadOnlyList<Coding> Codings { get; init => field = value ?? []; } = [];

    public bool Has(string system, string code) => Codings.Any(c => c.System == system && c.Code == code);
}

/// <summary>A measured amount.</summary>
/// <param name="Unit">UCUM code where the sender gave one, else the sender's unit text.</param>
/// <param name="Shown">The unit for people, where it differs from the code.</param>
/// <param name="Comparator">One of &lt; &lt;= &gt;= &gt; when only a bound is known.</param>
public sealed record Quantity(decimal Value, string? Unit, string? Shown = null, string? Comparator = null);

/// <summary>What was observed: an amount (up to <see cref="UpTo"/> for a range), a concept or words. Exactly one form is filled.</summary>
public sealed record Reading
{
    public Quantity? Amount { get; init; }
    public Quantity? UpTo { get; init; }
    public Concept? Concept { get; init; }
    public string? Text { get; init; }
}

public sealed record ReferenceRange(decimal? Low, decimal? High, string? Text);

public sealed record Measurement
{
    public required Concept Code { get; init; }
    public Reading? Value { get; init; }
    public Concept? WhyAbsent { get; init; }
    public IReadOnlyList<Concept> Interpretations { get; init => field = value ?? []; } = [];
    public IReadOnlyList<ReferenceRange> Ranges { get; init => field = value ?? []; } = [];
}

public sealed record Reaction
{
    public IReadOnlyList<Concept> Manifestations { get; init => field = value ?? []; } = [];
    public Concept? Substance { get; init; }
    public string? Severity { get; init; }
    public string? Text { get; init; }
    public PartialTime? Onset { get; init; }
}

public sealed record Dosage
{
    public string? Text { get; init; }
    public Quantity? Dose { get; init; }
    public Quantity? DoseUpTo { get; init; }
    public Concept? Route { get; init; }
    public bool IsAsNeeded { get; init; }
    /// <summary>Times in each period, e.g. 2 in 1 <c>d</c>.</summary>
    public int? Times { get; init; }
    public decimal? Period { get; init; }
    /// <summary>UCUM unit of time: s, min, h, d, wk, mo, a.</summary>
    public string? PeriodUnit { get; init; }
    public IReadOnlyList<string> Instructions { get; init => field = value ?? []; } = [];
}

/// <summary>A file or text that came with a document or report. Text is kept as text, everything else as bytes.</summary>
public sealed record Attachment
{
    public string? MediaType { get; init; }
    public string? Title { get; init; }
    public string? Text { get; init; }
    public byte[]? Bytes { get; init; }
    /// <summary>Where the sender keeps it, when it did not come along. Never fetched.</summary>
    public string? Url { get; init; }
    public PartialTime? Created { get; init; }
}

/// <summary>Another entry of the same chart.</summary>
/// <param name="Key">Its source key (see import); absent when made here.</param>
/// <param name="Id">Its id once it stands in the chart.</param>
public sealed record EntryReference(string? Key, string? Title, Guid? Id = null);

/// <summary>A warning that somebody read and went on, with their reason.</summary>
public sealed record AcceptedWarning(string Warning, string Reason);

/// <summary>Words of a section that were copied from an earlier note.</summary>
/// <param name="NoteId">The note they came from.</param>
/// <param name="Written">Its day.</param>
/// <param name="IsTouched">Whether somebody changed them or said that they are still true.</param>
public sealed record CopiedText(string Text, Guid NoteId, string Written, bool IsTouched);

public sealed record NoteSection(string Heading, string Text)
{
    /// <summary>What of it was copied, in its order.</summary>
    public IReadOnlyList<CopiedText> Copied { get; init => field = value ?? []; } = [];
}

public enum EncounterStatus { Planned, Arrived, Triaged, InProgress, Onleave, Finished, Cancelled, EnteredInError, Unknown }
public enum ProblemStatus { Active, Recurrence, Relapse, Inactive, Remission, Resolved }
public enum Verification { Unconfirmed, Provisional, Differential, Confirmed, Refuted, EnteredInError }
public enum AllergyStatus { Active, Inactive, Resolved }
public enum Criticality { Low, High, UnableToAssess }
public enum MedicationStatus { Active, OnHold, Cancelled, Completed, EnteredInError, Stopped, Draft, Unknown, Intended, NotTaken }
public enum ObservationStatus { Registered, Preliminary, Final, Amended, Corrected, Cancelled, EnteredInError, Unknown }
public enum ImmunizationStatus { Completed, EnteredInError, NotDone }
public enum ProcedureStatus { Preparation, InProgress, NotDone, OnHold, Stopped, Completed, EnteredInError, Unknown }
public enum ReportStatus { Registered, Partial, Preliminary, Final, Amended, Corrected, Appended, Cancelled, EnteredInError, Unknown }
public enum DocumentStatus { Current, Superseded, EnteredInError }

/// <summary>One entry's clinical content. Patient, encounter, author and state are the entry's columns, not repeated here.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(Encounter), "encounter")]
[JsonDerivedType(typeof(Problem), "problem")]
[JsonDerivedType(typeof(Allergy), "allergy")]
[JsonDerivedType(typeof(Medication), "medication")]
[JsonDerivedType(typeof(Vital), "vital")]
[JsonDerivedType(typeof(Result), "result")]
[JsonDerivedType(typeof(Immunization), "immunization")]
[JsonDerivedType(typeof(Procedure), "procedure")]
[JsonDerivedType(typeof(Report), "report")]
[JsonDerivedType(typeof(Document), "document")]
[JsonDerivedType(typeof(Note), "note")]
public abstract record Entry
{
    private Entry() { }

    [JsonIgnore]
    public EntryKind Kind => this switch
    {
        Encounter => EntryKind.Encounter,
        Problem => EntryKind.Problem,
        Allergy => EntryKind.Allergy,
        Medication => EntryKind.Medication,
        Vital => EntryKind.Vital,
        Result => EntryKind.Result,
        Immunization => EntryKind.Immunization,
        Procedure => EntryKind.Procedure,
        Report => EntryKind.Report,
        Document => EntryKind.Document,
        Note => EntryKind.Note,
        _ => throw new UnreachableException(),
    };

    /// <summary>When it was so, for the chart's order; null when the source does not say.</summary>
    [JsonIgnore]
    public PartialTime? At => this switch
    {
        Encounter visit => visit.Start ?? visit.End,
        Problem problem => problem.Onset ?? problem.Recorded,
        Allergy allergy => allergy.Onset ?? allergy.Recorded,
        Medication drug => drug.Start ?? drug.Written,
        Vital vital => vital.Taken,
        Result result => result.Taken ?? result.Issued,
        Immunization shot => shot.Given,
        Procedure procedure => procedure.Start ?? procedure.End,
        Report report => report.Taken ?? report.Issued,
        Document document => document.Written,
        Note note => note.Written,
        _ => throw new UnreachableException(),
    };

    [JsonIgnore]
    public bool IsEnteredInError => this switch
    {
        Encounter visit => visit.Status == EncounterStatus.EnteredInError,
        Problem problem => problem.Verification == Verification.EnteredInError,
        Allergy allergy => allergy.Verification == Verification.EnteredInError,
        Medication drug => drug.Status == MedicationStatus.EnteredInError,
        Vital vital => vital.Status == ObservationStatus.EnteredInError,
        Result result => result.Status == ObservationStatus.EnteredInError,
        Immunization shot => shot.Status == ImmunizationStatus.EnteredInError,
        Procedure procedure => procedure.Status == ProcedureStatus.EnteredInError,
        Report report => report.Status == ReportStatus.EnteredInError,
        Document document => document.Status == DocumentStatus.EnteredInError,
        Note => false,
        _ => throw new UnreachableException(),
    };

    /// <summary>Names of those who did, wrote or asserted it, as the source writes them.</summary>
    public IReadOnlyList<string> By { get; init => field = value ?? []; } = [];

    public IReadOnlyList<string> Comments { get; init => field = value ?? []; } = [];

    /// <summary>Warnings in spite of which it was written, oldest first. Only the program adds to them.</summary>
    public IReadOnlyList<AcceptedWarning> Accepted { get; init => field = value ?? []; } = [];

    public sealed record Encounter : Entry
    {
        public required EncounterStatus Status { get; init; }
        /// <summary>Setting, HL7 v3 ActCode: AMB office, EMER emergency, IMP inpatient, HH home, VR virtual, …</summary>
        public Coding? Class { get; init; }
        public IReadOnlyList<Concept> Types { get; init => field = value ?? []; } = [];
        public PartialTime? Start { get; init; }
        public PartialTime? End { get; init; }
        public IReadOnlyList<Concept> Reasons { get; init => field = value ?? []; } = [];
        public string? Place { get; init; }
        public Concept? Discharge { get; init; }
        /// <summary>The visit of this clinic that it was; null when it came from another system.</summary>
        public Guid? VisitId { get; init; }
    }

    public sealed record Problem : Entry
    {
        public required Concept Code { get; init; }
        public ProblemStatus? Status { get; init; }
        public Verification? Verification { get; init; }
        public IReadOnlyList<Concept> Categories { get; init => field = value ?? []; } = [];
        public Concept? Severity { get; init; }
        public IReadOnlyList<Concept> BodySites { get; init => field = value ?? []; } = [];
        public PartialTime? Onset { get; init; }
        public string? OnsetText { get; init; }
        public PartialTime? Abated { get; init; }
        public string? AbatedText { get; init; }
        public PartialTime? Recorded { get; init; }
    }

    public sealed record Allergy : Entry
    {
        public required Concept Code { get; init; }
        public AllergyStatus? Status { get; init; }
        public Verification? Verification { get; init; }
        /// <summary>allergy or intolerance.</summary>
        public string? Type { get; init; }
        /// <summary>food, medication, environment, biologic.</summary>
        public IReadOnlyList<string> Categories { get; init => field = value ?? []; } = [];
        public Criticality? Criticality { get; init; }
        public IReadOnlyList<Reaction> Reactions { get; init => field = value ?? []; } = [];
        public PartialTime? Onset { get; init; }
        public string? OnsetText { get; init; }
        public PartialTime? LastSeen { get; init; }
        public PartialTime? Recorded { get; init; }
    }

    public sealed record Medication : Entry
    {
        public required Concept Code { get; init; }
        public required MedicationStatus Status { get; init; }
        /// <summary>order, plan, proposal, …; absent when the patient only reports taking it.</summary>
        public string? Intent { get; init; }
        public bool IsReported { get; init; }
        public IReadOnlyList<Dosage> Dosages { get; init => field = value ?? []; } = [];
        public IReadOnlyList<Concept> Reasons { get; init => field = value ?? []; } = [];
        public PartialTime? Written { get; init; }
        public PartialTime? Start { get; init; }
        public PartialTime? End { get; init; }
        /// <summary>Refills beyond the first supply.</summary>
        public int? Refills { get; init; }
        public Quantity? Supply { get; init; }
    }

    public sealed record Vital : Entry
    {
        public required ObservationStatus Status { get; init; }
        public required Measurement What { get; init; }
        /// <summary>The members of a panel: systolic and diastolic of a blood pressure.</summary>
        public IReadOnlyList<Measurement> Parts { get; init => field = value ?? []; } = [];
        public PartialTime? Taken { get; init; }
        public Concept? BodySite { get; init; }
        public Concept? Method { get; init; }
    }

    public sealed record Result : Entry
    {
        public required ObservationStatus Status { get; init; }
        /// <summary>laboratory, imaging, survey, social-history, exam, procedure, therapy, …</summary>
        public IReadOnlyList<Concept> Categories { get; init => field = value ?? []; } = [];
        public required Measurement What { get; init; }
        public IReadOnlyList<Measurement> Parts { get; init => field = value ?? []; } = [];
        public IReadOnlyList<EntryReference> Members { get; init => field = value ?? []; } = [];
        public PartialTime? Taken { get; init; }
        public PartialTime? Issued { get; init; }
        public string? Specimen { get; init; }
        public Concept? BodySite { get; init; }
        public Concept? Method { get; init; }
    }

    public sealed record Immunization : Entry
    {
        public required Concept Vaccine { get; init; }
        public required ImmunizationStatus Status { get; init; }
        public Concept? WhyNot { get; init; }
        public PartialTime? Given { get; init; }
        public string? GivenText { get; init; }
        public string? Manufacturer { get; init; }
        public string? Lot { get; init; }
        public PartialTime? Expires { get; init; }
        public Concept? Site { get; init; }
        public Concept? Route { get; init; }
        public Quantity? Dose { get; init; }
        public string? DoseNumber { get; init; }
    }

    public sealed record Procedure : Entry
    {
        public required Concept Code { get; init; }
        public required ProcedureStatus Status { get; init; }
        public Concept? WhyNot { get; init; }
        public PartialTime? Start { get; init; }
        public PartialTime? End { get; init; }
        public string? StartText { get; init; }
        public IReadOnlyList<Concept> Reasons { get; init => field = value ?? []; } = [];
        public IReadOnlyList<Concept> BodySites { get; init => field = value ?? []; } = [];
        public Concept? Outcome { get; init; }
        public IReadOnlyList<Concept> Complications { get; init => field = value ?? []; } = [];
        public IReadOnlyList<Concept> FollowUps { get; init => field = value ?? []; } = [];
        public string? Place { get; init; }
    }

    public sealed record Report : Entry
    {
        public required Concept Code { get; init; }
        public required ReportStatus Status { get; init; }
        public IReadOnlyList<Concept> Categories { get; init => field = value ?? []; } = [];
        public PartialTime? Taken { get; init; }
        public PartialTime? Issued { get; init; }
        public IReadOnlyList<EntryReference> Results { get; init => field = value ?? []; } = [];
        public string? Conclusion { get; init; }
        public IReadOnlyList<Concept> ConclusionCodes { get; init => field = value ?? []; } = [];
        public IReadOnlyList<Attachment> Attachments { get; init => field = value ?? []; } = [];
    }

    public sealed record Document : Entry
    {
        public required DocumentStatus Status { get; init; }
        public Concept? Type { get; init; }
        public IReadOnlyList<Concept> Categories { get; init => field = value ?? []; } = [];
        public string? Description { get; init; }
        public PartialTime? Written { get; init; }
        public IReadOnlyList<Attachment> Attachments { get; init => field = value ?? []; } = [];
    }

    /// <summary>A visit note signed here: its text as signed. Draft, sources and decisions stay with the scribe's own records.</summary>
    public sealed record Note : Entry
    {
        public required string Title { get; init; }
        public IReadOnlyList<NoteSection> Sections { get; init => field = value ?? []; } = [];
        public required PartialTime Written { get; init; }
    }
}
