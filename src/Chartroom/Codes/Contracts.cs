using Chartroom.Platform.Tenancy;

namespace Chartroom.Codes;

/// <summary>A code of ICD-10-CM.</summary>
/// <param name="Code">With its dot: <c>E11.9</c>.</param>
/// <param name="IsBillable">False for a heading, which has codes under it.</param>
public sealed record DiagnosisCode(string Code, string Title, bool IsBillable);

/// <summary>ICD-10-CM as other capabilities use it.</summary>
public static class DiagnosisCodes
{
    /// <summary>The system by which FHIR names it.</summary>
    public const string System = "http://hl7.org/fhir/sid/icd-10-cm";

    /// <summary>The edition that is loaded; null when no operator has loaded one.</summary>
    public static async Task<string?> EditionAsync(PlatformDb platform, Origin origin, CancellationToken ct)
    {
        await using var tx = await platform.BeginAsync(origin, ct);
        return await tx.QueryOneOrNoneAsync<string?>("select edition from platform.code_set where name = 'icd-10-cm'", null, ct);
    }

    /// <summary>A code, with or without its dot; null when the loaded edition has none of it.</summary>
    public static async Task<DiagnosisCode?> FindAsync(PlatformDb platform, Origin origin, string code, CancellationToken ct)
    {
        await using var tx = await platform.BeginAsync(origin, ct);
        return await tx.QueryOneOrNoneAsync<DiagnosisCode>(
            """
            select case when length(code) > 3 then left(code, 3) || '.' || substr(code, 4) else code end as code, title, is_billable
            from platform.icd10_code
            where code = @code
            """, new { code = Bare(code) }, ct);
    }

    /// <summary>The codes that somebody keeps at hand, by title. The caller has taken down an event of its own.</summary>
    public static Task<List<DiagnosisCode>> FavouritesAsync(ClinicTx tx, PersonId person, CancellationToken ct) => tx.QueryAsync<DiagnosisCode>(
        """
        select case when length(code) > 3 then left(code, 3) || '.' || substr(code, 4) else code end as code, title, true as is_billable
        from code_favourite
        where person_id = @person
        order by title
        """, new { person }, ct);

    internal static string Bare(string code) => code.Replace(".", "", StringComparison.Ordinal).Trim().ToUpperInvariant();
}
