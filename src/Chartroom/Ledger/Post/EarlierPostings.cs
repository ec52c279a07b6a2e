using Chartroom.Platform.Audit;
using Chartroom.Platform.Tenancy;

namespace Chartroom.Ledger;

/// <summary>Many postings at once, each at its own time.</summary>
internal static class EarlierPostings
{
    public static async Task AddAsync(ClinicTx tx, IReadOnlyList<EarlierPosting> postings, CancellationToken ct)
    {
        if (postings.FirstOrDefault(it => it.Posting.Kind is not (PostingKind.Charge or PostingKind.Payment) || PostingBook.Judge(it.Posting) is not null) is { } wrong)
            throw new ArgumentException($"A {wrong.Posting.Kind} cannot be brought in like this.", nameof(postings));
        EarlierPosting[] ordered = [.. postings.OrderBy(it => it.At)];
        tx.Audit(new("posting.brought-in", "posting", Purpose: Purpose.Payment), [.. ordered.Select(it => it.Patient).Distinct()]);
        if (ordered.Length == 0) return;
        var first = await tx.QueryOneOrNoneAsync<long>("update counter set next = next + @count where name = 'posting' returning next - @count", new { count = (long)ordered.Length }, ct);
        await tx.ExecuteAsync(Insert, new
        {
            ids = Array.ConvertAll(ordered, _ => Guid.CreateVersion7()), numbers = ordered.Select((_, at) => first + at).ToArray(), patients = Array.ConvertAll(ordered, it => it.Patient.Value),
            kinds = Array.ConvertAll(ordered, it => it.Posting.Kind == PostingKind.Charge ? "charge" : "payment"), methods = Array.ConvertAll(ordered, it => it.Posting.Method?.ToString().ToLowerInvariant() ?? ""),
            visits = Array.ConvertAll(ordered, it => it.Posting.VisitId?.Value ?? Guid.Empty), ats = Array.ConvertAll(ordered, it => it.At.ToUniversalTime()), cents = Array.ConvertAll(ordered, it => it.Posting.Cents),
            none = Guid.Empty, me = tx.Actor.Person,
        }, ct);
    }

    private const string Insert = """
        with given as (
            select it.id, it.number, it.patient_id, it.kind, nullif(it.method, '') as method, nullif(it.visit, @none) as visit, it.at, it.cents
            from unnest(@ids::uuid[], @numbers::bigint[], @patients::uuid[], @kinds::text[], @methods::text[], @visits::uuid[], @ats::timestamptz[], @cents::bigint[])
                as it (id, number, patient_id, kind, method, visit, at, cents)),
        posted as (
            insert into posting (id, number, patient_id, kind, method, currency, appointment_id, posted_at, posted_on, posted_by)
            select given.id, given.number, given.patient_id, given.kind, given.method, ledger_rules.currency, given.visit, given.at,
                (given.at at time zone (select clinic.time_zone from platform.clinic))::date, @me
            from given
            cross join ledger_rules
            returning id)
        insert into posting_line (posting_id, account, patient_id, number, cents)
        select given.id, 'receivable', given.patient_id, given.number, case given.kind when 'charge' then given.cents else -given.cents end
        from given
        join posted on posted.id = given.id
        union all
        select given.id, coalesce(given.method, 'income'), null, null, case given.kind when 'charge' then -given.cents else given.cents end
        from given
        join posted on posted.id = given.id
        """;
}
