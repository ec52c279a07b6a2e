using Chartroom.Scribe.Language;

namespace Chartroom.Scribe.Transcripts;

/// <summary>Cuts a turn into spans small enough to be cited: at sentence marks, and, where speech came without marks, at the words
/// with which people begin a new thought.</summary>
internal static class SentenceSplitter
{
    private const int LongWithoutMark = 22;
    private const int NeverLonger = 60;

    private static readonly HashSet<string> Abbreviations = new(StringComparer.Ordinal) { "dr", "mr", "mrs", "ms", "st", "vs", "jr", "sr",
        "prof", "e", "g" };

    private static readonly HashSet<string> Glue = new(StringComparer.Ordinal)
    {
        "that", "if", "when", "because", "what", "to", "of", "with", "for", "in", "on", "at", "is", "are", "was", "were", "and", "or",
        "the", "a",
        "an", "think", "know", "say", "says", "said", "see", "like", "hope", "sure", "where", "which", "who", "how", "as", "than", "about",
        "from",
        "do", "does", "did", "have", "has", "had", "can", "could", "would", "should", "will", "not", "while", "until", "since", "before",
        "after",
        "give", "get", "put", "want", "help", "tell", "take", "move", "causes", "cause", "ask", "call", "show", "keep", "told", "gave",
        "got", "made",
        "makes", "bring", "send", "between", "against", "behind", "press", "touch", "hear", "find", "every", "each", "around", "at",
        "sometimes",
        "my", "your", "don't", "didn't", "doesn't", "so", "but", "over", "under", "into", "then", "by", "let", "any", "no", "i", "you",
        "we", "it's",
        "make", "just", "also", "all", "there", "believe", "feel", "guess", "now", "okay", "alright", "look", "examine", "check", "through",
        "unless",
    };

    // Two-word starts come first; a start is strong when it may cut after four words, weak when only after seven.
    private static readonly HashSet<string> Strong = new(StringComparer.Ordinal)
    {
        "so", "okay", "alright", "now", "but", "and i", "and then", "and so", "and we", "and you", "and your", "and on", "and for",
        "and it", "and the",
        "and there", "and that", "and if", "and he", "and she", "and they", "and my", "i'm gonna", "i'm going", "i want", "i wanna",
        "i'd like", "i would",
        "let's", "let me", "do you", "did you", "have you", "are you", "any other", "how about", "how are", "how is", "how long",
        "what about",
        "on your", "on exam", "on examination", "on physical", "for your", "for the", "in terms", "as far", "i reviewed", "i did", "i will",
        "i don't", "we'll", "we're",
        "first of", "yeah", "no i", "yes i", "hey", "hi",
    };

    private static readonly HashSet<string> Weak = new(StringComparer.Ordinal)
    {
        "your", "there", "there's", "it's", "it", "i", "i'm", "i've", "you", "you're", "you've", "that's", "we", "the", "no", "if", "he",
        "she", "they",
        "my", "because", "what", "where", "when", "how", "this", "these", "any", "also", "negative", "positive", "otherwise",
        "unfortunately", "basically",
    };

    // A span that opens so is not a thought until its main clause has come.
    private static readonly HashSet<string> Subordinate = new(StringComparer.Ordinal)
    { "if", "when", "for", "in", "as", "once", "on", "with", "from", "since", "because", "while", "until", "before", "after", "regarding",
        "looking", "based", "given" };

    private static readonly HashSet<string> Asides = new(StringComparer.Ordinal) { "you know", "i mean", "i think", "i guess", "i believe",
        "it looks", "it seems", "it sounds" };

    private static readonly HashSet<string> OpeningTheFor = new(StringComparer.Ordinal) { "first", "second", "third", "fourth", "fifth",
        "next", "last", "patient" };

    /// <summary>Spans in order, without overlap, without surrounding blanks; blank text gives none.</summary>
    public static List<(int Start, int Length)> Split(string text)
    {
        var words = Words.Read(text);
        var spans = new List<(int, int)>();
        var first = 0;
        for (var at = 0; at < words.Count; at++)
        {
            if (!EndsSentence(text, words, at)) continue;
            while (at + 1 < words.Count && words[at + 1].Text[0] is '.' or '?' or '!' or '"' or '”' or ')') at++;
            AddClauses(words, first, at + 1, spans);
            first = at + 1;
        }
        AddClauses(words, first, words.Count, spans);
        return spans;
    }

    private static bool EndsSentence(string text, List<Word> words, int at)
    {
        var mark = words[at].Text[0];
        if (mark is '?' or '!' or '…' or '。' or '？' or '！' or '؟' or '।' or '۔') return true;
        if (mark != '.') return at + 1 < words.Count && text.AsSpan(words[at].End, words[at + 1].Start - words[at].End).Contains("\n\n",
            StringComparison.Ordinal);
        if (at == 0) return false;
        if (Abbreviations.Contains(words[at - 1].Text)) return false;
        if (at + 1 >= words.Count) return true;
        if (words[at - 1].Text.Length == 1 && char.IsLetter(words[at - 1].Text[0]) && words[at].Start == words[at - 1].End) return false;
        return !IsSpokenDecimal(words, at);
    }

    // "seven . five" and "a hundred . four" are how some recognisers write a spoken point.
    private static bool IsSpokenDecimal(List<Word> words, int at)
    {
        var around = Numerals.Find([words[at - 1], words[at], words[at + 1]]);
        if (around.Count == 1 && around[0].End == 3) return true;
        return words[at - 1].Text is "hundred" && Numerals.Find([words[at + 1]]) is [{ Value: < 10 }];
    }

    private static void AddClauses(List<Word> words, int first, int end, List<(int, int)> spans)
    {
        while (first < end && words[first].IsMark) first++;
        if (first >= end) return;
        var cut = first;
        if (end - first > LongWithoutMark)
            for (var at = first + 1; at < end; at++)
            {
                if (!StartsThought(words, cut, at, end) && at - cut < NeverLonger) continue;
                Add(words, cut, at, spans);
                cut = at;
            }
        Add(words, cut, end, spans);
    }

    private static bool StartsThought(List<Word> words, int cut, int at, int end)
    {
        var length = at - cut;
        if (length < (Subordinate.Contains(words[cut].Text) ? 12 : 4) || end - at < 3) return false;
        var word = words[at].Text;
        var pair = at + 1 < end ? word + " " + words[at + 1].Text : word;
        if (pair == "for the") return at + 2 < end && OpeningTheFor.Contains(words[at + 2].Text) && !Glue.Contains(words[at - 1].Text);
        if (Asides.Contains(pair)) return false;
        var strong = Strong.Contains(word) || Strong.Contains(pair);
        if (!strong && (length < 7 || !Weak.Contains(word))) return false;
        if (word is "the" && !(at + 1 < end && words[at + 1].Text is "patient" or "rest")) return false;
        return !Glue.Contains(words[at - 1].Text) || (word is "so" or "okay" or "alright" && !Glue.Contains(words[at - 1].Text));
    }

    private static void Add(List<Word> words, int first, int end, List<(int, int)> spans)
    {
        if (first < end) spans.Add((words[first].Start, words[end - 1].End - words[first].Start));
    }
}
