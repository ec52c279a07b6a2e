namespace Chartroom.Keys;

/// <summary>What the keys say no to.</summary>
internal static class Refusals
{
    /// <summary>One rotation at a time; the next begins when its old versions are gone.</summary>
    public static readonly Refusal RotationRunning = new("keys.rotation-running", 409, "A rotation is running. Ask again when it is finished.");

    /// <summary>No such patient here, or the key is destroyed already.</summary>
    public static readonly Refusal NoKey = new("keys.no-key", 404, "There is no such patient, or the key is destroyed already.");

    /// <summary>Only who is put away: nobody with a visit ahead or something unsigned.</summary>
    public static readonly Refusal NotPutAway = new("keys.not-put-away", 409, "This patient is still in the lists. Put them away first, at the end of “Edit patient”; then ask again.");

    /// <summary>Some fields cannot be taken as they are; they are named.</summary>
    public static readonly Refusal InvalidDestruction = new("keys.invalid-destruction", 422, "Some fields need another look.");

    /// <summary>Perhaps another patient is meant.</summary>
    public static Refusal OtherRecordNumber() => InvalidDestruction.On("mrn", "That is not this patient's record number (MRN). Make sure that it is the right patient.");

    /// <summary>Somebody asked before.</summary>
    public static readonly Refusal DestructionAsked = new("keys.destruction-asked", 409, "Somebody asked for this already. An administrator, another person, confirms it.");

    /// <summary>Nobody asked, or it was taken back.</summary>
    public static readonly Refusal NoDestruction = new("keys.no-destruction", 404, "Nobody asks to destroy this record, or it was taken back.");

    /// <summary>Whoever asked does not confirm.</summary>
    public static readonly Refusal TwoPeople = new("keys.two-people", 409, "You asked for this yourself. Another administrator has to confirm it.");

    /// <summary>Somebody else asked.</summary>
    public static readonly Refusal NotYoursToWithdraw = new("keys.not-yours-to-withdraw", 409, "An administrator, or whoever asked for it, takes it back.");

    /// <summary>The keys go only when two people said so.</summary>
    public static readonly Refusal NotConfirmed = new("keys.not-confirmed", 409, "No second person confirmed that this record be destroyed.");
}
