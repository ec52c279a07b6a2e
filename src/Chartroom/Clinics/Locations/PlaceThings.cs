using Chartroom.Platform.Audit;
using Chartroom.Platform.Tenancy;
using Chartroom.Platform.Web;
using Npgsql;

namespace Chartroom.Clinics;

/// <summary>What is asked of a room or device: a name of 1 to 100 characters, one active of its kind and name in a location.</summary>
public sealed record ThingFields(string Name);

/// <summary>A kind of thing that a location has: its word, the event of giving one up, and its statements.</summary>
internal sealed record PlaceThing(string Noun, string GivenUp, Refusal Unknown, string Insert, string Rename, string Retire, string SelectVersion)
{
    public static readonly PlaceThing Room = new("room", "room.closed", Refusals.NoSuchRoom, RoomSql.Insert, RoomSql.Rename, RoomSql.Retire, RoomSql.SelectVersion);
    public static readonly PlaceThing Device = new("device", "device.retired", Refusals.NoSuchDevice, DeviceSql.Insert, DeviceSql.Rename, DeviceSql.Retire, DeviceSql.SelectVersion);

    /// <summary>Writes of one of this kind.</summary>
    public Access Event(string act, Guid id) => new($"{Noun}.{act}", Noun, id, Purpose.Operations);
}

/// <summary>Adds, renames and gives up rooms and devices. One that was given up stays for the visits that had it.</summary>
internal sealed class PlaceThings(TenantDb db)
{
    /// <summary>Refuses <c>clinics.incomplete</c>, <c>clinics.name-taken</c> and <c>clinics.no-such-location</c>.</summary>
    public async Task<Outcome<Guid>> AddAsync(PlaceThing kind, LocationId location, ThingFields ask, Actor actor, CancellationToken ct)
    {
        if (ask.Name.Length is 0 or > 100) return NoName();
        var id = Guid.CreateVersion7();
        await using var tx = await db.BeginAsync(actor, Permission.ManageClinic, ct);
        if ((await tx.QueryAsync<Guid>("select id from location where id = @location and is_active for key share", new { location }, ct)).Count == 0) return Refusals.NoSuchLocation;
        if (await tx.ExecuteAsync(kind.Insert, new { id, location, ask.Name }, ct) == 0) return NameTaken(kind);
        tx.Audit(kind.Event("added", id));
        await tx.CommitAsync(ct);
        return id;
    }

    /// <summary>Refuses what adding refuses, <c>clinics.no-such-room</c> or <c>clinics.no-such-device</c>, and <c>platform.stale-version</c>.</summary>
    public async Task<Outcome<Done>> ChangeAsync(PlaceThing kind, (Guid Id, int Version) which, ThingFields ask, Actor actor, CancellationToken ct)
    {
        if (ask.Name.Length is 0 or > 100) return NoName();
        await using var tx = await db.BeginAsync(actor, Permission.ManageClinic, ct);
        try
        {
            if (await tx.ExecuteAsync(kind.Rename, new { which.Id, which.Version, ask.Name }, ct) == 0) return await WhyNotAsync(tx, kind, which.Id, ct);
        }
        catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.UniqueViolation)   // the name is the only key an update can meet
        {
            return NameTaken(kind);
        }
        tx.Audit(kind.Event("changed", which.Id));
        await tx.CommitAsync(ct);
        return Done.It;
    }

    /// <summary>Refuses <c>clinics.no-such-room</c> or <c>clinics.no-such-device</c>, and <c>platform.stale-version</c>.</summary>
    public async Task<Outcome<Done>> GiveUpAsync(PlaceThing kind, (Guid Id, int Version) which, Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.ManageClinic, ct);
        if (await tx.ExecuteAsync(kind.Retire, new { which.Id, which.Version }, ct) == 0) return await WhyNotAsync(tx, kind, which.Id, ct);
        tx.Audit(new Access(kind.GivenUp, kind.Noun, which.Id, Purpose.Operations));
        await tx.CommitAsync(ct);
        return Done.It;
    }

    private static Refusal NoName() => Refusals.Incomplete.On("name", "Give it a name of at most 100 characters.");
    private static Refusal NameTaken(PlaceThing kind) => Refusals.NameTaken.On("name", $"There is a {kind.Noun} of this name here.");

    private static async Task<Refusal> WhyNotAsync(ClinicTx tx, PlaceThing kind, Guid id, CancellationToken ct) =>
        await tx.QueryAsync<int>(kind.SelectVersion, new { id }, ct) is [var version] ? Versions.StaleAt(version) : kind.Unknown;
}

/// <summary>What rooms ask of the database.</summary>
internal static class RoomSql
{
    public const string Insert = """
        insert into room (id, location_id, name)
        values (@id, @location, @name)
        on conflict (location_id, lower(name)) where is_active do nothing
        """;

    public const string Rename = "update room set name = @name, version = version + 1 where id = @id and version = @version and is_active";
    public const string Retire = "update room set is_active = false, version = version + 1 where id = @id and version = @version and is_active";
    public const string SelectVersion = "select version from room where id = @id and is_active";
}

/// <summary>What devices ask of the database.</summary>
internal static class DeviceSql
{
    public const string Insert = """
        insert into device (id, location_id, name)
        values (@id, @location, @name)
        on conflict (location_id, lower(name)) where is_active do nothing
        """;

    public const string Rename = "update device set name = @name, version = version + 1 where id = @id and version = @version and is_active";
    public const string Retire = "update device set is_active = false, version = version + 1 where id = @id and version = @version and is_active";
    public const string SelectVersion = "select version from device where id = @id and is_active";
}
