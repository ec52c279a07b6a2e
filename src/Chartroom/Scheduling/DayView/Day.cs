using Chartroom.Platform.Database;
using Chartroom.Platform.Tenancy;

namespace Chartroom.Scheduling;

/// <summary>A place the day can be seen at.</summary>
public sealed record DayLocation(LocationId Id, string Name, string TimeZone);

/// <summary>A provider with one stretch of hours on one day, in minutes of its wall clock; none when the location is null.</summary>
public sealed record DayHours(StaffId ProviderId, string ProviderName, DateOnly Day, LocationId? LocationId, int? Opens, int? Closes);

/// <summary>A room of a place that is shown.</summary>
public sealed record DayRoom(RoomId Id, string Name, LocationId LocationId);

/// <summary>When a location, or all of them, is closed, by the wall clock.</summary>
public sealed record DayClosure(string Name, LocationId? LocationId, DateTime LocalFrom, DateTime LocalUntil);

/// <summary>When a provider is away, or busy elsewhere.</summary>
public sealed record DayAway(StaffId StaffId, string Kind, DateTimeOffset StartsAt, DateTimeOffset EndsAt);

/// <summary>A kind of visit, for the legend.</summary>
public sealed record DayType(VisitTypeId Id, string Name, string Color);

/// <summary>Somebody who works at the clinic.</summary>
public sealed record DayPerson(StaffId Id, string Name);

/// <summary>One visit of the day.</summary>
public sealed record DayVisit
{
    public AppointmentId Id { get; init; }
    /// <summary>Null while a time is held for somebody who has not said who they are.</summary>
    public PatientId? PatientId { get; init; }
    public StaffId ProviderId { get; init; }
    public string ProviderName { get; init; } = "";
    public VisitTypeId VisitTypeId { get; init; }
    public string VisitType { get; init; } = "";
    /// <summary>Colour of the visit type, by name.</summary>
    public string Color { get; init; } = "";
    public LocationId LocationId { get; init; }
    public RoomId? RoomId { get; init; }
    public string? RoomName { get; init; }
    public DateTimeOffset StartsAt { get; init; }
    public DateTimeOffset EndsAt { get; init; }
    public DateTime LocalStart { get; init; }
    public string StatusName { get; init; } = "";
    public int Version { get; init; }
    public bool IsOverbooked { get; init; }
    public bool IsOfSeries { get; init; }
    /// <summary>Which visit of the patient's at this clinic it is or will be, from 1; only completed ones count before it. Told while it is ahead or under way.</summary>
    public int? VisitNumber { get; init; }
    /// <summary>The patient has had no visit before it; told while it is ahead or under way.</summary>
    public bool IsFirst => VisitNumber == 1;
    /// <summary>Who saw the patient last, where that was somebody else; told while the visit is ahead or under way.</summary>
    public StaffId? LastProviderId { get; init; }
    /// <summary>Papers that the visit asks for and nobody has received; told while it is ahead or under way.</summary>
    public int FormsMissing { get; init; }
    /// <summary>The language in which somebody has to interpret; null for nobody.</summary>
    public string? Interpreter { get; init; }
    /// <summary>What whoever meets the patient must know first.</summary>
    public string? Alert { get; init; }
    /// <summary>What the patient owes, in cents of <see cref="Currency"/>; below zero: in their favour.</summary>
    public long BalanceCents { get; init; }
    public string Currency { get; init; } = "";
    public VisitStatus Status => VisitStates.Named(StatusName);
    public int Minutes => (int)(EndsAt - StartsAt).TotalMinutes;
    /// <summary>Name of the patient, or what stands for one that was destroyed or is not known yet.</summary>
    public string PatientName { get; init; } = "";
}

/// <summary>What surrounds the visits.</summary>
/// <param name="Hours">By name; a provider stands once for each stretch of hours, once for a day without any.</param>
public sealed record DaySurroundings(IReadOnlyList<DayHours> Hours, IReadOnlyList<DayRoom> Rooms, IReadOnlyList<DayClosure> Closures, IReadOnlyList<DayAway> Away,
    IReadOnlyList<DayType> Types, IReadOnlyList<DayPerson> People, IReadOnlyList<CancelReason> CancelReasons);

/// <summary>A day as it stands, 23 to 25 hours between <see cref="From"/> (inclusive) and <see cref="To"/> (exclusive); or seven of them.</summary>
public sealed record Day
{
    public required DateOnly Date { get; init; }
    public required int Days { get; init; }
    public required string TimeZone { get; init; }
    public required DateTimeOffset From { get; init; }
    public required DateTimeOffset To { get; init; }
    public required DateTimeOffset Now { get; init; }
    public required LocationId? Location { get; init; }
    public required IReadOnlyList<DayLocation> Locations { get; init; }
    public required DaySurroundings Around { get; init; }
    /// <summary>By start.</summary>
    public required IReadOnlyList<DayVisit> Visits { get; init; }
    public DateOnly Today => ClinicTime.TodayAt(Now, TimeZone);
}

/// <summary>The surroundings, asked for and on their way with the next round trip.</summary>
internal sealed record DayAround(AskedRows<DayHours> Hours, AskedRows<DayRoom> Rooms, AskedRows<DayClosure> Closures, AskedRows<DayAway> Away, AskedRows<DayType> Types,
    AskedRows<DayPerson> People, AskedRows<CancelReason> Reasons)
{
    public static DayAround Ask(ClinicTx tx, (DateOnly First, DateOnly Last) days, (DateTimeOffset From, DateTimeOffset To) span, LocationId[] shown)
    {
        var (localFrom, localUntil) = (days.First.ToDateTime(TimeOnly.MinValue), days.Last.AddDays(1).ToDateTime(TimeOnly.MinValue));
        return new(
            tx.Ask<DayHours>(DaySql.Hours, new { first = localFrom, last = localUntil.AddDays(-1), shown }), tx.Ask<DayRoom>(DaySql.Rooms, new { shown }),
            tx.Ask<DayClosure>(DaySql.Closures, new { localFrom, localUntil, shown }), tx.Ask<DayAway>(DaySql.Away, new { from = span.From, to = span.To }),
            tx.Ask<DayType>(DaySql.Types, null), tx.Ask<DayPerson>(DaySql.People, null), CancelReasons.Ask(tx));
    }

    public async Task<DaySurroundings> ReadAsync(CancellationToken ct) => new(await Hours.ReadAsync(ct), await Rooms.ReadAsync(ct), await Closures.ReadAsync(ct),
        await Away.ReadAsync(ct), await Types.ReadAsync(ct), await People.ReadAsync(ct), await Reasons.ReadAsync(ct));
}
