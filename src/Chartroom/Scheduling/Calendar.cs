using System.Text.RegularExpressions;
using Chartroom.Platform.Audit;
using Chartroom.Platform.Tenancy;
using Chartroom.Platform.Web;
using Npgsql;

namespace Chartroom.Scheduling;

/// <summary>What was done to a visit, as its history names it.</summary>
internal enum VisitAct { Booked, Held, Requested, Accepted, Moved, Status, Cancelled, Undone }

/// <summary>A move as its history keeps it.</summary>
/// <param name="Restores">For an undo: the version it restores, or null for the booking's own undoing.</param>
/// <param name="By">The patient, when one made it online; null: whoever acts.</param>
internal readonly record struct MoveMade(VisitAct Act, int? Restores = null, PatientId? By = null);

/// <summary>The one write path of the calendar: a visit is opened, decided upon, and kept with its move, its event and its version, or nothing happens.</summary>
internal static partial class Calendar
{
    /// <summary>
    /// Opens a visit to change it. Refused when there is none, or when it is not the version the person saw (412, with what has changed since).
    /// Changes of one clinic's calendar wait for each other from here on: two that the exclusion constraints set against each other would deadlock.
    /// Bookings do not wait: an insert that gives way cannot.
    /// </summary>
    public static async Task<Outcome<Visit>> OpenAsync(ClinicTx tx, AppointmentId id, int version, Access access, CancellationToken ct)
    {
        if (await FindForChangeAsync(tx, id, ct) is not { } visit) return Refusals.Unknown;
        tx.Audit(access, visit.PatientId);
        if (visit.Version == version) return visit;
        var seen = await tx.QueryOneOrNoneAsync<VisitState>(SelectVersion, new { id, version }, ct);
        return Versions.StaleAt(visit.Version).With("status", visit.StatusName).With("changed", ChangedSince(seen, visit));
    }

    /// <summary>A visit as it stands, or null; takes the turn. Whoever has no version to name may be overtaken, which <see cref="PutAsync"/> then finds.</summary>
    public static Task<Visit?> FindForChangeAsync(ClinicTx tx, AppointmentId id, CancellationToken ct) => tx.QueryOneOrNoneAsync<Visit>(SelectForChange, new { id }, ct);

    /// <summary>Reads a visit as it stands, or null.</summary>
    public static Task<Visit?> FindAsync(ClinicTx tx, AppointmentId id, CancellationToken ct) => tx.QueryOneOrNoneAsync<Visit>(Select, new { id }, ct);

    /// <summary>The state a visit had as that version.</summary>
    public static Task<VisitState?> FindVersionAsync(ClinicTx tx, AppointmentId id, int version, CancellationToken ct) =>
        tx.QueryOneOrNoneAsync<VisitState>(SelectVersion, new { id, version }, ct);

    /// <summary>Keeps the next state of an opened visit and commits; refused when the time, the room or the device has been taken meanwhile.</summary>
    public static async Task<Outcome<Visit>> KeepAsync(ClinicTx tx, Visit next, MoveMade how, CancellationToken ct)
    {
        var kept = await PutAsync(tx, next, how, ct);
        if (kept.IsOk) await tx.CommitAsync(ct);
        return kept;
    }

    /// <summary>Keeps it without the commit. A refusal leaves a transaction that can only be given up.</summary>
    public static async Task<Outcome<Visit>> PutAsync(ClinicTx tx, Visit next, MoveMade how, CancellationToken ct)
    {
        var kept = next with { Version = next.Version + 1 };
        try
        {
            LapsedHolds.QueueEnding(tx, kept.StartsAt, kept.EndsAt);
            if (await tx.ExecuteAsync(Update, Arguments(tx, kept, next.Version), ct) == 0) return Versions.Stale;
        }
        catch (PostgresException error) when (TakenBy(error) is { } refusal)
        {
            return refusal;
        }
        QueueMove(tx, kept, how);
        return kept with { TypeBefore = null };
    }

    /// <summary>Takes down the move that made this version; goes out with the commit.</summary>
    public static void QueueMove(ClinicTx tx, Visit visit, MoveMade how)
    {
        tx.Queue(InsertMove, MoveRow(tx, visit, how));
        tx.Announce(CalendarBell.Visit, visit.Id.ToString());
    }

    private static object MoveRow(ClinicTx tx, Visit visit, MoveMade how) => new
    {
        visit.Id, visit.Version, how.Act, how.Restores, tx.Now, person = how.By?.Value ?? tx.Actor.Person.Value, role = how.By is null ? tx.Actor.Role : ClinicRole.Patient,
        tx.Actor.Origin.Door, visit.ProviderId, visit.LocationId, visit.RoomId, visit.DeviceId, visit.StartsAt, visit.EndsAt, visit.LocalStart, visit.TimeZone,
        visit.StatusName, visit.StatusChangedAt, visit.CancelReason, visit.CancelledBy, visit.IsLateCancel, visit.IsOverbooked, visit.OverbookReason,
        visit.BufferBefore, visit.BufferAfter, visit.TypeBefore,
    };

    /// <summary>Which constraint refused, by its name in the message: the field for it stays empty through a Citus coordinator, and shards have a number behind.</summary>
    private static Refusal? TakenBy(PostgresException error)
    {
        if (error.SqlState is not (PostgresErrorCodes.ExclusionViolation or PostgresErrorCodes.ForeignKeyViolation)) return null;
        return ConstraintName().Match(error.MessageText).Groups[1].Value switch
        {
            "appointment_no_overlap" => Refusals.SlotTaken,
            "appointment_room_no_overlap" => Refusals.RoomTaken,
            "appointment_device_no_overlap" => Refusals.DeviceTaken,
            "appointment_patient_here_fkey" => Refusals.UnknownPatient,   // put away since
            _ => null,
        };
    }

    /// <summary>Names of what differs, for the person whose page is stale.</summary>
    private static string[] ChangedSince(VisitState? seen, Visit now)
    {
        if (seen is null) return [];
        var differences = new (string Name, bool IsChanged)[]
        {
            ("status", seen.StatusName != now.StatusName), ("time", seen.StartsAt != now.StartsAt || seen.EndsAt != now.EndsAt),
            ("provider", seen.ProviderId != now.ProviderId), ("location", seen.LocationId != now.LocationId), ("room", seen.RoomId != now.RoomId), ("device", seen.DeviceId != now.DeviceId),
            ("visit type", seen.VisitTypeId != now.VisitTypeId),
        };
        return [.. differences.Where(it => it.IsChanged).Select(it => it.Name)];
    }

    private static object Arguments(ClinicTx tx, Visit kept, int version) => new
    {
        kept.Id, version, next = kept.Version, kept.ProviderId, kept.LocationId, kept.RoomId, kept.StartsAt, kept.EndsAt, kept.LocalStart, kept.TimeZone,
        kept.StatusName, kept.StatusChangedAt, kept.CancelReason, kept.CancelledBy, kept.IsLateCancel, kept.DeviceId, kept.IsOverbooked, kept.OverbookReason,
        kept.BufferBefore, kept.BufferAfter, kept.VisitTypeId, tx.Now,
    };

    [GeneratedRegex(@"""(appointment_[a-z_]+?)(?:_\d{6,})?""")]
    private static partial Regex ConstraintName();

    private const string Select = """
        select id, patient_id, provider_id, visit_type_id, location_id, room_id, starts_at, ends_at, local_start, time_zone, status as status_name,
            status_changed_at, cancel_reason, cancelled_by, is_late_cancel, device_id, is_overbooked, overbook_reason, buffer_before, buffer_after, version
        from appointment
        where id = @id and patient_id is not null
        """;

    private const string SelectForChange = """
        select id, patient_id, provider_id, visit_type_id, location_id, room_id, starts_at, ends_at, local_start, time_zone, status as status_name,
            status_changed_at, cancel_reason, cancelled_by, is_late_cancel, device_id, is_overbooked, overbook_reason, buffer_before, buffer_after, version,
            pg_advisory_xact_lock(hashtextextended('appointment', hashtext(current_schema())))::text as lock
        from appointment
        where id = @id and patient_id is not null
        """;

    private const string SelectVersion = """
        select provider_id, location_id, room_id, starts_at, ends_at, local_start, time_zone, status as status_name, status_changed_at,
            cancel_reason, cancelled_by, is_late_cancel, device_id, is_overbooked, overbook_reason, buffer_before, buffer_after,
            coalesce((
                select later.visit_type_before
                from appointment_move as later
                where later.appointment_id = @id and later.version > @version and later.visit_type_before is not null
                order by later.version
                limit 1
            ), (select visit_type_id from appointment where id = @id)) as visit_type_id
        from appointment_move
        where appointment_id = @id and version = @version
        """;

    private const string Update = """
        update appointment
        set provider_id = @providerId, location_id = @locationId, room_id = @roomId, starts_at = @startsAt, ends_at = @endsAt, local_start = @localStart,
            time_zone = @timeZone, status = @statusName, status_changed_at = @statusChangedAt, cancel_reason = @cancelReason, cancelled_by = @cancelledBy,
            is_late_cancel = @isLateCancel, device_id = @deviceId, is_overbooked = @isOverbooked, overbook_reason = @overbookReason,
            buffer_before = @bufferBefore, buffer_after = @bufferAfter, visit_type_id = @visitTypeId, version = @next, updated_at = @now
        where id = @id and version = @version
        """;

    private const string InsertMove = """
        insert into appointment_move (appointment_id, version, act, restores, at, moved_by, role, door, provider_id, location_id, room_id, starts_at,
            ends_at, local_start, time_zone, status, status_changed_at, cancel_reason, cancelled_by, is_late_cancel, device_id, is_overbooked,
            overbook_reason, buffer_before, buffer_after, visit_type_before)
        values (@id, @version, @act, @restores, @now, @person, @role, @door, @providerId, @locationId, @roomId, @startsAt, @endsAt, @localStart, @timeZone,
            @statusName, @statusChangedAt, @cancelReason, @cancelledBy, @isLateCancel, @deviceId, @isOverbooked, @overbookReason, @bufferBefore, @bufferAfter,
            @typeBefore)
        """;
}
