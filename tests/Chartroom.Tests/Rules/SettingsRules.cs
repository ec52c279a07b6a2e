using System.Reflection;
using System.Text.RegularExpressions;

namespace Chartroom.Rules;

/// <summary>An operator finds every setting in <c>docs/operate.md</c>, under the name that the environment takes.</summary>
public sealed partial class SettingsRules
{
    [Fact]
    public void Every_setting_is_in_the_operators_guide_and_nothing_there_is_made_up()
    {
        var types = new[] { typeof(Outcome<>).Assembly, typeof(Shell.Host).Assembly }.SelectMany(it => it.GetTypes()).ToLookup(it => it.Name);
        var settings = SourceTree.Product("*.cs").SelectMany(file => Reads().Matches(file.Text))
            .SelectMany(match => Names(types[match.Groups[1].Value].Single(), match.Groups[2].Value)).ToHashSet();
        var guide = File.ReadAllText(Path.Combine(SourceTree.Root, "docs/operate.md"));
        var described = Described().Matches(guide).Select(match => match.Groups[1].Value).Where(name => name != "ConnectionStrings__Postgres").ToHashSet();

        Assert.True(settings.Count > 10, "The rule has stopped looking.");
        Assert.Equal("", string.Join(" ", settings.Except(described).Order()));
        Assert.Equal("", string.Join(" ", described.Except(settings).Order()));
    }

    private static IEnumerable<string> Names(Type settings, string section) =>
        settings.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(it => it.CanWrite).Select(it => $"{section}__{it.Name}");

    [GeneratedRegex(@"Read<(\w+)>\((?:builder\.)?[cC]onfiguration, ""(\w+)""\)")]
    private static partial Regex Reads();

    [GeneratedRegex(@"`([A-Z]\w+__[A-Z]\w+)`")]
    private static partial Regex Described();
}
