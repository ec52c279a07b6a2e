using Chartroom.Ledger;
using Chartroom.Platform.Tenancy;

namespace Chartroom.Bench;

/// <summary>
/// The money of the big clinic: each visit of the last year that was held is charged, most are paid in part at the desk, the rest some weeks later or not yet. Through the ledger's
/// own door, five thousand at a time: a posting and its lines are judged at the end of one statement, which COPY into one table cannot be. All in one transaction.
/// </summary>
internal sealed class BigMoney(TenantDb db, DateTimeOffset now)
{
    private const int AtOnce = 5000;
    private static readonly long[] Usual = [120_00, 45_00, 210_00, 185_00, 90_00, 260_00];   // in the order of BigPlan.Types
    private static readonly PaymentMethod[] Methods = [PaymentMethod.Card, PaymentMethod.Card, PaymentMethod.Card, PaymentMethod.Cash, PaymentMethod.Check];

    /// <summary>How many postings were made; none when there are any.</summary>
    public async Task<int> MakeAsync(Actor actor, BigPlaces places, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.PostPayments, ct);
        tx.Audit(new("ledger.filled", "posting"));
        List<EarlierPosting> postings = [];
        if (!await tx.QueryOneOrNoneAsync<bool>("select exists (select from posting)", null, ct))
        {
            tx.Queue("""
                insert into usual_charge (visit_type_id, cents)
                select usual.id, usual.cents
                from unnest(@types::uuid[], @cents::bigint[]) as usual (id, cents)
                on conflict on constraint usual_charge_pkey do nothing
                """, new { types = places.Types.ToArray(), cents = Usual });
            var (prices, dice) = (places.Types.Zip(Usual).ToDictionary(), new Random(17));   // a fixed seed; nothing secret hangs on it
            var seen = await tx.QueryAsync<Seen>(SelectSeen, new { now, since = now.AddYears(-1) }, ct);
            postings = [.. seen.SelectMany(visit => Of(visit, prices[visit.VisitTypeId], dice)).Where(it => it.At <= now).OrderBy(it => it.At)];
            foreach (var some in postings.Chunk(AtOnce)) await LedgerBook.AddEarlierAsync(tx, some, ct);
            await LedgerBook.CheckAsync(tx, ct);   // as the night after would
        }
        await tx.CommitAsync(ct);
        return postings.Count;
    }

    private static IEnumerable<EarlierPosting> Of(Seen visit, long cents, Random dice)
    {
        yield return new(visit.PatientId, new(PostingKind.Charge, cents, VisitId: visit.Id), visit.EndsAt);
        var atDesk = dice.Next(100) < 78 ? Math.Min(cents, dice.Next(2, 6) * 10_00) : 0;
        if (atDesk > 0) yield return new(visit.PatientId, new(PostingKind.Payment, atDesk, Methods[dice.Next(Methods.Length)], visit.Id), visit.EndsAt.AddSeconds(dice.Next(20, 50)));
        if (atDesk < cents && dice.Next(100) < 85)
            yield return new(visit.PatientId, new(PostingKind.Payment, cents - atDesk, dice.Next(2) == 0 ? PaymentMethod.Check : PaymentMethod.Card, visit.Id), visit.EndsAt.AddDays(dice.Next(7, 50)));
    }

    private sealed record Seen(AppointmentId Id, PatientId PatientId, DateTimeOffset EndsAt, Guid VisitTypeId);

    private const string SelectSeen = """
        select id, patient_id, ends_at, visit_type_id
        from appointment
        where status = 'completed' and patient_id is not null and ends_at > @since and ends_at < @now
        order by ends_at, id
        """;
}
