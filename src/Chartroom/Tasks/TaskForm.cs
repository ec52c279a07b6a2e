using Chartroom.Shell;

namespace Chartroom.Tasks;

/// <summary>A task as the page's form has it: one list holds people and teams.</summary>
/// <param name="For">A person's key, or <c>team:front_desk</c>; absent: oneself.</param>
/// <param name="Back">The page of ours the form stands on, such as <c>/patients/…</c>.</param>
public sealed record TaskForm(string? Words, TaskKind? Kind, string? For, DateOnly? DueOn, TaskPriority? Priority, PatientId? PatientId, AppointmentId? VisitId,
    int? RepeatEvery, RepeatUnit? RepeatUnit, string? Back)
{
    private const string OfTeam = "team:";

    /// <summary>The same as the API takes it.</summary>
    public Outcome<WriteTask> Ask
    {
        get
        {
            var ask = new WriteTask(Words, Kind ?? TaskKind.General, null, null, DueOn, Priority ?? TaskPriority.Normal, PatientId, VisitId, RepeatEvery, RepeatUnit);
            if (For is null) return ask;
            if (For.StartsWith(OfTeam, StringComparison.Ordinal) && Say.Teams.Any(team => team.Value == For[OfTeam.Length..])) return ask with { Team = Named.As<Team>(For[OfTeam.Length..]) };
            return StaffId.TryParse(For, out var staff) ? ask with { AssigneeId = staff } : Refusals.UnknownAssignee.On("for", Refusals.UnknownAssignee.Title);
        }
    }

    /// <summary>Where a form leads when it is done: a path of ours with nothing behind it, else the list.</summary>
    public static string BackTo(string? back, string otherwise = "/tasks") =>
        back is { Length: > 1 and < 100 } && back[0] == '/' && back[1] != '/' && back.All(sign => char.IsAsciiLetterOrDigit(sign) || sign is '/' or '-') ? back : otherwise;

    /// <summary>Everybody a task can be for, oneself first.</summary>
    public static IReadOnlyList<SelectField.Option> ForWhom(IReadOnlyList<StaffChoice> staff, StaffId me) =>
    [
        new(me.ToString(), "Me"), .. Say.Teams.Select(team => new SelectField.Option(OfTeam + team.Value, team.Text)),
        .. staff.Where(person => person.Id != me).Select(person => new SelectField.Option(person.Id.ToString(), person.Name)),
    ];

    public static string ForOf(DeskTask task) => task.AssigneeId?.ToString() ?? OfTeam + Say.Teams[(int)task.Team!.Value].Value;   // a task is somebody's or a team's
}
