using Chartroom.Platform.Audit;
using Chartroom.Platform.Identity;
using Chartroom.Platform.Tenancy;

namespace Chartroom.Accounts;

/// <summary>Shows that the app has the secret: the first code it gives.</summary>
public sealed record SetUpAuthenticator(string Code);

/// <summary>What the app must be told.</summary>
/// <param name="Uri">For the QR code.</param>
/// <param name="Secret">The same in base32, to be typed.</param>
public sealed record AuthenticatorSecret(string Uri, string Secret);

/// <summary>Shows the secret until the first right code; from then on nobody sees it again.</summary>
internal sealed class SetUpAuthenticatorHandler(PlatformDb db, CodeCheck codes)
{
    /// <summary>The secret, or <c>accounts.wrong-step</c>.</summary>
    public async Task<Outcome<AuthenticatorSecret>> ShowAsync(SignedIn who, Origin origin, CancellationToken ct)
    {
        if (who.StageNow() != SessionStage.Enroll) return Refusals.WrongStep;
        await using var tx = await db.BeginAsync(origin, ct);
        var found = await tx.QueryAsync<byte[]>(
            "select totp_secret from platform.credential where person_id = @person and totp_confirmed_at is null", new { person = who.PersonId }, ct);
        if (found is not [var envelope]) return Refusals.WrongStep;
        var secret = codes.Open(envelope, who.PersonId);
        return new AuthenticatorSecret(Totp.Uri(secret, who.Email), Base32.Write(secret));
    }

    /// <summary>Refuses <c>accounts.wrong-code</c>, <c>accounts.too-many-tries</c>, <c>accounts.codes-shut</c> and <c>accounts.wrong-step</c>.</summary>
    public async Task<Outcome<GivenSession>> HandleAsync(SetUpAuthenticator ask, SignedIn who, Origin origin, CancellationToken ct)
    {
        if (who.StageNow() != SessionStage.Enroll) return Refusals.WrongStep;
        await using var tx = await db.BeginAsync(origin, ct);
        var tried = await codes.TryAppAsync(tx, who, origin, ask.Code, ct);
        if (tried.Refusal is { } refusal)
        {
            tx.Audit(new Access("authenticator.refused", "person", who.PersonId.Value), who.PersonId, outcome: "refused");
            await tx.CommitAsync(ct);
            return refusal;
        }
        var confirmed = await tx.ExecuteAsync("""
            update platform.credential
            set totp_confirmed_at = @now, handover_hash = null, handover_until = null
            where person_id = @person and totp_confirmed_at is null
            """, new { now = tx.Now, person = who.PersonId }, ct);
        if (confirmed != 1) return Refusals.WrongCode;
        var session = await SessionBook.GoOnAsync(tx, who, SessionStages.AfterCode(tried.Value.HasUnreadCodes, isPasswordExpired: false), origin, ct);
        tx.Audit(new Access("authenticator.set-up", "person", who.PersonId.Value), who.PersonId);
        await tx.CommitAsync(ct);
        return session;
    }
}
