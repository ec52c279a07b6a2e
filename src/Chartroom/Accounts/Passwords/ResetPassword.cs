using Chartroom.Platform.Audit;
using Chartroom.Platform.Identity;
using Chartroom.Platform.Tenancy;
using Chartroom.Shell;

namespace Chartroom.Accounts;

/// <summary>Somebody forgot the password.</summary>
public sealed record AskPasswordReset(string Email);

/// <summary>Follows the link of the mail and chooses a new one.</summary>
public sealed record ResetPassword(string Token, [AsTyped] string Password);

/// <summary>A new password by the mailbox. It replaces the password only: signing in still asks for the second factor.</summary>
internal sealed class ResetPasswordHandler(PlatformDb db, Mails mails, AccountSettings settings, PasswordHasher hasher, PasswordRule rule)
{
    private const int MostMailsAnHour = 3;

    /// <summary>Answers alike for every address that is one; only its mailbox learns more. Refuses <c>accounts.incomplete</c>.</summary>
    public async Task<Outcome<Done>> AskAsync(AskPasswordReset ask, Origin origin, CancellationToken ct)
    {
        if (EmailAddress.Read(ask.Email) is not { } email) return Refusals.Incomplete.On("email", "This is not an e-mail address.");
        var token = SecretToken.New();
        await using var tx = await db.BeginAsync(origin, ct);
        var found = await tx.QueryAsync<PersonId>("select id from platform.person where lower(email) = @email and state = 'active'", new { email = email.Value }, ct);
        var person = found.Count == 1 ? found[0] : (PersonId?)null;
        var asked = await tx.QueryAsync<long>("select count(*) from platform.password_reset where person_id = @person and created_at > @since",
            new { person, since = tx.Now.AddHours(-1) }, ct);
        if (asked.Single() >= MostMailsAnHour) return Done.It;
        if (person is { } known) await InsertAsync(tx, known, token, ct);
        tx.Enqueue(person is null ? Mails.NoAccount(email.Value) : mails.ResetPassword(email.Value, token));
        tx.Audit(new Access("password_reset.asked", "person", person?.Value), person);
        await tx.CommitAsync(ct);
        return Done.It;
    }

    /// <summary>What the new password has to keep if the link is good, else <c>accounts.bad-link</c>. Looking does not use it up.</summary>
    public async Task<Outcome<PasswordPolicy>> ShowAsync(string token, Origin origin, CancellationToken ct)
    {
        if (await FindAsync(token, origin, ct) is not { } reset) return Refusals.BadLink;
        await using var tx = await db.BeginAsync(origin, ct);
        return await PasswordRule.PolicyOfAsync(tx, reset.PersonId, ct);
    }

    /// <summary>Ends every session of the person. Refuses <c>accounts.bad-link</c> and <c>accounts.weak-password</c>.</summary>
    public async Task<Outcome<Done>> HandleAsync(ResetPassword ask, Origin origin, CancellationToken ct)
    {
        if (await FindAsync(ask.Token, origin, ct) is not { } reset) return Refusals.BadLink;
        var chosen = await ChooseAsync(ask.Password, reset, origin, ct);
        if (!chosen.IsOk) return chosen.Refusal;
        var hash = await hasher.HashAsync(chosen.Value, ct);

        await using var tx = await db.BeginAsync(origin, ct);
        if (await tx.ExecuteAsync(Use, new { hash = SecretToken.HashOf(ask.Token), now = tx.Now }, ct) == 0) return Refusals.BadLink;
        await tx.ExecuteAsync("update platform.password_reset set used_at = @now where person_id = @person and used_at is null", new { now = tx.Now, person = reset.PersonId }, ct);
        await Credentials.ReplaceAsync(tx, reset.PersonId, hash, ct);
        await SessionBook.EndAllAsync(tx, reset.PersonId, but: null, ct);
        await SignInGuard.ForgetStrangersAsync(tx, reset.Email, ct);
        tx.Enqueue(Mails.PasswordChanged(reset.Email));
        tx.Audit(new Access("password.reset", "person", reset.PersonId.Value), reset.PersonId);
        await tx.CommitAsync(ct);
        return Done.It;
    }

    private async Task<Outcome<Password>> ChooseAsync(string typed, GoodReset reset, Origin origin, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(origin, ct);
        var policy = await PasswordRule.PolicyOfAsync(tx, reset.PersonId, ct);
        var former = await Credentials.FormerAsync(tx, reset.PersonId, ct);
        var chosen = PasswordRule.Check(typed, policy, reset.Name, reset.Email);
        if (!chosen.IsOk) return chosen;
        return await rule.WasUsedAsync(chosen.Value, policy, former, ct) ? PasswordRule.UsedBefore(policy) : chosen;
    }

    private async Task<GoodReset?> FindAsync(string token, Origin origin, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(origin, ct);
        return await tx.QueryOneOrNoneAsync<GoodReset>("""
            select password_reset.person_id, person.name, person.email
            from platform.password_reset
            join platform.person on person.id = password_reset.person_id and person.state = 'active'
            where password_reset.token_hash = @hash and password_reset.used_at is null and password_reset.expires_at > @now
            """, new { hash = SecretToken.HashOf(token), now = tx.Now }, ct);
    }

    private async Task InsertAsync(PlatformTx tx, PersonId person, string token, CancellationToken ct) => await tx.ExecuteAsync("""
        insert into platform.password_reset (id, token_hash, person_id, created_at, expires_at)
        values (@id, @hash, @person, @now, @until)
        """, new { id = Guid.CreateVersion7(), hash = SecretToken.HashOf(token), person, now = tx.Now, until = tx.Now.AddMinutes(settings.ResetMinutes) }, ct);

    private const string Use = """
        update platform.password_reset
        set used_at = @now
        where token_hash = @hash and used_at is null and expires_at > @now
        """;

    private sealed record GoodReset
    {
        public PersonId PersonId { get; init; }
        public required string Name { get; init; }
        public required string Email { get; init; }
    }
}
