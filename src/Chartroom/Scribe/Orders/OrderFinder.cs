using System.Text.RegularExpressions;
using Chartroom.Scribe.Language;

namespace Chartroom.Scribe.Orders;

internal enum OrderType { Medication, Lab, Imaging, FollowUp }

/// <summary>An order that the clinician spoke of; nobody has placed it.</summary>
/// <param name="Description">What to order, in the words said.</param>
/// <param name="Reason">What for, in the words said; null where no problem was named.</param>
/// <param name="Spans">Where it was said, and where its reason was.</param>
internal sealed record ProposedOrder(OrderType Type, string Description, string? Reason, IReadOnlyList<string> Spans);

/// <summary>Orders proposed from a visit: medicines, tests, imaging and follow-up that the clinician commits to. By rule, local; a person places them.</summary>
internal sealed partial class OrderFinder
{
    private const int DoseReach = 2;

    private readonly Scene _scene;
    private readonly OrderReasons _reasons;
    private readonly List<(int Line, ProposedOrder Order)> _found = [];

    private OrderFinder(Scene scene) => (_scene, _reasons) = (scene, new OrderReasons(scene));

    public static List<ProposedOrder> Find(Scene scene)
    {
        var finder = new OrderFinder(scene);
        foreach (var line in scene.Lines) finder.Read(line);
        return [.. finder._found.Select(it => it.Order)];
    }

    private void Read(Line line)
    {
        if (line.Speaker is Speaker.Patient or Speaker.Guest || line.IsQuestion && line.Words.Count < 12) return;
        var commits = Commits().IsMatch(line.Plain) || IsBound(line);
        if (commits && !Doubts().IsMatch(line.Plain))
        {
            foreach (var drug in Drugs(line)) Add(line, OrderType.Medication, OrderWording.Medicine(_scene, line, drug, DoseReach));
            foreach (var match in Named(line, Imaging())) Add(line, OrderType.Imaging, OrderWording.Test(line, match));
            var labs = Named(line, Labs());
            foreach (var match in labs.Count > 0 ? labs : Named(line, AnyLabs())) Add(line, OrderType.Lab, OrderWording.Test(line, match));
        }
        if (!line.IsIntroduction && line.Index * 3 > _scene.Lines.Count && Returns().Match(line.Plain) is { Success: true } back
            && !Cues.Supposes().IsMatch(line.Plain[..back.Index]) && OrderWording.Return(_scene, line, back) is { } when) Add(line, OrderType.FollowUp, when);
    }

    // The line before committed ("I'm going to order a few tests.") and this one goes on in the same breath.
    private bool IsBound(Line line) => line.Index > 0 && _scene.Lines[line.Index - 1] is var before && before.Turn >= line.Turn - 1 && before.Speaker == line.Speaker
        && line.Stage == Stage.Plan && Strongly().IsMatch(before.Plain);

    private static IEnumerable<Mention> Drugs(Line line) => line.Stage == Stage.Plan || Strongly().IsMatch(line.Plain)
        ? line.Mentions.Where(it => it.Term.Kind == TermKind.Drug && !Past().IsMatch(OrderWording.Before(line, it.First))) : [];

    // "Let's look at your x-ray" looks back, "let's get an x-ray" ahead.
    private static List<Match> Named(Line line, Regex tests) => [.. tests.Matches(line.Plain).Where(it => !Past().IsMatch(line.Plain[..it.Index].TrimEnd()))];

    private void Add(Line line, OrderType type, (string Text, IEnumerable<Line> Lines) said)
    {
        var words = said.Text.Split(' ').ToHashSet(StringComparer.Ordinal);
        if (_found.Exists(it => it.Order.Type == type && (type == OrderType.FollowUp || Word.RootOf(it.Order.Description.Split(' ')[0]) == Word.RootOf(said.Text.Split(' ')[0])
            || it.Order.Description.Split(' ').Count(words.Contains) * 2 > words.Count))) return;
        var reason = type == OrderType.FollowUp ? null : _reasons.For(line);
        List<string> spans = [.. said.Lines.Append(line).Concat(reason is { } it ? [it.Line] : []).OrderBy(at => at.Index).Select(at => at.Span.Id).Distinct()];
        _found.Add((line.Index, new ProposedOrder(type, said.Text, reason?.Text, spans)));
    }

    [GeneratedRegex(@"\b(i'm gonna|i'm going to|i am going to|we're gonna|we're going to|we are going to|i'll|we'll|i will|we will|let's|i'd like|i would like|i want|i wanna|we need|you need|you should|" +
        @"you can|i recommend|i would recommend|i'd recommend|recommend|prescribe|order|start|increase|decrease|refill|continue|take|try|give you|put you on|send|get you|schedule|refer|stop)\b", RegexOptions.CultureInvariant)]
    private static partial Regex Commits();

    [GeneratedRegex(@"\b(prescri\w+|order|start(ing)? (you|her|him|with|on)?|increase|decrease|refill|give you|put you on|i'd like|i would like|i want|i wanna|i'm gonna|i'm going to|we'll|i'll|we're gonna|let's|recommend)\b",
        RegexOptions.CultureInvariant)]
    private static partial Regex Strongly();

    [GeneratedRegex(@"\b(have you (tried|taken|been)|did you (take|try)|you('ve| have) been (taking|using)|are you (taking|still)|you were (taking|on)|you said|you mentioned|came back|showed|shows|looks? like|was normal|results? of)\b",
        RegexOptions.CultureInvariant)]
    private static partial Regex Doubts();

    [GeneratedRegex(@"\b(look(ing|ed)? (back )?at|review(ed|ing)?|results?( of| from)?|see on|saw on|here's|had|did|done|last|previous|recent|adjustments? to|changes? to|instead of|similar to|allergic to|when you (had|got)|based on|from|continue( you| her| him)?( on)?|stay on|keep (you )?on|still|already)" +
        @"( (your|the|our|her|his|my|that|this|an?|some|on|taking|with))*( \w+)?$", RegexOptions.CultureInvariant)]
    private static partial Regex Past();

    [GeneratedRegex(@"\b(mri|x rays?|ct( scan)?|cat scan|ultrasound|echocardiogram|echo|mammogram|dexa( scan)?|bone density|doppler|angiogram|chest x ray|pet scan)\b", RegexOptions.CultureInvariant)]
    private static partial Regex Imaging();

    [GeneratedRegex(@"\b((hemoglobin )?a 1 c|lipid panel|lipids|cholesterol (panel|level)|urinalysis|urine (test|sample|culture|study|studies)|blood cultures?|culture|cbc|complete blood count|" +
        @"metabolic panel|thyroid (panel|test|function|level)|tsh|psa|biopsy|sputum (sample|culture)|stool (sample|test|culture)|anemia (profile|panel)|autoimmune panel|sed rate|crp|rheumatoid factor|liver function|" +
        @"kidney function|creatinine|vitamin d level|strep test|pulmonary function tests?|stress test|ekg|ecg|uric acid|protein level|antibod(y|ies)|inflammatory markers|swab|pregnancy test|electrolytes|blood sugar test)\b",
        RegexOptions.CultureInvariant)]
    private static partial Regex Labs();

    [GeneratedRegex(@"\b(blood tests?|blood work|bloods|labs?|lab work)\b", RegexOptions.CultureInvariant)]
    private static partial Regex AnyLabs();

    [GeneratedRegex(@"\b(follow[ -]?up|see you (back|again|in)|come back|come and see|return in|return to|i'd like you to return|have you (back|return)|appointment|review (in|you)|see me|recheck you|check (back )?in with)\b",
        RegexOptions.CultureInvariant)]
    private static partial Regex Returns();
}
