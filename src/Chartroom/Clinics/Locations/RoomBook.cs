using Chartroom.Platform.Audit;
using Chartroom.Platform.Tenancy;
using Chartroom.Platform.Web;
using Npgsql;

namespace Chartroom.Clinics;

/// <summary>What is asked of a room: a name of 1 to 100 characters, one active room of a name in a location.</summary>
public sealed record RoomFields(string Name);

/// <summary>Adds, renames and gives up rooms.</summary>
internal sealed class RoomBook(TenantDb db)
{
    /// <summary>Refuses <c>clinics.incomplete</c>, <c>clinics.name-taken</c> and <c>clinics.no-such-location</c>.</summary>
    public async Task<Outcome<RoomId>> AddAsync(LocationId location, RoomFields ask, Actor actor, CancellationToken ct)
    {
        if (ask.Name.Length is 0 or > 100) return NoName();
        var id = RoomId.New();
        await using var tx = await db.BeginAsync(actor, Permission.ManageClinic, ct);
        if ((await tx.QueryAsync<Guid>("select id from location where id = @location and is_active for key share", new { location }, ct)).Count == 0) return Refusals.NoSuchLocation;
        var added = await tx.ExecuteAsync("""
            insert into room (id, location_id, name)
            values (@id, @location, @name)
            on conflict (location_id, lower(name)) where is_active do nothing
            """, new { id, location, ask.Name }, ct);
        if (added == 0) return NameTaken();
        tx.Audit(new Access("room.added", "room", id.Value, Purpose.Operations));
        await tx.CommitAsync(ct);
        return id;
    }

    /// <summary>Refuses what adding refuses, <c>clinics.no-such-room</c> and <c>platform.stale-version</c>.</summary>
    public async Task<Outcome<Done>> ChangeAsync(RoomId id, int version, RoomFields ask, Actor actor, CancellationToken ct)
    {
        if (ask.Name.Length is 0 or > 100) return NoName();
        await using var tx = await db.BeginAsync(actor, Permission.ManageClinic, ct);
        try
        {
            var changed = await tx.ExecuteAsync(
                "update room set name = @name, version = version + 1 where id = @id and version = @version and is_active", new { id, version, ask.Name }, ct);
            if (changed == 0) return await WhyNotAsync(tx, id, ct);
        }
        catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.UniqueViolation)   // room_name_key is the only one an update can meet
        {
            return NameTaken();
        }
        tx.Audit(new Access("room.changed", "room", id.Value, Purpose.Operations));
        await tx.CommitAsync(ct);
        return Done.It;
    }

    /// <summary>Refuses <c>clinics.no-such-room</c> and <c>platform.stale-version</c>.</summary>
    public async Task<Outcome<Done>> CloseAsync(RoomId id, int version, Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.ManageClinic, ct);
        var closed = await tx.ExecuteAsync(
            "update room set is_active = false, version = version + 1 where id = @id and version = @version and is_active", new { id, version }, ct);
        if (closed == 0) return await WhyNotAsync(tx, id, ct);
        tx.Audit(new Access("room.closed", "room", id.Value, Purpose.Operations));
        await tx.CommitAsync(ct);
        return Done.It;
    }

    private static Refusal NoName() => Refusals.Incomplete.On("name", "Give it a name of at most 100 characters.");
    private static Refusal NameTaken() => Refusals.NameTaken.On("name", "There is a room of this name here.");

    private static async Task<Refusal> WhyNotAsync(ClinicTx tx, RoomId id, CancellationToken ct)
    {
        var current = await tx.QueryAsync<int>("select version from room where id = @id and is_active", new { id }, ct);
        return current is [var version] ? Versions.StaleAt(version) : Refusals.NoSuchRoom;
    }
}
