using System.Globalization;
using System.Text.Json.Serialization;

namespace Chartroom.Insights;

/// <summary>How long a line's stretch of time is.</summary>
[JsonConverter(typeof(Scheduling.SnakeCaseNames<Per>))]
public enum Per { Month, Week, Whole }

/// <summary>Whether there is a line for each of something.</summary>
[JsonConverter(typeof(Scheduling.SnakeCaseNames<By>))]
public enum By { Clinic, Provider, Location, VisitType }

/// <summary>Which figures somebody wants to see. Stands in the address: days and words only.</summary>
/// <param name="From">First day, by each location's wall clock.</param>
/// <param name="To">Last day, inclusive.</param>
public sealed record InsightsAsk(DateOnly From, DateOnly To, Per Per, By By)
{
    private const int LongestInWeeks = 732, Longest = 3660;

    /// <summary>From an address; what is missing or unreadable is the last twelve months by month.</summary>
    public static InsightsAsk Of(IQueryCollection query, DateOnly today) => new(
        DayOf(query["from"]) ?? new DateOnly(today.Year, today.Month, 1).AddMonths(-11), DayOf(query["to"]) ?? today, Named<Per>(query["per"]), Named<By>(query["by"]));

    /// <summary>What is wrong with it, or null.</summary>
    internal Refusal? Fault =>
        To < From ? Refusals.BackToFront
        : To.DayNumber - From.DayNumber > (Per == Per.Week ? LongestInWeeks : Longest) ? Refusals.TooLong
        : null;

    /// <summary>As it stands in an address, with its question mark.</summary>
    public string Text => string.Create(CultureInfo.InvariantCulture, $"?from={From:yyyy-MM-dd}&to={To:yyyy-MM-dd}&per={Words(Per)}&by={Words(By)}");

    /// <summary>First days of the stretches it has lines for, before they are cut to its own days.</summary>
    internal IEnumerable<DateOnly> Stretches()
    {
        for (var day = StretchOf(From); day <= To; day = After(day)) yield return day;
    }

    /// <summary>The days of the stretch that begins there, as far as they were asked for.</summary>
    internal (DateOnly From, DateOnly To) Cut(DateOnly stretch) =>
        (stretch < From ? From : stretch, After(stretch).AddDays(-1) is var last && last < To ? last : To);

    private DateOnly StretchOf(DateOnly day) => Per switch
    {
        Per.Week => day.AddDays(-(((int)day.DayOfWeek + 6) % 7)),
        Per.Month => new(day.Year, day.Month, 1),
        _ => From,
    };

    private DateOnly After(DateOnly stretch) => Per switch
    {
        Per.Week => stretch.AddDays(7),
        Per.Month => stretch.AddMonths(1),
        _ => To.AddDays(1),
    };

    internal static string Words<TEnum>(TEnum value) where TEnum : struct, Enum => value.ToString() is var name && name == nameof(By.VisitType) ? "visit_type" : name.ToLowerInvariant();

    internal static TEnum Named<TEnum>(string? word) where TEnum : struct, Enum => Enum.GetValues<TEnum>().FirstOrDefault(value => Words(value) == word);

    internal static DateOnly? DayOf(string? text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day.Year is > 1900 and < 2200 ? day : null;
}
