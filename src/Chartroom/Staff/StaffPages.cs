using Chartroom.Clinics;
using Chartroom.Platform.Identity;
using Chartroom.Shell;

namespace Chartroom.Staff;

/// <summary>Staff and invitations: a page of the settings and two steps of the wizard.</summary>
internal static class StaffPages
{
    /// <param name="step">Key of the wizard's step, or null for the settings.</param>
    internal static void Map(IEndpointRouteBuilder pages, string? step)
    {
        var path = PathOf(step);
        var group = pages.MapGroup(path);
        group.MapGet("", (View view, Actor actor, CancellationToken ct) => view.ShowAsync(actor, step, FormState.Fresh, ct)).ForStaff("staff.listed", "invites.listed");
        group.MapPost("", async (Form<Asked> form, InviteStaffHandler handler, OnboardingState onboarding, View view, Actor actor, CancellationToken ct) =>
        {
            var saved = await form.ThenAsync(async ask => ask.IsLeftEmpty ? Done.It : (await handler.HandleAsync(ask.Invite, actor, ct)).Select(_ => Done.It));
            var isGoingOn = step is not null && saved.IsOk && form.Ask.Value.Then == OnboardingStep.GoOn;
            if (isGoingOn) saved = await onboarding.FinishAsync(step!, actor, ct);   // going on has a step
            return saved.IsOk ? Page.SeeOther(isGoingOn ? "/" : path) : await view.ShowAsync(actor, step, form.Again(saved.Refusal), ct);
        }).ForStaff("staff.added", "invite.sent", "onboarding.step-saved", "staff.listed").RequiresStepUpUnless(Asked.IsEmpty);
        group.MapPost("/invites/{id:guid}/revoke", async (Guid id, InviteBook invites, Actor actor, CancellationToken ct) =>
            After(path, await invites.RevokeAsync(id, actor, ct))).ForStaff("invite.revoked", "staff.removed");
        if (step is null)
        {
            group.MapPost("/{id:guid}/end", async (StaffId id, Membership membership, Actor actor, CancellationToken ct) =>
                After(path, await membership.EndAsync(id, actor, ct))).ForStaff("staff.ended", "staff.mirrored").RequiresStepUp();
        }
    }

    /// <summary>Where the list stands.</summary>
    internal static string PathOf(string? step) => step is null ? "/settings/staff" : OnboardingStep.PathOf(step);

    private static IResult After(string path, Outcome<Done> outcome) => outcome.IsOk ? Page.SeeOther(path) : Page.Refused(outcome.Refusal);

    private sealed record Asked(string Name, string Email, string Role, string? Npi, string? Then)
    {
        /// <summary>Nobody typed anything, and the button was not the one that invites.</summary>
        internal bool IsLeftEmpty => Then == OnboardingStep.GoOn && (Name + Email + Npi).Length == 0;

        /// <summary>The same of the form as it came: a step that is passed over invites nobody and needs no proof.</summary>
        internal static bool IsEmpty(IFormCollection form) => form["then"] == OnboardingStep.GoOn && form["name"] == "" && form["email"] == "" && form["npi"] == "";

        internal InviteStaff Invite => new(Name, Email, Role, Npi);
    }

    /// <summary>Loads and shows the page; bound from the services of the request.</summary>
    private sealed class View(StaffDirectory staff, InviteBook invites)
    {
        public static ValueTask<View?> BindAsync(HttpContext context) => ValueTask.FromResult<View?>(
            new(context.RequestServices.GetRequiredService<StaffDirectory>(), context.RequestServices.GetRequiredService<InviteBook>()));

        internal async Task<IResult> ShowAsync(Actor actor, string? step, FormState form, CancellationToken ct) => Page.Of<StaffPage>(new
        {
            Members = await staff.ListAsync(actor, ct),
            Invites = await invites.ListAsync(actor, ct),
            Step = step,
            Form = form,
        }, form.Refusal is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity);
    }
}
