using System.Text.RegularExpressions;

namespace Chartroom.Rules;

/// <summary>Walls between capabilities: each names another only through that one's <c>Contracts.cs</c>, and the platform part names none.</summary>
public sealed partial class WallRules
{
    /// <summary>Shell puts the parts of a page and the program together; Bench drives everything; Demo fills every capability with its data.</summary>
    private static readonly string[] Composers = ["Shell", "Bench", "Demo"];

    // Contracts.cs, and Contracts.Something.cs beside it where one file would be too long
    [Fact]
    public void A_capability_names_another_only_through_its_contracts()
    {
        var files = SourceTree.Product("*.cs").Concat(SourceTree.Product("*.razor")).Where(file => file.Path.StartsWith("src/Chartroom/", StringComparison.Ordinal))
            .Select(file => (file.Path, Capability: CapabilityOf(file.Path), Code: SourceTree.Bare(file.Text))).Where(file => file.Capability is not null).ToList();
        var secrets = files.Where(file => !Path.GetFileName(file.Path).StartsWith("Contracts", StringComparison.Ordinal))
            .SelectMany(file => Declarations().Matches(file.Code).Select(match => (file.Capability, Name: match.Groups[1].Value)))
            .Where(it => !Composers.Contains(it.Capability)).ToLookup(it => it.Capability!, it => it.Name);
        var published = files.Where(file => Path.GetFileName(file.Path).StartsWith("Contracts", StringComparison.Ordinal))
            .SelectMany(file => Declarations().Matches(file.Code).Select(match => match.Groups[1].Value)).ToHashSet();

        var breaches = from file in files
                       where !Composers.Contains(file.Capability)
                       from other in secrets
                       where other.Key != file.Capability
                       let seesIt = Regex.IsMatch(file.Code, $@"(using|@using)\s+Chartroom\.{other.Key}\s*;?")
                       from name in other.Distinct()
                       where file.Code.Contains(name, StringComparison.Ordinal)   // cheap first: most files name nothing of most others
                       where !published.Contains(name) && !files.Any(own => own.Capability == file.Capability && Regex.IsMatch(own.Code, $@"\b(class|record|struct|enum|delegate)\s+{name}\b"))
                       where Regex.IsMatch(file.Code, $@"\b{other.Key}\.{name}\b") || (seesIt && Regex.IsMatch(file.Code, $@"(?<![\w.]){name}\b"))
                       select $"{file.Path} names {other.Key}.{name}";

        Assert.Equal("", string.Join("\n", breaches.Distinct()));
    }

    [Fact]
    public void The_platform_part_knows_no_capability() => Assert.Empty(
        SourceTree.Product("*.cs").Where(file => file.Path.StartsWith("src/Chartroom.Platform/", StringComparison.Ordinal))
            .SelectMany(file => Usings().Matches(SourceTree.Bare(file.Text)).Select(match => match.Groups[1].Value))
            .Where(space => space != "Transparency" && !space.StartsWith("Platform", StringComparison.Ordinal)).Distinct());

    [Fact]
    public void Every_capability_has_its_page_of_words()
    {
        var capabilities = Directory.EnumerateDirectories(Path.Combine(SourceTree.Root, "src/Chartroom")).Select(Path.GetFileName)
            .Where(name => name is not (null or "wwwroot" or "bin" or "obj" or "Properties"));
        Assert.DoesNotContain(capabilities, name => !File.Exists(Path.Combine(SourceTree.Root, "src/Chartroom", name!, "README.md")));
    }

    [Fact]
    public void No_hand_written_file_is_over_four_hundred_lines() => Assert.Empty(
        SourceTree.Files("src", "*.cs").Concat(SourceTree.Files("src", "*.razor")).Concat(SourceTree.Files("tests", "*.cs"))
            .Where(file => file.Text.AsSpan().Count('\n') > 400).Select(file => file.Path));

    [Fact]
    public void No_page_carries_inline_script_or_style()   // the content-security policy would drop it silently
    {
        var inline = SourceTree.Product("*.razor").SelectMany(file => Inline().Matches(file.Text).Select(match => $"{file.Path}: {match.Value.Trim()}"));
        Assert.Empty(inline);
    }

    [Fact]
    public void Connections_to_the_database_are_opened_in_the_platform_part_only() => Assert.Empty(
        SourceTree.Product("*.cs").Where(file => !file.Path.StartsWith("src/Chartroom.Platform/", StringComparison.Ordinal))
            .Where(file => Regex.IsMatch(SourceTree.Bare(file.Text), @"\bNpgsql(Connection|DataSource|Command|Batch)\b(?!String)")).Select(file => file.Path));

    private static string? CapabilityOf(string path)
    {
        var parts = path.Split('/');
        return parts.Length > 3 ? parts[2] : null;
    }

    [GeneratedRegex(@"\b(?:class|record struct|record class|record|struct|enum|interface|delegate \w+)\s+([A-Z]\w+)")]
    private static partial Regex Declarations();

    [GeneratedRegex(@"using\s+(?:static\s+)?Chartroom\.(\w+)")]
    private static partial Regex Usings();

    [GeneratedRegex(@"<script(?![^>]*\b(?:src=|type=\\""application/json))[^>]*>|<style[\s>]|\sstyle\s*=|\son[a-z]+\s*=\s*[""']")]
    private static partial Regex Inline();
}
