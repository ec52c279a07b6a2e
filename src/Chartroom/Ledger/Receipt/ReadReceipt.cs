using Chartroom.Patients;
using Chartroom.Platform.Audit;
using Chartroom.Platform.Tenancy;

namespace Chartroom.Ledger;

/// <summary>What a receipt says: who took what from whom, and what is owed after it. Nothing of why the patient came.</summary>
public sealed record Receipt(Posting Payment, string PatientName, ReceiptPlace Place);

/// <summary>The clinic, at the visit's location, else at the first one.</summary>
public sealed record ReceiptPlace
{
    public string ClinicName { get; init; } = "";
    public string TimeZone { get; init; } = "";
    public string? LocationName { get; init; }
    public string? AddressLine { get; init; }
    public string? City { get; init; }
    public string? State { get; init; }
    public string? PostalCode { get; init; }
    public string? Phone { get; init; }
}

/// <summary>Reads what a receipt says. Refuses <c>ledger.no-such-posting</c>, <c>ledger.no-receipt</c>.</summary>
internal sealed class ReceiptHandler(TenantDb db)
{
    public const string Read = "receipt.read";

    public async Task<Outcome<Receipt>> HandleAsync(Guid posting, Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.SeeBalances, ct);
        if ((await tx.QueryAsync<PostingRow>(PostingRow.One, new { id = posting }, ct)) is not [var row]) return Refusals.NoSuchPosting;
        var access = new Access(Read, "posting", posting, Purpose.Payment);
        var names = await PatientRegister.NamesOnRecordAsync(tx, [row.PatientId], access, ct);
        var key = await tx.OpenPatientAsync(row.PatientId, access, ct);
        if (row.Kind is not ("payment" or "refund")) return Refusals.NoReceipt;
        var place = (await tx.QueryAsync<ReceiptPlace>(SelectPlace, new { visit = row.AppointmentId }, ct)).Single();
        await tx.CommitAsync(ct);
        return new Receipt(row.Open(key), names.GetValueOrDefault(row.PatientId)?.Name ?? "Deleted patient", place);
    }

    private const string SelectPlace = """
        select clinic.name as clinic_name, clinic.time_zone, location.name as location_name, location.address_line, location.city, location.state, location.postal_code, location.phone
        from platform.clinic
        left join location on location.id = coalesce((select location_id from appointment where id = @visit), (select id from location where is_active order by lower(name), id limit 1))
        """;
}
