using Chartroom.Platform.Audit;
using Chartroom.Platform.Tenancy;

namespace Chartroom.Staff;

/// <summary>Somebody who works at the clinic.</summary>
public sealed record StaffMember
{
    /// <summary>Key: the person's.</summary>
    public StaffId Id { get; init; }
    /// <summary>Name as colleagues and patients see it.</summary>
    public required string DisplayName { get; init; }
    /// <summary><c>admin</c>, <c>provider</c> or <c>front_desk</c>.</summary>
    public required string Role { get; init; }
    /// <summary>Whether visits may be booked with them.</summary>
    public bool IsProvider { get; init; }
    /// <summary>National Provider Identifier.</summary>
    public string? Npi { get; init; }
    /// <summary>Colour in the calendar.</summary>
    public required string Color { get; init; }
    /// <summary>False until the invitation was taken up.</summary>
    public bool HasAccount { get; init; }
    /// <summary>Counts up at each change.</summary>
    public int Version { get; init; }
    /// <summary>Counts up at each change of the weekly hours.</summary>
    public int HoursVersion { get; init; }
}

/// <summary>Who works here, for everybody who does.</summary>
public sealed class StaffDirectory(TenantDb db)
{
    /// <summary>Active staff by name.</summary>
    public async Task<IReadOnlyList<StaffMember>> ListAsync(Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.SeeClinic, ct);
        var staff = await tx.QueryAsync<StaffMember>("""
            select id, display_name, role, is_provider, npi, color, has_account, version, hours_version
            from staff
            where is_active
            order by lower(display_name), id
            """, null, ct);
        tx.Audit(new Access("staff.listed", "staff", Purpose: Purpose.Operations));
        await tx.CommitAsync(ct);
        return staff;
    }
}
