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
    /// <summary>Whether it is the one that asks.</summary>
    public bool IsThis { get; init; }

    /// <summary>Browser and system in words, such as <c>Firefox on Windows</c>.</summary>
    public string Browser => AgentWords.Of(Agent);
}

/// <summary>Lists a person's sessions and ends them. The row is read at every request, so an ended one is ended everywhere at once.</summary>
internal sealed class OwnSessionsHandler(PlatformDb db, SessionLimits limits)
{
    /// <summary>Live ones, newest first.</summary>
    public async Task<IReadOnlyList<OwnSession>> ListAsync(SignedIn who, Origin origin, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(origin, ct);
        var sessions = await tx.QueryAsync<OwnSession>("""
            select id, created_at, last_seen_at, expires_at, ip, agent, device_id, id = @session as is_this
            from platform.session
            where person_id = @person and ended_at is null and expires_at > @now and last_seen_at > @idleSince
            order by created_at desc, id desc
            """, new { session = who.SessionId, person = who.PersonId, now = tx.Now, idleSince = tx.Now - limits.Idle }, ct);
        tx.Audit(new Access("sessions.listed", "session"), who.PersonId, who.ClinicId);
        await tx.CommitAsync(ct);
        return sessions;
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
