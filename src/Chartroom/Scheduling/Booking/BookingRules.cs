using Chartroom.Platform.Database;
using Chartroom.Platform.Tenancy;

namespace Chartroom.Scheduling;

/// <summary>The clinic's rules of booking, as its one row has them.</summary>
internal sealed record BookingRules
{
    public int LateCancelHours { get; init; }
    public int HoldMinutes { get; init; }
    public int MostUpcoming { get; init; }
    public string[] OverbookRoles { get; init; } = [];

    /// <summary>True when whoever cancels now gives less notice than the clinic asks for.</summary>
    public bool IsLate(Visit visit, DateTimeOffset now) => visit.StartsAt - now < TimeSpan.FromHours(LateCancelHours);

    /// <summary>Asks for them with the next round trip.</summary>
    public static AskedRows<BookingRules> Ask(ClinicTx tx) => tx.Ask<BookingRules>(Select, null);

    private const string Select = """
        select late_cancel_hours, hold_minutes, most_upcoming, overbook_roles
        from scheduling_rules
        """;
}

/// <summary>The only row of several that are asked for.</summary>
internal static class OnlyRow
{
    public static async Task<T> OneAsync<T>(this AskedRows<T> rows, CancellationToken ct) => (await rows.ReadAsync(ct)).Single();
}
