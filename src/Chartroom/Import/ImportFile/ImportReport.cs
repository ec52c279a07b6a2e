using Chartroom.Charts;

namespace Chartroom.Import;

/// <summary>What one file changed.</summary>
public sealed record ImportReport
{
    public required IReadOnlyList<ImportedPatient> Patients { get; init; }
    /// <summary>One line for each resource type of the file; the counts add up to its entries.</summary>
    public required IReadOnlyList<ImportedType> Types { get; init; }

    public int Changes => Types.Sum(type => type.Added + type.Changed);
}

public sealed record ImportedPatient(PatientId Id, bool IsNew);

/// <param name="Kept">Not taken, because it was amended or put away here since it came.</param>
public sealed record ImportedType(string Type, int Added, int Changed, int Unchanged, int Kept)
{
    public IReadOnlyList<LeftOut> LeftOut { get; init; } = [];
}

/// <summary>Adds up what became of each resource.</summary>
internal sealed class ImportTally
{
    private readonly Dictionary<string, int[]> counts = [];

    public void Count(string type, Merged what, int times = 1)
    {
        if (!counts.TryGetValue(type, out var line)) counts[type] = line = new int[4];
        line[(int)what] += times;
    }

    /// <summary>The lines in the order of the read report, with what it left out.</summary>
    public IReadOnlyList<ImportedType> Report(IReadOnlyList<TypeReport> read) =>
        [.. read.Select(type =>
        {
            var line = counts.GetValueOrDefault(type.Type, new int[4]);
            return new ImportedType(type.Type, line[(int)Merged.Added], line[(int)Merged.Changed], line[(int)Merged.Unchanged], line[(int)Merged.Kept])
            {
                LeftOut = type.LeftOut,
            };
        })];
}
