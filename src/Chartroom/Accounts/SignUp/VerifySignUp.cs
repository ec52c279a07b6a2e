using Chartroom.Clinics;
using Chartroom.Platform.Audit;
using Chartroom.Platform.Identity;
using Chartroom.Platform.Tenancy;
using Chartroom.Shell;

namespace Chartroom.Accounts;

/// <summary>Follows the link of the sign-up mail and chooses a password.</summary>
public sealed record VerifySignUp(string Token, [AsTyped] string Password);

/// <summary>Makes the person, the clinic and the membership in one transaction, then provisions the clinic. A kill after the first is made good at the next
/// start, or when the person goes on.</summary>
internal sealed class VerifySignUpHandler(PlatformDb db, PasswordHasher hasher, Credentials credentials, ClinicOpening opening)
{
    /// <summary>What the link belongs to, or <c>accounts.bad-link</c>. Looking does not use it up: mail scanners look too.</summary>
    public async Task<Outcome<AskedSignUp>> ShowAsync(string token, Origin origin, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(origin, ct);
        var found = await tx.QueryOneOrNoneAsync<AskedSignUp>(Select, new { hash = SecretToken.HashOf(token), now = tx.Now }, ct);
        return found is null ? Refusals.BadLink : found;
    }

    /// <summary>Refuses <c>accounts.bad-link</c>, <c>accounts.weak-password</c> and <c>accounts.account-exists</c>.</summary>
    public async Task<Outcome<GivenSession>> HandleAsync(VerifySignUp ask, Origin origin, CancellationToken ct)
    {
        var shown = await ShowAsync(ask.Token, origin, ct);
        if (!shown.IsOk) return shown.Refusal;
        var checkedPassword = PasswordRule.Check(ask.Password, PasswordPolicy.Rotation, shown.Value.Practice, shown.Value.Name, shown.Value.Email);
        if (!checkedPassword.IsOk) return checkedPassword.Refusal;

        var made = await MakeAsync(shown.Value, await hasher.HashAsync(checkedPassword.Value, ct), origin, ct);
        if (!made.IsOk) return made.Refusal;
        await opening.EnsureAsync(made.Value.Clinic, isProvisioned: false, ct);
        return made.Value.Session;
    }

    private async Task<Outcome<Made>> MakeAsync(AskedSignUp asked, string passwordHash, Origin origin, CancellationToken ct)
    {
        var (person, clinic) = (PersonId.New(), ClinicId.New());
        await using var tx = await db.BeginAsync(origin, ct);
        if (await tx.ExecuteAsync("update platform.sign_up set used_at = @now where id = @id and used_at is null", new { asked.Id, now = tx.Now }, ct) == 0) return Refusals.BadLink;
        var isNew = await tx.ExecuteAsync(InsertPerson, new { person, asked.Email, asked.Name, asked.Phone, now = tx.Now }, ct) == 1;
        if (!isNew) return Refusals.AccountExists;
        await NewClinic.InsertAsync(tx, clinic, asked.Practice, asked.Phone, ct);
        await tx.ExecuteAsync("insert into platform.membership (clinic_id, person_id, role, created_at) values (@clinic, @person, 'admin', @now)", new { clinic, person, now = tx.Now }, ct);
        await credentials.CreateAsync(tx, person, passwordHash, ct);
        var session = await SessionBook.StartAsync(tx, person, SessionStage.Enroll, origin, ct);
        tx.Audit(new Access("clinic.signed-up", "clinic", clinic.Value), person, clinic);
        await tx.CommitAsync(ct);
        return new Made(clinic, session);
    }

    private sealed record Made(ClinicId Clinic, GivenSession Session);

    private const string Select = """
        select id, practice, name, email, phone
        from platform.sign_up
        where token_hash = @hash and used_at is null and expires_at > @now
        """;

    private const string InsertPerson = """
        insert into platform.person (id, email, name, phone, email_verified_at, created_at)
        values (@person, @email, @name, @phone, @now, @now)
        on conflict (lower(email)) do nothing
        """;
}

/// <summary>A sign-up whose link is good.</summary>
public sealed record AskedSignUp
{
    /// <summary>Key.</summary>
    public Guid Id { get; init; }
    /// <summary>Name of the practice.</summary>
    public required string Practice { get; init; }
    /// <summary>Name of the person.</summary>
    public required string Name { get; init; }
    /// <summary>Their address.</summary>
    public required string Email { get; init; }
    /// <summary>Telephone, E.164.</summary>
    public required string Phone { get; init; }
}
