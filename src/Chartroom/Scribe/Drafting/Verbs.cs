using Chartroom.Scribe.Language;

namespace Chartroom.Scribe.Drafting;

/// <summary>As much English verb grammar as the change from "I" and "you" to "she" needs.</summary>
internal static class Verbs
{
    private static readonly HashSet<string> Unchanging = new(StringComparer.Ordinal)
    {
        "was", "had", "did", "can", "could", "would", "will", "should", "might", "must", "may", "cannot", "used", "went", "got", "saw",
        "felt", "took", "said", "told", "thought",
        "came", "gave", "fell", "broke", "woke", "ate", "drank", "ran", "heard", "made", "knew", "left", "lost", "began", "bought",
        "brought", "found", "kept", "slept", "stood",
        "sat", "spent", "threw", "wore", "met", "paid", "sent", "grew", "became", "hit", "put", "cut", "quit", "is", "has", "does", "shall",
        "were", "been", "never", "hurt",
        "of", "and", "or", "in", "on", "at", "to", "for", "with", "from", "about", "the", "a", "no", "not", "but", "so", "as", "if", "when",
        "that", "this", "it", ",", "who", "because", "than", "over",
    };

    private static readonly HashSet<string> Adverbs = new(StringComparer.Ordinal)
    {
        "also", "still", "always", "usually", "sometimes", "probably", "only", "normally", "typically", "recently", "often", "currently",
        "now", "even", "mostly", "first",
        "never", "occasionally", "generally", "finally", "ever", "already", "then", "initially", "previously", "almost", "mainly", "kind",
        "personally", "all", "do",
    };

    private static readonly HashSet<string> Base = new(StringComparer.Ordinal)
    {
        "take", "feel", "have", "get", "go", "do", "use", "drink", "eat", "try", "notice", "work", "live", "want", "need", "see", "know",
        "think", "like", "walk", "run", "wake",
        "smoke", "sleep", "check", "watch", "love", "enjoy", "play", "come", "make", "sit", "stand", "lift", "wear", "keep", "put", "give",
        "call", "start", "stop", "forget", "help", "say", "lay", "lie", "avoid", "remember", "move", "turn",
    };

    public static bool IsAdverb(string word) =>
        Adverbs.Contains(word) || (word.Length > 4 && word.EndsWith("ly", StringComparison.Ordinal));

    public static bool IsBase(string word) => Base.Contains(word);

    /// <summary>The form after "she": "take" → "takes", "am" → "is"; a past form, a modal or anything unknown to be a verb stays.</summary>
    public static string AfterShe(string verb) => verb switch
    {
        "am" or "are" => "is",
        "were" => "was",
        "have" => "has",
        "do" => "does",
        "go" => "goes",
        _ when Unchanging.Contains(verb) || verb.EndsWith("ed", StringComparison.Ordinal) || verb.EndsWith("ing", StringComparison.Ordinal)
            || verb.Length < 3 || !char.IsLetter(verb[^1]) => verb,
        _ when IsAdverb(verb) => verb,
        _ when EndsIn(verb, "ss", "sh", "ch", "x", "zz") => verb + "es",
        _ when verb[^1] == 's' => verb,
        _ when verb[^1] == 'y' && !"aeiou".Contains(verb[^2], StringComparison.Ordinal) => verb[..^1] + "ies",
        _ => verb + "s",
    };

    private static bool EndsIn(string word, params ReadOnlySpan<string> endings)
    {
        foreach (var ending in endings) if (word.EndsWith(ending, StringComparison.Ordinal)) return true;
        return false;
    }
}
