using Chartroom.Platform.Audit;
using Chartroom.Platform.Tenancy;
using Chartroom.Platform.Web;

namespace Chartroom.Tasks;

/// <summary>A task as somebody writes it down, or changes it.</summary>
/// <param name="Words">What is to be done, 1 to 500 characters; kept sealed. May be absent only for a task of the program.</param>
/// <param name="AssigneeId">Who is to do it; absent with <paramref name="Team"/>. Both absent: the writer.</param>
/// <param name="DueOn">By which calendar day of the clinic, within ten years.</param>
/// <param name="PatientId">About whom.</param>
/// <param name="VisitId">About which visit; its patient counts.</param>
/// <param name="RepeatEvery">Comes again every so many <paramref name="RepeatUnit"/>s, 1 to 365; needs a day.</param>
public sealed record WriteTask(string? Words, TaskKind Kind = TaskKind.General, StaffId? AssigneeId = null, Team? Team = null, DateOnly? DueOn = null,
    TaskPriority Priority = TaskPriority.Normal, PatientId? PatientId = null, AppointmentId? VisitId = null, int? RepeatEvery = null, RepeatUnit? RepeatUnit = null);

/// <summary>Writes tasks down and changes them. Words about a patient are sealed under the patient's key, others under the clinic's.</summary>
internal sealed class WriteTaskHandler(TenantDb db)
{
    private const int LongestWords = 500;

    public async Task<Outcome<DeskTask>> WriteAsync(WriteTask ask, Actor actor, CancellationToken ct)
    {
        if (Judge(ask, isByProgram: false) is { } wrong) return wrong;
        var id = Guid.CreateVersion7();
        var access = new Access("task.written", "task", id);
        await using var tx = await db.BeginAsync(actor, Permission.BookAppointments, ct);
        tx.Audit(access);
        var found = await FindAsync(tx, ask, ct);
        if (!found.IsOk) return found.Refusal;
        var sealedWords = await SealAsync(tx, id, ask.Words, found.Value.Patient, access, ct);
        if (!sealedWords.IsOk) return sealedWords.Refusal;
        await tx.ExecuteAsync(Insert, Row(id, ask, found.Value, sealedWords.Value, tx), ct);
        return await AnswerAsync(tx, id, access, ct);
    }

    public async Task<Outcome<DeskTask>> ChangeAsync(Guid id, int version, WriteTask ask, Actor actor, CancellationToken ct)
    {
        var access = new Access("task.changed", "task", id);
        await using var tx = await db.BeginAsync(actor, Permission.BookAppointments, ct);
        if (await TaskReads.FindAsync(tx, id, ct) is not { } row) return Refusals.Unknown;
        tx.Audit(access, row.PatientId is { } about ? [about] : []);
        if (row.Version != version) return Versions.StaleAt(row.Version);
        if (row.State != "open") return Refusals.Closed;
        if (row.IsByProgram) ask = ask with { PatientId = row.PatientId, VisitId = row.AppointmentId, Kind = TaskKind.Rebook };   // whose and why is not for people to change
        if (Judge(ask, row.IsByProgram) is { } wrong) return wrong;
        var found = await FindAsync(tx, ask, ct);
        if (!found.IsOk) return found.Refusal;
        var sealedWords = await SealAsync(tx, id, ask.Words, found.Value.Patient, access, ct);
        if (!sealedWords.IsOk) return sealedWords.Refusal;
        if (await tx.ExecuteAsync(Update, Changed(row, ask, found.Value, sealedWords.Value, tx), ct) == 0) return Versions.Stale;
        return await AnswerAsync(tx, id, access, ct);
    }

    /// <summary>What is wrong with it, apart from the database.</summary>
    internal static Refusal? Judge(WriteTask ask, bool isByProgram)
    {
        if (string.IsNullOrWhiteSpace(ask.Words) && !isByProgram) return Refusals.Invalid.On("words", "Write what is to be done.");
        if (ask.Words?.Trim().Length > LongestWords) return Refusals.Invalid.On("words", $"Write at most {LongestWords} characters.");
        if (ask is { AssigneeId: not null, Team: not null }) return Refusals.Invalid.On("team", "Choose a person or a team, not both.");
        if (ask.DueOn is { Year: < 2000 or > 2100 }) return Refusals.Invalid.On("dueOn", "Choose a day of this century.");
        if (ask.RepeatEvery is < 1 or > 365) return Refusals.Invalid.On("repeatEvery", "Choose 1 to 365.");
        return ask is { RepeatEvery: not null, DueOn: null } ? Refusals.Invalid.On("dueOn", "A task that comes again needs its first day.") : null;
    }

    /// <summary>Whom it is about and whether who and what it names are known.</summary>
    private static async Task<Outcome<Found>> FindAsync(ClinicTx tx, WriteTask ask, CancellationToken ct)
    {
        var found = (await tx.QueryAsync<Found>(SelectFound, new { ask.PatientId, ask.VisitId, ask.AssigneeId }, ct)).Single();
        if (!found.IsAssigneeKnown) return Refusals.UnknownAssignee.On("assigneeId", Refusals.UnknownAssignee.Title);
        if (!found.IsPatientKnown) return Refusals.UnknownPatient.On("patientId", Refusals.UnknownPatient.Title);
        if (ask.VisitId is not null && (found.VisitPatient is null || (ask.PatientId is { } said && said != found.VisitPatient)))
            return Refusals.UnknownVisit.On("visitId", Refusals.UnknownVisit.Title);
        return found with { Patient = ask.PatientId ?? found.VisitPatient };
    }

    private static async Task<Outcome<SealedWords>> SealAsync(ClinicTx tx, Guid id, string? words, PatientId? patient, Access access, CancellationToken ct)
    {
        if (string.IsNullOrWhiteSpace(words)) return new SealedWords(null, null, null);
        if (patient is not { } about) return new SealedWords(null, null, tx.SealForClinic(words.Trim(), TaskRow.OwnCellOf(id)));
        if (await tx.OpenPatientAsync(about, access, ct) is not { } key) return Refusals.UnknownPatient.On("patientId", Refusals.UnknownPatient.Title);
        return new SealedWords(key.Seal(words.Trim(), TaskRow.CellOf(id)), key.Version, null);
    }

    private static object Row(Guid id, WriteTask ask, Found found, SealedWords words, ClinicTx tx) => new
    {
        id, ask.Kind, words.Words, wordsKeyVersion = words.KeyVersion, words.OwnWords, ownKeyVersion = words.OwnWords is null ? null : (int?)tx.ClinicKeyVersion, found.Patient, ask.VisitId,
        assignee = AssigneeOf(ask, tx), ask.Team, ask.DueOn, ask.Priority, ask.RepeatEvery, unit = UnitOf(ask), repeatFrom = ask.RepeatEvery is null ? null : ask.DueOn,
        me = tx.Actor.Person, tx.Now,
    };

    private static object Changed(TaskRow row, WriteTask ask, Found found, SealedWords words, ClinicTx tx) => new
    {
        row.Id, row.Version, ask.Kind, words.Words, wordsKeyVersion = words.KeyVersion, words.OwnWords, ownKeyVersion = words.OwnWords is null ? null : (int?)tx.ClinicKeyVersion, found.Patient, ask.VisitId,
        assignee = AssigneeOf(ask, tx), ask.Team, ask.DueOn, ask.Priority, ask.RepeatEvery, unit = UnitOf(ask), repeatFrom = FromOf(row, ask), tx.Now,
    };

    private static StaffId? AssigneeOf(WriteTask ask, ClinicTx tx) => ask.Team is null ? ask.AssigneeId ?? tx.Actor.Staff : null;

    private static RepeatUnit? UnitOf(WriteTask ask) => ask.RepeatEvery is null ? null : ask.RepeatUnit ?? RepeatUnit.Weeks;

    /// <summary>The series is counted anew when its day or its step was changed.</summary>
    private static DateOnly? FromOf(TaskRow row, WriteTask ask)
    {
        if (ask.RepeatEvery is null) return null;
        var isSame = row.DueOn == ask.DueOn && row.RepeatEvery == ask.RepeatEvery && row.RepeatUnit is { } unit && Named.As<RepeatUnit>(unit) == UnitOf(ask);
        return isSame ? row.RepeatFrom : ask.DueOn;
    }

    private static async Task<Outcome<DeskTask>> AnswerAsync(ClinicTx tx, Guid id, Access access, CancellationToken ct)
    {
        var row = (await TaskReads.FindAsync(tx, id, ct))!;   // written two lines up
        var task = (await TaskReads.OpenAsync(tx, [row], await TaskReads.TodayAsync(tx, ct), access, ct))[0];
        await tx.CommitAsync(ct);
        return task;
    }

    private sealed record SealedWords(byte[]? Words, int? KeyVersion, byte[]? OwnWords);

    private sealed record Found
    {
        public bool IsAssigneeKnown { get; init; }
        public bool IsPatientKnown { get; init; }
        public PatientId? VisitPatient { get; init; }
        public PatientId? Patient { get; init; }
    }

    private const string SelectFound = """
        select @assigneeId::uuid is null or exists (select from staff where id = @assigneeId and is_active) as is_assignee_known,
            @patientId::uuid is null or exists (select from patient where id = @patientId and is_here) as is_patient_known,
            (select patient_id from appointment where id = @visitId) as visit_patient
        """;

    private const string Insert = """
        insert into task (id, kind, words, words_key_version, own_words, own_words_key_version, patient_id, appointment_id, assignee_id, team, due_on, priority,
            repeat_every, repeat_unit, repeat_from, state, state_changed_at, state_changed_by, made_by, created_at, updated_at)
        values (@id, @kind, @words, @wordsKeyVersion, @ownWords, @ownKeyVersion,
            @patient, @visitId, @assignee, @team, @dueOn, @priority, @repeatEvery, @unit, @repeatFrom, 'open', @now, @me, @me, @now, @now)
        """;

    private const string Update = """
        update task
        set kind = @kind, words = @words, words_key_version = @wordsKeyVersion, own_words = @ownWords,
            own_words_key_version = @ownKeyVersion,
            patient_id = @patient, appointment_id = @visitId, assignee_id = @assignee, team = @team, due_on = @dueOn, priority = @priority,
            repeat_every = @repeatEvery, repeat_unit = @unit, repeat_from = @repeatFrom, version = version + 1, updated_at = @now
        where id = @id and version = @version and state = 'open'
        """;
}
