using System.Runtime.CompilerServices;
using Chartroom.Platform.Web;
using Chartroom.Shell;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace Chartroom.Scribe;

/// <summary>Recording a visit: consent, a file, or piece by piece from the browser. Files go from the network to the vault and nowhere else: the framework's form reader would hold them in memory whole.</summary>
internal static class RecordingRoutes
{
    private const long MostBytes = 1024L * 1024 * 1024;
    private const int MostOfPiece = 4 * 1024 * 1024;

    private static readonly string[] Uploads = [RecordingBook.Began, RecordingBook.Added, RecordingBook.Ended, RecordingBook.Destroyed];

    public static void Map(IEndpointRouteBuilder routes)
    {
        MapPages(routes.MapGroup("").ExcludeFromDescription().Requires(Permission.SignNotes));
        var api = routes.MapGroup("/api/v1").WithTags("Recordings").Requires(Permission.SignNotes);
        api.MapPost("/visits/{id}/recording-consents", async (AppointmentId id, GiveConsent ask, ConsentHandler handler, Actor actor, CancellationToken ct) =>
                (await handler.GiveAsync(id, ask, actor, ct)).ToHttp(_ => TypedResults.NoContent()))
            .Audits(ConsentHandler.Given).WithName("GiveRecordingConsent").WithSummary("Writes down who agreed that the visit is recorded, and how.").Produces(204);
        api.MapDelete("/visits/{id}/recording-consents", async (AppointmentId id, ConsentHandler handler, Actor actor, CancellationToken ct) =>
                (await handler.WithdrawAsync(id, actor, ct)).ToHttp(_ => TypedResults.NoContent()))
            .Audits(ConsentHandler.Withdrawn, RecordingBook.Destroyed).WithName("WithdrawRecordingConsent").WithSummary("Takes the consent back; what was recorded is destroyed at once.").Produces(204);
        api.MapPost("/visits/{id}/recordings", UploadedAsync).StreamsBody(MostBytes).Audits(Uploads)
            .WithName("UploadRecording").WithSummary("A recording of the visit as one file, the body of the request: WAV, MP3, M4A, Ogg or WebM.")
           .Produces<BegunRecording>(201);
        api.MapPost("/visits/{id}/recordings/begin", async (AppointmentId id, RecordingBook book, Actor actor, CancellationToken ct) =>
                (await book.BeginAsync(id, RecordingSource.Recorded, actor, ct)).ToHttp(recording => TypedResults.Created($"/api/v1/recordings/{recording}", new BegunRecording(recording))))
            .Audits(RecordingBook.Began).WithName("BeginRecording").WithSummary("Begins a recording that comes in piece by piece.").Produces<BegunRecording>(201);
        api.MapPost("/recordings/{id}/parts/{part}/pieces/{number}", PieceAsync).StreamsBody(MostOfPiece).Audits(RecordingBook.Added)
            .WithName("AddRecordingPiece").WithSummary("The next piece; a part is a stream of its own, begun anew after each break. The same piece twice is one. How many milliseconds it sounds may be said, for the clock of whoever goes on.")
           .Produces(204);
        api.MapPost("/recordings/{id}/end", async (RecordingId id, RecordingBook book, Actor actor, CancellationToken ct) =>
                (await book.EndAsync(id, actor, ct)).ToHttp(_ => TypedResults.NoContent()))
            .Audits(RecordingBook.Ended).WithName("EndRecording").WithSummary("All of it is here; it is transcribed in the background.").Produces(204);
        api.MapPost("/recordings/{id}/attempts", async (RecordingId id, RecordingBook book, Actor actor, CancellationToken ct) =>
                (await book.AgainAsync(id, actor, ct)).ToHttp(_ => TypedResults.NoContent()))
            .Audits(RecordingBook.Again).WithName("TranscribeAgain").WithSummary("Has a recording that could not be transcribed tried again.").Produces(204);
        api.MapDelete("/recordings/{id}", async (RecordingId id, RecordingBook book, Actor actor, CancellationToken ct) =>
                (await book.DiscardAsync(id, actor, ct)).ToHttp(_ => TypedResults.NoContent()))
            .Audits(RecordingBook.Destroyed).WithName("DestroyRecording").WithSummary("Destroys audio and key at once.").Produces(204);
        api.MapGet("/visits/{id}/recording", async (AppointmentId id, ReadRecordingHandler handler, Actor actor, CancellationToken ct) =>
                (await handler.HandleAsync(id, actor, ct)).ToHttp(TypedResults.Ok))
            .Audits(ReadRecordingHandler.Read).WithName("ReadRecording").WithSummary("Whether the visit may be recorded, and how far its latest recording has come.").Produces<RecordingAnswer>();
    }

    private static void MapPages(RouteGroupBuilder pages)
    {
        pages.MapPost("/visits/{id}/recording-consents", async (AppointmentId id, Form<GiveConsent> form, ConsentHandler handler, ReadReviewHandler reads, HttpContext http) =>
        {
            var given = await form.ThenAsync(ask => handler.GiveAsync(id, ask, http.Features.Get<Actor>()!, http.RequestAborted));   // the route asks for a permission
            return given.IsOk ? Page.SeeOther(To(id)) : await AgainAsync(id, given.Refusal, form.Again(given.Refusal), reads, http);
        }).Audits(ConsentHandler.Given, "review.opened", "draft.read");
        pages.MapPost("/visits/{id}/recording-consents/withdrawal", async (AppointmentId id, Form<Nothing> form, ConsentHandler handler, Actor actor, CancellationToken ct) =>
            Then(await form.ThenAsync(_ => handler.WithdrawAsync(id, actor, ct)), id)).Audits(ConsentHandler.Withdrawn, RecordingBook.Destroyed);
        pages.MapPost("/visits/{id}/recordings", UploadedByFormAsync).StreamsBody(MostBytes).Audits([.. Uploads, "review.opened", "draft.read"]);
        pages.MapPost("/recordings/{id}/end", async (RecordingId id, Form<Nothing> form, RecordingBook book, Actor actor, CancellationToken ct) =>
            Then(await form.ThenAsync(_ => book.EndAsync(id, actor, ct)))).Audits(RecordingBook.Ended);
        pages.MapPost("/recordings/{id}/attempts", async (RecordingId id, Form<Nothing> form, RecordingBook book, Actor actor, CancellationToken ct) =>
            Then(await form.ThenAsync(_ => book.AgainAsync(id, actor, ct)))).Audits(RecordingBook.Again);
        pages.MapGet("/visits/{id}/recording/progress", async (AppointmentId id, string? state, int? attempts, ReadRecordingHandler handler, Actor actor, CancellationToken ct) =>
            await handler.IsStillAsync(id, state ?? "", attempts ?? 0, actor, ct) ? Results.NoContent() : Page.SeeOther(To(id))).Audits().RunsByItself();
        pages.MapPost("/recordings/{id}/destruction", async (RecordingId id, Form<Nothing> form, RecordingBook book, Actor actor, CancellationToken ct) =>
            Then(await form.ThenAsync(_ => book.DiscardAsync(id, actor, ct)))).Audits(RecordingBook.Destroyed);
    }

    private static async Task<IResult> UploadedAsync(AppointmentId id, UploadRecordingHandler handler, Actor actor, HttpRequest request, CancellationToken ct) =>
        (await handler.HandleAsync(id, request.Body, request.ContentLength, actor, ct)).ToHttp(recording => TypedResults.Created($"/api/v1/recordings/{recording}", new BegunRecording(recording)));

    private static async Task<IResult> PieceAsync(RecordingId id, int part, int number, int? milliseconds, RecordingBook book, Actor actor, HttpRequest request)
    {
        if (part is < 1 or > 100 || number is < 0 or > 100_000) return Refusals.RecordingGap.ToHttp();
        using var bytes = new MemoryStream();
        await request.Body.CopyToAsync(bytes, request.HttpContext.RequestAborted);
        return (await book.AddAsync(id, new(part, number, bytes.GetBuffer().AsMemory(0, (int)bytes.Length), milliseconds is { } sounds ? Math.Clamp(sounds, 0, RecordingBook.LongestPiece) : null), actor, request.HttpContext.RequestAborted)).ToHttp(_ => TypedResults.NoContent());
    }

    private static async Task<IResult> UploadedByFormAsync(AppointmentId id, UploadRecordingHandler handler, ReadReviewHandler reads, Actor actor, HttpContext http)
    {
        Outcome<RecordingId> taken = Refusals.RecordingEmpty;
        try
        {
            await foreach (var file in FilesAsync(http.Request, http.RequestAborted))
            {
                if (file.FileStream is { } stream) taken = await handler.HandleAsync(id, stream, null, actor, http.RequestAborted);
                break;   // one visit, one recording
            }
        }
        catch (BadHttpRequestException error) when (error.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            taken = Refusals.RecordingTooLarge;
        }
        if (taken.IsOk) return Page.SeeOther(To(id));
        var refusal = taken.Refusal.Status is 413 or 422 ? taken.Refusal.On("recording", taken.Refusal.Title) : taken.Refusal;
        return await AgainAsync(id, refusal, FormState.Fresh with { Refusal = refusal }, reads, http);
    }

    private static async Task<IResult> AgainAsync(AppointmentId id, Refusal refusal, FormState form, ReadReviewHandler reads, HttpContext http)
    {
        if (refusal.Status is 404 or 409) return Page.Refused(refusal);
        var again = await reads.HandleAsync(id, http.Features.Get<Actor>()!, http.RequestAborted);   // the route asks for a permission, so somebody is signed in
        return again.IsOk ? Page.Of<ReviewPage>(new { Review = again.Value, Form = form }, refusal.Status) : Page.Refused(again.Refusal);
    }

    private static async IAsyncEnumerable<FileMultipartSection> FilesAsync(HttpRequest request, [EnumeratorCancellation] CancellationToken ct)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type) || HeaderUtilities.RemoveQuotes(type.Boundary).Value is not { Length: > 0 } boundary) yield break;
        var reader = new MultipartReader(boundary, request.Body) { BodyLengthLimit = MostBytes };
        while (await reader.ReadNextSectionAsync(ct) is { } section)
            if (section.AsFileSection() is { FileName.Length: > 0 } file) yield return file;
    }

    private static string To(AppointmentId visit) => $"/visits/{visit}/review";

    private static IResult Then(Outcome<AppointmentId> done) => done.IsOk ? Page.SeeOther(To(done.Value)) : Page.Refused(done.Refusal);

    private static IResult Then(Outcome<Done> done, AppointmentId visit) => done.IsOk ? Page.SeeOther(To(visit)) : Page.Refused(done.Refusal);
}

/// <summary>What a recording that was begun or taken is called.</summary>
internal sealed record BegunRecording(RecordingId RecordingId);
