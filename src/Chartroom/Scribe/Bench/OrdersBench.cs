using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Chartroom.Scribe.Language;
using Chartroom.Scribe.Orders;
using Chartroom.Scribe.Transcripts;

namespace Chartroom.Scribe.Bench;

/// <summary>Orders said in a visit (MEDIQA-OE): every <c>orders_*.json</c> of a folder; writes the orders proposed for each encounter, in the form that the set's scorer reads.</summary>
internal static class OrdersBench
{
    internal sealed record SetOrder(
        [property: JsonPropertyName("order_type")] string Type, string? Description, string? Reason, IReadOnlyList<int>? Provenance);

    private sealed record SetTurn([property: JsonPropertyName("turn_id")] int Id, string Speaker, string Transcript);

    private sealed record Encounter(string Id, IReadOnlyList<SetTurn> Transcript, [property: JsonPropertyName("expected_orders")] IReadOnlyList<SetOrder>? Expected);

    private static readonly JsonSerializerOptions Form = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static async Task RunAsync(string folder, string output, TextWriter print, CancellationToken ct)
    {
        var files = Directory.GetFiles(folder, "orders_*.json").Order(StringComparer.Ordinal).ToList();
        if (files.Count == 0) throw new FileNotFoundException($"No orders_*.json in {folder}.");
        var all = new SortedDictionary<string, List<SetOrder>>(StringComparer.Ordinal);
        foreach (var path in files)
        {
            var score = new OrdersScore();
            await using var stream = File.OpenRead(path);
            foreach (var encounter in await JsonSerializer.DeserializeAsync<List<Encounter>>(stream, Form, ct) ?? [])
            {
                all[encounter.Id] = [.. OrderFinder.Find(Scene.Of(TranscriptOf(encounter.Transcript))).Select(InForm)];
                score.Add(encounter.Expected ?? [], all[encounter.Id]);
            }
            await print.WriteLineAsync(Figures.Line($"{Path.GetFileName(path)}: average", score.Average.ToString("0.0", CultureInfo.InvariantCulture), "35", "20 (rules), 60 (GPT-4)"));
            await print.WriteLineAsync($"  {score}");
        }
        await File.WriteAllTextAsync(output, JsonSerializer.Serialize(all, Form), ct);
    }

    private static SetOrder InForm(ProposedOrder order) => new(order.Type.ToString().ToLowerInvariant(), order.Description, order.Reason,
        [.. order.Spans.Select(span => int.Parse(span.AsSpan(1, span.IndexOf('.', StringComparison.Ordinal) - 1), CultureInfo.InvariantCulture)).Distinct()]);

    // The set numbers its turns; so do the spans' ids.
    private static Transcript TranscriptOf(IEnumerable<SetTurn> turns) => new([.. turns.Select(said => new Turn($"t{said.Id}", SpeakerNames.Role(said.Speaker), said.Speaker,
        said.Transcript, null, [.. SentenceSplitter.Split(said.Transcript).Select((span, at) =>
            new Span($"t{said.Id}.s{at + 1}", span.Start, span.Length, said.Transcript.Substring(span.Start, span.Length)))]))]);
}
