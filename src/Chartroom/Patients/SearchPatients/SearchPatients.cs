using Chartroom.Platform.Tenancy;
using Chartroom.Platform.Web;

namespace Chartroom.Patients;

/// <summary>What was typed into the search box.</summary>
public sealed record SearchPatients(string? Text);

/// <summary>Who was found.</summary>
/// <param name="Patients">At most 20: exact names first, then the most recently seen.</param>
/// <param name="HasMore">True when more patients fit: type more.</param>
/// <param name="IsTooShort">True when what was typed says nothing to search for.</param>
public sealed record FoundPatients(IReadOnlyList<PatientLine> Patients, bool HasMore, bool IsTooShort);

/// <summary>Finds patients by blind numbers only; opens those it shows and names them in one event. See <see cref="SearchQuery"/> for what may be typed.</summary>
internal sealed class SearchPatientsHandler(TenantDb db)
{
    /// <summary>So many are shown.</summary>
    public const int Most = 20;

    public async Task<Outcome<FoundPatients>> HandleAsync(SearchPatients ask, Actor actor, CancellationToken ct)
    {
        var query = SearchQuery.Read(ask.Text);
        await using var tx = await db.BeginAsync(actor, Permission.SeePatients, ct);
        var rows = query.IsTooShort ? [] : await tx.QueryAsync<PatientRow>(Select, new
        {
            must = Blinded(tx, query.Must),
            exact = Blinded(tx, query.Exact),
            most = Most + 1,
        }, ct);
        var found = await PatientReads.OpenAllAsync(tx, [.. rows.Take(Most)], new("patient.searched", "patient"), ct);
        await tx.CommitAsync(ct);
        return new FoundPatients([.. found.Select(record => record.Line)], rows.Count > Most, query.IsTooShort);
    }

    private static long[] Blinded(ClinicTx tx, IEnumerable<SearchTerm> terms) => [.. terms.Select(term => tx.Blind(term.Index, term.Value))];

    // The sort reads a few narrow columns; the sealed documents are fetched for the winners only.
    private const string Select = """
        select patient.id, patient.mrn, patient.state, patient.merged_into, patient.demographics, patient.version, patient.seen_at, patient.updated_at,
            (select clinic.time_zone from platform.clinic) as time_zone
        from (
            select found.id,
                (select count(*) from unnest(@exact) as word (blind) where word.blind = any(found.search)) as exact_words
            from patient as found
            where found.search @> @must and found.deleted_at is null
            order by exact_words desc, found.seen_at desc, found.id desc
            limit @most
        ) as hit
        join patient on patient.id = hit.id
        order by hit.exact_words desc, patient.seen_at desc, patient.id desc
        """;

    internal static void MapApi(RouteGroupBuilder api) => api.MapPost("/patients/search",
            async (SearchPatients ask, SearchPatientsHandler handler, Actor actor, CancellationToken ct) =>
                (await handler.HandleAsync(ask, actor, ct)).ToHttp(TypedResults.Ok))
        .Requires(Permission.SeePatients).Audits("patient.searched").WithSummary("Find patients by name, birth date, telephone or record number");
}
