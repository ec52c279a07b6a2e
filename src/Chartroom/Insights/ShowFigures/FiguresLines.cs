namespace Chartroom.Insights;

/// <summary>Puts what was counted into lines, stretch after stretch; those of parts in the order of their names.</summary>
internal sealed class FiguresLines(InsightsAsk ask, IReadOnlyList<PartName> names)
{
    public FiguresView View(IReadOnlyList<string> zones, List<CountRow> counts, List<OpenRow> open)
    {
        var byLine = counts.Where(row => row.Bucket is not null).ToDictionary(row => (row.Bucket!.Value, row.Part ?? Guid.Empty));
        var openOf = open.ToDictionary(row => (row.Bucket, row.Part ?? Guid.Empty), row => row.Minutes);
        var lines = from stretch in ask.Stretches()
                    from part in PartsOf(stretch, byLine, openOf)
                    let minutes = openOf.GetValueOrDefault((stretch, ask.By == By.VisitType ? Guid.Empty : part?.Id ?? Guid.Empty))
                    select Line(ask.Cut(stretch), part, byLine.GetValueOrDefault((stretch, part?.Id ?? Guid.Empty)), minutes);
        var whole = Line((ask.From, ask.To), null, counts.Find(row => row.Bucket is null), open.Sum(row => row.Minutes));
        return new(ask, zones, whole, [.. lines]);
    }

    /// <summary>One line for the clinic; else one for each part that was open or had a visit.</summary>
    private IEnumerable<PartName?> PartsOf(DateOnly stretch, Dictionary<(DateOnly, Guid), CountRow> counts, Dictionary<(DateOnly, Guid), long> open) =>
        ask.By == By.Clinic ? new PartName?[] { null } : names.Where(name => counts.ContainsKey((stretch, name.Id)) || open.ContainsKey((stretch, name.Id))).Select(name => (PartName?)name);

    private static FigureLine Line((DateOnly From, DateOnly To) days, PartName? part, CountRow? row, long openMinutes) => new()
    {
        From = days.From, To = days.To, PartId = part?.Id, Part = part?.Name, Visits = row?.Visits ?? 0, Due = row?.Due ?? 0, NoShows = row?.NoShows ?? 0,
        LateCancels = row?.LateCancels ?? 0, BookedMinutes = row?.BookedMinutes ?? 0, OpenMinutes = openMinutes,
        LeadMedian = row?.Leads?[0], LeadMost = row?.Leads?[1], WaitMedian = row?.Waits?[0], WaitMost = row?.Waits?[1], RoomWaitMedian = row?.RoomWaits?[0], RoomWaitMost = row?.RoomWaits?[1],
        SeenMedian = row?.Seen?[0], SeenMost = row?.Seen?[1], LeavingMedian = row?.Leaving?[0], LeavingMost = row?.Leaving?[1],
    };
}
