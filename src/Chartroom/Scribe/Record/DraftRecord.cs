using Chartroom.Assist;
using Chartroom.Platform.Tenancy;
using Chartroom.Scribe.Seeding;

namespace Chartroom.Scribe;

/// <summary>What one drafter drafted under one policy.</summary>
public sealed record DrafterLine(string Drafter, string Version, string Policy, long Drafts, long Signed, long Discarded, long Open, long Statements);

/// <summary>How one person decided: the last word on each statement.</summary>
/// <param name="Edited">Taken in other words.</param>
/// <param name="EditMedian">Characters changed by half of the edits at most; null without any.</param>
/// <param name="SecondsMedian">Seconds at a statement, as the browser counted; null where it did not.</param>
public sealed record ReviewerLine(Guid Id, string Person, long Drafts, long Accepted, long Edited, long Rejected, long Added, double? EditMedian, double? SecondsMedian)
{
    /// <summary>Share of the drafted statements that were taken as they stood, 0 to 1; null without any.</summary>
    public double? Untouched => Accepted + Edited + Rejected is var all and > 0 ? (double)Accepted / all : null;
}

/// <summary>Statements of one band of confidence, planted errors left out.</summary>
/// <param name="From">Percent, inclusive; a band is 20 wide.</param>
/// <param name="Mean">Mean confidence, 0 to 1.</param>
/// <param name="Accepted">Of them taken as they stood at first sight.</param>
public sealed record ConfidenceBand(int From, long Statements, double Mean, long Accepted)
{
    public double Share => (double)Accepted / Statements;
}

/// <summary>Planted errors of which somebody was told.</summary>
public sealed record SeedLine(Guid Id, string Person, string Class, bool WasFlagged, long Planted, long Caught);

/// <summary>What the assistant did in some days and what people made of it.</summary>
public sealed record DraftRecord(int Days, IReadOnlyList<DrafterLine> Drafters, IReadOnlyList<ReviewerLine> Reviewers, IReadOnlyList<ConfidenceBand> Bands, IReadOnlyList<SeedLine> Seeds)
{
    /// <summary>Requests to outside models; empty for who is no administrator.</summary>
    public IReadOnlyList<AssistCost> Costs { get; init; } = [];
    /// <summary>How often errors are planted.</summary>
    public SeedingRule Seeding { get; init; } = new(null, 1);

    /// <summary>How far confidence is from what people found, 0 to 1: the bands' differences, weighted by their statements (expected calibration error); null without any.</summary>
    public double? CalibrationError => Bands.Sum(band => band.Statements) is var all and > 0 ? Bands.Sum(band => band.Statements * Math.Abs(band.Mean - band.Share)) / all : null;
}

/// <summary>Counts drafts and decisions; an administrator sees everybody's, a provider their own. No chart is opened for it.</summary>
internal sealed class DraftRecordHandler(TenantDb db)
{
    public static readonly int[] Periods = [7, 30, 90, 365];

    public async Task<DraftRecord> HandleAsync(int days, Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.SeeInsights, ct);
        tx.Audit(new("drafts.figures-read", "draft", Purpose: Platform.Audit.Purpose.Operations));
        var isAdmin = actor.Role == ClinicRole.Admin;
        var scope = new { since = tx.Now.AddDays(-days), person = isAdmin ? (PersonId?)null : actor.Person };
        var drafters = tx.Ask<DrafterLine>(DraftRecordSql.Drafters, scope);
        var reviewers = tx.Ask<ReviewerLine>(DraftRecordSql.Reviewers, scope);
        var bands = tx.Ask<ConfidenceBand>(DraftRecordSql.Bands, scope);
        var seeds = tx.Ask<SeedLine>(DraftRecordSql.Seeds, scope);
        var costs = isAdmin ? await AssistCosts.ReadAsync(tx, scope.since, ct) : [];
        var rule = await SeedingRules.ReadAsync(tx, ct);
        await tx.CommitAsync(ct);
        return new(days, await drafters.ReadAsync(ct), await reviewers.ReadAsync(ct), await bands.ReadAsync(ct), await seeds.ReadAsync(ct)) { Costs = costs, Seeding = rule };
    }
}
