namespace Chartroom;

/// <summary>The evaluation data that stands beside the repository (<c>../shared</c>) where the product is built, and is not part of it.</summary>
internal static class SharedData
{
    /// <summary>The folder <c>shared/data</c> next to the checkout or above it, or null.</summary>
    public static string? Root { get; } = Above(AppContext.BaseDirectory)
        .Select(folder => Path.Combine(folder.FullName, "shared", "data")).FirstOrDefault(Directory.Exists);

    public static string[] Files(string folder, string pattern) =>
        Directory.GetFiles(Path.Combine(Root ?? throw new InvalidOperationException("No shared data here."), folder), pattern).Order().ToArray();

    /// <summary>What the product is measured by, beside the data: <c>spec/security.md</c> and others.</summary>
    public static string Text(string file) => File.ReadAllText(Path.Combine(Root ?? throw new InvalidOperationException("No shared data here."), "..", file));

    private static IEnumerable<DirectoryInfo> Above(string start)
    {
        for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent) yield return folder;
    }
}

/// <summary>A fact about real records; skipped, and saying so, where they are absent.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SharedDataFactAttribute : FactAttribute
{
    public SharedDataFactAttribute()
    {
        if (SharedData.Root is null) Skip = "needs the evaluation data in ../shared";
    }
}
