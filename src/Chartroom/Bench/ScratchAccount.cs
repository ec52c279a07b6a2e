using Chartroom.Platform.Identity;
using Chartroom.Platform.Tenancy;

namespace Chartroom.Bench;

/// <summary>A clinic of a bench's own with one provider, made once and then found again by its slug.</summary>
internal sealed class ScratchAccount(PlatformDb platform, string slug, string name, string zone)
{
    public async Task<(ClinicId Clinic, PersonId Person)> AccountAsync(CancellationToken ct)
    {
        await using var tx = await platform.BeginAsync(Origin.Job("cli"), ct);
        if (await tx.QueryOneOrNoneAsync<ClinicId?>("select id from platform.clinic where slug = @slug", new { slug }, ct) is { } known)
            return (known, await tx.QueryOneOrNoneAsync<PersonId>("select person_id from platform.membership where clinic_id = @known order by person_id limit 1", new { known }, ct));
        var (clinic, person) = (ClinicId.New(), PersonId.New());
        await tx.ExecuteAsync("""
            insert into platform.clinic (id, slug, name, time_zone, state, baa_signed_at)
            values (@clinic, @slug, @name, @zone, 'provisioning', @now)
            """, new { clinic, slug, name, zone, now = tx.Now }, ct);
        await tx.ExecuteAsync("""
            insert into platform.person (id, email, name)
            values (@person, @email, 'Bench')
            """, new { person, email = $"{slug}@bench.example" }, ct);
        await tx.ExecuteAsync("""
            insert into platform.membership (clinic_id, person_id, role)
            values (@clinic, @person, 'provider')
            """, new { clinic, person }, ct);
        tx.Audit(new("clinic.created", "clinic", clinic.Value), null, clinic);
        await tx.CommitAsync(ct);
        return (clinic, person);
    }

    public async Task<string> SessionAsync(ClinicId clinic, PersonId person, CancellationToken ct)
    {
        var token = Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(32));
        await using var tx = await platform.BeginAsync(Origin.Job("cli"), ct);
        await tx.ExecuteAsync("""
            insert into platform.session (id, token_hash, person_id, clinic_id, is_mfa_done, created_at, last_seen_at, expires_at)
            values (@id, @hash, @person, @clinic, true, @now, @now, @end)
            """, new { id = Guid.CreateVersion7(), hash = SessionGate.HashOf(token), person, clinic, now = tx.Now, end = tx.Now.AddHours(1) }, ct);
        tx.Audit(new("session.started", "session"), person, clinic);
        await tx.CommitAsync(ct);
        return token;
    }
}
