using Chartroom.Charts;
using Chartroom.Platform.Tenancy;

namespace Chartroom.Demo;

/// <summary>Laboratory results of yesterday that nobody has looked at yet, of patients whom the demo's provider saw last: two abnormal, one normal. They wait under Still open and in the charts.</summary>
internal static class DemoResults
{
    private const string Loinc = "http://loinc.org";

    private static readonly (string Code, string Name, decimal Value, string Unit, decimal Low, decimal High)[] Results =
    [
        ("4548-4", "Hemoglobin A1c", 8.4m, "%", 4.0m, 5.6m), ("2823-3", "Potassium", 5.7m, "mmol/L", 3.5m, 5.1m), ("2160-0", "Creatinine", 0.9m, "mg/dL", 0.6m, 1.2m),
    ];

    /// <summary>How many were written; none when results wait or were seen already.</summary>
    public static async Task<int> MakeAsync(TenantDb db, Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.EditCharts, ct);
        tx.Audit(new("entry.written", "entry"));
        var made = 0;
        if (!await tx.QueryOneOrNoneAsync<bool>("select exists (select from entry where to_see is not null)", null, ct))
        {
            foreach (var (patient, result) in (await tx.QueryAsync<PatientId>(LatestSeen, new { tx.Now, most = Results.Length }, ct)).Zip(Results))
            {
                var key = await tx.OpenPatientAsync(patient, new("entry.written", "patient", patient.Value), ct) ?? throw new InvalidOperationException("A patient of the demo has a key.");
                ChartBook.Add(tx, key, new(EntryId.New(), patient, Of(result, tx.Now.AddDays(-1))) { AsksToBeSeen = true });
                made++;
            }
        }
        await tx.CommitAsync(ct);
        return made;
    }

    private static Entry.Result Of((string Code, string Name, decimal Value, string Unit, decimal Low, decimal High) it, DateTimeOffset at) => new()
    {
        Status = ObservationStatus.Final, Categories = [new() { Text = "laboratory" }], Taken = PartialTime.Of(at), Specimen = "Blood",
        What = new() { Code = new() { Text = it.Name, Codings = [new(Loinc, it.Code, it.Name)] }, Value = new() { Amount = new(it.Value, it.Unit) }, Ranges = [new(it.Low, it.High, null)] },
    };

    private const string LatestSeen = """
        select seen.patient_id
        from (
            select appointment.patient_id, max(appointment.starts_at) as at
            from appointment
            join staff on staff.id = appointment.provider_id
            where staff.is_provider and staff.has_account and appointment.status = 'completed' and appointment.starts_at < @now and appointment.patient_id is not null
            group by appointment.patient_id) as seen
        order by seen.at desc, seen.patient_id
        limit @most
        """;
}
