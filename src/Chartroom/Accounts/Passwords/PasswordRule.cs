using Chartroom.Platform.Identity;
using Chartroom.Platform.Tenancy;

namespace Chartroom.Accounts;

/// <summary>The policy a person is under, and what it says about a new password.</summary>
internal sealed class PasswordRule(PasswordHasher hasher)
{
    /// <summary>The policy of the person's clinics; where they differ, the strictest of everything.</summary>
    internal static async Task<PasswordPolicy> PolicyOfAsync(PlatformTx tx, PersonId person, CancellationToken ct)
    {
        var policies = await tx.QueryAsync<StoredPolicy>("""
            select distinct clinic.password_policy, clinic.password_least, clinic.password_remembered, clinic.password_days
            from platform.membership
            join platform.clinic on clinic.id = membership.clinic_id
            where membership.person_id = @person and membership.ended_at is null
            """, new { person }, ct);
        return PasswordPolicy.StrictestOf([.. policies.Select(it => it.Policy)]);
    }

    /// <summary>Whether the person must choose a new one before the session opens; one who has none must, too.</summary>
    internal static async Task<bool> IsExpiredAsync(PlatformTx tx, PersonId person, CancellationToken ct)
    {
        var policy = await PolicyOfAsync(tx, person, ct);
        var setAt = await tx.QueryAsync<DateTimeOffset>("select password_set_at from platform.credential where person_id = @person", new { person }, ct);
        return setAt is not [var at] || policy.IsExpired(at, tx.Now);
    }

    /// <summary>The password if the policy takes it, else the refusal that says in words what it lacks.</summary>
    internal static Outcome<Password> Check(string typed, PasswordPolicy policy, params string[] context)
    {
        if (!Password.TryTake(typed, out var password)) return Fault($"Choose a password of {policy.LeastCharacters} to {Password.MostCharacters} characters.");
        var faults = policy.FaultsOf(password, context);
        return faults.Count == 0 ? password : Fault(Words(faults, policy));
    }

    /// <summary>Whether it is one of the last that the policy remembers; one hash each, as many at once as the host allows.</summary>
    internal async Task<bool> WasUsedAsync(Password password, PasswordPolicy policy, IReadOnlyList<string> newestFirst, CancellationToken ct)
    {
        var checks = newestFirst.Take(policy.Remembered).Select(stored => hasher.VerifyAsync(password, stored, ct));
        return Array.Exists(await Task.WhenAll(checks), isSame => isSame);
    }

    internal static Refusal UsedBefore(PasswordPolicy policy) => Fault($"This is one of your last {policy.Remembered} passwords. Choose another one.");

    private static Refusal Fault(string words) => Refusals.WeakPassword.On("password", words);

    private static string Words(IReadOnlyList<PasswordFault> faults, PasswordPolicy policy)
    {
        if (faults is [PasswordFault.Guessable]) return "This is among the first that a guesser tries. Use words and numbers that have nothing to do with each other or with you.";
        var lacks = faults.Select(fault => fault switch
        {
            PasswordFault.TooShort => $"{policy.LeastCharacters} characters or more",
            PasswordFault.NoUpper => "an upper-case letter",
            PasswordFault.NoLower => "a lower-case letter",
            PasswordFault.NoDigit => "a digit",
            PasswordFault.NoSymbol => "a sign such as - or !",
            PasswordFault.Guessable or PasswordFault.UsedBefore => "something new",
            _ => throw new System.Diagnostics.UnreachableException(),
        });
        return $"It still needs {string.Join(", ", lacks)}.";
    }
}

/// <summary>A clinic's password policy as its row holds it.</summary>
internal sealed record StoredPolicy
{
    public required string PasswordPolicy { get; init; }
    public int PasswordLeast { get; init; }
    public int PasswordRemembered { get; init; }
    public int PasswordDays { get; init; }

    public PasswordPolicy Policy => Platform.Identity.PasswordPolicy.Of(PasswordPolicy, PasswordLeast, PasswordRemembered, PasswordDays);
}
