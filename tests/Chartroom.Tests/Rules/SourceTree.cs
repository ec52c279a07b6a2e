using System.Text.RegularExpressions;

namespace Chartroom.Rules;

/// <summary>The checkout that the tests were built from, for the rules that read it.</summary>
internal static partial class SourceTree
{
    public static string Root { get; } = FindRoot();

    /// <summary>Hand-written product files of that ending, without tests, as (path from the root, text).</summary>
    public static IEnumerable<(string Path, string Text)> Product(string pattern) =>
        Files("src", pattern).Where(file => !file.Path.EndsWith(".Tests.cs", StringComparison.Ordinal));

    /// <summary>Files under a folder.</summary>
    public static IEnumerable<(string Path, string Text)> Files(string folder, string pattern) =>
        Directory.EnumerateFiles(Path.Combine(Root, folder), pattern, SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Root, path))
            .Where(path => !path.Contains("/wwwroot/lib/", StringComparison.Ordinal) && !path.Contains("/obj/", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(path => (path, File.ReadAllText(Path.Combine(Root, path))));

    /// <summary>Code without comments and strings, for rules that look at names.</summary>
    public static string Bare(string code) => CommentsAndStrings().Replace(code, " ");

    /// <summary>
    /// Holds a generated document to what the program says. With CHARTROOM_UPDATE_DOCS=1 it is written anew instead, to be read and committed.
    /// </summary>
    public static void HoldDocument(string path, string expected)
    {
        var file = Path.Combine(Root, path);
        if (Environment.GetEnvironmentVariable("CHARTROOM_UPDATE_DOCS") == "1") File.WriteAllText(file, expected);
        Assert.True(File.Exists(file) && File.ReadAllText(file) == expected, $"{path} is not what the program says. CHARTROOM_UPDATE_DOCS=1 ./test --filter Rules writes it anew.");
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Chartroom.slnx"))) folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("The tests must run from a checkout.");
    }

    [GeneratedRegex("""
        \$*"{3,}[\s\S]*?"{3,}|\$?@?"(?:\\.|""|[^"\\\n])*"|//[^\n]*|/\*[\s\S]*?\*/
        """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex CommentsAndStrings();
}
