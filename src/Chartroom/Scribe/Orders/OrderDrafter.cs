using System.Text.RegularExpressions;
using Chartroom.Assist;
using Chartroom.Platform.Tenancy;
using Chartroom.Platform.Vault;
using Chartroom.Scribe.Drafting;
using Chartroom.Scribe.Language;
using Chartroom.Scribe.Seeding;

namespace Chartroom.Scribe.Orders;

/// <summary>Orders as a draft: what the clinician committed to, one statement each, with its reason and its places. Pure, local, the same each time.</summary>
internal static partial class OrderDrafter
{
    public static readonly DrafterInfo Info = new("built-in orders", "1");

    private static readonly (OrderType Type, string Section)[] Sections =
        [(OrderType.Medication, OrderVerdict.Medicines), (OrderType.Lab, OrderVerdict.Tests), (OrderType.Imaging, OrderVerdict.Imaging), (OrderType.FollowUp, OrderVerdict.FollowUp)];

    /// <summary>Null when nothing was ordered.</summary>
    public static DraftContent? Write(Transcript said, ChartFacts facts)
    {
        var found = OrderFinder.Find(Scene.Of(said));
        if (found.Count == 0) return null;
        var number = 0;
        var sections = Sections.Select(section => new DraftSection(section.Section,
            [.. found.Where(it => it.Type == section.Type).Select(it => new Statement($"n{++number}", section.Section, null, Words(it), it.Spans) { Purpose = it.Reason })]))
            .Where(section => section.Statements.Count > 0).ToList();
        var draft = new Draft(Info, sections);
        return new(draft, new Verification([.. draft.Statements.Select(it => OrderVerdict.Of(said, it, facts))], []), facts);
    }

    /// <summary>The order as one would write it: digits, units and the names of tests in their usual form.</summary>
    private static string Words(ProposedOrder order)
    {
        var words = string.Join(' ', SpokenWords.Write(order.Description).Where(token => token != ","));
        if (order.Type == OrderType.FollowUp && After().Match(words) is { Success: true } when)
            words = $"{Idle().Replace(words[..when.Index], "")}{(when.Value[0] is 'n' or 't' ? "" : "in ")}{when.Value}";
        words = Milligrams().Replace(Micrograms().Replace(words, "mcg"), "mg");
        words = Names().Replace(words, name => name.Value == "hemoglobin a1c" ? "hemoglobin A1c" : name.Value == "a1c" ? "A1c" : name.Value == "x rays" ? "X-rays" : name.Value == "x ray" ? "X-ray" : name.Value.ToUpperInvariant());
        return char.ToUpperInvariant(words[0]) + words[1..];
    }

    [GeneratedRegex(@"(?<= )((next|tomorrow|today).*|(\d|a |an |one |couple|few).*)$", RegexOptions.CultureInvariant)]
    private static partial Regex After();

    [GeneratedRegex(@"\b(you|me|to|for|again|in) ", RegexOptions.CultureInvariant)]
    private static partial Regex Idle();

    [GeneratedRegex(@"\bmilligrams?\b", RegexOptions.CultureInvariant)]
    private static partial Regex Milligrams();

    [GeneratedRegex(@"\bmicrograms?\b", RegexOptions.CultureInvariant)]
    private static partial Regex Micrograms();

    [GeneratedRegex(@"\b(hemoglobin a1c|a1c|x rays?|mri|ct|cbc|tsh|psa|ekg|ecg|crp|dexa)\b", RegexOptions.CultureInvariant)]
    private static partial Regex Names();
}

/// <summary>Keeps the orders proposed from a visit, beside the draft of its note.</summary>
internal static class OrderPen
{
    /// <summary>Nothing happens when the clinic switched proposals off, when nothing was ordered, or when orders were placed already. Proposals from other words of the visit give way, with what was decided on them.</summary>
    public static async Task WriteAsync(ClinicTx tx, PatientKey key, DraftPen.Sources from, ChartFacts facts, CancellationToken ct)
    {
        if (await Assistant.DrafterAsync(tx, AssistFeature.Orders, ct) == DraftsWith.Off) return;
        var live = (await DraftShelf.BesideAsync(tx, from.VisitId, ct)).Find(it => it.Becomes == DraftKind.Orders);
        if (live is { IsOpen: false } || live?.TranscriptId == from.Id) return;
        if (live is not null && await DraftShelf.OpenAsync(tx, live.Id, new("draft.discarded", "draft", live.Id.Value), ct) is { IsOk: true } old)
            await ClosingBook.CloseAsync(tx, old.Value, new(0, 1, DecisionKind.Discarded) { Words = new(null, "Drafted from other words of the visit.") }, null, ct);
        if (OrderDrafter.Write(from.Transcript, facts) is not { } content) return;
        var id = DraftId.New();
        var planted = await SeedShelf.OneInAsync(tx, ct) is { } oneIn ? Seeder.Plant(id, oneIn, from.Transcript, content) : null;
        if (planted is not null) content = content with { Draft = planted.Draft, Verification = planted.Verification };
        if (await DraftPen.PutAsync(tx, key, new(id, DraftKind.Orders, from.VisitId, from.Id, content), ct) && planted is not null) SeedShelf.Add(tx, key, id, planted);
    }
}
