using Chartroom.Platform.Database;

namespace Chartroom.Platform.Tenancy;

/// <summary>Names of a clinic's schema and roles in the database. Made from the key only, so they need no quoting beyond the fixed form.</summary>
internal static class ClinicNames
{
    public static readonly IReadOnlyList<ClinicRole> Roles = Enum.GetValues<ClinicRole>();

    public static string Schema(ClinicId clinic) => $"tenant_{clinic.Value:N}";

    /// <summary>The role a transaction takes. 49 characters at most; PostgreSQL cuts at 63.</summary>
    public static string Role(ClinicId clinic, ClinicRole role) => $"clinic_{clinic.Value:N}_{SqlArguments.SnakeCase(role.ToString())}";

    /// <summary>The role that holds what all clinics' roles of a kind may do in <c>platform</c>.</summary>
    public static string Group(ClinicRole role) => $"chartroom_{SqlArguments.SnakeCase(role.ToString())}";

    /// <summary>Takes a role of the clinic and its path for the transaction. The names are made from a key and an enum, so nothing can be injected.</summary>
    public static void QueueClinic(this SqlPipe pipe, ClinicId clinic, ClinicRole role)
    {
        pipe.QueueBuiltUnsafe($"set local role {Role(clinic, role)}");
        pipe.QueueBuiltUnsafe($"set local search_path = {Schema(clinic)}, pg_temp");
    }

    /// <summary>Fills <c>{schema}</c>, <c>{admin}</c>, <c>{provider}</c>, <c>{front_desk}</c>, <c>{patient}</c>, <c>{system}</c>, <c>{emergency}</c> into a tenant migration.</summary>
    public static string Fill(string sql, ClinicId clinic)
    {
        var filled = sql.Replace("{schema}", Schema(clinic), StringComparison.Ordinal);
        foreach (var role in Roles) filled = filled.Replace($"{{{SqlArguments.SnakeCase(role.ToString())}}}", Role(clinic, role), StringComparison.Ordinal);
        return filled;
    }
}
