using Chartroom.Charts;
using Chartroom.Platform.Tenancy;

namespace Chartroom.Scribe;

/// <summary>Makes a reviewed summary a note in the chart, inside the transaction that signs it. It belongs to no visit.</summary>
internal static class SummaryBook
{
    /// <summary>A draft with what has changed under it, where it stands on the chart and is still open.</summary>
    public static async Task<OpenedDraft> WithChangesAsync(ClinicTx tx, OpenedDraft draft, CancellationToken ct) =>
        draft is { Content.Source: { } source, Row.StateNow: DraftState.Open } ? draft with { Changes = (await ChartMaterial.ReadAsync(tx, draft.Key, ct)).Since(source) } : draft;

    /// <summary>True for the citation of a turn or of one of its spans.</summary>
    public static bool IsOn(string citation, string turn) => citation == turn || citation.StartsWith(turn + ".", StringComparison.Ordinal);

    /// <summary>Refuses <c>scribe.chart-changed</c> where an accepted statement stands on an entry that says something else now.</summary>
    public static async Task<Outcome<EntryId>> SignAsync(ClinicTx tx, OpenedDraft draft, CancellationToken ct)
    {
        var changed = (await WithChangesAsync(tx, draft, ct)).Changes?.Changed ?? [];
        var stale = draft.Sheet.Statements.Where(it => it.IsInNote && it.Drafted.Citations.Any(cited => changed.Any(turn => IsOn(cited, turn)))).Select(it => it.Number).ToArray();
        if (stale.Length > 0) return Refusals.ChartChanged.With("statements", stale);
        var signature = new NoteText.Signature(await SignNoteHandler.NameAsync(tx, ct), tx.Now, await ChartMaterial.ZoneAsync(tx, ct));
        var note = EntryId.New();
        ChartBook.Add(tx, draft.Key, new(note, draft.Row.PatientId, NoteText.Of(draft, SummaryDrafter.Title, signature)) { Author = tx.Actor.Staff });
        await ClosingBook.CloseAsync(tx, draft, new(0, 1, DecisionKind.Signed), note, ct);
        CosignBook.Ask(tx, draft.Row.PatientId, note, 1);
        return note;
    }
}
