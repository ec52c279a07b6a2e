namespace Chartroom.Scheduling;

/// <summary>Why the calendar says no.</summary>
internal static class Refusals
{
    public static readonly Refusal Incomplete = new("scheduling.incomplete", 422, "Some fields need another look.");
    public static readonly Refusal VisitsInTheWay = new("scheduling.visits-in-the-way", 409, "Visits are booked at that time. Look at them, then save once more.");
    public static readonly Refusal UnknownSeries = new("scheduling.unknown-series", 404, "There is no such series.");
    public static readonly Refusal SeriesConflicts = new("scheduling.series-conflicts", 409, "Some of the visits cannot be so. Nothing is saved: choose what becomes of them.");
    public static readonly Refusal SeriesEmpty = new("scheduling.series-empty", 422, "All visits are left out. Keep at least one.");
    public static readonly Refusal SeriesChanged = new("scheduling.series-changed", 409, "Some of these visits were changed since. Undo each by itself.");
    public static readonly Refusal NoSuchTimeOff = new("scheduling.no-such-time-off", 404, "There is no such time off.");
    public static readonly Refusal NotYourTimeOff = new("scheduling.not-your-time-off", 403, "A provider arranges one's own time only. Ask an administrator or the front desk.");
    public static readonly Refusal NotYourShifts = new("scheduling.not-your-shifts", 403, "A provider arranges one's own shifts only. Ask an administrator or the front desk.");
    public static readonly Refusal UnknownCancelReason = new("scheduling.unknown-cancel-reason", 422, "Choose a reason that the clinic offers.");
    public static readonly Refusal NoSuchCancelReason = new("scheduling.no-such-cancel-reason", 404, "There is no such reason.");
    public static readonly Refusal CancelReasonTaken = new("scheduling.cancel-reason-taken", 409, "There is a reason of this name.");
    public static readonly Refusal LastCancelReason = new("scheduling.last-cancel-reason", 409, "Staff need at least one reason. Offer another first.");
    public static readonly Refusal NoSuchClosure = new("scheduling.no-such-closure", 404, "There is no such closure.");
    public static readonly Refusal Unknown = new("scheduling.unknown-visit", 404, "There is no such visit.");
    public static readonly Refusal UnknownPatient = new("scheduling.unknown-patient", 422, "Choose a patient of this clinic.");
    public static readonly Refusal UnknownProvider = new("scheduling.unknown-provider", 422, "Choose a provider who sees patients here.");
    public static readonly Refusal UnknownVisitType = new("scheduling.unknown-visit-type", 422, "Choose a visit type that the clinic offers.");
    public static readonly Refusal UnknownLocation = new("scheduling.unknown-location", 422, "Choose a location that is open.");
    public static readonly Refusal UnknownRoom = new("scheduling.unknown-room", 422, "Choose a room of that location.");
    public static readonly Refusal BadLength = new("scheduling.bad-length", 422, "A visit lasts 5 to 480 minutes.");
    public static readonly Refusal BadReason = new("scheduling.reason-too-long", 422, "The reason may have 1,000 characters.");
    public static readonly Refusal NoSuchTime = new("scheduling.no-such-time", 422, "The clocks skip this time that night. Choose another.");
    public static readonly Refusal DoubledTime = new("scheduling.doubled-time", 422, "The clocks show this time twice that night. Choose the earlier or the later one.");
    public static readonly Refusal InThePast = new("scheduling.in-the-past", 422, "This time has passed. Choose a later one.");
    public static readonly Refusal TooFarAhead = new("scheduling.too-far-ahead", 422, "Visits are booked at most five years ahead.");
    public static readonly Refusal SlotTaken = new("scheduling.slot-taken", 409, "The provider has another visit at that time.");
    public static readonly Refusal RoomTaken = new("scheduling.room-taken", 409, "The room is in use at that time.");
    public static readonly Refusal OutsideHours =
        new("scheduling.outside-hours", 409, "The provider does not see patients there at that time. Confirm to book it all the same.");
    public static readonly Refusal UnknownDevice = new("scheduling.unknown-device", 422, "Choose a device of that location.");
    public static readonly Refusal DeviceTaken = new("scheduling.device-taken", 409, "The device is in use at that time.");
    public static readonly Refusal MayNotOverbook = new("scheduling.may-not-overbook", 403, "The clinic's rules let others book a taken time, not this role.");
    public static readonly Refusal LocationClosed = new("scheduling.location-closed", 409, "The location is closed at that time. Confirm to book it all the same.");
    public static readonly Refusal ProviderAway = new("scheduling.provider-away", 409, "The provider is away at that time. Confirm to book it all the same.");
    public static readonly Refusal OutsideBusy =
        new("scheduling.outside-busy", 409, "The provider's outside calendar says busy at that time. Confirm to book it all the same.");
    public static readonly Refusal DailyCap =
        new("scheduling.daily-cap", 409, "The provider has as many visits of this type that day as one day may have. Confirm to book it all the same.");
    public static readonly Refusal NotAligned =
        new("scheduling.not-aligned", 409, "Visits of this type do not start at that minute. Confirm to book it all the same.");
    public static readonly Refusal WrongRoom = new("scheduling.wrong-room", 409, "Visits of this type take place in other rooms. Confirm to book it all the same.");
    public static readonly Refusal WrongDevice =
        new("scheduling.wrong-device", 409, "Visits of this type are done with other devices. Confirm to book it all the same.");
    public static readonly Refusal NotOffered = new("scheduling.not-offered", 409, "This time is not offered. Choose another.");
    public static readonly Refusal HoldEnded = new("scheduling.hold-ended", 409, "The time was held only for a while, and that is over. Choose a time again.");
    public static readonly Refusal TooManyUpcoming = new("scheduling.too-many-upcoming", 409, "So many visits ahead are the most that can be booked online. Please call the clinic.");
    public static readonly Refusal TooLateToChange = new("scheduling.too-late-to-change", 409, "It is too late to change this visit online. Please call the clinic.");
    public static readonly Refusal NoSuchMove = new("scheduling.no-such-move", 409, "A visit in this state cannot be moved there.");
    public static readonly Refusal NotYourMove = new("scheduling.not-your-move", 403, "This move is made by the provider.");
    public static readonly Refusal NotStartedYet = new("scheduling.not-started-yet", 409, "The visit's time has not come yet, so nobody has missed it.");
    public static readonly Refusal NothingChosen = new("scheduling.nothing-chosen", 422, "Tick the visits to which nobody came, at most 100 at once.");
    public static readonly Refusal NotItsDay = new("scheduling.not-its-day", 409, "The visit is on a later day. Move it to today first.");
    public static readonly Refusal TimeIsFixed = new("scheduling.time-is-fixed", 409, "The patient has come already, so the time cannot change any more.");
    public static readonly Refusal Closed = new("scheduling.closed", 409, "The visit is over. Undo its last move first.");
    public static readonly Refusal CancelHasReason = new("scheduling.cancel-has-reason", 422, "To cancel a visit, say why and who cancelled.");
    public static readonly Refusal KeyTaken = new("scheduling.key-taken", 409, "One key can do one thing only. Choose another for one of them.");
    public static readonly Refusal KeyOfProgram = new("scheduling.key-of-program", 422, "Chartroom uses this key for something else. Choose another.");
    public static readonly Refusal KeyOfBrowser = new("scheduling.key-of-browser", 422, "The browser needs this key. Choose another.");
    public static readonly Refusal NotAKey = new("scheduling.not-a-key", 422, "A key is one letter, digit or sign, an arrow, Delete, F2, F4 or F8.");
    public static readonly Refusal NoSuchDay = new("scheduling.no-such-day", 422, "Choose a day between 1900 and 2200.");
    public static readonly Refusal DayTooFull = new("scheduling.day-too-full", 422, "This day has more visits than can be shown. Choose one location.");
    public static readonly Refusal NothingToMove = new("scheduling.nothing-to-move", 422, "Nothing would change.");
    public static readonly Refusal NothingToUndo = new("scheduling.nothing-to-undo", 409, "There is nothing left to undo.");
    public static readonly Refusal BadSearch = new("scheduling.bad-search", 422, "Search at most eight weeks, from an earlier to a later day.");

    /// <summary>What is refused until the desk confirms it, by the code of the reason.</summary>
    public static Refusal WarningOf(string reason) => reason switch
    {
        "outside_hours" => OutsideHours,
        "closed" => LocationClosed,
        "away" => ProviderAway,
        "outside_busy" => OutsideBusy,
        "daily_cap" => DailyCap,
        "alignment" => NotAligned,
        "wrong_room" => WrongRoom,
        "wrong_device" => WrongDevice,
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
