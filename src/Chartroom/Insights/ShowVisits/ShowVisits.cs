using System.Globalization;
using Chartroom.Patients;
using Chartroom.Platform.Audit;
using Chartroom.Platform.Tenancy;

namespace Chartroom.Insights;

/// <summary>Which number's visits somebody wants to see.</summary>
/// <param name="Figure">Name of the figure.</param>
/// <param name="From">First day, by each location's wall clock.</param>
/// <param name="To">Last day, inclusive.</param>
/// <param name="By">What <paramref name="Of"/> is one of.</param>
/// <param name="Of">A provider, location or visit type; null for all.</param>
public sealed record VisitsAsk(string Figure, DateOnly From, DateOnly To, By By, Guid? Of)
{
    /// <summary>From an address.</summary>
    internal static VisitsAsk Read(IQueryCollection query, DateOnly today)
    {
        var days = InsightsAsk.Of(query, today);
        return new(query["figure"].ToString(), days.From, days.To, days.By, Guid.TryParseExact(query["of"], "D", out var of) ? of : null);
    }

    /// <summary>With its question mark.</summary>
    internal static string Text(VisitsAsk ask, string? after = null) => string.Create(CultureInfo.InvariantCulture,
        $"?figure={ask.Figure}&from={ask.From:yyyy-MM-dd}&to={ask.To:yyyy-MM-dd}&by={InsightsAsk.Words(ask.By)}{(ask.Of is { } of ? $"&of={of:D}" : "")}{(after is null ? "" : $"&after={after}")}");
}

/// <summary>A visit behind a number.</summary>
public sealed record CountedVisit
{
    public AppointmentId Id { get; init; }
    public PatientId PatientId { get; init; }
    public DateTimeOffset StartsAt { get; init; }
    /// <summary>Wall-clock start at the location.</summary>
    public DateTime LocalStart { get; init; }
    public string TimeZone { get; init; } = "";
    public string Provider { get; init; } = "";
    public string Location { get; init; } = "";
    public string VisitType { get; init; } = "";
    /// <summary>How far it has come.</summary>
    public string Status { get; init; } = "";
    /// <summary>Minutes for booked and waited time, days for lead time.</summary>
    public double? Value { get; init; }
}

/// <summary>A part of the visits behind a number, by start.</summary>
/// <param name="Of">Name of the provider, location or visit type.</param>
/// <param name="Next">Ask with this as <c>after</c> for the next part; null at the end.</param>
public sealed record CountedVisits(VisitsAsk Ask, string? Of, string Definition, IReadOnlyList<string> TimeZones, IReadOnlyList<CountedVisit> Visits, string? Next);

/// <summary>The visits with the names of those who came, for people.</summary>
public sealed record VisitsView(CountedVisits Part, Figure Figure, IReadOnlyDictionary<PatientId, PatientLine> Patients);

/// <summary>Opens a number. A provider sees their own visits.</summary>
internal sealed class ShowVisitsHandler(TenantDb db)
{
    public const string Read = "insights.visits-read";
    private const int AtOnce = 50;
    private static readonly Access Access = new(Read, "appointment", Purpose: Purpose.Operations);

    /// <summary>Ids only, as programs get it; one event names the patients.</summary>
    public async Task<Outcome<CountedVisits>> HandleAsync(VisitsAsk ask, string? after, Actor actor, CancellationToken ct)
    {
        if (Fault(ask) is { } fault) return fault;
        await using var tx = await db.BeginAsync(actor, Permission.SeeInsights, ct);
        var part = await PartAsync(tx, ask, after, ct);
        tx.Audit(Access, [.. part.Visits.Select(visit => visit.PatientId).Distinct()]);
        await tx.CommitAsync(ct);
        return part;
    }

    /// <summary>With names.</summary>
    public async Task<Outcome<VisitsView>> ViewAsync(VisitsAsk ask, string? after, Actor actor, CancellationToken ct)
    {
        if (Fault(ask) is { } fault) return fault;
        await using var tx = await db.BeginAsync(actor, Permission.SeeInsights, ct);
        var part = await PartAsync(tx, ask, after, ct);
        var names = await PatientRegister.NamesOnRecordAsync(tx, [.. part.Visits.Select(visit => visit.PatientId).Distinct()], Access, ct);
        await tx.CommitAsync(ct);
        return new VisitsView(part, FigureOf(ask)!, names);   // looked for three lines up
    }

    private static Figure? FigureOf(VisitsAsk ask) => Figure.All.FirstOrDefault(it => it.Name == ask.Figure);

    private static Refusal? Fault(VisitsAsk ask) =>
        FigureOf(ask) is null ? Refusals.NoSuchFigure : new InsightsAsk(ask.From, ask.To, Per.Whole, ask.By).Fault;

    private static async Task<CountedVisits> PartAsync(ClinicTx tx, VisitsAsk ask, string? after, CancellationToken ct)
    {
        var cursor = VisitCursor.Read(after);
        var name = tx.Ask<PartName>(FiguresSql.Names, new { ask.By });
        var zones = tx.Ask<string>("select distinct time_zone from location where is_active order by time_zone", null);
        var visits = await tx.QueryAsync<CountedVisit>(VisitsSql.Behind, new
        {
            ask.Figure, ask.From, ask.To, ask.By, ask.Of, provider = ShowFiguresHandler.Own(tx.Actor), now = tx.Now, cursor.At, cursor.Id, most = AtOnce + 1,
        }, ct);
        var shown = visits.Take(AtOnce).ToList();
        return new(ask, (await name.ReadAsync(ct)).Find(it => it.Id == ask.Of)?.Name, FigureOf(ask)!.Definition, await zones.ReadAsync(ct), shown,
            visits.Count > AtOnce ? new VisitCursor(shown[^1].StartsAt, shown[^1].Id.Value).ToString() : null);
    }
}

/// <summary>Where a list goes on: after this start and key.</summary>
internal readonly record struct VisitCursor(DateTimeOffset At, Guid Id)
{
    public static VisitCursor Read(string? text)
    {
        var parts = text?.Split('-', 2) ?? [];
        return parts.Length == 2 && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var ticks) && ticks < DateTime.MaxValue.Ticks && Guid.TryParseExact(parts[1], "N", out var id)
            ? new(new(ticks, TimeSpan.Zero), id)
            : new(DateTimeOffset.UnixEpoch.AddYears(-69), Guid.Empty);
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{At.UtcTicks}-{Id:N}");
}
