using Chartroom.Platform.Identity;
using Chartroom.Platform.Web;
using Chartroom.Shell;

namespace Chartroom.Tasks;

/// <summary>How a recall ends, or that it does not.</summary>
public sealed record RecallEnd(RecallState State);

/// <summary>Recalls by API and by page.</summary>
internal static class RecallRoutes
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        MapApi(routes.MapGroup("/api/v1/recalls").WithTags("Tasks"));
        var pages = routes.MapGroup("/recalls").ExcludeFromDescription();
        pages.MapGet("", async (bool? closed, Guid? after, string? done, Guid? recall, int? v, RecallListHandler handler, Actor actor, CancellationToken ct) => Page.Of<RecallsPage>(new
        {
            Part = await handler.ListAsync(closed == true, after, actor, ct), IsClosed = closed == true, IsFirst = after is null, Done = RecallNote.Of(done, recall, v),
        })).Requires(Permission.SeeAppointments).Audits(RecallListHandler.Listed);
        pages.MapGet("/new", async ([AsParameters] RecallAddress about, RecallFormHandler handler, Actor actor, CancellationToken ct) => await NewAsync(about, FormState.Fresh, handler, actor, ct))
            .Requires(Permission.BookAppointments).Audits(RecallFormHandler.Opened);
        pages.MapPost("", async (Form<RecallForm> form, RecallHandler handler, RecallFormHandler forms, Actor actor, CancellationToken ct) =>
        {
            var written = await form.ThenAsync(ask => handler.WriteAsync(ask.Ask, actor, ct));
            if (written.IsOk) return Page.SeeOther(TaskForm.BackTo(form.Ask.Value.Back, "/recalls?done=written"));
            var about = form.Ask.IsOk ? new RecallAddress(form.Ask.Value.PatientId, null, form.Ask.Value.Back) : new(null, null, null);
            return await NewAsync(about, form.Again(written.Refusal), forms, actor, ct);
        }).Requires(Permission.BookAppointments).Audits("recall.written", RecallFormHandler.Opened);
        pages.MapGet("/{id:guid}", async (Guid id, RecallHandler handler, HttpContext http, Actor actor) => await ShowAsync(id, FormState.Fresh, handler, http, actor))
            .Requires(Permission.SeeAppointments).Audits(RecallHandler.Read);
        pages.MapPost("/{id:guid}/attempts", async (Guid id, Form<WriteAttempt> form, RecallHandler handler, HttpContext http, Actor actor) =>
        {
            var version = Seen(form.Version);
            var tried = await form.ThenAsync(ask => version.IsOk ? handler.TryAsync(id, version.Value, ask, actor, http.RequestAborted) : Task.FromResult<Outcome<Recall>>(version.Refusal));
            if (tried.IsOk) return Page.SeeOther($"/recalls?done={(tried.Value.State is RecallState.Due ? "attempted" : "closed")}&recall={id}&v={tried.Value.Version}");
            return tried.Refusal.Status == 422 ? await ShowAsync(id, form.Again(tried.Refusal), handler, http, actor) : Page.Refused(tried.Refusal);
        }).Requires(Permission.BookAppointments).Audits("recall.attempted", RecallHandler.Read);
        pages.MapPost("/{id:guid}/state", async (Guid id, Form<RecallEnd> form, RecallHandler handler, Actor actor, CancellationToken ct) =>
        {
            var version = Seen(form.Version);
            var ended = await form.ThenAsync(ask => version.IsOk ? handler.CloseAsync(id, version.Value, ask.State, actor, ct) : Task.FromResult<Outcome<Recall>>(version.Refusal));
            return ended.IsOk ? Page.SeeOther($"/recalls?done={(ended.Value.State is RecallState.Due ? "reopened" : "closed")}&recall={id}&v={ended.Value.Version}") : Page.Refused(ended.Refusal);
        }).Requires(Permission.BookAppointments).Audits("recall.closed", "recall.reopened");
    }

    private static void MapApi(RouteGroupBuilder api)
    {
        api.MapGet("", async (bool? closed, Guid? after, RecallListHandler handler, Actor actor, CancellationToken ct) =>
                TypedResults.Ok(await handler.ListAsync(closed == true, after, actor, ct)))
            .Requires(Permission.SeeAppointments).Audits(RecallListHandler.Listed).WithSummary("Patients to be asked in again, by their day; with closed=true those that are not any more.");
        api.MapGet("/{id:guid}", async (Guid id, RecallHandler handler, HttpContext http, Actor actor) =>
            (await handler.ReadAsync(id, actor, http.RequestAborted)).ToHttp(details =>
            {
                Versions.SetETag(http, details.Recall.Version);
                return TypedResults.Ok(new { details.Recall, details.Attempts });
            })).Requires(Permission.SeeAppointments).Audits(RecallHandler.Read).WithSummary("A recall with every try.");
        api.MapPost("", async (WriteRecall ask, RecallHandler handler, HttpContext http, Actor actor) =>
                (await handler.WriteAsync(ask, actor, http.RequestAborted)).ToHttp(recall => Tagged(http, recall, TypedResults.Created($"/api/v1/recalls/{recall.Id}", recall))))
            .Requires(Permission.BookAppointments).Audits("recall.written").Produces<Recall>(201).WithSummary("Writes down whom to ask in again.");
        api.MapPost("/{id:guid}/attempts", (Guid id, WriteAttempt ask, RecallHandler handler, HttpContext http, Actor actor) =>
                ChangeAsync(http, version => handler.TryAsync(id, version, ask, actor, http.RequestAborted)))
            .Requires(Permission.BookAppointments).Audits("recall.attempted").Produces<Recall>().WithSummary("Takes down a try to reach the patient; one who declines ends the recall.");
        api.MapPost("/{id:guid}/state", (Guid id, RecallEnd ask, RecallHandler handler, HttpContext http, Actor actor) =>
                ChangeAsync(http, version => handler.CloseAsync(id, version, ask.State, actor, http.RequestAborted)))
            .Requires(Permission.BookAppointments).Audits("recall.closed", "recall.reopened").Produces<Recall>().WithSummary("Gives a recall up, or makes it due again.");
    }

    private static async Task<IResult> ChangeAsync(HttpContext http, Func<int, Task<Outcome<Recall>>> act)
    {
        var version = Versions.IfMatch(http);
        return (version.IsOk ? await act(version.Value) : version.Refusal).ToHttp(recall => Tagged(http, recall, TypedResults.Ok(recall)));
    }

    private static IResult Tagged(HttpContext http, Recall recall, IResult result)
    {
        Versions.SetETag(http, recall.Version);
        return result;
    }

    private static Outcome<int> Seen(long? version) => version is > 0 and <= int.MaxValue and { } seen ? (int)seen : Versions.Missing;

    private static async Task<IResult> NewAsync(RecallAddress about, FormState state, RecallFormHandler handler, Actor actor, CancellationToken ct)
    {
        var form = await handler.HandleAsync(about, actor, ct);
        return form.IsOk ? Page.Of<RecallFormPage>(new { Form = form.Value, State = state }, state.Refusal?.Status ?? StatusCodes.Status200OK) : Page.Refused(form.Refusal);
    }

    private static async Task<IResult> ShowAsync(Guid id, FormState state, RecallHandler handler, HttpContext http, Actor actor)
    {
        var details = await handler.ReadAsync(id, actor, http.RequestAborted);
        return details.IsOk
            ? Page.Of<RecallPage>(new { Details = details.Value, State = state, Zone = http.Features.Get<SignedIn>()?.TimeZone ?? "UTC" }, state.Refusal?.Status ?? StatusCodes.Status200OK)
            : Page.Refused(details.Refusal);
    }
}

/// <summary>What a new recall is about.</summary>
internal sealed record RecallAddress(PatientId? Patient, AppointmentId? Visit, string? Back);

/// <summary>A recall as the page's form has it.</summary>
public sealed record RecallForm(PatientId PatientId, VisitTypeId VisitTypeId, DateOnly DueOn, bool IsMonth, StaffId? ProviderId, string? Reason, string? Back)
{
    public WriteRecall Ask => new(PatientId, VisitTypeId, DueOn, IsMonth, ProviderId, Reason);
}

/// <summary>What was just done with a recall, and the way back.</summary>
public sealed record RecallNote(string Text, Guid? UndoOf, int? Version)
{
    public static RecallNote? Of(string? done, Guid? recall, int? version) => done switch
    {
        "written" => new("Recall written down.", null, null),
        "attempted" => new("The try is taken down.", null, null),
        "reopened" => new("The recall is due again.", null, null),
        "closed" => new("The recall is closed.", recall, version),
        _ => null,
    };
}
