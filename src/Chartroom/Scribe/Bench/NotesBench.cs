using Chartroom.Scribe.Drafting;
using Chartroom.Scribe.Transcripts;
using CsvHelper;

namespace Chartroom.Scribe.Bench;

/// <summary>Drafts every encounter of a CSV (columns <c>encounter_id</c> or <c>id</c>, <c>dialogue</c>) and writes
/// <c>encounter_id,note</c> rows. Where the file has the notes that clinicians wrote (<c>note</c>), it prints how like those ours are.</summary>
public static class NotesBench
{
    /// <summary>Answers how many notes were written; a dialogue that is refused gives an empty note, so that ids stay complete.</summary>
    public static async Task<int> RunAsync(string input, string output, TextWriter print, CancellationToken ct)
    {
        using var reader = CsvReader.FromFile(input, new CsvReaderOptions { HasHeader = true }, FileOptions.SequentialScan);
        await using var writer = CsvWriter.ToFile(output, new CsvWriterOptions(), FileOptions.None);
        await reader.ReadHeaderAsync(ct);
        var idColumn = reader.TryGetFieldIndex("encounter_id", out _) ? "encounter_id" : "id";
        await writer.WriteRecordAsync([idColumn, "note"], ct);
        var hasNotes = reader.TryGetFieldIndex("note", out _);
        var (written, statements, uncited, unsupported, drugs, numbers) = (0, 0, 0, 0, 0, 0);
        var (one, two) = (new List<double>(), new List<double>());
        while (await reader.ReadAsync(ct))
        {
            var parsed = TranscriptParser.Parse(reader.GetString("dialogue"));
            var draft = parsed.IsOk ? BuiltInDrafter.Write(parsed.Value) : null;
            await writer.WriteRecordAsync([reader.GetString(idColumn), draft?.ToText() ?? ""], ct);
            written++;
            if (draft is null) continue;
            (statements, uncited, unsupported) = (statements + draft.Statements.Count(), uncited + DraftCounts.Uncited(draft), unsupported + DraftCounts.Unsupported(parsed.Value, draft));
            (drugs, numbers) = (drugs + DraftCounts.ForeignDrugs(parsed.Value, draft), numbers + DraftCounts.ForeignNumbers(parsed.Value, draft));
            if (!hasNotes) continue;
            one.Add(100 * Rouge.Of(reader.GetString("note"), draft.ToText(), 1));
            two.Add(100 * Rouge.Of(reader.GetString("note"), draft.ToText(), 2));
        }
        if (one.Count > 0)
        {
            await print.WriteLineAsync(Figures.Line("ROUGE-1", FormattableString.Invariant($"{one.Average():0.0}"), "43", "GPT-4 51; the transcript copied 33, tf-idf 39, another's note 44"));
            await print.WriteLineAsync(Figures.Line("ROUGE-2", FormattableString.Invariant($"{two.Average():0.0}"), "17", "GPT-4 22; the transcript copied 13, tf-idf 15, another's note 17.5"));
        }
        await print.WriteLineAsync(Figures.Line("statements cited", Figures.Share(statements - uncited, statements), "100 %", "none"));
        await print.WriteLineAsync(Figures.Line("unsupported, by the verifier", Figures.Share(unsupported, statements), "2 %", "none"));
        await print.WriteLineAsync(Figures.Line("drugs; numbers that nobody said", $"{drugs}; {numbers}", "0; 0", "none"));
        return written;
    }
}
