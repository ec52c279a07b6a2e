using Chartroom.Paperwork;
using Chartroom.Patients;
using Chartroom.Platform.Tenancy;

namespace Chartroom.Scheduling.Board;

/// <summary>One visit of today as the board has it.</summary>
public sealed record BoardVisit
{
    public AppointmentId Id { get; init; }
    public PatientId PatientId { get; init; }
    public LocationId LocationId { get; init; }
    /// <summary>Zone of its place; where it is another than the board's, its times say so.</summary>
    public string TimeZone { get; init; } = "";
    public string ProviderName { get; init; } = "";
    public string VisitType { get; init; } = "";
    public RoomId? RoomId { get; init; }
    public string? RoomName { get; init; }
    public DateTimeOffset StartsAt { get; init; }
    public DateTimeOffset EndsAt { get; init; }
    public DateTime LocalStart { get; init; }
    public string StatusName { get; init; } = "";
    public DateTimeOffset StatusChangedAt { get; init; }
    public int Version { get; init; }
    /// <summary>Name of the patient, or what stands for one that was destroyed.</summary>
    public string PatientName { get; init; } = "";
    /// <summary>Papers that the visit asks for and nobody has received; told while it is ahead or under way.</summary>
    public int FormsMissing { get; init; }
    /// <summary>The language in which somebody has to interpret; null for nobody.</summary>
    public string? Interpreter { get; init; }
    /// <summary>What whoever meets the patient must know first.</summary>
    public string? Alert { get; init; }
    /// <summary>What the patient owes, in cents of <see cref="Currency"/>; below zero: in their favour.</summary>
    public long BalanceCents { get; init; }
    public string Currency { get; init; } = "";

    public VisitStatus Status => VisitStates.Named(StatusName);

    /// <summary>First name and the family name's first letter, for a screen that strangers pass.</summary>
    public string ShortName => PatientName.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var first, .., var last] ? $"{first} {last[0]}." : PatientName;
}

/// <summary>A room of a place on the board.</summary>
public sealed record BoardRoom(RoomId Id, LocationId LocationId, string Name);

/// <summary>Today at the clinic, by how far each visit has come.</summary>
public sealed record BoardDay
{
    private ILookup<RoomId?, BoardVisit>? inRooms;   // asked for by every card, so each is made once
    private HashSet<RoomId>? occupied;

    public required DateTimeOffset Now { get; init; }
    public required string TimeZone { get; init; }
    public required LocationId? Location { get; init; }
    public required IReadOnlyList<DayLocation> Locations { get; init; }
    public required IReadOnlyList<BoardRoom> Rooms { get; init; }
    /// <summary>By start.</summary>
    public required IReadOnlyList<BoardVisit> Visits { get; init; }
    /// <summary>The keys of who looks at it.</summary>
    public required DeskKeys Keys { get; init; }
    public DateOnly Today => ClinicTime.TodayAt(Now, TimeZone);

    /// <summary>Rooms with somebody in them.</summary>
    public IReadOnlySet<RoomId> Occupied => occupied ??= Rooms.Where(room => InRoom(room).Any()).Select(room => room.Id).ToHashSet();

    /// <summary>Who is in a room now: nobody, as a rule one, more when the desk has brought them there.</summary>
    public IEnumerable<BoardVisit> InRoom(BoardRoom room) => (inRooms ??= Visits.Where(visit => visit.Status is VisitStatus.Roomed or VisitStatus.InProgress).ToLookup(visit => visit.RoomId))[room.Id];

    /// <summary>Where it is, when places are mixed; null otherwise.</summary>
    public string? PlaceOf(LocationId id) => Location is null && Locations.Count > 1 ? Locations.FirstOrDefault(place => place.Id == id)?.Name : null;

    /// <summary>Visits of those states, who waits longest first; expected ones by their time.</summary>
    public IEnumerable<BoardVisit> In(params VisitStatus[] states) => states.Contains(VisitStatus.Booked)
        ? Visits.Where(visit => states.Contains(visit.Status))
        : Visits.Where(visit => states.Contains(visit.Status)).OrderBy(visit => visit.StatusChangedAt);
}

/// <summary>How long is long: minutes in a state from which the board warns, and from which it is too long.</summary>
internal static class BoardTimes
{
    public static (int Warn, int Bad) LimitsOf(BoardVisit visit) => visit.Status switch
    {
        VisitStatus.Arrived or VisitStatus.Roomed => (15, 30),
        VisitStatus.ReadyForCheckout => (10, 20),
        VisitStatus.InProgress => ((int)(visit.EndsAt - visit.StartsAt).TotalMinutes + 5, (int)(visit.EndsAt - visit.StartsAt).TotalMinutes + 20),   // over its own length
        _ => (5, 15),   // expected: minutes after the time agreed
    };

    /// <summary>The instant the minutes are counted from: since when in the state, or the time agreed.</summary>
    public static DateTimeOffset From(BoardVisit visit) => visit.Status.IsAwaited() ? visit.StartsAt : visit.StatusChangedAt;

    /// <summary>Whole minutes, negative before the time agreed.</summary>
    public static int Minutes(BoardVisit visit, DateTimeOffset now) => (int)Math.Floor((now - From(visit)).TotalMinutes);

    public static string Words(BoardVisit visit, DateTimeOffset now)
    {
        var minutes = Minutes(visit, now);
        var (warn, bad) = LimitsOf(visit);
        if (visit.Status.IsAwaited()) return minutes < 0 ? $"in {Span(-minutes)}" : minutes == 0 ? "now" : $"{Span(minutes)} late";
        return Span(minutes) + (minutes >= bad ? ", too long" : minutes >= warn ? ", long" : null);
    }

    public static string Tone(BoardVisit visit, DateTimeOffset now)
    {
        var minutes = Minutes(visit, now);
        var (warn, bad) = LimitsOf(visit);
        return minutes >= bad ? "tone-bad" : minutes >= warn ? "tone-warn" : "tone-neutral";
    }

    private static string Span(int minutes) => minutes < 60 ? $"{minutes} min" : $"{minutes / 60} h {minutes % 60:00} min";
}

/// <summary>Reads today: one query, one batch of keys for the names, one event that names every patient shown.</summary>
internal sealed class BoardHandler(TenantDb db)
{
    internal const string Read = "board.read";
    private const int Most = 2000;
    /// <summary>Today, wherever the place is, lies within this of now.</summary>
    private static readonly TimeSpan AnyDay = TimeSpan.FromHours(26);

    public async Task<Outcome<BoardDay>> HandleAsync(LocationId? location, Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.SeeAppointments, ct);
        var locations = await tx.QueryAsync<DayLocation>("select id, name, time_zone from location where is_active order by name, id", null, ct);
        if (location is not null && !locations.Exists(place => place.Id == location)) return Refusals.UnknownLocation;
        var look = await ChangeLookHandler.FindAsync(tx, ct);
        var chosen = locations.Find(place => place.Id == (location ?? look.LocationId));
        var zone = (chosen ?? locations.FirstOrDefault())?.TimeZone ?? "UTC";
        var shown = locations.Where(place => chosen is null || place == chosen).Select(place => place.Id).ToArray();
        var rooms = tx.Ask<BoardRoom>("select id, location_id, name from room where is_active and location_id = any(@shown) order by name, id", new { shown });
        var visits = await tx.QueryAsync<BoardVisit>(Select, new { tx.Now, from = tx.Now - AnyDay, to = tx.Now + AnyDay, shown, most = Most + 1 }, ct);
        if (visits.Count > Most) return Refusals.DayTooFull;
        var papers = MissingPapers.Ask(tx, [.. visits.Where(visit => visit.Status.IsOpen()).Select(visit => visit.Id)]);
        var names = await PatientRegister.NamesAsync(tx, [.. visits.Select(visit => visit.PatientId).Distinct()], new(Read, "board"), ct);
        tx.Audit(new(Read, "board"));
        var missing = await MissingPapers.ReadAsync(papers, ct);
        await tx.CommitAsync(ct);
        return new BoardDay
        {
            Now = tx.Now, TimeZone = zone, Location = chosen?.Id, Locations = locations, Rooms = await rooms.ReadAsync(ct), Keys = look.Keys,
            Visits = [.. visits.Select(visit => (Visit: visit, Patient: names.GetValueOrDefault(visit.PatientId))).Select(it => it.Visit with
            {
                PatientName = it.Patient?.Name ?? "Deleted patient",
                Interpreter = it.Patient?.Interpreter,
                Alert = it.Patient?.DeskAlert,
                FormsMissing = missing.GetValueOrDefault(it.Visit.Id),
            })],
        };
    }

    private const string Select = """
        select appointment.id, appointment.patient_id, appointment.location_id, appointment.time_zone, staff.display_name as provider_name, visit_type.name as visit_type, appointment.room_id,
            room.name as room_name, appointment.starts_at, appointment.ends_at, appointment.local_start, appointment.status as status_name, appointment.status_changed_at,
            appointment.version,
            coalesce((select sum(line.cents) from posting_line as line where line.account = 'receivable' and line.patient_id = appointment.patient_id), 0)::bigint as balance_cents,
            (select ledger_rules.currency from ledger_rules) as currency
        from appointment
        join staff on staff.id = appointment.provider_id
        join visit_type on visit_type.id = appointment.visit_type_id
        left join room on room.id = appointment.room_id
        where appointment.starts_at >= @from and appointment.starts_at < @to and appointment.local_start::date = (@now::timestamptz at time zone appointment.time_zone)::date
            and appointment.location_id = any(@shown) and appointment.patient_id is not null
            and appointment.status in ('booked', 'confirmed', 'arrived', 'roomed', 'in_progress', 'ready_for_checkout', 'completed', 'no_show', 'left_without_being_seen')
        order by appointment.starts_at, appointment.id
        limit @most
        """;
}
