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
        AnsweredAllergies(desk);
        Answered(desk);
        foreach (var line in desk.Scene.Lines.Where(line => line is { Kin: not null, Stage: Stage.History, IsQuestion: false })) TellOf(desk, line.Kin!, line);   // filtered
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

    // "My mother." "What did she have?" "Breast cancer at 52."
    private static void TellOf(Desk desk, KinOf kin, Line line)
    {
        var ill = line.Mentions.Where(it => it.Term.Kind == TermKind.Condition && !Polarity.IsNegated(line.Words, it)).Select(it => it.Term.Concept).Distinct(StringComparer.Ordinal).ToList();
        if (ill.Count == 0) return;
        desk.Sheet.Add(NoteSheet.Family, null, kin.Relative == "family" ? $"Family history of {Listed(ill)}." : $"The patient's {kin.Relative} had {Listed(ill)}.", [kin.Named, line]);
        line.IsUsed = true;
    }

    private static void MedicalHistory(Desk desk)
    {
        var sources = new Dictionary<string, Line[]>(StringComparer.Ordinal);
        foreach (var line in desk.Scene.Lines.Where(line => line.Stage == Stage.History && line.Kin is null && !Cues.Fears().IsMatch(line.Plain)))
        {
            var conditions = line.Mentions.Where(mention => mention.Term.Kind == TermKind.Condition && !Polarity.IsNegated(line.Words, mention)
                && !Polarity.IsAboutAnother(line.Words, mention)).ToList();
            if (conditions.Count == 0 || From(desk.Scene, line, conditions.Count) is not { } told) continue;
            foreach (var mention in conditions) sources.TryAdd(mention.Term.Concept, told);
        }
        if (sources.Count == 0) return;
        desk.Sheet.Add(NoteSheet.Medical, null, $"Patient reports history of {Listed([.. sources.Keys])}.", sources.Values.SelectMany(lines => lines));
    }

    // "Is your asthma well controlled?" with a yes tells of asthma; a yes to a list tells of none of them.
    private static Line[]? From(Scene scene, Line line, int named)
    {
        if (!line.IsQuestion) return [line];
        return named == 1 && line.Words.Exists(word => word.Text == "your") && Answers.To(scene, line) is (Reply.Yes, { } answer) ? [line, answer] : null;
    }

    // "Any allergies?", "No." and "Any allergies to medicines?", "I think it was called clindamycin." tell nothing in one line alone.
    private static void AnsweredAllergies(Desk desk)
    {
        foreach (var asked in desk.Scene.Lines.Where(line => line is { IsQuestion: true, IsAboutAllergy: true } && line.Speaker != Speaker.Patient))
        {
            var named = desk.Scene.Lines.Skip(asked.Index + 1).Take(6).Where(line => line is { IsAboutAllergy: true, IsUsed: false } && line.Has(TermKind.Drug)).ToList();
            if (named.Exists(line => AllergyWords().IsMatch(line.Plain))) continue;   // says it whole, and is told below
            if (named.Count > 0)
            {
                var drugs = named.SelectMany(line => line.Mentions.Where(it => it.Term.Kind == TermKind.Drug && !Polarity.IsNegated(line.Words, it)).Select(it => it.Term.Concept))
                    .Distinct(StringComparer.Ordinal).ToList();
                if (drugs.Count > 1) drugs.RemoveAll(name => name.StartsWith("antibiotic", StringComparison.Ordinal));   // "an antibiotic called …"
                if (drugs.Count == 0) continue;
                desk.Sheet.Add(NoteSheet.Allergies, null, $"Patient reports an allergy to {Listed(drugs)}.", [asked, .. named]);
                foreach (var line in named) line.IsUsed = true;
            }
            else if (Answers.To(desk.Scene, asked) is (Reply.No, { } answer)) desk.Sheet.Add(NoteSheet.Allergies, null, "Patient denies allergies.", [asked, answer]);
        }
    }

    private static void Medications(Desk desk)
    {
        var sources = new Dictionary<string, Line>(StringComparer.Ordinal);
        foreach (var line in desk.Scene.Lines)
        {
            if (line.Stage != Stage.History || line.IsAboutAllergy || line.Kin is not null || IsPrescribed(line)) continue;
            foreach (var mention in line.Mentions.Where(mention => mention.Term.Kind == TermKind.Drug))
            {
                var name = string.Join(' ', line.Words.Skip(mention.First).Take(mention.End - mention.First).Select(word => word.Text));
                if (Polarity.IsNegated(line.Words, mention) || Polarity.IsAboutAnother(line.Words, mention)) continue;
                if (line.IsQuestion && Answers.To(desk.Scene, line).Reply != Reply.Yes) continue;
                if (!sources.Keys.Any(other => other == name + "s" || other + "s" == name)) sources.TryAdd(name, line);
            }
        }
        if (sources.Count == 0) return;
        desk.Sheet.Add(NoteSheet.Medications, null, $"Patient reports taking {Listed([.. sources.Keys])}.",
            sources.Values.SelectMany(line =>
                line.IsQuestion && Answers.To(desk.Scene, line).Line is { } answer ? [line, answer] : new[] { line }));
    }

    // "I will treat with amoxicillin" tells what is to come, not what is taken.
    private static bool IsPrescribed(Line line) => line.Speaker != Speaker.Patient && line is { IsQuestion: false, IsIntroduction: false } && ToCome().IsMatch(line.Plain);

    // What was asked in one line and answered in another: "Do you smoke?", "No."
    private static void Answered(Desk desk)
    {
        foreach (var asked in desk.Scene.Lines.Where(line => line is { IsQuestion: true, IsUsed: false, Stage: Stage.History } && line.Speaker == Speaker.Clinician))
        {
            var section = SocialWords().IsMatch(asked.Plain) ? NoteSheet.Social : MedicineWords().IsMatch(asked.Plain) ? NoteSheet.Medications : IllnessWords().IsMatch(asked.Plain) ? NoteSheet.Medical : null;
            var (reply, answer) = Answers.To(desk.Scene, asked);
            if (section is null || answer is null || !(reply == Reply.No || (reply == Reply.Yes && section == NoteSheet.Social))) continue;
            var other = asked.Words.Exists(word => word.Text is "other" or "else") ? "other " : "";
            var text = section == NoteSheet.Medical ? $"Patient denies {other}medical problems." : QuestionWording.Fold(desk, asked, reply);
            if (text is null) continue;
            desk.Sheet.Add(section, null, text, asked, answer);
            asked.IsUsed = true;
        }
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

    [GeneratedRegex(@"\b(i|we)('ll| will|'m going to|'m gonna| am going to|'re going to|'re gonna| are going to|'d like to| would like to| want to) (also |now |just |go ahead and )*" +
        @"(start|give|prescribe|treat|put|add|try|send|switch|change|order|write|call in|get you)\b", RegexOptions.CultureInvariant)]
    private static partial Regex ToCome();

    [GeneratedRegex(@"\b(medications?|medicines?|tablets)\b", RegexOptions.CultureInvariant)]
    private static partial Regex MedicineWords();

    [GeneratedRegex(@"\b(any|other|past) (\w+ )?(medical|health) (conditions?|problems?|issues?|history)\b", RegexOptions.CultureInvariant)]
    private static partial Regex IllnessWords();
}
