using System.Globalization;

namespace Chartroom.Charts;

/// <summary>Chart content in words, as the pages write it.</summary>
internal static class ChartWords
{
    /// <summary>A day as <c>Mar 4, 1980</c>, or the month or year when only that is known. Instants by the clinic's calendar.</summary>
    public static string Day(PartialTime? time, string zone) => time switch
    {
        null => "",
        { Precision: TimePrecision.Year } => time.Text,
        { Precision: TimePrecision.Month } => time.Earliest.ToString("MMM yyyy", CultureInfo.InvariantCulture),
        { Precision: TimePrecision.Day } => time.Earliest.ToString("MMM d, yyyy", CultureInfo.InvariantCulture),
        _ => ClinicTime.Local(time.Earliest, zone).ToString("MMM d, yyyy", CultureInfo.InvariantCulture),
    };

    public static string DayAndTime(DateTimeOffset at, string zone) =>
        ClinicTime.Local(at, zone).ToString("MMM d, yyyy, HH:mm", CultureInfo.InvariantCulture);

    /// <summary>A number without digits that nobody measured: at most one decimal from 100 up, two from 1 up, else three significant ones.</summary>
    public static string Number(decimal value)
    {
        var decimals = Math.Abs(value) switch
        {
            >= 100 => 1,
            >= 1 or 0 => 2,
            >= 0.1m => 3,
            >= 0.01m => 4,
            _ => 6,
        };
        var rounded = Math.Round(value, decimals, MidpointRounding.AwayFromZero);
        return (rounded == value ? value : rounded).ToString(CultureInfo.InvariantCulture);
    }

    public static string Amount(Quantity? amount) => amount is null ? "" : $"{amount.Comparator}{Number(amount.Value)} {UnitOf(amount)}".TrimEnd();

    /// <summary>The unit for people: UCUM's brackets and annotations are for programs.</summary>
    public static string UnitOf(Quantity amount) => (amount.Shown ?? amount.Unit) switch
    {
        null or "1" => "",
        "mm[Hg]" => "mmHg",
        "Cel" => "°C",
        "kg/m2" => "kg/m²",
        ['{', .., '}'] => "",
        var unit => unit,
    };

    public static string Reading(Reading? reading) => reading switch
    {
        null => "",
        { Amount: not null, UpTo: not null } => $"{Amount(reading.Amount)} – {Amount(reading.UpTo)}",
        { Amount: not null } => Amount(reading.Amount),
        { UpTo: not null } => $"up to {Amount(reading.UpTo)}",
        { Concept: not null } => reading.Concept.Text,
        _ => reading.Text ?? "",
    };

    /// <summary>A measurement with the parts of its panel: <c>128 / 82 mmHg</c> for a blood pressure.</summary>
    public static string Measured(Measurement what, IReadOnlyList<Measurement> parts)
    {
        if (parts.Count == 0) return what.Value is null ? what.WhyAbsent?.Text ?? "" : Reading(what.Value);
        if (parts is [{ Value.Amount: { } upper }, { Value.Amount: { } lower }] && upper.Unit == lower.Unit)
            return $"{Number(upper.Value)} / {Amount(lower)}";
        return string.Join(", ", parts.Select(part => $"{part.Code.Text} {Reading(part.Value)}"));
    }

    /// <summary>How a drug is taken: the words written for people, else what its parts say: <c>1 tablet, 2 times in 1 d, as needed</c>.</summary>
    public static string Sig(Dosage dosage)
    {
        if (dosage.Text is { } text) return text;
        var dose = dosage.Dose is null ? null : dosage.DoseUpTo is null ? Amount(dosage.Dose) : $"{Amount(dosage.Dose)}–{Amount(dosage.DoseUpTo)}";
        string?[] parts =
        [
            dose,
            dosage is { Times: { } times, Period: { } period, PeriodUnit: { } unit } ? Frequency(times, period, unit) : null,
            dosage.Route?.Text,
            dosage.IsAsNeeded ? "as needed" : null,
            .. dosage.Instructions,
        ];
        return string.Join(", ", parts.Where(part => !string.IsNullOrEmpty(part)));
    }

    private static string Frequency(int times, decimal period, string unit)
    {
        var word = unit switch { "s" => "second", "min" => "minute", "h" => "hour", "d" => "day", "wk" => "week", "mo" => "month", "a" => "year", _ => unit };
        var every = period == 1 ? word : $"{Number(period)} {word}s";
        return times switch { 1 => $"once every {every}", 2 => $"twice every {every}", _ => $"{times} times every {every}" };
    }
}
