using Chartroom.Shell;

namespace Chartroom.Scheduling;

/// <summary>How a state looks: a colour, never alone, and an icon of its own.</summary>
internal static class StatusLook
{
    public static Tone ToneOf(VisitStatus status) => status switch
    {
        VisitStatus.Booked or VisitStatus.Held => Tone.Neutral,
        VisitStatus.Requested => Tone.Warn,
        VisitStatus.Confirmed or VisitStatus.InProgress => Tone.Info,
        VisitStatus.Arrived or VisitStatus.Roomed => Tone.Warn,
        VisitStatus.ReadyForCheckout or VisitStatus.Completed => Tone.Good,
        VisitStatus.Cancelled or VisitStatus.NoShow or VisitStatus.LeftWithoutBeingSeen => Tone.Bad,
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>Name of the icon, as in <c>Shell/icons.txt</c>.</summary>
    public static string IconOf(VisitStatus status) => status switch
    {
        VisitStatus.Requested => "calendar-question",
        VisitStatus.Held => "hourglass",
        VisitStatus.Booked => "calendar",
        VisitStatus.Confirmed => "check",
        VisitStatus.Arrived => "map-pin",
        VisitStatus.Roomed => "door",
        VisitStatus.InProgress => "stethoscope",
        VisitStatus.ReadyForCheckout => "logout",
        VisitStatus.Completed => "circle-check",
        VisitStatus.Cancelled => "x",
        VisitStatus.NoShow => "user-x",
        VisitStatus.LeftWithoutBeingSeen => "door-exit",
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>What the button says that makes the move.</summary>
    public static string VerbOf(VisitStatus status) => status switch
    {
        VisitStatus.Confirmed => "Confirm",
        VisitStatus.Arrived => "Arrive",
        VisitStatus.Roomed => "Room",
        VisitStatus.InProgress => "Start visit",
        VisitStatus.ReadyForCheckout => "Ready to check out",
        VisitStatus.Completed => "Complete",
        VisitStatus.NoShow => "No-show",
        VisitStatus.LeftWithoutBeingSeen => "Left unseen",
        VisitStatus.Cancelled => "Cancel",
        VisitStatus.Booked => "Accept",   // the only move there is a request's
        VisitStatus.Requested => "Request",
        VisitStatus.Held => "Hold",
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
