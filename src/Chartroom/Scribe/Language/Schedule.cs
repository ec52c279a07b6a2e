namespace Chartroom.Scribe.Language;

/// <summary>How often and which way a medicine is taken, in one form for "bid", "twice a day" and "two times daily".</summary>
internal static class Schedule
{
    private static readonly (string Said, string Form)[] Often =
    [
        ("once a day", "1/day"), ("once daily", "1/day"), ("one time a day", "1/day"), ("1 time a day", "1/day"), ("every day", "1/day"),
        ("everyday", "1/day"),
        ("daily", "1/day"), ("a day", "1/day"), ("per day", "1/day"), ("each day", "1/day"), ("every morning", "1/day"), ("in the morning",
        "1/day"),
        ("twice a day", "2/day"), ("twice daily", "2/day"), ("two times a day", "2/day"), ("2 times a day", "2/day"), ("two times daily",
        "2/day"), ("2 times daily", "2/day"), ("bid", "2/day"),
        ("three times a day", "3/day"), ("three times daily", "3/day"), ("3 times a day", "3/day"), ("3 times daily", "3/day"), ("tid",
        "3/day"),
        ("four times a day", "4/day"), ("four times daily", "4/day"), ("4 times a day", "4/day"), ("4 times daily", "4/day"), ("qid",
        "4/day"),
        ("every night", "night"), ("at night", "night"), ("nightly", "night"), ("at bedtime", "night"), ("before bed", "night"), ("qhs",
        "night"),
        ("as needed", "prn"), ("prn", "prn"), ("when needed", "prn"), ("if needed", "prn"), ("if you need", "prn"),
        ("once a week", "1/week"), ("once weekly", "1/week"), ("every week", "1/week"), ("weekly", "1/week"), ("a week", "1/week"),
        ("twice a week", "2/week"), ("twice weekly", "2/week"),
        ("once a month", "1/month"), ("every month", "1/month"), ("monthly", "1/month"), ("every other day", "1/2days"),
    ];

    private static readonly (string Said, string Form)[] Ways =
    [
        ("by mouth", "oral"), ("orally", "oral"), ("oral", "oral"), ("po", "oral"), ("tablet", "oral"), ("pill", "oral"), ("capsule",
        "oral"),
        ("intravenous", "iv"), ("intravenously", "iv"), ("iv", "iv"), ("intramuscular", "im"), ("intramuscularly", "im"), ("im", "im"),
        ("subcutaneous", "sc"), ("subcutaneously", "sc"), ("under the skin", "sc"), ("inhaled", "inhaled"), ("inhaler", "inhaled"),
        ("nebulizer", "inhaled"), ("puff", "inhaled"),
        ("topical", "topical"), ("topically", "topical"), ("cream", "topical"), ("ointment", "topical"), ("gel", "topical"), ("nasal spray",
        "nasal"), ("intranasal", "nasal"),
        ("rectal", "rectal"), ("rectally", "rectal"), ("suppository", "rectal"), ("sublingual", "sublingual"), ("under the tongue",
        "sublingual"),
        ("eye drop", "eye"), ("ear drop", "ear"), ("patch", "patch"), ("transdermal", "patch"), ("vaginal cream", "vaginal"), ("vaginally",
        "vaginal"),
    ];

    private static readonly (string[] Roots, string Form)[] OftenRoots = Prepare(Often);
    private static readonly (string[] Roots, string Form)[] WayRoots = Prepare(Ways);

    private static (string[] Roots, string Form)[] Prepare((string Said, string Form)[] table) =>
        [.. table.Select(row => (row.Said.Split(' ').Select(Word.RootOf).ToArray(), row.Form)).OrderByDescending(row => row.Item1.Length)];

    public static HashSet<string> Frequencies(List<Word> words)
    {
        var found = Match(words, OftenRoots);
        for (var at = 0; at + 2 < words.Count; at++)                                     // "every 6 hours", "q6h"
            if (words[at].Text is "every" or "q" && Numerals.Find(words.GetRange(at + 1, Math.Min(5,
                words.Count - at - 1))) is [{ First: 0 } number, ..])
                if (at + 1 + number.End < words.Count && words[at + 1 + number.End].Root is "hour" or "h" or "week" or "month" or "day"
                    or "to")
                    found.Add($"every {Numeral.Plain(number.Value)} {words[at + 1 + number.End].Root[0]}");
        return found;
    }

    public static HashSet<string> Routes(List<Word> words) => Match(words, WayRoots);

    private static HashSet<string> Match(List<Word> words, (string[] Roots, string Form)[] table)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        for (var at = 0; at < words.Count; at++)
            foreach (var (roots, form) in table)
            {
                if (!At(words, at, roots)) continue;
                found.Add(form);
                at += roots.Length - 1;
                break;
            }
        return found;
    }

    private static bool At(List<Word> words, int at, string[] roots)
    {
        if (at + roots.Length > words.Count) return false;
        for (var i = 0; i < roots.Length; i++) if (words[at + i].Root != roots[i]) return false;
        return true;
    }
}
