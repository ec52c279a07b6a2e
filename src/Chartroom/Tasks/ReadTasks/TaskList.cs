using System.Text.Json.Serialization;
using Chartroom.Platform.Tenancy;

namespace Chartroom.Tasks;

/// <summary>Which tasks.</summary>
[JsonConverter(typeof(Scheduling.SnakeCaseNames<TaskView>))]
public enum TaskView { Mine, Team, Overdue, All, Done }

/// <summary>Views by the names that addresses have for them.</summary>
internal static class TaskViews
{
    /// <summary>One's own without a name; null for a name there is not.</summary>
    public static TaskView? Of(string? name) => name switch
    {
        null or "" or "mine" => TaskView.Mine,
        "team" => TaskView.Team,
        "overdue" => TaskView.Overdue,
        "all" => TaskView.All,
        "done" => TaskView.Done,
        _ => null,
    };
}

/// <summary>A part of a list of tasks.</summary>
/// <param name="Next">Ask with this as <c>after</c> for the rest; absent at the end.</param>
public sealed record TaskPart(IReadOnlyList<DeskTask> Tasks, Guid? Next)
{
    /// <summary>Open ones by view, for the tabs.</summary>
    [JsonIgnore] public TaskCounts Counts { get; init; } = new(0, 0, 0, 0);
    [JsonIgnore] public DateOnly Today { get; init; }
    [JsonIgnore] public IReadOnlyList<StaffChoice> Staff { get; init; } = [];
}

/// <summary>Open tasks of one's own, of one's team, of either and overdue, and of everybody.</summary>
public sealed record TaskCounts(long Mine, long Team, long Overdue, long All);

/// <summary>Somebody a task can be for.</summary>
public sealed record StaffChoice(StaffId Id, string Name);

/// <summary>Lists tasks: open ones by their day, closed ones latest first. <see cref="TaskView.Overdue"/> is of oneself and one's team. What was for somebody who has left is every team's.</summary>
internal sealed class TaskListHandler(TenantDb db)
{
    internal const string Listed = "task.listed";
    private const int AtOnce = 100;

    public async Task<TaskPart> ListAsync(TaskView view, Guid? after, Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.SeeAppointments, ct);
        var today = await TaskReads.TodayAsync(tx, ct);
        var who = new { me = actor.Staff, team = Names(actor.Role), today };
        var counts = (await tx.QueryAsync<TaskCounts>(Count, who, ct)).Single();
        var staff = await tx.QueryAsync<StaffChoice>(SelectStaff, null, ct);
        var rows = view == TaskView.Done
            ? await tx.QueryAsync<TaskRow>(SelectDone, new { after, most = AtOnce + 1 }, ct)
            : await tx.QueryAsync<TaskRow>(SelectOpen, new { view, who.me, who.team, today, after, most = AtOnce + 1 }, ct);
        var shown = rows.Take(AtOnce).ToList();
        var tasks = await TaskReads.OpenAsync(tx, shown, today, new(Listed, "task"), ct);
        tx.Audit(new(Listed, "task"));
        await tx.CommitAsync(ct);
        return new(tasks, rows.Count > AtOnce ? shown[^1].Id : null) { Counts = counts, Today = today, Staff = staff };
    }

    /// <summary>Open tasks of a patient or of a visit, for their pages; at most 50.</summary>
    public async Task<(IReadOnlyList<DeskTask> Tasks, DateOnly Today)> OfAsync(PatientId? patient, AppointmentId? visit, Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.SeeAppointments, ct);
        var rows = await tx.QueryAsync<TaskRow>(SelectOf, new { patient, visit }, ct);
        var today = await TaskReads.TodayAsync(tx, ct);
        var tasks = await TaskReads.OpenAsync(tx, rows, today, new(Listed, "task"), ct);
        tx.Audit(new(Listed, "task"));
        await tx.CommitAsync(ct);
        return (tasks, today);
    }

    /// <summary>The team of a role, as the database names it.</summary>
    private static string Names(ClinicRole role) => role switch
    {
        ClinicRole.Admin => "admin",
        ClinicRole.Provider => "provider",
        _ => "front_desk",
    };

    private const string Count = """
        select count(*) filter (where task.assignee_id = @me) as mine, count(*) filter (where task.team = @team or not staff.is_active) as team,
            count(*) filter (where (task.assignee_id = @me or task.team = @team or not staff.is_active) and task.due_on < @today) as overdue, count(*) as "all"
        from task
        left join staff on staff.id = task.assignee_id
        where task.state = 'open'
        """;

    private const string SelectStaff = """
        select id, display_name as name
        from staff
        where is_active
        order by display_name, id
        """;

    private const string SelectOpen = TaskReads.SelectRows + """

        where task.state = 'open'
            and (@view = 'all' or (@view in ('mine', 'overdue') and task.assignee_id = @me) or (@view in ('team', 'overdue') and (task.team = @team or not staff.is_active)))
            and (@view <> 'overdue' or task.due_on < @today)
            and (@after::uuid is null or (coalesce(task.due_on, 'infinity'), task.id) > (select coalesce(due_on, 'infinity'), id from task where id = @after))
        order by coalesce(task.due_on, 'infinity'), task.id
        limit @most
        """;

    private const string SelectDone = TaskReads.SelectRows + """

        where task.state <> 'open' and (@after::uuid is null or (task.state_changed_at, task.id) < (select state_changed_at, id from task where id = @after))
        order by task.state_changed_at desc, task.id desc
        limit @most
        """;

    private const string SelectOf = TaskReads.SelectRows + """

        where task.state = 'open' and (task.patient_id = @patient or task.appointment_id = @visit)
        order by coalesce(task.due_on, 'infinity'), task.id
        limit 50
        """;
}
