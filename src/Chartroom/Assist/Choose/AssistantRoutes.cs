using Chartroom.Platform.Identity;
using Chartroom.Platform.Web;
using Chartroom.Shell;

namespace Chartroom.Assist;

/// <summary>The settings pages of the assistant, one a feature. Turning on is for people, who read there what leaves; a program may read what is on and turn it off.</summary>
internal static class AssistantRoutes
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        MapFeature(routes, AssistFeature.VisitNotes, new("/settings/assistant", "visit-notes", "", "Which drafter writes visit notes; the key is never told", "Back to the built-in drafter, from which nothing leaves"));
        MapFeature(routes, AssistFeature.Transcription, new("/settings/assistant/transcription", "transcription", "Transcription", "Which outside model transcribes recordings; the key is never told", "No recording leaves any more"));
    }

    /// <param name="Suffix">Of the operations' names.</param>
    private sealed record Place(string Path, string Code, string Suffix, string ReadSummary, string OffSummary);

    private static void MapFeature(IEndpointRouteBuilder routes, AssistFeature feature, Place at)
    {
        var pages = routes.MapGroup(at.Path).ExcludeFromDescription().Requires(Permission.ManageClinic);
        pages.MapGet("", (ChoiceBook book, Actor actor, HttpContext http) => ShowAsync(feature, book, actor, FormState.Fresh, http)).Audits(ChoiceBook.Read);
        pages.MapPost("", async (Form<TurnOnModel> form, ChoiceBook book, Actor actor, HttpContext http) =>
        {
            var on = await form.ThenAsync(ask => book.TurnOnAsync(feature, new((int)(form.Version ?? 0), ask), actor, http.RequestAborted));
            return on.IsOk ? Page.SeeOther(at.Path) : await ShowAsync(feature, book, actor, form.Again(on.Refusal), http);
        }).RequiresStepUp().Audits(ChoiceBook.On, ChoiceBook.Read);
        pages.MapPost("/off", async (Form<Nothing> form, ChoiceBook book, Actor actor, CancellationToken ct) =>
        {
            var off = await book.TurnOffAsync(feature, actor, ct);
            return off.IsOk ? Page.SeeOther(at.Path) : Page.Refused(off.Refusal);
        }).Audits(ChoiceBook.Off);

        var api = routes.MapGroup($"/api/v1/assistant/{at.Code}").WithTags("Assistant").Requires(Permission.ManageClinic);
        api.MapGet("", async (ChoiceBook book, Actor actor, CancellationToken ct) => TypedResults.Ok(AssistantAnswer.Of((await book.ReadAsync(feature, actor, ct)).Stored)))
            .Audits(ChoiceBook.Read).WithName($"ReadAssistant{at.Suffix}").WithSummary(at.ReadSummary);
        api.MapDelete("", async (ChoiceBook book, Actor actor, CancellationToken ct) => (await book.TurnOffAsync(feature, actor, ct)).ToHttp(_ => TypedResults.NoContent()))
            .Audits(ChoiceBook.Off).WithName($"TurnOffAssistant{at.Suffix}").WithSummary(at.OffSummary);
    }

    private static async Task<IResult> ShowAsync(AssistFeature feature, ChoiceBook book, Actor actor, FormState form, HttpContext http)
    {
        var (stored, costs) = await book.ReadAsync(feature, actor, http.RequestAborted);
        var (zone, status) = (http.Features.Get<SignedIn>()?.TimeZone ?? "UTC", form.Refusal?.Status ?? StatusCodes.Status200OK);
        return feature == AssistFeature.VisitNotes ? Page.Of<AssistantPage>(new { Stored = stored, Costs = costs, Form = form, book.Region, Zone = zone }, status)
            : Page.Of<TranscriptionPage>(new { Stored = stored, Costs = costs, Form = form, book.Region, Zone = zone }, status);
    }

    /// <param name="Provider">built-in, or how the outside model is spoken to.</param>
    internal sealed record AssistantAnswer(string Provider, string? Endpoint, string? Model, bool IsOutside)
    {
        public static AssistantAnswer Of(StoredChoice? stored) =>
            stored is { IsOn: true } ? new(stored.Provider, stored.Endpoint, stored.Model, true) : new("built-in", null, null, false);
    }
}
