using Chartroom.Platform.Database;
using Chartroom.Platform.Tenancy;
using Chartroom.Platform.Web;
using Microsoft.AspNetCore.Http;

namespace Chartroom.Platform.Identity;

/// <summary>
/// For the few sessions that have broken the glass: reads from the clinic's own record which charts are open, by the program's clock, and lets the actor carry
/// them. Nothing is cached, so an hour that is over, or a button pressed on another node, holds at this request. Everybody else passes without a round trip.
/// </summary>
public sealed class EmergencyGate(RequestDelegate next, DatabaseLogins logins, TimeProvider clock)
{
    /// <summary>Middleware; runs after the session gate, which lets such a session through to charts that its role does not open.</summary>
    public async Task InvokeAsync(HttpContext context)
    {
        if (context.Features.Get<SignedIn>() is { HasEmergency: true } && context.Features.Get<Actor>() is { } actor)
        {
            actor = actor with { Emergencies = await OpenOnesAsync(actor, context.RequestAborted) };
            context.Features.Set(actor);
            if (IsLeftOut(context, actor))
            {
                await Boundary.AnswerAsync(context, Boundary.Forbidden);
                return;
            }
        }
        await next(context);
    }

    /// <summary>The session gate let it through for an emergency that is none any more.</summary>
    private static bool IsLeftOut(HttpContext context, Actor actor) =>
        actor.Emergencies.Count == 0 && context.GetEndpoint()?.Metadata.GetMetadata<RequiresPermission>() is { } required && !Rights.Allows(actor.Role, required.Permission);

    private async Task<IReadOnlyList<Emergency>> OpenOnesAsync(Actor actor, CancellationToken ct)
    {
        await using var pipe = await logins.OpenAsync(ct);
        pipe.Queue("begin");
        pipe.QueueClinic(actor.Clinic, actor.Role);
        var found = pipe.Ask<Row>(SelectOpen, new { actor.Person, session = actor.Origin.SessionId, now = clock.GetUtcNow() });
        pipe.Queue("commit");
        await pipe.FlushAsync(ct);
        return [.. (await found.ReadAsync(ct)).Select(row => new Emergency(row.Id, row.PatientId, row.EndsAt))];
    }

    private sealed record Row
    {
        public Guid Id { get; init; }
        public PatientId PatientId { get; init; }
        public DateTimeOffset EndsAt { get; init; }
    }

    private const string SelectOpen = """
        select id, patient_id, ends_at
        from break_glass
        where person_id = @person and session_id = @session and opened_at <= @now and ends_at > @now
            and not exists (select from break_glass_end where break_glass_end.break_glass_id = break_glass.id)
        order by ends_at desc, id desc
        """;
}
