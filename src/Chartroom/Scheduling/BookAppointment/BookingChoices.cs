using Chartroom.Patients;
using Chartroom.Platform.Tenancy;
using Chartroom.Shell;

namespace Chartroom.Scheduling;

/// <summary>One choice of a booking form's list.</summary>
public sealed record Choice(Guid Id, string Name, Guid? LocationId, int? Minutes)
{
    public SelectField.Option Option => new(Id.ToString(), Minutes is null ? Name : $"{Name} · {Minutes} min");
}

/// <summary>What a booking or moving form offers.</summary>
/// <param name="Patient">Who is to be booked, once chosen.</param>
/// <param name="Today">The calendar day it is at the first location.</param>
public sealed record BookingChoices(IReadOnlyList<Choice> Providers, IReadOnlyList<Choice> VisitTypes, IReadOnlyList<Choice> Locations, IReadOnlyList<Choice> Rooms,
    IReadOnlyList<Choice> Devices, PatientLine? Patient, DateOnly Today)
{
    /// <summary>Rooms by name, with their location where there are several.</summary>
    public IReadOnlyList<SelectField.Option> RoomOptions => Options(Rooms, "No certain room");

    /// <inheritdoc cref="RoomOptions"/>
    public IReadOnlyList<SelectField.Option> DeviceOptions => Options(Devices, "No certain device");

    private IReadOnlyList<SelectField.Option> Options(IReadOnlyList<Choice> things, string none) =>
    [
        new("", none),
        .. things.Select(thing => new SelectField.Option(thing.Id.ToString(),
            Locations.Count > 1 ? $"{thing.Name}, {Locations.FirstOrDefault(location => location.Id == thing.LocationId)?.Name}" : thing.Name)),
    ];
}

/// <summary>Reads the lists of a booking form, and opens the patient it is for.</summary>
internal sealed class BookingChoicesHandler(TenantDb db)
{
    public async Task<Outcome<BookingChoices>> HandleAsync(PatientId? patient, Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.BookAppointments, ct);
        var rows = await tx.QueryAsync<Row>(Select, null, ct);
        var opened = new Platform.Audit.Access("booking.opened", "booking");
        var line = patient is { } id ? (await PatientRegister.NamesAsync(tx, [id], opened, ct)).GetValueOrDefault(id) : null;
        if (patient is null) tx.Audit(opened);
        await tx.CommitAsync(ct);
        if (patient is not null && line is null) return Refusals.UnknownPatient;
        var zone = rows.Find(row => row.Kind == "location")?.TimeZone ?? "UTC";
        return new BookingChoices(Of(rows, "provider"), Of(rows, "visit_type"), Of(rows, "location"), Of(rows, "room"), Of(rows, "device"), line, ClinicTime.TodayAt(tx.Now, zone));
    }

    private static List<Choice> Of(List<Row> rows, string kind) =>
        [.. rows.Where(row => row.Kind == kind).Select(row => new Choice(row.Id, row.Name, row.LocationId, row.Minutes))];

    private sealed record Row(string Kind, Guid Id, string Name, Guid? LocationId, int? Minutes, string? TimeZone);

    private const string Select = """
        select 'provider' as kind, id, display_name as name, null::uuid as location_id, null::int as minutes, null::text as time_zone
        from staff where is_provider and is_active
        union all
        select 'visit_type', id, name, null, minutes, null
        from visit_type where is_active
        union all
        select 'location', id, name, null, null, time_zone
        from location where is_active
        union all
        select 'room', room.id, room.name, room.location_id, null, null
        from room join location on location.id = room.location_id and location.is_active where room.is_active
        union all
        select 'device', device.id, device.name, device.location_id, null, null
        from device join location on location.id = device.location_id and location.is_active where device.is_active
        order by 1, 3, 2
        """;
}
