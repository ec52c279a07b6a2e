namespace Chartroom.Shell;

/// <summary>One entry of the main navigation. An entry nobody may follow is not shown.</summary>
internal sealed record NavEntry(string Href, string Icon, string Text, Permission Needs)
{
    internal static readonly NavEntry[] All =
    [
        new("/day", "calendar", "Day", Permission.SeeAppointments),
        new("/board", "layout-kanban", "Board", Permission.SeeAppointments),
        new("/tasks", "circle-check", "Tasks", Permission.SeeAppointments),
        new("/patients", "users", "Patients", Permission.SeePatients),
        new("/insights", "chart-bar", "Insights", Permission.SeeInsights),
        new("/audit", "shield-check", "Audit", Permission.SeeAudit),
        new("/settings", "settings", "Settings", Permission.ManageClinic),
    ];

    internal static IEnumerable<NavEntry> For(ClinicRole role) => All.Where(entry => Rights.Allows(role, entry.Needs));

    /// <summary>A person's own account is reached by their menu and is no part of the clinic's settings.</summary>
    internal bool IsAt(PathString path) => path.StartsWithSegments(Href) && !path.StartsWithSegments("/settings/security");
}
