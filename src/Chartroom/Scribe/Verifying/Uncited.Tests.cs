using Chartroom.Scribe.Transcripts;

namespace Chartroom.Scribe.Verifying;

/// <summary>Text of somebody else's: nothing is cited, so the verifier looks for the lines itself.</summary>
public sealed class UncitedTests
{
    private static readonly Transcript Visit = TranscriptParser.Parse("""
        [doctor] Hello, how can I help?
        [patient] I've had a cough for three weeks, and my left ear hurts.
        [doctor] Any fever?
        [patient] Uh...
        [patient] No, nothing like that.
        [doctor] Have you been sick at all?
        [patient] Yes, I threw up twice on Tuesday.
        [doctor] And do you take any medicines?
        [patient] I take amlodipine five milligrams every morning.
        [doctor] Any allergies?
        [patient] Yes, I'm allergic to penicillin.
        [doctor] Is there anything in the family?
        [patient] My mum has asthma.
        [doctor] If you get short of breath, call us.
        """).Value;

    private static StatementVerdict Judge(string text) => Verifier.VerifyUncited(Visit, [text]).Verification.Statements.Single();

    [Theory]
    [InlineData("Three week history of cough.", "t2")]
    [InlineData("Denies fever.", "t3")]                                                         // over an "uh" to the answer
    [InlineData("Vomited 2 times on Tuesday.", "t7")]
    [InlineData("Takes amlodipine 5 mg every morning.", "t9")]
    [InlineData("Mother has asthma.", "t13")]
    public void A_sentence_finds_the_line_it_comes_from(string text, string turn)
    {
        var found = Verifier.VerifyUncited(Visit, [text]);

        Assert.Contains(found.Statements.Single().Citations, citation => citation.StartsWith(turn + ".", StringComparison.Ordinal));
        Assert.NotEqual(Verdict.Unsupported, found.Verification.Statements.Single().Verdict);
    }

    [Theory]
    [InlineData("Three week history of cough.", "Three month history of cough.")]
    [InlineData("Three week history of cough.", "Five week history of cough.")]
    [InlineData("Left ear pain.", "Right ear pain.")]
    [InlineData("Denies fever.", "Reports fever.")]
    [InlineData("Takes amlodipine 5 mg every morning.", "Takes amlodipine 50 mg every morning.")]
    [InlineData("Takes amlodipine 5 mg every morning.", "Takes amiloride 5 mg every morning.")]
    [InlineData("Mother has asthma.", "Father has asthma.")]
    [InlineData("Vomited 2 times on Tuesday.", "Vomited 2 times on Friday.")]
    [InlineData("Allergic to penicillin.", "NKDA.")]
    [InlineData("Three week history of cough.", "Short of breath.")]                            // "if you get" is not "you have"
    public void A_changed_fact_is_less_sure_than_the_true_one(string right, string wrong) =>
        Assert.True(Judge(right).Confidence > Judge(wrong).Confidence + 0.1, $"{Judge(right).Confidence} {Judge(wrong).Confidence}");

    [Theory]
    [InlineData("Her ankle was X-rayed on 2 May 2026.", false)]
    [InlineData("Amoxicillin was prescribed for ten days.", false)]
    [InlineData("Doxycycline was prescribed for ten days.", true)]
    [InlineData("Amoxicillin was prescribed for seven days.", true)]
    [InlineData("Her wrist was X-rayed on 2 May 2026.", true)]
    [InlineData("Her ankle was X-rayed on 2 June 2026.", true)]
    [InlineData("Fracture was seen.", true)]
    [InlineData("Rest was advised.", true)]                                                     // the source says more in that very sentence
    public void What_repeats_a_written_source_repeats_it_faithfully(string sentence, bool isFlagged)
    {
        const string source = "Her ankle was X-rayed on 2 May 2026. No fracture was seen. Amoxicillin was prescribed for ten days. Rest and elevation were advised.";
        var verdict = Verifier.VerifyWritten(source, [sentence]).Verification.Statements.Single();

        Assert.Equal(isFlagged, verdict.Verdict == Verdict.Unsupported || verdict.Findings.Count > 0);
    }
}
