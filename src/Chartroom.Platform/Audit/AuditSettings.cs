using System.ComponentModel.DataAnnotations;

namespace Chartroom.Platform.Audit;

/// <summary>How the audit trail is sealed and kept. Section <c>Audit</c>.</summary>
public sealed record AuditSettings
{
    /// <summary>Name of the logs of this installation, before the clinic's id; best the host's own name. No spaces, no plus.</summary>
    [Required, RegularExpression("[^ +\n]{1,200}")] public string LogName { get; init; } = "chartroom";

    /// <summary>Seconds between two heads of a log that has grown, 1 to 60. At most so far is the witness behind.</summary>
    [Range(1, 60)] public int SealSeconds { get; init; } = 10;

    /// <summary>Years that rows are kept, 6 to 10.</summary>
    [Range(6, 10)] public int RetentionYears { get; init; } = 7;

    /// <summary>Address of a witness on another host (<c>chartroom witness</c>); null for a file of this process.</summary>
    [Url] public string? WitnessUrl { get; init; }

    /// <summary>Public key of the witness at <see cref="WitnessUrl"/>, as it prints it.</summary>
    public string? WitnessKey { get; init; }
}
