using System.ComponentModel.DataAnnotations;

namespace Chartroom.Keys;

/// <summary>When keys are rotated without anybody asking. Section <c>Keys</c>.</summary>
internal sealed record KeySettings
{
    /// <summary>Days after which the clinic's key and its patients' keys are rotated, 1 to 3650. Default 90.</summary>
    [Range(1, 3650)] public int RotateAfterDays { get; init; } = 90;

    /// <summary>The list of destroyed keys; default <c>tombstones/list</c> in the data directory. On several nodes: one file that all of them see.</summary>
    public string? TombstoneFile { get; init; }
}
