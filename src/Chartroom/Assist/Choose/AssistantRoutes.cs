using Chartroom.Platform.Identity;
using Chartroom.Platform.Web;
using Chartroom.Shell;

namespace Chartroom.Assist;

/// <summary>The settings pages of the assistant: what drafts for each feature, and a page of its own for the outside model of each that one fits. Turning one on is for people, who read there
/// what leaves; a program may read what is on, turn it off, and switch drafting itself off and on.</summary>
internal static class AssistantRoutes
{
    internal const string Overview = "/settings/assistant";

    public static void Map(IEndpointRouteBuilder routes)
    {
        var pages = routes.MapGroup(Overview).ExcludeFromDescription().Requires(Permission.ManageClinic);
        pages.MapGet("", (string? saved, ChoiceBook book, Actor actor, HttpContext http) => ShowAllAsync(saved, book, actor, http)).Audits(ChoiceBook.Read);
        foreach (var place in FeaturePlace.All)
        {
            if (place.MayBeBuiltIn) MapDrafter(routes, place);
            if (place.MayBeOutside) MapModel(routes, place);
            routes.MapGroup(place.Api).WithTags("Assistant").Requires(Permission.ManageClinic)
                .MapGet("", async (ChoiceBook book, Actor actor, CancellationToken ct) => TypedResults.Ok(AssistantAnswer.Of(place.Feature, (await book.ReadAsync(place.Feature, actor, ct)).Stored)))
                .Audits(ChoiceBook.Read).WithName($"ReadAssistant{place.Name}").WithSummary($"What drafts {place.Does}; the key is never told");
        }
    }

    private static void MapDrafter(IEndpointRouteBuilder routes, FeaturePlace place)
    {
        routes.MapPost($"{place.Path}/drafter", async (Form<ChooseDrafter> form, ChoiceBook book, Actor actor, CancellationToken ct) =>
        {
            if (place.MayBeOutside && form.Ask is { IsOk: true, Value.Drafter: DraftsWith.Outside }) return Page.SeeOther(place.Path);   // that page says what leaves
            var chosen = await form.ThenAsync(ask => book.ChooseAsync(place.Feature, (int)(form.Version ?? 0), ask, actor, ct));
            return chosen.IsOk ? Page.SeeOther($"{Overview}?saved={place.Code}") : Page.Refused(chosen.Refusal);
        }).ExcludeFromDescription().Requires(Permission.ManageClinic).Audits(ChoiceBook.FeatureOff, ChoiceBook.BuiltIn);
        routes.MapPut(place.Api, async (ChooseDrafter ask, ChoiceBook book, Actor actor, CancellationToken ct) =>
                (await book.ChooseAsync(place.Feature, null, ask, actor, ct)).ToHttp(_ => TypedResults.NoContent()))
            .WithTags("Assistant").Requires(Permission.ManageClinic).Audits(ChoiceBook.FeatureOff, ChoiceBook.BuiltIn)
            .WithName($"ChooseDrafter{place.Name}").WithSummary($"Whether anything drafts {place.Does}: off, or built_in, from which nothing leaves").Produces(204);
    }

    private static void MapModel(IEndpointRouteBuilder routes, FeaturePlace place)
    {
        var pages = routes.MapGroup(place.Path).ExcludeFromDescription().Requires(Permission.ManageClinic);
        pages.MapGet("", (ChoiceBook book, Actor actor, HttpContext http) => ShowAsync(place, book, actor, FormState.Fresh, http)).Audits(ChoiceBook.Read);
        pages.MapPost("", async (Form<TurnOnModel> form, ChoiceBook book, Actor actor, HttpContext http) =>
        {
            var on = await form.ThenAsync(ask => book.TurnOnAsync(place.Feature, new((int)(form.Version ?? 0), ask), actor, http.RequestAborted));
            return on.IsOk ? Page.SeeOther(place.Path) : await ShowAsync(place, book, actor, form.Again(on.Refusal), http);
        }).RequiresStepUp().Audits(ChoiceBook.On, ChoiceBook.Read);
        pages.MapPost("/off", async (Form<Nothing> form, ChoiceBook book, Actor actor, CancellationToken ct) =>
        {
            var off = await book.TurnOffAsync(place.Feature, actor, ct);
            return off.IsOk ? Page.SeeOther(place.Path) : Page.Refused(off.Refusal);
        }).Audits(ChoiceBook.Off);
        routes.MapDelete(place.Api, async (ChoiceBook book, Actor actor, CancellationToken ct) => (await book.TurnOffAsync(place.Feature, actor, ct)).ToHttp(_ => TypedResults.NoContent()))
            .WithTags("Assistant").Requires(Permission.ManageClinic).Audits(ChoiceBook.Off).WithName($"TurnOffAssistant{place.Name}").WithSummary(place.OffSummary);
    }

    private static async Task<IResult> ShowAllAsync(string? saved, ChoiceBook book, Actor actor, HttpContext http) =>
        Page.Of<FeaturesPage>(new { Stored = await book.AllAsync(actor, http.RequestAborted), Saved = FeaturePlace.All.FirstOrDefault(it => it.Code == saved) });

    private static async Task<IResult> ShowAsync(FeaturePlace place, ChoiceBook book, Actor actor, FormState form, HttpContext http)
    {
        var (stored, costs) = await book.ReadAsync(place.Feature, actor, http.RequestAborted);
        var (zone, status) = (http.Features.Get<SignedIn>()?.TimeZone ?? "UTC", form.Refusal?.Status ?? StatusCodes.Status200OK);
        if (place.Feature == AssistFeature.Transcription) return Page.Of<TranscriptionPage>(new { Stored = stored, Costs = costs, Form = form, book.Region, Zone = zone }, status);
        var others = stored is { IsOn: true } ? [] : await book.AllAsync(actor, http.RequestAborted);
        return Page.Of<AssistantPage>(new { Place = place, Stored = stored, Like = others.FirstOrDefault(it => it.IsOn && it.Feature is "visit_notes" or "chart_summary"), Costs = costs, Form = form, book.Region, Zone = zone }, status);
    }

    /// <param name="Provider">off, built-in, or how the outside model is spoken to.</param>
    internal sealed record AssistantAnswer(string Provider, string? Endpoint, string? Model, bool IsOutside)
    {
        public static AssistantAnswer Of(AssistFeature feature, StoredChoice? stored) => Assistant.DrafterOf(stored?.DraftsWith, feature) switch
        {
            DraftsWith.Outside => new(stored!.Provider, stored.Endpoint, stored.Model, true),   // only a row says so
            DraftsWith.Off => new("off", null, null, false),
            _ => new("built-in", null, null, false),
        };
    }
}
