using Chartroom.Patients;
using Chartroom.Platform.Audit;
using Chartroom.Platform.Tenancy;
using Chartroom.Platform.Vault;
using Chartroom.Platform.Web;

namespace Chartroom.Tasks;

/// <summary>Somebody to be asked in again.</summary>
/// <param name="DueOn">From that day on; with <paramref name="IsMonth"/> some time in its month. Within ten years.</param>
/// <param name="Reason">Why, at most 500 characters; kept sealed.</param>
public sealed record WriteRecall(PatientId PatientId, VisitTypeId VisitTypeId, DateOnly DueOn, bool IsMonth = false, StaffId? ProviderId = null, string? Reason = null);

/// <summary>A try to reach them.</summary>
/// <param name="Note">At most 500 characters; kept sealed.</param>
public sealed record WriteAttempt(AttemptHow How, AttemptOutcome Outcome, string? Note = null);

/// <summary>A recall's page: who, why, every try.</summary>
public sealed record RecallDetails(Recall Recall, PatientLine? Patient, IReadOnlyList<RecallAttempt> Attempts, DateOnly Today);

/// <summary>Writes recalls down, takes down each try, and gives them up. A booking of the kind closes one by itself.</summary>
internal sealed class RecallHandler(TenantDb db)
{
    internal const string Read = "recall.read";
    private const int Longest = 500;

    public async Task<Outcome<Recall>> WriteAsync(WriteRecall ask, Actor actor, CancellationToken ct)
    {
        if (ask.Reason?.Trim().Length > Longest) return Refusals.Invalid.On("reason", $"Write at most {Longest} characters.");
        if (ask.DueOn is { Year: < 2000 or > 2100 }) return Refusals.Invalid.On("dueOn", "Choose a day of this century.");
        var id = Guid.CreateVersion7();
        var access = new Access("recall.written", "recall", id);
        await using var tx = await db.BeginAsync(actor, Permission.BookAppointments, ct);
        tx.Audit(access, ask.PatientId);
        var known = (await tx.QueryAsync<Known>(SelectKnown, new { ask.VisitTypeId, ask.ProviderId }, ct)).Single();
        if (!known.IsType) return Refusals.Invalid.On("visitTypeId", "Choose a visit type that the clinic offers.");
        if (!known.IsProvider) return Refusals.UnknownAssignee.On("providerId", "Choose a provider of this clinic.");
        if (!await PatientRegister.HoldAsync(tx, ask.PatientId, ct)
            || await tx.OpenPatientAsync(ask.PatientId, access, ct) is not { } key) return Refusals.UnknownPatient.On("patientId", Refusals.UnknownPatient.Title);
        var reason = string.IsNullOrWhiteSpace(ask.Reason) ? null : key.Seal(ask.Reason.Trim(), RecallRow.CellOf(id));
        var inserted = await tx.ExecuteAsync(Insert, new
        {
            id, ask.PatientId, ask.VisitTypeId, ask.ProviderId, dueOn = ask.IsMonth ? ask.DueOn.AddDays(1 - ask.DueOn.Day) : ask.DueOn, ask.IsMonth, reason,
            keyVersion = reason is null ? null : (int?)key.Version, me = actor.Person, tx.Now,
        }, ct);
        if (inserted == 0) return Refusals.AlreadyWaiting;
        return await AnswerAsync(tx, id, access, ct);
    }

    /// <summary>Takes a try down. One after which the patient does not want to come, ends the recall.</summary>
    public async Task<Outcome<Recall>> TryAsync(Guid id, int version, WriteAttempt ask, Actor actor, CancellationToken ct)
    {
        if (ask.Note?.Trim().Length > Longest) return Refusals.Invalid.On("note", $"Write at most {Longest} characters.");
        var access = new Access("recall.attempted", "recall", id);
        await using var tx = await db.BeginAsync(actor, Permission.BookAppointments, ct);
        var opened = await OpenAsync(tx, id, version, access, ct);
        if (!opened.IsOk) return opened.Refusal;
        if (opened.Value.State != "due") return Refusals.Closed;
        if (await tx.OpenPatientAsync(opened.Value.PatientId, access, ct) is not { } key) return Refusals.UnknownPatient;
        var attempt = Guid.CreateVersion7();
        var note = string.IsNullOrWhiteSpace(ask.Note) ? null : key.Seal(ask.Note.Trim(), CellOf(attempt));
        tx.Queue(InsertAttempt, new
        {
            attempt, id, opened.Value.PatientId, tx.Now, me = actor.Person, ask.How, ask.Outcome, note, keyVersion = note is null ? null : (int?)key.Version,
        });
        var state = ask.Outcome == AttemptOutcome.Declined ? RecallState.Declined : RecallState.Due;
        if (await tx.ExecuteAsync(Update, new { id, version, state, me = actor.Person, tx.Now }, ct) == 0) return Versions.Stale;
        return await AnswerAsync(tx, id, access, ct);
    }

    /// <summary>Gives a recall up, or makes it due again.</summary>
    public async Task<Outcome<Recall>> CloseAsync(Guid id, int version, RecallState state, Actor actor, CancellationToken ct)
    {
        var access = new Access(state == RecallState.Due ? "recall.reopened" : "recall.closed", "recall", id);
        await using var tx = await db.BeginAsync(actor, Permission.BookAppointments, ct);
        var opened = await OpenAsync(tx, id, version, access, ct);
        if (!opened.IsOk) return opened.Refusal;
        if (opened.Value.State == "due" == (state == RecallState.Due)) return state == RecallState.Due ? Refusals.NotClosed : Refusals.Closed;
        if (state == RecallState.Booked) return Refusals.Invalid.On("state", "A booking closes it by itself.");
        if (state == RecallState.Due && (await tx.QueryAsync<bool>(IsAnotherDue, new { id }, ct)).Single()) return Refusals.AlreadyWaiting;
        if (await tx.ExecuteAsync(Update, new { id, version, state, me = actor.Person, tx.Now }, ct) == 0) return Versions.Stale;
        return await AnswerAsync(tx, id, access, ct);
    }

    public async Task<Outcome<RecallDetails>> ReadAsync(Guid id, Actor actor, CancellationToken ct)
    {
        var access = new Access(Read, "recall", id);
        await using var tx = await db.BeginAsync(actor, Permission.SeeAppointments, ct);
        if (await FindAsync(tx, id, ct) is not { } row) return Refusals.Unknown;
        var rows = await tx.QueryAsync<AttemptRow>(SelectAttempts, new { id }, ct);
        var patient = (await PatientRegister.NamesAsync(tx, [row.PatientId], access, ct)).GetValueOrDefault(row.PatientId);
        var key = await tx.OpenPatientAsync(row.PatientId, access, ct);
        var details = new RecallDetails(row.Open(key), patient, [.. rows.Select(attempt => attempt.Open(key))], await TaskReads.TodayAsync(tx, ct));
        await tx.CommitAsync(ct);
        return details;
    }

    private static Cell CellOf(Guid attempt) => new("recall_attempt", "note", attempt);

    private static async Task<RecallRow?> FindAsync(ClinicTx tx, Guid id, CancellationToken ct) => (await tx.QueryAsync<RecallRow>(SelectOne, new { id }, ct)).SingleOrDefault();

    private static async Task<Outcome<RecallRow>> OpenAsync(ClinicTx tx, Guid id, int version, Access access, CancellationToken ct)
    {
        if (await FindAsync(tx, id, ct) is not { } row) return Refusals.Unknown;
        tx.Audit(access, row.PatientId);
        return row.Version == version ? row : Versions.StaleAt(row.Version);
    }

    private static async Task<Outcome<Recall>> AnswerAsync(ClinicTx tx, Guid id, Access access, CancellationToken ct)
    {
        var row = (await FindAsync(tx, id, ct))!;   // written before
        var recall = (await RecallListHandler.OpenAsync(tx, [row], access, ct))[0];
        await tx.CommitAsync(ct);
        return recall;
    }

    private sealed record Known(bool IsType, bool IsProvider);

    private sealed record AttemptRow
    {
        public Guid Id { get; init; }
        public DateTimeOffset MadeAt { get; init; }
        public string? Who { get; init; }
        public string How { get; init; } = "";
        public string Outcome { get; init; } = "";
        public byte[]? Note { get; init; }

        public RecallAttempt Open(PatientKey? key) => new(MadeAt, Who ?? "Clinic staff", Named.As<AttemptHow>(How), Named.As<AttemptOutcome>(Outcome),
            Note is null ? null : key?.Open<string>(Note, CellOf(Id)));
    }

    private const string SelectKnown = """
        select exists (select from visit_type where id = @visitTypeId and is_active) as is_type,
            @providerId::uuid is null or exists (select from staff where id = @providerId and is_provider and is_active) as is_provider
        """;

    private const string SelectOne = """
        select recall.id, recall.patient_id, recall.visit_type_id, visit_type.name as visit_type, recall.provider_id, staff.display_name as provider_name, recall.due_on, recall.is_month,
            recall.reason, recall.state, (select count(*)::int from recall_attempt where recall_attempt.recall_id = recall.id) as attempts,
            (select max(made_at) from recall_attempt where recall_attempt.recall_id = recall.id) as last_attempt_at, recall.version
        from recall
        join visit_type on visit_type.id = recall.visit_type_id
        left join staff on staff.id = recall.provider_id
        where recall.id = @id
        """;

    private const string SelectAttempts = """
        select recall_attempt.id, recall_attempt.made_at, staff.display_name as who, recall_attempt.how, recall_attempt.outcome, recall_attempt.note
        from recall_attempt
        left join staff on staff.id = recall_attempt.made_by
        where recall_attempt.recall_id = @id
        order by recall_attempt.made_at desc, recall_attempt.id desc
        limit 100
        """;

    private const string Insert = """
        insert into recall (id, patient_id, visit_type_id, provider_id, due_on, is_month, reason, reason_key_version, state, state_changed_at, state_changed_by, made_by, created_at, updated_at)
        values (@id, @patientId, @visitTypeId, @providerId, @dueOn, @isMonth, @reason, @keyVersion, 'due', @now, @me, @me, @now, @now)
        on conflict do nothing
        """;

    private const string InsertAttempt = """
        insert into recall_attempt (id, recall_id, patient_id, made_at, made_by, how, outcome, note, note_key_version)
        values (@attempt, @id, @patientId, @now, @me, @how, @outcome, @note, @keyVersion)
        """;

    private const string Update = """
        update recall
        set state = @state, state_changed_at = case when state = @state then state_changed_at else @now end,
            state_changed_by = case when state = @state then state_changed_by else @me end, appointment_id = null, version = version + 1, updated_at = @now
        where id = @id and version = @version
        """;

    private const string IsAnotherDue = """
        select exists (
            select from recall
            join recall as other on other.patient_id = recall.patient_id and other.visit_type_id = recall.visit_type_id and other.due_on = recall.due_on
                and other.id <> recall.id and other.state = 'due'
            where recall.id = @id)
        """;
}
