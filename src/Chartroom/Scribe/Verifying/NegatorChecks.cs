using Chartroom.Scribe.Drafting;
using Chartroom.Scribe.Language;

namespace Chartroom.Scribe.Verifying;

/// <summary>Each "not" and "no" by itself: the word it stands before must be denied on the other side too. Finds one "not" planted in, or
/// lost from, a long sentence, where most words still agree.</summary>
internal static class NegatorChecks
{
    private const int Reach = 7;

    private static readonly HashSet<string> Negators = new(StringComparer.Ordinal)
    { "no", "not", "never", "without", "denies", "denied", "cannot", "negative", "neither", "nor", "none" };

    // Words between a "not" and what it denies.
    private static readonly HashSet<string> Between = new(StringComparer.Ordinal)
    {
        "a", "an", "the", "any", "really", "still", "probably", "has", "have", "had", "been", "be", "being", "to", "of", "very", "just",
        "quite", "even", "much", "other",
        "that", "his", "her", "my", "your", "their", "about", "yet", "going", "gonna", "think", "know", "like", "want", "sure", "only",
        "too", "so", "i", "you", "he", "she", "it",
    };

    private static readonly HashSet<string> Vague = new(StringComparer.Ordinal) { "patient", "problem", "issue", "thing", "way", "one",
        "well", "good", "bad" };

    public static void Run(Check check)
    {
        if (check.IsSought && !check.Reading.IsWritten) return;                          // PolarityChecks.Opposed asks the whole source
        // an answer turns its question around; the words do not show it
        if (check.Evidence.Lines.Exists(line => line.Reply != Reply.None)) return;
        var said = check.Said.Words;
        foreach (var target in Targets(said))
            if (check.Evidence.Facts.Any(facts =>
                Has(facts.Words, target)) && !check.Evidence.Facts.Any(facts => IsDenied(facts.Words, target)))
                check.Find(FindingKind.Negation, $"The cited lines do not deny \"{target}\".", target);
        foreach (var target in check.Evidence.Facts.SelectMany(facts => Targets(facts.Words)).Distinct(StringComparer.Ordinal))
            if (Has(said, target) && !IsDenied(said, target) && !check.Evidence.Facts.Any(facts => IsAffirmed(facts.Words, target)))
                check.Find(FindingKind.Negation, $"The cited lines deny \"{target}\".", target);
    }

    private static List<string> Targets(List<Word> words)
    {
        var targets = new List<string>();
        for (var at = 0; at < words.Count; at++)
        {
            if (!IsNegator(words[at].Text)) continue;
            var next = at + 1;
            while (next < words.Count && (Between.Contains(words[next].Text) || Verbs.IsAdverb(words[next].Text))) next++;
            if (next < words.Count && !words[next].IsMark && !IsNegator(words[next].Text)
                && !Vague.Contains(words[next].Root)) targets.Add(words[next].Root);
        }
        return targets;
    }

    private static bool IsNegator(string word) => Negators.Contains(word) || word.EndsWith("n't", StringComparison.Ordinal);

    private static bool Has(List<Word> words, string root) => words.Exists(word => word.Root == root);

    private static bool IsDenied(List<Word> words, string root) => Places(words, root).Any(at => HasNegatorBefore(words, at));

    private static bool IsAffirmed(List<Word> words, string root) => Places(words, root).Any(at => !HasNegatorBefore(words, at));

    private static IEnumerable<int> Places(List<Word> words, string root) =>
        Enumerable.Range(0, words.Count).Where(at => words[at].Root == root);

    private static bool HasNegatorBefore(List<Word> words, int at)
    {
        for (var before = at - 1; before >= 0 && before >= at - Reach; before--)
            if (IsNegator(words[before].Text)) return true;
        return false;
    }
}
