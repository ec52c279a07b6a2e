using Chartroom.Patients;
using Chartroom.Platform.Identity;
using Chartroom.Platform.Web;
using Chartroom.Shell;

namespace Chartroom.Keys;

/// <summary>Pages only: no program of others destroys a record.</summary>
internal static class PatientDestructionRoutes
{
    private const string List = "/settings/destruction";

    public static void Map(IEndpointRouteBuilder routes)
    {
        var pages = routes.MapGroup("/patients/{id:guid}/destruction").ExcludeFromDescription();
        pages.MapGet("", (PatientId id, PatientDestructions destructions, Actor actor, HttpContext http) => ShowAsync(id, FormState.Fresh, destructions, actor, http))
            .Requires(Permission.EditPatients).Audits(PatientDestructions.Read);
        pages.MapPost("", async (PatientId id, Form<AskPatientDestruction> form, AskPatientDestructionHandler handler, PatientDestructions destructions, Actor actor, HttpContext http) =>
        {
            var asked = await form.ThenAsync(ask => handler.HandleAsync(id, ask, actor, http.RequestAborted));
            return asked.IsOk ? Page.SeeOther($"/patients/{id}/destruction") : await ShowAsync(id, form.Again(asked.Refusal), destructions, actor, http);
        }).Requires(Permission.EditPatients).RequiresStepUp().Audits(AskPatientDestructionHandler.Asked, AskPatientDestructionHandler.Told, PatientDestructions.Read);
        pages.MapPost("/withdraw", async (PatientId id, WithdrawPatientDestructionHandler handler, Actor actor, CancellationToken ct) =>
                await handler.HandleAsync(id, actor, ct) is { IsOk: false, Refusal: var refusal } ? Page.Refused(refusal) : Page.SeeOther($"/patients/{id}?destruction=withdrawn"))
            .Requires(Permission.EditPatients).Audits(WithdrawPatientDestructionHandler.Withdrawn);
        pages.MapPost("/confirm", async (PatientId id, Form<ConfirmPatientDestruction> form, ConfirmPatientDestructionHandler handler, PatientDestructions destructions, Actor actor, HttpContext http) =>
        {
            var done = await form.ThenAsync(ask => handler.HandleAsync(id, ask, actor, http.RequestAborted));
            return done.IsOk ? Page.SeeOther($"{List}?done=true") : await ShowAsync(id, form.Again(done.Refusal), destructions, actor, http);
        }).Requires(Permission.ManageKeys).RequiresStepUp().Audits(ConfirmPatientDestructionHandler.Confirmed, "patient_key.destroyed", PatientDestructions.Read);

        routes.MapGet(List, async (PatientId? before, PatientDestructions destructions, Actor actor, CancellationToken ct) =>
                Page.Of<DestructionsPage>(new { Part = await destructions.ListAsync(before, actor, ct), IsFirst = before is null }))
            .Requires(Permission.ManageKeys).Audits(PatientDestructions.Listed).ExcludeFromDescription();
    }

    private static async Task<IResult> ShowAsync(PatientId id, FormState form, PatientDestructions destructions, Actor actor, HttpContext http)
    {
        if (form.Refusal is { Errors.Count: 0 } refusal) return Page.Refused(refusal);   // it has become another page meanwhile, without the form that would say so
        var asked = await destructions.OneAsync(id, actor, http.RequestAborted);
        return asked.IsOk ? Page.Of<DestroyPatientPage>(new { At = asked.Value, Form = form }, form.Refusal?.Status ?? StatusCodes.Status200OK) : Page.Refused(asked.Refusal);
    }
}
