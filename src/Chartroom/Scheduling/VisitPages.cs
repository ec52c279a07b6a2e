using Chartroom.Platform.Web;
using Chartroom.Shell;

namespace Chartroom.Scheduling;

/// <summary>The calendar for people. A form that did something leads to the day or the visit (303); one that did not comes back, or says why in its place.</summary>
internal static class VisitPages
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        DayPages.Map(routes);
        KeysRoutes.Map(routes);
        routes.MapGet("/day/book", BookingAsync).Requires(Permission.BookAppointments).Audits("booking.opened", "slots.searched").ExcludeFromDescription();
        routes.MapPost("/day/book", BookAsync).Requires(Permission.BookAppointments).Audits("appointment.booked", "appointment.overbooked", "booking.opened").ExcludeFromDescription();
        var visit = routes.MapGroup("/visits/{id}").ExcludeFromDescription();
        visit.MapGet("", VisitAsync).Requires(Permission.SeeAppointments).Audits("appointment.read", "note.read", "account.read", "papers.read", "task.listed", "orders.read");
        visit.MapGet("/panel", PanelAsync).Requires(Permission.SeeAppointments).Audits("appointment.read", "papers.read", "account.read");
        visit.MapGet("/card", CardAsync).Requires(Permission.SeeAppointments).Audits("appointment.read");
        visit.MapGet("/again", AgainAsync).Requires(Permission.BookAppointments).Audits("appointment.read", "booking.opened");
        visit.MapGet("/move", MovingAsync).Requires(Permission.BookAppointments).Audits("appointment.read", "booking.opened");
        visit.MapPost("/move", MoveAsync).Requires(Permission.BookAppointments).Audits("appointment.moved", "appointment.overbooked", "appointment.read", "booking.opened");
        visit.MapPost("/cancel", CancelAsync).Requires(Permission.BookAppointments).Audits("appointment.cancelled");
        visit.MapPost("/status", StatusAsync).Requires(Permission.BookAppointments).Audits("appointment.status-changed");
        visit.MapGet("/reason", (AppointmentId id, string? from, VisitViewHandler view, Actor actor, HttpContext context) => ShowReasonAsync((id, from), view, FormState.Fresh, actor, context))
            .Requires(Permission.BookAppointments).Audits("appointment.read");
        visit.MapPost("/reason", ReasonAsync).Requires(Permission.BookAppointments).Audits("appointment.reason-changed", "appointment.read");
        visit.MapPost("/undo", UndoAsync).Requires(Permission.BookAppointments).Audits("appointment.undone");
    }

    private static async Task<IResult> BookingAsync([AsParameters] BookingAddress address, BookingChoicesHandler handler, SlotsHandler slots, Actor actor, HttpContext context)
    {
        var ct = context.RequestAborted;
        var choices = await handler.HandleAsync(address.Patient, actor, ct);
        if (!choices.IsOk) return Refused(context, choices.Refusal);
        var whyNot = address.Question(choices.Value) is { } question ? (await slots.WhyNotAsync(question, actor, ct)).Reasons : [];
        return Page.Of<BookPage>(new { Choices = choices.Value, Preset = address.Preset(choices.Value.Today), address.Type, WhyNot = whyNot });
    }

    private static async Task<IResult> BookAsync(Form<BookAppointment> form, BookAppointmentHandler handler, BookingChoicesHandler choices, Actor actor, HttpContext context)
    {
        var booked = await form.ThenAsync(ask => handler.HandleAsync(ask, actor, context.RequestAborted));
        if (booked.IsOk) return Page.SeeOther(DoneNote.After(booked.Value, "booked", "day"));
        var lists = await choices.HandleAsync(PatientOf(context), actor, context.RequestAborted);
        if (!lists.IsOk) return Refused(context, lists.Refusal);
        var preset = new BookingAddress(null, null, null, null, null, null).Preset(lists.Value.Today);
        return Page.Of<BookPage>(new { Choices = lists.Value, Preset = preset, State = form.Again(booked.Refusal) }, booked.Refusal.Status);
    }

    private static async Task<IResult> VisitAsync(AppointmentId id, string? done, int? v, VisitViewHandler handler, Actor actor, HttpContext context)
    {
        var details = await handler.HandleAsync(id, actor, context.RequestAborted);
        return details.IsOk
            ? Page.Of<VisitPage>(new { Details = details.Value, actor.Role, Done = DoneNote.Of(done, id, v, "visit") })
            : Refused(context, details.Refusal);
    }

    private static async Task<IResult> PanelAsync(AppointmentId id, VisitViewHandler handler, Actor actor, HttpContext context)
    {
        var details = await handler.HandleAsync(id, actor, context.RequestAborted);
        return details.IsOk ? Page.Of<VisitPanel>(new { Details = details.Value, actor.Role }) : Refused(context, details.Refusal);
    }

    private static async Task<IResult> CardAsync(AppointmentId id, VisitViewHandler handler, Actor actor, HttpContext context)
    {
        var details = await handler.HandleAsync(id, actor, context.RequestAborted);
        return details.IsOk ? Page.Of<AppointmentCardPage>(new { Details = details.Value }) : Refused(context, details.Refusal);
    }

    /// <summary>The booking form with what this visit had: patient, provider, place, length. The time is new.</summary>
    private static async Task<IResult> AgainAsync(AppointmentId id, ReadVisitHandler handler, BookingChoicesHandler choices, Actor actor, HttpContext context)
    {
        var visit = await handler.HandleAsync(id, actor, context.RequestAborted);
        if (!visit.IsOk) return Refused(context, visit.Refusal);
        var lists = await choices.HandleAsync(visit.Value.PatientId, actor, context.RequestAborted);
        if (!lists.IsOk) return Refused(context, lists.Refusal);
        var (was, today) = (visit.Value, lists.Value.Today);
        return Page.Of<BookPage>(new { Choices = lists.Value, Preset = new SlotFields.Values(was.Day < today ? today : was.Day, null, was.Minutes, was.ProviderId, was.LocationId, null, null), Type = (VisitTypeId?)was.VisitTypeId });
    }

    private static Task<IResult> MovingAsync(AppointmentId id, string? from, MoveFormHandlers form, Actor actor, HttpContext context) =>
        form.ShowAsync((id, from), FormState.Fresh, actor, context);

    private static async Task<IResult> MoveAsync(AppointmentId id, string? from, Form<MoveAppointment> form, MoveFormHandlers handlers, Actor actor, HttpContext context)
    {
        // The form shows all of a visit's place, so a room or device that is not chosen is given up.
        var moved = await form.ThenAsync(ask => VersionOf(form).Then(version =>
            handlers.Move.HandleAsync(id, version, ask with { WithoutRoom = ask.RoomId is null, WithoutDevice = ask.DeviceId is null }, actor, context.RequestAborted)));
        if (moved.IsOk) return Page.SeeOther(DoneNote.After(moved.Value, "moved", from));
        if (moved.Refusal.Status is 404 or 412) return Refused(context, moved.Refusal);
        return await handlers.ShowAsync((id, from), form.Again(moved.Refusal), actor, context);
    }

    private static async Task<IResult> ShowReasonAsync((AppointmentId Id, string? From) visit, VisitViewHandler view, FormState state, Actor actor, HttpContext context)
    {
        var details = await view.HandleAsync(visit.Id, actor, context.RequestAborted);
        return details.IsOk
            ? Page.Of<ReasonPage>(new { Details = details.Value, From = visit.From == "visit" ? "visit" : "day", State = state }, state.Refusal?.Status ?? 200)
            : Refused(context, details.Refusal);
    }

    private static async Task<IResult> ReasonAsync(AppointmentId id, string? from, Form<ChangeReason> form, ChangeReasonHandler handler, VisitViewHandler view, Actor actor, HttpContext context)
    {
        var changed = await form.ThenAsync(ask => VersionOf(form).Then(version => handler.HandleAsync(id, version, ask, actor, context.RequestAborted)));
        if (changed.IsOk) return Page.SeeOther(DoneNote.After(changed.Value, "reason", from));
        if (changed.Refusal.Status is 404 or 412) return Refused(context, changed.Refusal);
        return await ShowReasonAsync((id, from), view, form.Again(changed.Refusal), actor, context);
    }

    private static async Task<IResult> CancelAsync(AppointmentId id, string? from, Form<CancelAppointment> form, CancelAppointmentHandler handler, Actor actor, HttpContext context) =>
        Done(await form.ThenAsync(ask => VersionOf(form).Then(version => handler.HandleAsync(id, version, ask, actor, context.RequestAborted))), "cancelled", from, context);

    private static async Task<IResult> StatusAsync(AppointmentId id, string? from, Form<ChangeStatus> form, ChangeStatusHandler handler, Actor actor, HttpContext context)
    {
        var changed = await form.ThenAsync(ask => VersionOf(form).Then(version => handler.HandleAsync(id, version, ask, actor, context.RequestAborted)));
        return Done(changed, changed.IsOk ? changed.Value.StatusName : "", from, context);
    }

    private static async Task<IResult> UndoAsync(AppointmentId id, string? from, Form<NothingAsked> form, UndoMoveHandler handler, Actor actor, HttpContext context) =>
        Done(await VersionOf(form).Then(version => handler.HandleAsync(id, version, actor, context.RequestAborted)), "undone", from, context);

    private static IResult Done(Outcome<Visit> outcome, string done, string? from, HttpContext context) =>
        outcome.IsOk ? Page.SeeOther(DoneNote.After(outcome.Value, done, from)) : Refused(context, outcome.Refusal);

    private static Outcome<int> VersionOf<TAsk>(Form<TAsk> form) => form.Version is > 0 and <= int.MaxValue and { } version ? (int)version : Versions.Missing;

    private static Task<Outcome<Visit>> Then(this Outcome<int> version, Func<int, Task<Outcome<Visit>>> act) =>
        version.IsOk ? act(version.Value) : Task.FromResult<Outcome<Visit>>(version.Refusal);

    private static PatientId? PatientOf(HttpContext context) => PatientId.TryParse(context.Request.Form["patientId"], out var patient) ? patient : null;

    /// <summary>The refusal as this door shows it; a stale one says in words what has changed.</summary>
    internal static IResult Refused(HttpContext context, Refusal refusal) => new RefusedPage(StaleWords.Of(refusal));

    private sealed class RefusedPage(Refusal refusal) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext) => Boundary.AnswerAsync(httpContext, refusal);
    }
}

/// <summary>A form that asks for nothing but its version.</summary>
internal sealed record NothingAsked;

/// <summary>The address of the booking form: what was clicked.</summary>
/// <param name="Minutes">As long as was drawn over.</param>
internal sealed record BookingAddress(PatientId? Patient, DateOnly? Day, TimeOnly? At, StaffId? Provider, LocationId? Location, string? Which, int? Minutes = null, RoomId? Room = null,
    VisitTypeId? Type = null)
{
    public SlotFields.Values Preset(DateOnly today) => new(Day ?? today, At?.ToString("HH:mm", System.Globalization.CultureInfo.InvariantCulture), Minutes is >= 5 and <= 480 ? Minutes : null,
        Provider, Location, Room, Which is "earlier" or "later" ? Which : null);

    /// <summary>Whether the time of the address is offered, once it says when, where and with whom.</summary>
    public SlotQuestion? Question(BookingChoices choices)
    {
        var location = Location ?? (choices.Locations is [var only] ? new LocationId(only.Id) : null);
        if (Day is not { Year: > 1900 and < 2200 } day || At is not { } at || Provider is not { } provider || location is not { } place) return null;
        return new() { VisitTypeId = Type, ProviderId = provider, LocationId = place, Day = day, At = at, RoomId = Room, Minutes = Preset(day).Minutes, Which = Which switch { "earlier" => Doubled.Earlier, "later" => Doubled.Later, _ => null } };
    }
}

/// <summary>Shows the moving form.</summary>
internal sealed record MoveFormHandlers(VisitViewHandler View, BookingChoicesHandler Choices, MoveAppointmentHandler Move)
{
    public async Task<IResult> ShowAsync((AppointmentId Id, string? From) visit, FormState state, Actor actor, HttpContext context)
    {
        var details = await View.HandleAsync(visit.Id, actor, context.RequestAborted);
        if (!details.IsOk) return VisitPages.Refused(context, details.Refusal);
        var choices = await Choices.HandleAsync(null, actor, context.RequestAborted);
        if (!choices.IsOk) return VisitPages.Refused(context, choices.Refusal);
        return Page.Of<MovePage>(new { Details = details.Value, Choices = choices.Value, From = visit.From == "visit" ? "visit" : "day", State = state }, state.Refusal?.Status ?? 200);
    }
}

/// <summary>What a stale page is told, in words.</summary>
internal static class StaleWords
{
    public static Refusal Of(Refusal refusal)
    {
        if (refusal.Code != Versions.Stale.Code || !refusal.Facts.TryGetValue("status", out var status) || !refusal.Facts.TryGetValue("changed", out var changed)) return refusal;
        var words = VisitStates.Named((string)status).Words().ToLowerInvariant();
        return refusal.On("version", changed is string[] { Length: > 0 } names ? $"Changed: {string.Join(", ", names)}. The visit is now {words}." : $"The visit is now {words}.");
    }
}
