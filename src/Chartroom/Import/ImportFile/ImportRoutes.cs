using Chartroom.Platform.Web;
using Chartroom.Shell;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace Chartroom.Import;

/// <summary>A file's name, as its sender calls it, and what became of it.</summary>
public sealed record FileResult(string Name, Outcome<ImportReport> Outcome);

/// <summary>The two doors: a page for several files, and one request a file for programs. Files go from the network to the reader and nowhere
/// else: the framework's form reader would put them unencrypted into the machine's temporary folder.</summary>
internal static class ImportRoutes
{
    /// <summary>All files of one request.</summary>
    private const long MostBytes = 200 * 1024 * 1024;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/patients/import", (ImportSettings settings) => Page.Of<ImportPage>(new { settings.LimitBytes }))
            .ExcludeFromDescription().Requires(Permission.ImportRecords).Audits();
        routes.MapPost("/patients/import", ShowAsync).WithMetadata(new BodyLimit()).ExcludeFromDescription()
            .Requires(Permission.ImportRecords).Audits(Events);
        routes.MapPost("/api/v1/imports", TakeAsync).WithMetadata(new BodyLimit()).WithTags("Import")
            .WithSummary("Takes in one FHIR R4 bundle, plain or gzipped, as the body of the request: all of it or nothing.")
            .Accepts<Stream>("application/fhir+json", "application/json", "application/gzip", "application/octet-stream")
            .Produces<ImportReport>().Requires(Permission.ImportRecords).Audits(Events);
    }

    private static readonly string[] Events = ["import.taken", "import.refused", "chart.imported", "patient.created", "patient.imported", "patient.changed"];

    private static async Task<IResult> TakeAsync(ImportFileHandler handler, Actor actor, HttpRequest request, CancellationToken ct) =>
        (await handler.HandleAsync(request.Body, actor, ct)).ToHttp(report => TypedResults.Ok(report));

    private static async Task<IResult> ShowAsync(ImportFileHandler handler, ImportSettings settings, Actor actor, HttpContext context)
    {
        var results = new List<FileResult>();
        if (MediaTypeHeaderValue.TryParse(context.Request.ContentType, out var type) && HeaderUtilities.RemoveQuotes(type.Boundary).Value is { Length: > 0 } boundary)
        {
            var reader = new MultipartReader(boundary, context.Request.Body) { BodyLengthLimit = MostBytes };
            while (await reader.ReadNextSectionAsync(context.RequestAborted) is { } section)
                if (section.AsFileSection() is { FileStream: { } file, FileName.Length: > 0 } part)
                    results.Add(new(part.FileName, await handler.HandleAsync(file, actor, context.RequestAborted)));
        }
        if (results.Count == 0) results.Add(new("", Refusals.NoFile));
        var status = results.Exists(result => result.Outcome.IsOk) ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity;
        return Page.Of<ImportPage>(new { settings.LimitBytes, Results = (IReadOnlyList<FileResult>)results }, status);
    }

    /// <summary>Lets these two routes take more than other forms may.</summary>
    private sealed class BodyLimit : IRequestSizeLimitMetadata
    {
        public long? MaxRequestBodySize => MostBytes;
    }
}
