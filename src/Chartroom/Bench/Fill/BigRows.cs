using Chartroom.Platform.Tenancy;
using Chartroom.Platform.Vault;
using Chartroom.Scheduling;

namespace Chartroom.Bench;

/// <summary>Visits of one provider as rows for COPY.</summary>
internal sealed class BigRows(ClinicTx tx, BigPlaces places, IReadOnlyList<PatientId> patients, IReadOnlyDictionary<PatientId, PatientKey> opened)
{
    private static readonly string[] Reasons = ["Blood pressure check", "Knee pain", "Medication refill", "Cough for a week", "Diabetes follow-up", "Headaches", "Yearly physical", "Rash", "Lab results"];

    private readonly Guid person = tx.Actor.Person.Value;

    public const string CopyVisits = """
        copy appointment (id, patient_id, provider_id, visit_type_id, location_id, room_id, device_id, starts_at, ends_at, local_start, time_zone, status,
            status_changed_at, cancel_reason, cancelled_by, is_late_cancel, reason, reason_key_version, version, booked_by, created_at, updated_at,
            arrived_at, taken_at, seen_at, ready_at, done_at)
        from stdin (format binary)
        """;

    public const string CopyMoves = """
        copy appointment_move (appointment_id, version, act, at, moved_by, role, door, provider_id, location_id, room_id, device_id, starts_at, ends_at,
            local_start, time_zone, status, status_changed_at, cancel_reason, cancelled_by, is_late_cancel)
        from stdin (format binary)
        """;

    public object?[] Visit(Guid id, BigVisit visit)
    {
        var patient = patients[visit.Patient];
        var key = opened.GetValueOrDefault(patient);
        var since = visit.Moves.Last(move => move.Act != "moved").At;
        return
        [
            id, patient.Value, places.Providers[visit.Provider], places.Types[visit.Type], places.LocationOf(visit.Provider), places.Rooms[visit.Provider], DeviceOf(visit),
            visit.Start, visit.End, visit.Local, visit.Zone, visit.Last.Status, since, visit.Cancel?.Reason, visit.Cancel?.By, visit.Cancel?.IsLate,
            key?.Seal(Reasons[visit.Patient % Reasons.Length], VisitReason.CellOf(new(id))), key?.Version, visit.Moves.Count, person, visit.Moves[0].At, visit.Last.At,
            AtOf(visit, "arrived"), AtOf(visit, "roomed"), AtOf(visit, "in_progress"), AtOf(visit, "ready_for_checkout"), AtOf(visit, "completed"),
        ];
    }

    public IEnumerable<object?[]> Moves(Guid id, BigVisit visit)
    {
        var since = visit.Moves[0].At;
        for (var number = 0; number < visit.Moves.Count; number++)
        {
            var move = visit.Moves[number];
            if (move.Act != "moved") since = move.At;
            var cancel = move.Act == "cancelled" ? visit.Cancel : null;
            yield return
            [
                id, number + 1, move.Act, move.At, person, "system", "cli", places.Providers[visit.Provider], places.LocationOf(visit.Provider), places.Rooms[visit.Provider],
                DeviceOf(visit), visit.Start + move.Shift, visit.End + move.Shift, visit.Local + move.Shift, visit.Zone, move.Status, since, cancel?.Reason, cancel?.By, cancel?.IsLate,
            ];
        }
    }

    private static DateTimeOffset? AtOf(BigVisit visit, string status) => visit.Moves.Where(move => move.Status == status).Select(move => (DateTimeOffset?)move.At).FirstOrDefault();

    private object? DeviceOf(BigVisit visit) => BigPlan.Types[visit.Type].NeedsDevice ? places.Devices[visit.Provider] : null;
}
