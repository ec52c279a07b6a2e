namespace Chartroom.OutsideCalendars;

/// <summary>Settings of outside calendars, section <c>OutsideCalendars</c>.</summary>
public sealed class OutsideCalendarSettings
{
    /// <summary>True to read calendars of this machine, and in the clear: for tests and development only.</summary>
    public bool AllowLoopback { get; set; }
}
