using System.Text;
using System.Text.RegularExpressions;

using Chartroom.Scribe.Language;

namespace Chartroom.Scribe.Drafting;

/// <summary>The last step to a written sentence: spacing, capitals, full stop, and the clinic's short forms.</summary>
internal static partial class Sentence
{
    private static readonly HashSet<string> Capitals = new(StringComparer.Ordinal)
    {
        "mri", "ct", "ekg", "ecg", "emg", "hiv", "copd", "chf", "gerd", "bmi", "ldl", "hdl", "tsh", "psa", "ana", "bp", "er", "icu",
        "nsaid", "nsaids", "jvd", "crp", "bun", "gfr", "bnp", "inr", "ast", "alt",
        "cbc", "uti", "afib", "dvt", "ibs", "ptsd", "adhd", "pcos", "dcis", "iv", "pt", "acl", "mcl", "mtp", "dip", "pip", "cpap", "hcv",
        "rna", "dna", "pcp", "covid", "i",
    };

    public static string Finish(IEnumerable<string> tokens)
    {
        var text = new StringBuilder();
        foreach (var token in tokens)
        {
            if (text.Length > 0 && token is not ("," or "%" or "+" or "." or ";")) text.Append(' ');
            text.Append(Capitals.Contains(token) ? token.ToUpperInvariant() : token.StartsWith("x-ray", StringComparison.Ordinal) ? token
                : token);
        }
        return Close(Shorten(text.ToString()));
    }

    /// <summary>Whether anything is said of anything; a bare "a little tylenol" says nothing yet.</summary>
    public static bool HasVerb(IReadOnlyList<string> tokens)
    {
        for (var at = 0; at < tokens.Count; at++)
            if (Auxiliaries.Contains(tokens[at]) || tokens[at].EndsWith("ed", StringComparison.Ordinal)
                || (at > 0 && tokens[at - 1] is "patient" or "she" or "he" or "it" or "they" or "that" or "pain" && tokens[at] is [..,
                    's'] and not "'s")) return true;
        return false;
    }

    private static readonly HashSet<string> Auxiliaries = [.. """
        is are was were be has have had does do did can cannot will would should could may might must denies reports hurts feels
        went got came took gave felt fell made said told saw thought knew lost found kept left helps seems works goes gets comes
        takes makes looks sounds
        """.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)];

    public static string Close(string text)
    {
        text = text.Trim().TrimEnd(',', ';');
        if (text.Length == 0) return text;
        if (char.IsLower(text[0])) text = char.ToUpperInvariant(text[0]) + text[1..];
        return text[^1] is '.' or '!' or '?' or ':' ? text : text + ".";
    }

    private static string Shorten(string text)
    {
        text = text.Replace("hemoglobin a 1 c", "hemoglobin A1c", StringComparison.Ordinal).Replace("a1c", "A1c", StringComparison.Ordinal)
            .Replace("x ray", "x-ray", StringComparison.Ordinal)
            .Replace("c t scan", "CT scan", StringComparison.Ordinal);
        text = Percent().Replace(text, "%");
        text = Daily().Replace(text, "daily");
        return Blanks().Replace(text, " ");
    }

    [GeneratedRegex(@" percent\b| %")]
    private static partial Regex Percent();

    [GeneratedRegex(@"\b(every ?day|per day|each day)\b")]
    private static partial Regex Daily();

    [GeneratedRegex(@" {2,}")]
    private static partial Regex Blanks();
}
