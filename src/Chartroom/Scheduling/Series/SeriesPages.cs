using Chartroom.Platform.Web;
using Chartroom.Shell;

namespace Chartroom.Scheduling;

/// <summary>Series for people: first the dates and what stands in their way, then the booking; the same for moving.</summary>
internal static class SeriesPages
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var pages = routes.MapGroup("/series").ExcludeFromDescription();
        pages.MapGet("/new", NewAsync).Requires(Permission.BookAppointments).Audits("booking.opened", "appointment.read");
        pages.MapPost("", BookAsync).Requires(Permission.BookAppointments).Audits("series.booked", "appointment.booked", "series.planned", "booking.opened");
        pages.MapGet("/{id:guid}", ShowAsync).Requires(Permission.SeeAppointments).Audits("series.read");
        pages.MapGet("/{id:guid}/change", (Guid id, AppointmentId visit, ChangeForm form, Actor actor, HttpContext context) => form.ShowAsync(id, visit, new(FormState.Fresh, []), actor, context))
            .Requires(Permission.BookAppointments).Audits("series.read", "booking.opened");
        pages.MapPost("/{id:guid}/change", ChangeAsync).Requires(Permission.BookAppointments).Audits("series.moved", "appointment.moved", "series.planned", "series.read", "booking.opened");
        pages.MapPost("/{id:guid}/cancel", CancelAsync).Requires(Permission.BookAppointments).Audits("series.cancelled", "appointment.cancelled");
        pages.MapPost("/{id:guid}/undo", UndoAsync).Requires(Permission.BookAppointments).Audits("series.undone", "appointment.undone");
    }

    private static async Task<IResult> NewAsync([AsParameters] SeriesAddress address, ReadSeriesHandler read, BookingChoicesHandler choices, Actor actor, CancellationToken ct)
    {
        var visit = address.Visit is { } id ? (await read.OfVisitAsync(id, actor, ct)).Visit : null;
        if ((visit?.PatientId ?? address.Patient) is not { } patient) return Page.SeeOther("/day/book");
        var lists = await choices.HandleAsync(patient, actor, ct);
        if (!lists.IsOk) return Page.Refused(lists.Refusal);
        return Page.Of<SeriesPage>(new { Choices = lists.Value, Preset = address.Preset(visit, lists.Value.Today), Type = visit?.VisitTypeId ?? address.Type });
    }

    private static async Task<IResult> BookAsync(Form<SeriesForm> form, BookSeriesHandler handler, BookingChoicesHandler choices, Actor actor, HttpContext context)
    {
        var ct = context.RequestAborted;
        var isBooking = form.Ask.IsOk && form.Ask.Value.IsBooking;
        var refusal = form.Ask.IsOk ? null : form.Ask.Refusal;
        if (isBooking)
        {
            var booked = await handler.HandleAsync(form.Ask.Value.Series, actor, ct);
            if (booked.IsOk) return Page.SeeOther($"/series/{booked.Value.Id}?done=booked&n={booked.Value.Visits.Count}&act={booked.Value.Act}");
            refusal = booked.Refusal;
        }
        var planned = form.Ask.IsOk ? await handler.PlanAsync(form.Ask.Value.IsOfPlan ? form.Ask.Value.Series : form.Ask.Value.Series with { Choices = null }, actor, ct) : form.Ask.Refusal!;
        refusal ??= planned.Refusal;
        if (!PatientId.TryParse(context.Request.Form["patientId"], out var patient)) return Page.SeeOther("/day/book");
        var lists = await choices.HandleAsync(patient, actor, ct);
        if (!lists.IsOk) return Page.Refused(lists.Refusal);
        var state = WithUsual(form.Again(refusal ?? Refusals.SeriesConflicts) with { Refusal = refusal });
        return Page.Of<SeriesPage>(new
        {
            Choices = lists.Value, Preset = new SeriesAddress(null, null, null, null, null, null).Preset(null, lists.Value.Today), State = state,
            Planned = planned.IsOk ? planned.Value : [], Plan = form.Ask.IsOk ? form.Ask.Value.Plan : "",
        }, refusal?.Status ?? 200);
    }

    /// <summary>Somebody who comes from the form of a single visit has not been asked yet how often.</summary>
    private static FormState WithUsual(FormState state)
    {
        if (state.Typed.ContainsKey("everyWeeks")) return state;
        var usual = System.Globalization.CultureInfo.InvariantCulture;
        return state with { Typed = new Dictionary<string, Microsoft.Extensions.Primitives.StringValues>(state.Typed) { ["everyWeeks"] = SeriesForm.UsualWeeks.ToString(usual), ["times"] = SeriesForm.UsualTimes.ToString(usual) } };
    }

    private static async Task<IResult> ShowAsync(Guid id, string? done, int? n, string? act, ReadSeriesHandler handler, Actor actor, CancellationToken ct)
    {
        var series = await handler.HandleAsync(id, true, actor, ct);
        if (!series.IsOk) return Page.Refused(series.Refusal);
        var what = done switch { "booked" => "booked", "moved" => "moved", "cancelled" => "cancelled", "undone" => "as before", _ => null };
        var note = what is not null && n is { } count ? $"{(count == 1 ? "One visit" : $"{count} visits")} {what}." : null;
        var undo = note is not null && done != "undone" && SeriesAct.Read(act) is { } made ? $"/series/{id}/undo?act={made}" : null;
        return Page.Of<SeriesListPage>(new { Series = series.Value, Note = note, UndoTo = undo });
    }

    private static async Task<IResult> ChangeAsync(Guid id, Form<SeriesMoveForm> form, ChangeForm change, ChangeSeriesHandler handler, Actor actor, HttpContext context)
    {
        var isVisitNamed = AppointmentId.TryParse(context.Request.Form["visitId"], out var visit);
        if (!form.Ask.IsOk && !isVisitNamed) return Page.Refused(form.Ask.Refusal);
        if (!form.Ask.IsOk) return await change.ShowAsync(id, visit, new(form.Again(form.Ask.Refusal), []), actor, context);
        var (ask, version, ct) = (form.Ask.Value, SettingsRoutes.VersionOf(form), context.RequestAborted);
        Refusal? refusal = null;
        if (ask.IsSaving)
        {
            var moved = await handler.MoveAsync(id, version, ask.Move, actor, ct);
            if (moved.IsOk) return Page.SeeOther($"/series/{id}?done=moved&n={moved.Value.Visits}&act={moved.Value.Act}");
            refusal = moved.Refusal;
            if (refusal.Status is 404 or 412) return VisitPages.Refused(context, refusal);
        }
        var planned = await handler.PlanAsync(id, version, ask.IsOfPlan ? ask.Move : ask.Move with { Choices = null }, actor, ct);
        if (planned is { IsOk: false, Refusal.Status: 404 or 412 }) return VisitPages.Refused(context, planned.Refusal);
        refusal ??= planned.Refusal;
        var state = form.Again(refusal ?? Refusals.SeriesConflicts) with { Refusal = refusal };
        return await change.ShowAsync(id, visit, new(state, planned.IsOk ? planned.Value : []) { Plan = ask.Plan }, actor, context);
    }

    private static async Task<IResult> CancelAsync(Guid id, Form<CancelSeries> form, ChangeSeriesHandler handler, Actor actor, HttpContext context)
    {
        var cancelled = await form.ThenAsync(ask => handler.CancelAsync(id, SettingsRoutes.VersionOf(form), ask, actor, context.RequestAborted));
        return cancelled.IsOk ? Page.SeeOther($"/series/{id}?done=cancelled&n={cancelled.Value.Visits}&act={cancelled.Value.Act}") : VisitPages.Refused(context, cancelled.Refusal);
    }

    private static async Task<IResult> UndoAsync(Guid id, string? act, Form<Nothing> form, ChangeSeriesHandler handler, Actor actor, HttpContext context)
    {
        var undone = await handler.UndoAsync(id, act ?? "", actor, context.RequestAborted);
        return undone.IsOk ? Page.SeeOther($"/series/{id}?done=undone&n={undone.Value.Visits}") : VisitPages.Refused(context, undone.Refusal);
    }
}

/// <summary>The form of a series: what is asked, the button, and what its dates were made from, so that choices are never taken for other dates.</summary>
internal sealed record SeriesForm(PatientId PatientId, StaffId ProviderId, VisitTypeId VisitTypeId, LocationId LocationId, DateOnly Day, TimeOnly At,
    int? Minutes, RoomId? RoomId, DeviceId? DeviceId, Doubled? Which, string? Reason, IReadOnlyList<OccurrenceChoice> Choices, string? Then, string? Planned,
    int EveryWeeks = SeriesForm.UsualWeeks, int Times = SeriesForm.UsualTimes)
{
    /// <summary>What is proposed to whoever comes from the form of a single visit.</summary>
    internal const int UsualWeeks = 1, UsualTimes = 6;

    internal BookSeries Series => new(PatientId, ProviderId, VisitTypeId, LocationId, Day, At, EveryWeeks, Times, Minutes, RoomId, DeviceId, Which, Reason, Choices);

    internal string Plan => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{ProviderId}{VisitTypeId}{LocationId}{Day:yyyyMMdd}{At:HHmm}-{EveryWeeks}-{Times}-{Minutes}-{RoomId}{DeviceId}{Which}");

    internal bool IsOfPlan => Planned == Plan;

    internal bool IsBooking => Then == "book" && IsOfPlan;
}

/// <inheritdoc cref="SeriesForm"/>
internal sealed record SeriesMoveForm(AppointmentId VisitId, SeriesScope Scope, DateOnly Day, TimeOnly At, int Minutes, StaffId ProviderId, IReadOnlyList<OccurrenceChoice> Choices, string? Then, string? Planned)
{
    internal MoveSeries Move => new(VisitId, Scope, Day, At, Minutes, ProviderId, Choices);

    internal string Plan => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{VisitId}{Scope}{Day:yyyyMMdd}{At:HHmm}-{Minutes}-{ProviderId}");

    internal bool IsOfPlan => Planned == Plan;

    internal bool IsSaving => Then == "save" && IsOfPlan;
}

/// <summary>The address of the form: a patient and what was chosen, or a visit to repeat.</summary>
internal sealed record SeriesAddress(PatientId? Patient, AppointmentId? Visit, DateOnly? Day, TimeOnly? At, StaffId? Provider, LocationId? Location, VisitTypeId? Type = null)
{
    /// <summary>A visit that is repeated comes again a week later.</summary>
    public SlotFields.Values Preset(Visit? visit, DateOnly today) => new(visit?.Day.AddDays(7) ?? Day ?? today,
        (visit is null ? At : TimeOnly.FromDateTime(visit.LocalStart))?.ToString("HH:mm", System.Globalization.CultureInfo.InvariantCulture),
        visit?.Minutes, visit?.ProviderId ?? Provider, visit?.LocationId ?? Location, null, null);
}

/// <summary>A changing form that is shown, fresh or again.</summary>
internal sealed record ShownChange(FormState State, IReadOnlyList<PlannedOccurrence> Planned)
{
    public string Plan { get; init; } = "";
}

/// <summary>Loads and shows the form that moves visits of a series; bound from the services of the request.</summary>
internal sealed record ChangeForm(ReadSeriesHandler Read, BookingChoicesHandler Choices)
{
    public static ValueTask<ChangeForm?> BindAsync(HttpContext context) => ValueTask.FromResult<ChangeForm?>(
        new(context.RequestServices.GetRequiredService<ReadSeriesHandler>(), context.RequestServices.GetRequiredService<BookingChoicesHandler>()));

    public async Task<IResult> ShowAsync(Guid id, AppointmentId visit, ShownChange shown, Actor actor, HttpContext context)
    {
        var series = await Read.HandleAsync(id, true, actor, context.RequestAborted);
        if (!series.IsOk) return Page.Refused(series.Refusal);
        if (series.Value.Visits.FirstOrDefault(it => it.Id == visit) is not { } anchor) return Page.Refused(Refusals.UnknownSeries);
        var choices = await Choices.HandleAsync(null, actor, context.RequestAborted);
        if (!choices.IsOk) return Page.Refused(choices.Refusal);
        return Page.Of<ChangeSeriesPage>(new { Series = series.Value, Anchor = anchor, Choices = choices.Value, shown.State, shown.Planned, shown.Plan }, shown.State.Refusal?.Status ?? 200);
    }
}
