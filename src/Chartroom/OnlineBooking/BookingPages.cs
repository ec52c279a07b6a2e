using Chartroom.Platform.Web;
using Chartroom.Scheduling;
using Chartroom.Shell;

namespace Chartroom.OnlineBooking;

/// <summary>The public pages of booking. Opening one changes nothing; what strangers send is counted as what opens doors (<see cref="RateClass.Door"/>).</summary>
internal static class BookingPages
{
    private const string Why = "Patients book without an account; the code in the e-mail is the proof.";

    internal static void Map(IEndpointRouteBuilder routes)
    {
        var pages = routes.MapGroup("/book/{slug}").ExcludeFromDescription();
        pages.MapGet("", TimesAsync).Public(Why);
        pages.MapPost("/times", OtherTimesAsync).Public(Why);
        pages.MapPost("/time", HoldAsync).Public(Why);
        pages.MapGet("/time/{token}", ShowAsync).Public(Why);
        pages.MapPost("/time/{token}/details", DetailsAsync).Public(Why);
        pages.MapPost("/time/{token}/again", AgainAsync).Public(Why);
        pages.MapPost("/time/{token}/code", CodeAsync).Public(Why);
        pages.MapPost("/time/{token}/release", ReleaseAsync).Public(Why);
    }

    private static async Task<IResult> TimesAsync(string slug, [AsParameters] TimesAddress address, FindTimeHandler handler, Origin origin, CancellationToken ct)
    {
        var view = await handler.HandleAsync(slug, address.Ask, origin, ct);
        return view.IsOk ? Page.Of<TimesPage>(new { View = view.Value, address.After }) : Closed(view.Refusal);
    }

    /// <summary>Other days or another choice for somebody who has typed their details already: they travel in the form, never in an address.</summary>
    private static Task<IResult> OtherTimesAsync(string slug, Form<Nothing> form, FindTimeHandler handler, Origin origin, HttpContext context) =>
        TimesAgainAsync((slug, TimesAddress.Of(context.Request.Form).Ask), form.Typed, handler, origin, context);

    private static async Task<IResult> TimesAgainAsync((string Slug, FindTime Ask) at, FormState words, FindTimeHandler handler, Origin origin, HttpContext context)
    {
        var view = await handler.HandleAsync(at.Slug, at.Ask, origin, context.RequestAborted);
        if (!view.IsOk) return Closed(view.Refusal);
        return Page.Of<TimesPage>(new { View = view.Value, State = words, After = (string?)words.Typed.GetValueOrDefault("after") }, words.Refusal?.Status ?? StatusCodes.Status200OK);
    }

    private static async Task<IResult> HoldAsync(string slug, Form<HoldTime> form, HoldTimeHandler handler, FindTimeHandler times, ReadBookingHandler reader, Origin origin, HttpContext context)
    {
        var held = await form.ThenAsync(ask => handler.HandleAsync(slug, ask, (origin, BrowserCookie.Of(context)), context.RequestAborted));
        if (!held.IsOk) return await TimesAgainAsync((slug, TimesAddress.Of(context.Request.Form).Ask), form.Again(held.Refusal), times, origin, context);
        return KeptWords.Any(form.Typed) ? await ShowAgainAsync((slug, held.Value.Token), form.Typed, reader, origin, context.RequestAborted) : Page.SeeOther($"/book/{slug}/time/{held.Value.Token}");
    }

    private static Task<IResult> ShowAsync(string slug, string token, ReadBookingHandler reader, Origin origin, CancellationToken ct) =>
        ShowAgainAsync((slug, token), FormState.Fresh, reader, origin, ct);

    private static async Task<IResult> DetailsAsync(string slug, string token, Form<GiveDetails> form, GiveDetailsHandler handler, ReadBookingHandler reader, FindTimeHandler times, Origin origin, HttpContext context)
    {
        var given = await form.ThenAsync(ask => handler.HandleAsync((slug, token), ask, origin, context.RequestAborted));
        if (given.IsOk) return Page.SeeOther($"/book/{slug}/time/{token}");
        var view = await reader.HandleAsync(slug, token, origin, context.RequestAborted);
        if (view is { IsOk: true, Value.Stage: BookingStage.Ended }) return await TimesAgainAsync((slug, view.Value.Ask), form.Again(given.Refusal), times, origin, context);
        return view.IsOk ? Page.Of<BookingPage>(new { View = view.Value, State = form.Again(given.Refusal) }, given.Refusal.Status) : Closed(view.Refusal);
    }

    private static async Task<IResult> AgainAsync(string slug, string token, GiveDetailsHandler handler, ReadBookingHandler reader, Origin origin, CancellationToken ct)
    {
        var sent = await handler.AgainAsync((slug, token), origin, ct);
        return sent.IsOk ? Page.SeeOther($"/book/{slug}/time/{token}") : await ShowAgainAsync((slug, token), FormState.Fresh with { Refusal = sent.Refusal }, reader, origin, ct);
    }

    private static async Task<IResult> CodeAsync(string slug, string token, Form<GiveCode> form, GiveCodeHandler handler, ReadBookingHandler reader, Origin origin, HttpContext context)
    {
        var booked = await form.ThenAsync(ask => handler.HandleAsync((slug, token), ask, origin, context.RequestAborted));
        return booked.IsOk ? Page.SeeOther($"/book/{slug}/time/{token}") : await ShowAgainAsync((slug, token), form.Again(booked.Refusal), reader, origin, context.RequestAborted);
    }

    private static async Task<IResult> ReleaseAsync(string slug, string token, Form<Nothing> form, ReadBookingHandler handler, FindTimeHandler times, Origin origin, HttpContext context)
    {
        var released = await handler.ReleaseAsync(slug, token, origin, context.RequestAborted);
        if (!released.IsOk) return Closed(released.Refusal);
        if (!KeptWords.Any(form.Typed)) return Page.SeeOther(released.Value.Again);
        return await TimesAgainAsync((slug, released.Value.Ask), released.Value.HadLapsed ? form.Again(Refusals.Lapsed) : form.Typed, times, origin, context);
    }

    private static async Task<IResult> ShowAgainAsync((string Slug, string Token) at, FormState state, ReadBookingHandler reader, Origin origin, CancellationToken ct)
    {
        var view = await reader.HandleAsync(at.Slug, at.Token, origin, ct);
        return view.IsOk ? Page.Of<BookingPage>(new { View = view.Value, State = state }, state.Refusal?.Status ?? StatusCodes.Status200OK) : Closed(view.Refusal);
    }

    private static IResult Closed(Refusal refusal) => Page.Of<ClosedPage>(new { refusal.Title }, refusal.Status);
}

/// <summary>What was chosen, as it stands in the address. What cannot be read counts as not chosen: an address typed by hand still shows times.</summary>
internal sealed record TimesAddress(string? Kind, string? Type, string? With, string? At, string? From, string? After = null)
{
    public static TimesAddress Of(IFormCollection form) => new(form["kind"], form["type"], form["with"], form["at"], form["from"]);

    public FindTime Ask => new(
        Kind switch { "new" => PatientKind.New, "existing" => PatientKind.Existing, _ => null },
        IdText.TryParse<VisitTypeId>(Type, out var type) ? type : null, IdText.TryParse<StaffId>(With, out var with) ? with : null, IdText.TryParse<LocationId>(At, out var at) ? at : null,
        DateOnly.TryParseExact(From, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.None, out var day) && day.Year is > 1900 and < 2200 ? day : null);
}

/// <summary>Tells one browser from another for the limits, for a day. Names nobody.</summary>
internal static class BrowserCookie
{
    private const string Name = "chartroom-visitor";

    public static string Of(HttpContext context)
    {
        if (context.Request.Cookies[Name] is { Length: 43 } known) return known;
        var fresh = Platform.Identity.SecretToken.New();
        context.Response.Cookies.Append(Name, fresh, new()
        {
            HttpOnly = true, Secure = context.Request.IsHttps, SameSite = SameSiteMode.Lax, Path = "/book", IsEssential = true, MaxAge = TimeSpan.FromDays(1),
        });
        return fresh;
    }
}
