using Chartroom.Scribe.Language;

namespace Chartroom.Scribe.Verifying;

/// <summary>Sides and sites: "left knee" needs a left knee in the cited lines.</summary>
internal static class PlaceChecks
{
    // Names that speech and notes use for one place, or of which the one implies the other.
    private static readonly string[][] Alike =
    [
        ["abdomen", "belly", "stomach", "abdominal"], ["leg", "lower", "extremity", "calf", "shin", "thigh"], ["ankle", "leg"], ["foot",
            "feet", "toe", "heel"],
        ["arm", "upper", "extremity", "forearm"], ["back", "spine", "lumbar"], ["neck", "cervical"], ["lung", "chest", "breath",
            "breathing", "wheeze"],
        ["heart", "murmur", "rhythm", "cardiac"], ["throat", "tonsil"], ["eye", "vision"], ["head", "headache"], ["nose", "nasal"], ["hand",
            "finger", "thumb"],
        ["skin", "rash"], ["kidney", "renal"], ["liver", "hepatic"], ["groin", "hip", "buttock"], ["sinus", "face", "facial"],
    ];

    private const int Clearly = 2;

    public static void Run(Check check)
    {
        Sides(check);
        Sites(check);
    }

    private static void Sides(Check check)
    {
        var heard = check.Evidence.Facts.SelectMany(facts => facts.Sides).ToList();
        if (check.Reading.IsWritten && check.Nearest is { Sides.Count: > 0 } repeated) heard = repeated.Sides;
        foreach (var said in check.Said.Sides.Distinct())
        {
            if (check.IsSought && OtherSide(check, said) is { } other)
            {
                check.Find(FindingKind.Side, $"The source says {other} {said.Site}, hardly {said.Side}.", said.Side + " " + said.Site);
                continue;
            }
            if (heard.Exists(side => Fits(said, side)) || (said.Side == "bilateral" && SaysBoth(check, heard))) continue;
            var message = heard.Count == 0 ? $"No side is named in the cited lines, so \"{said.Side}\" has no source."
                : $"The cited lines say {string.Join(", ", heard.Select(side => (side.Side + " " + side.Site).Trim()).Distinct())}.";
            check.Find(FindingKind.Side, message, (said.Side + " " + said.Site).Trim());
        }
    }

    // Where the lines had to be looked for, the whole source is asked for the side of a place: one slip of the tongue, or a "right?", is no side.
    private static string? OtherSide(Check check, SideNamed said)
    {
        if (said.Site.Length == 0 || check.Reading.IsWritten) return null;
        var named = check.Reading.Sides.Where(heard => heard.Site.Length > 0 && heard.Side != "bilateral" && SamePlace(said.Site, heard.Site)).ToList();
        var same = named.Count(heard => heard.Side == said.Side);
        if (said.Side == "bilateral" || named.Count < Clearly * Math.Max(1, same + same)) return null;
        return named.First(heard => heard.Side != said.Side).Side;
    }

    private static bool Fits(SideNamed said, SideNamed heard) =>
        said.Side == heard.Side && (said.Site.Length == 0 || heard.Site.Length == 0 || SamePlace(said.Site, heard.Site));

    private static bool SaysBoth(Check check, List<SideNamed> heard) =>
        (heard.Exists(side => side.Side == "left") && heard.Exists(side => side.Side == "right"))
        || check.Evidence.Facts.SelectMany(facts => facts.Words).Any(word => word.Text is "sides" or "bases" or "either");

    private static void Sites(Check check)
    {
        foreach (var mention in check.Mentions(TermKind.Site))
        {
            var site = mention.Term.Concept;
            if (check.Evidence.Roots.Keys.Any(root => SamePlace(Word.RootOf(site), root)) || IsNoSite(check, mention)) continue;
            var other = check.Evidence.Facts.SelectMany(facts => facts.Mentions).FirstOrDefault(heard => heard.Term?.Kind == TermKind.Site);
            check.Find(FindingKind.Site, other.Term is null ? $"{site} is not in the cited lines."
                : $"{site} is not in the cited lines; they speak of {other.Term.Concept}.",
                site, blocks: other.Term is not null);
        }
    }

    // "come back in two weeks", "face to face".
    private static bool IsNoSite(Check check, Mention mention) =>
        mention.Term.Concept is "back" && mention.First > 0 && check.Said.Words[mention.First - 1].Text is "come" or "comes" or "came"
            or "go" or "went" or "patient" or "be" or "get" or "him" or "her";

    private static bool SamePlace(string left, string right) =>
        left == right || Alike.Any(names => names.Contains(left, StringComparer.Ordinal) && names.Contains(right, StringComparer.Ordinal));
}
