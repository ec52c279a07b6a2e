using System.Text.Json;
using System.Text.RegularExpressions;

namespace Chartroom.Assist;

/// <summary>Reads what came back. Whoever wrote it is not trusted: a statement stays only with sources that exist, tokens that were given out, and words of a note.</summary>
internal static partial class AnswerReader
{
    private const int MostStatements = 400, MostChars = 1000, MostCitations = 40;
    private static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web) { MaxDepth = 8 };

    private sealed record Answer(List<Row>? Statements);

    private sealed record Row(string? Section, string? Group, string? Text, List<string>? Citations);

    /// <exception cref="ModelException">It is not in the form that was asked for.</exception>
    public static (IReadOnlyList<AssistLine> Lines, int Dropped) Read(string text, AssistAsk ask, Pseudonyms hidden)
    {
        var rows = Parse(text);
        var known = ask.Passages.Select(passage => passage.Id).ToHashSet(StringComparer.Ordinal);
        var lines = rows.Select(row => Hold(row, ask.Sections, known, hidden)).OfType<AssistLine>().ToList();
        return (lines, rows.Count - lines.Count);
    }

    private static List<Row> Parse(string text)
    {
        try
        {
            if (JsonSerializer.Deserialize<Answer>(Unfenced(text), Web)?.Statements is { Count: <= MostStatements } rows) return rows;
        }
        catch (JsonException)
        {
            // told below
        }
        throw new ModelException(AssistTrouble.Unreadable);
    }

    // Small local models put their JSON into a block of Markdown however they are asked.
    private static string Unfenced(string text)
    {
        var trimmed = text.Trim();
        if (!trimmed.StartsWith("```", StringComparison.Ordinal) || !trimmed.EndsWith("```", StringComparison.Ordinal) || trimmed.Length < 7) return trimmed;
        var start = trimmed.IndexOf('\n', StringComparison.Ordinal);
        return start < 0 ? trimmed : trimmed[start..^3];
    }

    private static AssistLine? Hold(Row? row, IReadOnlyList<string> sections, HashSet<string> known, Pseudonyms hidden)
    {
        if (row is not { Section: { } section, Text: { } drafted, Citations: { Count: > 0 and <= MostCitations } citations }) return null;
        if (!sections.Contains(section) || !citations.TrueForAll(citation => citation is not null && known.Contains(citation))) return null;
        if (hidden.PutBack(drafted.Trim()) is not { Length: > 2 and <= MostChars } text || IsNoNote(text)) return null;
        if (row.Group is { Length: > 0 } group && (group.Length > 60 || hidden.PutBack(group) != group || IsNoNote(group))) return null;
        return new(section, string.IsNullOrWhiteSpace(row.Group) ? null : row.Group.Trim(), text, [.. citations.Distinct(StringComparer.Ordinal)]);
    }

    // A note holds no addresses to follow, no markup and no control signs; nobody said them in a visit.
    private static bool IsNoNote(string text) => text.Any(sign => char.IsControl(sign) || char.IsSurrogate(sign)) || Markup().IsMatch(text);

    [GeneratedRegex(@"https?:|www\.|\]\(|<[a-z/!]|data:|javascript:", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Markup();
}
