using Chartroom.Shell;

namespace Chartroom.Clinics;

/// <summary>Visit types, as a step of the wizard and as a page of the settings.</summary>
internal static class VisitTypePages
{
    internal const int UsualMinutes = 20;

    internal static void Map(IEndpointRouteBuilder pages, bool isWizard)
    {
        var path = PathOf(isWizard);
        var group = pages.MapGroup(path);
        group.MapGet("", (ClinicDirectory directory, Actor actor, CancellationToken ct) => ShowAsync(directory, actor, isWizard, FormState.Fresh, ct)).ForSetUp("visit_types.listed");
        group.MapPost("", async (Form<Asked> form, VisitTypeBook book, ClinicDirectory directory, OnboardingState onboarding, Actor actor, CancellationToken ct) =>
        {
            var saved = await form.ThenAsync(async ask => ask.IsLeftEmpty ? Done.It : (await book.AddAsync(ask.Fields, actor, ct)).Select(_ => Done.It));
            var isGoingOn = saved.IsOk && form.Ask.Value.Then == OnboardingStep.GoOn;
            if (isGoingOn) saved = await onboarding.FinishAsync("visit_types", actor, ct);
            return saved.IsOk ? Page.SeeOther(isGoingOn ? "/" : path) : await ShowAsync(directory, actor, isWizard, form.Again(saved.Refusal), ct);
        }).ForSetUp("visit_type.added", "onboarding.step-saved", "visit_types.listed");
        group.MapPost("/{id:guid}/retire", async (VisitTypeId id, Form<Nothing> form, VisitTypeBook book, Actor actor, CancellationToken ct) =>
            SetUpRoutes.After(path, await book.RetireAsync(id, (int)(form.Version ?? 0), actor, ct))).ForSetUp("visit_type.retired");
        MapEdit(group, path, isWizard);
    }

    internal static string PathOf(bool isWizard) => isWizard ? "/onboarding/visit-types" : "/settings/visit-types";

    private static void MapEdit(RouteGroupBuilder group, string path, bool isWizard)
    {
        group.MapGet("/{id:guid}", (VisitTypeId id, ClinicDirectory directory, Actor actor, CancellationToken ct) => EditAsync(id, directory, actor, isWizard, FormState.Fresh, ct))
            .ForSetUp("visit_types.listed", "locations.listed");
        group.MapPost("/{id:guid}", async (VisitTypeId id, Form<VisitTypeFields> form, VisitTypeBook book, ClinicDirectory directory, Actor actor, CancellationToken ct) =>
        {
            var changed = await form.ThenAsync(ask => book.ChangeAsync(id, (int)(form.Version ?? 0), ask, actor, ct));
            return changed.IsOk ? Page.SeeOther(path) : await EditAsync(id, directory, actor, isWizard, form.Again(changed.Refusal), ct);
        }).ForSetUp("visit_type.changed", "visit_types.listed", "locations.listed");
    }

    private sealed record Asked(string Name, int? Minutes, string Color, string? Then)
    {
        /// <summary>Nobody typed anything, and the button was not one that adds.</summary>
        internal bool IsLeftEmpty => Then == OnboardingStep.GoOn && Name.Length == 0 && (Minutes is null or UsualMinutes);

        internal VisitTypeFields Fields => new(Name, Minutes ?? 0, Color);
    }

    private static async Task<IResult> ShowAsync(ClinicDirectory directory, Actor actor, bool isWizard, FormState form, CancellationToken ct) => Page.Of<VisitTypesPage>(
        new { Types = await directory.VisitTypesAsync(actor, ct), IsWizard = isWizard, Form = form },
        form.Refusal is { } refusal ? SetUpRoutes.StatusOf(refusal) : StatusCodes.Status200OK);

    private static async Task<IResult> EditAsync(VisitTypeId id, ClinicDirectory directory, Actor actor, bool isWizard, FormState form, CancellationToken ct)
    {
        if ((await directory.VisitTypesAsync(actor, ct)).FirstOrDefault(it => it.Id == id) is not { } type) return Page.Refused(Refusals.NoSuchVisitType);
        var locations = await directory.LocationsAsync(actor, ct);
        return Page.Of<EditVisitTypePage>(new { Type = type, Locations = locations, IsWizard = isWizard, Form = form.Against(EditVisitTypePage.Seen(type, locations), type.Version) },
            form.Refusal is { } refusal ? SetUpRoutes.StatusOf(refusal) : StatusCodes.Status200OK);
    }
}
