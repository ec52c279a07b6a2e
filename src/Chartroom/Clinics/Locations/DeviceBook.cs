using Chartroom.Platform.Audit;
using Chartroom.Platform.Tenancy;
using Chartroom.Platform.Web;
using Npgsql;

namespace Chartroom.Clinics;

/// <summary>What is asked of a device: a name of 1 to 100 characters, one active device of a name in a location.</summary>
public sealed record DeviceFields(string Name);

/// <summary>Adds, renames and retires devices. A retired one stays for the visits that had it.</summary>
internal sealed class DeviceBook(TenantDb db)
{
    /// <summary>Refuses <c>clinics.incomplete</c>, <c>clinics.name-taken</c> and <c>clinics.no-such-location</c>.</summary>
    public async Task<Outcome<DeviceId>> AddAsync(LocationId location, DeviceFields ask, Actor actor, CancellationToken ct)
    {
        if (ask.Name.Length is 0 or > 100) return NoName();
        var id = DeviceId.New();
        await using var tx = await db.BeginAsync(actor, Permission.ManageClinic, ct);
        if ((await tx.QueryAsync<Guid>("select id from location where id = @location and is_active for key share", new { location }, ct)).Count == 0) return Refusals.NoSuchLocation;
        var added = await tx.ExecuteAsync("""
            insert into device (id, location_id, name)
            values (@id, @location, @name)
            on conflict (location_id, lower(name)) where is_active do nothing
            """, new { id, location, ask.Name }, ct);
        if (added == 0) return NameTaken();
        tx.Audit(new Access("device.added", "device", id.Value, Purpose.Operations));
        await tx.CommitAsync(ct);
        return id;
    }

    /// <summary>Refuses what adding refuses, <c>clinics.no-such-device</c> and <c>platform.stale-version</c>.</summary>
    public async Task<Outcome<Done>> ChangeAsync(DeviceId id, int version, DeviceFields ask, Actor actor, CancellationToken ct)
    {
        if (ask.Name.Length is 0 or > 100) return NoName();
        await using var tx = await db.BeginAsync(actor, Permission.ManageClinic, ct);
        try
        {
            var changed = await tx.ExecuteAsync(
                "update device set name = @name, version = version + 1 where id = @id and version = @version and is_active", new { id, version, ask.Name }, ct);
            if (changed == 0) return await WhyNotAsync(tx, id, ct);
        }
        catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.UniqueViolation)   // device_name_key is the only one an update can meet
        {
            return NameTaken();
        }
        tx.Audit(new Access("device.changed", "device", id.Value, Purpose.Operations));
        await tx.CommitAsync(ct);
        return Done.It;
    }

    /// <summary>Refuses <c>clinics.no-such-device</c> and <c>platform.stale-version</c>.</summary>
    public async Task<Outcome<Done>> RetireAsync(DeviceId id, int version, Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.ManageClinic, ct);
        var retired = await tx.ExecuteAsync(
            "update device set is_active = false, version = version + 1 where id = @id and version = @version and is_active", new { id, version }, ct);
        if (retired == 0) return await WhyNotAsync(tx, id, ct);
        tx.Audit(new Access("device.retired", "device", id.Value, Purpose.Operations));
        await tx.CommitAsync(ct);
        return Done.It;
    }

    private static Refusal NoName() => Refusals.Incomplete.On("name", "Give it a name of at most 100 characters.");
    private static Refusal NameTaken() => Refusals.NameTaken.On("name", "There is a device of this name here.");

    private static async Task<Refusal> WhyNotAsync(ClinicTx tx, DeviceId id, CancellationToken ct)
    {
        var current = await tx.QueryAsync<int>("select version from device where id = @id and is_active", new { id }, ct);
        return current is [var version] ? Versions.StaleAt(version) : Refusals.NoSuchDevice;
    }
}
