namespace Chartroom.Scribe.Verifying;

/// <summary>The stem by which two forms of a word meet ("coughing", "coughed"; "diarrhoea", "diarrhea"). Compared only, never shown.</summary>
internal static class Stems
{
    private static readonly (string Ending, string Instead)[] Endings =
    [
        ("ations", ""), ("ation", ""), ("ically", "ic"), ("ingly", ""), ("ments", ""), ("ment", ""), ("ness", ""), ("ings", ""), ("ing", ""), ("edly", ""),
        ("ies", "i"), ("ied", "i"), ("ers", ""), ("ed", ""), ("er", ""), ("es", ""), ("ly", ""), ("al", ""), ("s", ""),
    ];

    public static string Of(string word)
    {
        var stem = American(word);
        if (stem.Length <= 4 || !char.IsLetter(stem[0])) return stem.TrimEnd('s') is { Length: > 2 } short_ && !stem.EndsWith("ss", StringComparison.Ordinal)
            && !stem.EndsWith("us", StringComparison.Ordinal) && !stem.EndsWith("is", StringComparison.Ordinal) ? short_ : stem;
        foreach (var (ending, instead) in Endings)
        {
            if (stem.Length - ending.Length < 3 || !stem.EndsWith(ending, StringComparison.Ordinal)) continue;
            if (ending == "s" && (stem.EndsWith("ss", StringComparison.Ordinal) || stem.EndsWith("us", StringComparison.Ordinal)
                || stem.EndsWith("is", StringComparison.Ordinal))) break;
            stem = stem[..^ending.Length] + instead;
            break;
        }
        if (stem.Length > 4 && stem[^1] == stem[^2] && stem[^1] is not ('l' or 's')) stem = stem[..^1];
        return stem.Length > 3 && stem[^1] is 'e' or 'y' or 'i' ? stem[..^1] : stem;
    }

    private static string American(string word)
    {
        if (word.Length < 6) return word;
        return word.Replace("oea", "ea", StringComparison.Ordinal).Replace("oed", "ed", StringComparison.Ordinal).Replace("haem", "hem", StringComparison.Ordinal)
            .Replace("aem", "em", StringComparison.Ordinal).Replace("oes", "es", StringComparison.Ordinal).Replace("our", "or", StringComparison.Ordinal)
            .Replace("isation", "ization", StringComparison.Ordinal).Replace("aes", "es", StringComparison.Ordinal);
    }
}
