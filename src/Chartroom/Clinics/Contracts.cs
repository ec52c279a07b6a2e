using Chartroom.Platform.Tenancy;
using Chartroom.Staff;

namespace Chartroom.Clinics;

/// <summary>Brings a clinic that has signed up to the point where it can be worked with: schema, roles, keys, its own staff. Each part is idempotent, so a
/// kill anywhere is made good by the next call, which the start of the program and every sign-in make.</summary>
public sealed class ClinicOpening(ClinicProvisioner provisioner, StaffMirror staff)
{
    /// <summary>Does what is missing.</summary>
    /// <param name="isProvisioned">True when schema, roles and keys are known to be there.</param>
    public async Task EnsureAsync(ClinicId clinic, bool isProvisioned, CancellationToken ct)
    {
        if (!isProvisioned) await provisioner.ProvisionAsync(clinic, ct);
        await staff.BringInLineAsync(clinic, ct);
    }
}

/// <summary>The colours a visit type or a provider may have in the calendar; the names are classes of the style sheet.</summary>
public static class CalendarColor
{
    /// <summary>In the order they are given out.</summary>
    public static IReadOnlyList<string> All { get; } = ["blue", "green", "orange", "purple", "teal", "pink", "azure", "lime", "indigo", "red", "cyan", "yellow"];

    /// <summary>The colour of the n-th, over and over.</summary>
    public static string Of(int number) => All[number % All.Count];
}
