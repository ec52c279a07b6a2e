namespace Chartroom.Scheduling;

/// <summary>What was just done, as the next page says it, and the way back. Travels in the address as a word, an id and a version: nothing about anybody.</summary>
public sealed record DoneNote(string Text, string? UndoTo, int? Version)
{
    /// <summary>Read from the address; null for anything that is not a word of ours.</summary>
    public static DoneNote? Of(string? done, AppointmentId? visit, int? version, string from)
    {
        if (visit is not { } id || TextOf(done) is not { } text) return null;
        return new(text, done == "reason" ? null : $"/visits/{id}/undo?from={from}", version);   // the reason of before is not kept
    }

    private static string? TextOf(string? done) => done switch
    {
        null => null,
        "booked" => "Visit booked.",
        "moved" => "Visit moved.",
        "cancelled" => "Visit cancelled. Its time is free.",
        "reason" => "Reason saved.",
        "undone" => "Undone. The visit is as it was.",
        _ => Enum.GetValues<VisitStatus>().Where(status => Names.Of(status) == done).Select(status => $"{status.Words()}.").FirstOrDefault(),
    };

    /// <summary>Where a form leads when it is done: the day with the visit in sight, or the visit's own page.</summary>
    public static string After(Visit visit, string done, string? from) => from?.StartsWith("board", StringComparison.Ordinal) == true
        ? $"{Board.BoardAddress.Of(from)}done={done}&visit={visit.Id}&v={visit.Version}#b-{visit.Id}"
        : from == "requests"
        ? "/booking-requests"
        : from == "visit"
        ? $"/visits/{visit.Id}?done={done}&v={visit.Version}"
        : $"/day?date={Clock.Iso(visit.Day)}&done={done}&visit={visit.Id}&v={visit.Version}#v-{visit.Id}";
}
