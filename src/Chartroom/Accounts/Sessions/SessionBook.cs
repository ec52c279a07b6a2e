using Chartroom.Platform.Identity;
using Chartroom.Platform.Tenancy;

namespace Chartroom.Accounts;

/// <summary>A session as its client gets it.</summary>
/// <param name="Token">Goes into the cookie or the bearer header; the database has only its hash.</param>
/// <param name="Stage">What has to be done next.</param>
/// <param name="ExpiresAt">Absolute end; it ends earlier when idle.</param>
/// <param name="Device">Long-lived id of the browser.</param>
public sealed record GivenSession(Guid Id, PersonId Person, string Token, SessionStage Stage, DateTimeOffset ExpiresAt, Guid Device);

/// <summary>Rows of <c>platform.session</c>: start, go on to the next stage with a new token, end.</summary>
internal static class SessionBook
{
    // Long enough to find the phone and install an app, short enough for a shared computer.
    private static readonly TimeSpan UntilOpen = TimeSpan.FromMinutes(30);

    /// <summary>A new session after a right password; it opens no clinic yet.</summary>
    internal static async Task<GivenSession> StartAsync(PlatformTx tx, PersonId person, SessionStage stage, Origin origin, CancellationToken ct)
    {
        var given = new GivenSession(Guid.CreateVersion7(), person, SecretToken.New(), stage, tx.Now + UntilOpen, origin.DeviceId ?? Guid.CreateVersion7());
        await tx.ExecuteAsync(Insert, new
        {
            given.Id,
            hash = SecretToken.HashOf(given.Token),
            person,
            now = tx.Now,
            given.ExpiresAt,
            device = given.Device,
            origin.Ip,
            origin.Agent,
            origin.Language,
            stage,
        }, ct);
        return given;
    }

    /// <summary>The next stage, under a new token: whoever saw the old one has nothing (session fixation). A session that opens starts its hours now, one
    /// that was open keeps its end; the oldest ends when there are too many.</summary>
    internal static async Task<GivenSession> GoOnAsync(PlatformTx tx, SignedIn who, SessionStage stage, Origin origin, CancellationToken ct)
    {
        var isOpen = stage == SessionStage.Open;
        var token = SecretToken.New();
        var changed = await tx.QueryAsync<DateTimeOffset>(Advance, new { id = who.SessionId, hash = SecretToken.HashOf(token), stage, isOpen, now = tx.Now, until = tx.Now + UntilOpen }, ct);
        if (changed is not [var expiresAt]) throw new InvalidOperationException("The session ended while it was to go on.");
        var device = origin.DeviceId ?? Guid.CreateVersion7();
        if (isOpen) await EndOldestAsync(tx, who.PersonId, who.SessionId, ct);
        if (isOpen && who.StageNow() != SessionStage.Open) await KnownDevices.NoteAsync(tx, who, device, origin, ct);
        return new GivenSession(who.SessionId, who.PersonId, token, stage, expiresAt, device);
    }

    /// <summary>The session at another clinic where the person works, under a new token; null when they do not work there. It proves nothing anew.</summary>
    internal static async Task<GivenSession?> SwitchAsync(PlatformTx tx, SignedIn who, ClinicId clinic, Origin origin, CancellationToken ct)
    {
        var token = SecretToken.New();
        var changed = await tx.QueryAsync<DateTimeOffset>(SwitchClinic, new { id = who.SessionId, who.PersonId, clinic, hash = SecretToken.HashOf(token), now = tx.Now }, ct);
        if (changed is not [var expiresAt]) return null;
        tx.SessionLeaves(who.SessionId, who.ClinicId);
        return new GivenSession(who.SessionId, who.PersonId, token, SessionStage.Open, expiresAt, origin.DeviceId ?? Guid.CreateVersion7());
    }

    /// <summary>Ends every session of a person but one; after a new password nobody else stays signed in.</summary>
    internal static Task<int> EndAllAsync(PlatformTx tx, PersonId person, Guid? but, CancellationToken ct) => tx.EndSessionsAsync("""
        update platform.session
        set ended_at = @now
        where person_id = @person and ended_at is null and id is distinct from @but
        returning id, clinic_id
        """, new { now = tx.Now, person, but }, ct);

    /// <summary>Ends one of a person's sessions; 0 when it is not theirs or has ended.</summary>
    internal static Task<int> EndAsync(PlatformTx tx, PersonId person, Guid session, CancellationToken ct) => tx.EndSessionsAsync("""
        update platform.session
        set ended_at = @now
        where id = @session and person_id = @person and ended_at is null
        returning id, clinic_id
        """, new { now = tx.Now, session, person }, ct);

    /// <summary>The lock on the person makes parallel sign-ins wait for each other, so that none of them counts wrong.</summary>
    private static async Task EndOldestAsync(PlatformTx tx, PersonId person, Guid self, CancellationToken ct)
    {
        await tx.ExecuteAsync("select from platform.person where id = @person for no key update", new { person }, ct);
        await tx.EndSessionsAsync(EndAllButNewest, new { person, self, now = tx.Now }, ct);
    }

    private const string Insert = """
        insert into platform.session (id, token_hash, person_id, clinic_id, is_mfa_done, stage, created_at, last_seen_at, expires_at, device_id, ip, agent, language)
        select @id, @hash, @person, (
            select clinic_id
            from platform.membership
            where person_id = @person and ended_at is null
            order by created_at desc
            limit 1), false, @stage, @now, @now, @expiresAt, @device, @ip, @agent, @language
        """;

    private const string Advance = """
        update platform.session
        set token_hash = @hash, stage = @stage, is_mfa_done = @isOpen, last_seen_at = @now, proved_at = case when @isOpen then @now::timestamptz end,
            created_at = case when stage = 'open' then created_at else @now end,
            expires_at = case
                when stage = 'open' then expires_at
                when @isOpen then @now + make_interval(hours => coalesce((select session_hours from platform.clinic where clinic.id = session.clinic_id), 8))
                else @until
            end
        where id = @id and ended_at is null
        returning expires_at
        """;

    private const string SwitchClinic = """
        update platform.session
        set token_hash = @hash, clinic_id = @clinic, last_seen_at = @now
        where id = @id and ended_at is null and stage = 'open' and exists (
            select from platform.membership
            join platform.clinic on clinic.id = membership.clinic_id and clinic.state = 'active'
            where membership.clinic_id = @clinic and membership.person_id = @personId and membership.ended_at is null)
        returning expires_at
        """;

    private const string EndAllButNewest = """
        update platform.session
        set ended_at = @now
        where person_id = @person and ended_at is null and is_mfa_done and id not in (
            select id
            from platform.session_life
            where person_id = @person and is_mfa_done and ends_at > @now and idle_at > @now
            order by id = @self desc, created_at desc, id desc   -- a clock that was set back must not make the newest the oldest
            limit (
                select coalesce(min(clinic.sessions_at_once), 3)
                from platform.membership
                join platform.clinic on clinic.id = membership.clinic_id
                where membership.person_id = @person and membership.ended_at is null))
        returning id, clinic_id
        """;
}
