using Chartroom.Platform.Tenancy;

namespace Chartroom.Scheduling;

/// <summary>A time somebody wants, by the wall clock of a location.</summary>
internal sealed record Slot
{
    public required StaffId ProviderId { get; init; }
    public required LocationId LocationId { get; init; }
    public required RoomId? RoomId { get; init; }
    public required DateOnly Day { get; init; }
    public required TimeOnly At { get; init; }
    /// <summary>Null: as long as the visit type usually is.</summary>
    public required int? Minutes { get; init; }
    public required Doubled? Which { get; init; }
    /// <summary>True when the person knows that it is outside the provider's hours.</summary>
    public required bool IsConfirmed { get; init; }
}

/// <summary>What the clinic's tables say about a wanted time.</summary>
internal sealed record SlotFacts
{
    public bool IsPatientKnown { get; init; }
    public bool IsProvider { get; init; }
    public bool IsRoomHere { get; init; }
    /// <summary>Null when there is no such open location.</summary>
    public string? TimeZone { get; init; }
    /// <summary>Null when the clinic does not offer such a visit.</summary>
    public int? UsualMinutes { get; init; }
    /// <summary>Minutes of the day at which the provider's hours there begin, in order, and at which they end.</summary>
    public int[] Opens { get; init; } = [];
    /// <inheritdoc cref="Opens"/>
    public int[] Closes { get; init; } = [];

    public static async Task<SlotFacts> AskAsync(ClinicTx tx, PatientId patientId, VisitTypeId visitTypeId, Slot slot, CancellationToken ct) =>
        (await tx.QueryAsync<SlotFacts>(Select, new
        {
            patientId, visitTypeId, slot.ProviderId, slot.LocationId, slot.RoomId, weekday = (int)slot.Day.DayOfWeek,
        }, ct)).Single();

    /// <summary>True when one stretch of the provider's hours holds the whole visit, by the wall clock.</summary>
    public bool AreHours(DateTime localStart, DateTime localEnd)
    {
        var (from, to) = ((int)localStart.TimeOfDay.TotalMinutes, (int)localEnd.TimeOfDay.TotalMinutes);
        return localStart.Date == localEnd.Date && Opens.Zip(Closes).Any(open => open.First <= from && to <= open.Second);
    }

    private const string Select = """
        select exists (select from patient where patient.id = @patientId and patient.state <> 'merged' and patient.deleted_at is null) as is_patient_known,
            exists (select from staff where staff.id = @providerId and staff.is_provider and staff.is_active) as is_provider,
            exists (select from room where room.id = @roomId and room.location_id = @locationId and room.is_active) as is_room_here,
            (select location.time_zone from location where location.id = @locationId and location.is_active) as time_zone,
            (select visit_type.minutes from visit_type where visit_type.id = @visitTypeId and visit_type.is_active) as usual_minutes,
            array(select (extract(epoch from opens) / 60)::int from weekly_hours
                where staff_id = @providerId and location_id = @locationId and weekday = @weekday order by opens) as opens,
            array(select (extract(epoch from closes) / 60)::int from weekly_hours
                where staff_id = @providerId and location_id = @locationId and weekday = @weekday order by opens) as closes
        """;
}

/// <summary>A wanted time made definite: the instants and the wall clock they were agreed by.</summary>
internal sealed record Interval(DateTimeOffset StartsAt, DateTimeOffset EndsAt, DateTime LocalStart, string TimeZone);

/// <summary>The decision, apart from clock and database.</summary>
internal static class SlotRules
{
    private static readonly TimeSpan Horizon = TimeSpan.FromDays(5 * 366);

    /// <summary>The instants of a wanted time, or why it cannot be had. Whether it is free only the database can say.</summary>
    public static Outcome<Interval> Decide(Slot slot, SlotFacts facts, DateTimeOffset now)
    {
        if (!facts.IsProvider) return Refusals.UnknownProvider.On("providerId", Refusals.UnknownProvider.Title);
        if (facts.TimeZone is not { } zone) return Refusals.UnknownLocation.On("locationId", Refusals.UnknownLocation.Title);
        if (slot.RoomId is not null && !facts.IsRoomHere) return Refusals.UnknownRoom.On("roomId", Refusals.UnknownRoom.Title);
        var minutes = slot.Minutes ?? facts.UsualMinutes ?? 0;
        if (minutes is < 5 or > 480) return Refusals.BadLength.On("minutes", Refusals.BadLength.Title);
        var start = InstantOf(slot, zone);
        return start.IsOk ? Within(slot, facts, new(start.Value, start.Value.AddMinutes(minutes), slot.Day.ToDateTime(slot.At), zone), now) : start.Refusal;
    }

    /// <summary>Wall clock → instant. A skipped time is refused, a doubled one is asked about; nothing is guessed.</summary>
    public static Outcome<DateTimeOffset> InstantOf(Slot slot, string zone)
    {
        if (ClinicTime.Resolve(slot.Day, slot.At, zone) is { } only) return only;
        if (ClinicTime.ResolveDoubled(slot.Day, slot.At, zone) is not [var earlier, .., var later])
            return Refusals.NoSuchTime.On("at", Refusals.NoSuchTime.Title);
        return slot.Which switch
        {
            Doubled.Earlier => earlier,
            Doubled.Later => later,
            _ => Refusals.DoubledTime.On("which", Refusals.DoubledTime.Title).With("choices", new[] { At(earlier, zone), At(later, zone) }),
        };
    }

    private static Outcome<Interval> Within(Slot slot, SlotFacts facts, Interval interval, DateTimeOffset now)
    {
        if (interval.StartsAt < now) return Refusals.InThePast.On("at", Refusals.InThePast.Title);
        if (interval.StartsAt - now > Horizon) return Refusals.TooFarAhead.On("day", Refusals.TooFarAhead.Title);
        var isOpen = facts.AreHours(interval.LocalStart, ClinicTime.Local(interval.EndsAt, interval.TimeZone));
        return isOpen || slot.IsConfirmed ? interval : Refusals.OutsideHours.On("isConfirmed", Refusals.OutsideHours.Title);
    }

    /// <summary>An instant with the offset the location's clocks have then.</summary>
    public static DateTimeOffset At(DateTimeOffset instant, string zone) => TimeZoneInfo.ConvertTime(instant, TimeZoneInfo.FindSystemTimeZoneById(zone));
}
