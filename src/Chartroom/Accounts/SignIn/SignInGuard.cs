using System.Security.Cryptography;
using System.Text;
using Chartroom.Platform.Tenancy;
using Chartroom.Platform.Web;

namespace Chartroom.Accounts;

/// <summary>Slows down guessing of passwords, by account and network: a guesser locks out themselves, and the person at another place signs in as ever.
/// A try is counted before it is looked at, so that a hundred at once are no way around; a right password forgets them.</summary>
internal sealed class SignInGuard(PlatformDb db, AccountSettings settings)
{
    private static readonly TimeSpan ForgottenAfter = TimeSpan.FromHours(24);
    private const int FirstWaitSeconds = 30;
    private const int LongestWaitSeconds = 15 * 60;

    /// <summary>Counts a try; a refusal when this account may not be tried from there yet. Addresses without an account are treated alike.</summary>
    internal async Task<Outcome<GuardedTry>> CountAsync(string email, Origin origin, CancellationToken ct)
    {
        var attempt = new GuardedTry(SHA256.HashData(Encoding.UTF8.GetBytes(email)), ClientNetwork.Of(origin.Ip));
        await using var tx = await db.BeginAsync(origin, ct);
        var counted = await tx.QueryAsync<int>(Count, new
        {
            account = attempt.Account,
            network = attempt.Network,
            now = tx.Now,
            forgotten = tx.Now - ForgottenAfter,
            free = settings.FreeTries,
            first = FirstWaitSeconds,
            longest = LongestWaitSeconds,
        }, ct);
        if (counted.Count == 0)
        {
            var until = (await tx.QueryAsync<DateTimeOffset>(
                "select blocked_until from platform.sign_in_guard where account_hash = @account and network = @network",
                new { account = attempt.Account, network = attempt.Network }, ct)).FirstOrDefault();
            return Refusals.WaitUntil(until, tx.Now);
        }
        await tx.CommitAsync(ct);
        return attempt;
    }

    /// <summary>After a right password.</summary>
    internal static Task ForgetAsync(PlatformTx tx, GuardedTry attempt, CancellationToken ct) => tx.ExecuteUnauditedAsync(
        "delete from platform.sign_in_guard where account_hash = @account and network = @network",
        new { account = attempt.Account, network = attempt.Network }, ct);

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
internal sealed record GuardedTry(byte[] Account, string Network);
