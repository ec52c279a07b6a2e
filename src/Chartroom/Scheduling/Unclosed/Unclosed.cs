using System.Globalization;
using Chartroom.Patients;
using Chartroom.Platform.Tenancy;
using Chartroom.Platform.Web;
using Chartroom.Shell;

namespace Chartroom.Scheduling.Unclosed;

/// <summary>A visit whose time is over and whose state says that somebody is still expected, waiting or being seen.</summary>
public sealed record UnclosedVisit
{
    public AppointmentId Id { get; init; }
    public PatientId PatientId { get; init; }
    /// <summary>Name of the patient, or what stands for one that was destroyed.</summary>
    public string PatientName { get; init; } = "";
    public string ProviderName { get; init; } = "";
    public string VisitType { get; init; } = "";
    public DateTimeOffset EndsAt { get; init; }
    public DateTime LocalStart { get; init; }
    public string StatusName { get; init; } = "";
    public int Version { get; init; }
    public VisitStatus Status => VisitStates.Named(StatusName);
}

/// <summary>A part of them, latest first.</summary>
/// <param name="Next">Where to go on; null at the end.</param>
public sealed record UnclosedPart(IReadOnlyList<UnclosedVisit> Visits, string? Next);

/// <summary>Visits to mark as missed, each at the version that was in sight.</summary>
/// <param name="Visits">Id and version, <c>0198…:3</c>.</param>
public sealed record MarkMissed(IReadOnlyList<string>? Visits);

/// <summary>The end of the day proposes and a person decides: no visit becomes a no-show by a clock.</summary>
internal sealed class UnclosedHandler(TenantDb db, ChangeStatusHandler moves)
{
    /// <summary>A visit may run late; so long after its end nobody believes it.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromHours(2);
    private const int Most = 100;

    /// <summary>The day tells how many there are.</summary>
    public static DeskWaiting Waiting { get; } = new("/day/unclosed", "Not closed", tx => tx.Ask<long>("""
        select count(*)
        from appointment
        where status in ('booked', 'confirmed', 'arrived', 'roomed', 'in_progress', 'ready_for_checkout') and ends_at < @before
        """, new { before = tx.Now - Grace }));

    public async Task<UnclosedPart> ListAsync(string? after, Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.SeeAppointments, ct);
        var cursor = Cursor.Read(after);
        var rows = await tx.QueryAsync<UnclosedVisit>(Select, new { before = tx.Now - Grace, at = cursor?.At, id = cursor?.Id, most = Most + 1 }, ct);
        var shown = rows.Take(Most).ToList();
        var names = await PatientRegister.NamesAsync(tx, [.. shown.Select(visit => visit.PatientId).Distinct()], new("unclosed.listed", "day"), ct);
        await tx.CommitAsync(ct);
        return new([.. shown.Select(visit => visit with { PatientName = names.TryGetValue(visit.PatientId, out var line) ? line.Name : "Deleted patient" })],
            rows.Count > Most ? new Cursor(shown[^1].EndsAt, shown[^1].Id).ToString() : null);
    }

    /// <summary>Each by the one state machine and in a transaction of its own: what changed meanwhile, or cannot be missed, stays as it is and stays on the list.</summary>
    public async Task<Outcome<int>> MissedAsync(MarkMissed ask, Actor actor, CancellationToken ct)
    {
        var chosen = (ask.Visits ?? []).Select(Chosen).ToList();
        if (chosen.Count is 0 or > Most || chosen.Exists(it => it is null)) return Refusals.NothingChosen;
        var marked = 0;
        foreach (var (id, version) in chosen.OfType<(AppointmentId, int)>())
        {
            if ((await moves.HandleAsync(id, version, new(VisitStatus.NoShow), actor, ct)).IsOk) marked++;
        }
        return marked;
    }

    private static (AppointmentId Id, int Version)? Chosen(string? text) => text?.Split(':') is [var id, var version]
        && AppointmentId.TryParse(id, out var known) && int.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? (known, number) : null;

    private readonly record struct Cursor(DateTimeOffset At, AppointmentId Id)
    {
        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{At.UtcTicks}_{Id}");

        public static Cursor? Read(string? text) => text?.Split('_') is [var ticks, var id] && long.TryParse(ticks, NumberStyles.None, CultureInfo.InvariantCulture, out var at)
            && at <= DateTimeOffset.MaxValue.UtcTicks && AppointmentId.TryParse(id, out var known) ? new(new(at, TimeSpan.Zero), known) : null;
    }

    private const string Select = """
        select appointment.id, appointment.patient_id, staff.display_name as provider_name, visit_type.name as visit_type, appointment.ends_at, appointment.local_start,
            appointment.status as status_name, appointment.version
        from appointment
        join staff on staff.id = appointment.provider_id
        join visit_type on visit_type.id = appointment.visit_type_id
        where appointment.status in ('booked', 'confirmed', 'arrived', 'roomed', 'in_progress', 'ready_for_checkout') and appointment.ends_at < @before
            and (@at::timestamptz is null or (appointment.ends_at, appointment.id) < (@at, @id))
        order by appointment.ends_at desc, appointment.id desc
        limit @most
        """;
}

/// <summary>The list for people and for programs.</summary>
internal static class UnclosedRoutes
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/day/unclosed", async (string? after, int? marked, UnclosedHandler handler, Actor actor, CancellationToken ct) =>
                Page.Of<UnclosedPage>(new { Part = await handler.ListAsync(after, actor, ct), IsFirst = after is null, actor.Role, Marked = marked }))
            .Requires(Permission.SeeAppointments).Audits("unclosed.listed").ExcludeFromDescription();
        routes.MapPost("/day/unclosed/missed", async (Form<MarkMissed> form, UnclosedHandler handler, Actor actor, CancellationToken ct) =>
            {
                var done = await form.ThenAsync(ask => handler.MissedAsync(ask, actor, ct));
                return done.IsOk ? Page.SeeOther(string.Create(CultureInfo.InvariantCulture, $"/day/unclosed?marked={done.Value}")) : Page.Refused(done.Refusal);
            })
            .Requires(Permission.BookAppointments).Audits("appointment.status-changed").ExcludeFromDescription();
        routes.MapGet("/api/v1/appointments/unclosed", async (string? after, UnclosedHandler handler, Actor actor, CancellationToken ct) => TypedResults.Ok(await handler.ListAsync(after, actor, ct)))
            .Requires(Permission.SeeAppointments).Audits("unclosed.listed").WithTags("Scheduling").WithName("ListUnclosed").WithSummary("Visits that are over by the clock and not by their state");
    }
}
