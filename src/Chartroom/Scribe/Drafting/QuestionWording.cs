using System.Text.RegularExpressions;
using Chartroom.Scribe.Language;

namespace Chartroom.Scribe.Drafting;

/// <summary>Folds a yes-or-no question and its answer into one statement: "Denies chest pain.", "The patient is taking the
/// Norvasc."</summary>
internal static partial class QuestionWording
{
    public static string? Fold(Desk desk, Line asked, Reply reply)
    {
        var symptoms = asked.Mentions.Where(m =>
            m.Term.Kind is TermKind.Symptom).Select(m => m.Term.Concept).Distinct(StringComparer.Ordinal).ToList();
        if (reply == Reply.No && symptoms.RemoveAll(desk.Told.Contains) > 0 && symptoms.Count == 0) return null;
        if (reply == Reply.No && symptoms.Count > 0)
            return $"{Capital(desk.Pronouns.Subject)} denies any {Either(symptoms)}.";
        var tokens = SpokenWords.Write(asked.Span.Text);
        var match = Asks().Match(string.Join(' ', tokens));
        if (match.Success && match.Groups["rest"].Value.Length > 6 && match.Groups["rest"].Value.Length < 140) return Declare(desk, match,
            reply);
        if (reply == Reply.No || tokens.Count < 4 || tokens[0] is not ("you" or "your") || symptoms.Count > 1) return null;
        return Sentence.Finish(desk.ThirdPerson.Rewrite(tokens, fromPatient: false, pronounFirst: false));
    }

    private static string? Declare(Desk desk, Match match, Reply reply)
    {
        var aux = match.Groups["aux"].Value;
        var rest = match.Groups["rest"].Value.Split(' ');
        if (reply == Reply.Yes && Array.Exists(rest, word => word is "or" or "any" or "how" or "what")) return null;
        var no = reply == Reply.No;
        IEnumerable<string> verb = (aux, no) switch
        {
            ("are", _) => no ? ["is", "not"] : ["is"],
            ("were", _) => no ? ["was", "not"] : ["was"],
            ("have", _) => no ? ["has", "not"] : ["has"],
            ("had", _) => no ? ["had", "not"] : ["had"],
            ("do", false) => [],
            ("do", true) => ["does", "not"],
            ("did", _) => no ? ["did", "not"] : ["did"],
            ("can", _) => no ? ["cannot"] : ["can"],
            _ => [],
        };
        string[] tail = aux == "do" && !no ? [Verbs.AfterShe(rest[0]), .. rest[1..]] : rest;
        var told = desk.ThirdPerson.Rewrite([.. tail], fromPatient: false, pronounFirst: true);
        return Sentence.Finish(["the patient", .. verb, .. told]);
    }

    private static string Either(List<string> names) =>
        names.Count < 2 ? names[0] : string.Join(", ", names.SkipLast(1)) + " or " + names[^1];

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];

    [GeneratedRegex(@"\b(?<aux>are|were|have|had|do|did|can) you (?<rest>[^?]+)$", RegexOptions.CultureInvariant)]
    private static partial Regex Asks();
}
