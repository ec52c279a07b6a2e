using Chartroom.Platform.Tenancy;

namespace Chartroom.Scheduling;

/// <summary>Holds whose time is over: they stand in nobody's way, and end by themselves.</summary>
internal static class LapsedHolds
{
    /// <summary>Ends those that meet that time, in whoever's way they are; goes out with the next statement, which then finds the time free.</summary>
    public static void QueueEnding(ClinicTx tx, DateTimeOffset from, DateTimeOffset to) => tx.Queue(End, Arguments(tx, null, (from, to)));

    /// <summary>Ends one hold, lapsed or not; answers nothing.</summary>
    public static void QueueRelease(ClinicTx tx, AppointmentId hold) => tx.Queue(End, Arguments(tx, hold, (tx.Now, tx.Now)));

    /// <summary>Once an hour those that nobody was in the way of are ended too, so that none stays for good.</summary>
    public static ClinicChore Sweep { get; } = new(End, (clinic, now) => new
    {
        now, only = (Guid?)null, from = now.AddYears(-1), to = now.AddYears(6), person = clinic.Value, role = ClinicRole.System, door = "job",
    });

    private static object Arguments(ClinicTx tx, AppointmentId? only, (DateTimeOffset From, DateTimeOffset To) when) =>
        new { tx.Now, only, from = when.From.AddHours(-2), to = when.To.AddHours(2), tx.Actor.Person, tx.Actor.Role, tx.Actor.Origin.Door };   // 2 h: the longest buffers

    private const string End = """
        with lapsed as (
            update appointment
            set status = 'cancelled', held_until = null, cancel_reason = 'hold_ended', cancelled_by = 'system', is_late_cancel = false,
                status_changed_at = @now, version = version + 1, updated_at = @now
            where status = 'held' and (id = @only or (@only::uuid is null and held_until <= @now
                and keeps_busy && tsrange(@from::timestamptz at time zone 'UTC', @to::timestamptz at time zone 'UTC')))
            returning id, version, provider_id, location_id, room_id, device_id, starts_at, ends_at, local_start, time_zone, status, status_changed_at,
                cancel_reason, cancelled_by, is_late_cancel, is_overbooked, overbook_reason, buffer_before, buffer_after)
        insert into appointment_move (appointment_id, version, act, at, moved_by, role, door, provider_id, location_id, room_id, device_id, starts_at, ends_at,
            local_start, time_zone, status, status_changed_at, cancel_reason, cancelled_by, is_late_cancel, is_overbooked, overbook_reason, buffer_before, buffer_after)
        select id, version, 'cancelled', @now, @person, @role, @door, provider_id, location_id, room_id, device_id, starts_at, ends_at, local_start, time_zone,
            status, status_changed_at, cancel_reason, cancelled_by, is_late_cancel, is_overbooked, overbook_reason, buffer_before, buffer_after
        from lapsed
        """;
}
