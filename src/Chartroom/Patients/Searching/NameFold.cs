using System.Globalization;
using System.Text;

namespace Chartroom.Patients;

/// <summary>Brings names to the form in which they are compared: lower case, without accents, hyphens or apostrophes, in any script. Pure.</summary>
internal static class NameFold
{
    private const string Hyphens = "-‐‑‒–—";   // ASCII hyphen to em dash
    private const string Apostrophes = "'’‘ʼʻ`´.";     // and the full stop of "St."

    /// <summary>One word, folded as a whole: <c>O'Brien-Łęcki</c> → <c>obrienlecki</c>. Empty when no letter or digit is left.</summary>
    public static string Whole(string word)
    {
        var folded = new StringBuilder(word.Length + 4);
        foreach (var rune in Bare(word).EnumerateRunes())
        {
            if (Spelled(rune.Value) is { } letters) folded.Append(letters);
            else if (Rune.IsLetterOrDigit(rune)) folded.Append(Rune.ToLowerInvariant(rune));
        }
        return folded.ToString();
    }

    /// <summary>
    /// Everything a name field may be called by, folded: each word, each part between hyphens and apostrophes, and the words run together
    /// (<c>de la Cruz</c> → <c>de</c>, <c>la</c>, <c>cruz</c>, <c>delacruz</c>). German umlauts also as two letters.
    /// </summary>
    public static IEnumerable<string> Forms(string field)
    {
        var words = field.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        var forms = words.Concat(words.SelectMany(Parts)).Append(string.Concat(words));
        return forms.SelectMany(form => new[] { Whole(form), Whole(SpellUmlauts(form)) }).Where(form => form.Length > 0).Distinct();
    }

    /// <summary><c>Núñez-O'Brien</c> → <c>Núñez</c>, <c>O'Brien</c>, <c>O</c>, <c>Brien</c>.</summary>
    private static IEnumerable<string> Parts(string word)
    {
        var halves = word.Split(Hyphens.ToCharArray(), StringSplitOptions.RemoveEmptyEntries);
        return halves.Concat(halves.SelectMany(half => half.Split(Apostrophes.ToCharArray(), StringSplitOptions.RemoveEmptyEntries)));
    }

    /// <summary>Decomposed, marks dropped, composed again: <c>é</c> → <c>e</c>, full-width letters → plain ones, Korean syllables stay syllables.</summary>
    private static string Bare(string text)
    {
        var kept = new StringBuilder(text.Length);
        foreach (var sign in WellFormed(text).Normalize(NormalizationForm.FormKD))
        {
            if (CharUnicodeInfo.GetUnicodeCategory(sign) != UnicodeCategory.NonSpacingMark) kept.Append(sign);
        }
        return kept.ToString().Normalize(NormalizationForm.FormC);
    }

    /// <summary>Half a surrogate pair cannot be normalised; it becomes the replacement character, which is no letter.</summary>
    private static string WellFormed(string text) => string.Concat(text.EnumerateRunes().Select(rune => rune.ToString()));

    private static string SpellUmlauts(string word) => word.Normalize(NormalizationForm.FormC)
        .Replace("ä", "ae", StringComparison.OrdinalIgnoreCase)
        .Replace("ö", "oe", StringComparison.OrdinalIgnoreCase)
        .Replace("ü", "ue", StringComparison.OrdinalIgnoreCase);

    /// <summary>Letters that Unicode does not decompose but people type without.</summary>
    private static string? Spelled(int letter) => letter switch
    {
        'ß' or 'ẞ' => "ss",
        'ø' or 'Ø' => "o",
        'ł' or 'Ł' => "l",
        'đ' or 'Đ' or 'ð' or 'Ð' => "d",
        'æ' or 'Æ' => "ae",
        'œ' or 'Œ' => "oe",
        'þ' or 'Þ' => "th",
        'ı' or 'İ' => "i",
        'ħ' or 'Ħ' => "h",
        'ŋ' or 'Ŋ' => "n",
        'ŧ' or 'Ŧ' => "t",
        _ => null,
    };
}
