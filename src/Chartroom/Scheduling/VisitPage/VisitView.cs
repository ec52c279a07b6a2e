using Chartroom.Patients;
using Chartroom.Platform.Tenancy;

namespace Chartroom.Scheduling;

/// <summary>One move in the words of people.</summary>
public sealed record MoveLine
{
    public int Version { get; init; }
    public required string Act { get; init; }
    public int? Restores { get; init; }
    public DateTimeOffset At { get; init; }
    public string? Who { get; init; }
    public required string StatusName { get; init; }
    public DateTime LocalStart { get; init; }
    public required string ProviderName { get; init; }
    public string? RoomName { get; init; }
    public required string Role { get; init; }
    /// <summary>From which door: <c>page</c>, <c>api</c>, <c>online</c> and others.</summary>
    public required string Door { get; init; }
    public bool IsOverbooked { get; init; }
    public string? CancelReason { get; init; }
    public string? CancelledBy { get; init; }
    public bool IsLateCancel { get; init; }
    /// <summary>Of which type the visit was until this move, where it changed that.</summary>
    public string? TypeBefore { get; init; }
    /// <summary>Of which type it was from then on, where it changed that.</summary>
    public string? TypeNow { get; init; }

    public VisitStatus Status => VisitStates.Named(StatusName);

    /// <summary>Whom the history names.</summary>
    public string WhoText => Role switch { "patient" => "The patient, online", "system" => "The program", _ => $"{Who ?? "Clinic staff"}{DoorText}" };

    /// <summary>Nothing for the pages that everybody uses.</summary>
    private string? DoorText => Door switch { "page" => null, "api" => ", by a program", "cli" => ", at the server", var door => $", {door}" };

    /// <summary>The moves with the types that they led to: what a move left is what the one before it had led to.</summary>
    /// <param name="moves">Oldest first.</param>
    /// <param name="type">Of which type the visit is now.</param>
    public static IReadOnlyList<MoveLine> WithTypes(IReadOnlyList<MoveLine> moves, string type)
    {
        var lines = new MoveLine[moves.Count];
        for (var at = moves.Count - 1; at >= 0; at--)
        {
            lines[at] = moves[at].TypeBefore is null ? moves[at] : moves[at] with { TypeNow = type };
            type = moves[at].TypeBefore ?? type;
        }
        return lines;
    }
}

/// <summary>A room a patient can be brought to.</summary>
public sealed record RoomChoice(RoomId Id, string Name);

/// <summary>Where a visit takes place, as it is told to people outside.</summary>
public sealed record VisitPlace(string ClinicName, string? Address, string? Phone);

/// <summary>A visit with everything its page shows.</summary>
public sealed record VisitDetails(Visit Visit, VisitFacts Facts, PatientLine? Patient, string? Reason, IReadOnlyList<MoveLine> Moves, IReadOnlyList<RoomChoice> Rooms,
    DateTimeOffset Now)
{
    public string? RoomName => Rooms.FirstOrDefault(room => room.Id == Visit.RoomId)?.Name;
    public string? DeviceName { get; init; }
    /// <summary>All, in the clinic's order.</summary>
    public IReadOnlyList<CancelReason> CancelReasons { get; init; } = [];
    public required VisitPlace Place { get; init; }
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
        var moves = MoveLine.WithTypes(await tx.QueryAsync<MoveLine>(SelectMoves, new { id }, ct), facts.VisitType);
        var rooms = await tx.QueryAsync<RoomChoice>(SelectRooms, new { visit.LocationId }, ct);
        var place = (await tx.QueryAsync<VisitPlace>(SelectPlace, new { visit.LocationId }, ct)).Single();
        var device = visit.DeviceId is { } had ? (await tx.QueryAsync<string>(SelectDevice, new { device = had }, ct)).FirstOrDefault() : null;
        var access = new Platform.Audit.Access("appointment.read", "appointment", id.Value);
        var patient = (await PatientRegister.NamesOnRecordAsync(tx, [visit.PatientId], access, ct)).GetValueOrDefault(visit.PatientId);
        var reason = await ReasonAsync(tx, visit, access, ct);
        var reasons = await cancelReasons.ReadAsync(ct);
        await tx.CommitAsync(ct);
        return new VisitDetails(visit, facts, patient, reason, moves, rooms, tx.Now) { DeviceName = device, CancelReasons = reasons, Place = place };
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
            move.role, move.door, move.is_overbooked, move.cancel_reason, move.cancelled_by, move.is_late_cancel, visit_type.name as type_before
        from appointment_move as move
        join staff on staff.id = move.provider_id
        left join staff as mover on mover.id = move.moved_by
        left join room on room.id = move.room_id
        left join visit_type on visit_type.id = move.visit_type_before
        where move.appointment_id = @id
        order by move.version
        """;

    private const string SelectPlace = """
        select clinic.name as clinic_name,
            nullif(concat_ws(', ', location.address_line, location.city, nullif(concat_ws(' ', location.state, location.postal_code), '')), '') as address,
            coalesce(location.phone, clinic.phone) as phone
        from location
        cross join platform.clinic
        where location.id = @locationId
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
