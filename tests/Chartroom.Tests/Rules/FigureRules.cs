using System.Reflection;
using System.Text.RegularExpressions;
using Chartroom.Shell;

namespace Chartroom.Rules;

/// <summary>Each line of docs/security-figures.md names the command that made it, and the command is there: whoever doubts a figure can make it again.</summary>
public sealed partial class FigureRules
{
    [Fact]
    public void Every_figure_of_security_names_a_command_that_exists()
    {
        var rows = File.ReadAllLines(Path.Combine(SourceTree.Root, "docs/security-figures.md")).Where(line => line.StartsWith("| ", StringComparison.Ordinal))
            .Select(line => line.Trim('|', ' ').Split(" | ")).Where(cells => cells[0] is not "what" && !cells[0].StartsWith("---", StringComparison.Ordinal)).ToList();
        Assert.True(rows.Count > 60, $"{rows.Count} figures: the rule has stopped looking.");
        var tests = typeof(FigureRules).Assembly.GetTypes().SelectMany(type => type.GetMethods().Where(it => it.GetCustomAttributes<FactAttribute>().Any()), (type, test) =>
            $"{type.FullName}.{test.Name}").ToList();
        var verbs = Leaves(Verbs.Root()).ToDictionary(Verbs.NameOf);
        var sources = Directory.EnumerateFiles(Path.Combine(SourceTree.Root, "tests"), "*.cs", SearchOption.AllDirectories)
            .Concat(Directory.EnumerateFiles(Path.Combine(SourceTree.Root, "src"), "*.Tests.cs", SearchOption.AllDirectories)).Where(path => !path.EndsWith(nameof(FigureRules) + ".cs",
                StringComparison.Ordinal)).Select(File.ReadAllText).ToList();

        var faults = rows.Where(cells => !Command().IsMatch(cells[^1]) && !Again().IsMatch(cells[^1])).Select(cells => $"{cells[0]}: no command").ToList();
        foreach (var command in rows.SelectMany(cells => Command().Matches(cells[^1])).Select(match => match.Groups[1].Value))
        {
            faults.AddRange(Filter().Matches(command).Select(it => it.Groups[1].Value).Where(it => !tests.Exists(test => test.Contains(it, StringComparison.Ordinal))).Select(it =>
                $"{command}: no such test"));
            faults.AddRange(Setting().Matches(command).Select(it => it.Groups[1].Value).Where(it => !sources.Exists(text => text.Contains(it, StringComparison.Ordinal))).Select(it =>
                $"{command}: nothing reads {it}"));
            if (Script().Match(command) is { Success: true } script && !File.Exists(Path.Combine(SourceTree.Root, script.Value))) faults.Add($"{command}: no such file");
            if (Verb().Match(command) is not { Success: true } verb) continue;
            if (!verbs.TryGetValue(verb.Groups[1].Value, out var known)) faults.Add($"{command}: no such verb");
            else faults.AddRange(Option().Matches(command).Select(it => it.Value).Where(it => !known.Options.Any(option => option.Name == it)).Select(it => $"{command}: no option {it}"));
        }
        Assert.Equal("", string.Join('\n', faults.Distinct()));
    }

    private static IEnumerable<System.CommandLine.Command> Leaves(System.CommandLine.Command it) => it.Subcommands.Count == 0 ? [it] : it.Subcommands.SelectMany(Leaves);

    [GeneratedRegex("`((?:CHARTROOM_|\\./|scripts/)[^`]*)`")]
    private static partial Regex Command();

    [GeneratedRegex("^(same|the same|psql)")]
    private static partial Regex Again();

    [GeneratedRegex(@"--filter (\w+)")]
    private static partial Regex Filter();

    [GeneratedRegex(@"\b(CHARTROOM_[A-Z_]+)=")]
    private static partial Regex Setting();

    [GeneratedRegex(@"^scripts/\S+")]
    private static partial Regex Script();

    [GeneratedRegex(@"^\./chartroom ([a-z]+ [a-z-]+)")]
    private static partial Regex Verb();

    [GeneratedRegex(@"--[a-z][a-z-]*")]
    private static partial Regex Option();
}
