using System.Text.RegularExpressions;

namespace Chartroom.Cda;

/// <summary>HL7's points in time (<c>201303071428-0500</c>) and FHIR's (<c>2013-03-07T14:28-05:00</c>) as each other.</summary>
internal static partial class CdaTimes
{
    /// <summary>A time as far as it can be kept, and in words what cannot: a time of day without an offset means no instant, and what is no time at all stays words.</summary>
    public readonly record struct ReadTime(PartialTime? Time, string? Rest, bool IsBroken);

    public static ReadTime Parse(string text)
    {
        if (PartialTime.TryParse(text, out var written) && text.Contains('-', StringComparison.Ordinal)) return new(written, null, false);   // a sender that writes ISO 8601
        if (text.Trim('0').Length == 0) return new(null, null, false);   // zeros where the sender knows no date
        if (Form().Match(text) is not { Success: true } match) return new(null, text, true);
        var (digits, fraction, offset) = (match.Groups[1].Value, match.Groups[2].Value, match.Groups[3].Value);
        var day = digits.Length switch { 4 => digits, 6 => $"{digits[..4]}-{digits[4..]}", >= 8 => $"{digits[..4]}-{digits[4..6]}-{digits[6..8]}", _ => "" };
        if (!PartialTime.TryParse(day, out var date)) return new(null, text, true);
        var clock = digits.Length > 8 ? digits[8..] : "";
        if (clock.Length == 0) return new(date, null, false);
        if (clock.Length >= 4 && offset.Length > 0)
        {
            var seconds = clock.Length == 6 ? $":{clock[4..6]}{fraction}" : "";
            var instant = $"{day}T{clock[..2]}:{clock[2..4]}{seconds}{offset[..3]}:{(offset.Length == 5 ? offset[3..] : "00")}";
            return PartialTime.TryParse(instant, out var time) ? new(time, null, false) : new(date, text, true);
        }
        // Midnight to the second is how many senders fill up a day.
        return clock.Trim('0').Length == 0 ? new(date, null, false) : new(date, $"{day} {Clock(clock)}", false);
    }

    public static string Write(PartialTime time)
    {
        var text = time.Text.EndsWith('Z') ? time.Text[..^1] + "+0000" : time.Text;
        var at = text.IndexOf('T', StringComparison.Ordinal);
        if (at < 0) return text.Replace("-", "", StringComparison.Ordinal);
        return text[..at].Replace("-", "", StringComparison.Ordinal) + text[(at + 1)..].Replace(":", "", StringComparison.Ordinal);
    }

    private static string Clock(string digits) => string.Join(':', digits.Chunk(2).Select(pair => new string(pair)));

    [GeneratedRegex(@"^(\d{4}(?:\d\d){0,5})(\.\d{1,9})?([+-]\d{2}(?:\d\d)?)?\z")]
    private static partial Regex Form();
}
