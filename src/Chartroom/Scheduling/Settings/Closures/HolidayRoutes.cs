using Chartroom.Clinics;
using Chartroom.Platform.Web;
using Chartroom.Shell;

namespace Chartroom.Scheduling;

/// <summary>Asks for the federal holidays of a year.</summary>
/// <param name="Year">2000 to 2199.</param>
/// <param name="Days">Those of the offered days that are chosen; none or absent at the API: all observed days.</param>
/// <param name="LocationId">Which location; absent: all of them.</param>
/// <param name="KnownVisits">Visits on those days of which the person knows.</param>
public sealed record AddHolidays(int Year, IReadOnlyList<DateOnly>? Days = null, LocationId? LocationId = null, IReadOnlyList<AppointmentId>? KnownVisits = null);

/// <summary>"Add the federal holidays of a year": one act, with a look before it and one undo.</summary>
internal static class HolidayRoutes
{
    internal static void Map(IEndpointRouteBuilder routes)
    {
        var pages = routes.MapGroup(ClosureRoutes.Path + "/holidays").ExcludeFromDescription();
        pages.MapGet("", (int? year, HolidayList view, Actor actor, CancellationToken ct) => view.ShowAsync(year, FormState.Fresh, null, actor, ct)).ForClosures("closures.listed", "locations.listed");
        pages.MapPost("", async (Form<AddHolidays> form, HolidayList view, Actor actor, CancellationToken ct) =>
        {
            var added = await form.ThenAsync(async ask => ask.Days is { Count: > 0 } ? await AddAsync(ask, view.Book, actor, ct) : Refusals.Incomplete.On("days", "Choose at least one day."));
            if (added.IsOk) return Page.SeeOther($"{ClosureRoutes.Path}?done=holidays&ids={string.Join(',', added.Value)}");
            return await view.ShowAsync(form.Ask.IsOk ? form.Ask.Value.Year : null, form.Again(added.Refusal), form.Ask.IsOk ? form.Ask.Value : null, actor, ct);
        }).ForClosures("closure.added", "closures.listed", "locations.listed", "appointments.listed");
        pages.MapPost("/take-back", async (string? ids, Form<Nothing> form, ClosureBook book, Actor actor, CancellationToken ct) =>
        {
            var keys = ClosuresAddress.ReadIds(ids);
            if (keys.Length == 0) return Page.Refused(Refusals.NoSuchClosure);
            var taken = await book.TakeBackAsync(keys, actor, ct);
            return taken.IsOk ? Page.SeeOther(ClosureRoutes.Path + "?done=holidays-taken-back") : Page.Refused(taken.Refusal);
        }).ForClosures("closure.taken-back");
        routes.MapPost("/api/v1/closures/federal-holidays", async (AddHolidays ask, ClosureBook book, Actor actor, CancellationToken ct) =>
            (await AddAsync(ask, book, actor, ct)).ToHttp(ids => TypedResults.Created((string?)null, new { ids })))
            .ForClosures("closure.added").WithTags("Scheduling").WithName("AddFederalHolidays").WithSummary("Close on the federal holidays of a year, all or none");
    }

    private static async Task<Outcome<Guid[]>> AddAsync(AddHolidays ask, ClosureBook book, Actor actor, CancellationToken ct)
    {
        if (ask.Year is < 2000 or > 2199) return Refusals.Incomplete.On("year", "Choose a year from 2000 to 2199.");
        var asks = AsksOf(ask);
        return asks.Count == 0 ? Refusals.Incomplete.On("days", "Choose days on which a federal holiday falls or is observed.") : await book.AddAsync(asks, actor, ct);
    }

    private static List<ClosureFields> AsksOf(AddHolidays ask)
    {
        var chosen = ask.Days is { Count: > 0 } days ? days : [.. FederalHolidays.Of(ask.Year).Select(holiday => holiday.Observed)];
        return [.. FederalHolidays.Of(ask.Year).SelectMany(holiday => new[] { holiday.Observed, holiday.Day }.Distinct().Where(chosen.Contains)
            .Select(day => new ClosureFields(holiday.Name, day, LocationId: ask.LocationId, KnownVisits: ask.KnownVisits)))];
    }

    /// <summary>Loads and shows the page; bound from the services of the request.</summary>
    private sealed class HolidayList(ClosureBook book, ClinicDirectory clinic, TimeProvider clock)
    {
        public static ValueTask<HolidayList?> BindAsync(HttpContext context) => ValueTask.FromResult<HolidayList?>(new(context.RequestServices.GetRequiredService<ClosureBook>(),
            context.RequestServices.GetRequiredService<ClinicDirectory>(), context.RequestServices.GetRequiredService<TimeProvider>()));

        internal ClosureBook Book => book;

        internal async Task<IResult> ShowAsync(int? year, FormState form, AddHolidays? ask, Actor actor, CancellationToken ct)
        {
            var now = clock.GetUtcNow();
            var shown = year is >= 2000 and <= 2199 ? year.Value : now.Month >= 10 ? now.Year + 1 : now.Year;
            var isInTheWay = form.Refusal?.Code == Refusals.VisitsInTheWay.Code && ask is not null;
            return Page.Of<HolidaysPage>(new
            {
                Year = shown, Closures = await book.ListAsync(actor, ct), Locations = await clinic.LocationsAsync(actor, ct), Today = DateOnly.FromDateTime(now.UtcDateTime), Form = form,
                Visits = isInTheWay ? await book.InTheWayAsync(AsksOf(ask!), actor, ct) : [],   // asked for one line up
            }, SettingsRoutes.StatusOf(form));
        }
    }
}
