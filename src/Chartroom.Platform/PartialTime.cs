using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Chartroom;

/// <summary>How much of a time is known.</summary>
public enum TimePrecision { Year, Month, Day, Instant }

/// <summary>A time exactly as well as its source knew it: <c>2019</c>, <c>2019-03</c>, <c>2019-03-07</c> or an instant with the offset it
/// was written with. Its text is the FHIR dateTime form and is kept unchanged.</summary>
/// <seealso href="https://hl7.org/fhir/R4/datatypes.html#dateTime"/>
[JsonConverter(typeof(PartialTimeJson))]
public sealed record PartialTime
{
    private PartialTime(string text, DateTimeOffset earliest, TimePrecision precision) =>
        (Text, Earliest, Precision) = (text, earliest, precision);

    public string Text { get; }

    /// <summary>The first instant it can mean, for sorting: days, months and years begin at midnight UTC, whatever the clinic's zone.</summary>
    public DateTimeOffset Earliest { get; }

    public TimePrecision Precision { get; }

    /// <summary>The calendar day as written, or null when only a month or a year is known.</summary>
    public DateOnly? Day => Precision >= TimePrecision.Day ? DateOnly.FromDateTime(Earliest.DateTime) : null;

    public static PartialTime Of(DateOnly day) =>
        new(day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), AtMidnight(day), TimePrecision.Day);

    public static PartialTime Of(DateTimeOffset instant) =>
        new(instant.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz", CultureInfo.InvariantCulture), instant, TimePrecision.Instant);

    /// <summary>Reads one of the four forms; a date that does not exist, or a time of day without an offset, is not one.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out PartialTime? time)
    {
        time = text switch
        {
            { Length: 4 } => FromDay(text, text + "-01-01", TimePrecision.Year),
            { Length: 7 } => FromDay(text, text + "-01", TimePrecision.Month),
            { Length: 10 } => FromDay(text, text, TimePrecision.Day),
            { Length: > 16 } => FromInstant(text),
            _ => null,
        };
        return time is not null;
    }

    private static PartialTime? FromDay(string text, string day, TimePrecision precision) =>
        DateOnly.TryParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
            ? new PartialTime(text, AtMidnight(date), precision)
            : null;

    private static PartialTime? FromInstant(string text)
    {
        var plain = text.EndsWith('Z') ? text[..^1] + "+00:00" : text;
        var dot = plain.IndexOf('.', StringComparison.Ordinal);
        var ticks = 0L;
        if (dot >= 0)
        {
            var end = dot + 1;
            while (end < plain.Length && char.IsAsciiDigit(plain[end])) end++;
            if (end == dot + 1) return null;
            ticks = long.Parse(plain[(dot + 1)..Math.Min(end, dot + 8)].PadRight(7, '0'), CultureInfo.InvariantCulture);
            plain = plain[..dot] + plain[end..];
        }

        // A leap second (23:59:60) is legal in FHIR; .NET knows none, so it is sorted as the second before.
        if (plain.Length > 19 && plain.AsSpan(16, 3) is ":60") plain = plain[..17] + "59" + plain[19..];
        return DateTimeOffset.TryParseExact(plain, InstantForms, CultureInfo.InvariantCulture, DateTimeStyles.None, out var instant)
            ? new PartialTime(text, instant.AddTicks(ticks), TimePrecision.Instant)
            : null;
    }

    private static DateTimeOffset AtMidnight(DateOnly day) => new(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);

    public override string ToString() => Text;

    // Seconds may not be left out in FHIR, but several senders do.
    private static readonly string[] InstantForms = ["yyyy-MM-dd'T'HH:mm:sszzz", "yyyy-MM-dd'T'HH:mmzzz"];
}

public sealed class PartialTimeJson : JsonConverter<PartialTime>
{
    public override PartialTime Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && PartialTime.TryParse(reader.GetString(), out var time)
            ? time
            : throw new JsonException("Expected a year, month, day or instant with offset.");

    public override void Write(Utf8JsonWriter writer, PartialTime value, JsonSerializerOptions options) => writer.WriteStringValue(value.Text);
}
