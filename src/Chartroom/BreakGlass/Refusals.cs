namespace Chartroom.BreakGlass;

/// <summary>What restricting charts and breaking the glass say no to.</summary>
internal static class Refusals
{
    public static readonly Refusal NoSuchPatient = new("break-glass.no-such-patient", 404, "There is no such patient in this clinic.");
    public static readonly Refusal NotNeeded = new("break-glass.not-needed", 409, "This chart is open to you. Open it the ordinary way.");
    public static readonly Refusal Invalid = new("break-glass.invalid", 422, "Say what the emergency is. The administrators of your clinic read it.");
    public static readonly Refusal NotOpen = new("break-glass.not-open", 404, "You have no such emergency access open. It may be over already.");
    public static readonly Refusal NoSuchAccess = new("break-glass.no-such-access", 404, "There is no such emergency access in this clinic.");
    public static readonly Refusal OwnAccess = new("break-glass.own-access", 403, "Another administrator has to review this one: it is your own.");
    public static readonly Refusal Reviewed = new("break-glass.reviewed", 409, "This emergency access was reviewed already.");
    public static readonly Refusal InvalidReview = new("break-glass.invalid-review", 422, "Say whether it was justified, and why you think so.");
    public static readonly Refusal InvalidTeam = new("break-glass.invalid-team", 422, "Choose at least one colleague who works here as provider or administrator.");
    public static readonly Refusal NotRestricted = new("break-glass.not-restricted", 404, "This chart is not restricted.");
}
