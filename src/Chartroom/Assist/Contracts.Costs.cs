using Chartroom.Platform.Tenancy;

namespace Chartroom.Assist;

/// <summary>What one outside model was asked and what it took.</summary>
public sealed record AssistCost
{
    public string Feature { get; init; } = "";
    public string Model { get; init; } = "";
    public string PromptVersion { get; init; } = "";
    public long Calls { get; init; }
    /// <summary>Of them without a usable answer.</summary>
    public long Failed { get; init; }
    public long TokensIn { get; init; }
    public long TokensOut { get; init; }
    public long AudioSeconds { get; init; }
    public decimal Cost { get; init; }
    public string Currency { get; init; } = "";
    /// <summary>Statements that were dropped because their source does not exist.</summary>
    public long Dropped { get; init; }
}

/// <summary>Cost of outside models, for whoever shows what the assistant did.</summary>
public static class AssistCosts
{
    /// <summary>Since then, the dearest first. For administrators: nobody else may read the requests.</summary>
    public static Task<List<AssistCost>> ReadAsync(ClinicTx tx, DateTimeOffset since, CancellationToken ct) => tx.QueryAsync<AssistCost>(
        """
        select feature, model, prompt_version, count(*) as calls, count(*) filter (where outcome <> 'done') as failed, sum(tokens_in)::bigint as tokens_in,
            sum(tokens_out)::bigint as tokens_out, sum(audio_seconds)::bigint as audio_seconds, sum(cost) as cost, currency, sum(dropped)::bigint as dropped
        from assist_call
        where asked_at >= @since
        group by feature, model, prompt_version, currency
        order by sum(cost) desc, feature, model, prompt_version
        """, new { since }, ct);
}
