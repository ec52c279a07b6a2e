namespace Chartroom.Scribe.Transcripts;

public sealed class TranscriptParserTests
{
    [Theory]
    [InlineData("[doctor] hi there .\n[patient] my knee hurts .", Speaker.Clinician, Speaker.Patient)]
    [InlineData("Doctor: hi there.\nPatient: my knee hurts.", Speaker.Clinician, Speaker.Patient)]
    [InlineData("Dr. Smith: hi there.\nJane Doe: my knee hurts.\nDr. Smith: since when?\nJane Doe: Monday.", Speaker.Clinician,
        Speaker.Unknown)]
    [InlineData("D: hi there\nP: my knee hurts", Speaker.Clinician, Speaker.Patient)]
    [InlineData("Speaker 1: hi there\nSpeaker 2: my knee hurts", Speaker.Unknown, Speaker.Unknown)]
    [InlineData("[patient_guest] she fell .\n[doctor] when ?", Speaker.Guest, Speaker.Clinician)]
    [InlineData("00:01:07 Doctor: hi there\n00:01:12 Patient: my knee hurts", Speaker.Clinician, Speaker.Patient)]
    public void A_label_before_a_turn_says_who_speaks(string text, Speaker first, Speaker second)
    {
        var turns = TranscriptParser.Parse(text).Value.Turns;

        Assert.Equal((first, second), (turns[0].Speaker, turns[1].Speaker));
        Assert.DoesNotContain(':', turns[0].Text);
    }

    [Theory]
    [InlineData("WEBVTT\n\n1\n00:00:01.500 --> 00:00:03.000\n<v Doctor>Any chest pain?</v>\n" +
        "\n2\n00:00:03.000 --> 00:00:04.000\n<v Patient>No.</v>\n")]
    [InlineData("1\n00:00:01,500 --> 00:00:03,000\nDoctor: Any chest pain?\n\n2\n00:00:03,000 --> 00:00:04,000\nPatient: No.\n")]
    [InlineData("WEBVTT\r\n\r\nNOTE a remark\r\n\r\n00:01.500 --> 00:03.000\r\n<v Doctor>Any chest\r\npain?" +
        "\r\n\r\n00:03.000 --> 00:04.000\r\n<v Patient>No.")]
    public void Subtitles_become_turns_with_their_times(string text)
    {
        var turns = TranscriptParser.Parse(text).Value.Turns;

        Assert.Equal([(Speaker.Clinician, "Any chest pain?"), (Speaker.Patient, "No.")], turns.Select(turn => (turn.Speaker, turn.Text)));
        Assert.Equal(TimeSpan.FromMilliseconds(1500), turns[0].At);
    }

    [Theory]
    [InlineData(null), InlineData(""), InlineData(" \n\t "), InlineData("\u0000\u0001"), InlineData("[doctor]\n[patient] ..."),
        InlineData("WEBVTT\n\n")]
    public void Where_nothing_was_said_there_is_nothing_to_draft(string? text) =>
        Assert.Equal("scribe.nothing-to-draft", TranscriptParser.Parse(text).Refusal?.Code);

    [Theory]
    [InlineData(TranscriptParser.LongestChars, null)]
    [InlineData(TranscriptParser.LongestChars + 1, "scribe.transcript-too-long")]
    public void The_size_limit_is_exact(int length, string? code) =>
        Assert.Equal(code, TranscriptParser.Parse("doctor: " + new string('a', length - 8)).Refusal?.Code);

    [Theory]
    [InlineData("المريض يعاني من ألم في الصدر؟ لا."), InlineData("医生：哪里疼？病人：膝盖疼了三天。"), InlineData("врач: что болит?\nпациент: колено."),
        InlineData("मरीज को बुखार है।")]
    [InlineData("a\ud800b"), InlineData("👩‍⚕️ says 🤕 → ok"), InlineData("Z\u0300\u0301\u0302algo\u0303 t\u0338ext"), InlineData(": : : x")]
    public void Any_script_is_read_and_every_span_is_where_it_says(string text)
    {
        foreach (var turn in TranscriptParser.Parse(text).Value.Turns)
            foreach (var span in turn.Spans) Assert.Equal(span.Text, turn.Text.Substring(span.Start, span.Length));
    }

    [Fact]
    public void Text_without_speakers_is_still_citable()
    {
        var transcript = TranscriptParser.Parse("My back hurts. It began on Monday.\nI took 400 mg of ibuprofen.").Value;

        Assert.All(transcript.Turns, turn => Assert.Equal(Speaker.Unknown, turn.Speaker));
        Assert.Equal("It began on Monday.", transcript.Find("t1.s2"));
        Assert.Equal("I took 400 mg of ibuprofen.", transcript.Find("t2"));
    }

    [Theory]
    [InlineData("t0"), InlineData("t9"), InlineData("t1.s9"), InlineData("x"), InlineData(""), InlineData("t1."), InlineData("t01"),
        InlineData("t99999999999")]
    public void A_citation_of_no_place_finds_nothing(string citation) =>
        Assert.Null(TranscriptParser.Parse("Patient: hello there").Value.Find(citation));

    [Theory]
    [InlineData("your a1c was seven . five last time . it is fine .", 2)]               // a spoken decimal point ends no sentence
    [InlineData("i saw dr . smith . he agreed .", 2)]
    [InlineData("okay so your lungs are clear your heart is regular i do hear a murmur " +
        "so i'm gonna order an echocardiogram and i want you to rest", 3)]
    public void Speech_is_cut_where_a_thought_ends(string text, int atLeast) =>
        Assert.InRange(SentenceSplitter.Split(text).Count, atLeast, atLeast + 1);
}
