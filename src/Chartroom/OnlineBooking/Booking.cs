using Chartroom.Platform.Identity;
using Chartroom.Platform.Tenancy;

namespace Chartroom.OnlineBooking;

/// <summary>How far a visitor's booking has come.</summary>
public enum BookingStage { Held, Asked, Done, Ended }

/// <summary>A row of <c>online_booking</c> with the visit's time, for its visitor: nothing of any patient.</summary>
public sealed record Booking
{
    public Guid Id { get; init; }
    public AppointmentId AppointmentId { get; init; }
    public required string State { get; init; }
    public required string PatientKind { get; init; }
    public required string Mode { get; init; }
    public DateTimeOffset HeldUntil { get; init; }
    public DateTimeOffset CreatedAt { get; init; }
    public byte[]? Typed { get; init; }
    /// <summary>Blind number of the code that was mailed.</summary>
    public long? Code { get; init; }
    public DateTimeOffset? CodeUntil { get; init; }
    public int Tries { get; init; }
    public VisitTypeId VisitTypeId { get; init; }
    public required string VisitType { get; init; }
    public required string ProviderName { get; init; }
    public DateTimeOffset StartsAt { get; init; }
    public DateTimeOffset EndsAt { get; init; }
    public DateTime LocalStart { get; init; }
    public required string TimeZone { get; init; }
    public LocationId LocationId { get; init; }
    public required string Place { get; init; }
    public string? Address { get; init; }

    public bool IsRequest => Mode == "request";

    public BookingStage StageAt(DateTimeOffset now) => State switch
    {
        "done" => BookingStage.Done,
        "held" or "asked" when HeldUntil <= now => BookingStage.Ended,
        "held" => BookingStage.Held,
        "asked" => BookingStage.Asked,
        _ => BookingStage.Ended,
    };

    /// <summary>The visitor's own, by the secret of the address; null for whatever is none.</summary>
    public static Task<Booking?> FindAsync(ClinicTx tx, string token, CancellationToken ct) =>
        tx.QueryOneOrNoneAsync<Booking>(Select, new { hash = SecretToken.HashOf(token) }, ct);

    /// <summary>The same, and nobody else changes it until the transaction ends.</summary>
    public static async Task<Booking?> TakeAsync(ClinicTx tx, string token, CancellationToken ct)
    {
        tx.Queue("select from online_booking where token_hash = @hash for update", new { hash = SecretToken.HashOf(token) });
        return await FindAsync(tx, token, ct);
    }

    private const string Select = """
        select online_booking.id, online_booking.appointment_id, online_booking.state, online_booking.patient_kind, online_booking.mode, online_booking.held_until,
            online_booking.created_at, online_booking.typed, online_booking.code, online_booking.code_until, online_booking.tries, appointment.visit_type_id, visit_type.name as visit_type,
            staff.display_name as provider_name, appointment.starts_at, appointment.ends_at, appointment.local_start, appointment.time_zone, appointment.location_id,
            location.name as place, nullif(concat_ws(', ', location.address_line, location.city, nullif(concat_ws(' ', location.state, location.postal_code), '')), '') as address
        from online_booking
        join appointment on appointment.id = online_booking.appointment_id
        join visit_type on visit_type.id = appointment.visit_type_id
        join staff on staff.id = appointment.provider_id
        join location on location.id = appointment.location_id
        where online_booking.token_hash = @hash
        """;
}
