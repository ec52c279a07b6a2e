using Chartroom.Platform.Audit;
using Chartroom.Platform.Identity;
using Chartroom.Platform.Tenancy;
using Chartroom.Shell;

namespace Chartroom.Accounts;

/// <summary>A new password by somebody who knows the present one.</summary>
public sealed record ChangePassword([AsTyped] string Current, [AsTyped] string Password);

/// <summary>Changes it, ends the person's other sessions, and opens this one if it waited for that.</summary>
internal sealed class ChangePasswordHandler(PlatformDb db, PasswordHasher hasher, PasswordRule rule, SignInGuard guard)
{
    /// <summary>Refuses <c>accounts.wrong-credentials</c>, <c>accounts.weak-password</c>, <c>accounts.too-many-tries</c>, <c>accounts.no-credential</c> and <c>accounts.wrong-step</c>.</summary>
    public async Task<Outcome<GivenSession>> HandleAsync(ChangePassword ask, SignedIn who, Origin origin, CancellationToken ct)
    {
        if (who.StageNow() is not (SessionStage.Open or SessionStage.Password)) return Refusals.WrongStep;
        var counted = await guard.CountAsync(EmailAddress.Read(who.Email)?.Value ?? who.Email, who, origin, ct);
        if (!counted.IsOk) return counted.Refusal;
        var (policy, former) = await LoadAsync(who, origin, ct);
        if (former.Count == 0) return Refusals.NoCredential;
        var isRight = Password.TryTake(ask.Current, out var current) && await hasher.VerifyAsync(current, former[0], ct);
        if (!isRight) return Refusals.WrongCredentials.On("current", "This is not your present password.");
        var chosen = PasswordRule.Check(ask.Password, policy, who.PersonName, who.Email, who.ClinicName ?? "");
        if (!chosen.IsOk) return chosen.Refusal;
        if (await rule.WasUsedAsync(chosen.Value, policy, former, ct)) return PasswordRule.UsedBefore(policy);
        var hash = await hasher.HashAsync(chosen.Value, ct);

        await using var tx = await db.BeginAsync(origin, ct);
        await SignInGuard.ForgetAsync(tx, counted.Value, ct);
        await Credentials.ReplaceAsync(tx, who.PersonId, hash, ct);
        await SessionBook.EndAllAsync(tx, who.PersonId, but: who.SessionId, ct);
        var session = await SessionBook.GoOnAsync(tx, who, SessionStage.Open, origin, ct);
        tx.Enqueue(Mails.PasswordChanged(who.Email));
        tx.Audit(new Access("password.changed", "person", who.PersonId.Value), who.PersonId);
        await tx.CommitAsync(ct);
        return session;
    }

    /// <summary>What the new one has to keep.</summary>
    public async Task<PasswordPolicy> PolicyAsync(SignedIn who, Origin origin, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(origin, ct);
        return await PasswordRule.PolicyOfAsync(tx, who.PersonId, ct);
    }

    private async Task<(PasswordPolicy Policy, List<string> Former)> LoadAsync(SignedIn who, Origin origin, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(origin, ct);
        return (await PasswordRule.PolicyOfAsync(tx, who.PersonId, ct), await Credentials.FormerAsync(tx, who.PersonId, ct));
    }
}
