using Chartroom.Clinics;
using Chartroom.Shell;

namespace Chartroom.Staff;

/// <summary>Staff and invitations: a page of the settings and two steps of the wizard.</summary>
internal static class StaffPages
{
    private static readonly Refusal NoProvider = new("staff.no-provider", 422, "Invite at least one provider before you go on: only they see patients.");

    /// <param name="step">Key of the wizard's step, or null for the settings.</param>
    internal static void Map(IEndpointRouteBuilder pages, string path, string? step)
    {
        var group = pages.MapGroup(path);
        group.MapGet("", (View view, Actor actor, CancellationToken ct) => view.ShowAsync(actor, step, FormState.Fresh, FormState.Fresh, ct)).ForStaff("staff.listed", "invites.listed");
        group.MapPost("", async (Form<InviteStaff> form, InviteStaffHandler handler, View view, Actor actor, CancellationToken ct) =>
        {
            var invited = await form.ThenAsync(ask => handler.HandleAsync(ask, actor, ct));
            return invited.IsOk ? Page.SeeOther(path) : await view.ShowAsync(actor, step, form.Again(invited.Refusal), FormState.Fresh, ct);
        }).ForStaff("staff.added", "invite.sent");
        group.MapPost("/invites/{id:guid}/revoke", async (Guid id, InviteBook invites, Actor actor, CancellationToken ct) =>
            After(path, await invites.RevokeAsync(id, actor, ct))).ForStaff("invite.revoked", "staff.removed");
        if (step is null)
        {
            group.MapPost("/{id:guid}/end", async (Guid id, Membership membership, Actor actor, CancellationToken ct) =>
                After(path, await membership.EndAsync(new(id), actor, ct))).ForStaff("staff.ended", "staff.mirrored");
            return;
        }
        group.MapPost("/done", async (View view, OnboardingState onboarding, Actor actor, CancellationToken ct) =>
        {
            if (step == "providers" && !await view.HasProviderAsync(actor, ct)) return await view.ShowAsync(actor, step, FormState.Fresh, FormState.Fresh with { Refusal = NoProvider }, ct);
            await onboarding.MarkAsync([step], actor, ct);
            return Page.SeeOther("/");
        }).ForStaff("onboarding.step-saved", "staff.listed");
    }

    private static IResult After(string path, Outcome<Done> outcome) => outcome.IsOk ? Page.SeeOther(path) : Page.Refused(outcome.Refusal);

    /// <summary>Loads and shows the page; bound from the services of the request.</summary>
    private sealed class View(StaffDirectory staff, InviteBook invites)
    {
        public static ValueTask<View?> BindAsync(HttpContext context) => ValueTask.FromResult<View?>(
            new(context.RequestServices.GetRequiredService<StaffDirectory>(), context.RequestServices.GetRequiredService<InviteBook>()));

        internal async Task<bool> HasProviderAsync(Actor actor, CancellationToken ct) => (await staff.ListAsync(actor, ct)).Any(member => member.IsProvider);

        internal async Task<IResult> ShowAsync(Actor actor, string? step, FormState form, FormState stepForm, CancellationToken ct) => Page.Of<StaffPage>(new
        {
            Members = await staff.ListAsync(actor, ct),
            Invites = await invites.ListAsync(actor, ct),
            IsProviders = step == "providers",
            IsWizard = step is not null,
            Form = form,
            StepForm = stepForm,
        }, (form.Refusal ?? stepForm.Refusal) is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity);
    }
}
