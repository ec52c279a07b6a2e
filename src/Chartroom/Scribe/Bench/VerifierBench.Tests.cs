using Chartroom.Scribe.Seeding;

namespace Chartroom.Scribe.Bench;

public sealed class VerifierBenchTests
{
    [Fact]
    public async Task Clauses_of_a_folder_come_back_with_a_probability_and_a_verdict()
    {
        var (written, said) = await RunAsync(ClausesBench.RunAsync, ("ai_note_claims.csv", "consultation,note,claim,label\na,1,Cough for 3 weeks.,correct\na,1,Cough for 5 weeks.,incorrect\n"),
            ("dialogue/a.txt", "[patient] I've had a cough for three weeks.\n"));

        Assert.StartsWith("consultation,note,claim,label,p_incorrect,verdict", written, StringComparison.Ordinal);
        Assert.Matches(@"incorrect,0\.\d+,Unsupported", written);
        Assert.Contains("1.000   floor 0.80", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pairs_of_a_folder_are_flagged_where_they_were_changed()
    {
        var (written, said) = await RunAsync(PairsBench.RunAsync, ("set.csv",
            "Error Flag,Error Sentence,Corrected Sentence,Corrected Text\n1,Warfarin was given.,Heparin was given.,Pain for two days. Heparin was given.\n0,NA,NA,NA\n"));

        Assert.Contains("flagged_wrong,flagged_corrected", written, StringComparison.Ordinal);
        Assert.Contains("Heparin was given.,1,0", written, StringComparison.Ordinal);
        Assert.Contains("1 pairs of 2 texts", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sentences_of_a_folder_are_told_negated_or_affirmed()
    {
        var (written, said) = await RunAsync(NegationBench.RunAsync, ("set.csv", "condition,sentence,negation\nrash,No RASH.,Negated\nrash,A RASH.,Affirmed\n"));

        Assert.Contains("No RASH.,Negated,Negated", written, StringComparison.Ordinal);
        Assert.Contains("A RASH.,Affirmed,Affirmed", written, StringComparison.Ordinal);
        Assert.Contains("100.0 %", said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("number", "Take 5 mg daily.", "Take 8 mg daily.")]
    [InlineData("number", "Spine: L5 is intact.", null)]                                        // a name, not a number
    [InlineData("unit", "Pain for 3 weeks.", "Pain for 3 months.")]
    [InlineData("drug", "Start naproxen.", "Start warfarin.")]
    [InlineData("side", "Left knee pain.", "Right knee pain.")]
    [InlineData("side", "Come right away.", null)]
    [InlineData("negation", "She denies any fever.", "She reports fever.")]
    [InlineData("negation", "The gait is steady.", "The gait is not steady.")]
    [InlineData("person", "Her mother has gout.", "Her father has gout.")]
    [InlineData("date", "Seen on 3/14/2026.", "Seen on 4/14/2026.")]
    [InlineData("date", "Strength is 5/5.", null)]
    public void An_error_is_planted_where_there_is_something_to_get_wrong(string kind, string sentence, string? planted) =>
        Assert.Equal(planted, Planter.Plant(kind, sentence, "warfarin"));

    [Fact]
    public async Task Planted_errors_are_counted_by_class_and_source()
    {
        var (written, said) = await RunAsync((folder, output, print, ct) => PlantedBench.RunAsync(folder, output, print, ct),
            ("set.csv", "dialogue,note\n\"[patient] My left knee hurts, and I take naproxen.\",\"Left knee pain. Takes naproxen.\"\n"));

        Assert.Contains("note,side,Left knee pain.,Right knee pain.,1,0", written, StringComparison.Ordinal);
        Assert.Contains("dialogue,drug,Takes naproxen.,Takes ", written, StringComparison.Ordinal);
        Assert.Matches(@"side, 1 planted +100\.0 % +floor 95 %", said);
    }

    [Fact]
    public async Task What_a_note_must_hold_is_counted_in_draft_note_and_dialogue()
    {
        var (written, said) = await RunAsync(CoverageBench.RunAsync,
            ("checklist_items.csv", "clinician,consultation,list,depth,item,criticality\n1,a,own,0,Left knee pain,c\n1,a,own,0,On warfarin,c\n1,b,own,0,Cough,c\n"),
            ("primock57_x.csv", "id,dialogue,note,presenting_complaint,highlights\na,\"[patient] My left knee is painful, and it is swollen.\",Pain in knee. Warfarin.,knee,\n"));

        Assert.Contains("Left knee pain,c,1,0,1", written, StringComparison.Ordinal);
        Assert.Contains("On warfarin,c,0,1,0", written, StringComparison.Ordinal);
        Assert.Contains("Cough,c,,,", written, StringComparison.Ordinal);
        Assert.Matches(@"must be in the note, 2 items: in our draft +50\.0 %", said);
        Assert.Contains("clinician's note 50.0 %, in the dialogue 50.0 %", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Versions_of_the_same_visit_are_drafted_beside_each_other_and_a_drug_that_an_engine_misheard_is_counted()
    {
        var (files, told) = await RunAsync(SpeechBench.RunAsync, ("set.csv", "encounter_id,dialogue,note\nA1,\"[patient] My left knee hurts, and I take naproxen.\",Left knee pain.\n"));
        var (engines, counted) = await RunAsync(SpeechBench.RunAsync, ("reference/a.txt", "[patient] My knee hurts and I take naproxen every day.\n"), ("bad/a.txt", "[patient] My knee hurts and I take metformin every day.\n"));

        Assert.Matches(@"set,A1,\d+,0,0,0,0,0,0\.\d+,0", files);
        Assert.Contains("floor 43, 17", told, StringComparison.Ordinal);
        Assert.Matches(@"bad,a,\d+,0,0,0,0,1,,", engines);
        Assert.Matches(@"misheard +1, 0; 1 ", counted);
        Assert.Matches(@"misheard +1, 1; 0 ", counted);
    }

    [Theory]
    [InlineData("take two a day", "take two a day", 0)]
    [InlineData("take two a day", "make you a day today", 3)]
    [InlineData("take two a day", "", 4)]
    [InlineData("", "thank you", 2)]
    public void Words_changed_left_out_and_put_in_are_counted(string said, string heard, int wrong) =>
        Assert.Equal(wrong, HearingBench.Distance(said.Split(' ', StringSplitOptions.RemoveEmptyEntries), heard.Split(' ', StringSplitOptions.RemoveEmptyEntries)));

    [Fact]
    public async Task A_folder_of_another_form_is_told() =>
        await Assert.ThrowsAsync<FileNotFoundException>(() => RunAsync(NegationBench.RunAsync, ("set.csv", "id,text\n1,a\n")));

    [Fact]
    public void A_fit_finds_the_feature_that_tells_right_from_wrong()
    {
        var cases = Enumerable.Range(0, 200).Select(at => new Fit.Case($"{at % 4}", [at % 2, at % 3], at % 2 == 1)).ToList();

        var (_, weights) = Fit.Of(cases);

        Assert.True(weights[0] > 10 * Math.Abs(weights[1]), string.Join(' ', weights));
    }

    // The floors of the issue on the public sets, so that a change which costs one is seen by whoever makes it.
    [SharedDataFact]
    public async Task AI_6_On_the_public_sets_the_verifier_stays_above_its_floors()
    {
        var data = Path.Combine(SharedData.Root!, "clinical");   // only run where it is

        Assert.InRange(await FigureAsync(ClausesBench.RunAsync, Path.Combine(data, "primock57", "dev"), "AUC of p_incorrect"), 0.80, 1);
        Assert.InRange(await FigureAsync(PairsBench.RunAsync, Path.Combine(data, "medec", "dev"), "changed sentence flagged"), 90, 100);
        Assert.InRange(await FigureAsync(PairsBench.RunAsync, Path.Combine(data, "medec", "dev"), "corrected sentence flagged"), 0, 5);
        Assert.InRange(await FigureAsync(NegationBench.RunAsync, Path.Combine(data, "negation", "dev"), "negation accuracy"), 95, 100);
    }

    private static async Task<double> FigureAsync(Func<string, string, TextWriter, CancellationToken, Task> run, string folder, string what)
    {
        var output = Path.GetTempFileName();
        try
        {
            using var print = new StringWriter(System.Globalization.CultureInfo.InvariantCulture);
            await run(folder, output, print, CancellationToken.None);
            var line = print.ToString().Split('\n').First(it => it.StartsWith(what, StringComparison.Ordinal));
            return double.Parse(System.Text.RegularExpressions.Regex.Match(line, @"\d+(\.\d+)?(?=( %)? +floor)").Value, System.Globalization.CultureInfo.InvariantCulture);
        }
        finally
        {
            File.Delete(output);
        }
    }

    private static async Task<(string Written, string Said)> RunAsync(Func<string, string, TextWriter, CancellationToken, Task> bench, params (string Name, string Text)[] files)
    {
        var folder = Directory.CreateTempSubdirectory("verifier-bench");
        try
        {
            foreach (var (name, text) in files)
            {
                var path = Path.Combine(folder.FullName, name);
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);   // a file in a folder has one
                await File.WriteAllTextAsync(path, text);
            }
            var (output, said) = (Path.Combine(folder.FullName, "out", "out.csv"), new StringWriter());
            Directory.CreateDirectory(Path.Combine(folder.FullName, "out"));
            await bench(folder.FullName, output, said, CancellationToken.None);
            return (await File.ReadAllTextAsync(output), said.ToString());
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
