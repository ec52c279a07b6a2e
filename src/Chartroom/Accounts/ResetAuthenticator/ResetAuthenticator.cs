using Chartroom.Platform.Audit;
using Chartroom.Platform.Identity;
using Chartroom.Platform.Tenancy;

namespace Chartroom.Accounts;

/// <summary>A colleague as the page names them.</summary>
public sealed record Colleague
{
    /// <summary>Key.</summary>
    public PersonId Id { get; init; }
    /// <summary>Name.</summary>
    public required string Name { get; init; }
    /// <summary>Where the notice goes.</summary>
    public required string Email { get; init; }
}

/// <summary>What the admin tells the colleague.</summary>
/// <param name="Code">Shown once; the database keeps a hash.</param>
/// <param name="GoodUntil">It is good before.</param>
public sealed record HandOver(string Code, DateTimeOffset GoodUntil);

/// <summary>
/// Takes the second factor out of a colleague's account whose telephone is lost, with their recovery codes, passkeys and all their sessions. The next sign-in asks for the
/// password and for a code that the admin tells them, then for a new authenticator: neither the mailbox alone nor the admin alone opens the account.
/// </summary>
internal sealed class ResetAuthenticatorHandler(PlatformDb db, CodeCheck codes, Credentials credentials)
{
    // A working day in which to reach somebody; then the admin makes another code.
    private static readonly TimeSpan GoodFor = TimeSpan.FromHours(24);

    /// <summary>Who it would be; <c>accounts.no-such-colleague</c> or <c>accounts.own-authenticator</c>.</summary>
    public async Task<Outcome<Colleague>> ShowAsync(PersonId person, Actor actor, CancellationToken ct)
    {
        if (person == actor.Person) return Refusals.OwnAuthenticator;
        await using var tx = await db.BeginAsync(actor.Origin, ct);
        return await FindAsync(tx, person, actor, ct) is { } found ? found : Refusals.NoSuchColleague;
    }

    /// <summary>Refuses <c>accounts.no-such-colleague</c> and <c>accounts.own-authenticator</c>. The person is told by mail, without the code.</summary>
    public async Task<Outcome<HandOver>> HandleAsync(PersonId person, Actor actor, CancellationToken ct)
    {
        if (person == actor.Person) return Refusals.OwnAuthenticator;
        var code = RecoveryCodes.New()[0];
        await using var tx = await db.BeginAsync(actor.Origin, ct);
        if (await FindAsync(tx, person, actor, ct) is not { } colleague) return Refusals.NoSuchColleague;
        var until = tx.Now + GoodFor;
        await tx.ExecuteAsync(TakeOut, new { person, fresh = codes.Seal(Totp.NewSecret(), person), hash = RecoveryCodes.HashOf(code), until }, ct);
        await CodeGuard.ForgetAllAsync(tx, person, ct);
        await tx.ExecuteAsync("delete from platform.passkey where person_id = @person", new { person }, ct);   // they may be in the lost telephone
        await credentials.ReplaceCodesAsync(tx, person, ct);
        await SessionBook.EndAllAsync(tx, person, but: null, ct);
        tx.Enqueue(Mails.AuthenticatorReset(colleague.Email));
        tx.Audit(new Access("authenticator.reset", "person", person.Value), actor.Person, actor.Clinic);
        await tx.CommitAsync(ct);
        return new HandOver(code, until);
    }

    private static Task<Colleague?> FindAsync(PlatformTx tx, PersonId person, Actor actor, CancellationToken ct) => tx.QueryOneOrNoneAsync<Colleague>("""
        select person.id, person.name, person.email
        from platform.membership
        join platform.person on person.id = membership.person_id and person.state = 'active'
        join platform.credential on credential.person_id = person.id
        where membership.clinic_id = @clinic and membership.person_id = @person and membership.ended_at is null
        """, new { actor.Clinic, person }, ct);

    private const string TakeOut = """
        update platform.credential
        set totp_secret = @fresh, totp_confirmed_at = null, totp_step = 0, totp_next = null, totp_next_at = null,
            handover_hash = @hash, handover_until = @until
        where person_id = @person
        """;
}
