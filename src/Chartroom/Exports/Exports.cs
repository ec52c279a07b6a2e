using Chartroom.AuditLog;
using Chartroom.Patients;
using Chartroom.Platform.Identity;
using Chartroom.Platform.Web;
using Chartroom.Shell;

namespace Chartroom.Exports;

/// <summary>A clinic takes its data out, any time, without asking anybody (PRV-2).</summary>
internal static class ExportsSetup
{
    public static void AddExports(this IServiceCollection services) => services.AddSingleton<ExportBook>().AddSingleton<TakeChartHandler>()
        .AddSingleton(new PatientPageSection("Take the chart along", Permission.ExportData, typeof(ChartExportPart)));

    public static void MapExports(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api/v1/exports").WithTags("Exports");
        foreach (var subject in ExportSubject.All)
        {
            foreach (var form in Enum.GetValues<ExportForm>())
            {
                api.MapGet("/" + FileName(subject, form), (HttpContext http, ExportBook book, ClinicTime time, Actor actor) => StreamAsync(http, book, (subject, form), time, actor))
                    .Requires(Permission.ExportData).RequiresStepUp().Audits(ExportBook.PatientsExported, ExportBook.EntriesExported, ExportBook.AuditExported, ExportBook.TableExported)
                    .WithSummary($"All of {subject.Name} as {form.ToString().ToUpperInvariant()}, streamed");
            }
        }
        TakeChartHandler.Map(routes);
        routes.MapGet("/settings/export", () => Page.Of<ExportPage>()).Requires(Permission.ExportData).RequiresStepUp().Audits().ExcludeFromDescription();
    }

    internal static string FileName(ExportSubject subject, ExportForm form) =>
        $"{subject.Name}.{form.ToString().ToLowerInvariant()}";

    /// <summary>Nothing is kept on our side. A fault on the way breaks the connection, so that a half file is never taken for a whole one.</summary>
    private static async Task StreamAsync(HttpContext http, ExportBook book, (ExportSubject Subject, ExportForm Form) wanted, ClinicTime time, Actor actor)
    {
        var today = time.Today(http.Features.Get<SignedIn>()?.TimeZone ?? "UTC");
        var name = FileName(wanted.Subject, wanted.Form).Replace(".", string.Create(System.Globalization.CultureInfo.InvariantCulture, $"-{today:yyyy-MM-dd}."), StringComparison.Ordinal);
        http.Response.ContentType = wanted.Form == ExportForm.Csv ? "text/csv; charset=utf-8" : "application/json; charset=utf-8";
        http.Response.Headers.ContentDisposition = $"attachment; filename=\"{name}\"";
        await book.WriteAsync(wanted.Subject, new(http.Response.Body, wanted.Form), AuditLogQuery.Of(http.Request.Query), actor, http.RequestAborted);
    }
}
