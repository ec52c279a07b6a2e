namespace Chartroom.Scheduling;

/// <summary>A line across the day, every quarter of an hour.</summary>
/// <param name="Row">Counts from 1.</param>
/// <param name="At">What the clocks show.</param>
/// <param name="Which">For a time they show twice.</param>
public sealed record GridMark(int Row, TimeOnly At, Doubled? Which)
{
    public bool IsHour => At.Minute == 0;
}

/// <summary>A stretch of a column.</summary>
public readonly record struct GridBand(int Row, int Span);

/// <summary>A visit in its place. Visits at one time stand side by side: lane <paramref name="Lane"/> of <paramref name="Lanes"/>, counted from 1.</summary>
public sealed record GridBlock(DayVisit Visit, int Row, int Span, int Lane, int Lanes);

/// <summary>One provider's column.</summary>
public sealed record GridColumn(StaffId ProviderId, string ProviderName, LocationId? Location, IReadOnlyList<GridBand> Open, IReadOnlyList<GridBlock> Blocks);

/// <summary>
/// Places a day on rows of five minutes of real time. The rows follow instants, not the wall clock: a day of 25 hours has 300 of them, one of 23 hours 276, and
/// each mark says what the clocks show. Pure: no clock, no database.
/// </summary>
public sealed record DayGrid(int Rows, IReadOnlyList<GridMark> Marks, int? NowRow, IReadOnlyList<GridColumn> Columns)
{
    public const int MinutesPerRow = 5, MostLanes = 4;
    private const int UsualFrom = 8 * 60, UsualTo = 17 * 60;

    public static DayGrid Of(Day day)
    {
        var clock = ClockOf(day);
        var columns = ColumnsOf(day, clock);
        var (first, end) = Extent(clock, columns);
        return new(end - first, [.. MarksOf(clock, first, end)], NowRowOf(day, first, end), [.. columns.Select(column => Shift(column, first))]);
    }

    /// <summary>Minute of the day that the clocks show at each row of the whole day.</summary>
    private static int[] ClockOf(Day day)
    {
        var rows = (int)Math.Ceiling((day.To - day.From).TotalMinutes / MinutesPerRow);
        return [.. Enumerable.Range(0, rows).Select(row => (int)ClinicTime.Local(day.From.AddMinutes(row * MinutesPerRow), day.TimeZone).TimeOfDay.TotalMinutes)];
    }

    /// <summary>Providers who work or have visits that day; everybody when nobody does, so that a free day can still be booked.</summary>
    private static List<GridColumn> ColumnsOf(Day day, int[] clock)
    {
        var visits = day.Visits.ToLookup(visit => visit.ProviderId);
        var known = day.Hours.GroupBy(hours => hours.ProviderId).Select(group => ColumnOf(day, clock, [.. group], visits[group.Key])).ToList();
        var former = visits.Where(group => known.TrueForAll(column => column.ProviderId != group.Key))
            .Select(group => new GridColumn(group.Key, group.First().ProviderName, null, [], Place(day, clock.Length, group)));
        var columns = known.Concat(former).ToList();
        return columns.Exists(IsUsed) ? columns.FindAll(IsUsed) : columns;
    }

    private static bool IsUsed(GridColumn column) => column.Open.Count > 0 || column.Blocks.Count > 0;

    private static GridColumn ColumnOf(Day day, int[] clock, List<DayHours> hours, IEnumerable<DayVisit> visits) =>
        new(hours[0].ProviderId, hours[0].ProviderName, hours[0].LocationId, BandsOf(clock, hours), Place(day, clock.Length, visits));

    /// <summary>Runs of rows at which one of the stretches is open; more than one for each where the clocks jump.</summary>
    private static List<GridBand> BandsOf(int[] clock, List<DayHours> hours)
    {
        var bands = new List<GridBand>();
        for (var row = 0; row < clock.Length; row++)
        {
            if (!hours.Exists(it => it.Opens <= clock[row] && clock[row] < it.Closes)) continue;
            if (bands is [.., var last] && last.Row + last.Span == row + 1) bands[^1] = last with { Span = last.Span + 1 };
            else bands.Add(new(row + 1, 1));
        }
        return bands;
    }

    /// <summary>Lanes as few as possible: each visit takes the first that is free, and visits that touch each other share their number of lanes.</summary>
    private static List<GridBlock> Place(Day day, int rows, IEnumerable<DayVisit> visits)
    {
        var (placed, cluster) = (new List<GridBlock>(), new List<GridBlock>());
        var clusterEnd = 0;
        foreach (var visit in visits.OrderBy(visit => visit.StartsAt).ThenByDescending(visit => visit.EndsAt))
        {
            var row = Math.Max(0, (int)Math.Floor((visit.StartsAt - day.From).TotalMinutes / MinutesPerRow)) + 1;
            var end = Math.Min(rows, (int)Math.Ceiling((visit.EndsAt - day.From).TotalMinutes / MinutesPerRow)) + 1;
            if (row >= clusterEnd) Close(cluster, placed);
            var lane = Enumerable.Range(1, MostLanes).FirstOrDefault(lane => cluster.TrueForAll(other => other.Lane != lane || other.Row + other.Span <= row), MostLanes);
            cluster.Add(new(visit, row, Math.Max(1, end - row), lane, 1));
            clusterEnd = Math.Max(clusterEnd, end);
        }
        Close(cluster, placed);
        return placed;
    }

    private static void Close(List<GridBlock> cluster, List<GridBlock> placed)
    {
        placed.AddRange(cluster.Select(block => block with { Lanes = cluster.Max(it => it.Lane) }));
        cluster.Clear();
    }

    /// <summary>From the first to the last row that matters, in whole hours of the wall clock; office hours at least. End is exclusive.</summary>
    private static (int First, int End) Extent(int[] clock, List<GridColumn> columns)
    {
        var bands = columns.SelectMany(column => column.Open.Concat(column.Blocks.Select(block => new GridBand(block.Row, block.Span)))).ToList();
        var first = Math.Min(Array.FindIndex(clock, minute => minute >= UsualFrom), bands.Select(band => band.Row - 1).DefaultIfEmpty(clock.Length).Min());
        var end = Math.Max(Array.FindLastIndex(clock, minute => minute < UsualTo) + 1, bands.Select(band => band.Row - 1 + band.Span).DefaultIfEmpty(0).Max());
        while (first > 0 && clock[first] % 60 != 0) first--;
        while (end < clock.Length && clock[end] % 60 != 0) end++;
        return (first, end);
    }

    private static IEnumerable<GridMark> MarksOf(int[] clock, int first, int end)
    {
        for (var row = first; row < end; row++)
        {
            if (clock[row] % 15 != 0) continue;
            var (isLater, isEarlier) = (Array.IndexOf(clock, clock[row], 0, row) >= 0, Array.IndexOf(clock, clock[row], row + 1) >= 0);
            yield return new(row - first + 1, TimeOnly.MinValue.AddMinutes(clock[row]), isLater ? Doubled.Later : isEarlier ? Doubled.Earlier : null);
        }
    }

    private static int? NowRowOf(Day day, int first, int end)
    {
        var row = (int)Math.Floor((day.Now - day.From).TotalMinutes / MinutesPerRow);
        return row >= first && row < end ? row - first + 1 : null;
    }

    private static GridColumn Shift(GridColumn column, int first) => column with
    {
        Open = [.. column.Open.Select(band => band with { Row = band.Row - first })],
        Blocks = [.. column.Blocks.Select(block => block with { Row = block.Row - first })],
    };
}
