using System.Collections.Frozen;

namespace Chartroom.Scheduling;

/// <summary>
/// The one state machine of a visit; calendar, visit page, API and board ask it. Undo is not a move of the table: it restores what was before, whatever that was.
/// States as in the FHIR Appointment and Encounter, and finer: <see href="https://hl7.org/fhir/R4/valueset-appointmentstatus.html"/>.
/// </summary>
internal static class VisitStates
{
    private static readonly ClinicRole[] Desk = [ClinicRole.FrontDesk, ClinicRole.Admin, ClinicRole.Provider, ClinicRole.System];
    private static readonly ClinicRole[] Program = [ClinicRole.System];
    private static readonly ClinicRole[] Clinician = [ClinicRole.Provider, ClinicRole.System];

    private static readonly FrozenDictionary<(VisitStatus From, VisitStatus To), ClinicRole[]> Moves = new Dictionary<(VisitStatus, VisitStatus), ClinicRole[]>
    {
        [(VisitStatus.Held, VisitStatus.Booked)] = Program,
        [(VisitStatus.Held, VisitStatus.Requested)] = Program,
        [(VisitStatus.Held, VisitStatus.Cancelled)] = Program,
        [(VisitStatus.Requested, VisitStatus.Booked)] = Desk,
        [(VisitStatus.Requested, VisitStatus.Cancelled)] = Desk,
        [(VisitStatus.Booked, VisitStatus.Confirmed)] = Desk,
        [(VisitStatus.Booked, VisitStatus.Arrived)] = Desk,
        [(VisitStatus.Booked, VisitStatus.NoShow)] = Desk,
        [(VisitStatus.Booked, VisitStatus.Cancelled)] = Desk,
        [(VisitStatus.Confirmed, VisitStatus.Arrived)] = Desk,
        [(VisitStatus.Confirmed, VisitStatus.NoShow)] = Desk,
        [(VisitStatus.Confirmed, VisitStatus.Cancelled)] = Desk,
        [(VisitStatus.Arrived, VisitStatus.Roomed)] = Desk,
        [(VisitStatus.Arrived, VisitStatus.InProgress)] = Clinician,   // small practices room nobody
        [(VisitStatus.Arrived, VisitStatus.LeftWithoutBeingSeen)] = Desk,
        [(VisitStatus.Arrived, VisitStatus.Cancelled)] = Desk,
        [(VisitStatus.Roomed, VisitStatus.InProgress)] = Clinician,
        [(VisitStatus.Roomed, VisitStatus.LeftWithoutBeingSeen)] = Desk,
        [(VisitStatus.InProgress, VisitStatus.ReadyForCheckout)] = Clinician,
        [(VisitStatus.InProgress, VisitStatus.Completed)] = Clinician,
        [(VisitStatus.ReadyForCheckout, VisitStatus.Completed)] = Desk,
    }.ToFrozenDictionary();

    private static readonly FrozenDictionary<string, VisitStatus> ByName =
        Enum.GetValues<VisitStatus>().ToFrozenDictionary(status => NameOf(status), StringComparer.Ordinal);

    /// <summary>Everything the table allows to that role from that state, in the order of a visit's course.</summary>
    public static IEnumerable<VisitStatus> NextFor(VisitStatus from, ClinicRole role) =>
        Enum.GetValues<VisitStatus>().Where(to => Moves.TryGetValue((from, to), out var roles) && roles.Contains(role));

    /// <summary>Why this move is not made, or null. <paramref name="today"/> is the calendar day at the visit's location.</summary>
    public static Refusal? Judge(Visit visit, VisitStatus to, ClinicRole role, (DateTimeOffset Now, DateOnly Today) when)
    {
        if (!Moves.TryGetValue((visit.Status, to), out var roles)) return Refusals.NoSuchMove.With("status", NameOf(visit.Status));
        if (!roles.Contains(role)) return Refusals.NotYourMove;
        if (to == VisitStatus.NoShow && when.Now < visit.StartsAt) return Refusals.NotStartedYet;
        return to is VisitStatus.Arrived && when.Today < DateOnly.FromDateTime(visit.LocalStart) ? Refusals.NotItsDay : null;
    }

    /// <summary>True when the role may take back what led from one state to the other: what it may do itself, and any move that left the state as it was.</summary>
    public static bool MayUndo(VisitStatus before, VisitStatus now, ClinicRole role) =>
        !Moves.TryGetValue((before, now), out var roles) || roles.Contains(role);

    /// <summary>True while the visit holds its provider's time; the database's exclusion constraints have the same three in their condition.</summary>
    public static bool IsLive(this VisitStatus status) => status is not (VisitStatus.Cancelled or VisitStatus.NoShow or VisitStatus.LeftWithoutBeingSeen);

    /// <summary>True before the patient has come: only then may its time change.</summary>
    public static bool IsAwaited(this VisitStatus status) => status is VisitStatus.Requested or VisitStatus.Booked or VisitStatus.Confirmed;

    /// <summary>True while somebody is expected, waiting or being seen: only then may provider or room change.</summary>
    public static bool IsOpen(this VisitStatus status) => status.IsLive() && status != VisitStatus.Completed;

    /// <summary>The database's and the API's word.</summary>
    public static string NameOf(VisitStatus status) => Names.Of(status);

    /// <summary>The state of that name; the database's check knows the same names.</summary>
    public static VisitStatus Named(string name) => ByName[name];

    /// <summary>What people call it.</summary>
    public static string Words(this VisitStatus status) => status switch
    {
        VisitStatus.Requested => "Asked for online",
        VisitStatus.Held => "Held",
        VisitStatus.Booked => "Booked",
        VisitStatus.Confirmed => "Confirmed",
        VisitStatus.Arrived => "Arrived",
        VisitStatus.Roomed => "In room",
        VisitStatus.InProgress => "With provider",
        VisitStatus.ReadyForCheckout => "Ready to check out",
        VisitStatus.Completed => "Completed",
        VisitStatus.Cancelled => "Cancelled",
        VisitStatus.NoShow => "No-show",
        VisitStatus.LeftWithoutBeingSeen => "Left unseen",
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
