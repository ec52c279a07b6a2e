using Chartroom.Platform.Tenancy;

namespace Chartroom.Demo;

/// <summary>What the demo clinic asks its patients for, and what it has: most of it received at the first visit, some cards grown old, who has not come yet misses all.</summary>
internal static class DemoPapers
{
    private static readonly (string Name, string Asked, int? Months, string Patients, string? Type, string How, int Chance)[] Papers =
    [
        ("Privacy notice", "once", null, "all", null, "signed", 94), ("Consent to treat", "months", 12, "all", null, "signed", 90), ("Insurance card", "months", 12, "all", null, "seen", 86),
        ("Intake form", "once", null, "new", null, "signed", 92), ("Telehealth consent", "once", null, "all", "Telehealth", "signed", 70),
    ];

    /// <summary>How many receipts were made; none when there is a list already.</summary>
    public static async Task<int> MakeAsync(TenantDb db, Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.ManageClinic, ct);
        tx.Audit(new("paper.demo-made", "paper"));
        var made = 0;
        if (await tx.QueryOneOrNoneAsync<long>("select count(*) from paper", null, ct) == 0)
        {
            foreach (var paper in Papers) made += await AddAsync(tx, paper, ct);
        }
        await tx.CommitAsync(ct);
        return made;
    }

    private static Task<int> AddAsync(ClinicTx tx, (string Name, string Asked, int? Months, string Patients, string? Type, string How, int Chance) paper, CancellationToken ct)
    {
        var id = Guid.CreateVersion7();
        tx.Queue("""
            insert into paper (id, name, asked, months, patients, is_for_all_types)
            values (@id, @name, @asked, @months, @patients, @type::text is null)
            """, new { id, paper.Name, paper.Asked, paper.Months, paper.Patients, paper.Type });
        tx.Queue("""
            insert into paper_visit_type (paper_id, visit_type_id)
            select @id, visit_type.id
            from visit_type
            where visit_type.name = @type
            """, new { id, paper.Type });
        // The tenth has a receipt of more than a year ago; one in fifty would not sign.
        return tx.ExecuteAsync("""
            insert into paper_receipt (id, patient_id, paper_id, appointment_id, received_on, how, source, received_by, received_at)
            select gen_random_uuid(), first.patient_id, @id, case when dice.of % 10 = 9 then null else first.id end,
                case when dice.of % 10 = 9 then first.local_start::date - 380 else first.local_start::date end,
                case when @how = 'signed' and dice.of % 50 = 7 then 'declined' else @how end, 'paper', desk.id,
                case when dice.of % 10 = 9 then first.starts_at - interval '380 days' else first.starts_at end
            from (
                select distinct on (appointment.patient_id) appointment.patient_id, appointment.id, appointment.local_start, appointment.starts_at
                from appointment
                where appointment.status in ('arrived', 'roomed', 'in_progress', 'completed')
                order by appointment.patient_id, appointment.starts_at) as first
            cross join lateral (select abs(hashtext(first.patient_id::text || @name) % 1000) as of) as dice
            cross join lateral (select staff.id from staff order by staff.role = 'front_desk' desc, staff.id limit 1) as desk
            where dice.of % 100 < @chance
            """, new { id, paper.Name, paper.How, paper.Chance }, ct);
    }
}
