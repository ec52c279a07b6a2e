using System.ComponentModel.DataAnnotations;

namespace Chartroom.Accounts;

/// <summary>How long links live and how guessing is slowed. Section <c>Accounts</c>.</summary>
public sealed record AccountSettings
{
    /// <summary>Hours a sign-up link is good, 1 to 72. Default 24.</summary>
    [Range(1, 72)] public int SignUpHours { get; init; } = 24;

    /// <summary>Minutes a password-reset link is good, 10 to 120. Default 30.</summary>
    [Range(10, 120)] public int ResetMinutes { get; init; } = 30;

    /// <summary>Wrong passwords from one network before it has to wait, 3 to 10. Default 5.</summary>
    [Range(3, 10)] public int FreeTries { get; init; } = 5;
}
