using Chartroom.Patients;
using Chartroom.Platform.Audit;
using Chartroom.Platform.Tenancy;

namespace Chartroom.Tasks;

/// <summary>What a task's form shows.</summary>
/// <param name="Task">Null for a new one.</param>
/// <param name="VisitWords">The visit a new one is about.</param>
public sealed record TaskFormFacts(DeskTask? Task, PatientLine? Patient, AppointmentId? Visit, string? VisitWords, IReadOnlyList<StaffChoice> Staff, DateOnly Today, string? Back);

/// <summary>Opens a task, or what a new one would be about.</summary>
internal sealed class TaskFormHandler(TenantDb db)
{
    internal const string Opened = "task.opened";

    public async Task<Outcome<TaskFormFacts>> HandleAsync(TaskAddress ask, Actor actor, CancellationToken ct)
    {
        var access = new Access(Opened, "task", ask.Id);
        await using var tx = await db.BeginAsync(actor, Permission.BookAppointments, ct);
        tx.Audit(access);
        var row = ask.Id is { } id ? await TaskReads.FindAsync(tx, id, ct) : null;
        if (ask.Id is not null && row is null) return Refusals.Unknown;
        var staff = await tx.QueryAsync<StaffChoice>("select id, display_name as name from staff where is_active order by display_name, id", null, ct);
        var task = row is null ? null : (await TaskReads.OpenAsync(tx, [row], await TaskReads.TodayAsync(tx, ct), access, ct))[0];
        var visit = ask.Visit is { } asked ? await Scheduling.Visits.FindAsync(tx, asked, ct) : null;
        if (ask.Visit is not null && visit is null) return Refusals.UnknownVisit;
        var patientId = task?.PatientId ?? visit?.PatientId ?? ask.Patient;
        var patient = patientId is { } known ? (await PatientRegister.NamesAsync(tx, [known], access, ct)).GetValueOrDefault(known) : null;
        if (ask.Patient is not null && patient is null) return Refusals.UnknownPatient;
        var today = await TaskReads.TodayAsync(tx, ct);
        await tx.CommitAsync(ct);
        var words = visit is null ? task?.VisitWords : $"{visit.VisitType} with {visit.ProviderName}, {Say.Day(visit.LocalStart)}, {Say.Clock(visit.LocalStart)}";
        return new TaskFormFacts(task, patient, task?.VisitId ?? visit?.Id, words, staff, today, ask.Back);
    }
}
