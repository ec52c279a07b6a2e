using Chartroom.Platform.Audit;
using Chartroom.Platform.Identity;
using Chartroom.Platform.Tenancy;
using Chartroom.Shell;

namespace Chartroom.Accounts;

/// <summary>The first step of signing in.</summary>
public sealed record SignIn(string Email, [AsTyped] string Password);

/// <summary>Looks at address and password. A right one starts a session that still has to give its second factor. Unknown address, closed account and
/// wrong password are one answer, after the same work.</summary>
internal sealed class SignInHandler(PlatformDb db, PasswordHasher hasher, SignInGuard guard)
{
    /// <summary>Refuses <c>accounts.wrong-credentials</c>, <c>accounts.too-many-tries</c> and <c>accounts.passwords-shut</c>.</summary>
    public async Task<Outcome<GivenSession>> HandleAsync(SignIn ask, Origin origin, CancellationToken ct)
    {
        var email = EmailAddress.Read(ask.Email)?.Value ?? "";
        var counted = await guard.CountAsync(email, who: null, origin, ct);
        if (!counted.IsOk) return counted.Refusal;

        var account = await FindAsync(email, origin, ct);
        var isRight = await IsRightAsync(ask.Password, account?.PasswordHash, ct);
        return isRight && account is not null ? await StartAsync(account, ask, counted.Value, origin, ct) : await RefuseAsync(account, email, counted.Value, origin, ct);
    }

    private async Task<Account?> FindAsync(string email, Origin origin, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(origin, ct);
        return await tx.QueryOneOrNoneAsync<Account>("""
            select person.id as person_id, credential.password_hash, credential.totp_confirmed_at is not null or credential.handover_hash is not null as has_authenticator
            from platform.person
            join platform.credential on credential.person_id = person.id
            where lower(person.email) = @email and person.state = 'active'
            """, new { email }, ct);
    }

    /// <summary>Text that can be no password is checked all the same, so that it takes as long.</summary>
    private async Task<bool> IsRightAsync(string typed, string? hash, CancellationToken ct)
    {
        var isText = Password.TryTake(typed, out var password);
        if (password is null) Password.TryTake("no password", out password);
        return await hasher.VerifyAsync(password!, isText ? hash : null, ct);   // "no password" is one, so there is always a text
    }

    private async Task<GivenSession> StartAsync(Account account, SignIn ask, GuardedTry attempt, Origin origin, CancellationToken ct)
    {
        var stronger = hasher.NeedsRehash(account.PasswordHash) && Password.TryTake(ask.Password, out var password) ? await hasher.HashAsync(password, ct) : null;
        await using var tx = await db.BeginAsync(origin, ct);
        await SignInGuard.ForgetAsync(tx, attempt, ct);
        if (stronger is not null)
            await tx.ExecuteAsync("update platform.credential set password_hash = @stronger where person_id = @person", new { stronger, person = account.PersonId }, ct);
        var session = await SessionBook.StartAsync(tx, account.PersonId, SessionStages.AfterPassword(account.HasAuthenticator), origin, ct);
        tx.Audit(new Access("session.started", "session", session.Id), account.PersonId);
        await tx.CommitAsync(ct);
        return session;
    }

    private async Task<Refusal> RefuseAsync(Account? account, string email, GuardedTry attempt, Origin origin, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(origin, ct);
        tx.Audit(new Access("session.refused", "session"), account?.PersonId, outcome: "refused");
        if (attempt.IsLastOfStrangers && account is not null) tx.Enqueue(Mails.PasswordsShut(email));   // once in a hundred tries, after their work: no clock tells it
        await tx.CommitAsync(ct);
        return Refusals.WrongCredentials;
    }

    private sealed record Account
    {
        public PersonId PersonId { get; init; }
        public required string PasswordHash { get; init; }
        public bool HasAuthenticator { get; init; }
    }
}
