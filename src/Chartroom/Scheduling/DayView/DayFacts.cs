using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Chartroom.Scheduling;

/// <summary>What the calendar's script draws, in the page itself: places are minutes on the axis of each day, so the browser's own clock and zone do not matter.</summary>
public sealed record DayFacts
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    public sealed record Column(Guid Id, string Name, LocationId? Location, IReadOnlyList<int[]> Open);
    public sealed record Blocked(Guid? Provider, Guid? Location, int Day, int From, int To, string Text, string Kind);
    public sealed record Step(string Words, string Icon, string Verb, bool IsAwaited, bool IsOpen, IReadOnlyList<string> Next);
    public sealed record Item(AppointmentId Id, string Name, VisitTypeId Type, StaffId Provider, RoomId? Room, string? RoomName, LocationId Location, int Day, int At,
        int Minutes, string Time, string Status, int Version, IReadOnlyList<string>? Flags, string? Who)
    {
        /// <summary>Who saw the patient last, where that was somebody else.</summary>
        public StaffId? Last { get; init; }
        /// <summary>Which visit of the patient's it is, where it is not the first; null for what is over.</summary>
        public int? Number { get; init; }
        /// <summary>The language in which somebody has to interpret; null for nobody.</summary>
        public string? Interpreter { get; init; }
        /// <summary>What whoever meets the patient must know first.</summary>
        public string? Alert { get; init; }
        /// <summary>How many forms are missing; null for none.</summary>
        public int? Forms { get; init; }
        /// <summary>What the patient owes or has too much, in words; null at zero.</summary>
        public string? Balance { get; init; }
    }

    public required DateOnly Date { get; init; }
    public required int Days { get; init; }
    public required DateOnly Today { get; init; }
    /// <summary>Which day, and which minute of it, is now; the day may lie outside.</summary>
    public required int[] Now { get; init; }
    public required int Minutes { get; init; }
    public required IReadOnlyList<EvenStretch> Stretches { get; init; }
    public required CalendarLook Look { get; init; }
    public required LocationId? Location { get; init; }
    public required StaffId? Provider { get; init; }
    public required Guid Me { get; init; }
    public required bool MayBook { get; init; }
    public required IReadOnlyList<Column> Providers { get; init; }
    public required IReadOnlyList<DayRoom> Rooms { get; init; }
    public required IReadOnlyDictionary<string, DayType> Types { get; init; }
    public required IReadOnlyDictionary<string, Step> Steps { get; init; }
    public required IReadOnlyDictionary<string, string> People { get; init; }
    /// <summary>What staff may choose, in the clinic's order: code and name.</summary>
    public required IReadOnlyList<string[]> CancelReasons { get; init; }
    public required IReadOnlyList<Blocked> Blocks { get; init; }
    public required IReadOnlyList<Item> Visits { get; init; }
    /// <summary>What waits for the desk elsewhere.</summary>
    public IReadOnlyList<WaitingCount> Waiting { get; init; } = [];

    public static DayFacts Of(Day day, CalendarLook look, StaffId? provider, Actor actor)
    {
        var axis = new DayAxis(day);
        var (nowDay, nowMinute) = axis.Of(day.Now);
        return new()
        {
            Date = day.Date, Days = day.Days, Today = day.Today, Now = [nowDay, nowMinute], Minutes = axis.Minutes, Stretches = axis.Stretches, Look = look,
            Location = day.Location, Provider = provider, Me = actor.Person.Value, MayBook = Rights.Allows(actor.Role, Permission.BookAppointments),
            Providers = ColumnsOf(day, axis), Rooms = day.Around.Rooms, Types = day.Around.Types.ToDictionary(type => type.Id.ToString()),
            Steps = Enum.GetValues<VisitStatus>().ToDictionary(VisitStates.NameOf, status => StepOf(status, actor.Role)),
            People = day.Around.People.ToDictionary(person => person.Id.ToString(), person => person.Name),
            CancelReasons = [.. day.Around.CancelReasons.Where(reason => reason.IsFor(CancelUse.Staff)).Select(reason => new[] { reason.Code, reason.Name })],
            Blocks = [.. CalendarBlocks.Of(day, axis)], Visits = ItemsOf(day, axis),
        };
    }

    /// <summary>Safe inside a script element: signs that could end it are written as escapes.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Json);

    public static IReadOnlyList<Item> ItemsOf(Day day, DayAxis axis) => [.. day.Visits.Select(visit => ItemOf(visit, axis))];

    private static Item ItemOf(DayVisit visit, DayAxis axis)
    {
        var (day, at) = axis.Of(visit.StartsAt);
        return new(visit.Id, visit.PatientName, visit.VisitTypeId, visit.ProviderId, visit.RoomId, visit.RoomName, visit.LocationId, day, at, visit.Minutes,
            Clock.Short(visit.LocalStart), visit.StatusName, visit.Version, FlagsOf(visit), visit.ProviderName)
        {
            Last = visit.LastProviderId,
            Number = visit.VisitNumber > 1 ? visit.VisitNumber : null,
            Interpreter = visit.Interpreter,
            Alert = visit.Alert,
            Forms = visit.FormsMissing > 0 ? visit.FormsMissing : null,
            Balance = Ledger.Money.Balance(visit.BalanceCents, visit.Currency),
        };
    }

    private static List<string>? FlagsOf(DayVisit visit)
    {
        var flags = new List<string>();
        if (visit.IsFirst && visit.PatientId is not null) flags.Add("new");
        if (visit.IsOverbooked) flags.Add("overbooked");
        if (visit.IsOfSeries) flags.Add("series");
        return flags.Count > 0 ? flags : null;
    }

    private static Step StepOf(VisitStatus status, ClinicRole role) => new(status.Words(), StatusLook.IconOf(status), StatusLook.VerbOf(status), status.IsAwaited(), status.IsOpen(),
        [.. VisitStates.NextFor(status, role).Select(VisitStates.NameOf)]);

    /// <summary>Providers at work here; whoever has visits although they left; everybody when nobody is at work, so that a free day can still be booked.</summary>
    private static List<Column> ColumnsOf(Day day, DayAxis axis)
    {
        var busy = day.Visits.Select(visit => visit.ProviderId).ToHashSet();
        var known = day.Around.Hours.GroupBy(hours => hours.ProviderId).Select(group => ColumnOf(day, axis, [.. group])).ToList();
        var former = day.Visits.Where(visit => known.TrueForAll(column => column.Id != visit.ProviderId.Value)).DistinctBy(visit => visit.ProviderId)
            .Select(visit => new Column(visit.ProviderId.Value, visit.ProviderName, null, []));
        var columns = known.Concat(former).ToList();
        bool IsUsed(Column column) => column.Open.Count > 0 || busy.Contains(new(column.Id));
        return columns.Exists(IsUsed) ? columns.FindAll(IsUsed) : columns;
    }

    private static Column ColumnOf(Day day, DayAxis axis, List<DayHours> hours) => new(hours[0].ProviderId.Value, hours[0].ProviderName,
        hours.Find(it => it.LocationId is not null)?.LocationId,
        [.. hours.Where(it => it.LocationId is not null)
            .Select(it => new[] { it.Day.DayNumber - day.Date.DayNumber, axis.OfWall(it.Opens!.Value), axis.OfWall(it.Closes!.Value) })]);   // a row with a location has both
}

/// <summary>Times at which nobody can be booked: closures, time off, busy elsewhere; cut to the days shown.</summary>
internal static class CalendarBlocks
{
    public static IEnumerable<DayFacts.Blocked> Of(Day day, DayAxis axis)
    {
        foreach (var closure in day.Around.Closures)
        {
            foreach (var (at, from, to) in CutLocal(day, axis, closure.LocalFrom, closure.LocalUntil))
                yield return new(null, closure.LocationId?.Value, at, from, to, $"Closed: {closure.Name}", "closure");
        }
        foreach (var away in day.Around.Away)
        {
            var (from, until) = (ClinicTime.Local(away.StartsAt, day.TimeZone), ClinicTime.Local(away.EndsAt, day.TimeZone));
            foreach (var (at, start, end) in CutLocal(day, axis, from, until)) yield return new(away.StaffId.Value, null, at, start, end, WordsOf(away.Kind), "away");
        }
    }

    private static IEnumerable<(int Day, int From, int To)> CutLocal(Day day, DayAxis axis, DateTime from, DateTime until)
    {
        for (var at = 0; at < day.Days; at++)
        {
            var midnight = day.Date.AddDays(at).ToDateTime(TimeOnly.MinValue);
            var (start, end) = (Math.Max(0, (from - midnight).TotalMinutes), Math.Min(24 * 60, (until - midnight).TotalMinutes));
            if (start < end) yield return (at, axis.OfWall((int)start), end >= 24 * 60 ? axis.Minutes : axis.OfWall((int)end));
        }
    }

    private static string WordsOf(string kind) => kind switch
    {
        "vacation" => "Vacation",
        "sick" => "Off sick",
        "training" => "Training",
        "meeting" => "Meeting",
        "break" => "Break",
        "outside" => "Busy elsewhere",
        _ => "Away",
    };
}
