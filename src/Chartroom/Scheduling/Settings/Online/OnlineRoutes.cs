using Chartroom.Clinics;
using Chartroom.Platform.Web;
using Chartroom.Shell;
using Chartroom.Staff;

namespace Chartroom.Scheduling;

/// <summary>What patients may take online, for people and programs.</summary>
internal static class OnlineRoutes
{
    private const string Path = "/settings/online-booking";

    internal static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(Path, (bool? saved, OnlineMatrix view, Actor actor, CancellationToken ct) => view.ShowAsync(actor, FormState.Fresh, saved is true, ct))
            .ForSettings("online_offers.listed", "visit_types.listed", "staff.listed").IsPage();
        routes.MapPost(Path, async (Form<Asked> form, OnlineOffersBook book, OnlineMatrix view, Actor actor, CancellationToken ct) =>
        {
            var set = await form.ThenAsync(async ask => OfferCell.Read(ask.Offers) is { } offers
                ? await book.SetAsync(SettingsRoutes.VersionOf(form), offers, actor, ct)
                : Refusals.Incomplete.On("offers", "Open the page anew and choose from the lists."));
            return set.IsOk ? Page.SeeOther(Path + "?saved=true") : await view.ShowAsync(actor, form.Again(set.Refusal), false, ct);
        }).ForSettings("online_offers.set", "online_offers.listed", "visit_types.listed", "staff.listed").IsPage();

        var api = routes.MapGroup("/api/v1/clinic").WithTags("Scheduling");
        api.MapGet("/online-offers", async (OnlineOffersBook book, HttpContext context, Actor actor, CancellationToken ct) =>
        {
            var (offers, _, version) = await book.ShowAsync(actor, ct);
            Versions.SetETag(context, version);
            return TypedResults.Ok(offers);
        }).Requires(Permission.SeeClinic).WithoutAgreement().Audits("online_offers.listed").WithName("ReadOnlineOffers").WithSummary("What patients may take online");
        api.MapPut("/online-offers", (OnlineOffers ask, OnlineOffersBook book, HttpContext context, Actor actor, CancellationToken ct) =>
            SettingsRoutes.VersionedAsync(context, version => book.SetAsync(version, ask, actor, ct)))
            .ForSettings("online_offers.set").Produces(StatusCodes.Status204NoContent).WithName("SetOnlineOffers").WithSummary("Replace all of it; the version is that of the scheduling rules");
    }

    /// <summary>One value for every list of the page that does not say "off".</summary>
    private sealed record Asked(IReadOnlyList<string> Offers);

    /// <summary>Loads and shows the page; bound from the services of the request.</summary>
    private sealed class OnlineMatrix(OnlineOffersBook offers, ClinicDirectory clinic, StaffDirectory staff)
    {
        public static ValueTask<OnlineMatrix?> BindAsync(HttpContext context) => ValueTask.FromResult<OnlineMatrix?>(new(context.RequestServices.GetRequiredService<OnlineOffersBook>(),
            context.RequestServices.GetRequiredService<ClinicDirectory>(), context.RequestServices.GetRequiredService<StaffDirectory>()));

        internal async Task<IResult> ShowAsync(Actor actor, FormState form, bool isSaved, CancellationToken ct)
        {
            var (stored, isOnline, version) = await offers.ShowAsync(actor, ct);
            var types = await clinic.VisitTypesAsync(actor, ct);
            var providers = (await staff.ListAsync(actor, ct)).Where(member => member.IsProvider).ToList();
            return Page.Of<OnlinePage>(new
            {
                Types = types, Providers = providers, Offers = stored.Offers, IsOnline = isOnline, Version = version, IsSaved = isSaved,
                Form = form.Against(OnlinePage.Seen(types, providers, stored.Offers), version),
            }, SettingsRoutes.StatusOf(form));
        }
    }
}

/// <summary>One list of the matrix as the form sends it: <c>type:provider:kind:mode</c>; "off" is sent empty.</summary>
internal static class OfferCell
{
    internal static string Of(VisitTypeId type, StaffId provider, string kind, OfferMode mode) => $"{type}:{provider}:{kind}:{Names.Of(mode)}";

    /// <summary>Null when a value is none of ours.</summary>
    internal static OnlineOffers? Read(IReadOnlyList<string> cells)
    {
        var offers = new List<OnlineOffer>();
        foreach (var cell in cells)
        {
            if (cell.Split(':') is not [var type, var provider, var kind, var mode] || !VisitTypeId.TryParse(type, out var typeId) || !StaffId.TryParse(provider, out var providerId)) return null;
            if (!Enum.TryParse<OfferMode>(mode, true, out var how) || !Enum.IsDefined(how)) return null;
            offers.Add(new(typeId, providerId, kind, how));
        }
        return new(offers);
    }
}
