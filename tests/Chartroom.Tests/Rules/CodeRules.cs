using System.Reflection;
using System.Text;
using Microsoft.Extensions.Logging;

namespace Chartroom.Rules;

/// <summary>Refusals are known, and logs cannot hold PHI.</summary>
public sealed class CodeRules
{
    private static readonly Type[] Types = [.. new[] { typeof(Outcome<>).Assembly, typeof(Shell.Host).Assembly }.SelectMany(it => it.GetTypes())];

    /// <summary>Words of the program itself that a log line may carry as text.</summary>
    private static readonly HashSet<string> CodeWords = ["kind", "code", "state", "error", "sqlState", "traceId", "where", "verb", "migration", "action"];

    [Fact]
    public void AUD_6_Log_lines_take_ids_enums_numbers_and_durations_only()
    {
        var parameters = Types.SelectMany(type => type.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            .Where(method => method.GetCustomAttribute<LoggerMessageAttribute>() is not null)
            .SelectMany(method => method.GetParameters().Where(it => !typeof(ILogger).IsAssignableFrom(it.ParameterType)).Select(it => (method, it)));

        Assert.Empty(parameters.Where(it => !IsHarmless(it.it)).Select(it => $"{it.method.DeclaringType}.{it.method.Name}({it.it.ParameterType.Name} {it.it.Name})"));
    }

    [Fact]
    public void Log_events_have_numbers_of_their_own_and_stand_in_log_files()
    {
        var events = Types.SelectMany(type => type.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            .Select(method => method.GetCustomAttribute<LoggerMessageAttribute>()).OfType<LoggerMessageAttribute>().Select(it => it.EventId).ToList();
        Assert.Equal(events.Distinct().Count(), events.Count);
        Assert.Empty(SourceTree.Product("*.cs").Where(file => System.Text.RegularExpressions.Regex.IsMatch(SourceTree.Bare(file.Text), @"\.Log(Information|Warning|Error|Debug|Critical)\(")).Select(file => file.Path));
    }

    [Fact]
    public void Refusal_codes_are_unique_well_formed_and_documented()
    {
        var refusals = Refusals();
        Assert.Empty(refusals.GroupBy(it => it.Code).Where(same => same.Count() > 1).Select(same => same.Key));
        Assert.Empty(refusals.Where(it => !System.Text.RegularExpressions.Regex.IsMatch(it.Code, "^[a-z]+(-[a-z]+)*\\.[a-z0-9]+(-[a-z0-9]+)*$")).Select(it => it.Code));
        Assert.Empty(refusals.Where(it => it.Status is < 400 or > 503 || it.Title.Length < 10 || !it.Title.EndsWith('.')).Select(it => it.Code));

        var page = new StringBuilder("# Refusals\n\nStable codes of the API: the problem's `type` is `/problems/{code}`. Made from the program by a test.\n\n| code | status | what it says |\n|---|---|---|\n");
        foreach (var refusal in refusals.OrderBy(it => it.Code, StringComparer.Ordinal))
            page.Append(System.Globalization.CultureInfo.InvariantCulture, $"| `{refusal.Code}` | {refusal.Status} | {refusal.Title} |\n");
        SourceTree.HoldDocument("docs/refusals.md", page.ToString());
    }

    [Fact]
    public void An_interface_stands_only_for_the_outside_or_for_the_framework()
    {
        HashSet<string> outside = ["IKms", "IMailTransport", "IWitness", "IId", "IId`1"];
        Assert.Empty(Types.Where(type => type.IsInterface && !outside.Contains(type.Name)).Select(type => type.FullName));
    }

    private static List<Refusal> Refusals() =>
    [
        .. Types.Where(type => !type.ContainsGenericParameters)
            .SelectMany(type => type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            .Where(field => field.FieldType == typeof(Refusal)).Select(field => field.GetValue(null)).OfType<Refusal>(),
        .. Types.Where(type => !type.ContainsGenericParameters)
            .SelectMany(type => type.GetProperties(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            .Where(property => property.PropertyType == typeof(Refusal) && property.GetIndexParameters().Length == 0).Select(property => property.GetValue(null)).OfType<Refusal>()
            .Where(refusal => refusal.Code.Length > 0),
    ];

    private static bool IsHarmless(ParameterInfo parameter)
    {
        var type = Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType;
        return type.IsEnum || type.IsPrimitive || type == typeof(decimal) || type == typeof(Guid) || type == typeof(TimeSpan) || typeof(IId).IsAssignableFrom(type)
            || (type == typeof(string) && CodeWords.Contains(parameter.Name!));
    }
}
