using System.ComponentModel.DataAnnotations;

namespace Chartroom.Platform.Identity;

/// <summary>How long a session lives. Section <c>Sessions</c>.</summary>
public sealed record SessionLimits
{
    /// <summary>Minutes without a request after which a session ends, 5 to 60. Default 30.</summary>
    [Range(5, 60)] public int IdleMinutes { get; init; } = 30;

    /// <summary>Hours after which a session ends whatever happens, 1 to 12. Default 8.</summary>
    [Range(1, 12)] public int AbsoluteHours { get; init; } = 8;

    /// <summary>Sessions a person may have at once, 1 to 3; the oldest ends. Default 3.</summary>
    [Range(1, 3)] public int AtOnce { get; init; } = 3;

    /// <summary><see cref="IdleMinutes"/> as a span.</summary>
    public TimeSpan Idle => TimeSpan.FromMinutes(IdleMinutes);

    /// <summary><see cref="AbsoluteHours"/> as a span.</summary>
    public TimeSpan Absolute => TimeSpan.FromHours(AbsoluteHours);
}
