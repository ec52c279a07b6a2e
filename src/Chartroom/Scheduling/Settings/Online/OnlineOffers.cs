using System.Text.Json.Serialization;
using Chartroom.Platform.Audit;
using Chartroom.Platform.Tenancy;

namespace Chartroom.Scheduling;

/// <summary>How a visit is taken online.</summary>
[JsonConverter(typeof(SnakeCaseNames<OfferMode>))]
public enum OfferMode { Book, Request }

/// <summary>One thing patients may take online; what has no offer is not offered.</summary>
/// <param name="PatientKind"><c>new</c> or <c>existing</c>.</param>
/// <param name="Mode"><c>book</c>: agreed at once; <c>request</c>: the desk accepts.</param>
public sealed record OnlineOffer(VisitTypeId VisitTypeId, StaffId ProviderId, string PatientKind, OfferMode Mode);

/// <summary>All of a clinic's offers; a change replaces them whole.</summary>
public sealed record OnlineOffers(IReadOnlyList<OnlineOffer> Offers);

/// <summary>Shows and sets what patients may take online. They change with the version of the clinic's rules of booking, which they are a part of.</summary>
internal sealed class OnlineOffersBook(TenantDb db)
{
    internal static readonly string[] Kinds = ["new", "existing"];   // online_offer_patient_kind_known

    private const int Most = 5000;

    /// <summary>The offers for active types and providers, and the version a change must name.</summary>
    public async Task<(OnlineOffers Offers, bool IsOnline, int Version)> ShowAsync(Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.SeeClinic, ct);
        var rows = tx.Ask<Row>(Select, null);
        var (isOnline, version) = (await tx.QueryAsync<(bool, int)>("select is_online, version from scheduling_rules", null, ct)).Single();
        var offers = (await rows.ReadAsync(ct)).Select(row => new OnlineOffer(row.VisitTypeId, row.ProviderId, row.PatientKind, Enum.Parse<OfferMode>(row.Mode, true)));
        tx.Audit(new Access("online_offers.listed", "online_offer", Purpose: Purpose.Operations));
        await tx.CommitAsync(ct);
        return (new([.. offers]), isOnline, version);
    }

    /// <summary>Refuses <c>scheduling.incomplete</c> and <c>platform.stale-version</c>.</summary>
    public async Task<Outcome<Done>> SetAsync(int version, OnlineOffers ask, Actor actor, CancellationToken ct)
    {
        if (ask.Offers.Count > Most) return Refusals.Incomplete.On("offers", "At most 5,000 offers.");
        if (ask.Offers.Any(offer => !Kinds.Contains(offer.PatientKind))) return Refusals.Incomplete.On("offers", "The kind of patient is new or existing.");
        var offers = ask.Offers.DistinctBy(offer => (offer.VisitTypeId, offer.ProviderId, offer.PatientKind)).ToList();
        await using var tx = await db.BeginAsync(actor, Permission.ManageClinic, ct);
        if (await tx.ExecuteAsync("update scheduling_rules set version = version + 1 where version = @version", new { version }, ct) == 0) return await SchedulingRulesBook.StaleAsync(tx, ct);
        tx.Queue("delete from online_offer", null);
        var added = await tx.ExecuteAsync(Insert, new
        {
            types = offers.Select(offer => offer.VisitTypeId.Value).ToArray(), providers = offers.Select(offer => offer.ProviderId.Value).ToArray(),
            kinds = offers.Select(offer => offer.PatientKind).ToArray(), modes = offers.Select(offer => Names.Of(offer.Mode)).ToArray(),
        }, ct);
        if (added != ask.Offers.Count) return Refusals.Incomplete.On("offers", "Offer each visit type of the clinic once for each provider and kind of patient.");
        tx.Audit(new Access("online_offers.set", "online_offer", Purpose: Purpose.Operations));
        await tx.CommitAsync(ct);
        return Done.It;
    }

    private const string Select = """
        select online_offer.visit_type_id, online_offer.provider_id, online_offer.patient_kind, online_offer.mode
        from online_offer
        join visit_type on visit_type.id = online_offer.visit_type_id and visit_type.is_active
        join staff on staff.id = online_offer.provider_id and staff.is_active and staff.is_provider
        order by online_offer.visit_type_id, online_offer.provider_id, online_offer.patient_kind
        """;

    private const string Insert = """
        insert into online_offer (visit_type_id, provider_id, patient_kind, mode)
        select visit_type.id, staff.id, offer.patient_kind, offer.mode
        from unnest(@types::uuid[], @providers::uuid[], @kinds::text[], @modes::text[]) as offer (visit_type_id, provider_id, patient_kind, mode)
        join visit_type on visit_type.id = offer.visit_type_id and visit_type.is_active
        join staff on staff.id = offer.provider_id and staff.is_active and staff.is_provider
        """;

    private sealed record Row
    {
        public VisitTypeId VisitTypeId { get; init; }
        public StaffId ProviderId { get; init; }
        public string PatientKind { get; init; } = "";
        public string Mode { get; init; } = "";
    }
}
