using Chartroom.Scribe.Drafting;

namespace Chartroom.Scribe.Verifying;

public sealed class VerifierTests
{
    private static readonly Transcript Knee = SampleVisits.Of(SampleVisits.Knee);

    private static StatementVerdict Judge(string text, string cited, ChartFacts? chart = null) =>
        Verifier.Verify(Knee, SampleVisits.Says(text, cited.Split(' ', StringSplitOptions.RemoveEmptyEntries)), chart).Statements.Single();

    [Theory]
    [InlineData("The patient twisted her left knee on the stairs about 3 weeks ago.", "t2.s1")]
    [InlineData("She takes ibuprofen 400 mg.", "t4.s1")]                                        // numbers in words and in digits are one
    [InlineData("She takes Advil 400 mg.", "t4")]                                               // a brand is its ingredient
    [InlineData("Denies chest pain or shortness of breath.", "t5.s1 t6.s1")]                    // a question with its answer
    [InlineData("Mother has rheumatoid arthritis.", "t10.s1")]
    [InlineData("Blood pressure: 132/84.", "t14.s2")]
    [InlineData("X-ray on 3/14/2026.", "t11.s1")]
    [InlineData("Lungs are clear to auscultation bilaterally.", "t15.s3")]
    [InlineData("Take meloxicam 15 mg daily by mouth.", "t18.s1")]
    [InlineData("Continue lisinopril 10 mg every day.", "t19.s1")]
    [InlineData("History of high blood pressure and asthma.", "t1.s1")]
    public void What_was_said_is_supported_however_it_is_written(string text, string cited)
    {
        var verdict = Judge(text, cited);

        Assert.Equal((Verdict.Supported, ""), (verdict.Verdict, string.Join("; ", verdict.Findings.Select(finding => finding.Message))));
        Assert.InRange(verdict.Confidence, 0.8, 1);
    }

    [Theory]
    [InlineData("She takes ibuprofen 800 mg.", "t4.s1", FindingKind.Number)]
    [InlineData("The patient is a 25-year-old female.", "t1.s1", FindingKind.Number)]
    [InlineData("Blood pressure: 123/84.", "t14.s2", FindingKind.Number)]
    [InlineData("Twisted her left knee 3 months ago.", "t2.s1", FindingKind.Unit)]
    [InlineData("Take meloxicam 15 mcg daily.", "t18.s1", FindingKind.Unit)]
    // the number is right, the drug beside it is not
    [InlineData("Take ibuprofen 15 mg daily.", "t18.s1", FindingKind.Dose)]
    [InlineData("Take meloxicam 15 mg twice a day.", "t18.s1", FindingKind.Frequency)]
    [InlineData("Take meloxicam 15 mg intramuscularly once a day.", "t18.s1", FindingKind.Route)]
    [InlineData("Take metoprolol 15 mg daily.", "t18.s1", FindingKind.Drug)]
    [InlineData("Take meloxican 15 mg daily.", "t18.s1", FindingKind.Drug)]                     // a near name
    [InlineData("Start zelopril.", "t18.s1", FindingKind.Drug)]                                 // no drug we know, but it reads like one
    [InlineData("She takes penicillin.", "t13.s1", FindingKind.Drug)]                            // said, but as an allergy
    [InlineData("X-ray on March 15, 2026.", "t11.s1", FindingKind.Date)]
    [InlineData("X-ray on 4/14/2026.", "t11.s1", FindingKind.Date)]
    [InlineData("X-ray of the right knee shows no fracture.", "t16.s1", FindingKind.Side)]
    [InlineData("Bilateral knee pain.", "t2.s1", FindingKind.Side)]
    [InlineData("She twisted her left ankle on the stairs.", "t2.s1", FindingKind.Site)]
    [InlineData("X-ray of the left knee shows a fracture.", "t16.s1", FindingKind.Negation)]
    [InlineData("Reports chest pain.", "t5.s1 t6.s1", FindingKind.Negation)]
    [InlineData("Reports chest pain.", "t5.s1", FindingKind.Negation)]                          // a question alone is not evidence
    [InlineData("There is redness.", "t15.s2", FindingKind.Negation)]
    [InlineData("Has diabetes.", "t10.s2", FindingKind.Negation)]
    [InlineData("She did not twist her left knee on the stairs.", "t2.s1", FindingKind.Negation)]
    [InlineData("She takes no ibuprofen.", "t4.s1", FindingKind.Negation)]
    [InlineData("I think this is not a meniscal tear.", "t17.s1", FindingKind.Negation)]
    [InlineData("X-ray on 14/14/2026.", "t11.s1", FindingKind.Date)]                            // no such day
    [InlineData("The patient has rheumatoid arthritis.", "t10.s1", FindingKind.Experiencer)]
    [InlineData("Father has rheumatoid arthritis.", "t10.s1", FindingKind.Experiencer)]
    [InlineData("She takes ibuprofen 400 mg twice a day.", "t4.s1", FindingKind.Contradiction)] // corrected at the end of the visit
    [InlineData("She climbed Kilimanjaro with cousins.", "t2.s1", FindingKind.Wording)]
    [InlineData("Left knee pain.", "t99.s1", FindingKind.MissingCitation)]
    [InlineData("Left knee pain.", "", FindingKind.MissingCitation)]
    public void A_planted_error_makes_the_statement_unsupported_and_says_why(string text, string cited, FindingKind kind)
    {
        var verdict = Judge(text, cited);

        Assert.Contains(kind, verdict.Findings.Where(finding => finding.Blocks).Select(finding => finding.Kind));
        Assert.Equal((Verdict.Unsupported, "low"), (verdict.Verdict, verdict.Word));
    }

    [Fact]
    public void An_agreement_is_inferred_from_the_okay_it_cites()
    {
        var verdict = Judge("The patient understands and agrees with the plan.", "t20.s1");

        Assert.Equal(Verdict.Inferred, verdict.Verdict);
        Assert.Equal(["t20.s1"], verdict.InferredFrom);
    }

    [Theory]
    [InlineData("Take amoxicillin for ten days.", "allergy to penicillin")]
    [InlineData("Denies diabetes.", "lists type 2 diabetes")]
    [InlineData("He is a 52-year-old male.", "says Female")]
    [InlineData("The patient is a 25-year-old female.", "says 52 years")]
    public void What_contradicts_the_chart_is_told_without_blocking(string text, string part)
    {
        var chart = new ChartFacts(["penicillin"], [], ["type 2 diabetes"], 52, ChartSex.Female);

        var finding = Assert.Single(Judge(text, "t1.s1", chart).Findings, finding => finding.Kind == FindingKind.Chart);

        Assert.Contains(part, finding.Message, StringComparison.Ordinal);
        Assert.False(finding.Blocks);
    }

    [Fact]
    public void Two_statements_that_contradict_each_other_name_each_other()
    {
        var draft = new Draft(new DrafterInfo("test", "1"),
        [
            new DraftSection("HPI", [new Statement("n1", "HPI", null, "Denies fever.", ["t6.s1"]), new Statement("n2", "HPI", null,
                "Reports fever.", ["t2.s1"])]),
        ]);

        var verdicts = Verifier.Verify(Knee, draft).Statements;

        Assert.Contains("n2 says the opposite", string.Join(' ', verdicts[0].Findings.Select(finding =>
            finding.Message)), StringComparison.Ordinal);
        Assert.Contains("n1 says the opposite", string.Join(' ', verdicts[1].Findings.Select(finding =>
            finding.Message)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("drug", "lisinopril"), InlineData("drug", "meloxicam"), InlineData("allergy", "penicillin"), InlineData("symptom",
        "asthma"), InlineData("dose", "15 mg")]
    public void What_was_said_and_left_out_is_listed_with_its_place(string kind, string what)
    {
        var omissions = Verifier.Verify(Knee, SampleVisits.Says("Left knee pain.", "t2.s1")).Omissions;

        var omission = Assert.Single(omissions, omission => omission.Kind == kind && omission.What == what);
        Assert.Equal(Knee.Find(omission.SpanId), omission.Quote);
    }

    [Theory]
    [InlineData("Тахикардия в покое."), InlineData("胸痛 3 天"), InlineData(""), InlineData("…"), InlineData("99999999999999999999999999 mg"),
        InlineData("13/45/2026 1/0 -1 1/2/3/4")]
    public void Any_text_gets_a_verdict(string text) => Assert.InRange(Judge(text, "t1.s1").Confidence, 0, 1);
}
