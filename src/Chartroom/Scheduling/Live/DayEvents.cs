using Chartroom.Platform.Identity;
using Chartroom.Platform.News;
using Chartroom.Platform.Web;
using Chartroom.Shell;

namespace Chartroom.Scheduling;

/// <summary>
/// What a screen hears while it is open: server-sent events with ids, never names or times of anybody. A screen fetches what it may see by itself, with its own event in
/// the log. The stream ends with the session, within a moment of its end at whatever node, and does not keep it alive; a browser that lost it comes back and asks for everything anew.
/// </summary>
internal sealed class DayEvents(CalendarBell bell, SessionWatch watch, TimeProvider clock, IHostApplicationLifetime life)
{
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(15);

    public static void Map(IEndpointRouteBuilder routes)
    {
        var day = routes.MapGroup("/day").ExcludeFromDescription();
        day.MapGet("/events", (DateOnly date, bool? unseen, DayEvents events, SignedIn who, Actor actor, HttpContext context) => events.StreamAsync(unseen == true ? null : date, who, actor, context))
            .Requires(Permission.SeeAppointments).Audits().RunsByItself();
        day.MapPost("/here", (Form<EditingVisit> form, CalendarBell bell, Actor actor) =>
        {
            if (!form.Ask.IsOk) return Page.Refused(form.Ask.Refusal);
            bell.Tell(actor.Clinic, CalendarBell.Edit, $"{actor.Person} {form.Ask.Value.Visit?.ToString() ?? "-"}");
            return Results.NoContent();
        }).Requires(Permission.SeeAppointments).Audits().RunsByItself();
    }

    /// <param name="Visit">The visit whose panel is open, or none.</param>
    internal sealed record EditingVisit(AppointmentId? Visit);

    /// <param name="date">The day somebody looks at, which others learn; none for a board, at which nobody in particular looks.</param>
    private async Task StreamAsync(DateOnly? date, SignedIn who, Actor actor, HttpContext context)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, life.ApplicationStopping);
        using var listener = bell.Listen(actor.Clinic);
        var me = date is { } day ? $"{Guid.CreateVersion7():N} {actor.Person} {Clock.Iso(day)}" : null;
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers["X-Accel-Buffering"] = "no";   // a proxy that collects answers would keep the news to itself
        try
        {
            await WriteAsync(context, "retry: 2000\nevent: hello\ndata: \n\n", end.Token);
            if (me is not null) bell.Tell(actor.Clinic, CalendarBell.Here, me + " new");
            for (var lookedAt = clock.GetUtcNow(); ;)
            {
                var isDoubtful = await TurnAsync(listener, who, me, context, end.Token);
                if (!isDoubtful && clock.GetUtcNow() - lookedAt < Beat) continue;
                if (!await IsStillAsync(who, actor, me, context, end.Token)) return;
                lookedAt = clock.GetUtcNow();
            }
        }
        catch (OperationCanceledException)
        {
            // the browser went away, or the program is stopping
        }
        finally
        {
            if (me is not null) bell.Tell(actor.Clinic, CalendarBell.Gone, me);
        }
    }

    /// <summary>Passes on what was heard; comes back also when it was quiet for a while. True when the session may have ended: then nothing more is passed on.</summary>
    private async Task<bool> TurnAsync(NewsDesk.Listener listener, SignedIn who, string? me, HttpContext context, CancellationToken ct)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var heard = listener.News.WaitToReadAsync(patience.Token).AsTask();
        if (await Task.WhenAny(heard, Task.Delay(Beat, clock, patience.Token)) != heard)
        {
            await patience.CancelAsync();
            return false;
        }
        await heard;
        await patience.CancelAsync();
        var text = new System.Text.StringBuilder();
        while (listener.News.TryRead(out var item))
        {
            if (item.Topic == SessionWatch.Ended)   // ids of others' sessions are nobody's news
            {
                if (item.Text == who.SessionId.ToString("N")) return true;
                continue;
            }
            text.Append("event: ").Append(item.Topic).Append("\ndata: ").Append(item.Text).Append("\n\n");
            // Whoever comes in learns who is here.
            if (me is not null && item.Topic == CalendarBell.Here && item.Text.EndsWith(" new", StringComparison.Ordinal) && !item.Text.StartsWith(me, StringComparison.Ordinal))
                bell.Tell(listener.Clinic, CalendarBell.Here, me);
        }
        if (text.Length > 0) await WriteAsync(context, text.ToString(), ct);
        return false;
    }

    private async Task<bool> IsStillAsync(SignedIn who, Actor actor, string? me, HttpContext context, CancellationToken ct)
    {
        if (!await watch.IsOpenAsync(who, ct))
        {
            await WriteAsync(context, "event: ended\ndata: \n\n", ct);
            return false;
        }
        if (me is not null) bell.Tell(actor.Clinic, CalendarBell.Here, me);
        await WriteAsync(context, "event: beat\ndata: \n\n", ct);
        return true;
    }

    private static async Task WriteAsync(HttpContext context, string text, CancellationToken ct)
    {
        await context.Response.WriteAsync(text, ct);
        await context.Response.Body.FlushAsync(ct);
    }
}
