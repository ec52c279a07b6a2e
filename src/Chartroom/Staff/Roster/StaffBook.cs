using Chartroom.Clinics;
using Chartroom.Platform.Audit;
using Chartroom.Platform.Identity;
using Chartroom.Platform.Tenancy;
using Chartroom.Platform.Web;
using Npgsql;

namespace Chartroom.Staff;

/// <summary>What may be changed of somebody who works here. The role and the end of it go another way, since sessions hang on them.</summary>
/// <param name="DisplayName">1 to 200 characters.</param>
/// <param name="Npi">Ten digits with a right check digit; providers only.</param>
/// <param name="Color">One of <see cref="CalendarColor.All"/>.</param>
public sealed record StaffFields(string DisplayName, string? Npi, string Color);

/// <summary>Changes staff inside the clinic's schema.</summary>
internal sealed class StaffBook(TenantDb db)
{
    /// <summary>Refuses <c>staff.incomplete</c>, <c>staff.npi-taken</c>, <c>staff.no-such-staff</c> and <c>platform.stale-version</c>.</summary>
    public async Task<Outcome<Done>> ChangeAsync(StaffId id, int version, StaffFields ask, Actor actor, CancellationToken ct)
    {
        var wrong = WhatIsWrong(ask);
        if (wrong.Errors.Count > 0) return wrong;
        await using var tx = await db.BeginAsync(actor, Permission.ManageStaff, ct);
        try
        {
            var changed = await tx.ExecuteAsync("""
                update staff
                set display_name = @displayName, npi = case when role = 'provider' then @npi end, color = @color, version = version + 1
                where id = @id and version = @version and is_active
                """, new { id, version, ask.DisplayName, npi = string.IsNullOrEmpty(ask.Npi) ? null : ask.Npi, ask.Color }, ct);
            if (changed == 0) return await WhyNotAsync(tx, id, ct);
        }
        catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.UniqueViolation)   // staff_npi_key is the only one an update can meet
        {
            return Refusals.NpiTaken.On("npi", "A provider with this NPI works here already.");
        }
        tx.Audit(new Access("staff.changed", "staff", id.Value, Purpose.Operations));
        await tx.CommitAsync(ct);
        return Done.It;
    }

    /// <summary>Puts somebody invited on the list, before they have an account. Refuses <c>staff.npi-taken</c>.</summary>
    internal async Task<Outcome<Done>> AddInvitedAsync(StaffId id, InviteStaff ask, Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.ManageStaff, ct);
        try
        {
            var number = await tx.QueryAsync<long>("select count(*) from staff", null, ct);
            await tx.ExecuteAsync(Upsert, new { id, ask.Name, ask.Role, npi = ask.NpiOrNull, color = CalendarColor.Of((int)number.Single()) }, ct);
        }
        catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.UniqueViolation)   // the key is handled by the statement, so it is staff_npi_key
        {
            return Refusals.NpiTaken.On("npi", "A provider with this NPI works here already.");
        }
        tx.Audit(new Access("staff.added", "staff", id.Value, Purpose.Operations));
        await tx.CommitAsync(ct);
        return Done.It;
    }

    /// <summary>Takes somebody off the list who never took up the invitation.</summary>
    internal async Task RemoveInvitedAsync(StaffId id, Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.ManageStaff, ct);
        await tx.ExecuteAsync("update staff set is_active = false, version = version + 1 where id = @id and not has_account and is_active", new { id }, ct);
        tx.Audit(new Access("staff.removed", "staff", id.Value, Purpose.Operations));
        await tx.CommitAsync(ct);
    }

    private static async Task<Refusal> WhyNotAsync(ClinicTx tx, StaffId id, CancellationToken ct)
    {
        var current = await tx.QueryAsync<int>("select version from staff where id = @id and is_active", new { id }, ct);
        return current is [var version] ? Versions.StaleAt(version) : Refusals.NoSuchStaff;
    }

    private static Refusal WhatIsWrong(StaffFields ask)
    {
        var refusal = Refusals.Incomplete;
        if (ask.DisplayName.Length is 0 or > 200) refusal = refusal.On("displayName", "Give a name of at most 200 characters.");
        if (ask.Npi is { Length: > 0 } npi && !Npi.IsValid(npi)) refusal = refusal.On("npi", "This is no NPI: it has ten digits, and the last one must fit the others.");
        if (!CalendarColor.All.Contains(ask.Color)) refusal = refusal.On("color", "Choose a colour of the list.");
        return refusal;
    }

    private const string Upsert = """
        insert into staff (id, display_name, role, npi, color)
        values (@id, @name, @role, @npi, @color)
        on conflict on constraint staff_pkey do update
        set display_name = excluded.display_name, role = excluded.role, npi = excluded.npi, is_active = true, version = staff.version + 1
        where not staff.has_account or not staff.is_active
        """;
}
