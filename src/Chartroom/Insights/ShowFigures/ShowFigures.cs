using Chartroom.Platform.Audit;
using Chartroom.Platform.Tenancy;

namespace Chartroom.Insights;

/// <summary>The figures of one stretch of time, of one provider, place or kind of visit, or of all.</summary>
public sealed record FigureLine
{
    /// <summary>First day.</summary>
    public required DateOnly From { get; init; }
    /// <summary>Last day, inclusive.</summary>
    public required DateOnly To { get; init; }
    /// <summary>Which provider, location or visit type; null for all.</summary>
    public Guid? PartId { get; init; }
    /// <summary>Its name.</summary>
    public string? Part { get; init; }
    /// <summary>Patients seen.</summary>
    public required long Visits { get; init; }
    /// <summary>Started and not cancelled.</summary>
    public required long Due { get; init; }
    /// <summary>Nobody came.</summary>
    public required long NoShows { get; init; }
    /// <summary>Cancelled by the patient too late.</summary>
    public required long LateCancels { get; init; }
    /// <summary>Minutes of visits not cancelled.</summary>
    public required long BookedMinutes { get; init; }
    /// <summary>Minutes somebody could have been booked.</summary>
    public required long OpenMinutes { get; init; }
    /// <summary>Seconds from booking to start: half were at most this.</summary>
    public required long? LeadMedian { get; init; }
    /// <summary>Nine of ten were at most this.</summary>
    public required long? LeadMost { get; init; }
    /// <summary>Seconds from arrival to room or provider: half were at most this.</summary>
    public required long? WaitMedian { get; init; }
    /// <summary>Nine of ten were at most this.</summary>
    public required long? WaitMost { get; init; }
    /// <summary>Seconds from the room to the provider: half were at most this.</summary>
    public required long? RoomWaitMedian { get; init; }
    /// <summary>Nine of ten were at most this.</summary>
    public required long? RoomWaitMost { get; init; }
    /// <summary>Seconds with the provider: half were at most this.</summary>
    public required long? SeenMedian { get; init; }
    /// <summary>Nine of ten were at most this.</summary>
    public required long? SeenMost { get; init; }
    /// <summary>Seconds from being ready to check out to the end: half were at most this.</summary>
    public required long? LeavingMedian { get; init; }
    /// <summary>Nine of ten were at most this.</summary>
    public required long? LeavingMost { get; init; }

    /// <summary>Share of the visits due, 0 to 1; null when none was.</summary>
    public double? NoShowRate => Share(NoShows, Due);
    /// <summary>Share of the visits due and the late cancellations.</summary>
    public double? LateCancelRate => Share(LateCancels, Due + LateCancels);
    /// <summary>Share of the open time that is booked; can be over 1.</summary>
    public double? FillRate => Share(BookedMinutes, OpenMinutes);

    private static double? Share(long part, long whole) => whole == 0 ? null : (double)part / whole;
}

/// <summary>All lines, and the whole of them.</summary>
/// <param name="TimeZones">Zones of the locations, whose wall clocks say what day a visit is on.</param>
public sealed record FiguresView(InsightsAsk Ask, IReadOnlyList<string> TimeZones, FigureLine Whole, IReadOnlyList<FigureLine> Lines);

/// <summary>Counts. An administrator sees the clinic, a provider their own visits.</summary>
internal sealed class ShowFiguresHandler(TenantDb db)
{
    public async Task<Outcome<FiguresView>> HandleAsync(InsightsAsk ask, string action, Actor actor, CancellationToken ct)
    {
        if (ask.Fault is { } fault) return fault;
        await using var tx = await db.BeginAsync(actor, Permission.SeeInsights, ct);
        tx.Audit(new Access(action, "appointment", Purpose: Purpose.Operations));
        var scope = new { ask.From, ask.To, ask.Per, ask.By, provider = Own(actor), now = tx.Now };
        var counts = tx.Ask<CountRow>(FiguresSql.Counts, scope);
        var open = tx.Ask<OpenRow>(FiguresSql.Open, new { ask.From, ask.To, ask.Per, ask.By, scope.provider });
        var names = tx.Ask<PartName>(FiguresSql.Names, new { ask.By });
        var zones = await tx.QueryAsync<string>("select distinct time_zone from location where is_active order by time_zone", null, ct);
        await tx.CommitAsync(ct);
        return new FiguresLines(ask, await names.ReadAsync(ct)).View(zones, await counts.ReadAsync(ct), await open.ReadAsync(ct));
    }

    /// <summary>Whose visits alone the actor may look into; null for everybody's.</summary>
    internal static StaffId? Own(Actor actor) => actor.Role == ClinicRole.Provider ? actor.Staff : null;
}

/// <summary>What the database counted; without a bucket it is the whole. Pairs are median and 90th percentile in seconds, null where nothing was measured.</summary>
internal sealed record CountRow
{
    public DateOnly? Bucket { get; init; }
    public Guid? Part { get; init; }
    public long Visits { get; init; }
    public long Due { get; init; }
    public long NoShows { get; init; }
    public long LateCancels { get; init; }
    public long BookedMinutes { get; init; }
    public long[]? Leads { get; init; }
    public long[]? Waits { get; init; }
    public long[]? RoomWaits { get; init; }
    public long[]? Seen { get; init; }
    public long[]? Leaving { get; init; }
}

/// <summary>Open minutes of a stretch.</summary>
internal sealed record OpenRow(DateOnly Bucket, Guid? Part, long Minutes);

/// <summary>What a part is called.</summary>
internal sealed record PartName(Guid Id, string Name);
