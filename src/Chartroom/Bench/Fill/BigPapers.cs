using Chartroom.Platform.Tenancy;

namespace Chartroom.Bench;

/// <summary>What the big clinic asks its patients for and what it has received: most of it, at the first visit or each year anew; some are missing, some have run out.</summary>
internal sealed class BigPapers(TenantDb db)
{
    /// <param name="Share">Of 100 patients, how many gave it.</param>
    private sealed record Asked(string Name, string How, int Share, bool IsYearly = false, string Patients = "all");

    private static readonly Asked[] Papers =
    [
        new("Privacy notice", "signed", 94), new("Intake form", "signed", 92, Patients: "new"), new("Consent to treat", "signed", 90, IsYearly: true), new("Insurance card", "seen", 86, IsYearly: true),
    ];

    /// <summary>How many receipts were made; none when there is a list already.</summary>
    public async Task<long> MakeAsync(Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.ManageClinic, ct);
        tx.Audit(new("paper.filled", "paper"));
        long made = 0;
        if (!await tx.QueryOneOrNoneAsync<bool>("select exists (select from paper)", null, ct))
        {
            var patients = await tx.QueryAsync<Came>(SelectCame, null, ct);
            var dice = new Random(23);   // a fixed seed; nothing secret hangs on it
            foreach (var paper in Papers)
            {
                var id = Guid.CreateVersion7();
                await tx.ExecuteAsync("""
                    insert into paper (id, name, asked, months, patients, is_for_all_types)
                    values (@id, @name, @asked, @months, @patients, true)
                    """, new { id, paper.Name, asked = paper.IsYearly ? "months" : "once", months = paper.IsYearly ? 12 : (int?)null, paper.Patients }, ct);
                made += await tx.CopyAsync(Copy, patients.SelectMany(came => dice.Next(100) < paper.Share ? Receipts(id, paper, came) : []), ct);
            }
        }
        await tx.CommitAsync(ct);
        return made;
    }

    /// <summary>A yearly one came with the latest visit and, from whoever came before that, a good year earlier.</summary>
    private static IEnumerable<object?[]> Receipts(Guid paper, Asked asked, Came came)
    {
        if (!asked.IsYearly) yield return Row(came.FirstId, came.FirstAt, came.FirstDay);
        if (asked.IsYearly) yield return Row(came.LastId, came.LastAt, came.LastDay);
        if (asked.IsYearly && came.LastAt.AddDays(-400) > came.FirstAt) yield return Row(null, came.LastAt.AddDays(-400), came.LastDay.AddDays(-400));

        object?[] Row(Guid? visit, DateTimeOffset at, DateTime day) => [Guid.CreateVersion7(), came.PatientId, paper, visit, DateOnly.FromDateTime(day), asked.How, "paper", came.ProviderId, at];
    }

    private sealed record Came(Guid PatientId, Guid ProviderId, Guid FirstId, DateTimeOffset FirstAt, DateTime FirstDay, Guid LastId, DateTimeOffset LastAt, DateTime LastDay);

    private const string SelectCame = """
        select one.patient_id, one.provider_id, one.id as first_id, one.starts_at as first_at, one.local_start as first_day, last.id as last_id, last.starts_at as last_at, last.local_start as last_day
        from (
            select distinct on (patient_id) patient_id, provider_id, id, starts_at, local_start
            from appointment
            where status = 'completed' and patient_id is not null
            order by patient_id, starts_at) as one
        join (
            select distinct on (patient_id) patient_id, id, starts_at, local_start
            from appointment
            where status = 'completed' and patient_id is not null
            order by patient_id, starts_at desc) as last on last.patient_id = one.patient_id
        order by one.patient_id
        """;

    private const string Copy = """
        copy paper_receipt (id, patient_id, paper_id, appointment_id, received_on, how, source, received_by, received_at)
        from stdin (format binary)
        """;
}
