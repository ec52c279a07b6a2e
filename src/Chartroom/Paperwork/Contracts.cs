using System.Text.Json.Serialization;
using Chartroom.Platform.Database;
using Chartroom.Platform.Tenancy;

namespace Chartroom.Paperwork;

/// <summary>A paper that a clinic wants of its patients.</summary>
[JsonConverter(typeof(IdJson<PaperId>))]
public readonly record struct PaperId(Guid Value) : IId<PaperId>
{
    public static PaperId From(Guid value) => new(value);
    public static PaperId New() => new(Guid.CreateVersion7());
    public static bool TryParse(string? text, out PaperId id) => IdText.TryParse(text, out id);
    public override string ToString() => Value.ToString();
}

/// <summary>How many papers a visit asks for that nobody has received in time. Visits that miss none are not told.</summary>
public sealed record MissingPapers(AppointmentId Visit, int Missing)
{
    /// <summary>Of those visits, with the next round trip; the caller's event names their patients. Ask for visits that are ahead or under way only.</summary>
    public static AskedRows<MissingPapers>? Ask(ClinicTx tx, IReadOnlyCollection<AppointmentId> visits) =>
        visits.Count == 0 ? null : tx.Ask<MissingPapers>(Select, new { visits });

    /// <summary>By visit.</summary>
    public static async Task<IReadOnlyDictionary<AppointmentId, int>> ReadAsync(AskedRows<MissingPapers>? asked, CancellationToken ct) =>
        asked is null ? new Dictionary<AppointmentId, int>() : (await asked.ReadAsync(ct)).ToDictionary(row => row.Visit, row => row.Missing);

    private const string Select = """
        select visit_paper.appointment_id as visit, count(*)::int as missing
        from visit_paper
        where exists (select from paper where paper.is_active) and visit_paper.appointment_id = any(@visits) and visit_paper.receipt_id is null
        group by visit_paper.appointment_id
        """;
}
