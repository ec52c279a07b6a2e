namespace Chartroom.Charts;

internal static class Refusals
{
    public static readonly Refusal NoSuchPatient = new("charts.no-such-patient", 404, "There is no such patient in this clinic.");
    public static readonly Refusal NoSuchEntry = new("charts.no-such-entry", 404, "There is no such entry in this chart.");
    public static readonly Refusal StaleEntry =
        new("charts.stale-entry", 412, "Somebody amended this entry after you opened it. Look at the new version and decide again.");
    public static readonly Refusal NoSuchEncounter = new("charts.no-such-encounter", 422, "There is no such encounter in this chart.");
    public static readonly Refusal NotWrittenHere =
        new("charts.kind-not-written-here", 422, "Entries of this kind come from visits and imports; by hand go problems, allergies, medications, vitals and results.");
    public static readonly Refusal OtherKind = new("charts.other-kind", 422, "An entry stays what it is. Add a new one of the other kind.");
    public static readonly Refusal Unreadable = new("charts.unreadable-entry", 400, "The entry could not be read. See the API description for its form.");
    public static readonly Refusal Invalid = new("charts.invalid-entry", 422, "Some of what you wrote can't stand in a chart.");
    public static readonly Refusal AllergyWarning = new("charts.allergy-warning", 409,
        "An allergy and a medication of this chart do not go together. Look again; to write it all the same, say why.");
    public static readonly Refusal SignedStays = new("charts.signed-stays", 409, "What was signed here stays in the chart. Add an addendum that says what is wrong.");
    public static readonly Refusal HasEntries = new("charts.has-entries", 409, "Other entries of this chart belong to this encounter. They go first.");
    public static readonly Refusal DestructionAsked = new("charts.destruction-asked", 409, "Somebody asked for the end of this entry already. An administrator other than them confirms it.");
    public static readonly Refusal TwoPeople = new("charts.two-people", 409, "An entry ends for good by two people: one asks, an administrator other than them confirms.");
    public static readonly Refusal NoSuchOrder = new("charts.no-such-order", 422, "There is no open order of this patient that a result could answer.");
    public static readonly Refusal NotWaiting = new("charts.result-not-waiting", 409, "A provider has seen this result already, or it waits for nobody.");
    public static readonly Refusal NotSeen = new("charts.result-not-seen", 409, "Only what you have said last of this result can be taken back.");
    public static readonly Refusal NoSuchCode = new("charts.no-such-code", 422, "The loaded edition of ICD-10-CM has no such code.");
}
