namespace Chartroom.Exports;

internal static class Refusals
{
    public static readonly Refusal NoSuchPatient = new("exports.no-such-patient", 404, "There is no such patient here.");
}
