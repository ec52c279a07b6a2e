using Chartroom.Platform.Tenancy;
using Chartroom.Platform.Vault;
using Chartroom.Platform.Web;
using Chartroom.Shell;

namespace Chartroom.Charts;

/// <summary>Says that one has seen a result.</summary>
/// <param name="Word">What follows, in 300 characters at most; null for nothing.</param>
internal sealed record SeeResult(string? Word = null);

/// <summary>Who saw a result, or took that back.</summary>
/// <param name="Version">Which of its versions.</param>
/// <param name="IsTakenBack">True where they took it back.</param>
public sealed record ResultSighting(int Version, bool IsTakenBack, string? Word, string By, DateTimeOffset At);

/// <summary>A line of <c>result_seen</c> to be written.</summary>
internal sealed record NewSighting(EntryId Entry, int Version, string Act, string? Word);

/// <summary>A provider has seen a result in the version that stands, or takes that back. Nothing is overwritten: each is a line of its own. Refuses <c>charts.no-such-entry</c>,
/// <c>charts.stale-entry</c>, <c>charts.result-not-waiting</c>, <c>charts.result-not-seen</c>.</summary>
internal sealed class SeeResultHandler(TenantDb db)
{
    private const int MostWords = 300;

    public async Task<Outcome<Done>> SeeAsync(PatientId patient, EntryId entry, int version, SeeResult ask, Actor actor, CancellationToken ct)
    {
        if (ask.Word?.Length > MostWords) return Refusals.Invalid.On("word", "Keep it under 300 characters.");
        await using var tx = await db.BeginAsync(actor, Permission.SignNotes, ct);
        if (await tx.OpenPatientAsync(patient, new("result.seen", "entry", entry.Value), ct) is not { } key) return Refusals.NoSuchPatient;
        if (await tx.QueryOneOrNoneAsync<SightingState>(Lock, new { patient, entry }, ct) is not { } row) return Refusals.NoSuchEntry;
        if (row.Version != version) return Refusals.StaleEntry.With("currentVersion", row.Version);
        if (!row.IsWaiting) return Refusals.NotWaiting;
        Write(tx, key, new(entry, version, "seen", string.IsNullOrWhiteSpace(ask.Word) ? null : ask.Word.Trim()));
        await tx.CommitAsync(ct);
        return Done.It;
    }

    /// <summary>One's own last word on it, so that it waits again.</summary>
    public async Task<Outcome<Done>> TakeBackAsync(PatientId patient, EntryId entry, Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.SignNotes, ct);
        if (await tx.OpenPatientAsync(patient, new("result.unseen", "entry", entry.Value), ct) is not { } key) return Refusals.NoSuchPatient;
        if (await tx.QueryOneOrNoneAsync<SightingState>(Lock, new { patient, entry }, ct) is not { } row) return Refusals.NoSuchEntry;
        if (row.IsWaiting || row.ToSee is null || await tx.QueryOneOrNoneAsync<StaffId?>(LastBy, new { patient, entry }, ct) != actor.Staff) return Refusals.NotSeen;
        Write(tx, key, new(entry, row.Version, "taken_back", null));
        await tx.CommitAsync(ct);
        return Done.It;
    }

    /// <summary>With an event of its own: for who writes a result and has seen it by that.</summary>
    public static void Add(ClinicTx tx, PatientKey key, NewSighting sighting)
    {
        tx.Audit(new("result.seen", "entry", sighting.Entry.Value), key.Patient);
        Write(tx, key, sighting);
    }

    /// <summary>All that was said of one result, the latest first.</summary>
    public static async Task<IReadOnlyList<ResultSighting>> OfAsync(ClinicTx tx, PatientKey key, EntryId entry, CancellationToken ct) =>
        (await tx.QueryAsync<Row>(SelectOf, new { key.Patient, entry }, ct))
            .ConvertAll(row => new ResultSighting(row.Version, row.Act == "taken_back", key.Open<SightingWord>(row.Content, CellOf(row.Id)).Word, row.By, row.At));

    private static Cell CellOf(Guid id) => new("result_seen", "content", id);

    private static void Write(ClinicTx tx, PatientKey key, NewSighting sighting)
    {
        var id = Guid.CreateVersion7();
        tx.Queue(Insert, new
        {
            id, key.Patient, sighting.Entry, sighting.Version, sighting.Act, content = key.Seal(new SightingWord(sighting.Word), CellOf(id)), keyVersion = key.Version, by = tx.Actor.Staff, now = tx.Now,
            seen = sighting.Act == "seen" ? sighting.Version : (int?)null,
        });
    }

    private sealed record SightingWord(string? Word);

    private sealed record Row(Guid Id, int Version, string Act, byte[] Content, string By, DateTimeOffset At);

    private sealed record SightingState
    {
        public int Version { get; init; }
        public string? ToSee { get; init; }
        public int? SeenVersion { get; init; }
        public bool IsWaiting => ToSee is not null && SeenVersion != Version;
    }

    /// <summary>The row stays locked until the transaction ends: of two who see it at once the second is told so.</summary>
    private const string Lock = """
        select version, to_see, seen_version
        from entry
        where patient_id = @patient and id = @entry and kind = 'result' and deleted_at is null
        for update
        """;

    private const string LastBy = """
        select by_id
        from result_seen
        where patient_id = @patient and entry_id = @entry
        order by at desc, id desc
        limit 1
        """;

    private const string Insert = """
        with said as (
            insert into result_seen (id, patient_id, entry_id, version, act, content, key_version, by_id, at)
            values (@id, @patient, @entry, @version, @act, @content, @keyVersion, @by, @now)
        )
        update entry
        set seen_version = @seen
        where patient_id = @patient and id = @entry and to_see is not null
        """;

    private const string SelectOf = """
        select result_seen.id, result_seen.version, result_seen.act, result_seen.content, staff.display_name as by, result_seen.at
        from result_seen
        join staff on staff.id = result_seen.by_id
        where result_seen.patient_id = @patient and result_seen.entry_id = @entry
        order by result_seen.at desc, result_seen.id desc
        limit 100
        """;
}

internal static class ResultRoutes
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var pages = routes.MapGroup("/patients/{id}/entries/{entry}").ExcludeFromDescription();
        pages.MapPost("/seen", async (PatientId id, EntryId entry, Form<SeeResult> form, SeeResultHandler handler, Actor actor, HttpContext context) =>
                Answer(id, ("seen", entry), await form.ThenAsync(ask => handler.SeeAsync(id, entry, (int)(form.Version ?? 0), ask, actor, context.RequestAborted)), context))
            .Requires(Permission.SignNotes).Audits("result.seen");
        pages.MapPost("/unseen", async (PatientId id, EntryId entry, Form<Nothing> form, SeeResultHandler handler, Actor actor, HttpContext context) =>
                Answer(id, ("unseen", entry), await handler.TakeBackAsync(id, entry, actor, context.RequestAborted), context))
            .Requires(Permission.SignNotes).Audits("result.unseen");
        var api = routes.MapGroup("/api/v1/patients/{id}/entries/{entry}/seen").WithTags("Charts");
        api.MapPut("", async (PatientId id, EntryId entry, SeeResult ask, SeeResultHandler handler, Actor actor, HttpContext context) =>
            {
                var version = Versions.IfMatch(context);
                return version.IsOk ? (await handler.SeeAsync(id, entry, version.Value, ask, actor, context.RequestAborted)).ToHttp(_ => TypedResults.NoContent()) : version.Refusal.ToHttp();
            })
            .WithName("SeeResult").WithSummary("A provider has seen a result, and what follows in a word; If-Match names the version that was read. A later version waits again.")
            .Produces(StatusCodes.Status204NoContent).Requires(Permission.SignNotes).Audits("result.seen");
        api.MapDelete("", async (PatientId id, EntryId entry, SeeResultHandler handler, Actor actor, CancellationToken ct) =>
                (await handler.TakeBackAsync(id, entry, actor, ct)).ToHttp(_ => TypedResults.NoContent()))
            .WithName("TakeBackSeeingResult").WithSummary("Takes one's own last word on a result back, so that it waits again. What was said is kept.")
            .Produces(StatusCodes.Status204NoContent).Requires(Permission.SignNotes).Audits("result.unseen");
    }

    private static IResult Answer(PatientId id, (string Word, EntryId Entry) done, Outcome<Done> outcome, HttpContext context) =>
        outcome.IsOk ? Page.SeeOther(ChartNote.After(id, done.Word, [done.Entry], context.Request)) : Page.Refused(outcome.Refusal);
}
