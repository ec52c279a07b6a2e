using Chartroom.Charts;
using Chartroom.Patients;

namespace Chartroom.Import;

/// <summary>What one file holds, read and checked, not yet in any chart.</summary>
public sealed record ReadBundle
{
    /// <summary>In the order of the file; at least one.</summary>
    public required IReadOnlyList<ReadPatient> Patients { get; init; }

    /// <summary>One line for each resource type of the file, in alphabetical order; the counts add up to the file's entries.</summary>
    public required IReadOnlyList<TypeReport> Types { get; init; }

    /// <summary>Identifier of whoever keeps the original, where the form has one.</summary>
    public string? Keeper { get; init; }
}

/// <param name="Where">Place in the file and FHIR id, e.g. <c>Bundle.entry[0] Patient/abc</c>.</param>
/// <param name="Demographics">With at least one record number, by which the same person is found again.</param>
/// <param name="Entries">Encounters first, then the rest in the order of the file.</param>
public sealed record ReadPatient(string Where, Demographics Demographics, IReadOnlyList<ReadEntry> Entries);

/// <param name="Type">FHIR resource type.</param>
public sealed record ReadEntry(string Type, SourcedEntry Entry);

/// <summary>What became of the resources of one type.</summary>
public sealed record TypeReport(string Type, int In, IReadOnlyList<LeftOut> LeftOut)
{
    public int Total => In + LeftOut.Sum(line => line.Count);
}

public sealed record LeftOut(string Reason, int Count);
