using Chartroom.Platform.Tenancy;
using Chartroom.Scheduling;

namespace Chartroom.OnlineBooking;

/// <summary>One thing a patient may take online.</summary>
public sealed record Offer
{
    public VisitTypeId VisitTypeId { get; init; }
    public required string VisitType { get; init; }
    public int Minutes { get; init; }
    public StaffId ProviderId { get; init; }
    public required string ProviderName { get; init; }
    /// <summary><c>new</c> or <c>existing</c>.</summary>
    public required string PatientKind { get; init; }
    /// <summary><c>book</c> or <c>request</c>.</summary>
    public required string Mode { get; init; }

    public PatientKind Kind => PatientKind == "new" ? Scheduling.PatientKind.New : Scheduling.PatientKind.Existing;
    public bool IsRequest => Mode == "request";
}

/// <summary>A place where one of the offers can be had.</summary>
public sealed record Place
{
    public LocationId Id { get; init; }
    public required string Name { get; init; }
    public required string TimeZone { get; init; }
    public string? AddressLine { get; init; }
    public string? City { get; init; }
    public string? State { get; init; }
    public string? PostalCode { get; init; }
    public string? Phone { get; init; }
    /// <summary>Providers who work there.</summary>
    public Guid[] ProviderIds { get; init; } = [];

    /// <summary>Street, city and state in one line; empty when none is known.</summary>
    public string Address => string.Join(", ", new[] { AddressLine, City, $"{State} {PostalCode}".Trim() }.Where(part => !string.IsNullOrWhiteSpace(part)));
}

/// <summary>The clinic's rules of booking, as far as visitors meet them.</summary>
public sealed record OnlineRules
{
    public bool IsOnline { get; init; }
    public int HorizonDays { get; init; }
    public int LateCancelHours { get; init; }
    public int HoldMinutes { get; init; }
    public int MostUpcoming { get; init; }
    public string BookingWords { get; init; } = "";
}

/// <summary>What a clinic offers online.</summary>
public sealed record OnlineOffers(OnlineRules Rules, IReadOnlyList<Offer> All, IReadOnlyList<Place> Places)
{
    /// <summary>Reads them; the caller takes the event down.</summary>
    public static async Task<OnlineOffers> ReadAsync(ClinicTx tx, CancellationToken ct)
    {
        var rules = tx.Ask<OnlineRules>(SelectRules, null);
        var offers = tx.Ask<Offer>(SelectOffers, null);
        var places = await tx.QueryAsync<Place>(SelectPlaces, null, ct);
        return new((await rules.ReadAsync(ct)).Single(), await offers.ReadAsync(ct), places);
    }

    private const string SelectRules = """
        select is_online, horizon_days, late_cancel_hours, hold_minutes, most_upcoming, booking_words
        from scheduling_rules
        """;

    private const string SelectOffers = """
        select online_offer.visit_type_id, visit_type.name as visit_type, visit_type.minutes, online_offer.provider_id, staff.display_name as provider_name,
            online_offer.patient_kind, online_offer.mode
        from online_offer
        join visit_type on visit_type.id = online_offer.visit_type_id and visit_type.is_active
        join staff on staff.id = online_offer.provider_id and staff.is_active and staff.is_provider
        order by lower(visit_type.name), lower(staff.display_name), staff.id
        """;

    private const string SelectPlaces = """
        select location.id, location.name, location.time_zone, location.address_line, location.city, location.state, location.postal_code, location.phone,
            works.provider_ids
        from location
        cross join lateral (
            select coalesce(array_agg(distinct present.staff_id), '{}') as provider_ids
            from (
                select weekly_hours.staff_id from weekly_hours where weekly_hours.location_id = location.id
                union
                select shift.staff_id from shift where shift.location_id = location.id and shift.day >= current_date - 1
            ) present
            where present.staff_id in (select online_offer.provider_id from online_offer)
        ) works
        where location.is_active and cardinality(works.provider_ids) > 0
        order by lower(location.name), location.id
        """;
}
