namespace Chartroom.Insights;

/// <summary>A number that opens the visits behind it.</summary>
/// <param name="Name">In addresses and statements.</param>
/// <param name="Title">Heading of its list.</param>
/// <param name="Definition">What is counted, for people.</param>
/// <param name="Value">What its list shows beside each visit; null for nothing.</param>
public sealed record Figure(string Name, string Title, string Definition, string? Value = null)
{
    internal static readonly Figure
        Visits = new("visits", "Visits", "Visits of patients who were seen: with the provider, ready to check out or completed."),
        Due = new("due", "Visits due", "Visits whose start has passed and that were not cancelled; what was only asked for online or held is none."),
        NoShows = new("no_shows", "No-shows", "Of the visits due, those marked as no-show. The rate is their share of the visits due."),
        LateCancels = new("late_cancels", "Late cancellations",
            "Visits the patient cancelled later than the clinic's rule allows and whose start has passed. The rate is their share of the visits due and these together."),
        Booked = new("booked", "Booked time",
            "Length of all visits not cancelled, past and ahead. The fill rate is its share of the open time: weekly hours as they are now, or a day's shifts instead of them, less closures and time off. Double booking and visits outside the hours can bring it over 100%.", "Minutes"),
        Lead = new("lead", "Lead time", "From booking to start, of the visits due. Half of them were booked no earlier than the median says; nine of ten no earlier than the 90th percentile.", "Days from booking"),
        Waits = new("waits", "Waiting time", "From arrival until the patient is in a room or, without one, with the provider, of the visits where both were marked. Half waited no longer than the median says; nine of ten no longer than the 90th percentile.", "Minutes waited"),
        RoomWaits = new("room_waits", "Waiting in the room", "From the room until the provider comes, of the visits where both were marked.", "Minutes waited in the room"),
        Seen = new("seen", "Time with the provider", "From the provider's beginning until the patient is ready to check out or, without that, the visit is completed.", "Minutes with the provider"),
        Leaving = new("leaving", "Checking out", "From being ready to check out until the visit is completed, of the visits where both were marked.", "Minutes until completed");

    internal static readonly IReadOnlyList<Figure> All = [Visits, Due, NoShows, LateCancels, Booked, Lead, Waits, RoomWaits, Seen, Leaving];
}
