using Chartroom.Scribe.Drafting;
using Chartroom.Scribe.Transcripts;
using CsvHelper;

namespace Chartroom.Scribe.Bench;

/// <summary>Drafts every encounter of a CSV (columns <c>encounter_id</c> or <c>id</c>, <c>dialogue</c>) and writes
/// <c>encounter_id,note</c> rows.</summary>
public static class NotesBench
{
    /// <summary>Answers how many notes were written; a dialogue that is refused gives an empty note, so that ids stay complete.</summary>
    public static async Task<int> RunAsync(string input, string output, CancellationToken ct)
    {
        using var reader = CsvReader.FromFile(input, new CsvReaderOptions { HasHeader = true }, FileOptions.SequentialScan);
        await using var writer = CsvWriter.ToFile(output, new CsvWriterOptions(), FileOptions.None);
        await reader.ReadHeaderAsync(ct);
        var idColumn = reader.TryGetFieldIndex("encounter_id", out _) ? "encounter_id" : "id";
        await writer.WriteRecordAsync([idColumn, "note"], ct);
        var written = 0;
        while (await reader.ReadAsync(ct))
        {
            var parsed = TranscriptParser.Parse(reader.GetString("dialogue"));
            var note = parsed.IsOk ? BuiltInDrafter.Write(parsed.Value).ToText() : "";
            await writer.WriteRecordAsync([reader.GetString(idColumn), note], ct);
            written++;
        }
        return written;
    }
}
