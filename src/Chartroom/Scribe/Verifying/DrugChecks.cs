using Chartroom.Scribe.Language;

namespace Chartroom.Scribe.Verifying;

/// <summary>A drug of a statement must be in its cited lines, by brand or generic name. A near name is pointed out, never
/// corrected.</summary>
internal static class DrugChecks
{
    private static readonly string[] Endings =
    [
        "pril", "olol", "statin", "sartan", "prazole", "conazole", "mycin", "cillin", "floxacin", "cycline", "gliptin", "gliflozin",
        "glutide", "dipine",
        "triptan", "setron", "tidine", "parin", "xaban", "tinib", "navir", "profen", "oxetine", "azepam", "zolam", "barbital", "solone",
        "terol", "thiazide",
        "formin", "coxib", "lukast", "fibrate", "dronate",
    ];

    public static void Run(Check check)
    {
        var heard = check.Evidence.Facts.SelectMany(facts => facts.Mentions).Where(mention => mention.Term.Kind == TermKind.Drug)
            .Select(mention => mention.Term.Concept).ToHashSet(StringComparer.Ordinal);
        var heardWords = check.Evidence.Facts.SelectMany(facts => facts.Words).Select(word => word.Text).ToHashSet(StringComparer.Ordinal);
        var named = new HashSet<int>();
        foreach (var mention in check.Mentions(TermKind.Drug))
        {
            named.UnionWith(Enumerable.Range(mention.First, mention.End - mention.First));
            if (heard.Contains(mention.Term.Concept))
            {
                Allergen(check, mention);
                continue;
            }
            var quote = check.Quote(mention.First, mention.End);
            var near = Near(quote, heardWords);
            check.Find(FindingKind.Drug, near is null ? $"{quote} is not in the cited lines."
                : $"{quote} is not in the cited lines; they name {near}, which is written alike.", quote);
        }
        for (var at = 0; at < check.Said.Words.Count; at++)
            if (!named.Contains(at)) Unlisted(check, check.Said.Words[at].Text, heardWords);
    }

    // "I'm allergic to penicillin" supports no statement that penicillin is taken; nor does "penicillin" where allergies were asked for.
    private static void Allergen(Check check, Mention mention)
    {
        if (check.Said.Words.Exists(IsAllergy)) return;
        var lines = check.Evidence.Lines.Where(line => line.Facts.Mentions.Exists(heard => heard.Term.Concept == mention.Term.Concept));
        if (!lines.All(line => line.Line.IsAboutAllergy)) return;
        var quote = check.Quote(mention.First, mention.End);
        check.Find(FindingKind.Drug, $"The cited lines name {quote} as an allergy only.", quote);
    }

    private static bool IsAllergy(Word word) => word.Root is "allergic" or "allergy";

    private static void Unlisted(Check check, string word, HashSet<string> heard)
    {
        if (word.Length < 6 || heard.Contains(word)) return;
        if (Near(word, heard) is { } near) check.Find(FindingKind.Drug, $"The cited lines name {near}, not {word}.", word);
        else if (Endings.Any(ending => word.Length > ending.Length + 2 && word.EndsWith(ending, StringComparison.Ordinal)))
            check.Find(FindingKind.Drug, $"{word} reads like a drug and is not in the cited lines.", word);
    }

    private static bool IsDrug(string word) => ClinicalWords.Shared.Drugs.ContainsKey(word);

    private static string? Near(string word, HashSet<string> heard) =>
        word.Length < 5 ? null : heard.FirstOrDefault(other => other.Length >= 5 && other[0] == word[0] && IsDrug(other)
            && Distance(word, other) <= (word.Length >= 8 ? 3 : 2));

    /// <summary>Edit distance, two neighbouring letters swapped counted as one.</summary>
    internal static int Distance(string left, string right)
    {
        var rows = new int[left.Length + 1, right.Length + 1];
        for (var i = 0; i <= left.Length; i++) rows[i, 0] = i;
        for (var j = 0; j <= right.Length; j++) rows[0, j] = j;
        for (var i = 1; i <= left.Length; i++)
            for (var j = 1; j <= right.Length; j++)
            {
                var cost = left[i - 1] == right[j - 1] ? 0 : 1;
                rows[i, j] = Math.Min(Math.Min(rows[i - 1, j] + 1, rows[i, j - 1] + 1), rows[i - 1, j - 1] + cost);
                if (i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1]) rows[i, j] = Math.Min(rows[i, j],
                    rows[i - 2, j - 2] + 1);
            }
        return rows[left.Length, right.Length];
    }
}
