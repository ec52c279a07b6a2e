namespace Chartroom.Keys;

/// <summary>What the keys say no to.</summary>
internal static class Refusals
{
    /// <summary>One rotation at a time; the next begins when its old versions are gone.</summary>
    public static readonly Refusal RotationRunning = new("keys.rotation-running", 409, "A rotation is running. Ask again when it is finished.");

    /// <summary>No such patient here, or the key is destroyed already.</summary>
    public static readonly Refusal NoKey = new("keys.no-key", 404, "There is no such patient, or the key is destroyed already.");
}
