using Chartroom.Platform.Tenancy;

namespace Chartroom.Codes;

/// <summary>What was typed, and how many codes are wanted.</summary>
/// <param name="Text">Words or their beginnings in any order, or a code with or without its dot.</param>
/// <param name="BillableOnly">Leaves headings out; else they stand after the codes.</param>
/// <param name="Limit">1 to 50; 20 when left out.</param>
internal sealed record FindCodes(string Text, bool BillableOnly = false, int? Limit = null);

/// <param name="Edition">The edition that was searched; absent when none is loaded.</param>
internal sealed record FoundCodes(string? Edition, IReadOnlyList<DiagnosisCode> Codes);

/// <summary>Finds codes of ICD-10-CM. Nothing of what is typed is kept. Refuses <c>codes.bad-search</c>.</summary>
internal sealed class FindCodesHandler(PlatformDb platform)
{
    public async Task<Outcome<FoundCodes>> HandleAsync(FindCodes ask, Origin origin, CancellationToken ct)
    {
        if (ask.Limit is < 1 or > 50 || ask.Text.Length > 200) return Refusals.BadSearch;
        await using var tx = await platform.BeginAsync(origin, ct);
        var edition = tx.AskUnaudited<string>("select edition from platform.code_set where name = 'icd-10-cm'", null);
        var query = CodeQuery.Of(ask.Text);
        var codes = query.Text is null ? [] : await tx.QueryAsync<DiagnosisCode>(Search, new { query = query.Text, query.Code, ask.BillableOnly, limit = ask.Limit ?? 20 }, ct);
        return new FoundCodes((await edition.ReadAsync(ct)).SingleOrDefault(), codes);
    }

    /// <summary>The code itself first, then what can stand on a claim, then what begins with the code that was typed, then the plainest title.</summary>
    private const string Search = """
        select case when length(code) > 3 then left(code, 3) || '.' || substr(code, 4) else code end as code, title, is_billable
        from platform.icd10_code
        where words @@ cast(@query as tsquery) and (is_billable or not @billableOnly)
        order by code = @code desc, is_billable desc, left(code, length(@code)) = @code desc, length(title), code
        limit @limit
        """;
}
