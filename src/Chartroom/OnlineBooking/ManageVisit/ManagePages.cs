using System.Globalization;
using System.Text;
using Chartroom.Platform.Web;
using Chartroom.Shell;

namespace Chartroom.OnlineBooking;

/// <summary>Why a patient cancels, by code; null where the page did not ask.</summary>
public sealed record WhyCancelled(string? Reason);

/// <summary>The pages behind a visit's link. Opening one never changes anything, so that scanners of mail do no harm; every change is a form.</summary>
internal static class ManagePages
{
    private const string Why = "A patient without an account; the link in the e-mail and the birth date are the proof.";

    internal static void Map(IEndpointRouteBuilder routes)
    {
        var pages = routes.MapGroup("/visit/{token}").ExcludeFromDescription();
        pages.MapGet("", ShowAsync).Public(Why);
        pages.MapPost("", ProveAsync).Public(Why);
        pages.MapPost("/confirm", ConfirmAsync).Public(Why);
        pages.MapGet("/move", MovingAsync).Public(Why);
        pages.MapPost("/move", MoveAsync).Public(Why);
        pages.MapPost("/cancel", CancelAsync).Public(Why);
        pages.MapPost("/undo-cancel", UndoCancelAsync).Public(Why);
        pages.MapGet("/calendar.ics", FileAsync).Public(Why);
    }

    private static Task<IResult> ShowAsync(string token, string? done, ManageVisitHandler handler, Origin origin, HttpContext context) =>
        ShowAgainAsync(token, (null, WordsOf(done)), handler, origin, context);

    private static async Task<IResult> ShowAgainAsync(string token, (Refusal? Refusal, string? Done) note, ManageVisitHandler handler, Origin origin, HttpContext context)
    {
        var shown = await handler.ShowAsync((token, PassCookie.Of(context)), origin, context.RequestAborted);
        if (!shown.IsOk) return Ended(shown.Refusal);
        return shown.Value.Shown is null
            ? Page.Of<ProvePage>(new { Managed = shown.Value })
            : Page.Of<ManagePage>(new { Managed = shown.Value, note.Refusal, note.Done }, note.Refusal?.Status ?? StatusCodes.Status200OK);
    }

    private static async Task<IResult> ProveAsync(string token, Form<ProveBirthDate> form, ManageVisitHandler handler, Origin origin, HttpContext context)
    {
        var proved = await form.ThenAsync(ask => handler.ProveAsync(token, ask, origin, context.RequestAborted));
        if (proved.IsOk)
        {
            PassCookie.Give(context, proved.Value);
            return Page.SeeOther($"/visit/{token}");
        }
        var shown = await handler.ShowAsync((token, null), origin, context.RequestAborted);
        return shown.IsOk ? Page.Of<ProvePage>(new { Managed = shown.Value, State = form.Again(proved.Refusal) }, proved.Refusal.Status) : Ended(shown.Refusal);
    }

    private static async Task<IResult> ConfirmAsync(string token, ManageVisitHandler handler, Origin origin, HttpContext context) =>
        await AfterAsync(token, await handler.ConfirmAsync((token, PassCookie.Of(context)), origin, context.RequestAborted), "confirmed", (handler, origin, context));

    private static async Task<IResult> CancelAsync(string token, Form<WhyCancelled> form, ManageVisitHandler handler, Origin origin, HttpContext context) =>
        await AfterAsync(token, await form.ThenAsync(ask => handler.CancelAsync((token, PassCookie.Of(context)), ask.Reason, origin, context.RequestAborted)), "cancelled", (handler, origin, context));

    private static async Task<IResult> UndoCancelAsync(string token, ManageVisitHandler handler, Origin origin, HttpContext context) =>
        await AfterAsync(token, await handler.UndoCancelAsync((token, PassCookie.Of(context)), origin, context.RequestAborted), "restored", (handler, origin, context));

    private static Task<IResult> MovingAsync(string token, string? from, ManageVisitHandler handler, Origin origin, HttpContext context) =>
        ChoosingAsync((token, from), FormState.Fresh, handler, origin, context);

    private static async Task<IResult> ChoosingAsync((string Token, string? From) at, FormState state, ManageVisitHandler handler, Origin origin, HttpContext context)
    {
        DateOnly? from = DateOnly.TryParseExact(at.From, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day.Year is > 1900 and < 2200 ? day : null;
        var choices = await handler.ChoicesAsync((at.Token, PassCookie.Of(context)), from, origin, context.RequestAborted);
        if (choices.IsOk) return Page.Of<MoveTimePage>(new { Choices = choices.Value, State = state }, state.Refusal?.Status ?? StatusCodes.Status200OK);
        return await ShowAgainAsync(at.Token, (choices.Refusal, null), handler, origin, context);
    }

    private static async Task<IResult> MoveAsync(string token, Form<MoveToTime> form, ManageVisitHandler handler, Origin origin, HttpContext context)
    {
        var moved = await form.ThenAsync(ask => handler.MoveAsync((token, PassCookie.Of(context)), ask, origin, context.RequestAborted));
        return moved.IsOk ? Page.SeeOther($"/visit/{token}?done=moved") : await ChoosingAsync((token, context.Request.Form["from"]), form.Again(moved.Refusal), handler, origin, context);
    }

    private static async Task<IResult> FileAsync(string token, ManageVisitHandler handler, Origin origin, HttpContext context)
    {
        var shown = await handler.ShowAsync((token, PassCookie.Of(context)), origin, context.RequestAborted);
        if (!shown.IsOk) return Ended(shown.Refusal);
        if (shown.Value.Shown is not { } visit) return Page.SeeOther($"/visit/{token}");
        return Results.File(Encoding.UTF8.GetBytes(VisitFile.Of(shown.Value.Clinic, visit, shown.Value.Now)), "text/calendar; charset=utf-8", "visit.ics");
    }

    private static async Task<IResult> AfterAsync(string token, Outcome<Done> outcome, string done, (ManageVisitHandler Handler, Origin Origin, HttpContext Context) by) =>
        outcome.IsOk ? Page.SeeOther($"/visit/{token}?done={done}") : await ShowAgainAsync(token, (outcome.Refusal, null), by.Handler, by.Origin, by.Context);

    private static string? WordsOf(string? done) => done switch
    {
        "confirmed" => "Thank you. The clinic knows that you will come.",
        "moved" => "Your visit has its new time.",
        "cancelled" => "Your visit is cancelled.",
        "restored" => "Your visit stands again, as it was before.",
        _ => null,
    };

    private static IResult Ended(Refusal refusal) => Page.Of<ClosedPage>(new { refusal.Title }, refusal.Status);
}

/// <summary>What the browser keeps that has given the birth date: half an hour, unreadable by scripts, sent to the pages of visits only.</summary>
internal static class PassCookie
{
    private const string Name = "chartroom-visit";

    public static string? Of(HttpContext context) => context.Request.Cookies[Name] is { Length: 43 } pass ? pass : null;

    public static void Give(HttpContext context, string pass) => context.Response.Cookies.Append(Name, pass, new()
    {
        HttpOnly = true, Secure = context.Request.IsHttps, SameSite = SameSiteMode.Lax, Path = "/visit", IsEssential = true,
        MaxAge = TimeSpan.FromMinutes(ManageVisitHandler.PassMinutes),
    });
}
