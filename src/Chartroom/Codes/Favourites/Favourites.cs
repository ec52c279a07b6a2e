using Chartroom.Platform.Tenancy;

namespace Chartroom.Codes;

/// <summary>The codes somebody keeps at hand. Refuses <c>codes.no-such-code</c>.</summary>
internal sealed class FavouritesHandler(TenantDb db, PlatformDb platform)
{
    public async Task<IReadOnlyList<DiagnosisCode>> ListAsync(Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.EditCharts, ct);
        tx.Audit(new("code_favourite.listed", "code_favourite", actor.Person.Value));
        var codes = await DiagnosisCodes.FavouritesAsync(tx, actor.Person, ct);
        await tx.CommitAsync(ct);
        return codes;
    }

    public async Task<Outcome<Done>> AddAsync(string code, Actor actor, CancellationToken ct)
    {
        if (await DiagnosisCodes.FindAsync(platform, actor.Origin, code, ct) is not { } known) return Refusals.NoSuchCode;
        await using var tx = await db.BeginAsync(actor, Permission.EditCharts, ct);
        await tx.ExecuteAsync("""
            insert into code_favourite (person_id, code, title, added_at)
            values (@person, @code, @title, @now)
            on conflict on constraint code_favourite_pkey do nothing
            """, new { actor.Person, code = DiagnosisCodes.Bare(known.Code), known.Title, now = tx.Now }, ct);
        tx.Audit(new("code_favourite.added", "code_favourite", actor.Person.Value));
        await tx.CommitAsync(ct);
        return Done.It;
    }

    public async Task<Outcome<Done>> RemoveAsync(string code, Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.EditCharts, ct);
        await tx.ExecuteAsync("delete from code_favourite where person_id = @person and code = @code", new { actor.Person, code = DiagnosisCodes.Bare(code) }, ct);
        tx.Audit(new("code_favourite.removed", "code_favourite", actor.Person.Value));
        await tx.CommitAsync(ct);
        return Done.It;
    }
}
