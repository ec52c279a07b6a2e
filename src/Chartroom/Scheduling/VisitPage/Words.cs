using Chartroom.Shell;

namespace Chartroom.Scheduling;

/// <summary>Why and by whom a visit is cancelled, for people.</summary>
internal static class CancelWords
{
    /// <summary>What staff may choose, in the clinic's order; a request is declined, another visit is not.</summary>
    public static IReadOnlyList<SelectField.Option> Reasons(IReadOnlyList<CancelReason> all, bool isRequest) =>
        [.. all.Where(reason => reason.IsFor(CancelUse.Staff) && (isRequest || reason.Code != CancelCodes.RequestDeclined)).Select(reason => new SelectField.Option(reason.Code, reason.Name))];

    public static readonly IReadOnlyList<SelectField.Option> Sides = [new("patient", "The patient"), new("clinic", "The clinic")];

    public static readonly IReadOnlyList<SelectField.Option> Users = [new("staff", "Staff"), new("patient", "Patients"), new("both", "Staff and patients")];

    /// <summary>As the clinic calls it now.</summary>
    public static string Of(string code, IReadOnlyList<CancelReason> all) => all.FirstOrDefault(reason => reason.Code == code)?.Name ?? code;
}

/// <summary>Why a taken time is knowingly booked again, for people.</summary>
internal static class OverbookWords
{
    public static readonly IReadOnlyList<SelectField.Option> Options =
        [new("", "No, choose another time"), .. Enum.GetValues<OverbookReason>().Select(reason => new SelectField.Option(Names.Of(reason), $"Yes: {Of(Names.Of(reason)).ToLowerInvariant()}"))];

    public static string Of(string reason) => reason switch
    {
        "urgent" => "Urgent",
        "walk_in" => "Walk-in",
        "provider_asked" => "The provider asked for it",
        "short_visit" => "Short visit",
        _ => "Other",
    };
}

/// <summary>Moves of the history, for people.</summary>
internal static class MoveWords
{
    public static string Of(MoveLine move, IReadOnlyList<CancelReason> reasons) => move.Act switch
    {
        "held" => $"Held for {Clock.DayText(move.LocalStart)}, {Clock.Text(move.LocalStart)}",
        "requested" => $"Asked for {Clock.DayText(move.LocalStart)}, {Clock.Text(move.LocalStart)}",
        "accepted" => "Request accepted",
        "booked" when move.IsOverbooked => $"Booked for {Clock.DayText(move.LocalStart)}, {Clock.Text(move.LocalStart)}, knowingly onto a taken time",
        "booked" => $"Booked for {Clock.DayText(move.LocalStart)}, {Clock.Text(move.LocalStart)}",
        "moved" when move.TypeNow is { } type => $"{type}: {Clock.DayText(move.LocalStart)}, {Clock.Text(move.LocalStart)}, {move.ProviderName}{(move.RoomName is null ? null : $", {move.RoomName}")}",
        "moved" => $"Moved to {Clock.DayText(move.LocalStart)}, {Clock.Text(move.LocalStart)}, {move.ProviderName}{(move.RoomName is null ? null : $", {move.RoomName}")}",
        "undone" => move.Restores is null ? "Booking undone" : move.TypeNow is { } type ? $"Undone, back to {type}" : $"Undone, back to {move.Status.Words().ToLowerInvariant()}",
        "cancelled" when move.CancelReason is { } why => $"Cancelled {(move.IsLateCancel ? "late " : null)}by the {(move.CancelledBy == "patient" ? "patient" : "clinic")}: {CancelWords.Of(why, reasons)}",
        _ => move.RoomName is not null && move.Status == VisitStatus.Roomed ? $"{move.Status.Words()}: {move.RoomName}" : move.Status.Words(),
    };

    /// <summary>What the undo button says it takes back.</summary>
    public static string Undoing(MoveLine last) => last.Act switch
    {
        "booked" => "the booking",
        "requested" => "the request",
        "moved" => "the move",
        "undone" => "one more",
        _ => $"“{last.Status.Words()}”",
    };
}
