using Chartroom.Platform.News;

namespace Chartroom.Scheduling;

/// <summary>
/// Tells the screens of a clinic what changes on its calendar. Every change of a visit rings by itself, from the one write path (<see cref="Calendar"/>), after its commit;
/// <see cref="Ring"/> is for what changes how a visit is shown without being a move of it.
/// </summary>
internal sealed class CalendarBell(NewsDesk news)
{
    /// <summary>Topics: a visit changed; somebody looks at a day; no longer; somebody edits a visit, or (<c>-</c>) none.</summary>
    public const string Visit = "visit", Here = "here", Gone = "gone", Edit = "edit";

    public void Ring(ClinicId clinic, AppointmentId visit) => news.Tell(new(clinic, Visit, visit.ToString()));

    public void Tell(ClinicId clinic, string topic, string text) => news.Tell(new(clinic, topic, text));

    public NewsDesk.Listener Listen(ClinicId clinic) => news.Listen(clinic);
}
