using Chartroom.Platform.News;

namespace Chartroom.Scheduling;

/// <summary>
/// Tells the screens of a clinic what changes on its calendar, after the commit. Every change of a visit is told with its id by the one write path (<see cref="Calendar"/>);
/// whatever else is written to a table that calendar or board show is told as such by the transaction itself (<see cref="Shown"/>), so that no act can forget it.
/// </summary>
internal sealed class CalendarBell(NewsDesk news)
{
    /// <summary>Topics: a visit changed; what surrounds the visits changed; somebody looks at a day; no longer; somebody edits a visit, or (<c>-</c>) none.</summary>
    public const string Visit = "visit", Around = "calendar", Here = "here", Gone = "gone", Edit = "edit";

    /// <summary>Tables that calendar and board read. Of patients only names are shown, whose change <c>Patients</c> tells by itself (topic <c>patient</c>).</summary>
    public static readonly IReadOnlyList<string> Shown =
        ["appointment", "staff", "weekly_hours", "shift", "time_off", "outside_busy", "closure", "room", "location", "visit_type",
            "paper", "paper_visit_type", "paper_receipt", "posting_line", "ledger_rules"];

    /// <summary>To be called before the program serves.</summary>
    public static void Watch(NewsDesk news) => news.Watched.Add(Around, Visit, Shown);

    public void Tell(ClinicId clinic, string topic, string text) => news.Tell(new(clinic, topic, text));

    public NewsDesk.Listener Listen(ClinicId clinic) => news.Listen(clinic);
}
