namespace Chartroom.Charts;

internal static class Refusals
{
    public static readonly Refusal NoSuchPatient = new("charts.no-such-patient", 404, "There is no such patient in this clinic.");
    public static readonly Refusal NoSuchEntry = new("charts.no-such-entry", 404, "There is no such entry in this chart.");
    public static readonly Refusal StaleEntry =
        new("charts.stale-entry", 412, "Somebody amended this entry after you opened it. Look at the new version and decide again.");
    public static readonly Refusal Invalid = new("charts.invalid-entry", 422, "Some of what you wrote can't stand in a chart.");
}
