using Chartroom.Charts;
using Chartroom.Orders;
using Chartroom.Platform.Tenancy;
using Chartroom.Platform.Vault;
using Chartroom.Scheduling;

namespace Chartroom.Scribe;

/// <summary>The chart as it stands, for a summary: entries in words, orders, visits. Private notes are no part of the chart and are never read.</summary>
internal sealed record ChartMaterial(IReadOnlyList<WordedEntry> Entries, IReadOnlyList<PlacedOrder> Orders, IReadOnlyList<VisitFacts> Visits)
{
    private const int MostVisits = 200;

    public required string Zone { get; init; }
    public required DateTimeOffset Now { get; init; }

    /// <param name="key">The patient's, opened by the caller.</param>
    public static async Task<ChartMaterial> ReadAsync(ClinicTx tx, PatientKey key, CancellationToken ct)
    {
        var zone = await ZoneAsync(tx, ct);
        return new(await ChartWording.ReadAsync(tx, key, zone, ct), await OrderReading.OfPatientAsync(tx, key, ct), await Scheduling.Visits.OfPatientAsync(tx, key.Patient, MostVisits, ct))
        {
            Zone = zone, Now = tx.Now,
        };
    }

    /// <summary>The clinic's IANA zone.</summary>
    public static async Task<string> ZoneAsync(ClinicTx tx, CancellationToken ct) => await tx.QueryOneOrNoneAsync<string>("select clinic.time_zone from platform.clinic", null, ct) ?? "UTC";

    /// <summary>What has changed under a draft that was made from this chart earlier.</summary>
    public SourceChanges Since(WrittenSource then)
    {
        var standing = Entries.Select(it => (it.Id.Value, it.Version)).Concat(Orders.Select(it => (it.Id.Value, it.Version))).Concat(Visits.Select(it => (it.Id.Value, it.Version))).ToHashSet();
        var known = then.Places.Values.Select(it => it.Id).ToHashSet();
        return new([.. then.Places.Where(it => !standing.Contains((it.Value.Id, it.Value.Version))).Select(it => it.Key).OrderBy(turn => turn.Length).ThenBy(turn => turn, StringComparer.Ordinal)],
            SummaryDrafter.Write(this) is { } now ? now.Source.Places.Values.Count(it => !known.Contains(it.Id)) : 0);
    }
}
