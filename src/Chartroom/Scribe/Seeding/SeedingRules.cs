using Chartroom.Platform.Tenancy;
using Chartroom.Platform.Web;

namespace Chartroom.Scribe.Seeding;

/// <summary>How often an error is planted into a draft.</summary>
/// <param name="OneIn">One draft in so many, 1 to 100; null: never, which is how a clinic begins.</param>
public sealed record SeedingRule(int? OneIn, int Version);

/// <summary>Changes it.</summary>
public sealed record SetSeeding(int? OneIn);

/// <summary>The clinic's rule of planted errors.</summary>
internal sealed class SeedingRules(TenantDb db)
{
    internal const string Changed = "seeding.changed", Read = "seeding.read";

    public static async Task<SeedingRule> ReadAsync(ClinicTx tx, CancellationToken ct) =>
        (await tx.QueryAsync<SeedingRule>("select one_in, version from seeding", null, ct)).Single();

    public async Task<SeedingRule> ShowAsync(Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.ManageClinic, ct);
        tx.Audit(new(Read, "seeding"));
        var rule = await ReadAsync(tx, ct);
        await tx.CommitAsync(ct);
        return rule;
    }

    /// <summary>Refuses <c>scribe.invalid-seeding</c>, a stale version (412).</summary>
    public async Task<Outcome<SeedingRule>> SetAsync(int version, SetSeeding ask, Actor actor, CancellationToken ct)
    {
        if (ask.OneIn is < 1 or > 100) return Refusals.InvalidSeeding.On("oneIn", "One draft in 1 to 100, or none.");
        await using var tx = await db.BeginAsync(actor, Permission.ManageClinic, ct);
        tx.Audit(new(Changed, "seeding"));
        if (await tx.ExecuteAsync(Update, new { ask.OneIn, version, now = tx.Now }, ct) == 0) return Versions.StaleAt((await ReadAsync(tx, ct)).Version);
        await tx.CommitAsync(ct);
        return new SeedingRule(ask.OneIn, version + 1);
    }

    private const string Update = """
        update seeding
        set one_in = @oneIn, version = version + 1, changed_at = @now
        where version = @version
        """;
}
