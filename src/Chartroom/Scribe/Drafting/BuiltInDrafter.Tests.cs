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
}
