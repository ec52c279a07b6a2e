using Chartroom.Clinics;
using Chartroom.Platform.Audit;
using Chartroom.Platform.Identity;
using Chartroom.Platform.Tenancy;
using Chartroom.Platform.Web;
using Chartroom.Shell;

namespace Chartroom.Accounts;

/// <summary>To another clinic where the person works.</summary>
public sealed record SwitchClinic(Guid Clinic);

/// <summary>A clinic where a person works.</summary>
public sealed record OwnClinic(Guid Id, string Name, bool IsThis);

/// <summary>Takes an open session to another clinic of the person (TEN-5), without signing in again but under a new token.</summary>
internal sealed class SwitchClinicHandler(PlatformDb db, ClinicOpening opening)
{
    /// <summary>Refuses <c>accounts.no-such-clinic</c>, the same for a clinic of others and for none.</summary>
    public async Task<Outcome<GivenSession>> HandleAsync(SwitchClinic ask, SignedIn who, Origin origin, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(origin, ct);
        var clinic = new ClinicId(ask.Clinic);
        if (await SessionBook.SwitchAsync(tx, who, clinic, origin, ct) is not { } session) return Refusals.NoSuchClinic;
        if (who.ClinicId is { } left && left != clinic) tx.Audit(new Access("session.clinic-left", "session", who.SessionId), who.PersonId, left);
        tx.Audit(new Access("session.clinic-switched", "session", who.SessionId), who.PersonId, clinic);
        await tx.CommitAsync(ct);
        await opening.EnsureAsync(clinic, isProvisioned: true, ct);
        return session;
    }

    /// <summary>This one and the others, by name.</summary>
    internal static IReadOnlyList<OwnClinic> ListOf(SignedIn who) =>
        [.. OthersOf(who).Concat(who is { ClinicId: { } id, ClinicName: { } name } ? [new OwnClinic(id.Value, name, true)] : []).OrderBy(it => it.Name, StringComparer.Ordinal)];

    private static IEnumerable<OwnClinic> OthersOf(SignedIn who) => who.OtherClinicIds.Zip(who.OtherClinicNames, (id, name) => new OwnClinic(id, name, false));

    internal static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/switch-clinic", async (Form<SwitchClinic> form, SwitchClinicHandler handler, HttpContext context, SignedIn who, Origin origin, CancellationToken ct) =>
        {
            var session = await form.ThenAsync(ask => handler.HandleAsync(ask, who, origin, ct));
            return session.IsOk ? SignInPages.GoOn(context, session.Value, "/") : Page.Refused(session.Refusal);
        }).RequiresOnlySession(mfa: true).Audits("session.clinic-switched", "session.clinic-left").ExcludeFromDescription();
        var api = routes.MapGroup("/api/v1/sessions/current").WithTags("Accounts");
        api.MapGet("/clinics", (SignedIn who) => TypedResults.Ok(ListOf(who))).RequiresOnlySession(mfa: true).Audits().WithSummary("The clinics where the person works");
        api.MapPut("/clinic", async (SwitchClinic ask, SwitchClinicHandler handler, SignedIn who, Origin origin, CancellationToken ct) =>
            (await handler.HandleAsync(ask, who, origin, ct)).ToHttp(StagedSession.GoneOn)).RequiresOnlySession(mfa: true).Audits("session.clinic-switched", "session.clinic-left")
            .Produces<StagedSession>().WithSummary("Go on at another clinic, under a new token");
    }
}
