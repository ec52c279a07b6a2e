using System.Security.Cryptography;
using System.Text;
using Chartroom.Platform.Tenancy;
using Chartroom.Platform.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Template;

namespace Chartroom.Platform.Identity;

/// <summary>Who is signed in, as one row of the database tells it at this request. Pages show its names; rights come from <see cref="Actor"/>.</summary>
public sealed record SignedIn
{
    /// <summary>The session.</summary>
    public Guid SessionId { get; init; }
    /// <summary>The person.</summary>
    public PersonId PersonId { get; init; }
    /// <summary>Their name.</summary>
    public string PersonName { get; init; } = "";
    /// <summary>Their address.</summary>
    public string Email { get; init; } = "";
    /// <summary>Whether they gave a photo.</summary>
    public bool HasPhoto { get; init; }
    /// <summary>Whether the second factor was given.</summary>
    public bool IsMfaDone { get; init; }
    /// <summary>What is still to be done before the session opens: <c>code</c>, <c>enroll</c>, <c>codes</c>, <c>password</c>, or <c>open</c>.</summary>
    public string Stage { get; init; } = "open";
    /// <summary>The chosen clinic, or null.</summary>
    public ClinicId? ClinicId { get; init; }
    /// <summary>Its name.</summary>
    public string? ClinicName { get; init; }
    /// <summary>Its short name.</summary>
    public string? ClinicSlug { get; init; }
    /// <summary>Its IANA zone.</summary>
    public string? TimeZone { get; init; }
    /// <summary><c>provisioning</c>, <c>active</c> or <c>closed</c>.</summary>
    public string? ClinicState { get; init; }
    /// <summary>Whether a business associate agreement is in force.</summary>
    public bool IsAgreementSigned { get; init; }
    /// <summary><c>admin</c>, <c>provider</c> or <c>front_desk</c>; null without a membership in force.</summary>
    public string? Role { get; init; }
    /// <summary>Last request, to the second.</summary>
    public DateTimeOffset LastSeenAt { get; init; }
    /// <summary>When the person last proved in this session who they are; null for one that has not.</summary>
    public DateTimeOffset? ProvedAt { get; init; }
    /// <summary>Whether this session has broken the glass at this clinic and the hour is not over.</summary>
    public bool HasEmergency { get; init; }
    /// <summary>For administrators: emergency accesses of the clinic that nobody has judged yet; else 0.</summary>
    public int EmergenciesToReview { get; init; }
    /// <summary>For a program that came with a token of an API client: what that opens. Null for people.</summary>
    public string[]? Scopes { get; init; }
    /// <summary>Keys of the other clinics they work at, for the menu; empty for most people.</summary>
    public Guid[] OtherClinicIds { get; init; } = [];
    /// <summary>The names of <see cref="OtherClinicIds"/>, in the same order.</summary>
    public string[] OtherClinicNames { get; init; } = [];

    /// <summary>The role as a type.</summary>
    public ClinicRole? ClinicRole => Role switch
    {
        "admin" => Chartroom.ClinicRole.Admin,
        "provider" => Chartroom.ClinicRole.Provider,
        "front_desk" => Chartroom.ClinicRole.FrontDesk,
        _ => null,
    };

    /// <summary>Minimal-API binding: who the session gate found. A route that asks for one requires a session, so there is one.</summary>
    public static ValueTask<SignedIn?> BindAsync(HttpContext context) => ValueTask.FromResult(context.Features.Get<SignedIn>());
}

/// <summary>
/// Finds the session at every request and holds the route to what it declared. Nothing is cached, so a session ended anywhere is ended here.
/// Fails closed: an endpoint that declares nothing is refused.
/// </summary>
public sealed class SessionGate(RequestDelegate next, PlatformDb platform, RequestCounts counts, EndpointDataSource routes)
{
    // The idle limit is promised to the second (ACC-4). A coarser note would end sessions early by as much; one a second is little beside what a request does.
    private static readonly TimeSpan Grain = TimeSpan.FromSeconds(1);

    /// <summary>Nobody is signed in, or no longer.</summary>
    public static readonly Refusal SignInNeeded = new("identity.sign-in-needed", 401, "Sign in to go on.");

    /// <summary>The second factor is missing.</summary>
    public static readonly Refusal SecondFactorNeeded = new("identity.second-factor-needed", 403, "Give your second factor to go on.");

    /// <summary>No clinic is chosen, or the membership has ended.</summary>
    public static readonly Refusal NoClinic = new("identity.no-clinic", 403, "You do not work at this clinic any more, or have not chosen one.");

    /// <summary>PRV-1.</summary>
    public static readonly Refusal AgreementUnsigned =
        new("privacy.baa-unsigned", 403, "The clinic has to sign the business associate agreement before any patient data can be used.");

    /// <summary>Not ready yet.</summary>
    public static readonly Refusal BeingPrepared = new("clinics.being-prepared", 503, "The clinic is being prepared. This takes a few seconds; try again.");

    /// <summary>A program asks for what its scopes do not say; the fact <c>scope</c> names the one that is missing, if programs may have it.</summary>
    public static readonly Refusal ScopeMissing = new("identity.scope-missing", 403, "The program's token does not open this. Ask an administrator of the clinic for the scope.");

    /// <summary>A program at a page, or at an account of its own.</summary>
    public static readonly Refusal PeopleOnly = new("identity.people-only", 403, "This is for people who sign in. Programs use /api/v1 within their scopes.");

    /// <summary>Middleware; runs after routing.</summary>
    public async Task InvokeAsync(HttpContext context)
    {
        var endpoint = context.GetEndpoint();
        var origin = OriginOf(context, null);
        var (signedIn, tooMany) = await FindAsync(endpoint, TokenOf(context.Request), origin, context.RequestAborted);
        if (signedIn is not null) Remember(context, signedIn);
        if (tooMany is not null) await Boundary.AnswerAsync(context, tooMany);
        else if (endpoint is null) await next(context);
        else if ((endpoint is RouteEndpoint ? RefusalFor(endpoint.Metadata, signedIn, Problems.IsApi(context)) : RefusalOfNoRoute(context, signedIn)) is { } refusal) await Boundary.AnswerAsync(context, refusal);
        else await next(context);
    }

    /// <summary>Why this session may not use this route, or null.</summary>
    internal static Refusal? RefusalFor(EndpointMetadataCollection route, SignedIn? who, bool isApi = true)
    {
        if (route.GetMetadata<PublicBecause>() is not null) return null;
        if (who is null) return SignInNeeded;
        if (who.Scopes is not null && RefusalOfProgram(route, who.Scopes, isApi) is { } refusal) return refusal;
        if (route.GetMetadata<RequiresSession>() is { } session) return session.NeedsMfa && !who.IsMfaDone ? SecondFactorNeeded : null;
        if (route.GetMetadata<RequiresPermission>() is not { } required) return Boundary.Forbidden;
        if (!who.IsMfaDone) return SecondFactorNeeded;
        if (who.ClinicId is null || who.ClinicRole is not { } role || who.ClinicState == "closed") return NoClinic;
        if (who.ClinicState != "active") return BeingPrepared;
        if (!who.IsAgreementSigned && route.GetMetadata<WorksWithoutAgreement>() is null) return AgreementUnsigned;
        if (who.HasEmergency && Rights.Allows(Chartroom.ClinicRole.Emergency, required.Permission)) return null;   // the next gate looks whether it is so
        return Rights.Allows(role, required.Permission) ? null : Boundary.Forbidden;
    }

    private static Refusal? RefusalOfProgram(EndpointMetadataCollection route, string[] scopes, bool isApi)
    {
        if (!isApi || route.GetMetadata<RequiresPermission>() is not { } required) return PeopleOnly;
        if (ApiScopes.For(required.Permission) is not { } scope) return ScopeMissing;
        return scopes.Contains(scope) ? null : ScopeMissing.With("scope", scope);
    }

    /// <summary>
    /// Routing knows the address, but not with this method (405, with Allow) or kind of content (415), and has put its own answer in the route's place. Who has no
    /// session hears the same as at the right method, unless everything under that address is open to everyone.
    /// </summary>
    private Refusal? RefusalOfNoRoute(HttpContext context, SignedIn? who)
    {
        if (who is not null) return null;
        var there = routes.Endpoints.OfType<RouteEndpoint>().Where(route => new TemplateMatcher(new(route.RoutePattern), []).TryMatch(context.Request.Path, []));
        return there.All(route => route.Metadata.GetMetadata<PublicBecause>() is not null) ? null : SignInNeeded;
    }

    /// <summary>Name of the cookie: the <c>__Host-</c> form wherever the connection is TLS.</summary>
    public static string CookieName(HttpRequest request) => request.IsHttps ? "__Host-chartroom" : "chartroom";

    /// <summary>SHA-256 of a token: what the database keeps.</summary>
    public static byte[] HashOf(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));

    /// <summary>Where a request came from, as the audit trail keeps it.</summary>
    public static Origin OriginOf(HttpContext context, Guid? session) => new(
        Problems.IsApi(context) ? "api" : "page",
        context.Connection.RemoteIpAddress?.ToString(),
        Guid.TryParse(context.Request.Cookies["chartroom-device"], out var device) ? device : null,
        Cut(context.Request.Headers.UserAgent, 300),
        Cut(context.Request.Headers.AcceptLanguage, 100),
        session,
        System.Diagnostics.Activity.Current?.TraceId.ToString() ?? context.TraceIdentifier);

    private static void Remember(HttpContext context, SignedIn who)
    {
        context.Features.Set(who);
        if (who is { IsMfaDone: true, ClinicId: { } clinic, ClinicRole: { } role, ClinicState: "active" })
            context.Features.Set(new Actor(clinic, who.PersonId, role, OriginOf(context, who.Scopes is null ? who.SessionId : null)) { Scopes = PermissionsOf(who.Scopes) });
    }

    private static HashSet<Permission>? PermissionsOf(string[]? scopes) =>
        scopes is null ? null : [.. Enum.GetValues<Permission>().Where(permission => ApiScopes.For(permission) is { } scope && scopes.Contains(scope))];

    /// <summary>Who asks, and whether they ask too often: one round trip. A session is counted by itself, strangers and whatever opens doors by network.</summary>
    private async Task<(SignedIn? Who, Refusal? TooMany)> FindAsync(Endpoint? endpoint, string? token, Origin origin, CancellationToken ct)
    {
        var rate = RateLimits.ClassOf(endpoint);
        var byNetwork = new CountKey(rate is RateClass.Work or RateClass.Bulk ? RateClass.Stranger : rate, ClientNetwork.Of(origin.Ip));
        if (rate == RateClass.Light) return (null, counts.CountHere(byNetwork));
        var hash = token is null ? null : HashOf(token);
        var isBySession = hash is not null && rate != RateClass.Door;
        var isProgram = token?.StartsWith(ApiScopes.TokenPrefix, StringComparison.Ordinal) == true;
        var key = isBySession ? new(rate, Convert.ToHexString(hash!)) : byNetwork;   // by session only with a token
        if (counts.RefusalOfShut(key) is { } shut) return (null, shut);

        await using var tx = await platform.BeginAsync(origin, ct);
        var now = tx.Now;
        var found = hash is null ? null : tx.AskUnaudited<SignedIn>(isProgram ? ProgramReads.Select : Select, new { hash, now });
        var counted = isProgram && isBySession ? ProgramReads.AskCount(tx, rate, hash!) : RequestCounts.Ask(tx, key, isBySession ? hash : null);   // by session only with a token
        await tx.CommitAsync(ct);
        var who = found is null ? null : (await found.ReadAsync(ct)).SingleOrDefault();
        var count = (await counted.ReadAsync(ct)).SingleOrDefault();
        if (who is { Scopes: not null } && now - who.LastSeenAt >= ProgramReads.Grain) await ProgramReads.MarkUsedAsync(platform, who, origin, ct);
        else if (who is { Scopes: null } && now - who.LastSeenAt >= Grain && endpoint?.Metadata.GetMetadata<AskedByItself>() is null) await MarkSeenAsync(who, origin, ct);
        if (count is not null) return (who, counts.RefusalOf(key, count));
        return (who, await CountStrangerAsync(byNetwork, origin, ct));
    }

    /// <summary>A token that opens nothing: whoever tries tokens is counted by network, at the price of a second round trip.</summary>
    private async Task<Refusal?> CountStrangerAsync(CountKey key, Origin origin, CancellationToken ct)
    {
        if (counts.RefusalOfShut(key) is { } shut) return shut;
        await using var tx = await platform.BeginAsync(origin, ct);
        var counted = RequestCounts.Ask(tx, key, null);
        await tx.CommitAsync(ct);
        return counts.RefusalOf(key, (await counted.ReadAsync(ct)).Single());
    }

    private async Task MarkSeenAsync(SignedIn who, Origin origin, CancellationToken ct)
    {
        await using var tx = await platform.BeginAsync(origin, ct);
        tx.QueueUnaudited("set local synchronous_commit = off", null);   // a crash may forget the last moment; nobody waits for the disk
        tx.QueueUnaudited("update platform.session set last_seen_at = @now where id = @id", new { now = tx.Now, id = who.SessionId });
        await tx.CommitAsync(ct);
    }

    /// <summary>Browsers send the cookie, programs a bearer token.</summary>
    private static string? TokenOf(HttpRequest request)
    {
        var header = request.Headers.Authorization.ToString();
        if (header.StartsWith("Bearer ", StringComparison.Ordinal)) return header["Bearer ".Length..];
        return request.Cookies[CookieName(request)];
    }

    private static string? Cut(string? text, int most) => text is { Length: > 0 } ? text[..Math.Min(text.Length, most)] : null;

    private const string Select = """
        select session.id as session_id, session.person_id, person.name as person_name, person.email, session.is_mfa_done, session.stage,
            exists (select from platform.person_photo where person_photo.person_id = session.person_id) as has_photo,
            session.clinic_id, clinic.name as clinic_name, clinic.slug as clinic_slug, clinic.time_zone, clinic.state as clinic_state,
            clinic.baa_signed_at is not null as is_agreement_signed, membership.role, session.last_seen_at, session.proved_at,
            exists (select from platform.emergency where emergency.session_id = session.id and emergency.clinic_id = session.clinic_id
                and emergency.ended_at is null and emergency.ends_at > @now) as has_emergency,
            case membership.role when 'admin' then
                (select count(*)::int from platform.emergency where emergency.clinic_id = session.clinic_id and emergency.reviewed_at is null)
                else 0 end as emergencies_to_review,
            array(select other.clinic_id from platform.membership other join platform.clinic there on there.id = other.clinic_id and there.state = 'active'
                where other.person_id = session.person_id and other.ended_at is null and other.clinic_id is distinct from session.clinic_id
                order by there.name, there.id) as other_clinic_ids,
            array(select there.name from platform.membership other join platform.clinic there on there.id = other.clinic_id and there.state = 'active'
                where other.person_id = session.person_id and other.ended_at is null and other.clinic_id is distinct from session.clinic_id
                order by there.name, there.id) as other_clinic_names
        from platform.session_life session
        join platform.person on person.id = session.person_id and person.state = 'active'
        left join platform.clinic on clinic.id = session.clinic_id
        left join platform.membership on membership.clinic_id = session.clinic_id and membership.person_id = session.person_id and membership.ended_at is null
        where session.token_hash = @hash and session.ends_at > @now and session.idle_at > @now
            and session.last_seen_at <= @now + interval '1 minute'   -- used in what is the future by this clock: it was set back, and nothing lives longer for that
        """;
}
