namespace Chartroom.Charts;

/// <summary>Where a reading lies beside its range.</summary>
public enum VitalFlag { Low, High }

/// <summary>The range in which most healthy people of an age lie at rest. Both ends belong to it.</summary>
/// <param name="Ages">Whose range it is, in words.</param>
/// <param name="Source">Who published it; shown wherever the range is.</param>
public sealed record VitalRange(decimal Low, decimal High, string Ages, string Source)
{
    /// <summary>Null for a reading inside.</summary>
    public VitalFlag? FlagOf(decimal value) => value < Low ? VitalFlag.Low : value > High ? VitalFlag.High : null;
}

/// <summary>Published ranges of vital signs by age: the one place where they stand. A flag points out; it is no diagnosis.</summary>
public static class VitalRanges
{
    private const string Pals = "AHA, Pediatric Advanced Life Support 2015";
    private const string AdultPressure = "ACC/AHA 2017, AAP 2017 (high from 130/80); NHLBI (low under 90/60)";
    private const string Rest = "AHA (60 to 100 at rest)";
    private const string Breaths = "RCP, NEWS2 (12 to 20)";
    private const string Fever = "CDC (fever from 38.0 °C); ACCP/SCCM 1992 (low under 36.0 °C)";
    private const string Oximetry = "WHO pulse oximetry manual 2011 (95 % and more)";
    private const string BodyMass = "CDC, adults from 20 years; children's are read from a growth chart";
    private const int Year = 12, Old = 200 * Year;

    /// <summary>By sign, youngest first.</summary>
    private static readonly Dictionary<VitalSign, Band[]> Bands = new()
    {
        [VitalSign.HeartRate] =
        [
            new(1, 100, 205, "under 1 month", Pals), new(Year, 100, 190, "1 to 11 months", Pals), new(3 * Year, 98, 140, "1 to 2 years", Pals),
            new(6 * Year, 80, 120, "3 to 5 years", Pals), new(12 * Year, 75, 118, "6 to 11 years", Pals), new(16 * Year, 60, 100, "12 to 15 years", Pals),
            new(Old, 60, 100, "from 16 years", Rest),
        ],
        [VitalSign.RespiratoryRate] =
        [
            new(Year, 30, 53, "under 1 year", Pals), new(3 * Year, 22, 37, "1 to 2 years", Pals), new(6 * Year, 20, 28, "3 to 5 years", Pals),
            new(12 * Year, 18, 25, "6 to 11 years", Pals), new(16 * Year, 12, 20, "12 to 15 years", Pals), new(Old, 12, 20, "from 16 years", Breaths),
        ],
        [VitalSign.Systolic] =
        [
            new(1, 67, 84, "under 1 month", Pals), new(Year, 72, 104, "1 to 11 months", Pals), new(3 * Year, 86, 106, "1 to 2 years", Pals),
            new(6 * Year, 89, 112, "3 to 5 years", Pals), new(10 * Year, 97, 115, "6 to 9 years", Pals), new(12 * Year, 102, 120, "10 to 11 years", Pals),
            new(13 * Year, 110, 131, "12 years", Pals), new(Old, 90, 129, "from 13 years", AdultPressure),
        ],
        [VitalSign.Diastolic] =
        [
            new(1, 35, 53, "under 1 month", Pals), new(Year, 37, 56, "1 to 11 months", Pals), new(3 * Year, 42, 63, "1 to 2 years", Pals),
            new(6 * Year, 46, 72, "3 to 5 years", Pals), new(10 * Year, 57, 76, "6 to 9 years", Pals), new(12 * Year, 61, 80, "10 to 11 years", Pals),
            new(13 * Year, 64, 83, "12 years", Pals), new(Old, 60, 79, "from 13 years", AdultPressure),
        ],
        [VitalSign.Temperature] = [new(Old, 36.0m, 37.9m, "all ages", Fever)],
        [VitalSign.OxygenSaturation] = [new(Old, 95, 100, "all ages", Oximetry)],
        [VitalSign.Bmi] = [new(20 * Year, null, null, "", ""), new(Old, 18.5m, 24.9m, "from 20 years", BodyMass)],
    };

    /// <summary>The range of somebody of that age then. Null where none is published for the age, or the age is not known well enough to tell.</summary>
    /// <param name="born">A year or a month of birth will do where every day of it leads to one range.</param>
    public static VitalRange? For(VitalSign sign, PartialTime? born, DateTimeOffset at)
    {
        if (born is null || !Bands.TryGetValue(sign, out var bands)) return null;
        var (first, last) = DaysOf(born);
        var day = DateOnly.FromDateTime(at.UtcDateTime);
        var band = BandAt(bands, Months(last, day));
        return band == BandAt(bands, Months(first, day)) && band is { Low: { } low, High: { } high } ? new(low, high, band.Ages, band.Source) : null;
    }

    /// <summary>Whole months from a birth to a day; below zero before it.</summary>
    public static int Months(DateOnly born, DateOnly day) => ((day.Year - born.Year) * Year) + day.Month - born.Month - (day.Day < born.Day ? 1 : 0);

    private static Band? BandAt(Band[] bands, int months) => months < 0 ? null : Array.Find(bands, band => months < band.UntilMonths);

    private static (DateOnly First, DateOnly Last) DaysOf(PartialTime born)
    {
        var first = DateOnly.FromDateTime(born.Earliest.DateTime);
        return (first, born.Precision switch { TimePrecision.Year => first.AddYears(1).AddDays(-1), TimePrecision.Month => first.AddMonths(1).AddDays(-1), _ => first });
    }

    /// <param name="UntilMonths">The first age in whole months that is no longer of it.</param>
    private sealed record Band(int UntilMonths, decimal? Low, decimal? High, string Ages, string Source);
}
