namespace Chartroom.Bench;

/// <summary>How big the clinic is to be, and as of when.</summary>
internal sealed record BigSize(int Patients, int Appointments, DateTimeOffset Now);

/// <summary>
/// What happens in the big clinic: the same for the same size and moment. Ten years back and eight weeks ahead; nobody is booked twice, by construction: a
/// provider's day is walked from opening to closing, each has a room of their own, and those who use a device have one of their own.
/// </summary>
internal sealed class BigPlan(BigSize size)
{
    public const int Providers = DayClinic.Providers, DeviceOwners = 4, Years = 10, WeeksAhead = 8;
    public const string Zone = "America/Denver";
    private const double MeanMinutes = 17.3, ShareThatHolds = 0.88;

    public static readonly IReadOnlyList<BigType> Types =
    [
        new("Follow-up", 15, "blue", 50), new("Nurse visit", 10, "cyan", 18), new("New patient", 30, "green", 10), new("Annual physical", 30, "teal", 10),
        new("Telehealth", 15, "purple", 8), new("Ultrasound", 20, "orange", 4, NeedsDevice: true),
    ];

    /// <summary>Opening hours in minutes of the day.</summary>
    public static readonly (int From, int To)[] Hours = [(450, 720), (750, 1080)], SaturdayHours = [(540, 720)];

    private readonly BigCourse course = new(size.Now, Zone);

    public DateOnly Today { get; } = ClinicTime.TodayAt(size.Now, Zone);

    public DateOnly First => Today.AddYears(-Years);

    public DateOnly Last => Today.AddDays(WeeksAhead * 7);

    /// <summary>The clinic is closed.</summary>
    public static bool IsHoliday(DateOnly day) => (day.Month, day.Day) is (1, 1) or (7, 4) or (12, 25) or (12, 24) || (day.Month, day.DayOfWeek, (day.Day - 1) / 7) is (11, DayOfWeek.Thursday, 3) or (9, DayOfWeek.Monday, 0);

    /// <summary>First days of the provider's weeks of vacation.</summary>
    public IEnumerable<DateOnly> Vacations(int provider) =>
        from year in Enumerable.Range(First.Year, Last.Year - First.Year + 1)
        from number in Enumerable.Range(0, 3)
        let day = new DateOnly(year, 1, 4).AddDays((((provider * 29) + (number * 119)) % 357) + year % 7)
        let monday = day.AddDays(-(((int)day.DayOfWeek + 6) % 7))
        where monday >= First && monday.AddDays(5) <= Last
        select monday;

    /// <summary>True on the one Saturday a month that the provider works a shift.</summary>
    public static bool IsShift(int provider, DateOnly day) => day.DayOfWeek == DayOfWeek.Saturday && (day.Day - 1) / 7 == provider % 4;

    /// <summary>When the provider is there that day; nothing on a free one.</summary>
    public IEnumerable<(DateOnly Day, (int From, int To)[] Hours)> Days(int provider)
    {
        var away = Vacations(provider).SelectMany(monday => Enumerable.Range(0, 7).Select(monday.AddDays)).ToHashSet();
        for (var day = First; day <= Last; day = day.AddDays(1))
        {
            if (IsHoliday(day) || away.Contains(day) || day.DayOfWeek == DayOfWeek.Sunday) continue;
            if (day.DayOfWeek != DayOfWeek.Saturday) yield return (day, Hours);
            else if (IsShift(provider, day)) yield return (day, SaturdayHours);
        }
    }

    /// <summary>All visits of a provider, day by day.</summary>
    public IEnumerable<BigVisit> Of(int provider)
    {
        var dice = new Random(provider + 1);   // a fixed seed; nothing secret hangs on it
        var days = Days(provider).Select(it => (it.Day, it.Hours, Weight: Weight(it.Day))).ToList();
        var whole = days.Sum(it => it.Weight);
        var wanted = (size.Appointments / Providers) + (provider < size.Appointments % Providers ? 1 : 0);
        var (weighed, made) = (0d, 0);
        foreach (var (day, hours, weight) in days)
        {
            weighed += weight;
            var count = (day == days[^1].Day ? wanted : (int)(wanted * weighed / whole)) - made;
            foreach (var visit in IsFull(day) ? FullDay(provider, day, dice) : Day(new(provider, day, hours, count), dice))
            {
                yield return visit;
                made++;
            }
        }
    }

    private bool IsFull(DateOnly day) => day == DayClinic.Day && size.Appointments >= 100_000;

    /// <summary>The further ahead, the emptier.</summary>
    private double Weight(DateOnly day)
    {
        var weight = day.DayOfWeek == DayOfWeek.Saturday ? 0.3 : 1;
        return day <= Today ? weight : weight * Math.Max(0.15, 0.9 - ((day.DayNumber - Today.DayNumber) / 70.0));
    }

    /// <summary>The day that <c>bench day</c> asks for, the same as in its own small clinic.</summary>
    private IEnumerable<BigVisit> FullDay(int provider, DateOnly day, Random dice)
    {
        for (var number = 0; number < DayClinic.VisitsEach; number++)
            yield return course.Untouched(new(provider, PatientOf(provider, dice), 0, day.ToDateTime(new(8, 0)).AddMinutes(number * 12), 12), dice);
    }

    private IEnumerable<BigVisit> Day(BigDay ask, Random dice)
    {
        var (holding, made) = ((int)((ask.Count * ShareThatHolds) + dice.NextDouble()), 0);
        var left = ask.Hours.Sum(it => it.To - it.From);
        foreach (var (from, to) in ask.Hours)
        {
            for (var at = from; at < to && made < holding;)
            {
                var isTaken = dice.NextDouble() < (holding - made) * MeanMinutes / left;
                var type = isTaken ? TypeFor(ask.Provider, to - at, dice) : -1;
                var minutes = type < 0 ? 5 : Types[type].Minutes;
                if (type >= 0)
                {
                    yield return course.Held(Slot(ask, type, at, minutes, dice), dice);
                    made++;
                }
                at += minutes;
                left -= minutes;
            }
        }
        for (; made < ask.Count; made++)   // cancelled ones hold no time, so they may stand anywhere
        {
            var (from, to) = ask.Hours[dice.Next(ask.Hours.Length)];
            var type = dice.Next(5);
            yield return course.Cancelled(Slot(ask, type, from + (dice.Next((to - from) / 5) * 5), Types[type].Minutes, dice), dice);
        }
    }

    private BigSlot Slot(BigDay ask, int type, int at, int minutes, Random dice) =>
        new(ask.Provider, PatientOf(ask.Provider, dice), type, ask.Day.ToDateTime(TimeOnly.MinValue).AddMinutes(at), minutes);

    /// <summary>Most of a provider's patients are of their own panel.</summary>
    private int PatientOf(int provider, Random dice)
    {
        var panel = Math.Max(1, size.Patients / Providers);
        return dice.Next(100) < 70 ? Math.Min(size.Patients - 1, (provider * panel) + dice.Next(panel)) : dice.Next(size.Patients);
    }

    /// <summary>A kind that fits into the minutes left, or -1.</summary>
    private static int TypeFor(int provider, int minutesLeft, Random dice)
    {
        var (rolled, type) = (dice.Next(100), 0);
        while (rolled >= Types[type].Weight) rolled -= Types[type++].Weight;
        if (Types[type].NeedsDevice && provider >= DeviceOwners) type = 0;
        if (Types[type].Minutes > minutesLeft) type = 1;
        return Types[type].Minutes > minutesLeft ? -1 : type;
    }

    private sealed record BigDay(int Provider, DateOnly Day, (int From, int To)[] Hours, int Count);
}

/// <summary>Who is booked to whom when, before it is known what becomes of it.</summary>
internal sealed record BigSlot(int Provider, int Patient, int Type, DateTime Local, int Minutes);
