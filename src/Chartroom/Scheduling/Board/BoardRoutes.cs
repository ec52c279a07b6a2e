using Chartroom.Platform.Web;
using Chartroom.Shell;

namespace Chartroom.Scheduling.Board;

/// <summary>The board: who is expected, who waits, who is where. Its moves are the visit's own.</summary>
internal static class BoardRoutes
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/board", ShowAsync).Requires(Permission.SeeAppointments).Audits(BoardHandler.Read).ExcludeFromDescription();
        routes.MapPost("/board/place", PlaceAsync).Requires(Permission.SeeAppointments).Audits("calendar.look-changed").ExcludeFromDescription();
        routes.MapGet("/board/now", ShowAsync).Requires(Permission.SeeAppointments).Audits(BoardHandler.Read).RunsByItself().ExcludeFromDescription();
    }

    /// <summary>The place whose board this person sees from now on; the calendar's too.</summary>
    private static async Task<IResult> PlaceAsync(Form<BoardPlace> form, ChangeLookHandler handler, Actor actor, HttpContext context)
    {
        var changed = await form.ThenAsync(ask => handler.PlaceAsync(ask.Location, actor, context.RequestAborted));
        return changed.IsOk ? Page.SeeOther("/board") : VisitPages.Refused(context, changed.Refusal);
    }

    private static async Task<IResult> ShowAsync([AsParameters] BoardAddress address, BoardHandler handler, Actor actor, HttpContext context)
    {
        var day = await handler.HandleAsync(address.Location, actor, context.RequestAborted);
        if (!day.IsOk) return VisitPages.Refused(context, day.Refusal);
        var from = address.Location is { } location ? $"board.{location}" : "board";
        if (address.Wall == true) return Page.Of<WallPage>(new { Day = day.Value });
        return Page.Of<BoardPage>(new { Day = day.Value, actor.Role, From = from, Done = DoneNote.Of(address.Done, address.Visit, address.V, from) });
    }
}

/// <summary>Which place's board; absent: all.</summary>
internal sealed record BoardPlace(LocationId? Location);

/// <summary>The address of the board. Without a place it is the one that the person chose last.</summary>
internal sealed record BoardAddress(LocationId? Location, bool? Wall, string? Done, AppointmentId? Visit, int? V)
{
    /// <summary>The board that a form was sent from, open for more: <c>board</c>, or <c>board.</c> and a location.</summary>
    public static string Of(string from) => from.Length > 6 && LocationId.TryParse(from[6..], out var location) ? $"/board?location={location}&" : "/board?";
}
