using Chartroom.Scribe.Drafting;
using Chartroom.Scribe.Transcripts;
using Chartroom.Scribe.Verifying;
using CsvHelper;

namespace Chartroom.Scribe.Bench;

/// <summary>Runs where the evaluation data lies beside the checkout (../shared); elsewhere it is skipped and says so.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class AciBenchFactAttribute : FactAttribute
{
    public const string Valid = "shared/data/clinical/aci-bench/dev/valid.csv";

    public AciBenchFactAttribute()
    {
        if (Find() is null) Skip = $"../{Valid} is not beside this checkout.";
    }

    public static string? Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, Valid))) return Path.Combine(folder.FullName, Valid);
        return null;
    }
}

public sealed class NotesBenchTests
{
    [AciBenchFact]
    public async Task On_real_dialogues_the_drafts_reach_the_floors_and_nothing_in_them_is_unsupported()
    {
        var (one, two) = (new List<double>(), new List<double>());
        await using var stream = File.OpenRead(AciBenchFactAttribute.Find()!);     // the attribute skipped the test if it is not there
        using var reader = CsvReader.Create(stream, new CsvReaderOptions { HasHeader = true }, true);
        await reader.ReadHeaderAsync(CancellationToken.None);
        while (await reader.ReadAsync(CancellationToken.None))
        {
            var transcript = TranscriptParser.Parse(reader.GetString("dialogue")).Value;
            var draft = BuiltInDrafter.Write(transcript);
            one.Add(Rouge.Of(reader.GetString("note"), draft.ToText(), 1));
            two.Add(Rouge.Of(reader.GetString("note"), draft.ToText(), 2));
            Assert.Equal((0, 0, 0), (DraftCounts.Uncited(draft), DraftCounts.ForeignDrugs(transcript, draft), DraftCounts.ForeignNumbers(transcript, draft)));
            Assert.DoesNotContain(Verifier.Verify(transcript, draft).Statements, verdict => verdict.Verdict == Verdict.Unsupported);
        }

        Assert.Equal(20, one.Count);
        Assert.InRange(one.Average(), 0.43, 1);
        Assert.InRange(two.Average(), 0.17, 1);
    }

    [Fact]
    public async Task Every_row_of_the_file_gets_its_note_and_an_empty_dialogue_an_empty_one()
    {
        var folder = Directory.CreateTempSubdirectory("notes-bench");
        try
        {
            var (input, output) = (Path.Combine(folder.FullName, "in.csv"), Path.Combine(folder.FullName, "out.csv"));
            await File.WriteAllTextAsync(input, "encounter_id,dialogue\nA1,\"[patient] My left knee hurts, and it is swollen.\"\nA2,\n");

            using var print = new StringWriter();
            Assert.Equal(2, await NotesBench.RunAsync(input, output, print, CancellationToken.None));

            var written = await File.ReadAllTextAsync(output);
            Assert.StartsWith("encounter_id,note", written, StringComparison.Ordinal);
            Assert.Contains("left knee", written, StringComparison.Ordinal);
            Assert.Matches(@"A2,(|"""")\s*$", written);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
