using System.Text.RegularExpressions;

namespace Chartroom.Charts;

/// <summary>What was just written into a chart, as the next page says it, and the way back to the page the form was opened from. Travels in the address as a word and ids:
/// nothing about anybody.</summary>
internal sealed partial record ChartNote(string Text, string? UndoTo, int? Version)
{
    /// <summary>Read from the address; null for anything that is not a word of ours.</summary>
    public static ChartNote? Of(HttpRequest request)
    {
        var done = (string?)request.Query["chart"];
        if (!PatientId.TryParse(request.Query["of"], out var patient) || TextOf(done) is not { } text) return null;
        var entries = EntriesOf(request);
        var ids = string.Join('&', entries.Select(entry => $"e={entry}"));
        var from = Uri.EscapeDataString(BackFrom(request.Path + request.QueryString, patient));
        return done switch
        {
            "restored" or "undone" or "asked" or "destroyed" or "unseen" => new(text, null, null),
            "seen" when entries is [var seen] => new(text, $"/patients/{patient}/entries/{seen}/unseen?from={from}", null),
            "seen" => null,
            "changed" when entries is [var entry] && int.TryParse(request.Query["v"], out var version) => new(text, $"/patients/{patient}/entries/{entry}/undo?from={from}", version),
            "changed" => null,
            "put-away" => new(text, $"/patients/{patient}/entries/restore?{ids}&from={from}", null),
            _ when entries.Count == 0 => null,
            _ => new(text, $"/patients/{patient}/entries/put-away?{ids}&from={from}", 1),
        };
    }

    /// <summary>Where a form leads when it is done.</summary>
    public static string After(PatientId patient, string done, IEnumerable<EntryId> entries, HttpRequest request)
    {
        var back = WayBack(request, patient);
        return $"{back}{(back.Contains('?', StringComparison.Ordinal) ? '&' : '?')}chart={done}&of={patient}{string.Concat(entries.Select(entry => $"&e={entry}"))}";
    }

    /// <summary>The page a form was opened from, when it is one of those that open it; else the chart. Never an address that somebody made up.</summary>
    public static string WayBack(HttpRequest request, PatientId patient) => BackFrom(request.Query["from"], patient);

    private static string BackFrom(string? path, PatientId patient) =>
        path is not null && Known().Match(path) is { Success: true } known ? known.Groups[1].Value : $"/patients/{patient}/chart";

    /// <summary>The entries named in the address.</summary>
    public static IReadOnlyList<EntryId> EntriesOf(HttpRequest request) =>
        [.. request.Query["e"].Select(text => EntryId.TryParse(text, out var id) ? id : (EntryId?)null).OfType<EntryId>().Distinct()];

    private static string? TextOf(string? done) => done switch
    {
        "vital" => "Vital signs saved.",
        "problem" => "Problem saved.",
        "allergy" => "Allergy saved.",
        "medication" => "Medication saved.",
        "result" => "Result saved.",
        "seen" => "Seen. It waits no longer.",
        "unseen" => "It waits again.",
        "put-away" => "Put away. It no longer stands in the chart.",
        "changed" => "Changed. What it said is kept.",
        "asked" => "Asked. An administrator other than you confirms it.",
        "destroyed" => "Destroyed for good.",
        "undone" => "Undone. It says again what it said.",
        "restored" => "It stands in the chart again.",
        _ => null,
    };

    [GeneratedRegex(@"^(/(?:day\?date=\d{4}-\d\d-\d\d|board(?:\?location=[0-9a-f-]{36})?|visits/[0-9a-f-]{36}|notes/waiting(?:\?whose=all)?|patients/[0-9a-f-]{36}(?:/chart(?:/[a-z]+)?)?))(?:$|[?&])")]
    private static partial Regex Known();
}
