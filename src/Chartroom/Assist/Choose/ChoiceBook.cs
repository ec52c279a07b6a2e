using Chartroom.Platform.Tenancy;
using Chartroom.Platform.Web;
using Chartroom.Shell;

namespace Chartroom.Assist;

/// <summary>Turns an outside model on for a feature.</summary>
/// <param name="Endpoint">https; left out for Anthropic's and OpenAI's own.</param>
/// <param name="Key">Left out, the key that is there stays.</param>
/// <param name="Region">Where the vendor works on it: must be the clinic's.</param>
/// <param name="PriceIn">Of a million tokens sent; of transcription: of a thousand minutes.</param>
/// <param name="PriceOut">Of a million tokens answered.</param>
/// <param name="HasAgreement">That a business associate agreement with the vendor is signed, which says that nothing is kept and nothing trained on.</param>
public sealed record TurnOnModel(AssistProvider Provider, string? Endpoint, string Model, [AsTyped] string? Key, string Region, decimal PriceIn, decimal PriceOut, string Currency, bool HasAgreement);

/// <summary>Has nothing, or what is built in, draft for a feature. An outside model is turned on on its own page.</summary>
public sealed record ChooseDrafter(DraftsWith Drafter);

/// <summary>What is on for a feature as an administrator sees it; the key is never among it.</summary>
public sealed record StoredChoice
{
    /// <summary><c>anthropic</c> or <c>open_ai</c>.</summary>
    public string Provider { get; init; } = "";
    public string Endpoint { get; init; } = "";
    public string Model { get; init; } = "";
    public string Region { get; init; } = "";
    public decimal PriceIn { get; init; }
    public decimal PriceOut { get; init; }
    public string Currency { get; init; } = "";
    public bool IsOn { get; init; }
    /// <summary>off, built_in or outside.</summary>
    public string DraftsWith { get; init; } = "";
    /// <summary>As the table names it.</summary>
    public string Feature { get; init; } = "";
    public bool HasKey { get; init; }
    public int Version { get; init; }
    public string ChangedBy { get; init; } = "";
    public DateTimeOffset ChangedAt { get; init; }
}

/// <summary>Which model a clinic uses for a feature. Turning on asks for much, turning off for nothing.</summary>
internal sealed class ChoiceBook(TenantDb db, Residency residency, AssistSettings settings)
{
    internal const string Read = "assistant.read", On = "assistant.turned_on", Off = "assistant.turned_off", FeatureOff = "assistant.feature_off", BuiltIn = "assistant.feature_built_in";

    public string Region => residency.Region;

    /// <summary>All that was ever chosen, of every feature.</summary>
    public async Task<IReadOnlyList<StoredChoice>> AllAsync(Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.ManageClinic, ct);
        tx.Audit(new(Read, "assist_choice"));
        var rows = await tx.QueryAsync<StoredChoice>(SelectAll, null, ct);
        await tx.CommitAsync(ct);
        return rows;
    }

    public async Task<(StoredChoice? Stored, IReadOnlyList<AssistCost> Costs)> ReadAsync(AssistFeature feature, Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.ManageClinic, ct);
        tx.Audit(new(Read, "assist_choice"));
        var row = await tx.QueryOneOrNoneAsync<StoredChoice>(Select, new { feature }, ct);
        var costs = await AssistCosts.ReadAsync(tx, tx.Now.AddDays(-30), ct);
        await tx.CommitAsync(ct);
        return (row, costs.FindAll(cost => cost.Feature == CodeOf(feature)));
    }

    /// <summary>Refuses <c>assist.invalid-choice</c>, <c>assist.other-region</c>, <c>assist.changed-meanwhile</c>.</summary>
    public async Task<Outcome<Done>> TurnOnAsync(AssistFeature feature, Turning turning, Actor actor, CancellationToken ct)
    {
        var (version, ask) = turning;
        var endpoint = OpenInternet.AddressOf(ask.Endpoint ?? (ask.Provider == AssistProvider.Anthropic ? "https://api.anthropic.com" : "https://api.openai.com/v1"), settings.AllowLoopback);
        if (Wrong(feature, ask, endpoint) is { } wrong) return wrong;
        await using var tx = await db.BeginAsync(actor, Permission.ManageClinic, ct);
        var before = await tx.QueryOneOrNoneAsync<ChoiceRow>("select row_id, version from assist_choice where feature = @feature for update", new { feature }, ct);
        if ((before?.Version ?? 0) != version) return Refusals.Changed;
        var row = before?.RowId ?? Guid.CreateVersion7();
        // A key goes to the address it was given for and to no other.
        var key = ask.Key ?? await KeptKeyAsync(tx, feature, endpoint!, ct);   // not null: judged above
        if (key is null && !endpoint!.IsLoopback) return Refusals.BadChoice.On("key", "Put in the key of the vendor's account.");
        tx.Audit(new(On, "assist_choice", row));
        await tx.ExecuteAsync(Upsert, new
        {
            feature, row, ask.Provider, endpoint = endpoint!.AbsoluteUri, ask.Model, apiKey = key is null ? null : tx.SealForClinic(key, ChoiceRow.CellOf(row)), keyVersion = tx.ClinicKeyVersion,
            ask.Region, ask.PriceIn, ask.PriceOut, ask.Currency, actor.Staff, now = tx.Now,
        }, ct);
        await tx.CommitAsync(ct);
        return Done.It;
    }

    /// <summary>Nothing is sent from then on; the key is forgotten. Refuses <c>assist.not-on</c>.</summary>
    public async Task<Outcome<Done>> TurnOffAsync(AssistFeature feature, Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.ManageClinic, ct);
        tx.Audit(new(Off, "assist_choice"));
        var off = await tx.ExecuteAsync("""
            update assist_choice
            set is_on = false, api_key = null, drafts_with = case when feature = 'transcription' then 'off' else 'built_in' end, version = version + 1, changed_by = @staff, changed_at = @now
            where feature = @feature and is_on
            """, new { feature, actor.Staff, now = tx.Now }, ct);
        if (off == 0) return Refusals.NotOn;
        await tx.CommitAsync(ct);
        return Done.It;
    }

    /// <summary>Nothing drafts, or what is built in; either way nothing is sent, and a key is forgotten. Refuses <c>assist.unfit</c>, <c>assist.changed-meanwhile</c>.</summary>
    /// <param name="version">The one the administrator saw; null where nothing was looked at.</param>
    public async Task<Outcome<Done>> ChooseAsync(AssistFeature feature, int? version, ChooseDrafter ask, Actor actor, CancellationToken ct)
    {
        if (feature == AssistFeature.Transcription || ask.Drafter == DraftsWith.Outside) return Refusals.Unfit;
        await using var tx = await db.BeginAsync(actor, Permission.ManageClinic, ct);
        var before = await tx.QueryOneOrNoneAsync<ChoiceRow>("select row_id, version from assist_choice where feature = @feature for update", new { feature }, ct);
        if (version is { } seen && (before?.Version ?? 0) != seen) return Refusals.Changed;
        var row = before?.RowId ?? Guid.CreateVersion7();
        tx.Audit(new(ask.Drafter == DraftsWith.Off ? FeatureOff : BuiltIn, "assist_choice", row));
        await tx.ExecuteAsync("""
            insert into assist_choice (feature, row_id, key_version, is_on, drafts_with, changed_by, changed_at)
            values (@feature, @row, @keyVersion, false, @drafter, @staff, @now)
            on conflict (feature) do update
            set is_on = false, api_key = null, drafts_with = excluded.drafts_with, version = assist_choice.version + 1, changed_by = excluded.changed_by, changed_at = excluded.changed_at
            """, new { feature, row, keyVersion = tx.ClinicKeyVersion, ask.Drafter, actor.Staff, now = tx.Now }, ct);
        await tx.CommitAsync(ct);
        return Done.It;
    }

    /// <summary>A key goes to the address it was given for and to no other; the feature's own first, then that of another feature at the same address.</summary>
    private static async Task<string?> KeptKeyAsync(ClinicTx tx, AssistFeature feature, Uri endpoint, CancellationToken ct)
    {
        var kept = await tx.QueryAsync<ChoiceRow>("select row_id, endpoint, api_key from assist_choice where api_key is not null order by feature <> @feature, feature", new { feature }, ct);
        return kept.Find(it => new Uri(it.Endpoint).Host == endpoint.Host) is { ApiKey: { } key } row ? tx.OpenForClinic<string>(key, ChoiceRow.CellOf(row.RowId)) : null;
    }

    private Refusal? Wrong(AssistFeature feature, TurnOnModel ask, Uri? endpoint)
    {
        var wrong = Refusals.BadChoice;
        if (feature == AssistFeature.Orders) return Refusals.Unfit;
        if (feature == AssistFeature.Transcription && ask.Provider != AssistProvider.OpenAi) wrong = wrong.On("provider", "Recordings are transcribed by what speaks OpenAI's language only.");
        if (endpoint is null || endpoint.Query.Length > 0 || endpoint.Fragment.Length > 0) wrong = wrong.On("endpoint", "Write an address on the open internet that begins with https://, without anything after a question mark.");
        if (ask.Model.Length is 0 or > 200 || ask.Model.Any(sign => char.IsWhiteSpace(sign) || char.IsControl(sign))) wrong = wrong.On("model", "Write the model's name as the vendor does, without spaces.");
        if (ask.Key is { } key && (key.Length > 500 || key.Any(sign => sign is <= ' ' or > '~'))) wrong = wrong.On("key", "A key has no spaces and at most 500 signs.");
        if (ask.PriceIn is < 0 or > 10_000) wrong = wrong.On("priceIn", "0 to 10,000.");
        if (ask.PriceOut is < 0 or > 10_000) wrong = wrong.On("priceOut", "0 to 10,000.");
        if (ask.Currency is not ("USD" or "EUR" or "CAD")) wrong = wrong.On("currency", "USD, EUR or CAD.");
        if (ask.Region is not ("us" or "eu" or "ca")) wrong = wrong.On("region", "Choose where the vendor works on it.");
        if (!ask.HasAgreement) wrong = wrong.On("hasAgreement", "Without this agreement nothing may be sent.");
        if (wrong.Errors.Count > 0) return wrong;
        return ask.Region == residency.Region ? null : Refusals.OtherRegion.On("region", "Use a vendor, or a vendor's endpoint, in the clinic's region.");
    }

    /// <summary>As the tables and the API name it.</summary>
    internal static string CodeOf(AssistFeature feature) => feature switch
    {
        AssistFeature.VisitNotes => "visit_notes",
        AssistFeature.Orders => "orders",
        AssistFeature.ChartSummary => "chart_summary",
        AssistFeature.Transcription => "transcription",
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <param name="Version">The one the administrator saw.</param>
    internal readonly record struct Turning(int Version, TurnOnModel Ask);

    private const string Select = SelectAll + "\nwhere assist_choice.feature = @feature";

    // A feature for which no outside model was ever chosen has none of its facts.
    private const string SelectAll = """
        select assist_choice.feature, assist_choice.drafts_with, coalesce(assist_choice.provider, '') as provider, coalesce(assist_choice.endpoint, '') as endpoint, coalesce(assist_choice.model, '') as model,
            coalesce(assist_choice.region, '') as region, coalesce(assist_choice.price_in, 0) as price_in, coalesce(assist_choice.price_out, 0) as price_out, coalesce(assist_choice.currency, '') as currency,
            assist_choice.is_on, assist_choice.api_key is not null as has_key, assist_choice.version, staff.display_name as changed_by, assist_choice.changed_at
        from assist_choice
        join staff on staff.id = assist_choice.changed_by
        """;

    private const string Upsert = """
        insert into assist_choice (feature, row_id, provider, endpoint, model, api_key, key_version, region, price_in, price_out, currency, is_on, drafts_with, changed_by, changed_at)
        values (@feature, @row, @provider, @endpoint, @model, @apiKey, @keyVersion, @region, @priceIn, @priceOut, @currency, true, 'outside', @staff, @now)
        on conflict (feature) do update
        set provider = excluded.provider, endpoint = excluded.endpoint, model = excluded.model, api_key = excluded.api_key, key_version = excluded.key_version,
            region = excluded.region, price_in = excluded.price_in, price_out = excluded.price_out, currency = excluded.currency, is_on = true, drafts_with = excluded.drafts_with,
            version = assist_choice.version + 1, changed_by = excluded.changed_by, changed_at = excluded.changed_at
        """;
}
