using System.Globalization;

namespace Chartroom.AuditLog;

/// <summary>Events in words.</summary>
internal static class AuditWords
{
    private static readonly CultureInfo American = CultureInfo.GetCultureInfo("en-US");

    /// <summary><c>patient.duplicates-found</c> → <c>Patient: duplicates found</c>.</summary>
    public static string Action(string action)
    {
        var words = action.Replace('.', ':').Replace(":", ": ", StringComparison.Ordinal).Replace('-', ' ').Replace('_', ' ');
        return char.ToUpperInvariant(words[0]) + words[1..];
    }

    public static string Time(DateTimeOffset at, string zone) => ClinicTime.Local(at, zone).ToString("MMM d, yyyy, h:mm:ss tt", American);

    public static string Who(AuditEntry entry) => entry.PersonName ?? (entry.Role == "system" ? "Chartroom" : entry.PersonId is null ? "Nobody signed in" : "Somebody of the clinic");

    public static string Role(string? role) => role switch
    {
        "front_desk" => "front desk",
        "system" => "the program itself",
        null => "account",
        _ => role,
    };

    /// <summary>Browser and system, as far as the User-Agent tells; it can be made up.</summary>
    public static string? Device(string? agent)
    {
        if (string.IsNullOrEmpty(agent)) return null;
        var browser = FirstOf(agent, ("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"), ("curl/", "curl"));
        var system = FirstOf(agent, ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("Mac OS X", "macOS"), ("Linux", "Linux"));
        return (browser, system) switch
        {
            (null, null) => "Another program",
            (_, null) => browser,
            (null, _) => system,
            _ => $"{browser} on {system}",
        };
    }

    private static string? FirstOf(string agent, params (string Mark, string Word)[] marks) =>
        marks.FirstOrDefault(it => agent.Contains(it.Mark, StringComparison.Ordinal)).Word;
}
