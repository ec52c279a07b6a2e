using Chartroom.Platform.Database;
using Chartroom.Platform.Tenancy;
using Chartroom.Platform.Web;
using Chartroom.Shell;

namespace Chartroom.Scheduling;

/// <summary>The calendar's own pages: the day, the week and the month, what changed on other screens, the sheet to print, and how a person likes to see it.</summary>
internal static class DayPages
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var day = routes.MapGroup("/day").ExcludeFromDescription();
        day.MapGet("", DayAsync).Requires(Permission.SeeAppointments).Audits("day.read", "week.read", "month.read");
        day.MapGet("/facts", FactsAsync).Requires(Permission.SeeAppointments).Audits("day.read").RunsByItself();
        day.MapGet("/visits", ChangedAsync).Requires(Permission.SeeAppointments).Audits("day.read").RunsByItself();
        day.MapGet("/sheet", SheetAsync).Requires(Permission.SeeAppointments).Audits("day.read");
        day.MapPost("/look", LookAsync).Requires(Permission.SeeAppointments).Audits("calendar.look-changed");
    }

    private static async Task<IResult> DayAsync([AsParameters] DayAddress address, CalendarHandler handler, Actor actor, HttpContext context, CancellationToken ct)
    {
        var shown = await handler.HandleAsync(address, actor, ct);
        if (!shown.IsOk) return VisitPages.Refused(context, shown.Refusal);
        var done = DoneNote.Of(address.Done, address.Visit, address.V, "day");
        if (shown.Value.Week is { } week) return Page.Of<WeekPage>(new { Week = week, shown.Value.Look, Done = done });
        return shown.Value.Month is { } month
            ? Page.Of<MonthPage>(new { Month = month, shown.Value.Look, Done = done })
            : Page.Of<DayPage>(new { Day = shown.Value.Day!, shown.Value.Look, Facts = shown.Value.Facts!, Done = done });   // one of the two is there
    }

    /// <summary>Some visits of the days in sight, after another screen told that they changed. What is not in the answer is no longer there.</summary>
    private static async Task<IResult> ChangedAsync([AsParameters] ChangedAddress address, CalendarHandler handler, Actor actor, CancellationToken ct) =>
        (await handler.ChangedAsync(address.View, actor, ct)).ToHttp(TypedResults.Ok);

    /// <summary>All that the page brought as facts, anew: after hours, closures or columns changed, or when news may have been missed.</summary>
    private static async Task<IResult> FactsAsync([AsParameters] DayAddress address, CalendarHandler handler, Actor actor, CancellationToken ct) =>
        (await handler.HandleAsync(address, actor, ct)).ToHttp(shown => shown.Facts is { } facts ? Results.Text(facts.ToJson(), "application/json") : Results.NotFound());

    private static async Task<IResult> SheetAsync(DateOnly? date, LocationId? location, StaffId? provider, DayViewHandler handler, Actor actor, HttpContext context, CancellationToken ct)
    {
        var day = await handler.HandleAsync(new(date, location) { Provider = provider }, actor, ct);
        return day.IsOk ? Page.Of<SheetPage>(new { Day = day.Value, Provider = provider }) : VisitPages.Refused(context, day.Refusal);
    }

    private static async Task<IResult> LookAsync(Form<ChangeLook> form, ChangeLookHandler handler, Actor actor, HttpContext context)
    {
        var changed = await form.ThenAsync(ask => handler.HandleAsync(ask, actor, context.RequestAborted));
        if (!changed.IsOk) return VisitPages.Refused(context, changed.Refusal);
        return Page.SeeOther(form.Ask.Value.Date is { } date ? $"/day?date={Clock.Iso(date)}" : "/day");
    }
}

/// <summary>Visits that changed, where they stand now.</summary>
/// <param name="Now">Which day in sight, and which minute of it.</param>
/// <param name="Visits">Those of them that are still there.</param>
/// <param name="Waiting">What waits for the desk elsewhere.</param>
internal sealed record ChangedVisits(IReadOnlyList<int> Now, IReadOnlyList<DayFacts.Item> Visits, IReadOnlyList<WaitingCount> Waiting);

/// <summary>The address of a day. What it does not say is as the person likes it.</summary>
internal sealed record DayAddress(DateOnly? Date, LocationId? Location, StaffId? Provider, string? View, string? By, bool? Closed, string? Done, AppointmentId? Visit, int? V)
{
    /// <summary>The person's look, with what the address says in its place.</summary>
    public CalendarLook Over(CalendarLook look) => look with
    {
        View = Named(View, look.View), Columns = Named(By, look.Columns), ShowsClosed = Closed ?? look.ShowsClosed, LocationId = Location ?? look.LocationId, ProviderId = Provider ?? look.ProviderId,
    };

    private static TName Named<TName>(string? name, TName otherwise) where TName : struct, Enum =>
        Enum.TryParse<TName>(name, ignoreCase: true, out var known) && Enum.IsDefined(known) ? known : otherwise;
}

/// <summary>The address of visits that changed.</summary>
internal sealed record ChangedAddress(DateOnly Date, int? Days, LocationId? Location, StaffId? Provider, bool? Closed, AppointmentId[]? Only)
{
    public DayView View => new(Date, Location, Closed ?? false) { Days = Days == 7 ? 7 : 1, Provider = Days == 7 ? Provider : null, Only = Only is { Length: > 0 } ? Only : null };
}

/// <summary>What the page shows: a day or one provider's week, or the week of all, or a month.</summary>
internal sealed record ShownCalendar(CalendarLook Look, Day? Day, DayFacts? Facts, Month? Month)
{
    public Week? Week { get; init; }
}

/// <summary>Reads the calendar as the person likes to see it, in one transaction.</summary>
internal sealed class CalendarHandler(TenantDb db, IEnumerable<DeskWaiting> waiting)
{
    public async Task<Outcome<ShownCalendar>> HandleAsync(DayAddress address, Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.SeeAppointments, ct);
        var look = address.Over(await ChangeLookHandler.FindAsync(tx, ct));
        var shown = look.View switch
        {
            CalendarSpan.Month => await MonthOfAsync(tx, address, look, ct),
            CalendarSpan.Week when look.ProviderId is null => await WeekOfAsync(tx, address, look, ct),
            _ => await DayOfAsync(tx, address, look, ct),
        };
        if (shown.IsOk) await tx.CommitAsync(ct);
        return shown;
    }

    private static async Task<Outcome<ShownCalendar>> MonthOfAsync(ClinicTx tx, DayAddress address, CalendarLook look, CancellationToken ct)
    {
        var month = await MonthView.FindAsync(tx, new(address.Date, look.LocationId, look.ProviderId), ct);
        return month.IsOk ? new ShownCalendar(look, null, null, month.Value) : month.Refusal;
    }

    /// <summary>All providers in figures; where there is only one, hers hour by hour.</summary>
    private async Task<Outcome<ShownCalendar>> WeekOfAsync(ClinicTx tx, DayAddress address, CalendarLook look, CancellationToken ct)
    {
        var week = await WeekView.FindAsync(tx, new(address.Date, look.LocationId), ct);
        if (!week.IsOk) return week.Refusal;
        return week.Value.Providers.ToList() switch
        {
            [] => await DayOfAsync(tx, address, look, ct),
            [var only] => await DayOfAsync(tx, address, look with { ProviderId = only.Key }, ct),
            _ => new ShownCalendar(look, null, null, null) { Week = week.Value },
        };
    }

    /// <summary>Some visits as they stand now.</summary>
    public async Task<Outcome<ChangedVisits>> ChangedAsync(DayView ask, Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.SeeAppointments, ct);
        var counts = AskWaiting(tx);
        var day = await DayViewHandler.FindAsync(tx, ask, ct);
        if (!day.IsOk) return day.Refusal;
        var axis = new DayAxis(day.Value);
        var (at, minute) = axis.Of(day.Value.Now);
        var changed = new ChangedVisits([at, minute], DayFacts.ItemsOf(day.Value, axis), await ReadAsync(counts, ct));
        await tx.CommitAsync(ct);
        return changed;
    }

    private List<(DeskWaiting Of, AskedRows<long> Count)> AskWaiting(ClinicTx tx) => [.. waiting.Select(it => (it, it.Ask(tx)))];

    private static async Task<IReadOnlyList<WaitingCount>> ReadAsync(List<(DeskWaiting Of, AskedRows<long> Count)> asked, CancellationToken ct)
    {
        var counts = new List<WaitingCount>();
        foreach (var (of, count) in asked) counts.Add(new(of.Href, of.Text, await count.OneAsync(ct)));
        return counts;
    }

    private async Task<Outcome<ShownCalendar>> DayOfAsync(ClinicTx tx, DayAddress address, CalendarLook look, CancellationToken ct)
    {
        var isWeek = look.View == CalendarSpan.Week;
        var counts = AskWaiting(tx);
        var day = await DayViewHandler.FindAsync(tx, new(address.Date, look.LocationId, look.ShowsClosed)
        {
            Days = isWeek ? 7 : 1, Provider = isWeek ? look.ProviderId : null,
        }, ct);
        if (!day.IsOk) return day.Refusal;
        var facts = DayFacts.Of(day.Value, look, isWeek ? look.ProviderId : null, tx.Actor) with { Waiting = await ReadAsync(counts, ct) };
        return new ShownCalendar(look, day.Value, facts, null);
    }
}
