using Chartroom.Ledger;
using Chartroom.Platform.Tenancy;

namespace Chartroom.Demo;

/// <summary>What the demo clinic's visits cost and who has paid: most have, some owe all or a part of the last one, a few have paid too much.</summary>
internal sealed class DemoLedger(TenantDb db, TimeProvider clock)
{
    private static readonly Dictionary<string, long> Usual = new()
    {
        ["Follow-up"] = 120_00, ["New patient"] = 210_00, ["Annual physical"] = 185_00, ["Telehealth"] = 90_00, ["Nurse visit"] = 45_00, ["Ultrasound"] = 260_00,
    };

    private static readonly PaymentMethod[] Methods = [PaymentMethod.Card, PaymentMethod.Card, PaymentMethod.Card, PaymentMethod.Cash, PaymentMethod.Check];

    /// <summary>How many postings were made; none when there are any.</summary>
    public async Task<int> MakeAsync(Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.PostPayments, ct);
        tx.Audit(new("ledger.demo-made", "posting"));
        List<EarlierPosting> postings = [];
        if (await tx.QueryOneOrNoneAsync<long>("select count(*) from posting", null, ct) == 0)
        {
            tx.Queue("""
                insert into usual_charge (visit_type_id, cents)
                select visit_type.id, usual.cents
                from unnest(@names::text[], @cents::bigint[]) as usual (name, cents)
                join visit_type on visit_type.name = usual.name and visit_type.is_active
                on conflict on constraint usual_charge_pkey do nothing
                """, new { names = Usual.Keys.ToArray(), cents = Usual.Values.ToArray() });
            var dice = new Random(17);
            foreach (var visit in await tx.QueryAsync<Seen>(SelectSeen, new { tx.Now }, ct)) postings.AddRange(Of(visit, dice));
            await LedgerBook.AddEarlierAsync(tx, postings, ct);
        }
        await tx.CommitAsync(ct);
        return postings.Count;
    }

    private IEnumerable<EarlierPosting> Of(Seen visit, Random dice)
    {
        var cents = Usual.GetValueOrDefault(visit.VisitType, 100_00);
        var over = visit.EndsAt < clock.GetUtcNow() ? visit.EndsAt : clock.GetUtcNow();
        yield return new(visit.PatientId, new(PostingKind.Charge, cents, VisitId: visit.Id), over);
        var luck = dice.Next(100);
        var paid = visit.Nth > 1 || luck < 55 ? cents : luck < 72 ? 0 : luck < 92 ? cents / 3 / 500 * 500 : cents + 1000;
        if (paid > 0) yield return new(visit.PatientId, new(PostingKind.Payment, paid, Methods[dice.Next(Methods.Length)], visit.Id), over.AddSeconds(dice.Next(20, 50)));
    }

    /// <param name="Nth">1 for the patient's latest, 2 for the one before.</param>
    private sealed record Seen(AppointmentId Id, PatientId PatientId, DateTimeOffset EndsAt, string VisitType, long Nth);

    private const string SelectSeen = """
        select id, patient_id, ends_at, visit_type, nth
        from (
            select appointment.id, appointment.patient_id, appointment.ends_at, visit_type.name as visit_type,
                row_number() over (partition by appointment.patient_id order by appointment.starts_at desc, appointment.id) as nth
            from appointment
            join visit_type on visit_type.id = appointment.visit_type_id
            where appointment.status = 'completed' and appointment.patient_id is not null and appointment.ends_at < @now) as seen
        where nth <= 4
        order by ends_at, id
        """;
}
