using System.Text.Json.Serialization;

namespace Chartroom.Scheduling;

/// <summary>How much of the calendar is in sight.</summary>
[JsonConverter(typeof(SnakeCaseNames<CalendarSpan>))]
public enum CalendarSpan { Day, Week, Month }

/// <summary>What a day has columns for.</summary>
[JsonConverter(typeof(SnakeCaseNames<CalendarColumns>))]
public enum CalendarColumns { Provider, Room }

/// <summary>How much air there is.</summary>
[JsonConverter(typeof(SnakeCaseNames<CalendarDensity>))]
public enum CalendarDensity { Default, Compact }

/// <summary>What the colours tell apart.</summary>
[JsonConverter(typeof(SnakeCaseNames<CalendarColour>))]
public enum CalendarColour { Status, Provider, Type }

/// <summary>How a person likes to see the calendar, as its row stands.</summary>
public sealed record CalendarLook
{
    public CalendarSpan View { get; init; }
    public CalendarColumns Columns { get; init; }
    public CalendarDensity Density { get; init; }
    /// <summary>Minutes of one line: 5, 10, 15 or 30.</summary>
    public int Zoom { get; init; } = 15;
    public CalendarColour Colour { get; init; } = CalendarColour.Type;
    public bool ShowsClosed { get; init; }
    public LocationId? LocationId { get; init; }
    /// <summary>Whose week and month; null: everybody's.</summary>
    public StaffId? ProviderId { get; init; }
    /// <summary>Providers and rooms whose columns are hidden.</summary>
    public Guid[] Hidden { get; init; } = [];

    /// <summary>Which key does what; changed on a page of its own.</summary>
    [JsonIgnore]
    public DeskKeys Keys { get; init; } = DeskKeys.Standard;

    /// <summary>The same with what was chosen now.</summary>
    internal CalendarLook With(ChangeLook change) => this with
    {
        View = change.View ?? View, Columns = change.Columns ?? Columns, Density = change.Density ?? Density,
        Zoom = change.Zoom is 5 or 10 or 15 or 30 ? change.Zoom.Value : Zoom, Colour = change.Colour ?? Colour,
        ShowsClosed = change.Closed switch { "shown" => true, "hidden" => false, _ => ShowsClosed },
        LocationId = change.SetsPlace ? change.Location : LocationId, ProviderId = change.SetsPlace ? change.Provider : ProviderId,
        Hidden = change.SetsHidden ? [.. change.Hidden.Distinct().Take(MostHidden)] : Hidden,
    };

    private const int MostHidden = 500;
}

/// <summary>Changes some of it. What is absent stays.</summary>
/// <param name="View">A day, a week or a month.</param>
/// <param name="Columns">Of providers or of rooms.</param>
/// <param name="Density">Default or compact.</param>
/// <param name="Zoom">5, 10, 15 or 30.</param>
/// <param name="Colour">Status, provider or type.</param>
/// <param name="Closed"><c>shown</c> or <c>hidden</c>.</param>
/// <param name="SetsPlace">True when the next two are meant, also when they are absent.</param>
/// <param name="Location">One location; absent: all of a zone.</param>
/// <param name="Provider">Whose week; absent: everybody's.</param>
/// <param name="SetsHidden">True when the next is meant, also when it is empty.</param>
/// <param name="Hidden">Columns to hide.</param>
/// <param name="Date">The day to come back to.</param>
internal sealed record ChangeLook(CalendarSpan? View, CalendarColumns? Columns, CalendarDensity? Density, int? Zoom, CalendarColour? Colour, string? Closed, bool SetsPlace,
    LocationId? Location, StaffId? Provider, bool SetsHidden, IReadOnlyList<Guid> Hidden, DateOnly? Date);
