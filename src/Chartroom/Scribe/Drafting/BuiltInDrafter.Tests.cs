using System.Text.Json;
using Chartroom.Scribe.Language;
using Chartroom.Scribe.Verifying;

namespace Chartroom.Scribe.Drafting;

public sealed class BuiltInDrafterTests
{
    private static readonly Transcript Knee = SampleVisits.Of(SampleVisits.Knee);

    [Fact]
    public void Every_statement_cites_a_place_that_exists_and_none_is_unsupported()
    {
        var draft = BuiltInDrafter.Write(Knee);

        Assert.All(draft.Statements, statement => Assert.NotEmpty(statement.Citations));
        Assert.All(draft.Statements.SelectMany(statement => statement.Citations), citation => Assert.NotNull(Knee.Find(citation)));
        Assert.DoesNotContain(Verifier.Verify(Knee, draft).Statements, verdict => verdict.Verdict == Verdict.Unsupported);
    }

    [Theory]
    [InlineData("CHIEF COMPLAINT", "Left knee pain.")]
    [InlineData("HISTORY OF PRESENT ILLNESS", "twisted her left knee on the stairs about 3 weeks ago")]
    [InlineData("REVIEW OF SYSTEMS", "Denies chest pain.")]
    [InlineData("ALLERGIES", "allergic to penicillin")]
    [InlineData("FAMILY HISTORY", "mother has rheumatoid arthritis")]
    [InlineData("VITALS", "132/84")]
    [InlineData("PHYSICAL EXAM", "Lungs are clear to auscultation bilaterally.")]
    [InlineData("PHYSICAL EXAM", "No redness.")]
    [InlineData("RESULTS", "no fracture")]
    [InlineData("ASSESSMENT AND PLAN", "We will order an MRI of the left knee.")]
    [InlineData("ASSESSMENT AND PLAN", "We will continue the lisinopril 10 mg daily.")]
    [InlineData("INSTRUCTIONS", "4 weeks")]
    public void What_was_said_stands_in_its_section_in_the_words_of_a_note(string section, string words)
    {
        var text = string.Join(" / ", BuiltInDrafter.Write(Knee).Statements.Where(row => row.Section == section).Select(row => row.Text));

        Assert.Contains(words, text, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("i've been , um , having headaches for , like , two weeks", true, "The patient has been having headaches for 2 weeks.")]
    [InlineData("i i take it and feel fine", true, "The patient takes it and feels fine.")]
    [InlineData("i do n't smoke", true, "The patient does not smoke.")]
    [InlineData("my knee hurts and i ca n't sleep", true, "The patient's knee hurts and she cannot sleep.")]
    [InlineData("your a1c was seven point five", false, "The patient's A1c was 7.5.")]
    public void Speech_becomes_third_person_without_fillers(string said, bool fromPatient, string written) =>
        Assert.Equal(written, Sentence.Finish(new ThirdPerson(Pronouns.She).Rewrite(SpokenWords.Write(said), fromPatient,
            pronounFirst: false)));

    [Theory]
    [InlineData("one twenty seven over eighty", "127/80"), InlineData("seven . five", "7.5"), InlineData("a hundred . four", "100.4"),
        InlineData("ninety eight point six", "98.6")]
    [InlineData("five hundred", "500"), InlineData("twenty eighteen", "2018"), InlineData("nineteen ninety six", "1996"),
        InlineData("two and a half", "2.5")]
    [InlineData("three out of six", "3/6"), InlineData("forty five", "45"), InlineData("point four", "0.4"), InlineData("a thousand",
        "1000"), InlineData("one oh five", "105")]
    [InlineData("two hundred and fifty", "250"), InlineData("1,000", "1000")]
    public void Numbers_are_read_as_they_are_spoken(string spoken, string number) =>
        Assert.Equal([number], Numerals.Find(Words.Read(spoken)).Select(numeral => numeral.ToString()));

    [Theory]
    [InlineData("Some diarrhea in the beginning. Not anymore.", "Not anymore")]
    [InlineData("I had some diarrhea. It went away.", "went away")]
    [InlineData("There was diarrhea for a day.\nDoctor: Do you still have it?\nPatient: No longer.", "No longer")]
    [InlineData("Diarrhea at night. That's gone.", "gone")]
    [InlineData("I have had diarrhea, but that resolved.", "resolved")]
    public void A_complaint_that_is_over_is_neither_drafted_as_one_nor_supported(string said, string ending)
    {
        var visit = SampleVisits.Of($"Doctor: What brings you in?\nPatient: {said}\nPatient: My back hurts since Monday.");
        var draft = BuiltInDrafter.Write(visit);

        Assert.DoesNotContain(draft.Statements, row => row.Section == "CHIEF COMPLAINT" && row.Text.Contains("diarrhea", StringComparison.OrdinalIgnoreCase));
        Assert.DoesNotContain(draft.Statements, row => row.Text.Contains("Reports diarrhea", StringComparison.Ordinal));
        Assert.All(draft.Statements.Where(row => row.Section == "HISTORY OF PRESENT ILLNESS" && row.Text.Contains("diarrhea", StringComparison.Ordinal)),
            row => Assert.Matches("anymore|went away|gone|resolved|had", row.Text));
        Assert.Contains(ending, visit.Turns.SelectMany(turn => turn.Spans).Select(span => span.Text).Aggregate((all, next) => all + " " + next), StringComparison.Ordinal);
        foreach (var text in new[] { "Diarrhea.", "Reports diarrhea." })
            Assert.Equal(Verdict.Unsupported, Assert.Single(Verifier.Verify(visit, SampleVisits.Says(text, "t2.s1")).Statements).Verdict);
    }

    [Theory]
    [InlineData("I saw Ms. Rivera in March, on a Monday, and she gave me Norvasc.", "Ms. Rivera", "in March", "Monday", "Norvasc")]
    [InlineData("I took Norvasc and saw doctor O'Brien for the PTSD in Boston.", "Norvasc", "O'Brien", "PTSD", "Boston")]
    [InlineData("my pain began on march 3 and dr. lopez saw me on tuesday", "March 3", "Dr. Lopez", "Tuesday")]
    public void Names_months_weekdays_titles_and_acronyms_keep_their_capitals(string said, params string[] names)
    {
        var text = BuiltInDrafter.Write(SampleVisits.Of($"Doctor: Tell me.\nPatient: {said}\nPatient: My back pain is worse.")).ToText();

        Assert.All(names, name => Assert.Contains(name, text, StringComparison.Ordinal));
    }

    [Fact]
    public void The_same_transcript_gives_the_same_draft_and_survives_json()
    {
        var first = JsonSerializer.Serialize(BuiltInDrafter.Write(Knee));

        Assert.Equal(first, JsonSerializer.Serialize(BuiltInDrafter.Write(Knee)));
        Assert.Equal(first, JsonSerializer.Serialize(JsonSerializer.Deserialize<Draft>(first)));
    }

    [Fact]
    public void The_chart_decides_the_pronouns_and_a_name_never_does()
    {
        var visit = SampleVisits.Of("Doctor: Hello Martha, what brings you in?\n" +
            "Patient: My stomach hurts and I feel sick, my back pain is worse too.");

        Assert.DoesNotContain(" her ", BuiltInDrafter.Write(visit).ToText(), StringComparison.Ordinal);
        Assert.Contains("he feels", BuiltInDrafter.Write(visit, ChartFacts.None with { Sex = ChartSex.Male }).ToText(),
            StringComparison.Ordinal);
    }

    [Fact]
    public void An_allergen_is_no_medication_and_swapped_voices_stay_apart()
    {
        var swapped = SampleVisits.Of(SampleVisits.Knee.Replace("[doctor]", "[x]", StringComparison.Ordinal)
            .Replace("[patient]", "[doctor]", StringComparison.Ordinal).Replace("[x]", "[patient]", StringComparison.Ordinal));

        Assert.DoesNotContain(BuiltInDrafter.Write(Knee).Statements, row =>
            row.Section == "MEDICATIONS" && row.Text.Contains("penicillin", StringComparison.Ordinal));
        Assert.Contains("twisted her left knee", BuiltInDrafter.Write(swapped).ToText(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("hello"), InlineData("医生：哪里疼？"), InlineData("Patient: no. Doctor: no? no! no."), InlineData("i i i i i i i i"),
        InlineData("- - - 1 / 2 % . over"), InlineData("on your exam")]
    [InlineData("you"), InlineData("have you"), InlineData("Doctor: are you"), InlineData("i do"), InlineData("and so but")]
    public void Any_transcript_gives_a_draft_even_if_an_empty_one(string text) =>
        Assert.NotNull(BuiltInDrafter.Write(SampleVisits.Of(text)).ToText());

    [Theory]
    [InlineData("[doctor] Do you have an allergy to any medicines?\n[patient] Yeah, I think it was called clindamycin.\n[patient] I took it and it did not go well.", "ALLERGIES", "an allergy to clindamycin", "MEDICATIONS")]
    [InlineData("[doctor] Any allergies?\n[patient] No.", "ALLERGIES", "denies allergies", "MEDICATIONS")]
    [InlineData("[doctor] Do you smoke at all?\n[patient] No.", "SOCIAL HISTORY", "does not smoke", "MEDICATIONS")]
    [InlineData("[doctor] Is your asthma well controlled?\n[patient] Yeah, that's fine.", "MEDICAL HISTORY", "asthma", "ALLERGIES")]
    [InlineData("[patient] I have a cough. I've been reading that it could be a sign of cancer.", "CHIEF COMPLAINT", "cough", "MEDICAL HISTORY")]
    [InlineData("[patient] I have a cough. One child was unwell, but they haven't got diarrhea.", "CHIEF COMPLAINT", "cough", "Denies diarrhea")]
    [InlineData("[patient] I have a terrible headache.\n[doctor] Have you had a headache like this before?\n[patient] No.", "CHIEF COMPLAINT", "headache", "enies headache")]
    public void Background_is_what_was_answered_and_never_what_was_feared_or_another_has(string said, string section, string words, string absent)
    {
        var rows = BuiltInDrafter.Write(SampleVisits.Of(said)).Statements.Where(row => row.Section != "HISTORY OF PRESENT ILLNESS").ToList();

        Assert.Contains(rows, row => row.Section == section && row.Text.Contains(words, StringComparison.OrdinalIgnoreCase));
        Assert.DoesNotContain(rows, row => row.Section == absent || row.Text.Contains(absent, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("[doctor] Any family history?\n[patient] Yes, my mother.\n[doctor] What did she have?\n[patient] Breast cancer at 52.\n[doctor] And you, any cancer?\n[patient] No.", "mother had breast cancer", "t4.s1")]
    [InlineData("[patient] I have headaches.\n[patient] My brother was ill a lot.\n[doctor] What was it?\n[patient] He had diabetes.\n[doctor] Do you have diabetes?\n[patient] No. I have asthma.", "brother had diabetes", "t4.s1")]
    [InlineData("[doctor] Anything that runs in the family?\n[patient] Asthma, on both sides.", "Family history of asthma", "t2.s1")]
    public void AI_6_An_illness_of_a_relative_told_over_several_lines_is_theirs_and_is_flagged_when_it_is_called_the_patients(string said, string words, string told)
    {
        var visit = SampleVisits.Of(said);
        var rows = BuiltInDrafter.Write(visit).Statements.ToList();
        var ill = ClinicalWords.Shared.Find(Words.Read(words)).First(it => it.Term.Kind == TermKind.Condition).Term.Concept;

        Assert.Contains(rows, row => row.Section == "FAMILY HISTORY" && row.Text.Contains(words, StringComparison.Ordinal));
        Assert.DoesNotContain(rows, row => row.Section == "MEDICAL HISTORY" && row.Text.Contains(ill, StringComparison.Ordinal));
        var theirs = Verifier.Verify(visit, SampleVisits.Says($"The patient has a history of {ill}.", told)).Statements.Single();
        Assert.Equal((Verdict.Unsupported, FindingKind.Experiencer), (theirs.Verdict, theirs.Findings.First(it => it.Blocks).Kind));
    }

    [Theory]
    [InlineData("[doctor] How is the family?\n[patient] My mother is fine.\n[doctor] And what brings you in?\n[patient] Asthma again, every night.")]
    [InlineData("[patient] My mother died in May.\n[patient] I have asthma since.")]
    [InlineData("[patient] My father has diabetes.\n[doctor] Okay, let's talk of what brings you here.\n[patient] Asthma, mostly.")]
    public void AI_6_What_the_patient_says_of_themselves_after_a_relative_was_named_stays_theirs(string said) =>
        Assert.Contains(BuiltInDrafter.Write(SampleVisits.Of(said)).Statements, row => row.Section == "MEDICAL HISTORY" && row.Text.Contains("asthma", StringComparison.Ordinal));

    [Fact]
    public void What_is_prescribed_early_in_a_visit_is_not_told_as_taken() =>
        Assert.DoesNotContain(BuiltInDrafter.Write(SampleVisits.Of("[doctor] I will treat this with amoxicillin for ten days.\n[patient] My throat hurts.")).Statements, row => row.Section == "MEDICATIONS");

    [Fact]
    public void CHT_3_Who_a_person_said_is_speaking_is_not_guessed_over()
    {
        var swapped = SampleVisits.Of(SampleVisits.Knee.Replace("[doctor]", "[A]", StringComparison.Ordinal).Replace("[patient]", "[B]", StringComparison.Ordinal));
        var named = Voices.Named(swapped, new NameSpeakers("B", "A"));   // the wrong way round by the words, and said so
        Assert.All(Scene.Of(named).Lines, line => Assert.Equal(named.Turns[line.Turn].Speaker, line.Speaker));
        Assert.Contains(Scene.Of(new([.. named.Turns.Select(turn => turn with { IsNamed = false })])).Lines, line => named.Turns[line.Turn].Speaker != line.Speaker);
    }

    private const string Dictated = "Mrs. Jones is a 54-year-old woman with type 2 diabetes who presents with three weeks of left knee pain. She denies fever. She takes metformin 500 mg twice daily. Allergic to penicillin. " +
        "On exam blood pressure is 132 over 84. Left knee shows tenderness at the medial joint line. No erythema. Assessment: osteoarthritis of the left knee. Plan: start naproxen 500 mg twice daily for two weeks. Follow up in four weeks.";

    [Theory]
    [InlineData(Dictated)]
    [InlineData("[doctor] " + Dictated)]
    public void CHT_3_A_dictation_is_kept_sentence_by_sentence_and_sorted(string said)
    {
        var visit = SampleVisits.Of(said);
        var draft = BuiltInDrafter.Write(visit);

        Assert.Equal(visit.Turns.SelectMany(turn => turn.Spans).Select(span => span.Id).Order(), draft.Statements.SelectMany(row => row.Citations).Order());   // each once, none left out
        Assert.Equal(["HISTORY OF PRESENT ILLNESS", "MEDICATIONS", "ALLERGIES", "VITALS", "PHYSICAL EXAM", "ASSESSMENT AND PLAN", "INSTRUCTIONS"], draft.Sections.Select(it => it.Title));
        foreach (var (section, words) in new[] { ("MEDICATIONS", "She takes metformin 500 mg twice daily."), ("ALLERGIES", "Allergic to penicillin."), ("VITALS", "132/84"), ("ASSESSMENT AND PLAN", "Osteoarthritis of the left knee."),
            ("ASSESSMENT AND PLAN", "Start naproxen 500 mg twice daily for 2 weeks."), ("INSTRUCTIONS", "Follow up in 4 weeks.") })
            Assert.Contains(draft.Statements, row => row.Section == section && row.Text.Contains(words, StringComparison.Ordinal));
        Assert.DoesNotContain(Verifier.Verify(visit, draft).Statements, verdict => verdict.Verdict == Verdict.Unsupported);
    }

    [Theory]
    [InlineData("How is the patient's knee? It hurts. She takes ibuprofen.")]
    [InlineData("[doctor] She presents with knee pain.\n[patient] It hurts.")]
    [InlineData("The patient is here. I want you to rest the knee.")]
    [InlineData("My knee hurts and I take ibuprofen. She is my doctor.")]
    public void CHT_3_A_conversation_is_no_dictation(string said) => Assert.False(DictationWriter.IsOne(SampleVisits.Of(said)));

    [Fact]
    public void A_visit_by_telephone_has_a_plan_though_nobody_was_examined()
    {
        var draft = BuiltInDrafter.Write(SampleVisits.Of("""
            [doctor] How can I help? We should take a good history first, and then let me examine you.
            [patient] I have burning pain when I pass urine for three days.
            [doctor] Any fever?
            [patient] No fever.
            [doctor] Normally at this stage I would like to examine you, but we are on the phone.
            [doctor] I'm going to prescribe nitrofurantoin for three days.
            """));

        Assert.Contains(draft.Statements, row => row.Section == "ASSESSMENT AND PLAN" && row.Text.Contains("itrofurantoin", StringComparison.Ordinal));
        Assert.DoesNotContain(draft.Statements, row => row.Section is "MEDICATIONS" or "PHYSICAL EXAM");
        Assert.Contains(draft.Statements, row => row.Section == "REVIEW OF SYSTEMS" && row.Text.Contains("fever", StringComparison.Ordinal));
    }
}
