using System.Globalization;

namespace Chartroom.Scribe.Language;

/// <summary>A number said or written, with the words it covers (first inclusive, end exclusive).</summary>
/// <param name="Over">The second part of "127 over 80" or "2/6".</param>
internal readonly record struct Numeral(int First, int End, decimal Value, decimal? Over, bool WasWords)
{
    public override string ToString() => Over is { } over ? $"{Plain(Value)}/{Plain(over)}" : Plain(Value);

    public static string Plain(decimal value) => value.ToString("0.######", CultureInfo.InvariantCulture);
}

/// <summary>Finds numbers in digits and in words: "one twenty seven over eighty", "seven . five", "five hundred", "two and a
/// half".</summary>
internal static class Numerals
{
    private static readonly Dictionary<string, int> Small = new(StringComparer.Ordinal)
    {
        ["zero"] = 0, ["one"] = 1, ["two"] = 2, ["three"] = 3, ["four"] = 4, ["five"] = 5, ["six"] = 6, ["seven"] = 7, ["eight"] = 8,
        ["nine"] = 9, ["ten"] = 10, ["eleven"] = 11, ["twelve"] = 12, ["thirteen"] = 13, ["fourteen"] = 14, ["fifteen"] = 15,
        ["sixteen"] = 16, ["seventeen"] = 17, ["eighteen"] = 18, ["nineteen"] = 19, ["twenty"] = 20, ["thirty"] = 30, ["forty"] = 40,
        ["fifty"] = 50, ["sixty"] = 60, ["seventy"] = 70, ["eighty"] = 80, ["ninety"] = 90,
    };

    public static List<Numeral> Find(IReadOnlyList<Word> words)
    {
        var found = new List<Numeral>();
        for (var at = 0; at < words.Count;)
        {
            if (Read(words, at) is not { } numeral) { at++; continue; }
            found.Add(WithSecondPart(words, numeral));
            at = found[^1].End;
        }
        return found;
    }

    private static Numeral WithSecondPart(IReadOnlyList<Word> words, Numeral first)
    {
        var at = first.End;
        if (first.Over is not null || at >= words.Count) return first;
        var skip = words[at].Text == "over" || words[at].Text == "/" ? 1
            : words[at].Text == "out" && at + 1 < words.Count && words[at + 1].Text == "of" ? 2 : 0;
        if (skip == 0 || at + skip >= words.Count || Read(words, at + skip) is not { Over: null } second) return first;
        return first with { End = second.End, Over = second.Value };
    }

    private static Numeral? Read(IReadOnlyList<Word> words, int at) =>
        char.IsAsciiDigit(words[at].Text[0]) ? ReadDigits(words, at) : ReadSpoken(words, at);

    private static Numeral? ReadDigits(IReadOnlyList<Word> words, int at)
    {
        var text = words[at].Text.TrimEnd('s', 't', 'n', 'd', 'r', 'h');
        var parts = text.Split('/');
        if (parts.Length > 2 || !TryDecimal(parts[0], out var value)) return null;   // a date is read by DateMentions
        if (parts.Length == 2) return TryDecimal(parts[1], out var over) ? new Numeral(at, at + 1, value, over, false) : null;
        var end = at + 1;
        if (IsPoint(words, end) && end + 1 < words.Count && words[at].Length < 4 && TryDecimal(words[end + 1].Text, out var fraction)
            && fraction < 1000 && words[end].Text == "point")
            return new Numeral(at, end + 2, value + Fraction(words[end + 1].Text, fraction), null, true);
        return new Numeral(at, end, value, null, false);
    }

    private static bool TryDecimal(string text, out decimal value) =>
        decimal.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out value)
        && value < 1_000_000_000m;

    private static decimal Fraction(string digits, decimal value)
    {
        for (var i = 0; i < digits.Length; i++) value /= 10;
        return value;
    }

    private static bool IsPoint(IReadOnlyList<Word> words, int at) => at < words.Count && words[at].Text is "point" or ".";

    private static Numeral? ReadSpoken(IReadOnlyList<Word> words, int at)
    {
        if (words[at].Text == "point" && at + 1 < words.Count && Small.TryGetValue(words[at + 1].Text, out var tenth) && tenth < 10)
            return new Numeral(at, at + 2, tenth / 10m, null, true);
        var startsWithA = words[at].Text == "a" && at + 1 < words.Count && words[at + 1].Text is "hundred" or "thousand";
        if (!startsWithA && !Small.ContainsKey(words[at].Text)) return null;
        var end = at;
        var value = startsWithA ? ScaleAfter(words, ref end, 1, skip: 1) : ReadWhole(words, ref end);
        if (IsPoint(words, end) && end + 1 < words.Count && Small.TryGetValue(words[end + 1].Text, out var digit) && digit < 10)
        {
            value += digit / 10m;
            end += 2;
        }
        else if (end + 2 < words.Count && words[end].Text == "and" && words[end + 1].Text == "a" && words[end + 2].Text == "half")
        {
            value += 0.5m;
            end += 3;
        }
        return new Numeral(at, end, value, null, true);
    }

    private static decimal ScaleAfter(IReadOnlyList<Word> words, ref int end, decimal value, int skip)
    {
        end += skip;
        var scaled = false;
        while (end < words.Count && words[end].Text is "hundred" or "thousand")
        {
            value *= words[end++].Text == "hundred" ? 100 : 1000;
            scaled = true;
        }
        if (scaled && end < words.Count)
        {
            var next = words[end].Text == "and" && end + 1 < words.Count && Small.ContainsKey(words[end + 1].Text) ? end + 1 : end;
            if (Small.ContainsKey(words[next].Text)) { end = next; return value + Pair(words, ref end); }
        }
        return value;
    }

    // "one twenty seven" is 127 and "twenty eighteen" a year; "one to two" stays two numbers because "to" stands between.
    private static decimal ReadWhole(IReadOnlyList<Word> words, ref int end)
    {
        decimal value = Pair(words, ref end);
        if (end < words.Count && words[end].Text is "hundred" or "thousand") return ScaleAfter(words, ref end, value, skip: 0);
        if (end >= words.Count || !Small.TryGetValue(words[end].Text, out var next)) return Oh(words, ref end, value);
        var year = value is 19 or 20 && next >= 10;
        var hundreds = value is >= 1 and <= 9 && next >= 10;
        return year || hundreds ? value * 100 + Pair(words, ref end) : value;
    }

    private static decimal Oh(IReadOnlyList<Word> words, ref int end, decimal value)
    {
        if (value is < 1 or > 9 || end + 1 >= words.Count || words[end].Text is not ("oh" or "o")) return value;
        if (!Small.TryGetValue(words[end + 1].Text, out var digit) || digit > 9) return value;
        end += 2;
        return value * 100 + digit;
    }

    private static int Pair(IReadOnlyList<Word> words, ref int end)
    {
        var value = Small[words[end++].Text];
        if (value < 20 || value % 10 != 0 || end >= words.Count) return value;
        var at = words[end].Text == "-" && end + 1 < words.Count ? end + 1 : end;
        if (!Small.TryGetValue(words[at].Text, out var ones) || ones is < 1 or > 9) return value;
        end = at + 1;
        return value + ones;
    }
}
