using Chartroom.Platform.Audit;
using Chartroom.Platform.Tenancy;
using Chartroom.Platform.Web;

namespace Chartroom.Staff;

/// <summary>Another role for somebody who works here.</summary>
/// <param name="Was">The role it is changed from, as the asker saw it; null when that does not matter.</param>
public sealed record ChangeRole(string Role, string? Was = null);

/// <summary>Ends a membership or changes its role. Both end the person's sessions at this clinic at once, so no right outlives it.</summary>
internal sealed class Membership(PlatformDb platform, StaffMirror mirror)
{
    /// <summary>Refuses <c>staff.incomplete</c>, <c>staff.no-such-staff</c>, <c>staff.last-admin</c> and, when somebody changed it meanwhile, <c>platform.stale-version</c>.</summary>
    public async Task<Outcome<Done>> ChangeRoleAsync(StaffId id, ChangeRole ask, Actor actor, CancellationToken ct)
    {
        if (!InviteStaff.Roles.Contains(ask.Role)) return Refusals.Incomplete.On("role", "Choose one of the three roles.");
        return await AlterAsync(id, "update platform.membership set role = @role, mirrored_at = null where clinic_id = @clinic and person_id = @id and ended_at is null",
            ask, new Access("staff.role-changed", "staff", id.Value), actor, ct);
    }

    /// <summary>Refuses <c>staff.no-such-staff</c> and <c>staff.last-admin</c>.</summary>
    public Task<Outcome<Done>> EndAsync(StaffId id, Actor actor, CancellationToken ct) =>
        AlterAsync(id, "update platform.membership set ended_at = @now, mirrored_at = null where clinic_id = @clinic and person_id = @id and ended_at is null",
            null, new Access("staff.ended", "staff", id.Value), actor, ct);

    private async Task<Outcome<Done>> AlterAsync(StaffId id, string sql, ChangeRole? ask, Access access, Actor actor, CancellationToken ct)
    {
        await using var tx = await platform.BeginAsync(actor.Origin, ct);
        var admins = await tx.QueryAsync<Guid>(LockAdmins, new { actor.Clinic }, ct);
        var present = await tx.QueryOneOrNoneAsync<string>(LockOne, new { actor.Clinic, id }, ct);
        if (present is null) return Refusals.NoSuchStaff;
        if (ask?.Was is { } was && was != present) return Versions.Stale;
        if (ask?.Role != "admin" && admins.Contains(id.Value) && admins.Count == 1) return Refusals.LastAdmin;
        await tx.ExecuteAsync(sql, new { actor.Clinic, id, ask?.Role, now = tx.Now }, ct);
        await tx.EndSessionsAsync("update platform.session set ended_at = @now where person_id = @id and clinic_id = @clinic and ended_at is null returning id, clinic_id", new { id, actor.Clinic, now = tx.Now }, ct);
        tx.Audit(access, actor.Person, actor.Clinic);
        await tx.CommitAsync(ct);
        await mirror.BringInLineAsync(actor.Clinic, ct);
        return Done.It;
    }

    /// <summary>Locked in one order, so that two admins who end each other wait and one is refused.</summary>
    private const string LockAdmins = """
        select person_id
        from platform.membership
        where clinic_id = @clinic and role = 'admin' and ended_at is null
        order by person_id
        for update
        """;

    private const string LockOne = """
        select role
        from platform.membership
        where clinic_id = @clinic and person_id = @id and ended_at is null
        for update
        """;
}
