using System.Text.RegularExpressions;

namespace Chartroom.Scribe.Language;

/// <summary>A number with what it counts; <paramref name="Unit"/> is "" where none was said.</summary>
internal readonly record struct Quantity(decimal Value, decimal? Over, string Unit, int At, int End);

/// <summary>A day as far as it was named.</summary>
internal readonly record struct DayNamed(int? Year, int? Month, int? Day, string Text)
{
    public bool Fits(DayNamed other) =>
        Agree(Year, other.Year) && Agree(Month, other.Month) && Agree(Day, other.Day)
        && ((Month is not null && other.Month is not null) || (Year is not null && other.Year is not null));

    private static bool Agree(int? left, int? right) => left is null || right is null || left == right;
}

/// <summary>"left", "right" or "bilateral" and the place nearest to it ("" where none).</summary>
internal readonly record struct SideNamed(string Side, string Site);

/// <summary>Everything in a text that can be checked word for word.</summary>
internal sealed class Facts
{
    public required List<Word> Words { get; init; }
    public required List<Mention> Mentions { get; init; }
    public required List<Quantity> Quantities { get; init; }
    public required List<DayNamed> Days { get; init; }
    public required List<SideNamed> Sides { get; init; }
    public required HashSet<string> Frequencies { get; init; }
    public required HashSet<string> Routes { get; init; }

    public static Facts Read(string text) => Read(Language.Words.Read(text));

    public static Facts Read(List<Word> words)
    {
        var mentions = ClinicalWords.Shared.Find(words);
        var days = DayReader.Find(words, out var covered);
        return new Facts
        {
            Words = words, Mentions = mentions, Days = days,
            Quantities = QuantityReader.Find(words, covered),
            Sides = SideReader.Find(words, mentions),
            Frequencies = Schedule.Frequencies(words),
            Routes = Schedule.Routes(words),
        };
    }
}

internal static class QuantityReader
{
    private static readonly Dictionary<string, string> Units = new(StringComparer.Ordinal)
    {
        ["mg"] = "mg", ["milligram"] = "mg", ["mcg"] = "mcg", ["microgram"] = "mcg", ["g"] = "g", ["gram"] = "g", ["kg"] = "kg",
            ["kilogram"] = "kg",
        ["kilo"] = "kg", ["ml"] = "ml", ["milliliter"] = "ml", ["cc"] = "ml", ["l"] = "l", ["liter"] = "l", ["unit"] = "unit", ["%"] = "%",
        ["percent"] = "%", ["cm"] = "cm", ["centimeter"] = "cm", ["mm"] = "mm", ["millimeter"] = "mm", ["mmhg"] = "mmhg", ["inch"] = "inch",
        ["pound"] = "lb", ["lb"] = "lb", ["ounce"] = "oz", ["oz"] = "oz", ["degree"] = "degree", ["bpm"] = "bpm", ["second"] = "s",
        ["minute"] = "minute", ["hour"] = "hour", ["day"] = "day", ["week"] = "week", ["month"] = "month", ["year"] = "year",
            ["mile"] = "mile",
        ["pack"] = "pack", ["tablet"] = "tablet", ["pill"] = "tablet", ["capsule"] = "tablet", ["puff"] = "puff", ["drop"] = "drop",
        ["teaspoon"] = "teaspoon", ["tablespoon"] = "tablespoon", ["beat"] = "bpm", ["meq"] = "meq", ["iu"] = "unit",
    };

    public static List<Quantity> Find(List<Word> words, HashSet<int> covered)
    {
        var found = new List<Quantity>();
        foreach (var numeral in Numerals.Find(words))
        {
            if (covered.Contains(numeral.First) || IsName(words, numeral)) continue;
            found.Add(new Quantity(numeral.Value, numeral.Over, UnitAt(words, numeral.End), numeral.First, numeral.End));
        }
        return found;
    }

    /// <summary>The unit that follows, over a dash ("46-year-old") or a range ("2 to 3 weeks").</summary>
    private static string UnitAt(List<Word> words, int at)
    {
        if (at < words.Count && words[at].Text == "-") at++;
        if (at + 1 < words.Count && words[at].Text is "to" or "or" && Numerals.Find(words.GetRange(at + 1, Math.Min(3,
            words.Count - at - 1))) is [{ First: 0 } next, ..])
            at += 1 + next.End;
        if (at + 1 < words.Count && words[at].Text == "mm" && words[at + 1].Text == "hg") return "mmhg";
        return at < words.Count && Units.TryGetValue(words[at].Root, out var unit) ? unit : "";
    }

    // A1c, COVID-19, B12, L5-S1: digits that are part of a name. "One" by itself is mostly a pronoun.
    private static bool IsName(List<Word> words, Numeral numeral)
    {
        var first = numeral.First;
        if (first > 0 && words[first - 1].End == words[first].Start && words[first - 1].Text.Length == 1
            && char.IsLetter(words[first - 1].Text[0])) return true;
        if (first > 1 && words[first - 1].Text == "-" && words[first - 2].Text == "covid") return true;
        if (first > 0 && words[first - 1].Text == "covid") return true;
        return words[first].Text == "one" && numeral.End - first == 1 && UnitAt(words, numeral.End).Length == 0
            && !(numeral.End < words.Count && words[numeral.End].Text is "time" or "plus" or "out" or "to");
    }
}

internal static partial class DayReader
{
    private static readonly string[] Months =
        ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"];

    private static readonly HashSet<string> Weekdays = new(StringComparer.Ordinal)
    { "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "yesterday", "tomorrow" };

    public static List<DayNamed> Find(List<Word> words, out HashSet<int> covered)
    {
        var days = new List<DayNamed>();
        covered = [];
        for (var at = 0; at < words.Count; at++)
        {
            if (Slashed().Match(words[at].Text) is { Success: true } slashed)
            {
                covered.Add(at);
                days.Add(Slash(slashed, words[at].Text));
            }
            else if (MonthOf(words, at) is { } month) days.Add(After(words, at, month, covered));
        }
        return days;
    }

    public static IEnumerable<string> WeekdaysIn(List<Word> words) => words.Select(word => word.Text).Where(Weekdays.Contains);

    private static DayNamed Slash(Match match, string text)
    {
        static int Number(Group group) => int.Parse(group.ValueSpan, System.Globalization.CultureInfo.InvariantCulture);
        var year = Number(match.Groups["y"]);
        return new DayNamed(year < 100 ? year + (year > 40 ? 1900 : 2000) : year, Number(match.Groups["m"]), match.Groups["d"].Success
            ? Number(match.Groups["d"]) : null, text);
    }

    // "may" is a month only beside a number.
    private static int? MonthOf(List<Word> words, int at)
    {
        var month = Array.IndexOf(Months, words[at].Text);
        if (month < 0) return null;
        var beside = at + 1 < words.Count && Numerals.Find([words[at + 1]]).Count > 0;
        return month == 4 && !beside ? null : month + 1;
    }

    private static DayNamed After(List<Word> words, int at, int month, HashSet<int> covered)
    {
        int? day = null, year = null;
        var next = at + 1;
        for (var part = 0; part < 2 && next < words.Count; part++)
        {
            if (words[next].Text is "," or "of") next++;
            if (next >= words.Count || Numerals.Find(words.GetRange(next, Math.Min(4, words.Count - next))) is not [{ First: 0,
                Over: null } numeral, ..]) break;
            if (numeral.Value is >= 1900 and <= 2100) year = (int)numeral.Value;
            else if (numeral.Value is >= 1 and <= 31 && day is null) day = (int)numeral.Value;
            else break;
            for (var i = 0; i < numeral.End; i++) covered.Add(next + i);
            next += numeral.End;
        }
        return new DayNamed(year, month, day, string.Join(' ', words.Skip(at).Take(next - at).Select(word => word.Text)));
    }

    [GeneratedRegex(@"^(?<m>0?[1-9]|1[0-2])/((?<d>\d{1,2})/(?<y>\d{4}|\d{2})|(?<y>(19|20)\d{2}))$", RegexOptions.CultureInvariant)]
    private static partial Regex Slashed();
}

internal static class SideReader
{
    public static List<SideNamed> Find(List<Word> words, List<Mention> mentions)
    {
        var found = new List<SideNamed>();
        for (var at = 0; at < words.Count; at++)
            if (SideOf(words, at) is { } side) found.Add(new SideNamed(side, SiteNear(mentions, at)));
        return found;
    }

    // "right" is a side only in front of, or after, something that has sides: "right now" and "all right" are not.
    private static string? SideOf(List<Word> words, int at)
    {
        var next = at + 1 < words.Count ? words[at + 1].Text : "";
        var before = at > 0 ? words[at - 1].Text : "";
        return words[at].Text switch
        {
            "bilateral" or "bilaterally" or "both" => "bilateral",
            "left" when before is not ("have" or "has" or "had" or "i" or "you" or "we" or "they" or "are" or "is") && next is not ("over"
            or "with" or "it" or "the") => "left",
            "right" when before is not ("all" or "that's" or "is" or "you're" or "are") && next is not ("now" or "away" or "there" or "here"
            or "?" or "or" or "so" or "okay" or "after"
                or "before" or "when" or "i" or "you" or "up" or "at" or "as" or "to" or "direction" or "thing") && (next.Length > 0
                    || before is "the" or "on" or "left") => "right",
            _ => null,
        };
    }

    private static string SiteNear(List<Mention> mentions, int at)
    {
        var best = "";
        var distance = 5;
        foreach (var mention in mentions)
            if (mention.Term.Kind == TermKind.Site && Math.Abs(mention.First - at) < distance && mention.First > at - 3)
                (best, distance) = (mention.Term.Concept, Math.Abs(mention.First - at));
        return best;
    }
}
