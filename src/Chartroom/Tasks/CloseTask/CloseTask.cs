using Chartroom.Platform.Audit;
using Chartroom.Platform.Tenancy;
using Chartroom.Platform.Vault;
using Chartroom.Platform.Web;

namespace Chartroom.Tasks;

/// <summary>What happened to a task.</summary>
/// <param name="NextDueOn">When it comes again, for one that does and was done.</param>
public sealed record ClosedTask(Guid Id, TaskState State, int Version, DateOnly? NextDueOn);

/// <summary>
/// Closes a task as done or cancelled, or opens it again. Doing one that comes again writes the next one down in the same transaction; opening it again takes that
/// one back unless somebody has touched it.
/// </summary>
internal sealed class CloseTaskHandler(TenantDb db)
{
    public async Task<Outcome<ClosedTask>> HandleAsync(Guid id, int version, TaskState state, Actor actor, CancellationToken ct)
    {
        var access = new Access(state == TaskState.Open ? "task.reopened" : state == TaskState.Done ? "task.done" : "task.cancelled", "task", id);
        await using var tx = await db.BeginAsync(actor, Permission.BookAppointments, ct);
        if (await TaskReads.FindAsync(tx, id, ct) is not { } row) return Refusals.Unknown;
        tx.Audit(access, row.PatientId is { } about ? [about] : []);
        if (row.Version != version) return Versions.StaleAt(row.Version);
        if (row.State == "open" == (state == TaskState.Open)) return state == TaskState.Open ? Refusals.NotClosed : Refusals.Closed;
        if (state == TaskState.Open && row is { IsByProgram: true } && (await tx.QueryAsync<bool>(IsAnotherOpen, new { id }, ct)).Single()) return Refusals.AlreadyWaiting;
        if (await tx.ExecuteAsync(Update, new { id, version, state, me = actor.Person, tx.Now }, ct) == 0) return Versions.Stale;
        if (state == TaskState.Open) tx.Queue(TakeNextBack, new { id, me = actor.Person, tx.Now });
        var next = state == TaskState.Done ? await WriteNextAsync(tx, row, access, ct) : null;
        await tx.CommitAsync(ct);
        return new ClosedTask(id, state, version + 1, next);
    }

    private static async Task<DateOnly?> WriteNextAsync(ClinicTx tx, TaskRow row, Access access, CancellationToken ct)
    {
        if (row is not { RepeatEvery: { } every, RepeatUnit: { } unit, RepeatFrom: { } from, DueOn: { } due }) return null;
        var next = TaskDays.Next(from, every, Named.As<RepeatUnit>(unit), due, await TaskReads.TodayAsync(tx, ct));
        var id = Guid.CreateVersion7();
        var (words, keyVersion) = await SealAnewAsync(tx, row, id, access, ct);
        var own = row.OwnWords is { } ownWords ? tx.SealForClinic(tx.OpenForClinic<string>(ownWords, TaskRow.OwnCellOf(row.Id)), TaskRow.OwnCellOf(id)) : null;
        if (words is null && own is null) return null;   // the patient's key is destroyed: there is nothing to do any more
        await tx.ExecuteAsync(InsertNext, new
        {
            id, from = row.Id, words, keyVersion, own, ownKeyVersion = own is null ? null : (int?)tx.ClinicKeyVersion, next, me = tx.Actor.Person, tx.Now,
        }, ct);
        return next;
    }

    private static async Task<(byte[]? Words, int? KeyVersion)> SealAnewAsync(ClinicTx tx, TaskRow row, Guid id, Access access, CancellationToken ct)
    {
        if (row is not { Words: { } words, PatientId: { } patient } || await tx.OpenPatientAsync(patient, access, ct) is not { } key) return (null, null);
        return (key.Seal(key.Open<string>(words, TaskRow.CellOf(row.Id)), TaskRow.CellOf(id)), key.Version);
    }

    private const string IsAnotherOpen = """
        select exists (
            select from task
            join task as other on other.patient_id = task.patient_id and other.visit_type_id = task.visit_type_id and other.id <> task.id
                and other.is_by_program and other.kind = 'rebook' and other.state = 'open'
            where task.id = @id)
        """;

    private const string Update = """
        update task
        set state = @state, state_changed_at = @now, state_changed_by = @me, rebooked_as = null, version = version + 1, updated_at = @now
        where id = @id and version = @version
        """;

    private const string TakeNextBack = """
        update task
        set state = 'cancelled', state_changed_at = @now, state_changed_by = @me, version = version + 1, updated_at = @now
        where follows_id = @id and state = 'open' and version = 1
        """;

    private const string InsertNext = """
        insert into task (id, kind, words, words_key_version, own_words, own_words_key_version, patient_id, appointment_id, assignee_id, team, due_on, priority,
            repeat_every, repeat_unit, repeat_from, follows_id, state, state_changed_at, state_changed_by, made_by, created_at, updated_at)
        select @id, kind, @words, @keyVersion, @own, @ownKeyVersion, patient_id, appointment_id, assignee_id, team, @next, priority,
            repeat_every, repeat_unit, repeat_from, id, 'open', @now, @me, @me, @now, @now
        from task
        where id = @from
        """;
}
