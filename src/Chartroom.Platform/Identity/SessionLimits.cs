namespace Chartroom.Platform.Identity;

/// <summary>How long sessions live at a clinic, and how many a person has. A clinic sets them within bounds that the database holds (ACC-4); these are the defaults.</summary>
public sealed record SessionLimits
{
    /// <summary>Minutes without a request after which a session ends, 5 to 60. Default 30.</summary>
    public int IdleMinutes { get; init; } = 30;

    /// <summary>Hours after which a session ends whatever happens, 1 to 12. Default 8.</summary>
    public int AbsoluteHours { get; init; } = 8;

    /// <summary>Sessions a person may have at once, 1 to 3; the oldest ends. Default 3. Of somebody at several clinics the strictest counts.</summary>
    public int AtOnce { get; init; } = 3;
}
