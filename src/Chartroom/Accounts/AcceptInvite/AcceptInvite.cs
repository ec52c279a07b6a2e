using Chartroom.Clinics;
using Chartroom.Platform.Audit;
using Chartroom.Platform.Identity;
using Chartroom.Platform.Tenancy;
using Chartroom.Shell;

namespace Chartroom.Accounts;

/// <summary>Follows the link of an invitation. Somebody without an account chooses a password; somebody with one is signed in already.</summary>
public sealed record AcceptInvite(string Token, [AsTyped] string Password);

/// <summary>An invitation whose link is good.</summary>
public sealed record GoodInvite
{
    /// <summary>Key.</summary>
    public Guid Id { get; init; }
    /// <summary>The clinic.</summary>
    public ClinicId ClinicId { get; init; }
    /// <summary>Its name.</summary>
    public required string ClinicName { get; init; }
    /// <summary>Its password policy.</summary>
    public required string PasswordPolicy { get; init; }
    /// <summary>Its fewest characters.</summary>
    public int PasswordLeast { get; init; }
    /// <summary>Key the person gets.</summary>
    public PersonId StaffId { get; init; }
    /// <summary>Where the link went.</summary>
    public required string Email { get; init; }
    /// <summary>Name of the person.</summary>
    public required string Name { get; init; }
    /// <summary>Role they will have.</summary>
    public required string Role { get; init; }
    /// <summary>Whether the address has an account.</summary>
    public bool HasAccount { get; init; }

    /// <summary>What the first password has to keep; there are no former ones yet.</summary>
    internal PasswordPolicy Policy => Platform.Identity.PasswordPolicy.Of(PasswordPolicy, PasswordLeast, remembered: 0, days: 90);
}

/// <summary>Makes an invited person a member of the clinic.</summary>
internal sealed class AcceptInviteHandler(PlatformDb db, PasswordHasher hasher, Credentials credentials, ClinicOpening opening)
{
    /// <summary>What the link belongs to, or <c>accounts.bad-link</c>. Looking does not use it up.</summary>
    public async Task<Outcome<GoodInvite>> ShowAsync(string token, Origin origin, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(origin, ct);
        var found = await tx.QueryOneOrNoneAsync<GoodInvite>(Select, new { hash = SecretToken.HashOf(token), now = tx.Now }, ct);
        return found is null ? Refusals.BadLink : found;
    }

    /// <summary>For somebody without an account. Refuses <c>accounts.bad-link</c>, <c>accounts.weak-password</c> and <c>accounts.account-exists</c>.</summary>
    public async Task<Outcome<GivenSession>> HandleAsync(AcceptInvite ask, Origin origin, CancellationToken ct)
    {
        var shown = await ShowAsync(ask.Token, origin, ct);
        if (!shown.IsOk) return shown.Refusal;
        var invite = shown.Value;
        var chosen = PasswordRule.Check(ask.Password, invite.Policy, invite.Name, invite.Email, invite.ClinicName);
        if (!chosen.IsOk) return chosen.Refusal;
        var hash = await hasher.HashAsync(chosen.Value, ct);

        await using var tx = await db.BeginAsync(origin, ct);
        if (!await UseAsync(tx, invite, ct)) return Refusals.BadLink;
        if (await tx.ExecuteAsync(InsertPerson, new { person = invite.StaffId, invite.Email, invite.Name, now = tx.Now }, ct) == 0) return Refusals.AccountExists;
        await credentials.CreateAsync(tx, invite.StaffId, hash, ct);
        await JoinAsync(tx, invite, invite.StaffId, ct);
        var session = await SessionBook.StartAsync(tx, invite.StaffId, SessionStage.Enroll, origin, ct);
        await tx.CommitAsync(ct);
        await opening.EnsureAsync(invite.ClinicId, isProvisioned: true, ct);
        return session;
    }

    /// <summary>For somebody signed in under the address that was invited. Refuses <c>accounts.bad-link</c> and <c>accounts.wrong-step</c>.</summary>
    public async Task<Outcome<Done>> JoinAsync(string token, SignedIn who, Origin origin, CancellationToken ct)
    {
        var shown = await ShowAsync(token, origin, ct);
        if (!shown.IsOk) return shown.Refusal;
        if (!who.IsMfaDone || who.Email != shown.Value.Email) return Refusals.WrongStep;
        await using var tx = await db.BeginAsync(origin, ct);
        if (!await UseAsync(tx, shown.Value, ct)) return Refusals.BadLink;
        await JoinAsync(tx, shown.Value, who.PersonId, ct);
        await tx.ExecuteAsync("update platform.session set clinic_id = @clinic where id = @session", new { clinic = shown.Value.ClinicId, session = who.SessionId }, ct);
        await tx.CommitAsync(ct);
        await opening.EnsureAsync(shown.Value.ClinicId, isProvisioned: true, ct);
        return Done.It;
    }

    private static async Task<bool> UseAsync(PlatformTx tx, GoodInvite invite, CancellationToken ct) => await tx.ExecuteAsync(
        "update platform.invite set accepted_at = @now where id = @id and accepted_at is null and revoked_at is null", new { invite.Id, now = tx.Now }, ct) == 1;

    private static async Task JoinAsync(PlatformTx tx, GoodInvite invite, PersonId person, CancellationToken ct)
    {
        await tx.ExecuteAsync(UpsertMembership, new { clinic = invite.ClinicId, person, invite.Role, now = tx.Now }, ct);
        tx.Audit(new Access("invite.accepted", "invite", invite.Id), person, invite.ClinicId);
    }

    private const string Select = """
        select invite.id, invite.clinic_id, clinic.name as clinic_name, clinic.password_policy, clinic.password_least, invite.staff_id, invite.email, invite.name, invite.role,
            exists (select from platform.person where lower(person.email) = invite.email) as has_account
        from platform.invite
        join platform.clinic on clinic.id = invite.clinic_id and clinic.state <> 'closed'
        where invite.token_hash = @hash and invite.accepted_at is null and invite.revoked_at is null and invite.expires_at > @now
        """;

    private const string InsertPerson = """
        insert into platform.person (id, email, name, email_verified_at, created_at)
        values (@person, @email, @name, @now, @now)
        on conflict do nothing
        """;

    private const string UpsertMembership = """
        insert into platform.membership (clinic_id, person_id, role, created_at)
        values (@clinic, @person, @role, @now)
        on conflict on constraint membership_pkey do update
        set role = excluded.role, ended_at = null, mirrored_at = null, created_at = excluded.created_at
        """;
}
