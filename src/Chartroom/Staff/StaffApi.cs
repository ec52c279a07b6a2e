using Chartroom.Platform.Identity;
using Chartroom.Platform.Web;

namespace Chartroom.Staff;

/// <summary>The API door: the same handlers as the pages.</summary>
internal static class StaffApi
{
    internal static void Map(IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api/v1/staff").WithTags("Staff");
        api.MapGet("", async (StaffDirectory staff, Actor actor, CancellationToken ct) => TypedResults.Ok(await staff.ListAsync(actor, ct)))
            .Requires(Permission.SeeClinic).WithoutAgreement().Audits("staff.listed");
        api.MapPut("/{id:guid}", async (Guid id, StaffFields ask, StaffBook book, HttpContext context, Actor actor, CancellationToken ct) =>
        {
            var version = Versions.IfMatch(context);
            var changed = version.IsOk ? await book.ChangeAsync(new(id), version.Value, ask, actor, ct) : version.Refusal;
            return changed.ToHttp(_ => TypedResults.NoContent());
        }).ForStaff("staff.changed");
        api.MapPut("/{id:guid}/role", async (Guid id, ChangeRole ask, Membership membership, Actor actor, CancellationToken ct) =>
            (await membership.ChangeRoleAsync(new(id), ask, actor, ct)).ToHttp(_ => TypedResults.NoContent())).ForStaff("staff.role-changed", "staff.mirrored").RequiresStepUp();
        api.MapDelete("/{id:guid}", async (Guid id, Membership membership, Actor actor, CancellationToken ct) =>
            (await membership.EndAsync(new(id), actor, ct)).ToHttp(_ => TypedResults.NoContent())).ForStaff("staff.ended", "staff.mirrored").RequiresStepUp();
        MapHours(api);
        MapInvites(api);
    }

    private static void MapHours(RouteGroupBuilder api)
    {
        api.MapGet("/{id:guid}/hours", async (StaffId id, HoursBook book, HttpContext context, Actor actor, CancellationToken ct) =>
            (await book.ReadAsync(id, actor, ct)).ToHttp(read =>
            {
                Versions.SetETag(context, read.Version);
                return TypedResults.Ok(read.Hours);
            })).Requires(Permission.SeeClinic).WithoutAgreement().Audits("hours.listed").Produces<WeeklyHours>();
        api.MapPut("/{id:guid}/hours", async (StaffId id, WeeklyHours ask, HoursBook book, HttpContext context, Actor actor, CancellationToken ct) =>
        {
            var version = Versions.IfMatch(context);
            var set = version.IsOk ? await book.SetAsync(id, version.Value, ask, actor, ct) : version.Refusal;
            return set.ToHttp(_ => TypedResults.NoContent());
        }).ForStaff("hours.set");
    }

    private static void MapInvites(RouteGroupBuilder api)
    {
        api.MapGet("/invites", async (InviteBook book, Actor actor, CancellationToken ct) => TypedResults.Ok(await book.ListAsync(actor, ct))).ForStaff("invites.listed");
        api.MapPost("/invites", async (InviteStaff ask, InviteStaffHandler handler, Actor actor, CancellationToken ct) =>
            (await handler.HandleAsync(ask, actor, ct)).ToHttp(id => TypedResults.Created($"/api/v1/staff/{id}", new { staffId = id }))).ForStaff("staff.added", "invite.sent").RequiresStepUp();
        api.MapDelete("/invites/{id:guid}", async (Guid id, InviteBook book, Actor actor, CancellationToken ct) =>
            (await book.RevokeAsync(id, actor, ct)).ToHttp(_ => TypedResults.NoContent())).ForStaff("invite.revoked", "staff.removed");
    }
}
