using Chartroom.Platform.Identity;
using Chartroom.Platform.Tenancy;

namespace Chartroom.Bench;

/// <summary>Somebody who works at a scratch clinic.</summary>
internal sealed class BenchAccount(PlatformDb platform)
{
    /// <summary>Makes what is missing; answers who it is and the token of a session of theirs, good for an hour.</summary>
    /// <param name="clinic">Made by <see cref="Shell.ScratchClinic"/>.</param>
    /// <param name="slug">Its short name.</param>
    /// <param name="role">As what they work there: <c>admin</c> or <c>provider</c>.</param>
    /// <param name="ct">Cancels.</param>
    public async Task<(PersonId Person, string Token)> OpenAsync(ClinicId clinic, string slug, string role, CancellationToken ct)
    {
        await using var tx = await platform.BeginAsync(Origin.Job("cli"), ct);
        var email = $"{role}@{slug}.example";
        var known = await tx.QueryAsync<PersonId>("select id from platform.person where email = @email", new { email }, ct);
        var person = known.Count > 0 ? known[0] : PersonId.New();
        if (known.Count == 0)
        {
            await tx.ExecuteAsync("insert into platform.person (id, email, name) values (@person, @email, 'Bench')", new { person, email }, ct);
            await tx.ExecuteAsync("insert into platform.membership (clinic_id, person_id, role) values (@clinic, @person, @role)", new { clinic, person, role }, ct);
        }
        await tx.ExecuteAsync("update platform.clinic set baa_signed_at = coalesce(baa_signed_at, @now) where id = @clinic", new { clinic, now = tx.Now }, ct);
        var token = Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(32));
        await tx.ExecuteAsync("""
            insert into platform.session (id, token_hash, person_id, clinic_id, is_mfa_done, created_at, last_seen_at, expires_at)
            values (@id, @hash, @person, @clinic, true, @now, @now, @end)
            """, new { id = Guid.CreateVersion7(), hash = SessionGate.HashOf(token), person, clinic, now = tx.Now, end = tx.Now.AddHours(1) }, ct);
        tx.Audit(new("session.started", "session"), person, clinic);
        await tx.CommitAsync(ct);
        return (person, token);
    }
}
