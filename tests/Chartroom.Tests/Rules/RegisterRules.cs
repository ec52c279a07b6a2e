using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Chartroom.Rules;

/// <summary>
/// <c>docs/asvs.md</c>, <c>docs/hipaa.md</c> and <c>docs/threats.md</c> say only what the code bears out: the tests they name exist, and so do the files.
/// </summary>
public sealed partial class RegisterRules
{
    private static readonly HashSet<string> Tests = TestsByName();

    [Theory]
    [InlineData("docs/asvs.md", 345, 3)]
    [InlineData("docs/hipaa.md", 80, 3)]
    public void Every_requirement_has_one_state_and_what_it_names_exists(string document, int count, int stateAt)
    {
        var rows = RowsOf(document);

        Assert.Equal(count, rows.Select(row => row[0]).Distinct().Count());
        Assert.Equal(count, rows.Length);
        Assert.Equal("", string.Join("\n", rows.Select(row => $"{row[0]}{Fault(row[stateAt], row[stateAt + 1])}").Where(it => it.Contains(':', StringComparison.Ordinal))));
        Assert.Equal("", string.Join("\n", Words(document).Where(it => !Exists(it))));
    }

    [Theory]
    [InlineData("docs/asvs.md", 3, "| all | ")]
    [InlineData("docs/hipaa.md", 3, "| ")]
    public void The_counts_at_the_top_are_those_of_the_rows(string document, int stateAt, string before)
    {
        var states = RowsOf(document).ToLookup(row => row[stateAt]);
        var counts = string.Join(" | ", new[] { "test", "inspection", "n/a", "open" }.Select(state => states[state].Count()));

        Assert.Contains($"{before}{counts} | {states.Sum(state => state.Count())} |", Text(document), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_threat_is_closed_by_a_test_or_says_what_is_missing()
    {
        var threats = Text("docs/threats.md").Split('\n').Where(line => line.StartsWith("| ", StringComparison.Ordinal)).Select(Cells)
            .Where(cells => cells[0] != "threat" && !cells[0].StartsWith("---", StringComparison.Ordinal)).ToArray();

        Assert.True(threats.Length >= 25, "The rule has stopped looking.");
        Assert.Equal("", string.Join("\n", threats.Where(cells => !IsClosedOrOpen(cells[^1])).Select(cells => cells[0])));
        Assert.Equal("", string.Join("\n", Words("docs/threats.md").Where(it => !Exists(it))));
    }

    [SharedDataFact]
    public void Every_threat_of_the_list_that_security_is_measured_by_stands_there_under_its_name()
    {
        var wanted = Titles(SharedData.Text("spec/security.md").Split("\n## Threats", 2)[1].Split("\n## ", 2)[0], "- ");
        Assert.True(wanted.Length >= 26, "The rule has stopped looking.");

        Assert.Equal(wanted, Titles(Text("docs/threats.md").Split("\n## More", 2)[0], "| "));
    }

    [SharedDataFact]
    public void The_requirements_are_those_of_the_published_lists_with_their_levels()
    {
        using var asvs = Json("asvs-5.0.0.flat.json");
        using var rules = Json("us_rules.json");
        var published = asvs.RootElement.GetProperty("requirements").EnumerateArray()
            .Select(it => $"{it.GetProperty("req_id").GetString()![1..]} {it.GetProperty("L")}");   // "V1.1.1" has a text in every entry
        var clauses = new[] { "hipaa", "onc_170_315_d" }.SelectMany(list => rules.RootElement.GetProperty(list).EnumerateArray())
            .Select(it => it.GetProperty("id").GetString());

        Assert.Equal(published.Order(StringComparer.Ordinal), RowsOf("docs/asvs.md").Select(row => $"{row[0]} {row[1]}").Order(StringComparer.Ordinal));
        var others = rules.RootElement.GetProperty("fedramp_rev5_high").EnumerateArray().Select(it => $"FedRAMP {it.GetProperty("id").GetString()}");
        var rows = RowsOf("docs/hipaa.md").Select(row => row[0]).ToLookup(row => row.StartsWith("NIST ", StringComparison.Ordinal));
        Assert.Equal(clauses.Concat(others).Order(StringComparer.Ordinal), rows[false].Order(StringComparer.Ordinal));
        Assert.Equal(rules.RootElement.GetProperty("nist_800_63b_4").GetArrayLength(), rows[true].Count());   // the list gives these no ids
    }

    /// <summary>What stands in bold at the beginning of a line, sorted.</summary>
    private static string[] Titles(string text, string before) => [.. Bold().Matches(text).Where(match => match.Groups[1].Value == before).Select(match => match.Groups[2].Value).Order(StringComparer.Ordinal)];

    /// <summary>Empty when the evidence is of the kind that the state promises.</summary>
    private static string Fault(string state, string evidence)
    {
        var named = Quoted().Matches(evidence.Split(';')[0]).Select(match => match.Groups[1].Value).ToArray();
        return state switch
        {
            "test" => named.Length > 0 && named.All(Tests.Contains) ? "" : $": no such test {string.Join(", ", named.Where(it => !Tests.Contains(it)))}",
            "inspection" => named.Length > 0 && Exists(named[0]) ? "" : ": no such file",
            "n/a" => evidence.Length > 5 ? "" : ": no reason",
            "open" => evidence.Contains("issue", StringComparison.Ordinal) ? "" : ": no issue",
            _ => $": no such state {state}",
        };
    }

    private static bool IsClosedOrOpen(string cell) =>
        cell.StartsWith("open: ", StringComparison.Ordinal) || cell.StartsWith("inspection: `", StringComparison.Ordinal)
        || (Quoted().Match(cell) is { Success: true, Index: 0 } first && Tests.Contains(first.Groups[1].Value));

    /// <summary>Names of tests and paths in backticks; other code words are not held to anything.</summary>
    private static IEnumerable<string> Words(string document) => Quoted().Matches(Text(document)).Select(match => match.Groups[1].Value)
        .Where(word => TestName().IsMatch(word) || Folder().IsMatch(word));

    private static bool Exists(string word) =>
        Tests.Contains(word) || File.Exists(Path.Combine(SourceTree.Root, word)) || Directory.Exists(Path.Combine(SourceTree.Root, word));

    private static string[][] RowsOf(string document) =>
        Text(document).Split('\n').Where(line => Requirement().IsMatch(line)).Select(Cells).ToArray();

    private static string[] Cells(string line) => line.Trim().Trim('|').Split(" | ").Select(cell => cell.Trim()).ToArray();

    private static string Text(string document) => File.ReadAllText(Path.Combine(SourceTree.Root, document));

    private static JsonDocument Json(string file) => JsonDocument.Parse(File.ReadAllText(SharedData.Files("security/reg", file).Single()));

    private static HashSet<string> TestsByName()
    {
        var methods = typeof(RegisterRules).Assembly.GetTypes()
            .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly))
            .Where(method => method.GetCustomAttributes<FactAttribute>().Any()).ToArray();
        return methods.Select(method => method.Name).Concat(methods.Select(method => method.DeclaringType!.Name)).ToHashSet();   // a method found on a type has it
    }

    [GeneratedRegex(@"^(- |\| )\*\*([^*]+)\*\*[: ]", RegexOptions.Multiline)]
    private static partial Regex Bold();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Quoted();

    [GeneratedRegex("^[A-Z][A-Za-z0-9]*(_[A-Za-z0-9]+)+$")]
    private static partial Regex TestName();

    [GeneratedRegex("^(src|docs|tests|deploy|scripts)/")]
    private static partial Regex Folder();

    [GeneratedRegex(@"^\| (\d+\.\d+(\.\d+|\([a-z]\)\S*)|(NIST|FedRAMP) [^|]+) \| ")]
    private static partial Regex Requirement();
}
