using Chartroom.Platform.Audit;
using Chartroom.Platform.Identity;
using Chartroom.Platform.Tenancy;

namespace Chartroom.Accounts;

/// <summary>One of a person's sessions, as the page of sessions shows it.</summary>
public sealed record OwnSession
{
    /// <summary>Key.</summary>
    public Guid Id { get; init; }
    /// <summary>Sign-in.</summary>
    public DateTimeOffset CreatedAt { get; init; }
    /// <summary>Last request, to the second.</summary>
    public DateTimeOffset LastSeenAt { get; init; }
    /// <summary>Absolute end.</summary>
    public DateTimeOffset ExpiresAt { get; init; }
    /// <summary>Address at sign-in.</summary>
    public string? Ip { get; init; }
    /// <summary>User-Agent at sign-in.</summary>
    public string? Agent { get; init; }
    /// <summary>Long-lived id of the browser.</summary>
    public Guid? DeviceId { get; init; }
    /// <summary>Accept-Language at sign-in.</summary>
    public string? Language { get; init; }
    /// <summary>The clinic it acts for.</summary>
    public string? ClinicName { get; init; }
    /// <summary>Whether it is the one that asks.</summary>
    public bool IsThis { get; init; }

    /// <summary>Browser and system in words, such as <c>Firefox on Windows</c>.</summary>
    public string Browser => AgentWords.Of(Agent);

    /// <summary>The language that comes first, as a tag such as <c>en-US</c>.</summary>
    public string? FirstLanguage => Language?.Split(',', ';')[0].Trim() is { Length: > 0 and <= 20 } tag ? tag : null;
}

/// <summary>How a person gets in and is in.</summary>
/// <param name="Sessions">Live ones, newest first.</param>
/// <param name="CodesLeft">Recovery codes not used yet.</param>
/// <param name="Limits">What holds for the session that asks.</param>
internal sealed record OwnAccess(IReadOnlyList<OwnSession> Sessions, int CodesLeft, SessionLimits Limits);

/// <summary>Lists a person's sessions and ends them. The row is read at every request, so an ended one is ended everywhere at once.</summary>
internal sealed class OwnSessionsHandler(PlatformDb db)
{
    /// <summary>Live ones, newest first.</summary>
    public async Task<OwnAccess> ListAsync(SignedIn who, Origin origin, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(origin, ct);
        var sessions = await tx.QueryAsync<OwnSession>("""
            select session.id, session.created_at, session.last_seen_at, session.ends_at as expires_at, session.ip, session.agent, session.device_id, session.language,
                session.id = @session as is_this, clinic.name as clinic_name
            from platform.session_life session
            left join platform.clinic on clinic.id = session.clinic_id
            where session.person_id = @person and session.ends_at > @now and session.idle_at > @now
            order by session.created_at desc, session.id desc
            """, new { session = who.SessionId, person = who.PersonId, now = tx.Now }, ct);
        var left = await tx.QueryAsync<long>("select count(*) from platform.recovery_code where person_id = @person and used_at is null", new { person = who.PersonId }, ct);
        var limits = await tx.QueryAsync<SessionLimits>(Limits, new { person = who.PersonId, clinic = who.ClinicId }, ct);
        tx.Audit(new Access("sessions.listed", "session"), who.PersonId, who.ClinicId);
        await tx.CommitAsync(ct);
        return new(sessions, (int)left.Single(), limits.Single());
    }

    /// <summary>Ends all of them, the one that asks too.</summary>
    public async Task EndAllAsync(SignedIn who, Origin origin, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(origin, ct);
        await SessionBook.EndAllAsync(tx, who.PersonId, but: null, ct);
        tx.Audit(new Access("sessions.ended", "person", who.PersonId.Value), who.PersonId, who.ClinicId);
        await tx.CommitAsync(ct);
    }

    /// <summary>Ends one; <c>accounts.no-such-session</c> when it is not the person's or has ended.</summary>
    public async Task<Outcome<Done>> EndAsync(Guid session, SignedIn who, Origin origin, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(origin, ct);
        if (await SessionBook.EndAsync(tx, who.PersonId, session, ct) == 0) return Refusals.NoSuchSession;
        tx.Audit(new Access("session.ended", "session", session), who.PersonId, who.ClinicId);
        await tx.CommitAsync(ct);
        return Done.It;
    }

    private const string Limits = """
        select coalesce(max(idle_minutes) filter (where clinic.id = @clinic), 30) as idle_minutes,
            coalesce(max(session_hours) filter (where clinic.id = @clinic), 8) as absolute_hours, coalesce(min(sessions_at_once), 3) as at_once
        from platform.membership
        join platform.clinic on clinic.id = membership.clinic_id
        where membership.person_id = @person and membership.ended_at is null
        """;
}

/// <summary>Names the common browsers and systems in a User-Agent; for people to recognise their own, not for deciding anything.</summary>
internal static class AgentWords
{
    private static readonly (string Sign, string Word)[] Browsers = [("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari")];
    private static readonly (string Sign, string Word)[] Systems =
        [("Windows", "Windows"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Mac OS X", "macOS"), ("CrOS", "ChromeOS"), ("Linux", "Linux")];

    internal static string Of(string? agent)
    {
        var browser = Browsers.FirstOrDefault(it => agent?.Contains(it.Sign, StringComparison.Ordinal) == true).Word;
        var system = Systems.FirstOrDefault(it => agent?.Contains(it.Sign, StringComparison.Ordinal) == true).Word;
        if (browser is null) return system is null ? "Unknown program" : $"Program on {system}";
        return system is null ? browser : $"{browser} on {system}";
    }
}
