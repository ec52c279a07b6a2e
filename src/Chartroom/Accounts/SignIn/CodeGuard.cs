using Chartroom.Platform.Identity;
using Chartroom.Platform.Tenancy;

namespace Chartroom.Accounts;

/// <summary>Slows down guessing of codes, as <see cref="SignInGuard"/> does of passwords: by person and place, and over all places where the person is not known. Whoever knows the
/// password cannot keep its person out of the browsers they use. The lock on the credential's row makes parallel tries of one person wait for each other.</summary>
internal static class CodeGuard
{
    private const int FreeTries = 5;
    private const int MostTries = 10;

    /// <summary>Counts a try before it is looked at; a refusal when none may be made from there. The caller commits in every case.</summary>
    internal static async Task<Outcome<CountedCode>> CountAsync(PlatformTx tx, SignedIn who, Origin origin, CancellationToken ct)
    {
        var strangers = await tx.QueryAsync<int>("select code_failures from platform.credential where person_id = @person for no key update", new { person = who.PersonId }, ct);
        if (strangers is not [var ofStrangers]) return Refusals.NoCredential;
        var place = await TryPlace.OfPersonAsync(tx, who, origin, ct);
        if (!place.IsKnown && ofStrangers >= TryPlace.Most) return Refusals.CodesShut;
        var counted = await tx.QueryAsync<int>(Count, new { person = who.PersonId, place = place.Name, now = tx.Now, free = FreeTries, most = MostTries }, ct);
        if (counted is not [var failures]) return await BlockedAsync(tx, who.PersonId, place, ct);
        if (failures >= TryPlace.Most) await place.ForgetDeviceAsync(tx, origin, ct);
        if (place.IsKnown) return new CountedCode(place, IsLastOfStrangers: false);
        await tx.ExecuteAsync("update platform.credential set code_failures = code_failures + 1 where person_id = @person", new { person = who.PersonId }, ct);
        return new CountedCode(place, ofStrangers + 1 >= TryPlace.Most);
    }

    /// <summary>After a right code: its place, and the count over all.</summary>
    internal static async Task ForgetAsync(PlatformTx tx, PersonId person, TryPlace place, CancellationToken ct)
    {
        await tx.ExecuteAsync("update platform.credential set code_failures = 0 where person_id = @person", new { person }, ct);
        await tx.ExecuteAsync("delete from platform.code_guard where person_id = @person and place = @place", new { person, place = place.Name }, ct);
    }

    /// <summary>After a reset by an administrator.</summary>
    internal static async Task ForgetAllAsync(PlatformTx tx, PersonId person, CancellationToken ct)
    {
        await tx.ExecuteAsync("update platform.credential set code_failures = 0 where person_id = @person", new { person }, ct);
        await tx.ExecuteAsync("delete from platform.code_guard where person_id = @person", new { person }, ct);
    }

    private static async Task<Refusal> BlockedAsync(PlatformTx tx, PersonId person, TryPlace place, CancellationToken ct)
    {
        var until = await tx.QueryAsync<DateTimeOffset>("select blocked_until from platform.code_guard where person_id = @person and place = @place", new { person, place = place.Name }, ct);
        return Refusals.WaitUntil(until.Single(), tx.Now);
    }

    // Five tries are free, then each makes the next wait longer; from the tenth on, an hour. Only somebody who knows the password gets here.
    private const string Count = """
        insert into platform.code_guard as guard (person_id, place, failures, last_failed_at, blocked_until)
        values (@person, @place, 1, @now, @now)
        on conflict on constraint code_guard_pkey do update
        set failures = guard.failures + 1,
            last_failed_at = @now,
            blocked_until = case
                when guard.failures + 1 < @free then @now
                when guard.failures + 1 < @most then @now + make_interval(secs => 30 * 2 ^ (guard.failures + 1 - @free))
                else @now + interval '1 hour'
            end
        where guard.blocked_until <= @now
        returning failures
        """;
}

/// <summary>A counted try.</summary>
/// <param name="IsLastOfStrangers">Wrong, it is the hundredth: the person is told.</param>
internal sealed record CountedCode(TryPlace Place, bool IsLastOfStrangers);
