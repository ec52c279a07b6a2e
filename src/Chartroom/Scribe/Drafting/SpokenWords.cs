using Chartroom.Scribe.Language;

namespace Chartroom.Scribe.Drafting;

/// <summary>Turns what was spoken into what would be written: numbers in digits, contractions spelled out, fillers and stutters gone.
/// Works on lower-case tokens; a comma is a token.</summary>
internal static class SpokenWords
{
    private static readonly HashSet<string> Fillers = new(StringComparer.Ordinal)
    {
        "um", "uh", "umm", "hmm", "hmmm", "mm-hmm", "mm-mm", "uh-huh", "uh-uh", "dragon", "mhm", "er", "ah", "oh", "gosh", "okay", "ok",
        "alright", "yeah", "yep", "yup", "nope",
        "yes", "actually", "basically",
        "honestly", "literally", "obviously", "just", "really", "kinda", "sorta", "please", "anyway", "anyways", "huh", "uhm", "gotcha",
        "definitely", "certainly", "wow",
    };

    private static readonly string[][] FillerPhrases = [.. new[]
    {
        "you know", "i mean", "sort of", "kind of", "all right", "go ahead and", "uh huh", "let's see", "of course", "to be honest",
        "i guess", "or anything like that",
        "anything like that", "stuff like that", "things like that", "or something like that", "or so", "as you know", "like i said",
        "or anything", "and stuff", "or something", "and everything",
        "here in the office", "hey dragon", "if that makes sense", "i know that", "i know", "i would say", "a little bit of", "or not",
        "at this point",
    }.Select(phrase => phrase.Split(' ')).OrderByDescending(phrase => phrase.Length)];

    private static readonly HashSet<string> Openers = new(StringComparer.Ordinal)
    { "and", "but", "so", "now", "then", "because", "cause", "well", "also", "or", "no", "like", "though", "again", "right", "first", "hey",
        "hi", "hello", "good", "great", "perfect", "that" };

    private static readonly HashSet<string> Closers = new(StringComparer.Ordinal)
    { "and", "but", "so", "or", "because", "the", "a", "like", "then", "to", "of", "that", "with", "though",
        "i", "my", "if", "for", "now", "about" };

    // A pause after one of these is no comma.
    private static readonly HashSet<string> BindsOn =
    [
        .. """
           and but or so the a an that i to of is are was were be been am have has had do does did not for in on at with from by
           about my your his her their very more if when because will would can could should there it its as than into any some
           this these
           """.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries),
    ];

    private static readonly Dictionary<string, string> Contractions = new(StringComparer.Ordinal)
    {
        ["can't"] = "cannot", ["won't"] = "will not", ["i'm"] = "i am", ["let's"] = "let us", ["gonna"] = "going to", ["wanna"] = "want to",
            ["gotta"] = "have to",
        ["'cause"] = "because", ["cause"] = "because", ["ain't"] = "is not", ["y'all"] = "you", ["'em"] = "them", ["meds"] = "medications",
            ["dr"] = "dr.", ["mr"] = "mr.", ["ms"] = "ms.", ["mrs"] = "mrs.",
        ["cannot"] = "cannot", ["till"] = "until", ["til"] = "until", ["milligram"] = "mg", ["milligrams"] = "mg", ["microgram"] = "mcg",
            ["micrograms"] = "mcg",
        ["milliliter"] = "ml", ["milliliters"] = "ml", ["centimeter"] = "cm", ["centimeters"] = "cm", ["millimeter"] = "mm",
            ["millimeters"] = "mm", ["tummy"] = "abdomen", ["belly"] = "abdomen",
    };

    /// <summary>The tokens of a span, ready to be rewritten.</summary>
    public static List<string> Write(string text)
    {
        var words = Words.Read(text);
        var tokens = InDigits(words);
        tokens = Expand(tokens);
        DropFillers(tokens);
        DropStutters(tokens);
        return Trim(tokens);
    }

    private static List<string> InDigits(List<Word> words)
    {
        var tokens = new List<string>(words.Count);
        var numerals = Numerals.Find(words).Where(numeral => IsQuantity(words, numeral)).ToDictionary(numeral => numeral.First);
        for (var at = 0; at < words.Count; at++)
        {
            if (numerals.TryGetValue(at, out var numeral) && numeral.WasWords | numeral.Over is not null)
            {
                tokens.Add(numeral.ToString());
                at = numeral.End - 1;
            }
            else if (IsOneName(words, at) && tokens.Count > 0) tokens[^1] += words[at].Text;       // "a1c", "c5", "o2"
            else if (words[at].Text == "-" && at > 0 && tokens.Count > 0) at = Dash(words, at, tokens);
            else if (words[at].Text is "," or "/" or "+" or "%" || !words[at].IsMark) tokens.Add(words[at].Text);
        }
        return tokens;
    }

    private static bool IsOneName(List<Word> words, int at) =>
        at > 0 && words[at].Start == words[at - 1].End && !words[at].IsMark && !words[at - 1].IsMark && words[at].Text != "%"
        && (char.IsAsciiDigit(words[at].Text[0]) ? char.IsLetter(words[at - 1].Text[0]) : char.IsAsciiDigit(words[at - 1].Text[0]));

    // "one" is a number only where it counts: "one of those", "this one" and "no one" are not.
    private static bool IsQuantity(List<Word> words, Numeral numeral)
    {
        if (numeral.End - numeral.First > 1 || words[numeral.First].Text != "one") return true;
        var next = numeral.End < words.Count ? words[numeral.End].Text : "";
        return next is "to" or "tablet" or "week" or "month" or "day" or "year" or "hour" or "time" or "plus" or "pack" or "percent" or "mg"
            or "milligram" or "pill" or "puff" or "or";
    }

    // A dash between two letters binds ("x-ray"); a dash before a blank is a word broken off ("la- six"), and the fragment goes.
    private static int Dash(List<Word> words, int at, List<string> tokens)
    {
        var binds = at + 1 < words.Count && words[at].End == words[at + 1].Start && !words[at + 1].IsMark;
        if (binds && (words[at - 1].End == words[at].Start || char.IsAsciiDigit(tokens[^1][0])))
        {
            tokens[^1] += "-" + words[at + 1].Text;
            return at + 1;
        }
        if (words[at - 1].End == words[at].Start && tokens[^1].Length <= 2
            && char.IsLetter(tokens[^1][0])) tokens.RemoveAt(tokens.Count - 1);
        return at;
    }

    private static List<string> Expand(List<string> tokens)
    {
        var expanded = new List<string>(tokens.Count + 8);
        for (var at = 0; at < tokens.Count; at++)
        {
            var token = tokens[at];
            if (Contractions.TryGetValue(token, out var written)) expanded.AddRange(written.Split(' '));
            else if (token == "it's" && at + 1 < tokens.Count && tokens[at + 1] == "been") expanded.AddRange(["it", "has"]);
            else if (token.EndsWith("n't", StringComparison.Ordinal)) expanded.AddRange([token[..^3], "not"]);
            else if (token.EndsWith("'re", StringComparison.Ordinal)) expanded.AddRange([token[..^3], "are"]);
            else if (token.EndsWith("'ve", StringComparison.Ordinal)) expanded.AddRange([token[..^3], "have"]);
            else if (token.EndsWith("'ll", StringComparison.Ordinal)) expanded.AddRange([token[..^3], "will"]);
            else if (token is "i'd" or "you'd" or "we'd" or "he'd" or "she'd" or "they'd") expanded.AddRange([token[..^2], "would"]);
            else if (token is "it's" or "that's" or "there's" or "he's" or "she's" or "here's" or "what's" or "where's"
                or "how's") expanded.AddRange([token[..^2], "is"]);
            else expanded.Add(token);
        }
        return expanded;
    }

    private static void DropFillers(List<string> tokens)
    {
        for (var at = 0; at < tokens.Count;)
        {
            var phrase = Array.Find(FillerPhrases, candidate => StartsAt(tokens, at, candidate));
            if (phrase is not null) tokens.RemoveRange(at, phrase.Length);
            else if (Fillers.Contains(tokens[at]) || IsLooseLike(tokens, at)) tokens.RemoveAt(at);
            else at++;
        }
    }

    private static bool IsLooseLike(List<string> tokens, int at) =>
        tokens[at] == "like" && (at == 0 || tokens[at - 1] is "," or "was" or "is" or "for" || (at + 1 < tokens.Count
            && (tokens[at + 1] == "," || char.IsAsciiDigit(tokens[at + 1][0]))));

    internal static bool StartsAt(List<string> tokens, int at, string[] phrase)
    {
        if (at + phrase.Length > tokens.Count) return false;
        for (var i = 0; i < phrase.Length; i++) if (tokens[at + i] != phrase[i]) return false;
        return true;
    }

    // "i i i'm", "ca n't ca n't", "on , on": one of them is enough. Numbers are left alone: "five five" may be two readings.
    private static void DropStutters(List<string> tokens)
    {
        for (var size = 4; size >= 1; size--)
            for (var at = 0; at + 2 * size <= tokens.Count;)
            {
                var gap = at + size < tokens.Count && tokens[at + size] == "," ? 1 : 0;
                var same = at + 2 * size + gap <= tokens.Count && tokens[at] != ",";
                for (var i = 0; same && i < size; i++) same = tokens[at + i] == tokens[at + size + gap + i]
                    && !char.IsAsciiDigit(tokens[at + i][0]);
                if (same) tokens.RemoveRange(at, size + gap);
                else at++;
            }
    }

    internal static List<string> Trim(List<string> tokens)
    {
        for (var at = tokens.Count - 1; at > 0; at--)
            if (tokens[at] == "," && (tokens[at - 1] == "," || BindsOn.Contains(tokens[at - 1]))) tokens.RemoveAt(at);
        while (tokens.Count > 0 && (tokens[0] == "," || (Openers.Contains(tokens[0]) && !KeepsOpener(tokens)))) tokens.RemoveAt(0);
        while (tokens.Count > 0 && (tokens[^1] == "," || Closers.Contains(tokens[^1]))) tokens.RemoveAt(tokens.Count - 1);
        return tokens;
    }

    // "no fever", "that is", "good strength", "first …" mean something in front of the right word.
    private static bool KeepsOpener(List<string> tokens) =>
        tokens.Count > 1 && tokens[0] switch
        {
            "no" => tokens[1] is not ("," or "i" or "no" or "it" or "not" or "you" or "that" or "he" or "she" or "we"),
            "that" => tokens[1] is not ",",
            "good" or "great" or "first" or "right" => tokens[1] is not ("," or "so" or "i" or "and" or "morning" or "afternoon" or "well"),
            _ => false,
        };
}
