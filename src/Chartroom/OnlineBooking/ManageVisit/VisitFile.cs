using System.Globalization;
using System.Text;

namespace Chartroom.OnlineBooking;

/// <summary>A visit as a calendar file (RFC 5545): time and place, no patient, no provider, no kind of visit. Lines are folded at 75 octets and end in CRLF.</summary>
internal static class VisitFile
{
    public static string Of(OpenClinic clinic, LinkedVisit visit, DateTimeOffset now)
    {
        var lines = new[]
        {
            "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Chartroom//Visit//EN", "METHOD:PUBLISH", "BEGIN:VEVENT",
            $"UID:{visit.Id}@chartroom", $"DTSTAMP:{Utc(now)}", $"SEQUENCE:{visit.Version}", $"DTSTART:{Utc(visit.StartsAt)}", $"DTEND:{Utc(visit.EndsAt)}",
            $"SUMMARY:{Text($"Visit at {clinic.Name}")}", $"LOCATION:{Text(visit.Address is null ? visit.Place : $"{visit.Place}, {visit.Address}")}", "CLASS:PRIVATE",
            visit.StatusName switch { "cancelled" => "STATUS:CANCELLED", "requested" => "STATUS:TENTATIVE", _ => "STATUS:CONFIRMED" }, "END:VEVENT", "END:VCALENDAR",
        };
        return string.Concat(lines.Select(line => Folded(line) + "\r\n"));
    }

    private static string Utc(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);

    private static string Text(string value) =>
        value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace(";", "\\;", StringComparison.Ordinal).Replace(",", "\\,", StringComparison.Ordinal).ReplaceLineEndings("\\n");

    private static string Folded(string line)
    {
        var (folded, octets) = (new StringBuilder(), 0);
        foreach (var rune in line.EnumerateRunes())
        {
            if (octets + rune.Utf8SequenceLength > 75)
            {
                folded.Append("\r\n ");
                octets = 1;
            }
            folded.Append(rune.ToString());
            octets += rune.Utf8SequenceLength;
        }
        return folded.ToString();
    }
}
