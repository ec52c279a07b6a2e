namespace Chartroom.Scribe.Language;

/// <summary>Whether a mention is affirmed and whose it is, from the words around it (after NegEx, Chapman 2001: a trigger reaches
/// forward until something ends its reach).</summary>
internal static class Polarity
{
    private static readonly HashSet<string> Negators = new(StringComparer.Ordinal)
    { "no", "not", "never", "without", "denies", "deny", "denied", "denying", "negative", "none", "neither", "nor", "cannot", "don't",
        "doesn't", "didn't", "haven't", "hasn't", "hadn't", "isn't", "aren't", "wasn't", "weren't", "absent", "ruled", "resolved", "free", "nil", "non" };

    // These open lists ("denies fever, chills, …"), so they reach further than a spoken "not".
    private static readonly HashSet<string> Listing = new(StringComparer.Ordinal)
    { "no", "without", "denies", "deny", "denied", "denying", "negative", "nil", "none" };

    private static readonly HashSet<string> Enders = new(StringComparer.Ordinal)
    { "but", "however", "although", "except", "though", "because", "which", "who", "so", "since", ".", ";", "?", "!", "reports", "report",
        "endorses", "states", "notes", "positive", "has", "still", "yeah", "yes" };

    private static readonly HashSet<string> Relatives = new(StringComparer.Ordinal)
    { "mother", "father", "mom", "mum", "dad", "brother", "sister", "grandmother", "grandfather", "aunt", "uncle", "wife", "husband", "son",
        "daughter", "kid", "kids", "child", "children", "grandma", "grandpa", "cousin", "parents", "family", "nephew", "niece", "friend" };

    private const int Reach = 12;
    private const int ListReach = 30;

    public static bool IsNegated(IReadOnlyList<Word> words, Mention mention) => IsNegatedAt(words, mention.First, mention.End);

    /// <summary>The same for the words <paramref name="first"/> (inclusive) to <paramref name="end"/> (exclusive).</summary>
    public static bool IsNegatedAt(IReadOnlyList<Word> words, int first, int end)
    {
        if (words[first].Text is "nkda" or "nka") return true;                           // no known (drug) allergies
        for (var at = first - 1; at >= 0 && at >= first - ListReach; at--)
        {
            var word = words[at].Text;
            if (Enders.Contains(word) || word == ":" && !(at > 0 && Negators.Contains(words[at - 1].Text))) break;
            if (word is "and" or "," && at + 1 < words.Count && words[at + 1].Text is "i" or "i'm" or "i've" or "he" or "she" or "my"
                or "it" or "there") return false;
            if (!Negators.Contains(word) && !word.EndsWith("n't", StringComparison.Ordinal)) continue;
            if (at < first - Reach && !Listing.Contains(word)) continue;
            if (word is "no" && at + 1 < words.Count && words[at + 1].Text is "," or "i" or "it" or "he" or "she" or "my"
                or "just" or "wait") return false;
            if (word is "not" or "don't" && at + 1 < words.Count && words[at + 1].Text is "only" or "sure" or "know") return false;
            return true;
        }
        return EndsAfter(words, end) || end < words.Count && words[end].Text is "nil" or "none" || end + 1 < words.Count
            && (words[end].Text is "denied" || IsAnsweredNo(words, end) || IsNotThere(words, end) || (words[end].Text is "is" or "are" or "was" && words[end + 1].Text is "denied" or "absent"
                or "negative" or "gone"));
    }

    // "edema is not present", "no fracture" the other way round
    private static bool IsNotThere(IReadOnlyList<Word> words, int end)
    {
        var not = words[end].Text is "is" or "are" or "was" or "were" && words[end + 1].Text == "not" ? end + 2 : words[end].Text is "isn't" or "wasn't" or "aren't" or "weren't" ? end + 1 : 0;
        return not > 0 && not < words.Count && (words[not].Text is "present" or "seen" or "found" or "noted" or "appreciated" or "identified" or "evident" or "demonstrated" or "reported" or "there");
    }

    // "Allergies: none", "Smoking - no"
    private static bool IsAnsweredNo(IReadOnlyList<Word> words, int end) => words[end].Text is ":" or "-"
        && (words[end + 1].Text is "none" or "nil" or "denied" or "denies" or "negative" or "never"
            || words[end + 1].Text == "no" && (end + 2 == words.Count || words[end + 2].IsMark));

    // "the cough went away", "the fever is all gone", "nausea, not anymore"
    private static bool EndsAfter(IReadOnlyList<Word> words, int end)
    {
        for (var at = end; at < words.Count && at < end + 4; at++)
        {
            if (Enders.Contains(words[at].Text) && words[at].Text is not ("but" or "has")) return false;
            if (words[at].Text is "resolved" or "subsided") return true;
            var next = at + 1 < words.Count ? words[at + 1].Text : "";
            if ((words[at].Text, next) is ("went" or "gone", "away") or ("not", "anymore") or ("cleared", "up") or ("is" or "are" or "all" or "has" or "that" or "it", "gone" or "resolved")) return true;
        }
        return false;
    }

    public static bool IsRelative(string word) => Relatives.Contains(word);

    public static bool SameRelative(string left, string right) => left == right || Plainer(left) == Plainer(right);

    private static string Plainer(string relative) => relative switch
    {
        "mom" or "mum" => "mother", "dad" => "father", "grandma" =>
        "grandmother", "grandpa" => "grandfather", "kids" or "kid" or "child" => "children", _ => relative,
    };

    /// <summary>True when the nearest person before the mention is a relative and not the speaker.</summary>
    public static bool IsAboutAnother(IReadOnlyList<Word> words, Mention mention) => Other(words, mention.First) is not null;

    public static string? Other(IReadOnlyList<Word> words, int before)
    {
        for (var at = Math.Min(before, words.Count) - 1; at >= 0 && at >= before - 15; at--)
        {
            if (Relatives.Contains(words[at].Text)) return words[at].Text;
            if (words[at].Text is "i" or "i'm" or "i've" or "me" or "patient" or "." or ";" or "you" or "you're") return null;
        }
        return null;
    }
}
