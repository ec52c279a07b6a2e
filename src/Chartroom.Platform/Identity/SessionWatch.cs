using Chartroom.Platform.Tenancy;

namespace Chartroom.Platform.Identity;

/// <summary>For answers that last, such as a stream of events: whether the session they were opened in still is.</summary>
public sealed class SessionWatch(PlatformDb platform)
{
    /// <summary>Topic of the news that a session has ended or left the clinic; its text is the session's id, which opens nothing.</summary>
    public const string Ended = "session-ended";

    /// <summary>False once it has ended, was idle too long, chose another clinic, or its person may not work there any more.</summary>
    public async Task<bool> IsOpenAsync(SignedIn who, CancellationToken ct)
    {
        await using var tx = await platform.BeginAsync(Origin.Job("page"), ct);
        return await tx.QueryOneOrNoneAsync<bool>(Select, new { who.SessionId, clinic = who.ClinicId, who.Role, now = tx.Now }, ct);
    }

    private const string Select = """
        select exists (select from platform.session_life session
            join platform.person on person.id = session.person_id and person.state = 'active'
            join platform.membership on membership.clinic_id = session.clinic_id and membership.person_id = session.person_id and membership.ended_at is null
            where session.id = @sessionId and session.clinic_id = @clinic and membership.role = @role and session.ends_at > @now and session.idle_at > @now
                and session.last_seen_at <= @now + interval '1 minute')
        """;
}
