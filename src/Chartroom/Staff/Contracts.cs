using Chartroom.Platform.Audit;
using Chartroom.Platform.Tenancy;

namespace Chartroom.Staff;

/// <summary>Copies who belongs to a clinic, kept in <c>platform</c>, into the clinic's own schema. A transaction writes one side, so this is a relay: what
/// has not been copied is marked in <c>membership</c>, copying twice changes nothing, and the mark goes last.</summary>
public sealed class StaffMirror(PlatformDb platform, TenantDb db)
{
    /// <summary>Copies what is not yet there.</summary>
    public async Task BringInLineAsync(ClinicId clinic, CancellationToken ct)
    {
        var waiting = await WaitingAsync(clinic, ct);
        if (waiting.Count == 0) return;
        await CopyAsync(clinic, waiting, ct);
        await MarkAsync(clinic, waiting, ct);
    }

    private async Task<List<Member>> WaitingAsync(ClinicId clinic, CancellationToken ct)
    {
        await using var tx = await platform.BeginAsync(Origin.Job(), ct);
        return await tx.QueryAsync<Member>("""
            select membership.person_id, person.name, membership.role, membership.ended_at is null as is_active
            from platform.membership
            join platform.person on person.id = membership.person_id
            where membership.clinic_id = @clinic and membership.mirrored_at is null
            """, new { clinic }, ct);
    }

    private async Task CopyAsync(ClinicId clinic, List<Member> members, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(Actor.OfSystem(clinic), Permission.ManageStaff, ct);
        foreach (var member in members) tx.Queue(Upsert, new { member.PersonId, member.Name, member.Role, member.IsActive });
        tx.Audit(new Access("staff.mirrored", "staff", Purpose: Purpose.Operations));
        await tx.CommitAsync(ct);
    }

    /// <summary>Only memberships that still are what was copied: one that changed meanwhile waits for the next time.</summary>
    private async Task MarkAsync(ClinicId clinic, List<Member> members, CancellationToken ct)
    {
        await using var tx = await platform.BeginAsync(Origin.Job(), ct);
        foreach (var member in members)
        {
            await tx.ExecuteAsync("""
                update platform.membership
                set mirrored_at = @now
                where clinic_id = @clinic and person_id = @personId and role = @role and (ended_at is null) = @isActive
                """, new { now = tx.Now, clinic, member.PersonId, member.Role, member.IsActive }, ct);
        }
        tx.Audit(new Access("staff.mirrored", "clinic", clinic.Value), person: null, clinic);
        await tx.CommitAsync(ct);
    }

    private const string Upsert = """
        insert into staff (id, display_name, role, has_account, is_active)
        values (@personId, @name, @role, true, @isActive)
        on conflict on constraint staff_pkey do update
        set role = excluded.role, has_account = true, is_active = excluded.is_active, version = staff.version + 1
        """;

    private sealed record Member
    {
        public PersonId PersonId { get; init; }
        public required string Name { get; init; }
        public required string Role { get; init; }
        public bool IsActive { get; init; }
    }
}
