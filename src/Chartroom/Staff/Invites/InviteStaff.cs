using Chartroom.Platform.Audit;
using Chartroom.Platform.Database;
using Chartroom.Platform.Identity;
using Chartroom.Platform.Outbox;
using Chartroom.Platform.Tenancy;

namespace Chartroom.Staff;

/// <summary>Asks somebody by e-mail to join the clinic.</summary>
/// <param name="Name">1 to 200 characters.</param>
/// <param name="Email">Where the link goes; it becomes the sign-in name.</param>
/// <param name="Role"><c>admin</c>, <c>provider</c> or <c>front_desk</c>.</param>
/// <param name="Npi">Needed for a provider, not taken for others.</param>
public sealed record InviteStaff(string Name, string Email, string Role, string? Npi)
{
    internal static readonly IReadOnlyList<string> Roles = ["admin", "provider", "front_desk"];

    internal string? NpiOrNull => Role == "provider" ? Npi : null;
}

/// <summary>Puts the person on the clinic's list, then sends the link. Killed in between, the person is on the list and can be invited again.</summary>
internal sealed class InviteStaffHandler(PlatformDb platform, StaffBook staff, PlatformOptions options, InviteLimits limits)
{
    /// <summary>Refuses <c>staff.incomplete</c>, <c>staff.already-here</c> and <c>staff.npi-taken</c>.</summary>
    public async Task<Outcome<StaffId>> HandleAsync(InviteStaff ask, Actor actor, CancellationToken ct)
    {
        var wrong = WhatIsWrong(ask);
        if (EmailAddress.Read(ask.Email) is not { } email || wrong.Errors.Count > 0) return wrong;
        var place = await FindPlaceAsync(email.Value, actor, ct);
        if (place.IsHere) return Refusals.AlreadyHere.On("email", "Somebody with this address works here already.");
        var added = await staff.AddInvitedAsync(new(place.StaffId), ask, actor, ct);
        if (!added.IsOk) return added.Refusal;
        await SendAsync(new(place.StaffId), ask, email.Value, actor, ct);
        return new StaffId(place.StaffId);
    }

    /// <summary>The key they have as a person, or had in an earlier invitation, else a fresh one.</summary>
    private async Task<Place> FindPlaceAsync(string email, Actor actor, CancellationToken ct)
    {
        await using var tx = await platform.BeginAsync(actor.Origin, ct);
        var found = await tx.QueryAsync<Place>("""
            select person.id as staff_id, exists (
                select from platform.membership where clinic_id = @clinic and person_id = person.id and ended_at is null) as is_here
            from platform.person
            where lower(person.email) = @email
            union all
            select staff_id, false
            from platform.invite
            where clinic_id = @clinic and email = @email and accepted_at is null and revoked_at is null
            limit 1
            """, new { actor.Clinic, email }, ct);
        return found is [var place, ..] ? place : new Place { StaffId = Guid.CreateVersion7() };
    }

    private async Task SendAsync(StaffId id, InviteStaff ask, string email, Actor actor, CancellationToken ct)
    {
        var token = SecretToken.New();
        await using var tx = await platform.BeginAsync(actor.Origin, ct);
        await tx.ExecuteAsync("update platform.invite set revoked_at = @now where clinic_id = @clinic and email = @email and accepted_at is null and revoked_at is null",
            new { now = tx.Now, actor.Clinic, email }, ct);
        var invite = Guid.CreateVersion7();
        await tx.ExecuteAsync(Insert, new
        {
            id = invite,
            hash = SecretToken.HashOf(token),
            actor.Clinic,
            staff = id,
            email,
            ask.Name,
            ask.Role,
            invitedBy = actor.Person,
            now = tx.Now,
            until = tx.Now.AddDays(limits.Days),
        }, ct);
        var clinic = await tx.QueryAsync<string>("select name from platform.clinic where id = @clinic", new { actor.Clinic }, ct);
        tx.Enqueue(Mail(email, clinic.Single(), token), actor.Clinic);
        tx.Audit(new Access("invite.sent", "invite", invite), actor.Person, actor.Clinic);
        await tx.CommitAsync(ct);
    }

    private OutboxMessage Mail(string email, string clinic, string token)
    {
        var name = string.Concat(clinic.Where(sign => !char.IsControl(sign)));   // it goes into the subject: no line break may start another header
        return new OutboxMessage(email, $"{name} invites you to Chartroom", $"""
            {name} asks you to join its staff on Chartroom. Go on here within {limits.Days} days:

            {options.PublicUrl.TrimEnd('/')}/invite/{token}

            If you do not know this practice, do nothing.
            """);
    }

    private static Refusal WhatIsWrong(InviteStaff ask)
    {
        var refusal = Refusals.Incomplete;
        if (ask.Name.Length is 0 or > 200) refusal = refusal.On("name", "Give a name of at most 200 characters.");
        if (EmailAddress.Read(ask.Email) is null) refusal = refusal.On("email", "This is not an e-mail address. It looks like name@practice.com.");
        if (!InviteStaff.Roles.Contains(ask.Role)) refusal = refusal.On("role", "Choose one of the three roles.");
        if (ask.Role == "provider" && !Npi.IsValid(ask.Npi ?? "")) refusal = refusal.On("npi", "This is no NPI: it has ten digits, and the last one must fit the others.");
        return refusal;
    }

    private const string Insert = """
        insert into platform.invite (id, token_hash, clinic_id, staff_id, email, name, role, invited_by, created_at, expires_at)
        values (@id, @hash, @clinic, @staff, @email, @name, @role, @invitedBy, @now, @until)
        """;

    private sealed record Place
    {
        public Guid StaffId { get; init; }
        public bool IsHere { get; init; }
    }
}
