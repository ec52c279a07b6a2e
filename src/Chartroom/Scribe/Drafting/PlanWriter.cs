using System.Text.RegularExpressions;
using Chartroom.Scribe.Language;

namespace Chartroom.Scribe.Drafting;

/// <summary>Assessment and plan, problem by problem in the order the clinician named them.</summary>
internal static partial class PlanWriter
{
    private static readonly string[] Groups = ["Medical Reasoning", "Additional Testing", "Medical Treatment", "Specialist Referrals",
        "Patient Education and Counseling"];

    private sealed class Problem
    {
        public string? Name { get; set; }
        public Line? Source { get; set; }
        public List<(string Group, string Text, Line Line)> Rows { get; } = [];
    }

    public static void Write(Desk desk)
    {
        var problems = new List<Problem> { new() };
        foreach (var line in desk.Scene.Lines)
        {
            if (line.Stage != Stage.Plan || line.IsUsed || line.Speaker == Speaker.Patient || line.Words.Count < 4) continue;
            if (Named(line) is { } name && !problems.Exists(problem =>
                problem.Name == name)) problems.Add(new Problem { Name = name, Source = line });
            if (line.IsQuestion || Score(line) < 1.0 || Announces().IsMatch(line.Plain)) continue;
            var text = desk.Wording.Plan(SpokenWords.Write(line.Span.Text));
            if (text.Count(c => c == ' ') < 3) continue;
            if (FollowsUp().IsMatch(line.Plain)) desk.Sheet.Add(NoteSheet.Instructions, null, text, line);
            else problems[^1].Rows.Add((GroupOf(line), text, line));
            line.IsUsed = true;
        }
        Put(desk, problems);
        Agreement(desk);
    }

    private static void Put(Desk desk, List<Problem> problems)
    {
        var number = 0;
        foreach (var problem in problems.Where(problem => problem.Rows.Count > 0 || problem.Name is not null))
        {
            if (problem is { Name: { } name, Source: { } source }) desk.Sheet.Add(NoteSheet.Plan, $"{++number}", Sentence.Close(name),
                source);
            foreach (var group in Groups)
                foreach (var row in problem.Rows.Where(row => row.Group == group))
                    desk.Sheet.Add(NoteSheet.Plan, group, row.Text, row.Line);
        }
    }

    private static string? Named(Line line)
    {
        if (line.IsQuestion || !NamesProblem().IsMatch(line.Plain)) return null;
        foreach (var kind in new[] { TermKind.Condition, TermKind.Symptom })
            if (line.Mentions.FirstOrDefault(m =>
                m.Term.Kind == kind && !Polarity.IsNegated(line.Words, m)) is { Term: not null } mention) return mention.Term.Concept;
        return null;
    }

    private static double Score(Line line) =>
        1.0 * Math.Min(3, line.Count(TermKind.Plan)) + 0.8 * Math.Min(2,
            line.Count(TermKind.Assess)) + line.Count(TermKind.Drug) + 0.7 * line.Count(TermKind.Condition)
        + 0.5 * line.Count(TermKind.Symptom) + 0.5 * line.Count(TermKind.Result) + (Intends().IsMatch(line.Plain) ? 1
            : 0) - 1.2 * line.Count(TermKind.Chat);

    private static string GroupOf(Line line) =>
        Refers().IsMatch(line.Plain) ? Groups[3]
            : line.Has(TermKind.Result) && Intends().IsMatch(line.Plain) ? Groups[1]
            : line.Has(TermKind.Drug) || Treats().IsMatch(line.Plain) ? Groups[2]
            : Intends().IsMatch(line.Plain) || line.Count(TermKind.Plan) > 1 ? Groups[4] : Groups[0];

    private static void Agreement(Desk desk)
    {
        var assent = desk.Scene.Lines.LastOrDefault(line =>
            line.Stage == Stage.Plan && line.Speaker == Speaker.Patient && Assents().IsMatch(line.Plain));
        if (assent is not null && desk.Sheet.Has(NoteSheet.Plan))
            desk.Sheet.Add(NoteSheet.Plan, "Patient Agreements",
                "The patient understands and agrees with the recommended medical treatment plan.", assent);
    }

    [GeneratedRegex(@"\b((first|second|third|fourth|fifth|next|last|other) (problem|issue|diagnosis|concern|thing|one)|standpoint|" +
        @"in terms of (your|the)|as far as (your|the)|for (your|the)|in regards? to|with regards? to|about your|regarding your|" +
        @"i think (you have|this is|it's)|you (do )?have)\b", RegexOptions.CultureInvariant)]
    private static partial Regex NamesProblem();

    [GeneratedRegex(@"\b(gonna|going to|want|wanna|would like|i'd like|let's|we'll|i'll|recommend|should|need to|can|order|prescribe|" +
        @"continue|start|increase|refer|advise)\b", RegexOptions.CultureInvariant)]
    private static partial Regex Intends();

    [GeneratedRegex(@"\b(refer(ral|red)?|consult(ation)?|specialist|\w+ologist)\b", RegexOptions.CultureInvariant)]
    private static partial Regex Refers();

    [GeneratedRegex(@"\b(prescribe|prescription|start you|continue|increase|decrease|injection|therapy|surgery|milligrams?|" +
        @"mg|refill|dose|" +
        @"medications?|brace|splint|boot|cream|inhaler)\b", RegexOptions.CultureInvariant)]
    private static partial Regex Treats();

    // Talk about the talk: "let's go over my assessment", "let's see".
    [GeneratedRegex(@"\b(my|the) assessment\b|\blet'?s (see|talk|chat|look|take|go over|go through)\b" +
        @"|\b(talk|go over|chat) (a little|about)\b|\btake a look\b",
        RegexOptions.CultureInvariant)]
    private static partial Regex Announces();

    [GeneratedRegex(@"\b(follow up|come back|see you (back|again|in)|return (to|in)|back in (a|two|three|four|six|\d))\b",
        RegexOptions.CultureInvariant)]
    private static partial Regex FollowsUp();

    [GeneratedRegex(@"\b(okay|sounds (good|great|fine)|alright|all right|yes|thank you|that works|i can do that|perfect|great)\b",
        RegexOptions.CultureInvariant)]
    private static partial Regex Assents();
}
