namespace Chartroom;

/// <summary>What a route, and the clinic transaction behind it, asks for. The database holds the same line by grants.</summary>
public enum Permission
{
    /// <summary>The clinic's own profile, places, hours and visit types, as everyone who works there sees them.</summary>
    SeeClinic,
    /// <summary>Change them.</summary>
    ManageClinic,
    /// <summary>Invite, change and end staff.</summary>
    ManageStaff,
    /// <summary>Find patients and read demographics.</summary>
    SeePatients,
    /// <summary>Create and change patients' demographics.</summary>
    EditPatients,
    /// <summary>The calendar.</summary>
    SeeAppointments,
    /// <summary>Book, move, cancel, check in.</summary>
    BookAppointments,
    /// <summary>Read clinical content.</summary>
    SeeCharts,
    /// <summary>Write clinical content.</summary>
    EditCharts,
    /// <summary>Draft, review and sign visit notes.</summary>
    SignNotes,
    /// <summary>Bring in records of other systems.</summary>
    ImportRecords,
    /// <summary>Read the audit log.</summary>
    SeeAudit,
    /// <summary>Take data out in bulk.</summary>
    ExportData,
    /// <summary>Rotate the clinic's keys.</summary>
    ManageKeys,
    /// <summary>One's own sessions and profile.</summary>
    OwnAccount,
    /// <summary>Open a chart in an emergency that role or restriction keeps shut: with a reason, for 60 minutes, seen by the administrators.</summary>
    BreakGlass,
    /// <summary>Say whose chart opens for its care team only, and who that is.</summary>
    RestrictCharts,
    /// <summary>Let programs in by credentials of their own, and shut them out.</summary>
    ManageApiClients,
    /// <summary>Judge afterwards whether the glass was broken rightly.</summary>
    ReviewEmergencies,
    /// <summary>Figures of the desk and the visits behind them: an administrator of the clinic, a provider of their own visits.</summary>
    SeeInsights,
    /// <summary>What patients owe and what was posted.</summary>
    SeeBalances,
    /// <summary>Charge, take payments, and take such postings back.</summary>
    PostPayments,
    /// <summary>Write off, give back, set the rules of money, close a day's books.</summary>
    AdjustAccounts,
}

/// <summary>Which clinic role may do what. One table, checked by the route and again when the clinic transaction opens.</summary>
public static class Rights
{
    private static readonly Dictionary<ClinicRole, HashSet<Permission>> Table = new()
    {
        [ClinicRole.Admin] = [.. Enum.GetValues<Permission>().Except([Permission.SignNotes])],
        [ClinicRole.Provider] =
        [
            Permission.SeeClinic, Permission.SeePatients, Permission.EditPatients, Permission.SeeAppointments, Permission.BookAppointments,
            Permission.SeeCharts, Permission.EditCharts, Permission.SignNotes, Permission.ImportRecords, Permission.OwnAccount, Permission.BreakGlass,
            Permission.SeeInsights, Permission.SeeBalances,
        ],
        [ClinicRole.FrontDesk] =
        [
            Permission.SeeClinic, Permission.SeePatients, Permission.EditPatients, Permission.SeeAppointments, Permission.BookAppointments,
            Permission.OwnAccount, Permission.BreakGlass, Permission.SeeBalances, Permission.PostPayments,
        ],
        [ClinicRole.Patient] = [],
        [ClinicRole.Emergency] = [Permission.SeeCharts],
        [ClinicRole.System] = [.. Enum.GetValues<Permission>()],
    };

    /// <summary>True for what opens clinical content: there a restricted chart is shut to whoever is not of its care team.</summary>
    public static bool IsOfCharts(Permission permission) =>
        permission is Permission.SeeCharts or Permission.EditCharts or Permission.SignNotes or Permission.ImportRecords;

    /// <summary>True when the role may.</summary>
    public static bool Allows(ClinicRole role, Permission permission) => Table[role].Contains(permission);
}
