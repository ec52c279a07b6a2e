using Chartroom.Platform.Audit;
using Chartroom.Platform.Identity;
using Chartroom.Platform.Tenancy;
using Chartroom.Platform.Web;
using Npgsql;

namespace Chartroom.Clinics;

/// <summary>What is asked of a location.</summary>
/// <param name="Name">1 to 100 characters, one active location of a name.</param>
/// <param name="TimeZone">IANA zone: the wall clock of the visits there.</param>
/// <param name="Phone">Any usual form; kept as E.164.</param>
public sealed record LocationFields(string Name, string TimeZone, string? AddressLine, string? City, string? State, string? PostalCode, string? Phone);

/// <summary>Adds, changes and closes locations. A closed one stays for the visits that were there.</summary>
internal sealed class LocationBook(TenantDb db)
{
    /// <summary>Refuses <c>clinics.incomplete</c> and <c>clinics.name-taken</c>.</summary>
    public async Task<Outcome<LocationId>> AddAsync(LocationFields ask, Actor actor, CancellationToken ct)
    {
        var wrong = WhatIsWrong(ask);
        if (wrong.Errors.Count > 0) return wrong;
        var id = LocationId.New();
        await using var tx = await db.BeginAsync(actor, Permission.ManageClinic, ct);
        if (await tx.ExecuteAsync(Insert, Row(id, 1, ask), ct) == 0) return Refusals.NameTaken.On("name", "There is a location of this name.");
        tx.Audit(new Access("location.added", "location", id.Value, Purpose.Operations));
        await tx.CommitAsync(ct);
        return id;
    }

    /// <summary>Refuses what adding refuses, <c>clinics.no-such-location</c> and <c>platform.stale-version</c>.</summary>
    public async Task<Outcome<Done>> ChangeAsync(LocationId id, int version, LocationFields ask, Actor actor, CancellationToken ct)
    {
        var wrong = WhatIsWrong(ask);
        if (wrong.Errors.Count > 0) return wrong;
        await using var tx = await db.BeginAsync(actor, Permission.ManageClinic, ct);
        try
        {
            if (await tx.ExecuteAsync(Update, Row(id, version, ask), ct) == 0) return await WhyNotAsync(tx, id, ct);
        }
        catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.UniqueViolation)   // location_name_key is the only one an update can meet
        {
            return Refusals.NameTaken.On("name", "There is a location of this name.");
        }
        tx.Audit(new Access("location.changed", "location", id.Value, Purpose.Operations));
        await tx.CommitAsync(ct);
        return Done.It;
    }

    /// <summary>Closes it and its rooms. Refuses <c>clinics.no-such-location</c> and <c>platform.stale-version</c>.</summary>
    public async Task<Outcome<Done>> CloseAsync(LocationId id, int version, Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.ManageClinic, ct);
        var closed = await tx.ExecuteAsync(
            "update location set is_active = false, version = version + 1 where id = @id and version = @version and is_active", new { id, version }, ct);
        if (closed == 0) return await WhyNotAsync(tx, id, ct);
        tx.Queue("update room set is_active = false, version = version + 1 where location_id = @id and is_active", new { id });
        tx.Queue("update device set is_active = false, version = version + 1 where location_id = @id and is_active", new { id });
        tx.Audit(new Access("location.closed", "location", id.Value, Purpose.Operations));
        await tx.CommitAsync(ct);
        return Done.It;
    }

    private static async Task<Refusal> WhyNotAsync(ClinicTx tx, LocationId id, CancellationToken ct)
    {
        var current = await tx.QueryAsync<int>("select version from location where id = @id and is_active", new { id }, ct);
        return current is [var version] ? Versions.StaleAt(version) : Refusals.NoSuchLocation;
    }

    private static Refusal WhatIsWrong(LocationFields ask)
    {
        var refusal = Refusals.Incomplete;
        if (ask.Name.Length is 0 or > 100) refusal = refusal.On("name", "Give it a name of at most 100 characters.");
        if (!ClinicTime.IsZone(ask.TimeZone)) refusal = refusal.On("timeZone", "Choose a time zone of the list.");
        if (ask.AddressLine?.Length > 200) refusal = refusal.On("addressLine", "At most 200 characters.");
        if (ask.City?.Length > 100) refusal = refusal.On("city", "At most 100 characters.");
        if (ask.State?.Length > 50) refusal = refusal.On("state", "At most 50 characters.");
        if (ask.PostalCode?.Length > 20) refusal = refusal.On("postalCode", "At most 20 characters.");
        if (ask.Phone is { Length: > 0 } && PhoneNumber.Read(ask.Phone) is null) refusal = refusal.On("phone", "This is not a telephone number. It looks like (303) 555-0123.");
        return refusal;
    }

    private static object Row(LocationId id, int version, LocationFields ask) =>
        new { id, version, ask.Name, ask.TimeZone, ask.AddressLine, ask.City, ask.State, ask.PostalCode, phone = PhoneNumber.Read(ask.Phone)?.Value };

    private const string Insert = """
        insert into location (id, name, time_zone, address_line, city, state, postal_code, phone, version)
        values (@id, @name, @timeZone, @addressLine, @city, @state, @postalCode, @phone, @version)
        on conflict (lower(name)) where is_active do nothing
        """;

    private const string Update = """
        update location
        set name = @name, time_zone = @timeZone, address_line = @addressLine, city = @city, state = @state, postal_code = @postalCode, phone = @phone,
            version = version + 1
        where id = @id and version = @version and is_active
        """;
}
