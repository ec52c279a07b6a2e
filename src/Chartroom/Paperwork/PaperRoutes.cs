using Chartroom.Platform.Web;
using Chartroom.Scheduling;
using Chartroom.Shell;

namespace Chartroom.Paperwork;

/// <summary>Forms of visits and patients, by page and by API.</summary>
internal static class PaperRoutes
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var pages = routes.MapGroup("").ExcludeFromDescription();
        pages.MapGet("/visits/{id}/papers", (AppointmentId id, string? back, VisitPapersHandler handler, Actor actor, CancellationToken ct) => ShowAsync((id, back), FormState.Fresh, handler, (actor, ct)))
            .Requires(Permission.SeeAppointments).Audits(VisitPapersHandler.Read);
        pages.MapPost("/visits/{id}/papers", async (AppointmentId id, string? back, Form<ReceivePapers> form, ReceivePapersHandler handler, VisitPapersHandler reads, HttpContext http) =>
        {
            var by = (Actor: ActorOf(http), http.RequestAborted);
            var received = await form.ThenAsync(ask => handler.AtVisitAsync(id, ask, by.Actor, by.RequestAborted));
            if (received.IsOk) return Page.SeeOther(PaperWords.After(PaperWords.Back(back, $"/visits/{id}"), "received", received.Value.Select(it => it.Id), id));
            return received.Refusal.Status == 422 ? await ShowAsync((id, back), form.Again(received.Refusal), reads, by) : Page.Refused(received.Refusal);
        }).Requires(Permission.BookAppointments).Audits(ReceivePapersHandler.Received, VisitPapersHandler.Read);
        pages.MapGet("/patients/{id}/papers", (PatientId id, PatientPapersHandler handler, Actor actor, CancellationToken ct) => OfPatientAsync(id, FormState.Fresh, handler, (actor, ct)))
            .Requires(Permission.SeeAppointments).Audits(VisitPapersHandler.Read);
        pages.MapPost("/patients/{id}/papers", async (PatientId id, Form<ReceivePapers> form, ReceivePapersHandler handler, PatientPapersHandler reads, Actor actor, CancellationToken ct) =>
        {
            var received = await form.ThenAsync(ask => handler.OfPatientAsync(id, ask, actor, ct));
            if (received.IsOk) return Page.SeeOther(PaperWords.After($"/patients/{id}", "received", received.Value.Select(it => it.Id), null));
            return received.Refusal.Status == 422 ? await OfPatientAsync(id, form.Again(received.Refusal), reads, (actor, ct)) : Page.Refused(received.Refusal);
        }).Requires(Permission.BookAppointments).Audits(ReceivePapersHandler.Received, VisitPapersHandler.Read);
        pages.MapPost("/paper-receipts/taken-back", async (string? of, string? back, Form<Nothing> form, ReceivePapersHandler handler, Actor actor, CancellationToken ct) =>
        {
            var taken = await form.ThenAsync(_ => handler.TakeBackAsync(PaperWords.Receipts(of), actor, ct));
            if (!taken.IsOk) return Page.Refused(taken.Refusal);
            var one = taken.Value[0];   // refused when there is none
            return Page.SeeOther(PaperWords.After(PaperWords.Back(back, $"/patients/{one.PatientId}"), "taken-back", taken.Value.Select(it => it.Id), one.VisitId));
        }).Requires(Permission.BookAppointments).Audits(ReceivePapersHandler.TakenBack);
        MapApi(routes.MapGroup("/api/v1").WithTags("Paperwork"));
    }

    private static void MapApi(RouteGroupBuilder api)
    {
        api.MapGet("/visits/{id}/papers", async (AppointmentId id, VisitPapersHandler handler, Actor actor, CancellationToken ct) => (await handler.HandleAsync(id, actor, ct)).ToHttp(TypedResults.Ok))
            .Requires(Permission.SeeAppointments).Audits(VisitPapersHandler.Read).WithName("ListPapersOfVisit").Produces<VisitPapers>().WithSummary("The papers that a visit asks for, missing ones first.");
        api.MapPost("/visits/{id}/papers/receipts", async (AppointmentId id, ReceivePapers ask, ReceivePapersHandler handler, Actor actor, CancellationToken ct) =>
                (await handler.AtVisitAsync(id, ask, actor, ct)).ToHttp(receipts => TypedResults.Created((string?)null, new ReceivedPapers(receipts))))
            .Requires(Permission.BookAppointments).Audits(ReceivePapersHandler.Received).WithName("ReceivePapersAtVisit").Produces<ReceivedPapers>(201)
            .WithSummary("Marks papers that a visit misses as received, or as declined by the patient.");
        api.MapGet("/patients/{id}/papers", async (PatientId id, PatientPapersHandler handler, Actor actor, CancellationToken ct) => (await handler.HandleAsync(id, actor, ct)).ToHttp(TypedResults.Ok))
            .Requires(Permission.SeeAppointments).Audits(VisitPapersHandler.Read).WithName("ListPapersOfPatient").Produces<PatientPapers>()
            .WithSummary("How the clinic's papers stand with a patient, and every receipt: the latest first, 200 at most.");
        api.MapPost("/patients/{id}/papers/receipts", async (PatientId id, ReceivePapers ask, ReceivePapersHandler handler, Actor actor, CancellationToken ct) =>
                (await handler.OfPatientAsync(id, ask, actor, ct)).ToHttp(receipts => TypedResults.Created((string?)null, new ReceivedPapers(receipts))))
            .Requires(Permission.BookAppointments).Audits(ReceivePapersHandler.Received).WithName("ReceivePapersOfPatient").Produces<ReceivedPapers>(201)
            .WithSummary("Marks papers as received outside of a visit; one that is still good is renewed.");
        api.MapPost("/paper-receipts/{id:guid}/taking-back", async (Guid id, ReceivePapersHandler handler, Actor actor, CancellationToken ct) =>
                (await handler.TakeBackAsync([id], actor, ct)).ToHttp(receipts => TypedResults.Ok(receipts[0])))
            .Requires(Permission.BookAppointments).Audits(ReceivePapersHandler.TakenBack).WithName("TakePaperReceiptBack").Produces<PaperReceipt>()
            .WithSummary("Says that a receipt was an error; it stays to be seen.");
    }

    private static async Task<IResult> ShowAsync((AppointmentId Id, string? Back) what, FormState state, VisitPapersHandler handler, (Actor Actor, CancellationToken Ct) by)
    {
        var papers = await handler.HandleAsync(what.Id, by.Actor, by.Ct);
        if (!papers.IsOk) return Page.Refused(papers.Refusal);
        return Page.Of<VisitFormsPage>(new { Papers = papers.Value, Back = PaperWords.Back(what.Back, $"/visits/{what.Id}"), State = state }, state.Refusal?.Status ?? StatusCodes.Status200OK);
    }

    private static async Task<IResult> OfPatientAsync(PatientId patient, FormState state, PatientPapersHandler handler, (Actor Actor, CancellationToken Ct) by)
    {
        var papers = await handler.HandleAsync(patient, by.Actor, by.Ct);
        return papers.IsOk ? Page.Of<PatientFormsPage>(new { Papers = papers.Value, State = state }, state.Refusal?.Status ?? StatusCodes.Status200OK) : Page.Refused(papers.Refusal);
    }

    private static Actor ActorOf(HttpContext context) =>
        context.Features.Get<Actor>() ?? throw new InvalidOperationException("The route asks for a permission, so somebody is signed in.");
}

/// <summary>What was received at once, by the name of the paper.</summary>
internal sealed record ReceivedPapers(IReadOnlyList<PaperReceipt> Receipts);
