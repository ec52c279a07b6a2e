using Chartroom.Platform.Tenancy;

namespace Chartroom.OnlineBooking;

/// <summary>Writes to whoever asked for a visit what the desk has decided, in the same transaction. Who has been told is told again only when the decision is
/// another one: a slip that was undone must not be the last word. Visits that were not booked online are left alone.</summary>
internal sealed class TellPatient(VisitLinks links)
{
    public async Task TellAsync(ClinicTx tx, AppointmentId visit, bool isAccepted, CancellationToken ct)
    {
        if (await tx.QueryOneOrNoneAsync<Asked>(Select, new { visit, decision = isAccepted ? "accepted" : "declined" }, ct) is not { } asked) return;
        var clinic = (await tx.QueryAsync<OpenClinic>("select id, slug, name, phone from platform.clinic", null, ct)).Single();
        var to = tx.OpenForClinic<TypedDetails>(asked.Typed, TypedDetails.CellOf(asked.Id)).Email;
        var words = new VisitWords(asked.LocalStart, asked.StartsAt, asked.TimeZone, asked.ProviderName, asked.Place, asked.Address);
        tx.Enqueue(isAccepted ? Mails.Accepted(to, clinic, words, links.Give(tx, visit, asked.PatientId)) : Mails.Declined(to, clinic, words), asked.PatientId);
        tx.Queue("update online_booking set told_at = @now, told_as = @decision, seen_at = coalesce(seen_at, @now) where id = @id", new { asked.Id, decision = isAccepted ? "accepted" : "declined", now = tx.Now });
    }

    private sealed record Asked
    {
        public Guid Id { get; init; }
        public PatientId PatientId { get; init; }
        public required byte[] Typed { get; init; }
        public DateTimeOffset StartsAt { get; init; }
        public DateTime LocalStart { get; init; }
        public required string TimeZone { get; init; }
        public required string ProviderName { get; init; }
        public required string Place { get; init; }
        public string? Address { get; init; }
    }

    private const string Select = """
        select online_booking.id, online_booking.patient_id, online_booking.typed, appointment.starts_at, appointment.local_start, appointment.time_zone,
            staff.display_name as provider_name, location.name as place,
            nullif(concat_ws(', ', location.address_line, location.city, nullif(concat_ws(' ', location.state, location.postal_code), '')), '') as address
        from online_booking
        join appointment on appointment.id = online_booking.appointment_id
        join staff on staff.id = appointment.provider_id
        join location on location.id = appointment.location_id
        where online_booking.appointment_id = @visit and online_booking.state = 'done' and online_booking.typed is not null
            and online_booking.told_as is distinct from @decision
        """;
}
