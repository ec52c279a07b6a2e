using Chartroom.Clinics;
using Chartroom.Platform.Web;
using Chartroom.Shell;

namespace Chartroom.Scheduling;

/// <summary>Closures and holidays, for people and programs.</summary>
internal static class ClosureRoutes
{
    internal const string Path = "/settings/closures";

    internal static void Map(IEndpointRouteBuilder routes)
    {
        MapPages(routes.MapGroup(Path).ExcludeFromDescription());
        HolidayRoutes.Map(routes);
        MapApi(routes.MapGroup("/api/v1/closures").WithTags("Scheduling"));
    }

    private static void MapPages(RouteGroupBuilder pages)
    {
        pages.MapGet("", ([AsParameters] ClosuresAddress address, ClosureList view, Actor actor, CancellationToken ct) => view.ShowAsync(address.Note, FormState.Fresh, actor, ct))
            .ForClosures("closures.listed", "locations.listed");
        pages.MapPost("", async (Form<ClosureFields> form, ClosureList view, Actor actor, CancellationToken ct) =>
        {
            var added = await form.ThenAsync(ask => view.Book.AddAsync([ask], actor, ct));
            return added.IsOk ? Page.SeeOther($"{Path}?done=added&id={added.Value[0]}&v=1") : await view.ShowAsync(null, form.Again(added.Refusal), actor, ct, form.Ask.IsOk ? form.Ask.Value : null);
        }).ForClosures("closure.added", "closures.listed", "locations.listed", "appointments.listed");
        pages.MapGet("/{id:guid}", async (Guid id, ClosureBook book, Actor actor, CancellationToken ct) =>
        {
            var read = await book.ReadAsync(id, actor, ct);
            return read.IsOk ? Page.Of<ClosurePage>(new { read.Value.Closure, read.Value.Visits }) : Page.Refused(read.Refusal);
        }).ForClosures("closures.listed", "appointments.listed");
        pages.MapPost("/{id:guid}/take-back", async (Guid id, Form<Nothing> form, ClosureBook book, Actor actor, CancellationToken ct) =>
            After(id, form, await book.SetActiveAsync(id, SettingsRoutes.VersionOf(form), false, actor, ct), "taken-back")).ForClosures("closure.taken-back");
        pages.MapPost("/{id:guid}/restore", async (Guid id, Form<Nothing> form, ClosureBook book, Actor actor, CancellationToken ct) =>
            After(id, form, await book.SetActiveAsync(id, SettingsRoutes.VersionOf(form), true, actor, ct), "restored")).ForClosures("closure.restored");
    }

    private static void MapApi(RouteGroupBuilder api)
    {
        api.MapGet("", async (ClosureBook book, Actor actor, CancellationToken ct) => TypedResults.Ok(await book.ListAsync(actor, ct)))
            .Requires(Permission.SeeAppointments).Audits("closures.listed").WithName("ListClosures").WithSummary("Closures that are not over yet or ended within the last 31 days");
        api.MapPost("", async (ClosureFields ask, ClosureBook book, Actor actor, CancellationToken ct) =>
            (await book.AddAsync([ask], actor, ct)).ToHttp(ids => TypedResults.Created((string?)null, new { id = ids[0] })))
            .ForClosures("closure.added").WithName("AddClosure").WithSummary("Close a location or all; refused while it names not all visits that are booked then");
        api.MapDelete("/{id:guid}", (Guid id, ClosureBook book, HttpContext context, Actor actor, CancellationToken ct) =>
            SettingsRoutes.VersionedAsync(context, version => book.SetActiveAsync(id, version, false, actor, ct))).ForClosures("closure.taken-back").Produces(204).WithName("TakeBackClosure");
    }

    /// <summary>An act of an admin that shows visits.</summary>
    internal static RouteHandlerBuilder ForClosures(this RouteHandlerBuilder route, params string[] events) => route.Requires(Permission.ManageClinic).Audits(events);

    private static IResult After(Guid id, Form<Nothing> form, Outcome<Done> outcome, string done) =>
        outcome.IsOk ? Page.SeeOther($"{Path}?done={done}&id={id}&v={SettingsRoutes.VersionOf(form) + 1}") : Page.Refused(outcome.Refusal);

    /// <summary>Loads and shows the page; bound from the services of the request.</summary>
    private sealed class ClosureList(ClosureBook book, ClinicDirectory clinic)
    {
        public static ValueTask<ClosureList?> BindAsync(HttpContext context) =>
            ValueTask.FromResult<ClosureList?>(new(context.RequestServices.GetRequiredService<ClosureBook>(), context.RequestServices.GetRequiredService<ClinicDirectory>()));

        internal ClosureBook Book => book;

        internal async Task<IResult> ShowAsync(ClosureNote? note, FormState form, Actor actor, CancellationToken ct, ClosureFields? ask = null)
        {
            var isInTheWay = form.Refusal?.Code == Refusals.VisitsInTheWay.Code && ask is not null;
            return Page.Of<ClosuresPage>(new
            {
                Closures = await book.ListAsync(actor, ct), Locations = await clinic.LocationsAsync(actor, ct), Note = note, Form = form,
                Visits = isInTheWay ? await book.InTheWayAsync([ask!], actor, ct) : [],   // asked for two lines up
            }, SettingsRoutes.StatusOf(form));
        }
    }
}

/// <summary>What was just done on the page, from its address.</summary>
internal sealed record ClosuresAddress(string? Done, Guid? Id, int? V, string? Ids)
{
    internal ClosureNote? Note => (Done, Id, V) switch
    {
        ("added", { } id, { } version) => new("Closed. It counts for every booking from now on.", $"{ClosureRoutes.Path}/{id}/take-back", version),
        ("taken-back", { } id, { } version) => new("Taken back. The time can be booked again.", $"{ClosureRoutes.Path}/{id}/restore", version),
        ("restored", { } id, { } version) => new("The closure is back.", $"{ClosureRoutes.Path}/{id}/take-back", version),
        ("holidays", _, _) when ReadIds(Ids) is { Length: > 0 } ids => new($"{ids.Length} holidays added.", $"{ClosureRoutes.Path}/holidays/take-back?ids={string.Join(',', ids)}", null),
        ("holidays-taken-back", _, _) => new("The holidays are taken back.", null, null),
        _ => null,
    };

    /// <summary>Keys of an address; anything else is left out.</summary>
    internal static Guid[] ReadIds(string? ids) =>
        [.. (ids ?? "").Split(',').Select(text => Guid.TryParseExact(text, "D", out var id) ? id : (Guid?)null).OfType<Guid>().Take(40)];
}

/// <summary>What was just done, and the way back.</summary>
public sealed record ClosureNote(string Text, string? UndoTo, int? Version);
