using System.Diagnostics;

namespace Chartroom.Platform.Identity;

/// <summary>What programs may be let do: each scope is one permission. What needs a person (signing, exports, keys, rights) has none.</summary>
public static class ApiScopes
{
    /// <summary>How an access token of a program begins, so that it is looked for where those are.</summary>
    public const string TokenPrefix = "cra_";

    /// <summary>How a client secret begins, so that one that was published by mistake can be searched for.</summary>
    public const string SecretPrefix = "crs_";

    private static readonly Dictionary<string, (Permission Permission, string Words)> Table = new(StringComparer.Ordinal)
    {
        ["clinic.read"] = (Permission.SeeClinic, "Read the clinic, its places, staff and visit types"),
        ["patients.read"] = (Permission.SeePatients, "Find patients and read demographics"),
        ["patients.write"] = (Permission.EditPatients, "Enter and change patients"),
        ["appointments.read"] = (Permission.SeeAppointments, "Read the calendar"),
        ["appointments.write"] = (Permission.BookAppointments, "Book, move and cancel visits"),
        ["charts.read"] = (Permission.SeeCharts, "Read charts that are not restricted"),
        ["accounts.read"] = (Permission.SeeBalances, "Read what patients owe"),
        ["accounts.write"] = (Permission.PostPayments, "Charge patients and take payments down"),
        ["audit.read"] = (Permission.SeeAudit, "Read the audit log"),
    };

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Table.Keys];

    /// <summary>For people.</summary>
    public static string Words(string scope) => Table.TryGetValue(scope, out var known) ? known.Words : scope;

    /// <summary>The scope that opens it; null for what is people's alone.</summary>
    public static string? For(Permission permission) => Table.Where(it => it.Value.Permission == permission).Select(it => it.Key).FirstOrDefault();

    /// <summary>The least role that may do all of it.</summary>
    public static ClinicRole RoleFor(IEnumerable<string> scopes)
    {
        var asked = scopes.Select(scope => Table[scope].Permission).ToList();
        foreach (var role in new[] { ClinicRole.FrontDesk, ClinicRole.Provider, ClinicRole.Admin })
            if (asked.TrueForAll(permission => Rights.Allows(role, permission))) return role;
        throw new UnreachableException();   // an administrator may all of them
    }
}
