using Chartroom.Platform.Audit;
using Chartroom.Platform.Tenancy;
using Chartroom.Platform.Web;
using Npgsql;

namespace Chartroom.Ledger;

/// <summary>What a kind of visit usually costs.</summary>
/// <param name="Cents">1 to 1,000,000,000; null: nothing is offered.</param>
public sealed record UsualCharge(VisitTypeId VisitTypeId, long? Cents);

/// <summary>The clinic's rules of money.</summary>
/// <param name="Currency">ISO 4217, one of <see cref="Money.Currencies"/>; stays once something is posted.</param>
/// <param name="UsualCharges">Of the kinds of visit that are offered; one that is not named has none.</param>
public sealed record LedgerRulesFields(string Currency, IReadOnlyList<UsualCharge> UsualCharges);

/// <summary>The rules as they stand.</summary>
/// <param name="IsFixed">Something is posted: the currency stays.</param>
public sealed record LedgerRules(LedgerRulesFields Fields, IReadOnlyList<VisitTypeCharge> VisitTypes, bool IsFixed, int Version);

/// <summary>A kind of visit with its usual charge.</summary>
public sealed record VisitTypeCharge(VisitTypeId Id, string Name, long? Cents);

/// <summary>Shows and changes them.</summary>
internal sealed class LedgerRulesBook(TenantDb db)
{
    public const string Read = "ledger_rules.read", Changed = "ledger_rules.changed";

    public async Task<LedgerRules> ShowAsync(Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.SeeBalances, ct);
        var types = tx.Ask<VisitTypeCharge>(SelectCharges, null);
        var row = (await tx.QueryAsync<Row>("select currency, exists (select from posting) as is_fixed, version from ledger_rules", null, ct)).Single();
        var offered = await types.ReadAsync(ct);
        tx.Audit(new(Read, "ledger_rules", Purpose: Purpose.Operations));
        await tx.CommitAsync(ct);
        return new(new(row.Currency, [.. offered.Where(type => type.Cents is not null).Select(type => new UsualCharge(type.Id, type.Cents))]), offered, row.IsFixed, row.Version);
    }

    /// <summary>Refuses <c>ledger.invalid-rules</c>, <c>ledger.currency-fixed</c> and <c>platform.stale-version</c>.</summary>
    public async Task<Outcome<Done>> ChangeAsync(int version, LedgerRulesFields ask, Actor actor, CancellationToken ct)
    {
        var wrong = WhatIsWrong(ask);
        if (wrong.Errors.Count > 0) return wrong;
        await using var tx = await db.BeginAsync(actor, Permission.AdjustAccounts, ct);
        tx.Audit(new(Changed, "ledger_rules", Purpose: Purpose.Operations));
        try
        {
            if (await tx.ExecuteAsync(Update, new { version, ask.Currency }, ct) == 0)
                return Versions.StaleAt((await tx.QueryAsync<int>("select version from ledger_rules", null, ct)).Single());
        }
        catch (PostgresException error) when (error.ConstraintName == "posting_currency_fkey")
        {
            return Refusals.CurrencyFixed.On("currency", Refusals.CurrencyFixed.Title);
        }
        var charges = ask.UsualCharges.Where(it => it.Cents is not null).ToList();
        tx.Queue("delete from usual_charge where visit_type_id in (select id from visit_type where is_active)", null);
        var kept = charges.Count == 0 ? 0 : await tx.ExecuteAsync(Insert, new { types = charges.Select(it => it.VisitTypeId).ToArray(), cents = charges.Select(it => it.Cents!.Value).ToArray() }, ct);   // null ones are left out
        if (kept != charges.Count) return Refusals.InvalidRules.On("usualCharges", "Choose kinds of visit that are offered.");
        await tx.CommitAsync(ct);
        return Done.It;
    }

    private static Refusal WhatIsWrong(LedgerRulesFields ask)
    {
        var refusal = Refusals.InvalidRules;
        if (!Money.Currencies.Any(it => it.Code == ask.Currency)) refusal = refusal.On("currency", "Choose a currency of the list.");
        if (ask.UsualCharges.Any(it => it.Cents is < 1 or > Money.Most)) refusal = refusal.On("usualCharges", "Give amounts above zero, in cents, of at most 1,000,000,000.");
        if (ask.UsualCharges.DistinctBy(it => it.VisitTypeId).Count() != ask.UsualCharges.Count) refusal = refusal.On("usualCharges", "Name each kind of visit once.");
        return refusal;
    }

    private sealed record Row(string Currency, bool IsFixed, int Version);

    private const string SelectCharges = """
        select visit_type.id, visit_type.name, usual_charge.cents
        from visit_type
        left join usual_charge on usual_charge.visit_type_id = visit_type.id
        where visit_type.is_active
        order by lower(visit_type.name), visit_type.id
        """;

    private const string Update = """
        update ledger_rules
        set currency = @currency, version = version + 1
        where version = @version
        """;

    private const string Insert = """
        insert into usual_charge (visit_type_id, cents)
        select charge.visit_type_id, charge.cents
        from unnest(@types::uuid[], @cents::bigint[]) as charge (visit_type_id, cents)
        join visit_type on visit_type.id = charge.visit_type_id and visit_type.is_active
        """;
}
