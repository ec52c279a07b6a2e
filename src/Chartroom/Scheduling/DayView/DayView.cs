using Chartroom.Paperwork;
using Chartroom.Patients;
using Chartroom.Platform.Audit;
using Chartroom.Platform.Tenancy;

namespace Chartroom.Scheduling;

/// <summary>Asks for the visits of a day, or of several.</summary>
/// <param name="Date">First calendar day at the location; absent: today there, or the Sunday before it for a week.</param>
/// <param name="Location">One location; absent: all that share the first one's zone.</param>
/// <param name="WithClosed">True to see also the cancelled, missed and left ones.</param>
internal sealed record DayView(DateOnly? Date, LocationId? Location = null, bool WithClosed = false)
{
    /// <summary>1, or 7 for the week that holds the date, from Sunday.</summary>
    public int Days { get; init; } = 1;
    /// <summary>One provider's visits only.</summary>
    public StaffId? Provider { get; init; }
    /// <summary>These visits only: what changed on another screen.</summary>
    public IReadOnlyList<AppointmentId>? Only { get; init; }

    /// <summary>The first day to show.</summary>
    public DateOnly FirstOf(DateOnly today) => Days == 1 ? Date ?? today : (Date ?? today).AddDays(-(int)(Date ?? today).DayOfWeek);
}

/// <summary>Reads them: one round trip for visits and what surrounds them, one batch of keys for the names, one event that names every patient shown.</summary>
internal sealed class DayViewHandler(TenantDb db)
{
    /// <summary>So many visits are read; a day with more is refused rather than cut.</summary>
    private const int Most = 5000;

    public async Task<Outcome<Day>> HandleAsync(DayView ask, Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.SeeAppointments, ct);
        var day = await FindAsync(tx, ask, ct);
        if (day.IsOk) await tx.CommitAsync(ct);
        return day;
    }

    /// <summary>Reads within the caller's transaction.</summary>
    public static async Task<Outcome<Day>> FindAsync(ClinicTx tx, DayView ask, CancellationToken ct)
    {
        var locations = await tx.QueryAsync<DayLocation>(DaySql.Locations, null, ct);
        var chosen = locations.Find(location => location.Id == ask.Location);
        if (ask.Location is not null && chosen is null) return Refusals.UnknownLocation;
        var zone = (chosen ?? locations.FirstOrDefault())?.TimeZone ?? "UTC";
        var first = ask.FirstOf(ClinicTime.TodayAt(tx.Now, zone));
        if (first.Year is < 1900 or > 2200) return Refusals.NoSuchDay;
        var shown = locations.Where(location => chosen is null ? location.TimeZone == zone : location == chosen).Select(location => location.Id).ToArray();
        var last = first.AddDays(ask.Days - 1);
        var (from, to) = (ClinicTime.DayOf(first, zone).From, ClinicTime.DayOf(last, zone).To);
        var around = DayAround.Ask(tx, (first, last), (from, to), shown);
        var visits = await tx.QueryAsync<DayVisit>(DaySql.Visits, new
        {
            from, to, earliest = from.AddHours(-8), shown, ask.WithClosed, provider = ask.Provider, only = ask.Only?.ToArray(), most = Most + 1, tx.Now,
        }, ct);
        if (visits.Count > Most) return Refusals.DayTooFull;
        return new Day
        {
            Date = first, Days = ask.Days, TimeZone = zone, From = from, To = to, Now = tx.Now, Location = chosen?.Id, Locations = locations,
            Around = await around.ReadAsync(ct), Visits = await NamedAsync(tx, visits, ct),
        };
    }

    private static async Task<IReadOnlyList<DayVisit>> NamedAsync(ClinicTx tx, List<DayVisit> visits, CancellationToken ct)
    {
        var patients = visits.Select(visit => visit.PatientId).OfType<PatientId>().Distinct().ToList();
        var papers = MissingPapers.Ask(tx, [.. visits.Where(visit => visit.PatientId is not null && visit.Status.IsOpen()).Select(visit => visit.Id)]);
        var names = await PatientRegister.NamesOnRecordAsync(tx, patients, new Access("day.read", "day"), ct);
        var missing = await MissingPapers.ReadAsync(papers, ct);
        return [.. visits.Select(visit => (Visit: visit, Patient: visit.PatientId is { } patient ? names.GetValueOrDefault(patient) : null)).Select(it => it.Visit with
        {
            PatientName = NameOf(it.Visit, it.Patient),
            Interpreter = it.Patient?.Interpreter,
            Alert = it.Patient?.DeskAlert,
            FormsMissing = missing.GetValueOrDefault(it.Visit.Id),
        })];
    }

    private static string NameOf(DayVisit visit, PatientLine? patient) => visit.PatientId is null ? "Held online" : patient?.Name ?? "Deleted patient";
}
