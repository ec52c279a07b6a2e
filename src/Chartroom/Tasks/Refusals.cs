namespace Chartroom.Tasks;

/// <summary>Why tasks and recalls say no.</summary>
internal static class Refusals
{
    public static readonly Refusal Unknown = new("tasks.unknown-task", 404, "There is no such task.");
    public static readonly Refusal Invalid = new("tasks.invalid-task", 422, "The task cannot be kept like this.");
    public static readonly Refusal UnknownAssignee = new("tasks.unknown-assignee", 422, "Choose somebody who works here, or a team.");
    public static readonly Refusal UnknownPatient = new("tasks.unknown-patient", 422, "Choose a patient of this clinic.");
    public static readonly Refusal UnknownVisit = new("tasks.unknown-visit", 422, "Choose a visit of that patient.");
    public static readonly Refusal UnknownView = new("tasks.unknown-view", 422, "Choose mine, team, overdue, all or done.");
    public static readonly Refusal Closed = new("tasks.closed", 409, "This is closed. Open it again first.");
    public static readonly Refusal NotClosed = new("tasks.not-closed", 409, "This is open already.");
    public static readonly Refusal AlreadyWaiting = new("tasks.already-waiting", 409, "There is another open one for the same already.");
}
