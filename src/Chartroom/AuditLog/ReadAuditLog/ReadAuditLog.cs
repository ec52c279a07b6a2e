using Chartroom.Patients;
using Chartroom.Platform.Audit;
using Chartroom.Platform.Tenancy;
using Chartroom.Platform.Web;

namespace Chartroom.AuditLog;

/// <summary>A part of the log, newest first.</summary>
/// <param name="Next">Ask with this as <c>before</c> for the part before; absent at the beginning of the log.</param>
public sealed record AuditPart(IReadOnlyList<AuditEntry> Events, string? Next);

/// <summary>Who may have done it, for the filter.</summary>
public sealed record AuditPerson(Guid Id, string DisplayName);

/// <summary>The log as the page shows it.</summary>
/// <param name="Names">Patients that are named on the page.</param>
/// <param name="Patient">The patient of the filter.</param>
public sealed record AuditView(
    AuditPart Part, IReadOnlyDictionary<PatientId, PatientLine> Names, IReadOnlyList<AuditPerson> People, PatientLine? Patient);

/// <summary>Reads the audit log; the reading is itself an event, and names the patients whose names it opened. Admins only.</summary>
internal sealed class ReadAuditLogHandler(TenantDb db)
{
    internal const string Read = "audit.read";
    internal const int NamesPerEvent = 4;
    private const int Usual = 50, Most = 200;

    /// <summary>Ids only, as programs get it: nobody's key is opened. Refuses <c>platform.unreadable</c>.</summary>
    public async Task<Outcome<AuditPart>> HandleAsync(AuditFilter filter, string? before, int? limit, Actor actor, CancellationToken ct)
    {
        if (filter.Outcome is not (null or "done" or "refused")) return Boundary.Unreadable.On("outcome", "done or refused.");
        if (filter.Purpose is { } purpose && !AuditReads.Purposes.Contains(purpose)) return Boundary.Unreadable.On("purpose", $"One of {string.Join(", ", AuditReads.Purposes)}.");
        await using var tx = await db.BeginAsync(actor, Permission.SeeAudit, ct);
        var part = await PartAsync(tx, filter, before, Math.Clamp(limit ?? Usual, 1, Most), ct);
        tx.Audit(Access, filter.Patient is { } patient ? [patient] : []);
        await tx.CommitAsync(ct);
        return part;
    }

    /// <summary>With names, as people read it.</summary>
    public async Task<Outcome<AuditView>> ViewAsync(AuditFilter filter, string? before, Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.SeeAudit, ct);
        var part = await PartAsync(tx, filter, before, Usual, ct);
        var people = await tx.QueryAsync<AuditPerson>(SelectPeople, null, ct);
        var named = part.Events.SelectMany(entry => entry.PatientIds.Take(NamesPerEvent)).Select(id => new PatientId(id));
        if (filter.Patient is { } wanted) named = named.Append(wanted);
        var names = await PatientRegister.NamesOnRecordAsync(tx, [.. named.Distinct()], Access, ct);
        await tx.CommitAsync(ct);
        return new AuditView(part, names, people, filter.Patient is { } id ? names.GetValueOrDefault(id) : null);
    }

    /// <summary>Programs too.</summary>
    private const string SelectPeople = """
        select id, display_name from staff
        union all
        select id, name from platform.api_client
        order by display_name, id
        """;

    private static readonly Access Access = new(Read, "audit_event", Purpose: Purpose.Operations);

    private static async Task<AuditPart> PartAsync(ClinicTx tx, AuditFilter filter, string? before, int most, CancellationToken ct)
    {
        var events = await AuditReads.ReadAsync(tx, filter, AuditCursor.Read(before), most + 1, ct);
        var shown = events.Take(most).ToList();
        return new(shown, events.Count > most ? new AuditCursor(shown[^1].At, shown[^1].Id).ToString() : null);
    }

    internal static void MapApi(IEndpointRouteBuilder routes) => routes.MapGroup("/api/v1").WithTags("Audit").MapGet("/audit-events",
            async ([AsParameters] AuditFilter filter, string? before, int? limit, ReadAuditLogHandler handler, Actor actor, CancellationToken ct) =>
                (await handler.HandleAsync(filter, before, limit, actor, ct)).ToHttp(TypedResults.Ok))
        .Requires(Permission.SeeAudit).Audits(Read).WithSummary("The audit log, newest first");
}
