using Chartroom.Platform.Tenancy;

namespace Chartroom.Scheduling;

/// <summary>Rooms a visit may be in.</summary>
internal static class Rooms
{
    /// <summary>True for a room in use at that location.</summary>
    public static async Task<bool> IsAtAsync(ClinicTx tx, RoomId room, LocationId location, CancellationToken ct) =>
        (await tx.QueryAsync<bool>("""
            select exists (select from room where id = @room and location_id = @location and is_active)
            """, new { room, location }, ct)).Single();
}
