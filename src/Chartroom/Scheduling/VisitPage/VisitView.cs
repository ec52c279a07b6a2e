using Chartroom.Patients;
using Chartroom.Platform.Tenancy;

namespace Chartroom.Scheduling;

/// <summary>One move in the words of people.</summary>
/// <param name="TypeNow">What type the visit was from then on, where the move changed it.</param>
public sealed record MoveLine(int Version, string Act, int? Restores, DateTimeOffset At, string? Who, string StatusName, DateTime LocalStart, string ProviderName, string? RoomName,
    string Role, bool IsOverbooked, string? TypeNow)
{
    public VisitStatus Status => VisitStates.Named(StatusName);

    /// <summary>Whom the history names.</summary>
    public string WhoText => Role switch { "patient" => "The patient, online", "system" => "The program", _ => Who ?? "Clinic staff" };
}

/// <summary>A room a patient can be brought to.</summary>
public sealed record RoomChoice(RoomId Id, string Name);

/// <summary>A visit with everything its page shows.</summary>
public sealed record VisitDetails(Visit Visit, VisitFacts Facts, PatientLine? Patient, string? Reason, IReadOnlyList<MoveLine> Moves, IReadOnlyList<RoomChoice> Rooms,
    DateTimeOffset Now)
{
    public string? RoomName => Rooms.FirstOrDefault(room => room.Id == Visit.RoomId)?.Name;
    public string? DeviceName { get; init; }
    /// <summary>All, in the clinic's order.</summary>
    public IReadOnlyList<CancelReason> CancelReasons { get; init; } = [];
    public string PatientName => Patient?.Name ?? "Deleted patient";
    public DateOnly Today => ClinicTime.TodayAt(Now, Visit.TimeZone);

    /// <summary>False once the booking itself was undone.</summary>
    public bool CanUndo => !UndoRules.TargetOf([.. Moves.Select(move => new KeptMove(move.Version, move.Act, move.Restores))]).IsNone;
}

/// <summary>Reads a visit for its page: facts, patient, reason, history.</summary>
internal sealed class VisitViewHandler(TenantDb db)
{
    public async Task<Outcome<VisitDetails>> HandleAsync(AppointmentId id, Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.SeeAppointments, ct);
        if (await Calendar.FindAsync(tx, id, ct) is not { } visit || await Visits.FindAsync(tx, id, ct) is not { } facts) return Refusals.Unknown;
        var cancelReasons = CancelReasons.Ask(tx);
        var moves = await tx.QueryAsync<MoveLine>(SelectMoves, new { id }, ct);
        var rooms = await tx.QueryAsync<RoomChoice>(SelectRooms, new { visit.LocationId }, ct);
        var device = visit.DeviceId is { } had ? (await tx.QueryAsync<string>(SelectDevice, new { device = had }, ct)).FirstOrDefault() : null;
        var access = new Platform.Audit.Access("appointment.read", "appointment", id.Value);
        var patient = (await PatientRegister.NamesOnRecordAsync(tx, [visit.PatientId], access, ct)).GetValueOrDefault(visit.PatientId);
        var reason = await ReasonAsync(tx, visit, access, ct);
        var reasons = await cancelReasons.ReadAsync(ct);
        await tx.CommitAsync(ct);
        return new VisitDetails(visit, facts, patient, reason, moves, rooms, tx.Now) { DeviceName = device, CancelReasons = reasons };
    }

    private static async Task<string?> ReasonAsync(ClinicTx tx, Visit visit, Platform.Audit.Access access, CancellationToken ct)
    {
        var envelope = (await tx.QueryAsync<SealedReason>(SelectReason, new { visit.Id }, ct)).Single().Reason;
        return envelope is not null && await tx.OpenPatientAsync(visit.PatientId, access, ct) is { } key ? key.Open<string>(envelope, VisitReason.CellOf(visit.Id)) : null;
    }

    private sealed record SealedReason(byte[]? Reason);

    private const string SelectReason = """
        select reason
        from appointment
        where id = @id
        """;

    private const string SelectMoves = """
        select move.version, move.act, move.restores, move.at, mover.display_name as who, move.status as status_name, move.local_start,
            staff.display_name as provider_name, room.name as room_name,
            move.role, move.is_overbooked,
            case when move.visit_type_before is not null then (
                select visit_type.name
                from visit_type
                where visit_type.id = coalesce((
                    select later.visit_type_before
                    from appointment_move as later
                    where later.appointment_id = @id and later.version > move.version and later.visit_type_before is not null
                    order by later.version
                    limit 1
                ), (select visit_type_id from appointment where id = @id))
            ) end as type_now
        from appointment_move as move
        join staff on staff.id = move.provider_id
        left join staff as mover on mover.id = move.moved_by
        left join room on room.id = move.room_id
        where move.appointment_id = @id
        order by move.version
        """;

    private const string SelectDevice = """
        select name
        from device
        where id = @device
        """;

    private const string SelectRooms = """
        select id, name
        from room
        where location_id = @locationId and is_active
        order by name, id
        """;
}
