using Chartroom.Platform.Audit;
using Chartroom.Platform.Tenancy;

namespace Chartroom.BreakGlass;

/// <summary>Ends one's own emergency access before its hour is over; holds at the next request on every node. Refuses <c>break-glass.not-open</c>.</summary>
internal sealed class EndEmergencyHandler(TenantDb db, PlatformDb platform)
{
    public async Task<Outcome<Done>> HandleAsync(Guid id, Actor actor, CancellationToken ct)
    {
        var ended = await RecordAsync(id, actor, ct);
        if (!ended.IsOk) return ended;
        await using var tx = await platform.BeginAsync(actor.Origin, ct);
        await tx.ExecuteAsync("""
            update platform.emergency
            set ended_at = @now
            where id = @id and clinic_id = @clinic and person_id = @person and ended_at is null and ends_at > @now
            """, new { id, actor.Clinic, actor.Person, now = tx.Now }, ct);
        tx.Audit(new("break_glass.ended", "break_glass", id), actor.Person, actor.Clinic);
        await tx.CommitAsync(ct);
        return Done.It;
    }

    private async Task<Outcome<Done>> RecordAsync(Guid id, Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.BreakGlass, ct);
        var patients = await tx.QueryAsync<PatientId>("""
            select patient_id
            from break_glass
            where id = @id and person_id = @person and opened_at <= @now and ends_at > @now
            """, new { id, actor.Person, now = tx.Now }, ct);
        tx.Audit(new("break_glass.ended", "break_glass", id, Purpose.Emergency), [.. patients]);
        if (patients.Count == 0) return Refusals.NotOpen;
        var ended = await tx.ExecuteAsync("""
            insert into break_glass_end (break_glass_id, person_id, ended_at)
            values (@id, @person, @now)
            on conflict on constraint break_glass_end_pkey do nothing
            """, new { id, actor.Person, now = tx.Now }, ct);
        if (ended == 0) return Refusals.NotOpen;
        await tx.CommitAsync(ct);
        return Done.It;
    }
}
