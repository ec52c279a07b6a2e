using System.Reflection;
using System.Text.Encodings.Web;
using System.Text.RegularExpressions;

namespace Chartroom.Scribe;

/// <summary>A part of the card: its title and what stands under it.</summary>
/// <param name="Id">Name of the part in an address.</param>
public sealed record CardPart(string Id, string Title, IReadOnlyList<CardBlock> Blocks);

/// <summary>A paragraph (one row of one cell), a list (rows of one cell) or a table (its head first).</summary>
public sealed record CardBlock(CardKind Kind, IReadOnlyList<IReadOnlyList<string>> Rows);

public enum CardKind { Words, List, Table }

/// <summary>
/// <c>docs/ai-card.md</c> as it came with this very program: what each feature does, its measured figures with the command that made them, its known failures. One text for repository and page, so that they
/// cannot say different things. Reads the little of Markdown that the card uses.
/// </summary>
internal static partial class AiCard
{
    public static IReadOnlyList<CardPart> Parts { get; } = Read(Text());

    internal static IReadOnlyList<CardPart> Read(string text)
    {
        var parts = new List<CardPart>();
        foreach (var paragraph in Blank().Split(text.ReplaceLineEndings("\n")).Select(it => it.Trim()).Where(it => it.Length > 0))
        {
            if (paragraph.StartsWith("# ", StringComparison.Ordinal)) parts.Add(new("about", "About these figures", []));
            else if (paragraph.StartsWith("## ", StringComparison.Ordinal)) parts.Add(new(IdOf(paragraph[3..]), paragraph[3..], []));
            else parts[^1] = parts[^1] with { Blocks = [.. parts[^1].Blocks, .. BlocksOf(paragraph.Split('\n'))] };
        }
        return parts;
    }

    /// <summary>Words as the page writes them: everything encoded but code and emphasis.</summary>
    public static string Html(string words) => Strong().Replace(Code().Replace(HtmlEncoder.Default.Encode(words), "<code>$1</code>"), "<strong>$1</strong>");

    // A list may follow its sentence without an empty line; lines of one sentence are broken anywhere.
    private static IEnumerable<CardBlock> BlocksOf(string[] lines)
    {
        if (lines[0].StartsWith('|')) return [new(CardKind.Table, [.. lines.Where(line => !Rule().IsMatch(line)).Select(line => line.Trim('|', ' ').Split('|').Select(cell => cell.Trim()).ToArray())])];
        var list = Array.FindIndex(lines, line => line.StartsWith("- ", StringComparison.Ordinal));
        var words = list < 0 ? lines : lines[..list];
        CardBlock[] before = words.Length == 0 ? [] : [new(CardKind.Words, [[string.Join(' ', words)]])];
        if (list < 0) return before;
        return [.. before, new(CardKind.List, [.. string.Join('\n', lines[list..]).Split("\n- ").Select(item => (string[])[item.Replace('\n', ' ').TrimStart('-', ' ')])])];
    }

    private static string IdOf(string title) => NoWord().Replace(title.ToLowerInvariant(), "-").Trim('-');

    private static string Text()
    {
        using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream("docs/ai-card.md") ?? throw new InvalidOperationException("docs/ai-card.md is not in the assembly."));
        return reader.ReadToEnd();
    }

    [GeneratedRegex(@"\n\s*\n", RegexOptions.CultureInvariant)]
    private static partial Regex Blank();

    [GeneratedRegex(@"^\|[\s:|-]+\|$", RegexOptions.CultureInvariant)]
    private static partial Regex Rule();

    [GeneratedRegex("`(.+?)`", RegexOptions.CultureInvariant)]
    private static partial Regex Code();

    [GeneratedRegex(@"\*\*(.+?)\*\*", RegexOptions.CultureInvariant)]
    private static partial Regex Strong();

    [GeneratedRegex("[^a-z0-9]+", RegexOptions.CultureInvariant)]
    private static partial Regex NoWord();
}
