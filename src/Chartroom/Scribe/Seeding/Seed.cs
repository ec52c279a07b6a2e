using System.Buffers.Binary;
using Chartroom.Platform.Tenancy;
using Chartroom.Platform.Vault;
using Chartroom.Scribe.Language;
using Chartroom.Scribe.Orders;
using Chartroom.Scribe.Verifying;

namespace Chartroom.Scribe.Seeding;

/// <summary>An error planted into a statement of a draft.</summary>
/// <param name="Statement">Its number, counted from one.</param>
/// <param name="Class">One of <see cref="Planter.Classes"/>.</param>
/// <param name="True">The words as drafted, and the verifier's word on them.</param>
public sealed record Seed(int Statement, string Class, SeedContent True);

/// <summary>The sealed part of a seed.</summary>
public sealed record SeedContent(string Text, StatementVerdict Verdict);

/// <summary>Plants at most one error into a draft, the same for the same draft: people wave drafts through (35 to 45 % of planted wrong ones were sent untouched, PMC11019394), so a clinic
/// that wants to know plants some itself. Nothing planted reaches a chart: the reviewer is told at once, and the true words wait (trigger <c>draft_signed_seed_told</c>).</summary>
internal static class Seeder
{
    internal sealed record Planted(Draft Draft, Verification Verification, Seed Seed)
    {
        public bool IsFlagged => Verification.Statements[Seed.Statement - 1] is { } verdict && (verdict.Verdict == Verdict.Unsupported || verdict.Findings.Count > 0);
    }

    /// <summary>Null when this draft gets none, or has nothing into which one can be planted.</summary>
    public static Planted? Plant(DraftId id, int oneIn, Transcript transcript, DraftContent clean)
    {
        var chance = id.Value.ToByteArray(bigEndian: true).AsSpan(10);   // of a key's bytes, the last are chance
        if (BinaryPrimitives.ReadUInt16BigEndian(chance) % oneIn != 0) return null;
        var offers = Offers(transcript, clean).GroupBy(it => it.Class).OrderBy(it => it.Key, StringComparer.Ordinal).ToList();
        if (offers.Count == 0) return null;
        var offer = Pick([.. Pick(offers, chance[2..])], chance[4..]);
        var statements = clean.Draft.Statements.ToList();
        var (was, verdict) = (statements[offer.Number - 1], clean.Verification.Statements[offer.Number - 1]);
        var draft = clean.Draft with
        {
            Sections = [.. clean.Draft.Sections.Select(section => section with { Statements = [.. section.Statements.Select(it => it.Id == was.Id ? it with { Text = offer.Text } : it)] })],
        };
        var verified = Verified(transcript, draft, clean) with { Omissions = clean.Verification.Omissions };   // a gap would give it away
        return new(draft, verified, new(offer.Number, offer.Class, new(was.Text, verdict)));
    }

    private static Verification Verified(Transcript transcript, Draft draft, DraftContent clean) =>
        IsOfOrders(draft) ? new([.. draft.Statements.Select(it => OrderVerdict.Of(transcript, it, clean.Facts))], [])
        : clean.Source is null ? Verifier.Verify(transcript, draft, clean.Facts) : SummaryVerdict.Of(transcript, draft, clean.Facts);

    private static bool IsOfOrders(Draft draft) => draft.By.Name == OrderDrafter.Info.Name;

    /// <summary>True when the reviewer's words are nearer to what was drafted than to what was planted.</summary>
    public static bool IsMended(Seed seed, string planted, string text) => EditDistance.Between(text, seed.True.Text) < EditDistance.Between(text, planted);

    private static IEnumerable<(int Number, string Class, string Text)> Offers(Transcript transcript, DraftContent clean)
    {
        var said = transcript.Turns.SelectMany(turn => Words.Read(turn.Text)).Select(word => word.Text).ToHashSet(StringComparer.Ordinal);
        var foreign = ClinicalWords.Shared.Drugs.Keys.Where(name => name.Length > 6 && !said.Contains(name)).Order(StringComparer.Ordinal).ToList();
        foreach (var (statement, at) in clean.Draft.Statements.Select((statement, at) => (statement, at)))
        {
            if (clean.Verification.Statements[at] is not { Verdict: Verdict.Supported, Findings.Count: 0 }) continue;   // only what was right is made wrong
            foreach (var (kind, text) in Planter.All(statement.Text, foreign))
                if (!IsOfOrders(clean.Draft) || OfOrders.Contains(kind)) yield return (at + 1, kind, text);
        }
    }

    /// <summary>What goes wrong with an order: what, how much, on which side. It denies nothing and is of nobody else.</summary>
    internal static readonly string[] OfOrders = ["number", "unit", "drug", "side"];

    private static T Pick<T>(List<T> from, ReadOnlySpan<byte> chance) => from[(int)(BinaryPrimitives.ReadUInt16BigEndian(chance) % from.Count)];
}

/// <summary>Seeds and how often they are planted, inside the caller's clinic transaction.</summary>
internal static class SeedShelf
{
    public static Cell CellOf(Guid id) => new("seed", "content", id);

    /// <summary>One draft in so many; null for none.</summary>
    public static Task<int?> OneInAsync(ClinicTx tx, CancellationToken ct) => tx.QueryOneOrNoneAsync<int?>("select one_in from seeding", null, ct);

    /// <summary>Goes out with the next statement, after the draft.</summary>
    public static void Add(ClinicTx tx, PatientKey key, DraftId draft, Seeder.Planted planted)
    {
        var id = Guid.CreateVersion7();
        tx.Queue(
            """
            insert into seed (id, draft_id, statement, class, was_flagged, content, key_version, planted_at)
            values (@id, @draft, @statement, @class, @isFlagged, @content, @keyVersion, @now)
            """, new
            {
                id, draft, planted.Seed.Statement, @class = planted.Seed.Class, planted.IsFlagged, content = key.Seal(planted.Seed.True, CellOf(id)), keyVersion = key.Version, now = tx.Now,
            });
    }
}
