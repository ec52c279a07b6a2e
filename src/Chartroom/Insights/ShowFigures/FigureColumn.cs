using System.Globalization;

namespace Chartroom.Insights;

/// <summary>A column of the table, which is also one of the file: both are made here, so they cannot differ.</summary>
/// <param name="Title">Heading.</param>
/// <param name="Number">The number; null where there is none.</param>
/// <param name="Format">How it is written.</param>
/// <param name="Opens">The visits behind it.</param>
/// <param name="Name">By which a chart finds it.</param>
internal sealed record FigureColumn(string Name, string Title, Func<FigureLine, double?> Number, string Format, Figure? Opens)
{
    public static readonly IReadOnlyList<FigureColumn> All =
    [
        new("visits", "Visits", line => line.Visits, "0", Figure.Visits),
        new("due", "Visits due", line => line.Due, "0", Figure.Due),
        new("no_shows", "No-shows", line => line.NoShows, "0", Figure.NoShows),
        new("no_show_rate", "No-show rate (%)", line => line.NoShowRate * 100, "0.0", Figure.NoShows),
        new("late_cancels", "Late cancellations", line => line.LateCancels, "0", Figure.LateCancels),
        new("late_cancel_rate", "Late cancellation rate (%)", line => line.LateCancelRate * 100, "0.0", Figure.LateCancels),
        new("booked", "Booked (hours)", line => line.BookedMinutes / 60.0, "0.0", Figure.Booked),
        new("open", "Open (hours)", line => line.OpenMinutes / 60.0, "0.0", null),
        new("fill_rate", "Fill rate (%)", line => line.FillRate * 100, "0.0", Figure.Booked),
        new("lead_median", "Lead time, median (days)", line => line.LeadMedian / 86400.0, "0.0", Figure.Lead),
        new("lead_most", "Lead time, 90th percentile (days)", line => line.LeadMost / 86400.0, "0.0", Figure.Lead),
        new("wait_median", "Wait, median (minutes)", line => line.WaitMedian / 60.0, "0.0", Figure.Waits),
        new("wait_most", "Wait, 90th percentile (minutes)", line => line.WaitMost / 60.0, "0.0", Figure.Waits),
        new("room_wait_median", "Wait in the room, median (minutes)", line => line.RoomWaitMedian / 60.0, "0.0", Figure.RoomWaits),
        new("room_wait_most", "Wait in the room, 90th percentile (minutes)", line => line.RoomWaitMost / 60.0, "0.0", Figure.RoomWaits),
        new("seen_median", "With the provider, median (minutes)", line => line.SeenMedian / 60.0, "0.0", Figure.Seen),
        new("seen_most", "With the provider, 90th percentile (minutes)", line => line.SeenMost / 60.0, "0.0", Figure.Seen),
        new("leaving_median", "Checking out, median (minutes)", line => line.LeavingMedian / 60.0, "0.0", Figure.Leaving),
        new("leaving_most", "Checking out, 90th percentile (minutes)", line => line.LeavingMost / 60.0, "0.0", Figure.Leaving),
    ];

    /// <summary>As the screen and the file show it; empty where there is no number.</summary>
    public string Text(FigureLine line) => Number(line)?.ToString(Format, CultureInfo.InvariantCulture) ?? "";
}

/// <summary>The table as the screen shows it and the file holds it.</summary>
internal static class FigureTable
{
    public static IReadOnlyList<string> Head(InsightsAsk ask) =>
        [ask.Per switch { Per.Week => "Week", Per.Month => "Month", _ => "Period" }, .. ask.By == By.Clinic ? [] : new[] { PartTitle(ask.By) }, .. FigureColumn.All.Select(column => column.Title)];

    public static IReadOnlyList<string> Cells(InsightsAsk ask, FigureLine line) =>
        [Stretch(ask, line), .. ask.By == By.Clinic ? [] : new[] { line.Part ?? "" }, .. FigureColumn.All.Select(column => column.Text(line))];

    public static string PartTitle(By by) => by switch { By.Provider => "Provider", By.Location => "Location", By.VisitType => "Visit type", _ => "Clinic" };

    /// <summary>A month by its name, unless it is cut; anything else by its days.</summary>
    public static string Stretch(InsightsAsk ask, FigureLine line) =>
        ask.Per == Per.Month && line.From.Day == 1 && line.To.AddDays(1).Day == 1 && line.From.Month == line.To.Month
            ? line.From.ToString("yyyy-MM", CultureInfo.InvariantCulture)
            : string.Create(CultureInfo.InvariantCulture, $"{line.From:yyyy-MM-dd} to {line.To:yyyy-MM-dd}");

    /// <summary>Where the visits behind a number are.</summary>
    public static string Address(InsightsAsk ask, FigureLine line, Figure figure) => VisitsAsk.Text(new(figure.Name, line.From, line.To, ask.By, line.PartId));
}
