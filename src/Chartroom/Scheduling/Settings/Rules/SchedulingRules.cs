using Chartroom.Platform.Audit;
using Chartroom.Platform.Tenancy;
using Chartroom.Platform.Web;

namespace Chartroom.Scheduling;

/// <summary>The clinic's rules of booking.</summary>
/// <param name="IsOnline">Whether the public booking page is open.</param>
/// <param name="LeadMinutes">Least minutes between booking online and the start, 0 to 43,200.</param>
/// <param name="HorizonDays">Most days ahead online, 1 to 730.</param>
/// <param name="LateCancelHours">A patient who cancels with less notice cancels late, 0 to 168 hours.</param>
/// <param name="HoldMinutes">How long a time is held while a patient fills in the form, 1 to 30.</param>
/// <param name="MostUpcoming">Most visits a patient may have booked ahead online, 1 to 20.</param>
/// <param name="OverbookRoles">Who may knowingly book a taken time: <c>admin</c>, <c>provider</c>, <c>front_desk</c>.</param>
/// <param name="BookingWords">What the booking page says above the times, at most 1,000 characters.</param>
public sealed record SchedulingRulesFields(bool IsOnline, int LeadMinutes, int HorizonDays, int LateCancelHours, int HoldMinutes, int MostUpcoming,
    IReadOnlyList<string> OverbookRoles, string BookingWords);

/// <summary>Shows and changes them.</summary>
internal sealed class SchedulingRulesBook(TenantDb db)
{
    internal static readonly string[] Roles = ["admin", "provider", "front_desk"];   // scheduling_rules_overbook_known

    /// <summary>The rules and their version.</summary>
    public async Task<(SchedulingRulesFields Fields, int Version)> ShowAsync(Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.SeeClinic, ct);
        var row = (await tx.QueryAsync<Row>(Select, null, ct)).Single();   // scheduling_rules_one_row
        tx.Audit(new Access("scheduling_rules.read", "scheduling_rules", Purpose: Purpose.Operations));
        await tx.CommitAsync(ct);
        return (row.Fields, row.Version);
    }

    /// <summary>Refuses <c>scheduling.incomplete</c> and <c>platform.stale-version</c>.</summary>
    public async Task<Outcome<Done>> ChangeAsync(int version, SchedulingRulesFields ask, Actor actor, CancellationToken ct)
    {
        var wrong = WhatIsWrong(ask);
        if (wrong.Errors.Count > 0) return wrong;
        await using var tx = await db.BeginAsync(actor, Permission.ManageClinic, ct);
        var changed = await tx.ExecuteAsync(Update, new
        {
            version, ask.IsOnline, ask.LeadMinutes, ask.HorizonDays, ask.LateCancelHours, ask.HoldMinutes, ask.MostUpcoming,
            overbookRoles = Roles.Where(ask.OverbookRoles.Contains).ToArray(), bookingWords = ask.BookingWords.Trim(),
        }, ct);
        if (changed == 0) return await StaleAsync(tx, ct);
        tx.Audit(new Access("scheduling_rules.changed", "scheduling_rules", Purpose: Purpose.Operations));
        await tx.CommitAsync(ct);
        return Done.It;
    }

    /// <summary>The refusal of a change that was made from another version than the present one.</summary>
    internal static async Task<Refusal> StaleAsync(ClinicTx tx, CancellationToken ct) => Versions.StaleAt((await tx.QueryAsync<int>("select version from scheduling_rules", null, ct)).Single());

    private static Refusal WhatIsWrong(SchedulingRulesFields ask)
    {
        var refusal = Refusals.Incomplete;
        if (ask.LeadMinutes is < 0 or > 43200) refusal = refusal.On("leadMinutes", "At most 30 days: 0 to 43200 minutes.");
        if (ask.HorizonDays is < 1 or > 730) refusal = refusal.On("horizonDays", "Give a number of days from 1 to 730.");
        if (ask.LateCancelHours is < 0 or > 168) refusal = refusal.On("lateCancelHours", "Give a number of hours from 0 to 168.");
        if (ask.HoldMinutes is < 1 or > 30) refusal = refusal.On("holdMinutes", "Give a number of minutes from 1 to 30.");
        if (ask.MostUpcoming is < 1 or > 20) refusal = refusal.On("mostUpcoming", "Give a number from 1 to 20.");
        if (ask.OverbookRoles.Except(Roles).Any()) refusal = refusal.On("overbookRoles", "Choose among admin, provider and front_desk.");
        if (ask.BookingWords.Length > 1000) refusal = refusal.On("bookingWords", "At most 1,000 characters.");
        return refusal;
    }

    private const string Select = """
        select is_online, lead_minutes, horizon_days, late_cancel_hours, hold_minutes, most_upcoming, overbook_roles, booking_words, version
        from scheduling_rules
        """;

    private const string Update = """
        update scheduling_rules
        set is_online = @isOnline, lead_minutes = @leadMinutes, horizon_days = @horizonDays, late_cancel_hours = @lateCancelHours, hold_minutes = @holdMinutes,
            most_upcoming = @mostUpcoming, overbook_roles = @overbookRoles, booking_words = @bookingWords, version = version + 1
        where version = @version
        """;

    private sealed record Row
    {
        public bool IsOnline { get; init; }
        public int LeadMinutes { get; init; }
        public int HorizonDays { get; init; }
        public int LateCancelHours { get; init; }
        public int HoldMinutes { get; init; }
        public int MostUpcoming { get; init; }
        public string[] OverbookRoles { get; init; } = [];
        public string BookingWords { get; init; } = "";
        public int Version { get; init; }

        public SchedulingRulesFields Fields => new(IsOnline, LeadMinutes, HorizonDays, LateCancelHours, HoldMinutes, MostUpcoming, OverbookRoles, BookingWords);
    }
}
