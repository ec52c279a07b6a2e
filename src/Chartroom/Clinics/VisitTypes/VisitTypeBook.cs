using Chartroom.Platform.Audit;
using Chartroom.Platform.Tenancy;
using Chartroom.Platform.Web;
using Npgsql;

namespace Chartroom.Clinics;

/// <summary>What is asked of a visit type.</summary>
/// <param name="Name">1 to 100 characters, one active type of a name.</param>
/// <param name="Minutes">Usual length, 5 to 480.</param>
/// <param name="Color">One of <see cref="CalendarColor.All"/>.</param>
public sealed record VisitTypeFields(string Name, int Minutes, string Color);

/// <summary>Adds, changes and retires visit types. A retired one stays for the visits that have it.</summary>
internal sealed class VisitTypeBook(TenantDb db)
{
    /// <summary>Refuses <c>clinics.incomplete</c> and <c>clinics.name-taken</c>.</summary>
    public async Task<Outcome<VisitTypeId>> AddAsync(VisitTypeFields ask, Actor actor, CancellationToken ct)
    {
        var wrong = WhatIsWrong(ask);
        if (wrong.Errors.Count > 0) return wrong;
        var id = VisitTypeId.New();
        await using var tx = await db.BeginAsync(actor, Permission.ManageClinic, ct);
        var added = await tx.ExecuteAsync("""
            insert into visit_type (id, name, minutes, color)
            values (@id, @name, @minutes, @color)
            on conflict (lower(name)) where is_active do nothing
            """, new { id, ask.Name, ask.Minutes, ask.Color }, ct);
        if (added == 0) return NameTaken();
        tx.Audit(new Access("visit_type.added", "visit_type", id.Value, Purpose.Operations));
        await tx.CommitAsync(ct);
        return id;
    }

    /// <summary>Refuses what adding refuses, <c>clinics.no-such-visit-type</c> and <c>platform.stale-version</c>.</summary>
    public async Task<Outcome<Done>> ChangeAsync(VisitTypeId id, int version, VisitTypeFields ask, Actor actor, CancellationToken ct)
    {
        var wrong = WhatIsWrong(ask);
        if (wrong.Errors.Count > 0) return wrong;
        await using var tx = await db.BeginAsync(actor, Permission.ManageClinic, ct);
        try
        {
            var changed = await tx.ExecuteAsync("""
                update visit_type
                set name = @name, minutes = @minutes, color = @color, version = version + 1
                where id = @id and version = @version and is_active
                """, new { id, version, ask.Name, ask.Minutes, ask.Color }, ct);
            if (changed == 0) return await WhyNotAsync(tx, id, ct);
        }
        catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.UniqueViolation)   // visit_type_name_key is the only one an update can meet
        {
            return NameTaken();
        }
        tx.Audit(new Access("visit_type.changed", "visit_type", id.Value, Purpose.Operations));
        await tx.CommitAsync(ct);
        return Done.It;
    }

    /// <summary>Refuses <c>clinics.no-such-visit-type</c> and <c>platform.stale-version</c>.</summary>
    public async Task<Outcome<Done>> RetireAsync(VisitTypeId id, int version, Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.ManageClinic, ct);
        var retired = await tx.ExecuteAsync(
            "update visit_type set is_active = false, version = version + 1 where id = @id and version = @version and is_active", new { id, version }, ct);
        if (retired == 0) return await WhyNotAsync(tx, id, ct);
        tx.Audit(new Access("visit_type.retired", "visit_type", id.Value, Purpose.Operations));
        await tx.CommitAsync(ct);
        return Done.It;
    }

    private static Refusal NameTaken() => Refusals.NameTaken.On("name", "There is a visit type of this name.");

    private static async Task<Refusal> WhyNotAsync(ClinicTx tx, VisitTypeId id, CancellationToken ct)
    {
        var current = await tx.QueryAsync<int>("select version from visit_type where id = @id and is_active", new { id }, ct);
        return current is [var version] ? Versions.StaleAt(version) : Refusals.NoSuchVisitType;
    }

    private static Refusal WhatIsWrong(VisitTypeFields ask)
    {
        var refusal = Refusals.Incomplete;
        if (ask.Name.Length is 0 or > 100) refusal = refusal.On("name", "Give it a name of at most 100 characters.");
        if (ask.Minutes is < 5 or > 480) refusal = refusal.On("minutes", "A visit lasts 5 to 480 minutes.");
        if (!CalendarColor.All.Contains(ask.Color)) refusal = refusal.On("color", "Choose a colour of the list.");
        return refusal;
    }
}
