using System.ComponentModel.DataAnnotations;
using Chartroom.Platform.Audit;
using Chartroom.Platform.Tenancy;

namespace Chartroom.Staff;

/// <summary>How long an invitation is good. Section <c>Invites</c>.</summary>
public sealed record InviteLimits
{
    /// <summary>Days, 1 to 30. Default 7.</summary>
    [Range(1, 30)] public int Days { get; init; } = 7;
}

/// <summary>An invitation that waits.</summary>
public sealed record OpenInvite
{
    /// <summary>Key.</summary>
    public Guid Id { get; init; }
    /// <summary>Key the person has on the clinic's list.</summary>
    public Guid StaffId { get; init; }
    /// <summary>Name of the person.</summary>
    public required string Name { get; init; }
    /// <summary>Where the link went.</summary>
    public required string Email { get; init; }
    /// <summary><c>admin</c>, <c>provider</c> or <c>front_desk</c>.</summary>
    public required string Role { get; init; }
    /// <summary>The link is good before.</summary>
    public DateTimeOffset ExpiresAt { get; init; }
}

/// <summary>Lists invitations that wait and takes them back.</summary>
internal sealed class InviteBook(PlatformDb platform, StaffBook staff)
{
    /// <summary>Newest first.</summary>
    public async Task<IReadOnlyList<OpenInvite>> ListAsync(Actor actor, CancellationToken ct)
    {
        await using var tx = await platform.BeginAsync(actor.Origin, ct);
        var invites = await tx.QueryAsync<OpenInvite>("""
            select id, staff_id, name, email, role, expires_at
            from platform.invite
            where clinic_id = @clinic and accepted_at is null and revoked_at is null
            order by created_at desc, id desc
            """, new { actor.Clinic }, ct);
        tx.Audit(new Access("invites.listed", "invite"), actor.Person, actor.Clinic);
        await tx.CommitAsync(ct);
        return invites;
    }

    /// <summary>Refuses <c>staff.no-such-invite</c>.</summary>
    public async Task<Outcome<Done>> RevokeAsync(Guid invite, Actor actor, CancellationToken ct)
    {
        await using var tx = await platform.BeginAsync(actor.Origin, ct);
        var revoked = await tx.QueryAsync<StaffId>("""
            update platform.invite
            set revoked_at = @now
            where id = @invite and clinic_id = @clinic and accepted_at is null and revoked_at is null
            returning staff_id
            """, new { invite, actor.Clinic, now = tx.Now }, ct);
        if (revoked.Count == 0) return Refusals.NoSuchInvite;
        tx.Audit(new Access("invite.revoked", "invite", invite), actor.Person, actor.Clinic);
        await tx.CommitAsync(ct);
        await staff.RemoveInvitedAsync(revoked[0], actor, ct);
        return Done.It;
    }
}
