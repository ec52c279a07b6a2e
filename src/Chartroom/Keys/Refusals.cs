namespace Chartroom.Keys;

/// <summary>What the keys say no to.</summary>
internal static class Refusals
{
    /// <summary>One rotation at a time; the next begins when its old versions are gone.</summary>
    public static readonly Refusal RotationRunning = new("keys.rotation-running", 409, "A rotation is running. Ask again when it is finished.");
}
