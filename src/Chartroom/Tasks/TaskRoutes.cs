using Chartroom.Platform.Identity;
using Chartroom.Platform.Web;
using Chartroom.Shell;

namespace Chartroom.Tasks;

/// <summary>Tasks by API and by page.</summary>
internal static class TaskRoutes
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        MapApi(routes.MapGroup("/api/v1/tasks").WithTags("Tasks"));
        var pages = routes.MapGroup("/tasks").ExcludeFromDescription();
        pages.MapGet("", ListAsync).Requires(Permission.SeeAppointments).Audits(TaskListHandler.Listed);
        pages.MapGet("/new", NewAsync).Requires(Permission.BookAppointments).Audits(TaskFormHandler.Opened);
        pages.MapPost("", WriteAsync).Requires(Permission.BookAppointments).Audits("task.written", TaskFormHandler.Opened);
        pages.MapGet("/{id:guid}", EditAsync).Requires(Permission.BookAppointments).Audits(TaskFormHandler.Opened);
        pages.MapPost("/{id:guid}", ChangeAsync).Requires(Permission.BookAppointments).Audits("task.changed", TaskFormHandler.Opened);
        foreach (var (act, state, audit) in new[] { ("done", TaskState.Done, "task.done"), ("cancel", TaskState.Cancelled, "task.cancelled"), ("reopen", TaskState.Open, "task.reopened") })
        {
            pages.MapPost("/{id:guid}/" + act, async (Guid id, string? back, Form<Nothing> form, CloseTaskHandler handler, Actor actor, CancellationToken ct) =>
            {
                var closed = form.Version is > 0 and <= int.MaxValue and { } version ? await handler.HandleAsync(id, (int)version, state, actor, ct) : Versions.Missing;
                return closed.IsOk ? Page.SeeOther(After(back, act, closed.Value)) : Page.Refused(closed.Refusal);
            }).Requires(Permission.BookAppointments).Audits(audit);
        }
    }

    private static void MapApi(RouteGroupBuilder api)
    {
        api.MapGet("", async (string? view, Guid? after, TaskListHandler handler, Actor actor, CancellationToken ct) =>
                (TaskViews.Of(view) is { } shown ? await handler.ListAsync(shown, after, actor, ct) : (Outcome<TaskPart>)Refusals.UnknownView).ToHttp(TypedResults.Ok))
            .Requires(Permission.SeeAppointments).Audits(TaskListHandler.Listed).WithSummary("Open tasks by their day, or closed ones, latest first; 100 at once.");
        api.MapPost("", async (WriteTask ask, WriteTaskHandler handler, Actor actor, HttpContext http) =>
                (await handler.WriteAsync(ask, actor, http.RequestAborted)).ToHttp(task => Tagged(http, task.Version, TypedResults.Created($"/api/v1/tasks/{task.Id}", task))))
            .Requires(Permission.BookAppointments).Audits("task.written").Produces<DeskTask>(201).WithSummary("Writes a task down.");
        api.MapPut("/{id:guid}", async (Guid id, WriteTask ask, WriteTaskHandler handler, Actor actor, HttpContext http) =>
        {
            var version = Versions.IfMatch(http);
            var changed = version.IsOk ? await handler.ChangeAsync(id, version.Value, ask, actor, http.RequestAborted) : version.Refusal;
            return changed.ToHttp(task => Tagged(http, task.Version, TypedResults.Ok(task)));
        }).Requires(Permission.BookAppointments).Audits("task.changed").Produces<DeskTask>().WithSummary("Changes an open task.");
        foreach (var (act, state, audit) in new[] { ("done", TaskState.Done, "task.done"), ("cancellation", TaskState.Cancelled, "task.cancelled"), ("reopening", TaskState.Open, "task.reopened") })
        {
            api.MapPost("/{id:guid}/" + act, async (Guid id, CloseTaskHandler handler, Actor actor, HttpContext http) =>
            {
                var version = Versions.IfMatch(http);
                var closed = version.IsOk ? await handler.HandleAsync(id, version.Value, state, actor, http.RequestAborted) : version.Refusal;
                return closed.ToHttp(task => Tagged(http, task.Version, TypedResults.Ok(task)));
            }).Requires(Permission.BookAppointments).Audits(audit).Produces<ClosedTask>();
        }
    }

    private static IResult Tagged(HttpContext http, int version, IResult result)
    {
        Versions.SetETag(http, version);
        return result;
    }

    private static async Task<IResult> ListAsync(string? view, Guid? after, string? done, Guid? task, int? v, DateOnly? next, TaskListHandler handler, Actor actor, CancellationToken ct)
    {
        if (TaskViews.Of(view) is not { } shown) return Page.Refused(Refusals.UnknownView);
        return Page.Of<TasksPage>(new
        {
            View = shown, Part = await handler.ListAsync(shown, after, actor, ct), IsFirst = after is null, Me = actor.Staff, Done = TaskNote.Of(done, task, v, next),
        });
    }

    private static async Task<IResult> NewAsync([AsParameters] TaskAddress about, TaskFormHandler handler, Actor actor, CancellationToken ct) =>
        await ShowAsync(about, FormState.Fresh, handler, actor, ct);

    private static async Task<IResult> WriteAsync(Form<TaskForm> form, WriteTaskHandler handler, TaskFormHandler forms, Actor actor, CancellationToken ct)
    {
        var ask = form.Ask.IsOk ? form.Ask.Value.Ask : form.Ask.Refusal;
        var written = ask.IsOk ? await handler.WriteAsync(ask.Value, actor, ct) : ask.Refusal;
        if (written.IsOk) return Page.SeeOther(TaskForm.BackTo(form.Ask.Value.Back, $"/tasks?view={(written.Value.AssigneeId == actor.Staff ? "mine" : "all")}&done=written"));
        var about = form.Ask.IsOk ? new TaskAddress(null, form.Ask.Value.PatientId, form.Ask.Value.VisitId, form.Ask.Value.Back) : new(null, null, null, null);
        return await ShowAsync(about, form.Again(written.Refusal), forms, actor, ct);
    }

    private static async Task<IResult> EditAsync(Guid id, string? back, TaskFormHandler handler, Actor actor, CancellationToken ct) =>
        await ShowAsync(new(id, null, null, back), FormState.Fresh, handler, actor, ct);

    private static async Task<IResult> ChangeAsync(Guid id, Form<TaskForm> form, WriteTaskHandler handler, TaskFormHandler forms, Actor actor, CancellationToken ct)
    {
        var ask = form.Ask.IsOk ? form.Ask.Value.Ask : form.Ask.Refusal;
        var version = form.Version is > 0 and <= int.MaxValue and { } seen ? (Outcome<int>)(int)seen : Versions.Missing;
        var changed = !ask.IsOk ? ask.Refusal : !version.IsOk ? version.Refusal : await handler.ChangeAsync(id, version.Value, ask.Value, actor, ct);
        if (changed.IsOk) return Page.SeeOther(TaskForm.BackTo(form.Ask.Value.Back, "/tasks?done=changed"));
        if (changed.Refusal.Status is 404 or 409 or 412 or 428) return Page.Refused(changed.Refusal);
        return await ShowAsync(new(id, null, null, null), form.Again(changed.Refusal), forms, actor, ct);
    }

    private static async Task<IResult> ShowAsync(TaskAddress about, FormState state, TaskFormHandler handler, Actor actor, CancellationToken ct)
    {
        var form = await handler.HandleAsync(about, actor, ct);
        return form.IsOk ? Page.Of<TaskPage>(new { Form = form.Value, Me = actor.Staff, State = state }, state.Refusal?.Status ?? StatusCodes.Status200OK) : Page.Refused(form.Refusal);
    }

    private static string After(string? back, string act, ClosedTask task)
    {
        var note = $"done={act}&task={task.Id}&v={task.Version}{(task.NextDueOn is { } next ? $"&next={Say.Iso(next)}" : null)}";
        if (Enum.TryParse<TaskView>(back, ignoreCase: true, out var view)) return $"/tasks?view={view.ToString().ToLowerInvariant()}&{note}";
        return TaskForm.BackTo(back, $"/tasks?{note}");
    }
}

/// <summary>The address of a task's form: which task, or what a new one is about.</summary>
internal sealed record TaskAddress(Guid? Id, PatientId? Patient, AppointmentId? Visit, string? Back);

/// <summary>What was just done with a task, and the way back; in the address as a word, an id, a version and a day.</summary>
public sealed record TaskNote(string Text, string? UndoTo, int? Version)
{
    public static TaskNote? Of(string? done, Guid? task, int? version, DateOnly? next) => (done, task) switch
    {
        ("written", _) => new("Task written down.", null, null),
        ("changed", _) => new("Task changed.", null, null),
        ("done", { } id) => new(next is { } day ? $"Done. It comes again on {day:MMM d, yyyy}." : "Done.", $"/tasks/{id}/reopen", version),
        ("cancel", { } id) => new("Task cancelled.", $"/tasks/{id}/reopen", version),
        ("reopen", _) => new("The task is open again.", null, null),
        _ => null,
    };
}
