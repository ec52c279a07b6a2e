namespace Chartroom.AuditLog;

/// <summary>Why the log does not answer.</summary>
internal static class Refusals
{
    public static readonly Refusal NoSuchEvent = new("audit.no-such-event", 404, "There is no such event in this clinic's log.");
    public static readonly Refusal NoSuchPatient = new("audit.no-such-patient", 404, "There is no such patient here.");
    public static readonly Refusal NotYetSealed = new("audit.not-yet-sealed", 409, "No signed head covers this event yet. Ask again in a minute.");
    public static readonly Refusal AlreadyVerifying = new("audit.already-verifying", 409, "A log is being verified right now. Wait until it is done.");
    public static readonly Refusal TooLong =
        new("audit.too-long", 503, "The log could not be read through within a minute. The operator's command chartroom audit verify has no such limit.");
    public static readonly Refusal WitnessSilent = new("audit.witness-silent", 503, "The witness of the log does not answer, and without it nothing can be verified. Tell the operator.");
}
