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

    [Theory]
    [InlineData("NKDA.", "an allergy to penicillin")]
    [InlineData("She has no known drug allergies.", "an allergy to penicillin")]
    [InlineData("No allergy to amoxicillin.", "an allergy to penicillin")]                       // of its class
    [InlineData("Continue lisinopril 40 mg daily.", "lists lisinopril 10 mg daily")]
    [InlineData("Takes Zestril 10 mg twice a day.", "lists lisinopril 10 mg daily")]
    [InlineData("No allergy to latex or ibuprofen.", null)]
    [InlineData("Takes lisinopril 10 mg once a day.", null)]
    [InlineData("Increase lisinopril to 40 mg.", null)]                                          // a change says so itself
    [InlineData("Allergic to penicillin.", null)]
    public void What_the_chart_knows_of_allergies_and_doses_is_held_against_the_note(string text, string? part)
    {
        var chart = new ChartFacts(["penicillin"], ["lisinopril 10 mg daily"], [], 52, ChartSex.Female);

        var found = Judge(text, "t1.s1", chart).Findings.Where(finding => finding.Kind == FindingKind.Chart).Select(finding => finding.Message).ToList();

        Assert.Equal(part is null ? 0 : 1, found.Count);
        Assert.Contains(part ?? "", string.Join(' ', found), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Continue lisinopril 10 mg daily.", "Lisinopril 20 mg.", "another dose of lisinopril")]
    [InlineData("Left knee pain.", "The right knee pain is worse at night.", "says the right knee")]
    [InlineData("She takes lisinopril.", "Denies taking lisinopril.", "the opposite about lisinopril")]
    [InlineData("Allergic to penicillin.", "Amoxicillin 500 mg three times a day.", "an allergy to penicillin")]
    [InlineData("Lisinopril 10 mg daily.", "Increase lisinopril to 20 mg.", null)]
    [InlineData("Left knee pain.", "The right knee is stable.", null)]                           // the other one, examined
    [InlineData("Left knee pain.", "Pain of the left and the right knee.", null)]
    [InlineData("She takes ibuprofen.", "Stop the ibuprofen, no more ibuprofen.", null)]
    [InlineData("Allergic to penicillin.", "Avoid amoxicillin.", null)]
    [InlineData("Allergic to penicillin.", "Amoxicillin 500 mg, on hold.", null)]
    [InlineData("Mother is allergic to penicillin.", "Amoxicillin 500 mg.", null)]
    public void Within_a_draft_doses_sides_medicines_and_allergies_contradict_each_other_aloud(string one, string other, string? part)
    {
        var draft = new Draft(new DrafterInfo("test", "1"), [new DraftSection("HPI", [new("n1", "HPI", null, one, ["t2.s1"]), new("n2", "HPI", null, other, ["t4.s1"])])]);

        var found = Verifier.Verify(Knee, draft).Statements.Select(verdict => verdict.Findings.Where(it => it.Kind == FindingKind.Contradiction && !it.Blocks).Select(it => it.Message).ToList()).ToList();

        if (part is null) Assert.Equal([], found.SelectMany(it => it));
        else Assert.Contains(part, string.Join(' ', found.SelectMany(it => it)), StringComparison.Ordinal);
        Assert.Equal(part is not null, found.TrueForAll(it => it.Count > 0));   // each names the other
    }

    [Theory]
    [InlineData("[doctor] I want you to take lisinopril fifteen, sorry, seven point five milligrams daily.", "Take lisinopril 15 mg daily.", "Take lisinopril 7.5 mg daily.")]
    [InlineData("[doctor] So it is the left, I mean the right knee that hurts.", "The left knee hurts.", "The right knee hurts.")]
    [InlineData("[doctor] Start metoprolol, sorry, metformin twice a day.", "Start metoprolol twice a day.", "Start metformin twice a day.")]
    [InlineData("It began on Monday, no wait, on Tuesday.", "It began on Monday.", "It began on Tuesday.")]                                         // nobody knows who speaks
    [InlineData("[doctor] The x-ray was on March 14th, 2026, correction, March 15th, 2026.", "X-ray on 3/14/2026.", "X-ray on 3/15/2026.")]
    public void A_slip_that_is_mended_in_the_same_breath_counts_as_mended(string said, string wrong, string right)
    {
        var transcript = SampleVisits.Of(said);

        Assert.Equal([(true, true), (false, false)], new[] { wrong, right }.Select(text => Verifier.Verify(transcript, SampleVisits.Says(text, "t1.s1")).Statements.Single())
            .Select(it => (it.Verdict == Verdict.Unsupported, it.Findings.Any(finding => finding.Message.StartsWith("Corrected", StringComparison.Ordinal)))));
    }

    [Theory]
    [InlineData("It is my left knee that hurts.\nIt hurts on the stairs.\nNo wait, actually it is the right knee.", "The left knee hurts.")]      // of a recogniser that knows no speakers
    [InlineData("[patient] The pain is in my left knee.\n[doctor] Okay.\n[patient] Sorry, the right one.", "The pain is in the left knee.")]
    [InlineData("[patient] I had the x-ray on March 14th, 2026.\n[patient] I was wrong, it was March 16th, 2026.", "X-ray on 3/14/2026.")]
    [InlineData("[doctor] You will take lisinopril ten milligrams.\n[patient] Okay.\n[doctor] Sorry, I misspoke, lisinopril twenty milligrams.", "Take lisinopril 10 mg.")]
    public void What_anybody_takes_back_later_no_longer_holds(string said, string wrong)
    {
        var verdict = Verifier.Verify(SampleVisits.Of(said), SampleVisits.Says(wrong, "t1.s1")).Statements.Single();

        Assert.Contains(verdict.Findings, it => it.Blocks && it.Kind == FindingKind.Contradiction && it.Message.StartsWith("Corrected later", StringComparison.Ordinal));
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
