using System.ComponentModel.DataAnnotations;

namespace Chartroom.Scribe;

/// <summary>Settings of recordings, section <c>Recordings</c>. How long a clinic keeps them is the clinic's.</summary>
public sealed record RecordingSettings
{
    /// <summary>Largest recording in megabytes, 1 to 1000.</summary>
    [Range(1, 1000, ErrorMessage = "Recordings__MostMegabytes is 1 to 1000.")] public int MostMegabytes { get; init; } = 200;

    /// <summary>Longest recording in minutes, 1 to 240.</summary>
    [Range(1, 240, ErrorMessage = "Recordings__MostMinutes is 1 to 240.")] public int MostMinutes { get; init; } = 120;

    internal long MostBytes => MostMegabytes * 1024L * 1024L;
}
