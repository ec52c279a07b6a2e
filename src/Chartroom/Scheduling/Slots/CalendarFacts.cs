namespace Chartroom.Scheduling;

/// <summary>Minutes since 1970 in UTC, from (inclusive) to (exclusive).</summary>
internal readonly record struct Stretch(int From, int To)
{
    public bool Overlaps(Stretch other) => From < other.To && other.From < To;

    public static int MinuteOf(DateTimeOffset instant) => (int)(instant.ToUnixTimeSeconds() / 60);

    public static DateTimeOffset InstantOf(int minute) => DateTimeOffset.FromUnixTimeSeconds(minute * 60L);
}

/// <summary>A visit type's rules, and the clinic's where it has none of its own.</summary>
internal sealed record TypeFacts
{
    public bool IsActive { get; init; } = true;
    public int Minutes { get; init; }
    public int BufferBefore { get; init; }
    public int BufferAfter { get; init; }
    public int AlignMinutes { get; init; } = 5;
    public int? DailyCap { get; init; }
    public int LeadMinutes { get; init; }
    public int HorizonDays { get; init; }
    public bool NeedsRoom { get; init; }
    public bool NeedsDevice { get; init; }
    /// <summary>Whether the clinic's booking page is open.</summary>
    public bool IsOnline { get; init; }

    /// <summary>The visit that meets the fewest rules: what speaks against it speaks against every kind.</summary>
    public static readonly TypeFacts Any = new() { Minutes = 5, AlignMinutes = 1 };

    /// <summary>What a visit at those instants keeps busy.</summary>
    public Stretch Keeps(Stretch own) => new(own.From - BufferBefore, own.To + BufferAfter);
}

/// <summary>A location in use.</summary>
internal sealed record PlaceFacts(LocationId Id, string Name, string TimeZone);

/// <summary>Hours of a weekday (0: Sunday) or of one day, in minutes of the day by the wall clock.</summary>
internal sealed record HoursFacts
{
    public StaffId StaffId { get; init; }
    public LocationId LocationId { get; init; }
    public int? Weekday { get; init; }
    /// <summary>Not null: a shift of that day, which replaces the weekly hours of all places.</summary>
    public DateOnly? Day { get; init; }
    public int Opens { get; init; }
    public int Closes { get; init; }
}

/// <summary>A closed time by the wall clock; of every place when the location is null.</summary>
internal sealed record ClosureFacts(LocationId? LocationId, DateTime LocalFrom, DateTime LocalUntil)
{
    public bool Covers(LocationId place, DateTime from, DateTime to) => (LocationId is null || LocationId == place) && from < LocalUntil && LocalFrom < to;
}

/// <summary>Who or what is busy when.</summary>
/// <param name="IsHeld">Kept for a patient who is filling in the form.</param>
internal readonly record struct BusyTime(Stretch Own, Stretch Keeps, bool IsHeld);

/// <summary>A provider, with hours and busy times in no order.</summary>
internal sealed record ProviderFacts(StaffId Id, string Name, bool IsOffered)
{
    public IReadOnlyList<HoursFacts> Hours { get; init; } = [];
    public IReadOnlyList<BusyTime> Visits { get; init; } = [];
    public IReadOnlyList<Stretch> Off { get; init; } = [];
    public IReadOnlyList<Stretch> Outside { get; init; } = [];
    /// <summary>Live visits of the type asked about, by calendar day at their place.</summary>
    public IReadOnlyDictionary<DateOnly, int> OfType { get; init; } = new Dictionary<DateOnly, int>();

    /// <summary>Stretches of that day at that place: its shifts if the day has any anywhere, else the weekly hours.</summary>
    public IEnumerable<HoursFacts> HoursOn(DateOnly day, LocationId place)
    {
        var hasShift = Hours.Any(hours => hours.Day == day);
        return Hours.Where(hours => hours.LocationId == place && (hasShift ? hours.Day == day : hours.Weekday == (int)day.DayOfWeek));
    }
}

/// <summary>A room or device in use, with its busy times.</summary>
/// <param name="IsSuited">Whether the type asked about can have it.</param>
internal sealed record ThingFacts(Guid Id, LocationId LocationId, bool IsSuited, IReadOnlyList<BusyTime> Visits);

/// <summary>All that the rules of booking look at, for some days. A picture: what is decided by it may be outdated, and the database has the last word.</summary>
internal sealed partial record CalendarFacts
{
    public required DateTimeOffset Now { get; init; }
    /// <summary>Null when there is none of that key.</summary>
    public required TypeFacts? Type { get; init; }
    public required IReadOnlyList<PlaceFacts> Places { get; init; }
    /// <summary>By name.</summary>
    public required IReadOnlyList<ProviderFacts> Providers { get; init; }
    public IReadOnlyList<ClosureFacts> Closures { get; init; } = [];
    /// <summary>By name; those the type can have, and the one asked for.</summary>
    public IReadOnlyList<ThingFacts> Rooms { get; init; } = [];
    /// <inheritdoc cref="Rooms"/>
    public IReadOnlyList<ThingFacts> Devices { get; init; } = [];

    /// <summary>True for a type in use; a visit that is only moved keeps a type that no longer is.</summary>
    public bool IsTypeOffered(AppointmentId? moved) => Type is { } type && (type.IsActive || moved is not null);

    /// <summary>Visits are booked at most so far ahead, by anybody.</summary>
    public static readonly TimeSpan Farthest = TimeSpan.FromDays(5 * 366);
}
