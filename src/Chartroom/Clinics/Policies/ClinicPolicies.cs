using Chartroom.Platform.Audit;
using Chartroom.Platform.Tenancy;
using Chartroom.Platform.Web;

namespace Chartroom.Clinics;

/// <summary>What a clinic asks of the accounts of its staff. Of somebody at several clinics the strictest passwords and number of sessions count.</summary>
/// <param name="PasswordPolicy"><c>rotation</c> (the default) or <c>nist</c>.</param>
/// <param name="PasswordLeast">Fewest characters: 12 to 64 under <c>rotation</c>, 15 to 64 under <c>nist</c>.</param>
/// <param name="PasswordRemembered">Former passwords that may not come back, 24 to 36; under <c>rotation</c>.</param>
/// <param name="PasswordDays">Days that a password lasts, 30 to 90; under <c>rotation</c>.</param>
/// <param name="IdleMinutes">Minutes without a request after which a session ends, 5 to 60.</param>
/// <param name="SessionHours">Hours after which a session ends in any case, 1 to 12.</param>
/// <param name="SessionsAtOnce">Sessions of one person, 1 to 3.</param>
public sealed record PolicyFields(
    string PasswordPolicy, int PasswordLeast, int PasswordRemembered, int PasswordDays, int IdleMinutes, int SessionHours, int SessionsAtOnce);

/// <summary>The policies as stored.</summary>
/// <param name="Version">Counts up at each change.</param>
public sealed record StoredPolicies(PolicyFields Fields, int Version);

/// <summary>Shows and changes them. The bounds are held by the database (<c>clinic_…_bounds</c>); here they are words for the person who typed.</summary>
internal sealed class ClinicPolicies(PlatformDb db)
{
    /// <summary>As they are.</summary>
    public async Task<StoredPolicies> ShowAsync(Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor.Origin, ct);
        var row = (await tx.QueryAsync<Row>(Select, new { actor.Clinic }, ct)).Single();
        tx.Audit(new Access("policies.read", "clinic", actor.Clinic.Value), actor.Person, actor.Clinic);
        await tx.CommitAsync(ct);
        return new(row.Fields, row.PolicyVersion);
    }

    /// <summary>Changes them, also for running sessions: who has too many keeps the newest, the one who asks keeps their own. Refuses <c>clinics.incomplete</c> and <c>platform.stale-version</c>.</summary>
    public async Task<Outcome<Done>> ChangeAsync(int version, PolicyFields ask, Actor actor, CancellationToken ct)
    {
        var wrong = WhatIsWrong(ask);
        if (wrong.Errors.Count > 0) return wrong;
        await using var tx = await db.BeginAsync(actor.Origin, ct);
        var changed = await tx.ExecuteAsync(Update, new
        {
            actor.Clinic, version, ask.PasswordPolicy, ask.PasswordLeast, ask.PasswordRemembered, ask.PasswordDays, ask.IdleMinutes, ask.SessionHours, ask.SessionsAtOnce,
        }, ct);
        if (changed == 0)
        {
            var current = await tx.QueryAsync<int>("select policy_version from platform.clinic where id = @clinic", new { actor.Clinic }, ct);
            return Versions.StaleAt(current.Single());
        }
        await tx.EndSessionsAsync(EndSurplus, new { actor.Clinic, ask.SessionsAtOnce, self = actor.Origin.SessionId ?? Guid.Empty, now = tx.Now }, ct);
        tx.Audit(new Access("policies.changed", "clinic", actor.Clinic.Value), actor.Person, actor.Clinic);
        await tx.CommitAsync(ct);
        return Done.It;
    }

    private static Refusal WhatIsWrong(PolicyFields ask)
    {
        var refusal = Refusals.Incomplete;
        var least = ask.PasswordPolicy == "nist" ? 15 : 12;
        if (ask.PasswordPolicy is not ("rotation" or "nist")) refusal = refusal.On("passwordPolicy", "Choose one of the two.");
        if (ask.PasswordLeast < least || ask.PasswordLeast > 64) refusal = refusal.On("passwordLeast", $"Give a number from {least} to 64.");
        if (ask.PasswordRemembered is < 24 or > 36) refusal = refusal.On("passwordRemembered", "Give a number from 24 to 36.");
        if (ask.PasswordDays is < 30 or > 90) refusal = refusal.On("passwordDays", "Give a number from 30 to 90.");
        if (ask.IdleMinutes is < 5 or > 60) refusal = refusal.On("idleMinutes", "Give a number from 5 to 60.");
        if (ask.SessionHours is < 1 or > 12) refusal = refusal.On("sessionHours", "Give a number from 1 to 12.");
        if (ask.SessionsAtOnce is < 1 or > 3) refusal = refusal.On("sessionsAtOnce", "Give a number from 1 to 3.");
        return refusal;
    }

    private const string Select = """
        select password_policy, password_least, password_remembered, password_days, idle_minutes, session_hours, sessions_at_once, policy_version
        from platform.clinic
        where id = @clinic
        """;

    private const string Update = """
        update platform.clinic
        set password_policy = @passwordPolicy, password_least = @passwordLeast, password_remembered = @passwordRemembered, password_days = @passwordDays,
            idle_minutes = @idleMinutes, session_hours = @sessionHours, sessions_at_once = @sessionsAtOnce, policy_version = policy_version + 1
        where id = @clinic and policy_version = @version
        """;

    private const string EndSurplus = """
        update platform.session
        set ended_at = @now
        where id in (
            select ranked.id
            from (
                select life.id, row_number() over (partition by life.person_id order by life.id = @self desc, life.created_at desc, life.id desc) as place
                from platform.session_life life
                join platform.membership on membership.person_id = life.person_id and membership.clinic_id = @clinic and membership.ended_at is null
                where life.is_mfa_done and life.ends_at > @now and life.idle_at > @now) ranked
            where ranked.place > @sessionsAtOnce)
        returning id, clinic_id
        """;

    private sealed record Row
    {
        public required string PasswordPolicy { get; init; }
        public int PasswordLeast { get; init; }
        public int PasswordRemembered { get; init; }
        public int PasswordDays { get; init; }
        public int IdleMinutes { get; init; }
        public int SessionHours { get; init; }
        public int SessionsAtOnce { get; init; }
        public int PolicyVersion { get; init; }

        public PolicyFields Fields => new(PasswordPolicy, PasswordLeast, PasswordRemembered, PasswordDays, IdleMinutes, SessionHours, SessionsAtOnce);
    }
}
