using Chartroom.Platform.Identity;
using Chartroom.Platform.Tenancy;
using Chartroom.Platform.Vault;
using Chartroom.Platform.Web;
using Chartroom.Shell;

namespace Chartroom.Charts;

/// <summary>Why an entry shall end for good. A word of ours, so that no words of anybody stay behind.</summary>
internal enum DestructionReason { WrongPatient, PatientRequest, Duplicate, Legal }

/// <summary>An entry that was put away, and whether somebody asked for its end.</summary>
public sealed record PutAwayLine
{
    public required EntryId Id { get; init; }
    public required Entry Content { get; init; }
    public required DateTimeOffset At { get; init; }
    public required StaffId By { get; init; }
    public required string ByName { get; init; }
    public StaffId? AskedBy { get; init; }
    public string? AskedName { get; init; }
    public string? Reason { get; init; }
}

/// <summary>What was put away in a chart, newest first.</summary>
internal sealed class PutAwayListHandler(TenantDb db)
{
    public async Task<IReadOnlyList<PutAwayLine>> HandleAsync(PatientId patient, Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.EditCharts, ct);
        if (await tx.OpenPatientAsync(patient, new("entry.put-away-listed", "patient", patient.Value), ct) is not { } key) return [];
        var lines = await ReadAsync(tx, key, ct);
        await tx.CommitAsync(ct);
        return lines;
    }

    /// <summary>The same inside the caller's transaction.</summary>
    internal static async Task<IReadOnlyList<PutAwayLine>> ReadAsync(ClinicTx tx, PatientKey key, CancellationToken ct)
    {
        var rows = await tx.QueryAsync<Row>(Select, new { key.Patient }, ct);
        return
        [
            .. rows.Select(row => new PutAwayLine
            {
                Id = row.Id, Content = ChartBook.Open(key, row.Id, row.Version, row.Content), At = row.DeletedAt, By = row.PutAwayBy, ByName = row.ByName, AskedBy = row.AskedBy,
                AskedName = row.AskedName, Reason = row.Reason,
            }),
        ];
    }

    private sealed record Row(EntryId Id, int Version, byte[] Content, DateTimeOffset DeletedAt, StaffId PutAwayBy, string ByName, StaffId? AskedBy, string? AskedName, string? Reason);

    private const string Select = """
        select entry.id, entry.version, entry.content, entry.deleted_at, entry.put_away_by, staff.display_name as by_name,
            entry_destruction.asked_by, asker.display_name as asked_name, entry_destruction.reason
        from entry
        join staff on staff.id = entry.put_away_by
        left join entry_destruction on entry_destruction.entry_id = entry.id
        left join staff as asker on asker.id = entry_destruction.asked_by
        where entry.patient_id = @patient and entry.deleted_at is not null
        order by entry.deleted_at desc, entry.id desc
        """;
}

/// <summary>Asks that a put-away entry end for good. Refuses <c>charts.no-such-entry</c>, <c>charts.destruction-asked</c>.</summary>
internal sealed class AskDestructionHandler(TenantDb db)
{
    public async Task<Outcome<Done>> HandleAsync(PatientId patient, EntryId entry, DestructionReason reason, Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.EditCharts, ct);
        if (await tx.OpenPatientAsync(patient, new("entry.destruction-asked", "entry", entry.Value), ct) is null) return Refusals.NoSuchPatient;
        if (await tx.ExecuteAsync(Insert, new { entry, patient, reason, staff = actor.Staff, now = tx.Now }, ct) == 0)
            return await tx.QueryOneOrNoneAsync<Guid?>("select entry_id from entry_destruction where entry_id = @entry", new { entry }, ct) is null ? Refusals.NoSuchEntry : Refusals.DestructionAsked;
        await tx.CommitAsync(ct);
        return Done.It;
    }

    private const string Insert = """
        insert into entry_destruction (entry_id, patient_id, reason, asked_by, asked_at)
        select entry.id, entry.patient_id, @reason, @staff, @now
        from entry
        where entry.id = @entry and entry.patient_id = @patient and entry.deleted_at is not null
        on conflict on constraint entry_destruction_pkey do nothing
        """;
}

/// <summary>Ends it: a second person, an administrator. The entry and all it ever said are gone; who asked, who confirmed and when stays. The database holds the rule
/// (<c>entry_destruction_two_people</c>, trigger <c>entry_two_people</c>). Refuses <c>charts.two-people</c>, <c>charts.no-such-entry</c>.</summary>
internal sealed class DestroyEntryHandler(TenantDb db)
{
    public async Task<Outcome<Done>> HandleAsync(PatientId patient, EntryId entry, Actor actor, CancellationToken ct)
    {
        if (actor.Role != ClinicRole.Admin) return Refusals.TwoPeople;
        await using var tx = await db.BeginAsync(actor, Permission.EditCharts, ct);
        if (await tx.OpenPatientAsync(patient, new("entry.destroyed", "entry", entry.Value), ct) is null) return Refusals.NoSuchPatient;
        if (await tx.QueryOneOrNoneAsync<StaffId?>(Asked, new { entry, patient }, ct) is not { } asker) return Refusals.NoSuchEntry;
        if (asker == actor.Staff) return Refusals.TwoPeople;
        if (await tx.QueryOneOrNoneAsync<bool>("select exists (select from entry where encounter_id = @entry and patient_id = @patient)", new { entry, patient }, ct)) return Refusals.HasEntries;
        await tx.ExecuteAsync(Confirm, new { entry, staff = actor.Staff, now = tx.Now }, ct);
        await tx.ExecuteAsync("delete from result_seen where entry_id = @entry and patient_id = @patient", new { entry, patient }, ct);
        await tx.ExecuteAsync("delete from entry_version where entry_id = @entry and patient_id = @patient", new { entry, patient }, ct);
        if (await tx.ExecuteAsync("delete from entry where id = @entry and patient_id = @patient and deleted_at is not null", new { entry, patient }, ct) == 0) return Refusals.NoSuchEntry;
        await tx.CommitAsync(ct);
        return Done.It;
    }

    private const string Asked = """
        select asked_by
        from entry_destruction
        where entry_id = @entry and patient_id = @patient and confirmed_by is null
        for update
        """;

    /// <summary>Its name in another system stays as a blind index, so that no import brings it back.</summary>
    private const string Confirm = """
        update entry_destruction
        set confirmed_by = @staff, confirmed_at = @now, source_key = (select entry.source_key from entry where entry.id = entry_destruction.entry_id)
        where entry_id = @entry
        """;
}

internal static class DestructionRoutes
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/patients/{id}/entries/{entry}/destruction", async (PatientId id, EntryId entry, Form<AskForm> form, AskDestructionHandler handler, Actor actor, HttpContext context) =>
                Answer(id, "asked", await form.ThenAsync(ask => handler.HandleAsync(id, entry, ask.Reason, actor, context.RequestAborted)), context))
            .ExcludeFromDescription().Requires(Permission.EditCharts).RequiresStepUp().Audits("entry.destruction-asked");
        routes.MapPost("/patients/{id}/entries/{entry}/destruction/confirm", async (PatientId id, EntryId entry, DestroyEntryHandler handler, Actor actor, HttpContext context) =>
                Answer(id, "destroyed", await handler.HandleAsync(id, entry, actor, context.RequestAborted), context))
            .ExcludeFromDescription().Requires(Permission.EditCharts).RequiresStepUp().Audits("entry.destroyed");
    }

    private static IResult Answer(PatientId id, string done, Outcome<Done> outcome, HttpContext context) =>
        outcome.IsOk ? Page.SeeOther(ChartNote.After(id, done, [], context.Request)) : Page.Refused(outcome.Refusal);

    internal sealed record AskForm(DestructionReason Reason);
}
