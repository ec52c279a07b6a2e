using Chartroom.Platform.Identity;
using Chartroom.Platform.Web;
using Chartroom.Shell;

namespace Chartroom.OutsideCalendars;

/// <summary>The page of one's own calendars, and the feed.</summary>
internal static class CalendarRoutes
{
    private const string Path = "/settings/calendars";

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/ical/{address}.ics", FeedAsync).ExcludeFromDescription()
            .Public("because calendar programs cannot sign in: who has the secret address reads times and places of visits, nothing of patients, until its owner ends it");
        var pages = routes.MapGroup(Path).ExcludeFromDescription().Requires(Permission.OwnAccount);
        pages.MapGet("", async (CalendarActs acts, Actor actor, HttpContext http) => await ShowAsync(acts, actor, http)).Audits(CalendarBook.Listed);
        pages.MapPost("/feed", async (Form<Nothing> form, CalendarActs acts, Actor actor, HttpContext http) =>
        {
            var made = await acts.Feeds.MakeAsync(actor, http.RequestAborted);
            return made.IsOk ? await ShowAsync(acts, actor, http, made: $"{http.Request.Scheme}://{http.Request.Host}/ical/{made.Value}.ics") : Page.Refused(made.Refusal);
        }).Audits(FeedBook.Made, CalendarBook.Listed);
        pages.MapPost("/feed/end", async (Form<Nothing> form, CalendarActs acts, Actor actor, CancellationToken ct) =>
        {
            var ended = await acts.Feeds.EndAsync(actor, ct);
            return ended.IsOk ? Page.SeeOther(Path) : Page.Refused(ended.Refusal);
        }).Audits(FeedBook.Ended);
        pages.MapPost("/outside", async (Form<AddCalendar> form, CalendarActs acts, Actor actor, HttpContext http) =>
        {
            var added = await form.ThenAsync(ask => acts.Book.AddAsync(ask, actor, http.RequestAborted));
            if (!added.IsOk) return added.Refusal.Status == 422 ? await ShowAsync(acts, actor, http, form.Again(added.Refusal)) : Page.Refused(added.Refusal);
            await acts.Reader.ReadAsync(actor.Clinic, added.Value, http.RequestAborted);   // at once, so that the page says whether it works
            return Page.SeeOther(Path);
        }).Audits(CalendarBook.Added, BusyReader.Read, CalendarBook.Listed);
        pages.MapPost("/outside/{calendar:guid}/read", async (Guid calendar, Form<Nothing> form, CalendarActs acts, Actor actor, CancellationToken ct) =>
        {
            if (!await acts.Book.IsOwnAsync(calendar, actor, ct)) return Page.Refused(Refusals.Unknown);
            await acts.Reader.ReadAsync(actor.Clinic, calendar, ct);
            return Page.SeeOther(Path);
        }).Audits(BusyReader.Read, CalendarBook.Listed);
        pages.MapPost("/outside/{calendar:guid}/remove", async (Guid calendar, Form<Nothing> form, CalendarActs acts, Actor actor, CancellationToken ct) =>
        {
            var removed = await acts.Book.RemoveAsync(calendar, actor, ct);
            return removed.IsOk ? Page.SeeOther(Path) : Page.Refused(removed.Refusal);
        }).Audits(CalendarBook.Removed);
    }

    private static async Task<IResult> FeedAsync(string address, FeedBook feeds, Origin origin, HttpContext http)
    {
        var answer = await feeds.AnswerAsync(address, http.Request.Headers.IfNoneMatch, origin, http.RequestAborted);
        if (!answer.IsOk) return Page.Refused(answer.Refusal);
        http.Response.Headers.ETag = answer.Value.ETag;
        http.Response.Headers.CacheControl = "private, no-cache";
        return answer.Value.Text is { } text ? Results.Text(text, "text/calendar; charset=utf-8") : Results.StatusCode(StatusCodes.Status304NotModified);
    }

    private static async Task<IResult> ShowAsync(CalendarActs acts, Actor actor, HttpContext http, FormState? form = null, string? made = null) => Page.Of<CalendarsPage>(new
    {
        Own = await acts.Book.ListAsync(actor, http.RequestAborted), Form = form ?? FormState.Fresh, Made = made, MayHave = CalendarBook.MayHave(actor),
        Zone = http.Features.Get<SignedIn>()?.TimeZone ?? "UTC",
    }, form?.Refusal?.Status ?? StatusCodes.Status200OK);

    /// <summary>What the page's acts need.</summary>
    private sealed record CalendarActs(FeedBook Feeds, CalendarBook Book, BusyReader Reader)
    {
        public static ValueTask<CalendarActs?> BindAsync(HttpContext http) => ValueTask.FromResult<CalendarActs?>(new(
            http.RequestServices.GetRequiredService<FeedBook>(), http.RequestServices.GetRequiredService<CalendarBook>(), http.RequestServices.GetRequiredService<BusyReader>()));
    }
}
