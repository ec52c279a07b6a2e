using Chartroom.Orders;
using Chartroom.Platform.Tenancy;
using Chartroom.Platform.Web;
using Chartroom.Shell;

namespace Chartroom.Charts;

/// <summary>Takes entries out of the chart without destroying them, all or none.</summary>
/// <param name="Version">The version at which whoever asks saw each of them.</param>
internal sealed record PutAway(PatientId Patient, IReadOnlyList<EntryId> Entries, int Version);

/// <summary>Puts away whatever a chart holds but what was signed here: notes of this clinic and their encounters are amended, never taken out. An order that a result answered is open
/// again. Refuses <c>charts.stale-entry</c>, <c>charts.signed-stays</c>, <c>charts.has-entries</c>, <c>charts.no-such-entry</c>.</summary>
internal sealed class PutAwayHandler(TenantDb db)
{
    /// <summary>More than one save of a form makes.</summary>
    internal const int Most = 20;

    public async Task<Outcome<Done>> HandleAsync(PutAway ask, Actor actor, CancellationToken ct)
    {
        if (ask.Entries is not { Count: > 0 and <= Most }) return Refusals.NoSuchEntry;
        await using var tx = await db.BeginAsync(actor, Permission.EditCharts, ct);
        if (await tx.OpenPatientAsync(ask.Patient, new("entry.put-away", "entry", ask.Entries[0].Value), ct) is null) return Refusals.NoSuchPatient;
        foreach (var other in ask.Entries.Skip(1)) tx.Audit(new("entry.put-away", "entry", other.Value), ask.Patient);
        var gone = await tx.ExecuteAsync(Hide, new { ask.Patient, ids = ask.Entries.ToArray(), ask.Version, staff = actor.Staff, now = tx.Now }, ct);
        if (gone == ask.Entries.Count)
        {
            await OrderBook.ReopenAsync(tx, ask.Patient, await OrdersOfAsync(tx, ask.Patient, ask.Entries, ct), ct);
            await tx.CommitAsync(ct);
            return Done.It;
        }
        foreach (var entry in ask.Entries)
            if (await ChartReads.OneAsync(tx, ask.Patient, entry, ct) is { } row && WhyNot(row, ask.Version) is { } refusal) return refusal;
        return Refusals.NoSuchEntry;
    }

    private static Refusal? WhyNot(EntryRow row, int version) => row switch
    {
        _ when row.Version != version => Refusals.StaleEntry.With("currentVersion", row.Version),
        { Kind: "note" } => Refusals.SignedStays,
        { Kind: "encounter" } => row.IsImported ? Refusals.HasEntries : Refusals.SignedStays,
        _ => null,
    };

    /// <summary>The orders that these results answer and no other does.</summary>
    internal static Task<List<OrderId>> OrdersOfAsync(ClinicTx tx, PatientId patient, IReadOnlyList<EntryId> entries, CancellationToken ct) => tx.QueryAsync<OrderId>(
        """
        select distinct entry.order_id
        from entry
        where entry.patient_id = @patient and entry.id = any(@ids) and entry.order_id is not null
            and not exists (select from entry as other where other.patient_id = @patient and other.order_id = entry.order_id and other.id <> all (@ids) and other.deleted_at is null)
        """, new { patient, ids = entries.ToArray() }, ct);

    private const string Hide = """
        update entry
        set deleted_at = @now, put_away_by = @staff
        where patient_id = @patient and id = any(@ids) and version = @version and deleted_at is null
            and (kind not in ('note', 'encounter') or source_key is not null)
            and not exists (select from entry as part where part.patient_id = @patient and part.encounter_id = entry.id and part.deleted_at is null and part.id <> all (@ids))
        """;
}

/// <summary>Brings put-away entries back: an administrator, or whoever put them away. Refuses <c>charts.no-such-entry</c>, <c>charts.allergy-warning</c>.</summary>
internal sealed class RestoreHandler(TenantDb db)
{
    public async Task<Outcome<Done>> HandleAsync(PatientId patient, IReadOnlyList<EntryId> entries, Actor actor, CancellationToken ct)
    {
        if (entries is not { Count: > 0 and <= PutAwayHandler.Most }) return Refusals.NoSuchEntry;
        await using var tx = await db.BeginAsync(actor, Permission.EditCharts, ct);
        if (await tx.OpenPatientAsync(patient, new("entry.restored", "entry", entries[0].Value), ct) is not { } key) return Refusals.NoSuchPatient;
        foreach (var other in entries.Skip(1)) tx.Audit(new("entry.restored", "entry", other.Value), patient);
        await AllergyCheck.LockAsync(tx, key, ct);
        var back = await tx.QueryAsync<EntryRow>(Show, new { patient, ids = entries.ToArray(), staff = actor.Staff, isAdmin = actor.Role == ClinicRole.Admin }, ct);
        if (back.Count != entries.Count) return Refusals.NoSuchEntry;
        foreach (var entry in back.Select(row => row.Open(key)))
            if (AllergyCheck.Returning(await AllergyCheck.ReadAsync(tx, key, entry.Content.Kind, ct), null, entry, "Write it anew in the chart, where a reason can be given.") is { } warning) return warning;
        foreach (var order in await PutAwayHandler.OrdersOfAsync(tx, patient, entries, ct)) await OrderBook.AnswerAsync(tx, patient, order, ct);   // where it is open still
        await tx.ExecuteAsync("delete from entry_destruction where entry_id = any(@ids) and patient_id = @patient", new { patient, ids = entries.ToArray() }, ct);   // its end is asked for no longer
        await tx.CommitAsync(ct);
        return Done.It;
    }

    private const string Show = """
        update entry
        set deleted_at = null, put_away_by = null
        where patient_id = @patient and id = any(@ids) and deleted_at is not null and (@isAdmin or put_away_by = @staff)
        returning id, version, kind, state, encounter_id, effective_at, recorded_at, null::text as author, content
        """;
}

internal static class PutAwayRoutes
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/patients/{id}/entries/put-away", PutAwayAsync).ExcludeFromDescription().Requires(Permission.EditCharts).Audits("entry.put-away", "order.reopened");
        routes.MapPost("/patients/{id}/entries/restore", RestoreAsync).ExcludeFromDescription().Requires(Permission.EditCharts).Audits("entry.restored", "order.done");
        var api = routes.MapGroup("/api/v1/patients/{id}/entries/{entry}").WithTags("Charts");
        api.MapDelete("", async (PatientId id, EntryId entry, PutAwayHandler handler, Actor actor, HttpContext context) =>
            {
                var version = Versions.IfMatch(context);
                if (!version.IsOk) return version.Refusal.ToHttp();
                return (await handler.HandleAsync(new(id, [entry], version.Value), actor, context.RequestAborted)).ToHttp(_ => TypedResults.NoContent());
            })
            .WithSummary("Puts an entry away; If-Match names the version that was read. It is kept, and can be restored.")
            .Produces(StatusCodes.Status204NoContent).Requires(Permission.EditCharts).Audits("entry.put-away", "order.reopened");
        api.MapPost("/restore", async (PatientId id, EntryId entry, RestoreHandler handler, Actor actor, CancellationToken ct) =>
                (await handler.HandleAsync(id, [entry], actor, ct)).ToHttp(_ => TypedResults.NoContent()))
            .WithSummary("Brings a put-away entry back: an administrator, or whoever put it away.")
            .Produces(StatusCodes.Status204NoContent).Requires(Permission.EditCharts).Audits("entry.restored", "order.done");
    }

    private static async Task<IResult> PutAwayAsync(PatientId id, Form<Nothing> form, PutAwayHandler handler, Actor actor, HttpContext context)
    {
        var entries = ChartNote.EntriesOf(context.Request);
        var gone = await handler.HandleAsync(new(id, entries, (int)(form.Version ?? 0)), actor, context.RequestAborted);
        return gone.IsOk ? Page.SeeOther(ChartNote.After(id, "put-away", entries, context.Request)) : Page.Refused(gone.Refusal);
    }

    private static async Task<IResult> RestoreAsync(PatientId id, RestoreHandler handler, Actor actor, HttpContext context)
    {
        var entries = ChartNote.EntriesOf(context.Request);
        var back = await handler.HandleAsync(id, entries, actor, context.RequestAborted);
        return back.IsOk ? Page.SeeOther(ChartNote.After(id, "restored", [], context.Request)) : Page.Refused(back.Refusal);
    }
}
