using Chartroom.Clinics;
using Chartroom.Platform.Identity;
using Chartroom.Shell;

namespace Chartroom.Staff;

/// <summary>Changes one colleague: name, NPI and colour in one form, the role in another, since it ends their sessions.</summary>
internal static class EditStaffPages
{
    /// <param name="step">Key of the wizard's step, or null for the settings.</param>
    internal static void Map(IEndpointRouteBuilder pages, string? step)
    {
        var path = StaffPages.PathOf(step);
        var group = pages.MapGroup(path);
        group.MapGet("/{id:guid}", (StaffId id, StaffDirectory staff, Actor actor, CancellationToken ct) => ShowAsync(id, staff, actor, new(step), ct)).ForStaff("staff.listed");
        group.MapPost("/{id:guid}", async (StaffId id, Form<StaffFields> form, StaffBook book, StaffDirectory staff, Actor actor, CancellationToken ct) =>
        {
            var changed = await form.ThenAsync(ask => book.ChangeAsync(id, (int)(form.Version ?? 0), ask, actor, ct));
            return changed.IsOk ? Page.SeeOther(path) : await ShowAsync(id, staff, actor, new(step) { Form = form.Again(changed.Refusal) }, ct);
        }).ForStaff("staff.changed", "staff.listed");
        group.MapPost("/{id:guid}/role", async (StaffId id, Form<ChangeRole> form, Membership membership, StaffDirectory staff, Actor actor, CancellationToken ct) =>
        {
            var changed = await form.ThenAsync(ask => membership.ChangeRoleAsync(id, ask, actor, ct));
            return changed.IsOk ? Page.SeeOther($"{path}/{id}") : await ShowAsync(id, staff, actor, new(step) { RoleForm = form.Again(changed.Refusal) }, ct);
        }).ForStaff("staff.role-changed", "staff.mirrored", "staff.listed").RequiresStepUp();
    }

    /// <summary>What comes back, and of which form.</summary>
    private sealed record Again(string? Step)
    {
        internal FormState Form { get; init; } = FormState.Fresh;

        internal FormState RoleForm { get; init; } = FormState.Fresh;

        internal int Status => (Form.Refusal ?? RoleForm.Refusal) switch
        {
            null => StatusCodes.Status200OK,
            { Status: StatusCodes.Status412PreconditionFailed } => StatusCodes.Status412PreconditionFailed,
            _ => StatusCodes.Status422UnprocessableEntity,
        };
    }

    private static async Task<IResult> ShowAsync(StaffId id, StaffDirectory staff, Actor actor, Again again, CancellationToken ct)
    {
        if ((await staff.ListAsync(actor, ct)).FirstOrDefault(it => it.Id == id) is not { } member) return Page.Refused(Refusals.NoSuchStaff);
        return Page.Of<EditStaffPage>(new
        {
            Member = member,
            again.Step,
            IsSelf = actor.Staff == id,
            Form = again.Form.Against(EditStaffPage.Seen(member), member.Version),
            again.RoleForm,
        }, again.Status);
    }
}
