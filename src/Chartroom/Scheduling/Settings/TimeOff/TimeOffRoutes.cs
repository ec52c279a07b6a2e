using Chartroom.Clinics;
using Chartroom.Platform.Web;
using Chartroom.Shell;
using Chartroom.Staff;

namespace Chartroom.Scheduling;

/// <summary>Time off, for people and programs.</summary>
internal static class TimeOffRoutes
{
    private const string Path = "/settings/time-off";

    internal static void Map(IEndpointRouteBuilder routes)
    {
        MapPages(routes.MapGroup(Path).ExcludeFromDescription());
        var api = routes.MapGroup("/api/v1/time-off").WithTags("Scheduling");
        api.MapGet("", async (TimeOffBook book, Actor actor, CancellationToken ct) => TypedResults.Ok(await book.ListAsync(actor, ct)))
            .Requires(Permission.SeeAppointments).Audits("time_off.listed").WithName("ListTimeOff").WithSummary("Time off that is not over yet or ended within the last 7 days");
        api.MapPost("", async (TimeOffFields ask, TimeOffBook book, Actor actor, CancellationToken ct) =>
            (await book.AddAsync(ask, actor, ct)).ToHttp(id => TypedResults.Created((string?)null, new { id })))
            .ForTimeOff("time_off.added").WithName("AddTimeOff").WithSummary("Refused while it names not all visits that are booked then; a provider adds one's own");
        api.MapDelete("/{id:guid}", (Guid id, TimeOffBook book, HttpContext context, Actor actor, CancellationToken ct) =>
            SettingsRoutes.VersionedAsync(context, version => book.SetActiveAsync(id, version, false, actor, ct))).ForTimeOff("time_off.taken-back").Produces(204).WithName("TakeBackTimeOff");
    }

    private static void MapPages(RouteGroupBuilder pages)
    {
        pages.MapGet("", ([AsParameters] TimeOffAddress address, TimeOffList view, Actor actor, CancellationToken ct) => view.ShowAsync(address.Note, FormState.Fresh, null, actor, ct))
            .ForTimeOff("time_off.listed", "staff.listed", "locations.listed");
        pages.MapPost("", async (Form<TimeOffFields> form, TimeOffList view, Actor actor, CancellationToken ct) =>
        {
            var added = await form.ThenAsync(ask => view.Book.AddAsync(ask, actor, ct));
            return added.IsOk ? Page.SeeOther($"{Path}?done=added&id={added.Value}&v=1") : await view.ShowAsync(null, form.Again(added.Refusal), form.Ask.IsOk ? form.Ask.Value : null, actor, ct);
        }).ForTimeOff("time_off.added", "time_off.listed", "staff.listed", "locations.listed", "appointments.listed");
        pages.MapGet("/{id:guid}", async (Guid id, TimeOffBook book, Actor actor, CancellationToken ct) =>
        {
            var read = await book.ReadAsync(id, actor, ct);
            return read.IsOk ? Page.Of<OneTimeOffPage>(new { read.Value.TimeOff, read.Value.Visits, IsTheirs = TimeOffBook.IsTheirs(actor, read.Value.TimeOff.StaffId) }) : Page.Refused(read.Refusal);
        }).ForTimeOff("time_off.listed", "appointments.listed");
        pages.MapPost("/{id:guid}/take-back", async (Guid id, Form<Nothing> form, TimeOffBook book, Actor actor, CancellationToken ct) =>
            After(id, form, await book.SetActiveAsync(id, SettingsRoutes.VersionOf(form), false, actor, ct), "taken-back")).ForTimeOff("time_off.taken-back");
        pages.MapPost("/{id:guid}/restore", async (Guid id, Form<Nothing> form, TimeOffBook book, Actor actor, CancellationToken ct) =>
            After(id, form, await book.SetActiveAsync(id, SettingsRoutes.VersionOf(form), true, actor, ct), "restored")).ForTimeOff("time_off.restored");
    }

    internal static RouteHandlerBuilder ForTimeOff(this RouteHandlerBuilder route, params string[] events) => route.Requires(Permission.BookAppointments).Audits(events);

    private static IResult After(Guid id, Form<Nothing> form, Outcome<Done> outcome, string done) =>
        outcome.IsOk ? Page.SeeOther($"{Path}?done={done}&id={id}&v={SettingsRoutes.VersionOf(form) + 1}") : Page.Refused(outcome.Refusal);

    /// <summary>Loads and shows the page; bound from the services of the request.</summary>
    private sealed class TimeOffList(TimeOffBook book, StaffDirectory staff, ClinicDirectory clinic)
    {
        public static ValueTask<TimeOffList?> BindAsync(HttpContext context) => ValueTask.FromResult<TimeOffList?>(new(context.RequestServices.GetRequiredService<TimeOffBook>(),
            context.RequestServices.GetRequiredService<StaffDirectory>(), context.RequestServices.GetRequiredService<ClinicDirectory>()));

        internal TimeOffBook Book => book;

        internal async Task<IResult> ShowAsync(TimeOffNote? note, FormState form, TimeOffFields? ask, Actor actor, CancellationToken ct)
        {
            var isInTheWay = form.Refusal?.Code == Refusals.VisitsInTheWay.Code && ask is not null;
            var providers = (await staff.ListAsync(actor, ct)).Where(member => member.IsProvider).ToList();
            return Page.Of<TimeOffPage>(new
            {
                Rows = await book.ListAsync(actor, ct), Providers = providers, Locations = await clinic.LocationsAsync(actor, ct), Note = note, Form = form,
                OnlyFor = actor.Role == ClinicRole.Provider ? actor.Staff : (StaffId?)null,
                Visits = isInTheWay ? await book.InTheWayAsync(ask!, actor, ct) : [],   // asked for a few lines up
            }, form.Refusal?.Status == 403 ? 403 : SettingsRoutes.StatusOf(form));
        }
    }
}

/// <summary>What was just done on the page, from its address.</summary>
internal sealed record TimeOffAddress(string? Done, Guid? Id, int? V)
{
    internal TimeOffNote? Note => (Done, Id, V) switch
    {
        ("added", { } id, { } version) => new("Time off saved. Nothing is offered or booked then.", $"/settings/time-off/{id}/take-back", version),
        ("taken-back", { } id, { } version) => new("Taken back. The time can be booked again.", $"/settings/time-off/{id}/restore", version),
        ("restored", { } id, { } version) => new("The time off is back.", $"/settings/time-off/{id}/take-back", version),
        _ => null,
    };
}

/// <summary>What was just done, and the way back.</summary>
public sealed record TimeOffNote(string Text, string UndoTo, int Version);
