using Chartroom.Platform.Tenancy;

namespace Chartroom.Scheduling;

/// <summary>One occurrence before it is saved.</summary>
/// <param name="Number">Which, from 1.</param>
/// <param name="Day">Planned calendar day.</param>
/// <param name="At">Planned wall-clock start.</param>
/// <param name="Act">What is chosen for it; at first what is proposed.</param>
/// <param name="ChosenDay">When it would be.</param>
/// <param name="ChosenAt">When it would be.</param>
/// <param name="Planned">Why it cannot be as planned; empty when it can.</param>
/// <param name="Reasons">Why it cannot be as chosen; empty when it can.</param>
/// <param name="NextFree">The next free start on the planned day, after the planned one if there is any.</param>
/// <param name="CanKeep">Whether rules only warn, so that it can be booked as planned all the same.</param>
public sealed record PlannedOccurrence(int Number, DateOnly Day, TimeOnly At, OccurrenceAct Act, DateOnly ChosenDay, TimeOnly ChosenAt, IReadOnlyList<WhyNot> Planned,
    IReadOnlyList<WhyNot> Reasons, TimeOnly? NextFree, bool CanKeep)
{
    /// <summary>False while it stands in the way of saving.</summary>
    public bool IsFine => Act == OccurrenceAct.Skip || Reasons.Count == 0;
}

/// <summary>Asks the rules of booking about each occurrence; the same rules that booking keeps.</summary>
internal static class SeriesPlan
{
    /// <summary>A picture: what is free here may be taken when it is saved, and is then said again.</summary>
    public static async Task<IReadOnlyList<PlannedOccurrence>> OfAsync(ClinicTx tx, BookSeries ask, CancellationToken ct)
    {
        var planned = new List<PlannedOccurrence>();
        for (var number = 1; number <= ask.Times; number++)
        {
            var question = new SlotQuestion
            {
                VisitTypeId = ask.VisitTypeId, ProviderId = ask.ProviderId, LocationId = ask.LocationId, Day = ask.DayOf(number), At = ask.At, Which = ask.Which, Minutes = ask.Minutes,
                RoomId = ask.RoomId, DeviceId = ask.DeviceId,
            };
            planned.Add(await OfAsync(tx, question, ask.ChoiceOf(number), ct));
        }
        return Meeting(planned, ask.Minutes ?? 5);
    }

    /// <summary>One occurrence, with that choice for it.</summary>
    public static async Task<PlannedOccurrence> OfAsync(ClinicTx tx, SlotQuestion question, OccurrenceChoice choice, CancellationToken ct)
    {
        var reasons = await Slots.WhyNotAsync(tx, question, ct);
        var canKeep = reasons.Count > 0 && reasons.All(SeriesRules.IsWarning);
        var next = reasons.Count == 0 ? null : await NextFreeAsync(tx, question, ct);
        var act = choice.Act == OccurrenceAct.Plan && reasons.Count > 0 ? Proposed(reasons, next) : choice.Act;
        var asked = choice with { Act = act, NextAt = choice.NextAt ?? next };
        var (day, at) = SeriesRules.TimeOf(asked, question.Day, question.At);
        var chosen = (day, at) == (question.Day, question.At) ? reasons : await Slots.WhyNotAsync(tx, question with { Day = day, At = at }, ct);
        var left = act == OccurrenceAct.Keep ? [.. chosen.Where(reason => !SeriesRules.IsWarning(reason))] : chosen;
        return new(choice.Number, question.Day, question.At, act, day, at, reasons, left, next, canKeep);
    }

    /// <summary>A closed day is left out; else the next free time of the day, if there is one.</summary>
    private static OccurrenceAct Proposed(IReadOnlyList<WhyNot> reasons, TimeOnly? next) =>
        next is null || reasons.Any(reason => reason.Code is "closed" or "past") ? OccurrenceAct.Skip : OccurrenceAct.Next;

    private static async Task<TimeOnly?> NextFreeAsync(ClinicTx tx, SlotQuestion question, CancellationToken ct)
    {
        if (question.VisitTypeId is not { } type) return null;
        var search = new SlotSearch
        {
            VisitTypeId = type, Providers = [question.ProviderId], LocationId = question.LocationId, From = question.Day, To = question.Day, Minutes = question.Minutes, Besides = question.Besides, AlsoMoving = question.AlsoMoving,
        };
        var found = await Slots.FindAsync(tx, search, ct);
        if (!found.IsOk) return null;
        var starts = found.Value.Select(slot => TimeOnly.FromDateTime(slot.LocalStart)).Distinct().ToList();
        foreach (var at in starts.Where(at => at > question.At).Concat(starts.Where(at => at < question.At).Reverse()).Take(20))
        {
            // A certain room or device may be taken where others are free.
            if (question is { RoomId: null, DeviceId: null } || (await Slots.WhyNotAsync(tx, question with { At = at }, ct)).Count == 0) return at;
        }
        return null;
    }

    /// <summary>Two occurrences of one series that would be at the same time.</summary>
    private static List<PlannedOccurrence> Meeting(List<PlannedOccurrence> planned, int minutes)
    {
        bool Meets(PlannedOccurrence one, PlannedOccurrence other) => one.Number > other.Number && other.Act != OccurrenceAct.Skip
            && (one.ChosenDay.ToDateTime(one.ChosenAt) - other.ChosenDay.ToDateTime(other.ChosenAt)).Duration() < TimeSpan.FromMinutes(minutes);
        return [.. planned.Select(one => one.Act != OccurrenceAct.Skip && planned.Exists(other => Meets(one, other))
            ? one with { Reasons = [.. one.Reasons, new WhyNot("taken", "Another visit of this series is at that time.")] }
            : one)];
    }
}

/// <summary>The decisions, apart from clock and database.</summary>
internal static class SeriesRules
{
    private static readonly string[] Warnings = ["outside_hours", "closed", "away", "outside_busy", "daily_cap", "alignment", "wrong_room", "wrong_device"];

    // What is wrong with all of a series, not with one of its times.
    private static readonly string[] OfAll =
    [
        Refusals.UnknownPatient.Code, Refusals.UnknownProvider.Code, Refusals.UnknownVisitType.Code, Refusals.UnknownLocation.Code, Refusals.UnknownRoom.Code, Refusals.UnknownDevice.Code, Refusals.BadLength.Code,
    ];

    public static bool IsWarning(WhyNot reason) => Warnings.Contains(reason.Code);

    public static bool IsOfAll(Refusal refusal) => OfAll.Contains(refusal.Code);

    public static Refusal? WhatIsWrong(BookSeries ask)
    {
        var refusal = Refusals.Incomplete;
        if (ask.EveryWeeks is < 1 or > 12) refusal = refusal.On("everyWeeks", "Every 1 to 12 weeks.");
        if (ask.Times is < 2 or > 52) refusal = refusal.On("times", "2 to 52 times.");
        if (ask.Minutes is < 5 or > 480) refusal = refusal.On("minutes", "A visit lasts 5 to 480 minutes.");
        if (ask.Reason?.Length > 1000) refusal = refusal.On("reason", Refusals.BadReason.Title);
        if (ask.Day.Year is < 2000 or > 2200) refusal = refusal.On("day", "Choose a day of this century.");
        if (refusal.Errors.Count == 0 && ask.Choices is { } choices) refusal = WrongChoice(choices, ask.Times);
        return refusal.Errors.Count > 0 ? refusal : null;
    }

    public static Refusal WrongChoice(IReadOnlyList<OccurrenceChoice> choices, int times)
    {
        var refusal = Refusals.Incomplete;
        foreach (var (at, choice) in choices.Index())
        {
            if (choice.Number < 1 || choice.Number > times || !Enum.IsDefined(choice.Act)) refusal = refusal.On($"choices[{at}].number", "There is no such occurrence.");
            if (choice is { Act: OccurrenceAct.Move, At: null }) refusal = refusal.On($"choices[{at}].at", "Say when.");
            if (choice is { Act: OccurrenceAct.Next, NextAt: null }) refusal = refusal.On($"choices[{at}].act", "No free time was offered. Choose another.");
        }
        return refusal;
    }

    /// <summary>When an occurrence with that choice would be.</summary>
    public static (DateOnly Day, TimeOnly At) TimeOf(OccurrenceChoice choice, DateOnly day, TimeOnly at) => choice.Act switch
    {
        OccurrenceAct.Next => (day, choice.NextAt ?? at),
        OccurrenceAct.Move => (choice.Day ?? day, choice.At ?? at),
        _ => (day, at),
    };

    /// <summary>What is to be booked, in the order of time.</summary>
    public static List<(int Number, DateOnly Day, TimeOnly At, bool IsConfirmed)> TimesOf(BookSeries ask) =>
    [
        .. Enumerable.Range(1, ask.Times).Select(ask.ChoiceOf).Where(choice => choice.Act != OccurrenceAct.Skip)
            .Select(choice => (choice.Number, When: TimeOf(choice, ask.DayOf(choice.Number), ask.At), choice.Act))
            .OrderBy(it => it.When).Select(it => (it.Number, it.When.Day, it.When.At, it.Act == OccurrenceAct.Keep)),
    ];
}

/// <summary>All that one act did to a series: its moves are of one kind and lie between two instants, while nobody else had the turn. Travels in addresses as a word.</summary>
internal readonly record struct SeriesAct(VisitAct Kind, long From, long To)
{
    /// <summary>Microseconds, as the database keeps them.</summary>
    public static SeriesAct Of(VisitAct kind, DateTimeOffset from, DateTimeOffset to) => new(kind, from.UtcTicks / 10, to.UtcTicks / 10);

    public DateTimeOffset FromInstant => new(From * 10, TimeSpan.Zero);

    public DateTimeOffset ToInstant => new(To * 10, TimeSpan.Zero);

    public override string ToString() => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Names.Of(Kind)}-{From}-{To}");

    /// <summary>Null for what is none.</summary>
    public static SeriesAct? Read(string? text)
    {
        if (text?.Split('-') is not [var kind, var from, var to] || !long.TryParse(from, out var first) || !long.TryParse(to, out var last)) return null;
        var isSpan = first > 0 && last >= first && last < DateTimeOffset.MaxValue.UtcTicks / 10 && last - first < 600_000_000L;
        return isSpan && Kinds.Any(it => Names.Of(it) == kind) ? new(Kinds.First(it => Names.Of(it) == kind), first, last) : null;
    }

    private static readonly VisitAct[] Kinds = [VisitAct.Booked, VisitAct.Moved, VisitAct.Cancelled, VisitAct.Undone];
}
