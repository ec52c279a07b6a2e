namespace Chartroom.Scheduling;

/// <summary>A line above the day that another capability fills, such as requests that wait for an answer. Registered as a service; shown in the order of registration.</summary>
/// <param name="Component">A Razor component without parameters; loads what it shows, with its own event, and shows nothing when there is nothing to say.</param>
public sealed record DayNote(Type Component);
