using Chartroom.Patients;
using Chartroom.Platform.Tenancy;

namespace Chartroom.Insights;

/// <summary>A clinic of two zones made by dice: hours, shifts, closures, time off, and visits in every state, walked there move by move with some moves undone.</summary>
internal sealed class RandomClinic(TestClinic clinic, Random dice)
{
    public static readonly DateOnly First = new(2026, 2, 16), Last = new(2026, 3, 22);   // the clocks change on 8 March

    private static readonly Dictionary<string, string[]> Next = new()
    {
        ["booked"] = ["confirmed", "arrived", "no_show", "cancelled"], ["confirmed"] = ["arrived", "no_show", "cancelled"], ["arrived"] = ["roomed", "in_progress", "left_without_being_seen"],
        ["roomed"] = ["in_progress", "left_without_being_seen"], ["in_progress"] = ["ready_for_checkout", "completed"], ["ready_for_checkout"] = ["completed"],
        ["requested"] = ["booked", "cancelled"], ["held"] = ["booked", "cancelled"],
    };
    private readonly Guid[] providers = [clinic.Actor(ClinicRole.Provider).Staff.Value, Guid.CreateVersion7(), Guid.CreateVersion7()];
    private readonly (Guid Id, string Zone)[] locations = [(Guid.CreateVersion7(), "America/New_York"), (Guid.CreateVersion7(), "America/Los_Angeles")];
    private readonly Guid[] types = [Guid.CreateVersion7(), Guid.CreateVersion7()];

    public async Task FillAsync(int visits)
    {
        var statements = new List<string>();
        statements.AddRange(providers.Skip(1).Select((id, number) => $"insert into staff (id, display_name, role) values ('{id}', 'Colleague {number}', 'provider')"));
        statements.AddRange(locations.Select(it => $"insert into location (id, name, time_zone) values ('{it.Id}', 'At {it.Zone}', '{it.Zone}')"));
        statements.AddRange(types.Select((id, number) => $"insert into visit_type (id, name, minutes, color) values ('{id}', 'Type {number}', 20, 'blue')"));
        foreach (var provider in providers) statements.AddRange(HoursOf(provider));
        for (var number = 0; number < 5; number++) statements.Add(Closure());
        Guid[] patients = [.. (await PatientsAsync()).Select(it => it.Value)];
        for (var number = 0; number < visits; number++) statements.AddRange(Visit(patients[dice.Next(patients.Length)]));
        await clinic.RunAsync([$"set search_path = {clinic.Schema}, public", .. statements]);
    }

    private IEnumerable<string> HoursOf(Guid provider)
    {
        for (var weekday = 1; weekday <= 6; weekday++)
        {
            var from = dice.Next(7, 12);
            yield return $"insert into weekly_hours (id, staff_id, location_id, weekday, opens, closes) values ('{Guid.CreateVersion7()}', '{provider}', '{Any(locations).Id}', {weekday}, '{from}:30', '{from + dice.Next(1, 5)}:15')";
        }
        foreach (var day in new[] { 20, 29, 33 })
            yield return $"insert into shift (id, staff_id, location_id, day, opens, closes) values ('{Guid.CreateVersion7()}', '{provider}', '{Any(locations).Id}', date '{First:O}' + {day}, '09:00', '12:45')";
        for (var number = 0; number < 4; number++)
            yield return $"""
                insert into time_off (id, staff_id, kind, starts_at, ends_at, local_start, time_zone, is_active)
                values ('{Guid.CreateVersion7()}', '{provider}', 'other', {Instant(out var local)}, {local} at time zone 'UTC' + interval '{dice.Next(1, 60)} hours', {local}, 'UTC', {dice.Next(4) > 0})
                """;
    }

    private string Closure() => $"""
        insert into closure (id, location_id, name, local_from, local_until, is_active)
        values ('{Guid.CreateVersion7()}', {(dice.Next(2) == 0 ? "null" : $"'{Any(locations).Id}'")}, 'Closed', {Instant(out var local)} at time zone 'UTC', {local} + interval '{dice.Next(30, 3000)} minutes', {dice.Next(4) > 0})
        """;

    private string Instant(out string local)
    {
        local = $"(timestamp '{First:O}' + interval '{dice.Next(35 * 24 * 12) * 5} minutes')";
        return $"({local} at time zone 'UTC')";
    }

    /// <summary>A row as it was booked, then one update and one move for each step, as the program does it.</summary>
    private IEnumerable<string> Visit(Guid patient)
    {
        var (id, (place, zone)) = (Guid.CreateVersion7(), Any(locations));
        var local = First.AddDays(-2).ToDateTime(TimeOnly.MinValue).AddMinutes(dice.Next(39 * 24 * 12) * 5);
        if (local.Date == new DateTime(2026, 3, 8, 0, 0, 0, DateTimeKind.Unspecified)) local = local.AddDays(1);   // no hour that is skipped
        var status = dice.Next(10) switch { 0 => "requested", 1 => "held", _ => "booked" };
        var at = $"(timestamp '{local:O}' at time zone '{zone}')";
        yield return $"""
            insert into appointment (id, patient_id, provider_id, visit_type_id, location_id, starts_at, ends_at, local_start, time_zone, status, status_changed_at, booked_by, created_at,
                updated_at, is_overbooked, overbook_reason, held_until)
            values ('{id}', {(status == "held" && dice.Next(2) == 0 ? "null" : $"'{patient}'")}, '{Any(providers)}', '{Any(types)}', '{place}', {at}, {at} + interval '{dice.Next(1, 12) * 5} minutes', '{local:O}', '{zone}',
                '{status}', {at} - interval '9 days', '{id}', {at} - interval '{dice.Next(20, 40000)} minutes', {at}, true, 'other', {(status == "held" ? at : "null")})
            """;
        var states = new List<(string Status, int At)> { (status, -10_000) };
        yield return Move(id, 1, states[0], at);
        var minute = dice.Next(-30, 10);
        for (var version = 2; Next.TryGetValue(states[^1].Status, out var next) && dice.Next(12) > 0; version++, minute += dice.Next(1, 25))
        {
            var isUndo = states.Count > 1 && dice.Next(5) == 0;
            var state = isUndo ? states[^2] : (Status: Any(next), At: minute);
            if (status == "held" && state.Status == "booked") yield return $"update appointment set patient_id = '{patient}' where id = '{id}'";
            if (isUndo) states.RemoveAt(states.Count - 1);
            else states.Add(state);
            yield return Update(id, state, at);
            yield return Move(id, version, state, at);
        }
    }

    private string Update(Guid id, (string Status, int At) state, string start) => $"""
        update appointment
        set status = '{state.Status}', status_changed_at = {start} + interval '{state.At} minutes', held_until = {(state.Status == "held" ? start : "null")},
            cancel_reason = {(state.Status == "cancelled" ? $"'{Any(["patient_request", "rescheduled", "booked_in_error", "hold_ended", "request_declined"])}'" : "null")},
            cancelled_by = {(state.Status == "cancelled" ? "'patient'" : "null")}, is_late_cancel = {(state.Status == "cancelled" ? $"{dice.Next(2) == 0}" : "null")}
        where id = '{id}'
        """;

    private static string Move(Guid id, int version, (string Status, int At) state, string start) => $"""
        insert into appointment_move (appointment_id, version, act, at, moved_by, role, door, provider_id, location_id, starts_at, ends_at, local_start, time_zone, status, status_changed_at)
        select id, {version}, 'status', {start}, id, 'system', 'job', provider_id, location_id, starts_at, ends_at, local_start, time_zone, '{state.Status}', {start} + interval '{state.At} minutes'
        from appointment
        where id = '{id}'
        """;

    private async Task<IReadOnlyList<PatientId>> PatientsAsync()
    {
        await using var tx = await clinic.The<TenantDb>().BeginAsync(clinic.Actor(ClinicRole.Admin), Permission.EditPatients, default);
        var now = clinic.Clock.GetUtcNow();
        var made = await PatientRegister.CreateManyAsync(tx, [.. Enumerable.Range(0, 5).Select(number => new EnteredPatient(SyntheticPeople.Number(number), now, now))], "patient.created", default);
        await tx.CommitAsync(default);
        return made;
    }

    private T Any<T>(T[] from) => from[dice.Next(from.Length)];
}
