using Chartroom.Platform.Audit;
using Chartroom.Platform.Identity;
using Chartroom.Platform.Tenancy;
using Chartroom.Platform.Web;
using Chartroom.Shell;

namespace Chartroom.Accounts;

/// <summary>A session of a colleague at this clinic, as an admin sees it.</summary>
public sealed record ColleagueSession
{
    /// <summary>Key.</summary>
    public Guid Id { get; init; }
    /// <summary>Sign-in.</summary>
    public DateTimeOffset CreatedAt { get; init; }
    /// <summary>Last request.</summary>
    public DateTimeOffset LastSeenAt { get; init; }
    /// <summary>Address at sign-in.</summary>
    public string? Ip { get; init; }
    /// <summary>User-Agent at sign-in.</summary>
    public string? Agent { get; init; }
    /// <summary>Long-lived id of the browser.</summary>
    public Guid? DeviceId { get; init; }

    /// <summary>Browser and system in words.</summary>
    public string Browser => AgentWords.Of(Agent);
}

/// <summary>A colleague and where they are signed in here.</summary>
public sealed record ColleagueAccess(PersonId Id, string Name, bool HasPhoto, IReadOnlyList<ColleagueSession> Sessions)
{
    /// <summary>How many browsers are at work at once: more than one person at an account shows here (ACC-1).</summary>
    public int Devices => Sessions.Select(it => it.DeviceId).Distinct().Count();
}

/// <summary>Shows an admin with which browsers a colleague is signed in at the clinic, and ends those sessions. What they do at other clinics is not the admin's to see.</summary>
internal sealed class ColleagueSessionsHandler(PlatformDb db)
{
    /// <summary>Refuses <c>accounts.no-such-colleague</c>.</summary>
    public async Task<Outcome<ColleagueAccess>> ListAsync(PersonId person, Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor.Origin, ct);
        if (await NameAsync(tx, person, actor, ct) is not { } colleague) return Refusals.NoSuchColleague;
        var sessions = await tx.QueryAsync<ColleagueSession>("""
            select id, created_at, last_seen_at, ip, agent, device_id
            from platform.session_life
            where person_id = @person and clinic_id = @clinic and is_mfa_done and ends_at > @now and idle_at > @now
            order by created_at desc, id desc
            """, new { person, actor.Clinic, now = tx.Now }, ct);
        tx.Audit(new Access("colleague_sessions.listed", "person", person.Value), actor.Person, actor.Clinic);
        await tx.CommitAsync(ct);
        return new ColleagueAccess(person, colleague.Name, colleague.HasPhoto, sessions);
    }

    /// <summary>Ends all of them here. Refuses <c>accounts.no-such-colleague</c>.</summary>
    public async Task<Outcome<Done>> EndAsync(PersonId person, Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor.Origin, ct);
        if (await NameAsync(tx, person, actor, ct) is null) return Refusals.NoSuchColleague;
        await tx.EndSessionsAsync("update platform.session set ended_at = @now where person_id = @person and clinic_id = @clinic and ended_at is null returning id, clinic_id", new { person, actor.Clinic, now = tx.Now }, ct);
        tx.Audit(new Access("colleague_sessions.ended", "person", person.Value), actor.Person, actor.Clinic);
        await tx.CommitAsync(ct);
        return Done.It;
    }

    private sealed record Colleague(string Name, bool HasPhoto);

    private static Task<Colleague?> NameAsync(PlatformTx tx, PersonId person, Actor actor, CancellationToken ct) => tx.QueryOneOrNoneAsync<Colleague>("""
        select person.name, exists (select from platform.person_photo where person_photo.person_id = person.id) as has_photo
        from platform.membership
        join platform.person on person.id = membership.person_id
        where membership.clinic_id = @clinic and membership.person_id = @person and membership.ended_at is null
        """, new { actor.Clinic, person }, ct);

    internal static void Map(IEndpointRouteBuilder routes)
    {
        const string path = "/settings/staff/{id:guid}/sessions";
        routes.MapGet(path, async (Guid id, ColleagueSessionsHandler handler, SignedIn who, Actor actor, CancellationToken ct) =>
        {
            var shown = await handler.ListAsync(new(id), actor, ct);
            return shown.IsOk ? Page.Of<ColleagueSessionsPage>(new { Who = who, Colleague = shown.Value }) : Page.Refused(shown.Refusal);
        }).ForColleagues("colleague_sessions.listed");
        routes.MapPost(path + "/end", async (Guid id, ColleagueSessionsHandler handler, Actor actor, CancellationToken ct) =>
        {
            var ended = await handler.EndAsync(new(id), actor, ct);
            return ended.IsOk ? Page.SeeOther($"/settings/staff/{id}/sessions") : Page.Refused(ended.Refusal);
        }).ForColleagues("colleague_sessions.ended");
        const string api = "/api/v1/staff/{id:guid}/sessions";
        routes.MapGet(api, async (Guid id, ColleagueSessionsHandler handler, Actor actor, CancellationToken ct) =>
            (await handler.ListAsync(new(id), actor, ct)).ToHttp(it => TypedResults.Ok(it.Sessions))).ForColleagues("colleague_sessions.listed")
            .WithTags("Staff").Produces<IReadOnlyList<ColleagueSession>>().WithSummary("Where a colleague is signed in at this clinic");
        routes.MapDelete(api, async (Guid id, ColleagueSessionsHandler handler, Actor actor, CancellationToken ct) =>
            (await handler.EndAsync(new(id), actor, ct)).ToHttp(_ => TypedResults.NoContent())).ForColleagues("colleague_sessions.ended")
            .WithTags("Staff").WithSummary("End a colleague's sessions at this clinic");
    }
}

/// <summary>Who may do it.</summary>
internal static class ColleagueRoutes
{
    internal static RouteHandlerBuilder ForColleagues(this RouteHandlerBuilder route, string audited) => route.Requires(Permission.ManageStaff).WithoutAgreement().Audits(audited);
}
