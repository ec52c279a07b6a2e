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
        tx.Queue(PlanEachTime, null);
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

    // Three ranks, each looked at only when those before it leave room. So the database goes along the order of visits and stops early where a beginning is
    // frequent ("jo"), through the blind numbers where it is rare, and never sorts ten thousand hits nor walks the whole table for the few that are left.
    private const string Select = """
        with whole as materialized (
            select id, seen_at, 2 as rank
            from patient
            where search @> (@must::bigint[] || @exact::bigint[]) and deleted_at is null
            order by seen_at desc, id desc
            limit @most
        ), partly as materialized (
            select id, seen_at, 1 as rank
            from patient
            where search @> @must and search && @exact and not search @> @exact and deleted_at is null and (select count(*) from whole) < @most
            order by seen_at desc, id desc
            limit @most
        ), begun as (
            select id, seen_at, 0 as rank
            from patient
            where search @> @must and not search && @exact and not search @> @exact and deleted_at is null
                and (select count(*) from whole) + (select count(*) from partly) < @most
            order by seen_at desc, id desc
            limit @most
        )
        select patient.id, patient.mrn, patient.state, patient.merged_into, patient.demographics, patient.version, patient.seen_at, patient.created_at, patient.updated_at,
            (select clinic.time_zone from platform.clinic) as time_zone
        from (select id, seen_at, rank from whole union all select id, seen_at, rank from partly union all select id, seen_at, rank from begun) as hit
        join patient on patient.id = hit.id
        order by hit.rank desc, hit.seen_at desc, hit.id desc
        limit @most
        """;

    /// <summary>The way to the hits hangs on how frequent they are, so no plan is kept from one search to the next.</summary>
    private const string PlanEachTime = "set local plan_cache_mode = force_custom_plan";

    internal static void MapApi(RouteGroupBuilder api) => api.MapPost("/patients/search",
            async (SearchPatients ask, SearchPatientsHandler handler, Actor actor, CancellationToken ct) =>
                (await handler.HandleAsync(ask, actor, ct)).ToHttp(TypedResults.Ok))
        .Requires(Permission.SeePatients).Audits("patient.searched").WithSummary("Find patients by name, birth date, telephone or record number");
}
