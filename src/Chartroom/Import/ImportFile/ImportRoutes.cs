using System.Runtime.CompilerServices;
using Chartroom.Platform.Web;
using Chartroom.Shell;
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
        routes.MapPost("/patients/import", ShowAsync).StreamsBody(MostBytes).ExcludeFromDescription()
            .Requires(Permission.ImportRecords).Audits(Events);
        routes.MapPost("/api/v1/imports", TakeAsync).StreamsBody(MostBytes).WithTags("Import")
            .WithSummary("Takes in one FHIR R4 bundle or one clinical document (C-CDA), plain or gzipped, as the body of the request: all of it or nothing.")
            .Accepts<Stream>("application/fhir+json", "application/json", "application/xml", "text/xml", "application/gzip", "application/octet-stream")
            .Produces<ImportReport>().Requires(Permission.ImportRecords).Audits(Events);
    }

    private static readonly string[] Events = ["import.taken", "import.refused", "chart.imported", "patient.created", "patient.imported", "patient.changed"];

    private static async Task<IResult> TakeAsync(ImportFileHandler handler, Actor actor, HttpRequest request, CancellationToken ct) =>
        (await handler.HandleAsync(request.Body, request.ContentLength, actor, ct)).ToHttp(report => TypedResults.Ok(report));

    private static async Task<IResult> ShowAsync(ImportFileHandler handler, ImportSettings settings, Actor actor, HttpContext context)
    {
        var results = new List<FileResult>();
        try
        {
            await foreach (var file in FilesAsync(context.Request, context.RequestAborted))
                results.Add(new(file.FileName, file.FileStream is { } stream ? await handler.HandleAsync(stream, null, actor, context.RequestAborted) : Refusals.EmptyFile));
        }
        catch (BadHttpRequestException error) when (error.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            results.Add(new("", Refusals.TooLarge));
        }
        catch (IOException error) when (error is not BadHttpRequestException)
        {
            // between two files; what was taken in stays, and the page says which
            results.Add(new("", Refusals.CutShort));
        }
        if (results.Count == 0) results.Add(new("", Refusals.NoFile));
        var status = results.Exists(result => result.Outcome.IsOk) ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity;
        return Page.Of<ImportPage>(new { settings.LimitBytes, Results = (IReadOnlyList<FileResult>)results }, status);
    }

    private static async IAsyncEnumerable<FileMultipartSection> FilesAsync(HttpRequest request, [EnumeratorCancellation] CancellationToken ct)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type) || HeaderUtilities.RemoveQuotes(type.Boundary).Value is not { Length: > 0 } boundary) yield break;
        var reader = new MultipartReader(boundary, request.Body) { BodyLengthLimit = MostBytes };
        while (await reader.ReadNextSectionAsync(ct) is { } section)
            if (section.AsFileSection() is { FileName.Length: > 0 } file) yield return file;
    }
}
