using System.Globalization;
using Chartroom.Exports;
using Chartroom.Platform.Identity;
using Chartroom.Platform.Web;
using Chartroom.Shell;

namespace Chartroom.Insights;

/// <summary>Figures of the desk, and the visits behind each.</summary>
internal static class InsightsSetup
{
    private const string Read = "insights.read", Taken = "insights.taken-out";

    public static void AddInsights(this IServiceCollection services) => services.AddSingleton<ShowFiguresHandler>().AddSingleton<ShowVisitsHandler>();

    public static void MapInsights(this IEndpointRouteBuilder routes)
    {
        MapPages(routes);
        var api = routes.MapGroup("/api/v1/insights").WithTags("Insights");
        api.MapGet("/figures", async (HttpContext http, ShowFiguresHandler handler, ClinicTime time, Actor actor, CancellationToken ct) =>
                (await handler.HandleAsync(Ask(http, time), Read, actor, ct)).ToHttp(TypedResults.Ok))
            .Requires(Permission.SeeInsights).Audits(Read).WithSummary("No-shows, late cancellations, fill rate, lead times, waits and how long each state lasted: query from, to, per (week, month, whole), by (clinic, provider, location, visit_type)");
        api.MapGet("/figures.csv", async (HttpContext http, ShowFiguresHandler handler, ClinicTime time, Actor actor, CancellationToken ct) =>
                (await handler.HandleAsync(Ask(http, time), Taken, actor, ct)).ToHttp(File))
            .Requires(Permission.SeeInsights).Audits(Taken).WithSummary("The same as a file, with the rows and columns of the page");
        api.MapGet("/visits", async (HttpContext http, ShowVisitsHandler handler, ClinicTime time, Actor actor, CancellationToken ct) =>
                (await handler.HandleAsync(VisitsAsk.Read(http.Request.Query, Today(http, time)), http.Request.Query["after"], actor, ct)).ToHttp(TypedResults.Ok))
            .Requires(Permission.SeeInsights).Audits(ShowVisitsHandler.Read).WithSummary("The visits behind a figure, by start");
    }

    private static void MapPages(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/insights", async (HttpContext http, ShowFiguresHandler handler, ClinicTime time, Actor actor, CancellationToken ct) =>
        {
            var ask = Ask(http, time);
            var view = await handler.HandleAsync(ask, Read, actor, ct);
            return view.IsOk ? Page.Of<InsightsPage>(new { View = view.Value }) : Page.Refused(view.Refusal);
        }).Requires(Permission.SeeInsights).Audits(Read).ExcludeFromDescription();
        routes.MapGet("/insights/visits", async (HttpContext http, ShowVisitsHandler handler, ClinicTime time, Actor actor, CancellationToken ct) =>
        {
            var ask = VisitsAsk.Read(http.Request.Query, Today(http, time));
            if (ask.Figure.Length == 0) ask = ask with { Figure = Figure.Visits.Name };
            var view = await handler.ViewAsync(ask, http.Request.Query["after"], actor, ct);
            return view.IsOk ? Page.Of<VisitsPage>(new { View = view.Value, IsFirst = !http.Request.Query.ContainsKey("after") }) : Page.Refused(view.Refusal);
        }).Requires(Permission.SeeInsights).Audits(ShowVisitsHandler.Read).ExcludeFromDescription();
    }

    private static IResult File(FiguresView view) => Results.Bytes(
        CsvFile.Of(FigureTable.Head(view.Ask), view.Lines.Select(line => FigureTable.Cells(view.Ask, line))), "text/csv; charset=utf-8",
        string.Create(CultureInfo.InvariantCulture, $"insights-{view.Ask.From:yyyy-MM-dd}-{view.Ask.To:yyyy-MM-dd}.csv"));

    private static InsightsAsk Ask(HttpContext http, ClinicTime time) => InsightsAsk.Of(http.Request.Query, Today(http, time));

    private static DateOnly Today(HttpContext http, ClinicTime time) => time.Today(http.Features.Get<SignedIn>()?.TimeZone ?? "UTC");
}
