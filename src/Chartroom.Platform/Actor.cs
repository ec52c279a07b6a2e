using Chartroom.Platform.Identity;
using Chartroom.Platform.Web;
using Microsoft.AspNetCore.Http;

namespace Chartroom;

/// <summary>What somebody is at a clinic. The database has a role of its own for each, per clinic.</summary>
public enum ClinicRole
{
    /// <summary>Everything but being the provider of a visit.</summary>
    Admin,
    /// <summary>Charts, notes and appointments; no staff or billing settings.</summary>
    Provider,
    /// <summary>Demographics and scheduling, no clinical content.</summary>
    FrontDesk,
    /// <summary>Own record only, through the portal.</summary>
    Patient,
    /// <summary>The program itself: jobs, the outbox, the command line.</summary>
    System,
    /// <summary>Nobody's own role: what the database lets somebody do who broke the glass for a chart that their role does not open. Reads those charts, writes nothing.</summary>
    Emergency,
}

/// <summary>A chart that somebody opened by break-glass and has open still.</summary>
/// <param name="Id">The record of it.</param>
/// <param name="EndsAt">60 minutes after it was opened; the last moment is out.</param>
public sealed record Emergency(Guid Id, PatientId Patient, DateTimeOffset EndsAt);

/// <summary>Where a request came from, as the audit trail keeps it. Holds no PHI.</summary>
/// <param name="Door"><c>page</c>, <c>api</c>, <c>cli</c> or <c>job</c>.</param>
/// <param name="Ip">The client's address as the trusted proxies gave it, or null for jobs.</param>
/// <param name="DeviceId">The long-lived id of the browser, or null.</param>
/// <param name="Agent">User-Agent header, cut to 300 characters.</param>
/// <param name="Language">Accept-Language header, cut to 100 characters.</param>
/// <param name="SessionId">The session, or null.</param>
/// <param name="TraceId">The id under which logs and answers know this request.</param>
public sealed record Origin(string Door, string? Ip, Guid? DeviceId, string? Agent, string? Language, Guid? SessionId, string? TraceId)
{
    /// <summary>The program acting on its own.</summary>
    public static Origin Job(string door = "job") => new(door, null, null, null, null, null, null);

    /// <summary>Minimal-API binding: of the request at hand, with the session if there is one.</summary>
    public static ValueTask<Origin?> BindAsync(HttpContext context) =>
        ValueTask.FromResult<Origin?>(SessionGate.OriginOf(context, context.Features.Get<SignedIn>()?.SessionId));
}

/// <summary>Who acts, at which clinic, as what. Handlers take it; minimal APIs bind it from the session.</summary>
public sealed record Actor(ClinicId Clinic, PersonId Person, ClinicRole Role, Origin Origin)
{
    /// <summary>The Idempotency-Key that the first commit of this request claims, if the request named one.</summary>
    public RepeatGuard? Repeat { get; init; }

    /// <summary>For a program: the only permissions its token opens, of what its role may. Null for people.</summary>
    public IReadOnlySet<Permission>? Scopes { get; init; }

    /// <summary>Charts they have open by break-glass; empty nearly always. What they do with those patients is taken down with the purpose <c>emergency</c>.</summary>
    public IReadOnlyList<Emergency> Emergencies { get; init; } = [];

    /// <summary>The program itself at a clinic; its person is the clinic's own id, so that audit rows always name someone.</summary>
    public static Actor OfSystem(ClinicId clinic, string door = "job") => new(clinic, new(clinic.Value), ClinicRole.System, Origin.Job(door));

    /// <summary>The person as the clinic's own schema knows them.</summary>
    public StaffId Staff => new(Person.Value);

    /// <summary>Minimal-API binding: the actor that the session middleware found. A route that asks for one has a permission, so there is one.</summary>
    public static ValueTask<Actor?> BindAsync(HttpContext context) => ValueTask.FromResult(context.Features.Get<Actor>());
}
