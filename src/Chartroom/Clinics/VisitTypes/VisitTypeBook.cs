using Chartroom.Platform.Audit;
using Chartroom.Platform.Tenancy;
using Chartroom.Platform.Web;
using Npgsql;

namespace Chartroom.Clinics;

/// <summary>What is asked of a visit type.</summary>
/// <param name="Name">1 to 100 characters, one active type of a name.</param>
/// <param name="Minutes">Usual length, 5 to 480.</param>
/// <param name="Color">One of <see cref="CalendarColor.All"/>.</param>
/// <param name="BufferBefore">Minutes kept free before it, 0 to 120.</param>
/// <param name="BufferAfter">Minutes kept free after it, 0 to 120.</param>
/// <param name="AlignMinutes">Offered starts are multiples of so many minutes: one of <see cref="VisitTypeBook.Alignments"/>.</param>
/// <param name="DailyCap">Most such visits a provider has on one day, 1 to 100, or null for no limit.</param>
/// <param name="LeadMinutes">Least minutes between booking online and the start, 0 to 43,200; null: the clinic's own.</param>
/// <param name="HorizonDays">Most days ahead online, 1 to 730; null: the clinic's own.</param>
/// <param name="RoomIds">Rooms that will do; none: it needs none.</param>
/// <param name="DeviceIds">Devices that will do; none: it needs none.</param>
public sealed record VisitTypeFields(string Name, int Minutes, string Color, int BufferBefore = 0, int BufferAfter = 0, int AlignMinutes = 5, int? DailyCap = null,
    int? LeadMinutes = null, int? HorizonDays = null, IReadOnlyList<RoomId>? RoomIds = null, IReadOnlyList<DeviceId>? DeviceIds = null);

/// <summary>Adds, changes and retires visit types. A retired one stays for the visits that have it.</summary>
internal sealed class VisitTypeBook(TenantDb db)
{
    internal static readonly int[] Alignments = [5, 10, 15, 20, 30, 60];   // visit_type_align_known

    /// <summary>Refuses <c>clinics.incomplete</c> and <c>clinics.name-taken</c>.</summary>
    public async Task<Outcome<VisitTypeId>> AddAsync(VisitTypeFields ask, Actor actor, CancellationToken ct)
    {
        var wrong = WhatIsWrong(ask);
        if (wrong.Errors.Count > 0) return wrong;
        var id = VisitTypeId.New();
        await using var tx = await db.BeginAsync(actor, Permission.ManageClinic, ct);
        if (await tx.ExecuteAsync(Insert, Row(id, 1, ask), ct) == 0) return NameTaken();
        if (await NeedsAsync(tx, id, ask, ct) is { } unknown) return unknown;
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
            if (await tx.ExecuteAsync(Update, Row(id, version, ask), ct) == 0) return await WhyNotAsync(tx, id, ct);
        }
        catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.UniqueViolation)   // visit_type_name_key is the only one an update can meet
        {
            return NameTaken();
        }
        if (await NeedsAsync(tx, id, ask, ct) is { } unknown) return unknown;
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

    /// <summary>Sets which rooms and devices will do; refuses one that the clinic does not have.</summary>
    private static async Task<Refusal?> NeedsAsync(ClinicTx tx, VisitTypeId id, VisitTypeFields ask, CancellationToken ct)
    {
        RoomId[] rooms = [.. (ask.RoomIds ?? []).Distinct()];
        DeviceId[] devices = [.. (ask.DeviceIds ?? []).Distinct()];
        tx.Queue("delete from visit_type_room where visit_type_id = @id", new { id });
        tx.Queue("delete from visit_type_device where visit_type_id = @id", new { id });
        if (rooms.Length > 0 && await tx.ExecuteAsync(InsertRooms, new { id, rooms }, ct) != rooms.Length) return Refusals.Incomplete.On("roomIds", "Choose rooms of this clinic.");
        if (devices.Length > 0 && await tx.ExecuteAsync(InsertDevices, new { id, devices }, ct) != devices.Length) return Refusals.Incomplete.On("deviceIds", "Choose devices of this clinic.");
        return null;
    }

    private static object Row(VisitTypeId id, int version, VisitTypeFields ask) => new
    {
        id, version, ask.Name, ask.Minutes, ask.Color, ask.BufferBefore, ask.BufferAfter, ask.AlignMinutes, ask.DailyCap, ask.LeadMinutes, ask.HorizonDays,
    };

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
        if (ask.BufferBefore is < 0 or > 120) refusal = refusal.On("bufferBefore", "0 to 120 minutes are kept free.");
        if (ask.BufferAfter is < 0 or > 120) refusal = refusal.On("bufferAfter", "0 to 120 minutes are kept free.");
        if (!Alignments.Contains(ask.AlignMinutes)) refusal = refusal.On("alignMinutes", "Choose 5, 10, 15, 20, 30 or 60 minutes.");
        if (ask.DailyCap is < 1 or > 100) refusal = refusal.On("dailyCap", "1 to 100 a day, or leave it empty for no limit.");
        if (ask.LeadMinutes is < 0 or > 43200) refusal = refusal.On("leadMinutes", "At most 30 days: 0 to 43200 minutes.");
        if (ask.HorizonDays is < 1 or > 730) refusal = refusal.On("horizonDays", "1 to 730 days, or leave it empty for the clinic's own.");
        return refusal;
    }

    private const string Insert = """
        insert into visit_type (id, name, minutes, color, buffer_before, buffer_after, align_minutes, daily_cap, lead_minutes, horizon_days, version)
        values (@id, @name, @minutes, @color, @bufferBefore, @bufferAfter, @alignMinutes, @dailyCap, @leadMinutes, @horizonDays, @version)
        on conflict (lower(name)) where is_active do nothing
        """;

    private const string Update = """
        update visit_type
        set name = @name, minutes = @minutes, color = @color, buffer_before = @bufferBefore, buffer_after = @bufferAfter, align_minutes = @alignMinutes,
            daily_cap = @dailyCap, lead_minutes = @leadMinutes, horizon_days = @horizonDays, version = version + 1
        where id = @id and version = @version and is_active
        """;

    private const string InsertRooms = """
        insert into visit_type_room (visit_type_id, room_id)
        select @id, room.id
        from room
        where room.id = any(@rooms) and room.is_active
        """;

    private const string InsertDevices = """
        insert into visit_type_device (visit_type_id, device_id)
        select @id, device.id
        from device
        where device.id = any(@devices) and device.is_active
        """;
}
