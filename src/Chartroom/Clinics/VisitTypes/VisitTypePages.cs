using Chartroom.Shell;

namespace Chartroom.Clinics;

/// <summary>Visit types, as a step of the wizard and as a page of the settings.</summary>
internal static class VisitTypePages
{
    internal static void Map(IEndpointRouteBuilder pages, bool isWizard)
    {
        var path = isWizard ? "/onboarding/visit-types" : "/settings/visit-types";
        var group = pages.MapGroup(path);
        group.MapGet("", (ClinicDirectory directory, Actor actor, CancellationToken ct) => ShowAsync(directory, actor, isWizard, FormState.Fresh, FormState.Fresh, ct)).ForSetUp("visit_types.listed");
        group.MapPost("", async (Form<VisitTypeFields> form, VisitTypeBook book, ClinicDirectory directory, Actor actor, CancellationToken ct) =>
        {
            var added = await form.ThenAsync(ask => book.AddAsync(ask, actor, ct));
            return added.IsOk ? Page.SeeOther(path) : await ShowAsync(directory, actor, isWizard, form.Again(added.Refusal), FormState.Fresh, ct);
        }).ForSetUp("visit_type.added");
        group.MapPost("/{id:guid}/retire", async (Guid id, Form<Nothing> form, VisitTypeBook book, Actor actor, CancellationToken ct) =>
            SetUpRoutes.After(path, await book.RetireAsync(new(id), (int)(form.Version ?? 0), actor, ct))).ForSetUp("visit_type.retired");
        if (isWizard) group.MapPost("/done", DoneAsync).ForSetUp("onboarding.step-saved", "visit_types.listed");
    }

    private static async Task<IResult> DoneAsync(ClinicDirectory directory, OnboardingState onboarding, Actor actor, CancellationToken ct)
    {
        if ((await directory.VisitTypesAsync(actor, ct)).Count == 0)
            return await ShowAsync(directory, actor, isWizard: true, FormState.Fresh, FormState.Fresh with { Refusal = Refusals.NothingThere }, ct);
        await onboarding.MarkAsync(["visit_types"], actor, ct);
        return Page.SeeOther("/");
    }

    private static async Task<IResult> ShowAsync(ClinicDirectory directory, Actor actor, bool isWizard, FormState form, FormState step, CancellationToken ct) => Page.Of<VisitTypesPage>(
        new { Types = await directory.VisitTypesAsync(actor, ct), IsWizard = isWizard, Form = form, StepForm = step },
        (form.Refusal ?? step.Refusal) is { } refusal ? SetUpRoutes.StatusOf(refusal) : StatusCodes.Status200OK);
}
