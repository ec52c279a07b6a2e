using Chartroom.Platform.Tenancy;

namespace Chartroom.OnlineBooking;

/// <summary>The clinic whose page somebody looks at.</summary>
public sealed record OpenClinic
{
    public required ClinicId Id { get; init; }
    /// <summary>As it stands in the address.</summary>
    public required string Slug { get; init; }
    public required string Name { get; init; }
    /// <summary>E.164, or null.</summary>
    public string? Phone { get; init; }

    /// <summary>The program acts for a visitor who is nobody yet; the trail names the door.</summary>
    public Actor ActorOf(Origin origin) => new(Id, new(Id.Value), ClinicRole.System, origin with { Door = "online" });

    /// <summary>As people write it, or null.</summary>
    public string? ShownPhone => Phone is null ? null : Platform.Identity.PhoneNumber.Read(Phone)?.Shown ?? Phone;
}

/// <summary>From an address to its clinic. A clinic that is not active, or whose agreement is not signed, is as unknown as one that never was.</summary>
internal sealed class ClinicDoor(PlatformDb platform)
{
    private const int LongestSlug = 100;

    public async Task<OpenClinic?> BySlugAsync(string slug, Origin origin, CancellationToken ct)
    {
        if (slug.Length > LongestSlug) return null;
        await using var tx = await platform.BeginAsync(origin, ct);
        return await tx.QueryOneOrNoneAsync<OpenClinic>("""
            select id, slug, name, phone
            from platform.clinic
            where slug = @slug and state = 'active' and baa_signed_at is not null
            """, new { slug }, ct);
    }

    public async Task<OpenClinic?> ByIdAsync(ClinicId id, Origin origin, CancellationToken ct)
    {
        await using var tx = await platform.BeginAsync(origin, ct);
        return await tx.QueryOneOrNoneAsync<OpenClinic>("""
            select id, slug, name, phone
            from platform.clinic
            where id = @id and state = 'active' and baa_signed_at is not null
            """, new { id }, ct);
    }
}
