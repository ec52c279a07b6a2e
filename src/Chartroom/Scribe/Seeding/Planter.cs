using System.Globalization;
using System.Text.RegularExpressions;
using Chartroom.Scribe.Language;

namespace Chartroom.Scribe.Seeding;

/// <summary>Puts one error of a class into a sentence of a note, the same each time; null where the sentence has nothing of the kind.</summary>
internal static partial class Planter
{
    public static readonly string[] Classes = ["number", "unit", "drug", "side", "negation", "person", "date"];

    /// <summary>Every error that can be planted into a sentence, with its class.</summary>
    /// <param name="foreign">Drugs that the source does not name; not empty.</param>
    public static IEnumerable<(string Kind, string Text)> All(string sentence, IReadOnlyList<string> foreign)
    {
        foreach (var kind in Classes)
            if (Plant(kind, sentence, foreign[sentence.Length % foreign.Count]) is { } planted && planted != sentence) yield return (kind, planted);
    }

    /// <param name="foreign">A drug that the source does not name.</param>
    public static string? Plant(string kind, string sentence, string foreign) => kind switch
    {
        "number" => Number(sentence),
        "unit" => Swap(sentence, Units),
        "drug" => Drug(sentence, foreign),
        "side" => Facts.Read(sentence).Sides.Count > 0 ? Swap(sentence, Sides) : null,   // "right above it" names none
        "negation" => Swap(sentence, Denials),
        "person" => Swap(sentence, Persons),
        "date" => Date(sentence),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "no class of error"),
    };

    private static readonly (string Is, string Becomes)[] Units =
    [
        (@"(?<=\d )mg\b", "mcg"), (@"(?<=\d )mcg\b", "mg"), (@"(?<=\d )milligrams\b", "micrograms"), (@"(?<=\d )weeks?\b", "months"), (@"(?<=\d )months?\b", "weeks"),
        (@"(?<=\d )days?\b", "weeks"), (@"(?<=\d )years\b(?! old)", "months"), (@"(?<=\d )hours?\b", "days"), (@"(?<=\d )minutes?\b", "hours"), (@"(?<=\d )(pounds|lbs?)\b", "kg"),
        (@"(?<=\d )cm\b", "mm"), (@"(?<=\d )mm\b", "cm"), (@"(?<=\d ?)%", " mg"), (@"(?<=\d )units?\b", "mg"), (@"(?<=\d )g\b", "mg"),
    ];

    private static readonly (string Is, string Becomes)[] Sides =
        [(@"\bleft\b", "right"), (@"\bLeft\b", "Right"), (@"\bright\b(?! (away|now))", "left"), (@"\bRight\b", "Left"), (@"\bbilateral\b", "left"), (@"\bBilateral\b", "Left")];

    // A planted "not", or one that was lost.
    private static readonly (string Is, string Becomes)[] Denials =
    [
        (@"\bdenies (any )?", "reports "), (@"\bDenies (any )?", "Reports "), (@"\bdenied (any )?", "reported "), (@"\bNo (?=[a-z])", ""), (@"(?<=[a-z,] )no (?=[a-z])", ""),
        (@"\b(does|do|did|is|was|are|were|has|have) not ", "$1 "), (@"\bwithout\b", "with"), (@"\breports\b", "denies"), (@"\bReports\b", "Denies"), (@"\bendorses\b", "denies"),
        (@"\bEndorses\b", "Denies"), (@"\bPositive for\b", "Negative for"), (@"\b(is|was|are|were) (?!not\b|also\b|still\b|now\b|only\b|just\b|currently\b)", "$1 not "), (@"\b(has|have) (?=been )", "$1 not "), (@"\bhas (?=(an?|no|some|mild|severe|the)\b)", "does not have "),
        (@"\bWe will\b", "We will not"), (@"\bI will\b", "I will not"), (@"\bContinue\b", "Do not continue"),
    ];

    private static readonly (string Is, string Becomes)[] Persons =
    [
        (@"\bmother\b", "father"), (@"\bMother\b", "Father"), (@"\bfather\b", "mother"), (@"\bFather\b", "Mother"), (@"\bbrother\b", "sister"), (@"\bsister\b", "brother"), (@"\bwife\b", "sister"),
        (@"\bhusband\b", "brother"), (@"\bson\b", "daughter"), (@"\bdaughter\b", "son"), (@"\bThe patient (?=(reports|denies|has|is|was|states|notes|endorses|takes|experienc|underwent))", "The patient's mother "),
    ];

    private static string? Swap(string sentence, (string Is, string Becomes)[] table)
    {
        foreach (var (pattern, becomes) in table)
        {
            var changed = new Regex(pattern, RegexOptions.CultureInvariant).Replace(sentence, becomes, 1);
            if (changed != sentence) return changed;
        }
        return null;
    }

    private static string? Number(string sentence)
    {
        if (Digits().Match(sentence) is not { Success: true } found) return null;
        if (!decimal.TryParse(found.Value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) || value > 1_000_000) return null;   // no figure of a note
        var planted = value >= 20 ? value + 10 : value + 3;
        return sentence.Remove(found.Index, found.Length).Insert(found.Index, planted.ToString(CultureInfo.InvariantCulture));
    }

    private static string? Drug(string sentence, string foreign)
    {
        foreach (var word in Words.Read(sentence))
            if (word.Length > 3 && ClinicalWords.Shared.Drugs.ContainsKey(word.Text)) return sentence.Remove(word.Start, word.Length).Insert(word.Start, foreign);
        return null;
    }

    private static string? Date(string sentence)
    {
        if (Slashed().Match(sentence) is { Success: true } slashed)
        {
            var part = slashed.Groups["m"];
            var month = int.Parse(part.ValueSpan, CultureInfo.InvariantCulture) % 12 + 1;
            return sentence.Remove(part.Index, part.Length).Insert(part.Index, month.ToString(CultureInfo.InvariantCulture));
        }
        return Swap(sentence, Calendar);
    }

    private static readonly (string Is, string Becomes)[] Calendar =
    [
        .. new[] { "January", "February", "March", "April", "June", "July", "August", "September", "October", "November", "December" }
            .Select(month => ($@"\b{month}\b", month == "June" ? "October" : "June")),
        .. new[] { "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday" }.Select(day => ($@"\b{day}\b", day == "Monday" ? "Thursday" : "Monday")),
        (@"\b19(?=\d\d\b)", "20"), (@"\b20(?=[01]\d\b)", "19"),
    ];

    // Not in a date, a name ("L5", "A1c"), a fraction, a decimal's tail or a list's number.
    [GeneratedRegex(@"(?<![\w/.\-,:#])[0-9]+(\.[0-9]+)?(?![\w/.)]|-(?!year)|, [0-9]{4}|,[0-9])(?=\D)", RegexOptions.CultureInvariant)]
    private static partial Regex Digits();

    [GeneratedRegex(@"\b(?<m>[0-9]{1,2})/[0-9]{1,2}/[0-9]{2,4}\b|\b(?<m>[0-9]{1,2})/(19|20)[0-9][0-9]\b", RegexOptions.CultureInvariant)]
    private static partial Regex Slashed();
}
