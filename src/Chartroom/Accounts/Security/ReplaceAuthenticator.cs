using Chartroom.Platform.Audit;
using Chartroom.Platform.Identity;
using Chartroom.Platform.Tenancy;

namespace Chartroom.Accounts;

/// <summary>Shows that the new app has the new secret: a code of it.</summary>
public sealed record ReplaceAuthenticator(string Code);

/// <summary>Another authenticator in place of the present one, which stays good until the new one has given a right code. The route asks for a fresh proof.</summary>
internal sealed class ReplaceAuthenticatorHandler(PlatformDb db, CodeCheck codes)
{
    // As long as the proof that allowed it, and some time to find the telephone.
    private static readonly TimeSpan OfferedFor = TimeSpan.FromMinutes(10);

    /// <summary>The secret on offer, or <c>accounts.wrong-step</c> for a person without factors; the same one for ten minutes, so that a reloaded page does not betray the app that has read it.</summary>
    public async Task<Outcome<AuthenticatorSecret>> OfferAsync(SignedIn who, Origin origin, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(origin, ct);
        var offered = await tx.QueryAsync<byte[]>(Offer, new
        {
            person = who.PersonId,
            fresh = codes.Seal(Totp.NewSecret(), who.PersonId),
            now = tx.Now,
            since = tx.Now - OfferedFor,
        }, ct);
        if (offered is not [var envelope]) return Refusals.WrongStep;
        tx.Audit(new Access("authenticator.offered", "person", who.PersonId.Value), who.PersonId, who.ClinicId);
        await tx.CommitAsync(ct);
        var secret = codes.Open(envelope, who.PersonId);
        return new AuthenticatorSecret(Totp.Uri(secret, who.Email), Base32.Write(secret));
    }

    /// <summary>Refuses <c>accounts.wrong-code</c> and <c>accounts.too-many-tries</c>. The person's other sessions end, and they are told by mail.</summary>
    public async Task<Outcome<GivenSession>> HandleAsync(ReplaceAuthenticator ask, SignedIn who, Origin origin, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(origin, ct);
        var tried = await codes.TryNextAsync(tx, who, origin, ask.Code, OfferedFor, ct);
        if (tried.Refusal is { } refusal)
        {
            tx.Audit(new Access("authenticator.refused", "person", who.PersonId.Value), who.PersonId, who.ClinicId, outcome: "refused");
            await tx.CommitAsync(ct);   // the try stays counted
            return refusal;
        }
        await SessionBook.EndAllAsync(tx, who.PersonId, but: who.SessionId, ct);
        var session = await SessionBook.GoOnAsync(tx, who, SessionStage.Open, origin, ct);
        tx.Enqueue(Mails.AuthenticatorReplaced(who.Email));
        tx.Audit(new Access("authenticator.replaced", "person", who.PersonId.Value), who.PersonId, who.ClinicId);
        await tx.CommitAsync(ct);
        return session;
    }

    private const string Offer = """
        update platform.credential
        set totp_next = case when totp_next is not null and totp_next_at > @since then totp_next else @fresh end,
            totp_next_at = case when totp_next is not null and totp_next_at > @since then totp_next_at else @now end
        where person_id = @person
        returning totp_next
        """;
}
