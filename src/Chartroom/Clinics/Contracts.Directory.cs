using Chartroom.Platform.Audit;
using Chartroom.Platform.Tenancy;

namespace Chartroom.Clinics;

/// <summary>A location with its rooms.</summary>
public sealed record Location
{
    /// <summary>Key.</summary>
    public LocationId Id { get; init; }
    /// <summary>Name of the place.</summary>
    public required string Name { get; init; }
    /// <summary>IANA zone.</summary>
    public required string TimeZone { get; init; }
    /// <summary>Street and number.</summary>
    public string? AddressLine { get; init; }
    /// <summary>City.</summary>
    public string? City { get; init; }
    /// <summary>State or province.</summary>
    public string? State { get; init; }
    /// <summary>Postal code.</summary>
    public string? PostalCode { get; init; }
    /// <summary>E.164.</summary>
    public string? Phone { get; init; }
    /// <summary>Counts up at each change.</summary>
    public int Version { get; init; }
    /// <summary>Active ones by name.</summary>
    public IReadOnlyList<Room> Rooms { get; init; } = [];
    /// <summary>Active ones by name.</summary>
    public IReadOnlyList<Device> Devices { get; init; } = [];
}

/// <summary>A thing a visit may need, and only one visit can have at a time.</summary>
public sealed record Device
{
    /// <summary>Key.</summary>
    public DeviceId Id { get; init; }
    /// <summary>Where it stands.</summary>
    public LocationId LocationId { get; init; }
    /// <summary>What people call it.</summary>
    public required string Name { get; init; }
    /// <summary>Counts up at each change.</summary>
    public int Version { get; init; }
}

/// <summary>A room.</summary>
public sealed record Room
{
    /// <summary>Key.</summary>
    public RoomId Id { get; init; }
    /// <summary>Where it is.</summary>
    public LocationId LocationId { get; init; }
    /// <summary>Name on the door.</summary>
    public required string Name { get; init; }
    /// <summary>Counts up at each change.</summary>
    public int Version { get; init; }
}

/// <summary>A kind of visit.</summary>
public sealed record VisitType
{
    /// <summary>Key.</summary>
    public VisitTypeId Id { get; init; }
    /// <summary>Name as staff and patients see it.</summary>
    public required string Name { get; init; }
    /// <summary>Usual length in minutes.</summary>
    public int Minutes { get; init; }
    /// <summary>Colour in the calendar.</summary>
    public required string Color { get; init; }
    /// <summary>Minutes kept free before it, 0 to 120.</summary>
    public int BufferBefore { get; init; }
    /// <summary>Minutes kept free after it, 0 to 120.</summary>
    public int BufferAfter { get; init; }
    /// <summary>Offered starts are multiples of so many minutes of the wall clock.</summary>
    public int AlignMinutes { get; init; }
    /// <summary>Most such visits a provider has on one day, or null for no limit.</summary>
    public int? DailyCap { get; init; }
    /// <summary>Least minutes between booking online and the start; null: the clinic's own.</summary>
    public int? LeadMinutes { get; init; }
    /// <summary>Most days ahead online; null: the clinic's own.</summary>
    public int? HorizonDays { get; init; }
    /// <summary>Rooms that will do; empty: it needs none.</summary>
    public IReadOnlyList<RoomId> RoomIds { get; init; } = [];
    /// <summary>Devices that will do; empty: it needs none.</summary>
    public IReadOnlyList<DeviceId> DeviceIds { get; init; } = [];
    /// <summary>Counts up at each change.</summary>
    public int Version { get; init; }
}

/// <summary>Where the clinic works and what it offers, for everybody who works there.</summary>
public sealed class ClinicDirectory(TenantDb db)
{
    /// <summary>Active locations with their active rooms and devices, by name.</summary>
    public async Task<IReadOnlyList<Location>> LocationsAsync(Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.SeeClinic, ct);
        var locations = await tx.QueryAsync<Location>("""
            select id, name, time_zone, address_line, city, state, postal_code, phone, version
            from location
            where is_active
            order by lower(name), id
            """, null, ct);
        var rooms = await tx.QueryAsync<Room>("select id, location_id, name, version from room where is_active order by lower(name), id", null, ct);
        var devices = await tx.QueryAsync<Device>("select id, location_id, name, version from device where is_active order by lower(name), id", null, ct);
        tx.Audit(new Access("locations.listed", "location", Purpose: Purpose.Operations));
        await tx.CommitAsync(ct);
        return [.. locations.Select(location => location with
        {
            Rooms = [.. rooms.Where(room => room.LocationId == location.Id)], Devices = [.. devices.Where(device => device.LocationId == location.Id)],
        })];
    }

    /// <summary>Active visit types by name.</summary>
    public async Task<IReadOnlyList<VisitType>> VisitTypesAsync(Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.SeeClinic, ct);
        var types = await tx.QueryAsync<VisitType>("""
            select id, name, minutes, color, buffer_before, buffer_after, align_minutes, daily_cap, lead_minutes, horizon_days, version
            from visit_type
            where is_active
            order by lower(name), id
            """, null, ct);
        var rooms = await tx.QueryAsync<(VisitTypeId Type, RoomId Room)>("""
            select visit_type_room.visit_type_id, visit_type_room.room_id
            from visit_type_room
            join room on room.id = visit_type_room.room_id and room.is_active
            order by visit_type_room.visit_type_id, visit_type_room.room_id
            """, null, ct);
        var devices = await tx.QueryAsync<(VisitTypeId Type, DeviceId Device)>("""
            select visit_type_device.visit_type_id, visit_type_device.device_id
            from visit_type_device
            join device on device.id = visit_type_device.device_id and device.is_active
            order by visit_type_device.visit_type_id, visit_type_device.device_id
            """, null, ct);
        tx.Audit(new Access("visit_types.listed", "visit_type", Purpose: Purpose.Operations));
        await tx.CommitAsync(ct);
        return [.. types.Select(type => type with
        {
            RoomIds = [.. rooms.Where(it => it.Type == type.Id).Select(it => it.Room)], DeviceIds = [.. devices.Where(it => it.Type == type.Id).Select(it => it.Device)],
        })];
    }
}
