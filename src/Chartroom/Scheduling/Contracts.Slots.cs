using System.Text.Json.Serialization;
using Chartroom.Platform.Tenancy;

namespace Chartroom.Scheduling;

// What other capabilities may ask about free time.

/// <summary>Whether a patient has been seen here: what is offered online differs.</summary>
[JsonConverter(typeof(SnakeCaseNames<PatientKind>))]
public enum PatientKind { New, Existing }

/// <summary>Which of two equal wall-clock times, in the night the clocks go back.</summary>
[JsonConverter(typeof(SnakeCaseNames<Doubled>))]
public enum Doubled { Earlier, Later }

/// <summary>Asks where such a visit could be.</summary>
public sealed record SlotSearch
{
    /// <summary>What kind of visit.</summary>
    public required VisitTypeId VisitTypeId { get; init; }
    /// <summary>With whom; empty: anybody.</summary>
    public IReadOnlyList<StaffId> Providers { get; init; } = [];
    /// <summary>Where; null: anywhere.</summary>
    public LocationId? LocationId { get; init; }
    /// <summary>First calendar day at the location, inclusive.</summary>
    public required DateOnly From { get; init; }
    /// <summary>Last calendar day at the location, inclusive; at most eight weeks with the first.</summary>
    public required DateOnly To { get; init; }
    /// <summary>Null when the desk asks: lead, horizon and online offers do not count then; everything else does.</summary>
    public PatientKind? OnlineFor { get; init; }
    /// <summary>The first so many, 1 to 100,000.</summary>
    public int Most { get; init; } = 500;
    /// <summary>A visit that is to be moved: its own time does not stand in its way.</summary>
    public AppointmentId? Besides { get; init; }
    /// <inheritdoc cref="SlotQuestion.AlsoMoving"/>
    [JsonIgnore]
    public IReadOnlyList<AppointmentId> AlsoMoving { get; init; } = [];
    /// <summary>Length, 5 to 480; null: as long as the visit type usually is.</summary>
    public int? Minutes { get; init; }
}

/// <summary>Asks why a time is not offered.</summary>
public sealed record SlotQuestion
{
    /// <summary>What kind of visit; null: the reasons that hold for any kind, be it as short as can be.</summary>
    public VisitTypeId? VisitTypeId { get; init; }
    /// <summary>With whom.</summary>
    public required StaffId ProviderId { get; init; }
    /// <summary>Where; its wall clock counts.</summary>
    public required LocationId LocationId { get; init; }
    /// <summary>Calendar day there.</summary>
    public required DateOnly Day { get; init; }
    /// <summary>Wall-clock start there.</summary>
    public required TimeOnly At { get; init; }
    /// <summary>For a time the clocks show twice: which one.</summary>
    public Doubled? Which { get; init; }
    /// <summary>Length, 5 to 480; null: as long as the visit type usually is.</summary>
    public int? Minutes { get; init; }
    /// <summary>One certain room; null: any that the type can have, if it needs one.</summary>
    public RoomId? RoomId { get; init; }
    /// <summary>One certain device; null: any that the type can have, if it needs one.</summary>
    public DeviceId? DeviceId { get; init; }
    /// <summary>Null when the desk asks.</summary>
    public PatientKind? OnlineFor { get; init; }
    /// <summary>A visit that is to be moved.</summary>
    public AppointmentId? Besides { get; init; }
    /// <summary>Visits that go away together with it, such as those of its series: their times do not stand in its way either.</summary>
    [JsonIgnore]
    public IReadOnlyList<AppointmentId> AlsoMoving { get; init; } = [];
}

/// <summary>
/// A start that can be had, with a room and a device where such a visit needs them. Instants carry the offset of the location's clocks. A value: tens of thousands of them are one
/// array instead of as many objects for the collector to move.
/// </summary>
public readonly record struct FreeSlot(StaffId ProviderId, string ProviderName, LocationId LocationId, string LocationName, RoomId? RoomId, DeviceId? DeviceId,
    DateTimeOffset StartsAt, DateTimeOffset EndsAt, DateTime LocalStart, string TimeZone)
{
    private DateOnly Date => DateOnly.FromDateTime(LocalStart);
    private TimeOnly Time => TimeOnly.FromDateTime(LocalStart);
    private Doubled? Which => ClinicTime.ResolveDoubled(Date, Time, TimeZone) is [var earlier, _] ? StartsAt == earlier ? Doubled.Earlier : Doubled.Later : null;

    /// <summary>The same start asked for again, with whichever room and device are free then.</summary>
    public SlotQuestion AsQuestion(VisitTypeId type, PatientKind? onlineFor) =>
        new() { VisitTypeId = type, ProviderId = ProviderId, LocationId = LocationId, Day = Date, At = Time, Which = Which, OnlineFor = onlineFor };

    /// <summary>The same start as where a visit goes.</summary>
    public PatientMove AsMove() => new(ProviderId, LocationId, Date, Time, Which);
}

/// <summary>One reason why a time is not offered.</summary>
/// <param name="Code">
/// <c>inactive</c>, <c>bad_length</c>, <c>no_such_time</c>, <c>doubled_time</c>, <c>past</c>, <c>too_far</c>, <c>taken</c>, <c>held</c>, <c>buffer</c>, <c>room_taken</c>,
/// <c>device_taken</c>, <c>outside_hours</c>, <c>closed</c>, <c>away</c>, <c>outside_busy</c>, <c>daily_cap</c>, <c>alignment</c>, <c>wrong_room</c>, <c>wrong_device</c>,
/// <c>lead</c>, <c>horizon</c>, <c>not_online</c>.
/// </param>
/// <param name="Words">The same for people, one sentence, nothing about any patient.</param>
public sealed record WhyNot(string Code, string Words);

/// <summary>Free time, asked for inside the asker's own clinic transaction: it has audited why it asks. Both questions are one round trip each, and agree.</summary>
public static class Slots
{
    /// <summary>Most days of a search, both ends counted.</summary>
    public const int MostDays = 56;

    /// <summary>Starts that can be had, by start and then by provider. Refused for an unknown type, provider or location, and for more than <see cref="MostDays"/>.</summary>
    public static async Task<Outcome<FreeSlot[]>> FindAsync(ClinicTx tx, SlotSearch ask, CancellationToken ct)
    {
        if (ask.To < ask.From || ask.To.DayNumber - ask.From.DayNumber >= MostDays || ask.From.Year is < 1900 or > 2200) return Refusals.BadSearch;
        if (ask.Most is < 1 or > 100_000) return Refusals.BadSearch;
        if (ask.Minutes is < 5 or > 480) return Refusals.BadLength;
        var facts = await CalendarFacts.ReadAsync(tx, CalendarQuestion.Of(ask), ct);
        if (!facts.IsTypeOffered(ask.Besides)) return Refusals.UnknownVisitType;
        if (ask.LocationId is not null && facts.Places.Count == 0) return Refusals.UnknownLocation;
        if (facts.Providers.Count < ask.Providers.Distinct().Count()) return Refusals.UnknownProvider;
        return SlotFinder.Find(facts, ask);
    }

    /// <summary>Every reason why this start is not offered; empty when it is.</summary>
    public static async Task<IReadOnlyList<WhyNot>> WhyNotAsync(ClinicTx tx, SlotQuestion ask, CancellationToken ct) =>
        SlotJudge.Judge(await CalendarFacts.ReadAsync(tx, CalendarQuestion.Of(ask), ct), ask);
}
