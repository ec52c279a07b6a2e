using System.Globalization;
using System.Text.RegularExpressions;

namespace Chartroom.Patients;

/// <summary>
/// What was typed into the one search box, read: <c>smith jo</c>, <c>jo smith</c>, <c>3/4/80</c>, <c>1980-03-04</c>, <c>03041980</c>, last four or all
/// digits of a telephone number, a record number, or several of these. Everything typed must fit. Pure.
/// </summary>
/// <param name="Must">Terms that all must be found.</param>
/// <param name="Exact">Terms that put a patient first when found.</param>
internal sealed partial record SearchQuery(IReadOnlyList<SearchTerm> Must, IReadOnlyList<SearchTerm> Exact)
{
    /// <summary>Nobody types more; the rest of a pasted text is not read.</summary>
    private const int Longest = 200, MostTerms = 12;

    /// <summary>True when nothing was typed that can be searched for, or one letter only, which would show everyone.</summary>
    public bool IsTooShort => Must.Count == 0 || (Must is [var only] && only.Index == SearchTerm.Beginning("").Index && IsOneCasedLetter(only.Value));

    /// <summary>Reads what was typed.</summary>
    public static SearchQuery Read(string? typed)
    {
        var text = SearchTerm.Cut(typed ?? "", Longest);
        var (must, exact) = (new List<SearchTerm>(), new List<SearchTerm>());
        foreach (var piece in Pieces(text).Take(MostTerms))
        {
            if (BirthOf(piece) is { } birth) must.Add(birth);
            else if (piece.Any(char.IsAsciiDigit)) AddNumber(piece, must);
            else if (NameFold.Whole(piece) is { Length: > 0 } name)
            {
                must.Add(SearchTerm.Beginning(name));
                exact.Add(SearchTerm.WholeName(name));
            }
        }
        return new([.. must.Distinct()], [.. exact.Distinct()]);
    }

    /// <summary>Words, with the parts of a telephone number put together again.</summary>
    private static List<string> Pieces(string text)
    {
        var pieces = new List<string>();
        var digits = new List<string>();   // neighbours made of digits and their punctuation, not yet decided upon
        foreach (var word in text.Split([' ', '\t', '\r', '\n', ',', ';', '\u00A0', '\u3000'], StringSplitOptions.RemoveEmptyEntries))
        {
            if (Numeric().IsMatch(word) && BirthOf(word) is null) digits.Add(word);
            else
            {
                Settle(digits, pieces);
                if (!NoiseWord().IsMatch(word)) pieces.Add(word);
            }
        }
        Settle(digits, pieces);
        return pieces;
    }

    private static void Settle(List<string> digits, List<string> pieces)
    {
        var joined = string.Concat(digits);
        if (digits.Count > 1 && IsPhone(joined)) pieces.Add(joined);
        else pieces.AddRange(digits);
        digits.Clear();
    }

    /// <summary>Only what must be one: an international number, ten digits of the North American plan, or seven (no area).</summary>
    private static bool IsPhone(string joined)
    {
        var number = joined.Where(char.IsAsciiDigit).ToArray();
        if (joined.StartsWith('+')) return number.Length >= 7;
        return number switch
        {
            { Length: 11 } => number[0] == '1',
            { Length: 10 } => number[0] >= '2' && number[3] >= '2',
            { Length: 7 } => number[0] >= '2',
            _ => false,
        };
    }

    private static void AddNumber(string piece, List<SearchTerm> must)
    {
        var plain = SearchIndex.PlainNumber(piece);
        if (plain.StartsWith("mrn", StringComparison.Ordinal) && plain.Length > 3) plain = plain[3..];
        if (plain is { Length: 11 } && plain[0] == '1' && plain.All(char.IsAsciiDigit)) plain = plain[1..];   // the country's 1 of a telephone number
        must.Add(SearchTerm.Number(plain));
    }

    /// <summary>A date written with separators: year first, or month first as Americans do. A year of two digits means both centuries.</summary>
    private static SearchTerm? BirthOf(string piece)
    {
        if (YearFirst().Match(piece) is { Success: true } iso) return Day(iso) is { } day ? SearchTerm.Birth(day) : null;
        if (MonthFirst().Match(piece) is not { Success: true } american) return null;
        if (american.Groups["year"].Length == 4) return Day(american) is { } day2 ? SearchTerm.Birth(day2) : null;
        var (month, dayOfMonth) = (Number(american, "month"), Number(american, "day"));
        return month is < 1 or > 12 || dayOfMonth is < 1 or > 31
            ? null
            : SearchTerm.Number(string.Create(CultureInfo.InvariantCulture, $"{month:00}{dayOfMonth:00}{american.Groups["year"].Value}"));
    }

    private static DateOnly? Day(Match match)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"{Number(match, "year"):0000}-{Number(match, "month"):00}-{Number(match, "day"):00}");
        return DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;
    }

    private static int Number(Match match, string group) => int.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture);

    private static bool IsOneCasedLetter(string value) => value.EnumerateRunes().Count() == 1 && char.IsLower(value, 0);

    [GeneratedRegex(@"^(?<year>[0-9]{4})[-/.](?<month>[0-9]{1,2})[-/.](?<day>[0-9]{1,2})$", RegexOptions.CultureInvariant)]
    private static partial Regex YearFirst();

    [GeneratedRegex(@"^(?<month>[0-9]{1,2})[-/.](?<day>[0-9]{1,2})[-/.](?<year>[0-9]{4}|[0-9]{2})$", RegexOptions.CultureInvariant)]
    private static partial Regex MonthFirst();

    [GeneratedRegex(@"^[+(]?[0-9][-0-9().+/]*$|^\([0-9]+\)$", RegexOptions.CultureInvariant)]
    private static partial Regex Numeric();

    [GeneratedRegex("^(?:(?:mrn|dob|phone|tel):|mrn|#)$", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex NoiseWord();
}
