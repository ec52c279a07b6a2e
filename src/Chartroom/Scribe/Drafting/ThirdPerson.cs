using Chartroom.Scribe.Language;

namespace Chartroom.Scribe.Drafting;

/// <summary>Tells what the patient said ("I", "my") or was told ("you", "your") about the patient.</summary>
internal sealed class ThirdPerson(Pronouns pronouns)
{
    private static readonly HashSet<string> TakesObject = new(StringComparer.Ordinal)
    {
        "to", "for", "with", "on", "of", "at", "from", "by", "about", "give", "gave", "see", "saw", "get", "got", "put", "send", "have",
        "start", "refer", "want", "like", "let", "make", "makes",
        "told", "tell", "ask", "asked", "help", "helps", "keep", "recommend", "bother", "bothering", "schedule", "show", "bring", "set",
        "advise", "encourage", "watch", "call", "without", "got", "off", "teach", "than", "need", "check", "around", "had",
    };

    // "continue you on", "order you some": no verb follows, so it is not a subject.
    private static readonly HashSet<string> AfterObject = new(StringComparer.Ordinal)
    { "on", "to", "in", "for", "with", "some", "a", "an", "the", "at", "about", "back", "through", "off", "out", "up", "over", "of", "and",
        "or", ",", "your", "from", "that" };

    /// <summary>Rewrites in place. The first subject is "the patient", later ones the pronoun, unless <paramref
    /// name="pronounFirst"/>.</summary>
    public List<string> Rewrite(List<string> tokens, bool fromPatient, bool pronounFirst)
    {
        var told = new List<string>(tokens.Count + 6);
        var named = pronounFirst;
        for (var at = 0; at < tokens.Count; at++)
        {
            var token = tokens[at];
            if (fromPatient ? token == "i" : IsYouSubject(tokens, at))
            {
                told.Add(named ? pronouns.Subject : "the patient");
                named = true;
                at = Conjugate(tokens, at, told);
            }
            else told.Add(Word(token, fromPatient, ref named));
        }
        return told;
    }

    private string Word(string token, bool fromPatient, ref bool named)
    {
        string? changed = fromPatient
            ? token switch { "my" => pronouns.Possessive, "me" => pronouns.Object, "myself" =>
                Self, "mine" => pronouns.Possessive, "we" => "they", "our" => "their", "us" => "them", _ => null }
            : token switch { "your" => pronouns.Possessive, "you" =>
                pronouns.Object, "yourself" => Self, "yours" => pronouns.Possessive, _ => null };
        if (changed is null) return token;
        if (named || pronouns == Pronouns.Unknown) return changed;
        named = true;
        return token is "my" or "your" or "mine" or "yours" ? "the patient's" : token is "me" or "you" ? "the patient" : changed;
    }

    private string Self => pronouns == Pronouns.She ? "herself" : pronouns == Pronouns.He ? "himself" : "the patient";

    private static bool IsYouSubject(List<string> tokens, int at)
    {
        if (tokens[at] != "you") return false;
        if (at + 1 >= tokens.Count || AfterObject.Contains(tokens[at + 1])) return false;
        return at == 0 || !TakesObject.Contains(tokens[at - 1]) || tokens[at + 1] is "are" or "have" or "can" or "will" or "should"
            or "could" or "do" or "had" or "were";
    }

    // Copies adverbs, then the verb in its third-person form, then a second base verb bound by "and" ("takes it and feels fine").
    private static int Conjugate(List<string> tokens, int at, List<string> told)
    {
        var next = at + 1;
        while (next < tokens.Count && Verbs.IsAdverb(tokens[next]) && tokens[next] != "do") told.Add(tokens[next++]);
        if (next >= tokens.Count) return next - 1;
        if (tokens[next] == "do" && next + 1 < tokens.Count && tokens[next + 1] != "not"
            && Verbs.IsBase(tokens[next + 1])) next++;   // "I do take it"
        var verb = tokens[next];
        told.Add(Verbs.AfterShe(verb));
        if (verb is "do" or "did" or "would" or "can" or "will" or "could" or "should" or "cannot"
            || Verbs.AfterShe(verb) == verb) return next;
        for (var later = next + 1; later + 1 < tokens.Count && later < next + 9; later++)
            if (tokens[later] == "and" && Verbs.IsBase(tokens[later + 1])) tokens[later + 1] = Verbs.AfterShe(tokens[later + 1]);
        return next;
    }
}
