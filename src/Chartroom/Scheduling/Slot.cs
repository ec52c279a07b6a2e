using System.Text.Json.Serialization;

namespace Chartroom.Scheduling;

/// <summary>Why a taken time is knowingly booked again. Says nothing of health.</summary>
[JsonConverter(typeof(SnakeCaseNames<OverbookReason>))]
public enum OverbookReason { Urgent, WalkIn, ProviderAsked, ShortVisit, Other }

/// <summary>A time somebody wants, by the wall clock of a location.</summary>
internal sealed record Slot
{
    public required VisitTypeId VisitTypeId { get; init; }
    public required StaffId ProviderId { get; init; }
    public required LocationId LocationId { get; init; }
    /// <summary>Null: any that will do, if the visit type needs one.</summary>
    public required RoomId? RoomId { get; init; }
    /// <summary>Null: any that will do, if the visit type needs one.</summary>
    public required DeviceId? DeviceId { get; init; }
    public required DateOnly Day { get; init; }
    public required TimeOnly At { get; init; }
    /// <summary>Null: as long as the visit type usually is.</summary>
    public required int? Minutes { get; init; }
    public required Doubled? Which { get; init; }
    /// <summary>True when the person knows that it is outside the provider's hours, or against another rule that is only a warning.</summary>
    public required bool IsConfirmed { get; init; }
    /// <summary>Not null: the person knows that the provider's time is taken, and why that does not matter.</summary>
    public OverbookReason? Overbook { get; init; }
    /// <summary>Not null: a patient takes it online, so nothing is only a warning.</summary>
    public PatientKind? OnlineFor { get; init; }
    /// <summary>The visit that is moved.</summary>
    public AppointmentId? Besides { get; init; }
    /// <inheritdoc cref="SlotQuestion.AlsoMoving"/>
    public IReadOnlyList<AppointmentId> AlsoMoving { get; init; } = [];

    public SlotQuestion Question => new()
    {
        VisitTypeId = VisitTypeId, ProviderId = ProviderId, LocationId = LocationId, Day = Day, At = At, Which = Which, Minutes = Minutes, RoomId = RoomId,
        DeviceId = DeviceId, OnlineFor = OnlineFor, Besides = Besides, AlsoMoving = AlsoMoving,
    };
}

/// <summary>A wanted time made definite: the instants, the wall clock they were agreed by, and what comes with it.</summary>
internal sealed record Interval(DateTimeOffset StartsAt, DateTimeOffset EndsAt, DateTime LocalStart, string TimeZone)
{
    public RoomId? RoomId { get; init; }
    public DeviceId? DeviceId { get; init; }
    public int BufferBefore { get; init; }
    public int BufferAfter { get; init; }
    /// <summary>Not null when the time is taken and is booked all the same.</summary>
    public OverbookReason? Overbook { get; init; }
}

/// <summary>Who asks, and who may knowingly book a taken time.</summary>
internal sealed record Asker(ClinicRole Role, IReadOnlyList<string> OverbookRoles)
{
    public bool MayOverbook => OverbookRoles.Contains(Names.Of(Role), StringComparer.Ordinal);
}

/// <summary>The decision, apart from clock and database.</summary>
internal static class SlotRules
{
    /// <summary>Days that a visit can be on; beyond them the arithmetic of time zones ends.</summary>
    public static bool IsADay(DateOnly day) => day.Year is >= 1900 and <= 2200;

    /// <summary>
    /// The instants of a wanted time, or why it cannot be had. What is only a warning is refused until it is confirmed. Whether the time is still free when it
    /// is written only the database can say.
    /// </summary>
    public static Outcome<Interval> Decide(Slot slot, CalendarFacts facts, Asker asker)
    {
        if (Unknown(slot, facts) is { } unknown) return unknown;
        var (type, place) = (facts.Type!, facts.Places.First(it => it.Id == slot.LocationId));   // looked at in the line above
        var minutes = slot.Minutes ?? type.Minutes;
        if (minutes is < 5 or > 480) return Refusals.BadLength.On("minutes", Refusals.BadLength.Title);
        var start = InstantOf(slot, place.TimeZone);
        if (!start.IsOk) return start.Refusal;
        var reasons = SlotJudge.Judge(facts, slot.Question);
        if (Forbidden(slot, reasons, asker) is { } refusal) return refusal;
        var own = new Stretch(Stretch.MinuteOf(start.Value), Stretch.MinuteOf(start.Value.AddMinutes(minutes)));
        return new Interval(start.Value, start.Value.AddMinutes(minutes), slot.Day.ToDateTime(slot.At), place.TimeZone)
        {
            RoomId = slot.RoomId ?? (type.NeedsRoom && FreeIn(facts.Rooms, place, type.Keeps(own)) is { } room ? new RoomId(room) : null),
            DeviceId = slot.DeviceId ?? (type.NeedsDevice && FreeIn(facts.Devices, place, type.Keeps(own)) is { } device ? new DeviceId(device) : null),
            BufferBefore = type.BufferBefore, BufferAfter = type.BufferAfter, Overbook = reasons.Exists(IsTaken) ? slot.Overbook : null,
        };
    }

    /// <summary>The same for a visit that keeps its start: past, alignment and what only an appointment not yet made must heed do not count. Answers why it is overbooked, if it is.</summary>
    public static Outcome<OverbookReason?> DecideKept(Slot slot, CalendarFacts facts, Asker asker)
    {
        string[] agreed = ["past", "alignment", "room_taken", "device_taken", "inactive"];
        var reasons = SlotJudge.Judge(facts, slot.Question).FindAll(reason => !agreed.Contains(reason.Code));
        return Forbidden(slot, reasons, asker) is { } refusal ? refusal : reasons.Exists(IsTaken) ? slot.Overbook : null;
    }

    private static Refusal? Unknown(Slot slot, CalendarFacts facts)
    {
        if (!facts.IsTypeOffered(slot.Besides)) return Refusals.UnknownVisitType.On("visitTypeId", Refusals.UnknownVisitType.Title);
        if (!facts.Providers.Any(it => it.Id == slot.ProviderId)) return Refusals.UnknownProvider.On("providerId", Refusals.UnknownProvider.Title);
        if (!facts.Places.Any(it => it.Id == slot.LocationId)) return Refusals.UnknownLocation.On("locationId", Refusals.UnknownLocation.Title);
        if (slot.RoomId is { } room && !facts.Rooms.Any(it => it.Id == room.Value && it.LocationId == slot.LocationId))
            return Refusals.UnknownRoom.On("roomId", Refusals.UnknownRoom.Title);
        return slot.DeviceId is { } device && !facts.Devices.Any(it => it.Id == device.Value && it.LocationId == slot.LocationId)
            ? Refusals.UnknownDevice.On("deviceId", Refusals.UnknownDevice.Title)
            : null;
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

    private static bool IsTaken(WhyNot reason) => reason.Code is "taken" or "held" or "buffer";

    private static Refusal? Forbidden(Slot slot, List<WhyNot> reasons, Asker asker)
    {
        if (reasons.Contains(SlotJudge.Past)) return Refusals.InThePast.On("at", Refusals.InThePast.Title);
        if (reasons.Contains(SlotJudge.TooFar)) return Refusals.TooFarAhead.On("day", Refusals.TooFarAhead.Title);
        if (reasons.Find(IsTaken) is { } taken)
        {
            if (slot.Overbook is null) return TakenAs(taken, asker);
            if (!asker.MayOverbook) return Refusals.MayNotOverbook;
        }
        if (reasons.Contains(SlotJudge.RoomTaken)) return Refusals.RoomTaken.On("roomId", Refusals.RoomTaken.Title);
        if (reasons.Contains(SlotJudge.DeviceTaken)) return Refusals.DeviceTaken.On("deviceId", Refusals.DeviceTaken.Title);
        string[] warnings = [.. reasons.Where(reason => !IsTaken(reason)).Select(reason => reason.Code)];
        if (warnings.Length == 0) return null;
        if (slot.OnlineFor is not null) return Refusals.NotOffered.With("reasons", warnings);
        if (slot.IsConfirmed) return null;
        var warning = Refusals.WarningOf(warnings[0]);
        return warning.On("isConfirmed", warning.Title).With("warnings", warnings);
    }

    private static Refusal TakenAs(WhyNot taken, Asker asker) =>
        Refusals.SlotTaken.On("at", taken.Words).With("reason", taken.Code).With("mayOverbook", asker.MayOverbook);

    private static Guid? FreeIn(IReadOnlyList<ThingFacts> things, PlaceFacts place, Stretch keeps) =>
        things.FirstOrDefault(it => it.IsSuited && it.LocationId == place.Id && !it.Visits.Any(visit => visit.Keeps.Overlaps(keeps)))?.Id;

    /// <summary>An instant with the offset the location's clocks have then.</summary>
    public static DateTimeOffset At(DateTimeOffset instant, string zone) => TimeZoneInfo.ConvertTime(instant, TimeZoneInfo.FindSystemTimeZoneById(zone));
}
