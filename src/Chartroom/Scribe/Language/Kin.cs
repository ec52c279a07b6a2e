using System.Text.RegularExpressions;

namespace Chartroom.Scribe.Language;

/// <summary>
/// Of whom a line speaks that names nobody: "My mother had problems.", "What did she have?", "Breast cancer at 52." Once a relative is spoken of, what follows is theirs until somebody
/// says "I" or "you", or the clinician goes on to something else. Only where both voices are known.
/// </summary>
internal static partial class Kin
{
    private const int Reach = 5;

    public static void Set(IReadOnlyList<Line> lines)
    {
        Line? named = null;
        var (whose, left) = ("", 0);
        foreach (var line in lines)
        {
            if (line.Speaker is not (Speaker.Clinician or Speaker.Patient)) { left = 0; continue; }
            if (NamedIn(line) is { } relative && !IsOfSpeakers(line))
            {
                // "Anybody in the family?" waits for a name; a name stands until the next.
                (whose, named, left) = (relative, line, Reach);
                continue;
            }
            if (left-- <= 0 || EndsTopic(line) || line.Words.Exists(word => Polarity.IsRelative(word.Text))) left = 0;
            else if (named is not null) line.Kin = new(whose, named);
        }
    }

    private static string? NamedIn(Line line)
    {
        var said = line.Words.FindLast(word => Polarity.IsRelative(word.Text)).Text;
        return said is null || !Blood().IsMatch(said) || line.Speaker == Speaker.Clinician && !line.IsQuestion ? null : said;
    }

    // "I've had it since my mother died": of the patient, though a relative is named.
    private static bool IsOfSpeakers(Line line) => line.Speaker == Speaker.Patient && Self().IsMatch(line.Plain);

    private static bool EndsTopic(Line line) =>
        line.Speaker == Speaker.Patient ? Self().IsMatch(line.Plain) : line.IsQuestion ? You().IsMatch(line.Plain) : line.Words.Count > 4;

    [GeneratedRegex("^(mother|father|mom|mum|dad|brother|sister|grandmother|grandfather|grandma|grandpa|aunt|uncle|cousin|parents|family|nephew|niece)$", RegexOptions.CultureInvariant)]
    private static partial Regex Blood();

    [GeneratedRegex(@"\b(i|i'm|i've|i'd|me|mine|myself)\b|\bmy (own )?(?!mother|father|mom|mum|dad|brother|sister|grand\w+|aunt|uncle|cousin|parents|family|nephew|niece)\w", RegexOptions.CultureInvariant)]
    private static partial Regex Self();

    [GeneratedRegex(@"\b(you|you're|you've|your|yourself)\b", RegexOptions.CultureInvariant)]
    private static partial Regex You();
}

/// <summary>Somebody of the patient's family, of whom a line speaks without naming them.</summary>
/// <param name="Relative"><c>mother</c>, or <c>family</c> where nobody said who.</param>
/// <param name="Named">Where they are named.</param>
internal sealed record KinOf(string Relative, Line Named);
