using Chartroom.Platform.Audit;
using Chartroom.Platform.Tenancy;
using Chartroom.Platform.Vault;

namespace Chartroom.Bench;

/// <summary>
/// What the big clinic has to do and has done: a task for every fifth patient, of two years, the last tenth still open. Every third open one is the program's own, for a visit that
/// was missed. In parts of a transaction each, so that a second run goes on where the first ended.
/// </summary>
internal sealed class BigTasks(TenantDb db, DateTimeOffset now)
{
    private const int PatientsEach = 5, AtOnce = 2000;
    private static readonly string[] Kinds = ["general", "call_back", "results", "paperwork"], Teams = ["front_desk", "front_desk", "front_desk", "provider", "admin"];
    private static readonly string[] Words = ["Ask for the old records", "Call back about the referral", "Results of the blood count are to be discussed", "Form for the employer", "Insurance asks for a letter"];

    /// <summary>How many tasks were made.</summary>
    public async Task<int> MakeAsync(Actor actor, BigPlaces places, IReadOnlyList<PatientId> patients, CancellationToken ct)
    {
        var (wanted, made) = (patients.Count / PatientsEach, 0);
        var missed = await MissedAsync(actor, wanted / 30, ct);
        for (var from = await CountAsync(actor, ct); from < wanted;)
        {
            var part = Math.Min(AtOnce, wanted - from);
            await AddAsync(actor, places, [.. Enumerable.Range(from, part).Select(number => new Whose(number, (number - (wanted - (wanted / 10))) is var open and >= 0 ? open : null, patients[number * PatientsEach]))], missed, ct);
            (from, made) = (from + part, made + part);
        }
        return made;
    }

    private async Task AddAsync(Actor actor, BigPlaces places, IReadOnlyList<Whose> part, IReadOnlyList<Missed> missed, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.BookAppointments, ct);
        var access = new Access("task.filled", "task");
        var keys = await tx.OpenPatientsAsync([.. part.Select(it => it.Patient)], access, ct);
        tx.Audit(access);
        var dice = new Random(part[0].Number);   // a fixed seed; nothing secret hangs on it
        await tx.CopyAsync(Copy, part.Select(it => it.Open is { } open && open % 3 == 0 && open / 3 < missed.Count ? Rebook(missed[open / 3]) : Row(tx, places, it, keys[it.Patient], dice)), ct);
        await tx.CommitAsync(ct);
    }

    /// <summary>Every fourth is about nobody.</summary>
    private object?[] Row(ClinicTx tx, BigPlaces places, Whose whose, PatientKey key, Random dice)
    {
        var id = Guid.CreateVersion7();
        var made = whose.Open is null ? now.AddDays(-30 - (700 * dice.NextDouble())) : now.AddDays(-25 * dice.NextDouble());
        var due = DateOnly.FromDateTime(made.UtcDateTime).AddDays(dice.Next(1, 40));
        var (isOfPatient, isOfTeam, words) = (whose.Number % 4 > 0, dice.Next(100) < 70, Words[dice.Next(Words.Length)]);
        var changed = whose.Open is null ? made.AddDays(28 * dice.NextDouble()) : made;
        return
        [
            id, Kinds[dice.Next(Kinds.Length)], isOfPatient ? key.Seal(words, new("task", "words", id)) : null, isOfPatient ? key.Version : null,
            isOfPatient ? null : tx.SealForClinic(words, new("task", "own_words", id)), isOfPatient ? null : tx.ClinicKeyVersion, isOfPatient ? whose.Patient.Value : null, null, null,
            isOfTeam ? null : places.Providers[dice.Next(places.Providers.Count)], isOfTeam ? Teams[dice.Next(Teams.Length)] : null, due, dice.Next(6) == 0 ? "high" : "normal",
            whose.Open is not null ? "open" : dice.Next(12) == 0 ? "cancelled" : "done", changed, false, tx.Actor.Person.Value, made, changed,
        ];
    }

    private static object?[] Rebook(Missed visit) =>
    [
        Guid.CreateVersion7(), "rebook", null, null, null, null, visit.PatientId, visit.Id, visit.VisitTypeId, null, "front_desk", DateOnly.FromDateTime(visit.LocalStart).AddDays(1), "normal",
        "open", visit.UpdatedAt, true, null, visit.UpdatedAt, visit.UpdatedAt,
    ];

    private async Task<List<Missed>> MissedAsync(Actor actor, int most, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.SeeAppointments, ct);
        tx.Audit(new("appointment.counted", "appointment"));
        var missed = await tx.QueryAsync<Missed>("""
            select distinct on (patient_id) id, patient_id, visit_type_id, local_start, updated_at
            from appointment
            where starts_at > @since and starts_at < @now and status = 'no_show' and patient_id is not null
            order by patient_id, starts_at desc
            limit @most
            """, new { now, since = now.AddDays(-60), most }, ct);
        await tx.CommitAsync(ct);
        return missed;
    }

    private async Task<int> CountAsync(Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.SeeAppointments, ct);
        tx.Audit(new("task.counted", "task"));
        var there = await tx.QueryOneOrNoneAsync<int>("select count(*)::int from task", null, ct);
        await tx.CommitAsync(ct);
        return there;
    }

    /// <param name="Open">Which of those that are still open; null for one that is closed.</param>
    private sealed record Whose(int Number, int? Open, PatientId Patient);

    private sealed record Missed(Guid Id, Guid PatientId, Guid VisitTypeId, DateTime LocalStart, DateTimeOffset UpdatedAt);

    private const string Copy = """
        copy task (id, kind, words, words_key_version, own_words, own_words_key_version, patient_id, appointment_id, visit_type_id, assignee_id, team, due_on, priority,
            state, state_changed_at, is_by_program, made_by, created_at, updated_at)
        from stdin (format binary)
        """;
}
