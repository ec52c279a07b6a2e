namespace Chartroom.OnlineBooking;

/// <summary>Why the public page says no. None tells whether somebody is a patient.</summary>
internal static class Refusals
{
    /// <summary>Unknown clinic and switched-off page alike.</summary>
    public static readonly Refusal NoBooking = new("online-booking.closed", 404, "There is no online booking at this address. Please call the clinic.");
    public static readonly Refusal NotOffered = new("online-booking.not-offered", 422, "This cannot be booked online. Choose something else, or call the clinic.");
    public static readonly Refusal Taken = new("online-booking.time-taken", 409, "Somebody else has just taken this time. Here are the next free ones.");
    public static readonly Refusal TooManyHolds = new("online-booking.too-many-holds", 429, "Too many times are being held at the moment. Try again in a few minutes, or call the clinic.");
    public static readonly Refusal Lapsed = new("online-booking.hold-lapsed", 410, "The time was kept for you for a while and is free again now. Choose a time once more.");
    public static readonly Refusal Incomplete = new("online-booking.incomplete", 422, "Some fields need another look.");
    public static readonly Refusal TooFast = new("online-booking.too-fast", 422, "That went faster than people type. Look at it once more and send it again.");
    public static readonly Refusal TooManyMails = new("online-booking.too-many-mails", 429, "Several codes have gone to this address within the hour. Use the last one, or come back in an hour.");
    public static readonly Refusal WrongCode = new("online-booking.wrong-code", 422, "This is not the code of the e-mail. Check it and try again.");
    public static readonly Refusal CodeEnded = new("online-booking.code-ended", 410, "This code is no longer good. Choose a time once more.");
    public static readonly Refusal TooManyUpcoming = new("online-booking.too-many-upcoming", 409, "You have as many visits ahead as can be booked online. Please call the clinic for another.");
    /// <summary>Unknown, ended and used-up links alike.</summary>
    public static readonly Refusal BadLink = new("online-booking.bad-link", 410, "This link is no longer good. Please call the clinic.");
    public static readonly Refusal WrongBirthDate = new("online-booking.wrong-birth-date", 422, "This does not fit the visit. Check the date and try again.");
    public static readonly Refusal ProofNeeded = new("online-booking.proof-needed", 403, "Give the birth date once more to go on.");
    public static readonly Refusal TooLate = new("online-booking.too-late", 409, "This visit cannot be changed online any more. Please call the clinic.");
    public static readonly Refusal CannotUndo = new("online-booking.cannot-undo", 409, "This cannot be taken back any more: the time has gone to somebody else, or too many minutes have passed. Book another visit, or call the clinic.");
    public static readonly Refusal UnknownRequest = new("online-booking.unknown-request", 404, "There is no such request.");
}
