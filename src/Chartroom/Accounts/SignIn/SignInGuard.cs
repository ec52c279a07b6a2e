using System.Security.Cryptography;
using System.Text;
using Chartroom.Platform.Identity;
using Chartroom.Platform.Tenancy;

namespace Chartroom.Accounts;

/// <summary>Slows down guessing of passwords, by account and place: a guesser locks out themselves, and the person at another place signs in as ever. Over all places where the
/// account is not known a hundred wrong ones in a row are the most, whoever and wherever the guessers are; the browsers that its person uses stay free.
/// A try is counted before it is looked at, so that a hundred at once are no way around; a right password forgets them.</summary>
internal sealed class SignInGuard(PlatformDb db, AccountSettings settings)
{
    private static readonly TimeSpan ForgottenAfter = TimeSpan.FromHours(24);
    private const int FirstWaitSeconds = 30;
    private const int LongestWaitSeconds = 15 * 60;

    /// <summary>Counts a try, of somebody signed in or not; a refusal when this account may not be tried from there yet. Addresses without an account are treated alike.</summary>
    internal async Task<Outcome<GuardedTry>> CountAsync(string email, SignedIn? who, Origin origin, CancellationToken ct)
    {
        var account = HashOf(email);
        await using var tx = await db.BeginAsync(origin, ct);
        var place = await TryPlace.OfAddressAsync(tx, email, who, origin, ct);
        var ofStrangers = place.IsKnown ? [0] : await tx.QueryAsync<int>(CountStranger, new { account, now = tx.Now, most = TryPlace.Most }, ct);
        if (ofStrangers is not [var strangers]) return Refusals.PasswordsShut;   // nothing is committed: it has been said
        var attempt = new GuardedTry(account, place.Name, strangers >= TryPlace.Most);
        var counted = await tx.QueryAsync<int>(Count, new
        {
            account = attempt.Account,
            network = attempt.Place,
            now = tx.Now,
            forgotten = tx.Now - ForgottenAfter,
            free = settings.FreeTries,
            first = FirstWaitSeconds,
            longest = LongestWaitSeconds,
        }, ct);
        if (counted is not [var failures])
        {
            var until = (await tx.QueryAsync<DateTimeOffset>(
                "select blocked_until from platform.sign_in_guard where account_hash = @account and network = @network",
                new { account = attempt.Account, network = attempt.Place }, ct)).FirstOrDefault();
            return Refusals.WaitUntil(until, tx.Now);
        }
        if (failures >= TryPlace.Most) await place.ForgetDeviceAsync(tx, origin, ct);
        await tx.CommitAsync(ct);
        return attempt;
    }

    /// <summary>After a right password.</summary>
    internal static async Task ForgetAsync(PlatformTx tx, GuardedTry attempt, CancellationToken ct)
    {
        await tx.ExecuteUnauditedAsync("delete from platform.sign_in_ceiling where account_hash = @account", new { account = attempt.Account }, ct);
        await tx.ExecuteUnauditedAsync("delete from platform.sign_in_guard where account_hash = @account and network = @network",
            new { account = attempt.Account, network = attempt.Place }, ct);
    }

    /// <summary>After a new password by the mailbox: the guesses were at another one.</summary>
    internal static Task ForgetStrangersAsync(PlatformTx tx, string email, CancellationToken ct) =>
        tx.ExecuteAsync("delete from platform.sign_in_ceiling where account_hash = @account", new { account = HashOf(email) }, ct);

    private static byte[] HashOf(string email) => SHA256.HashData(Encoding.UTF8.GetBytes(EmailAddress.Read(email)?.Value ?? email));

    // The row is locked until the count of the place is committed with it, so that of a hundred at once no more than a hundred are looked at. It is kept for addresses without an
    // account as for others, and refused alike. It does not grow old: only a right password ends a row of wrong ones.
    private const string CountStranger = """
        insert into platform.sign_in_ceiling as ceiling (account_hash, failures, last_failed_at)
        values (@account, 1, @now)
        on conflict on constraint sign_in_ceiling_pkey do update
        set failures = ceiling.failures + 1, last_failed_at = @now
        where ceiling.failures < @most
        returning failures
        """;

    private const string Count = """
        insert into platform.sign_in_guard as guard (account_hash, network, failures, last_failed_at, blocked_until)
        values (@account, @network, 1, @now, @now)
        on conflict on constraint sign_in_guard_pkey do update
        set failures = case when guard.last_failed_at < @forgotten then 1 else guard.failures + 1 end,
            last_failed_at = @now,
            blocked_until = case
                when guard.last_failed_at < @forgotten or guard.failures + 1 < @free then @now
                else @now + make_interval(secs => least(@longest, @first * 2 ^ least(guard.failures + 1 - @free, 10)))
            end
        where guard.blocked_until <= @now
        returning failures
        """;
}

/// <summary>One counted try.</summary>
/// <param name="IsLastOfStrangers">Wrong, it is the hundredth from places that are not known: the person is told.</param>
internal sealed record GuardedTry(byte[] Account, string Place, bool IsLastOfStrangers);
