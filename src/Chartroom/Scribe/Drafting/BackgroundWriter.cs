using System.Text.RegularExpressions;
using Chartroom.Scribe.Language;

namespace Chartroom.Scribe.Drafting;

/// <summary>Medical, social and family history, medications, allergies: short lists of what the history said.</summary>
internal static partial class BackgroundWriter
{
    public static void Write(Desk desk)
    {
        MedicalHistory(desk);
        Medications(desk);
        foreach (var line in desk.Scene.Lines.Where(line => line.Stage == Stage.History && !line.IsQuestion && line.Words.Count > 3))
        {
            if (FamilyWords().IsMatch(line.Plain) && line.Has(TermKind.Condition)) Tell(desk, NoteSheet.Family, line);
            else if (SocialWords().IsMatch(line.Plain) && line.Speaker == Speaker.Patient) Tell(desk, NoteSheet.Social, line);
            else if (AllergyWords().IsMatch(line.Plain)) Tell(desk, NoteSheet.Allergies, line);
        }
    }

    private static void Tell(Desk desk, string section, Line line)
    {
        if (line.IsUsed) return;
        var text = HistoryWriter.Told(desk, line);
        if (text is null) return;
        desk.Sheet.Add(section, null, text, line);
        line.IsUsed = true;
    }

    private static void MedicalHistory(Desk desk)
    {
        var sources = new Dictionary<string, Line>(StringComparer.Ordinal);
        foreach (var line in desk.Scene.Lines)
            foreach (var mention in line.Mentions)
                if (mention.Term.Kind == TermKind.Condition && line.Stage == Stage.History && !line.IsQuestion
                    && !Polarity.IsNegated(line.Words, mention) && !Polarity.IsAboutAnother(line.Words, mention))
                    sources.TryAdd(mention.Term.Concept, line);
        if (sources.Count == 0) return;
        desk.Sheet.Add(NoteSheet.Medical, null, $"Patient reports history of {Listed([.. sources.Keys])}.", sources.Values);
    }

    private static void Medications(Desk desk)
    {
        var sources = new Dictionary<string, Line>(StringComparer.Ordinal);
        foreach (var line in desk.Scene.Lines)
        {
            if (line.Stage != Stage.History || AllergyWords().IsMatch(line.Plain)) continue;
            foreach (var mention in line.Mentions.Where(mention => mention.Term.Kind == TermKind.Drug))
            {
                var name = string.Join(' ', line.Words.Skip(mention.First).Take(mention.End - mention.First).Select(word => word.Text));
                if (Polarity.IsNegated(line.Words, mention) || Polarity.IsAboutAnother(line.Words, mention)) continue;
                if (line.IsQuestion && Answers.To(desk.Scene, line).Reply != Reply.Yes) continue;
                sources.TryAdd(name, line);
            }
        }
        if (sources.Count == 0) return;
        desk.Sheet.Add(NoteSheet.Medications, null, $"Patient reports taking {Listed([.. sources.Keys])}.",
            sources.Values.SelectMany(line =>
                line.IsQuestion && Answers.To(desk.Scene, line).Line is { } answer ? [line, answer] : new[] { line }));
    }

    private static string Listed(List<string> names) =>
        names.Count < 3 ? string.Join(" and ", names) : string.Join(", ", names.Take(names.Count - 1)) + ", and " + names[^1];

    [GeneratedRegex(@"\b(mother|father|mom|dad|brother|sister|grandmother|grandfather|aunt|uncle|family history|runs in)\b",
        RegexOptions.CultureInvariant)]
    private static partial Regex FamilyWords();

    [GeneratedRegex(@"\b(smok\w+|cigarettes?|tobacco|vape|alcohol|drink|beers?|wine|married|divorced|retired|i work|my job|" +
        @"live (with|alone|" +
        @"in)|marijuana|recreational)\b", RegexOptions.CultureInvariant)]
    private static partial Regex SocialWords();

    [GeneratedRegex(@"\b(allergic to|allerg(y|ies) to|no (known )?(drug )?allergies|allergic)\b", RegexOptions.CultureInvariant)]
    private static partial Regex AllergyWords();
}
