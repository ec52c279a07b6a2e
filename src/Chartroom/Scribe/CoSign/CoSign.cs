using Chartroom.Platform.Audit;
using Chartroom.Platform.Identity;
using Chartroom.Platform.Tenancy;
using Chartroom.Platform.Vault;
using Chartroom.Platform.Web;
using Chartroom.Shell;

namespace Chartroom.Scribe;

/// <summary>How the second signature of a note's version stands.</summary>
/// <param name="State"><c>waiting</c>, <c>cosigned</c> or <c>sent_back</c>.</param>
/// <param name="Reason">Why it was sent back; else null.</param>
public sealed record CosignState(Guid Id, int Version, string State, string Author, string Supervisor, StaffId SupervisorId, string? Reason);

/// <summary>Answers for a note: co-signs it, or sends it back with a reason of 500 characters at most.</summary>
/// <param name="Act"><c>cosign</c> or <c>send_back</c>.</param>
public sealed record AnswerNote(string Act, string? Reason = null);

/// <summary>A note on somebody's list for its second signature.</summary>
public sealed record NoteToCosign
{
    public EntryId NoteId { get; init; }
    public PatientId PatientId { get; init; }
    public string State { get; init; } = "";
    public string Author { get; init; } = "";
    public DateTimeOffset AskedAt { get; init; }
    /// <summary>Null for a patient who was deleted.</summary>
    public string? Patient { get; init; }
}

/// <summary>Second signatures inside the caller's clinic transaction.</summary>
internal static class CosignBook
{
    private sealed record Words(string Reason);

    /// <summary>Puts that version on the supervisor's list where its writer works under supervision, or where the version before still waited; goes out with the next statement.</summary>
    public static void Ask(ClinicTx tx, PatientId patient, EntryId note, int version) =>
        tx.Queue(Insert, new { id = Guid.CreateVersion7(), patient, note, version, tx.Actor.Staff, now = tx.Now });

    /// <summary>The newest, or null when the note never needed one.</summary>
    public static async Task<CosignState?> OfAsync(ClinicTx tx, PatientKey key, EntryId note, CancellationToken ct) =>
        await tx.QueryOneOrNoneAsync<Row>(Select, new { note }, ct) is not { } row ? null
            : new(row.Id, row.Version, row.State, row.Author, row.Supervisor, row.SupervisorId, row.Content is null ? null : key.Open<Words>(row.Content, CellOf(row.Id)).Reason);

    /// <summary>What waits for the one who asks, and what came back to them, the oldest first; at most 200.</summary>
    public static Task<List<NoteToCosign>> ListAsync(ClinicTx tx, CancellationToken ct) => tx.QueryAsync<NoteToCosign>(SelectList, new { tx.Actor.Staff }, ct);

    public static Task<int> AnswerAsync(ClinicTx tx, PatientKey key, CosignState waiting, string? reason, CancellationToken ct) => tx.ExecuteAsync(Update, new
    {
        waiting.Id, tx.Actor.Staff, now = tx.Now, state = reason is null ? "cosigned" : "sent_back",
        content = reason is null ? null : key.Seal(new Words(reason), CellOf(waiting.Id)), keyVersion = reason is null ? (int?)null : key.Version,
    }, ct);

    private static Cell CellOf(Guid id) => new("cosign", "content", id);

    private sealed record Row
    {
        public Guid Id { get; init; }
        public int Version { get; init; }
        public string State { get; init; } = "";
        public string Author { get; init; } = "";
        public string Supervisor { get; init; } = "";
        public StaffId SupervisorId { get; init; }
        public byte[]? Content { get; init; }
    }

    private const string Insert = """
        insert into cosign (id, note_id, version, patient_id, author_id, supervisor_id, asked_at)
        select @id, @note, @version, @patient, needed.author_id, needed.supervisor_id, @now
        from (
            select supervision.staff_id as author_id, supervision.supervisor_id, 1 as place from supervision where supervision.staff_id = @staff
            union all
            select cosign.author_id, cosign.supervisor_id, 2 from cosign where cosign.note_id = @note and cosign.version = @version - 1 and cosign.state <> 'cosigned'
        ) as needed
        order by needed.place
        limit 1
        """;

    private const string Select = """
        select cosign.id, cosign.version, cosign.state, author.display_name as author, supervisor.display_name as supervisor, cosign.supervisor_id, cosign.content
        from cosign
        join staff as author on author.id = cosign.author_id
        join staff as supervisor on supervisor.id = cosign.supervisor_id
        where cosign.note_id = @note
        order by cosign.version desc
        limit 1
        """;

    private const string SelectList = """
        select cosign.note_id, cosign.patient_id, cosign.state, author.display_name as author, cosign.asked_at
        from cosign
        join staff as author on author.id = cosign.author_id
        join entry on entry.id = cosign.note_id and entry.version = cosign.version
        where (cosign.supervisor_id = @staff and cosign.state = 'waiting') or (cosign.author_id = @staff and cosign.state = 'sent_back')
        order by cosign.asked_at, cosign.id
        limit 200
        """;

    private const string Update = """
        update cosign
        set state = @state, answered_by = @staff, answered_at = @now, content = @content, key_version = @keyVersion
        where id = @id and state = 'waiting' and supervisor_id = @staff
        """;
}

/// <summary>Gives the second signature, or sends the note back. Refuses <c>scribe.no-such-note</c>, <c>scribe.not-yours-to-cosign</c>, <c>scribe.invalid-answer</c>, a note amended meanwhile (412).</summary>
internal sealed class CosignHandler(TenantDb db)
{
    public async Task<Outcome<Done>> HandleAsync(EntryId id, int version, AnswerNote ask, Actor actor, CancellationToken ct)
    {
        var isBack = ask.Act == "send_back";
        if (!isBack && ask.Act != "cosign") return Refusals.InvalidAnswer.On("act", "Co-sign it, or send it back.");
        if (isBack && ReviewRules.JudgeReason(ask.Reason) is not null) return Refusals.InvalidAnswer.On("reason", "Say what is to be changed, in 500 characters at most.");
        await using var tx = await db.BeginAsync(actor, Permission.SignNotes, ct);
        var read = await NoteShelf.ReadAsync(tx, id, new Access(isBack ? "note.sent-back" : "note.cosigned", "note", id.Value), ct);
        if (!read.IsOk) return read.Refusal;
        if (read.Value.Version != version) return Versions.StaleAt(read.Value.Version);
        if (read.Value.Cosign is not { State: "waiting" } waiting || waiting.Version != version || waiting.SupervisorId != actor.Staff) return Refusals.NotYoursToCosign;
        if (await CosignBook.AnswerAsync(tx, read.Value.Key, waiting, isBack ? ask.Reason!.Trim() : null, ct) == 0) return Refusals.NotYoursToCosign;   // judged
        await tx.CommitAsync(ct);
        return Done.It;
    }

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/notes/{id}/cosign", async (EntryId id, Form<AnswerNote> form, CosignHandler handler, Actor actor, CancellationToken ct) =>
        {
            var done = await form.ThenAsync(ask => handler.HandleAsync(id, (int)(form.Version ?? 0), ask, actor, ct));
            return done.IsOk ? Page.SeeOther("/notes/waiting?done=answered") : Page.Refused(done.Refusal);
        }).ExcludeFromDescription().Requires(Permission.SignNotes).Audits("note.cosigned", "note.sent-back");
        routes.MapPost("/api/v1/notes/{id}/cosign", async (EntryId id, AnswerNote ask, CosignHandler handler, Actor actor, HttpContext context) =>
            {
                var version = Versions.IfMatch(context);
                return (version.IsOk ? await handler.HandleAsync(id, version.Value, ask, actor, context.RequestAborted) : version.Refusal).ToHttp(_ => TypedResults.NoContent());
            })
            .WithTags("Notes").WithName("CosignNote").WithSummary("Gives a note its second signature, or sends it back with a reason.").Produces(204).Requires(Permission.SignNotes).Audits("note.cosigned", "note.sent-back");
    }
}

/// <summary>Somebody who writes notes, and who co-signs them.</summary>
public sealed record Supervised
{
    public StaffId Id { get; init; }
    public string Name { get; init; } = "";
    public StaffId? SupervisorId { get; init; }
}

internal sealed record SupervisedBy(StaffId StaffId, StaffId? SupervisorId);

internal sealed record SetSupervision(IReadOnlyList<SupervisedBy>? People);

/// <summary>Whose notes are co-signed by whom; an administrator says so. Refuses <c>scribe.invalid-supervision</c>.</summary>
internal sealed class SupervisionBook(TenantDb db)
{
    private const string Path = "/settings/supervision", Listed = "supervision.listed";

    public async Task<IReadOnlyList<Supervised>> ListAsync(Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.ManageStaff, ct);
        tx.Audit(new Access(Listed, "supervision", Purpose: Purpose.Operations));
        var people = await tx.QueryAsync<Supervised>(Select, null, ct);
        await tx.CommitAsync(ct);
        return people;
    }

    public async Task<Outcome<Done>> SetAsync(SetSupervision ask, Actor actor, CancellationToken ct)
    {
        var people = ask.People ?? [];
        if (people.Any(it => it.SupervisorId == it.StaffId) || people.DistinctBy(it => it.StaffId).Count() != people.Count) return Refusals.InvalidSupervision;
        await using var tx = await db.BeginAsync(actor, Permission.ManageStaff, ct);
        var chosen = people.Where(it => it.SupervisorId is not null).ToList();
        tx.Queue("delete from supervision where staff_id = any(@people)", new { people = people.Select(it => it.StaffId.Value).ToArray() });
        var made = await tx.ExecuteAsync(Insert, new { people = chosen.Select(it => it.StaffId.Value).ToArray(), by = chosen.Select(it => it.SupervisorId!.Value.Value).ToArray(), now = tx.Now }, ct);   // filtered
        if (made != chosen.Count) return Refusals.InvalidSupervision;
        tx.Audit(new Access("supervision.changed", "supervision", Purpose: Purpose.Operations));
        await tx.CommitAsync(ct);
        return Done.It;
    }

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(Path, async (string? done, SupervisionBook book, Actor actor, CancellationToken ct) => Page.Of<SupervisionPage>(new { People = await book.ListAsync(actor, ct), IsSaved = done is not null }))
            .ExcludeFromDescription().Requires(Permission.ManageStaff).Audits(Listed);
        routes.MapPost(Path, async (Form<SetSupervision> form, SupervisionBook book, Actor actor, CancellationToken ct) =>
        {
            var set = await form.ThenAsync(ask => book.SetAsync(ask, actor, ct));
            return set.IsOk ? Page.SeeOther(Path + "?done=saved") : Page.Refused(set.Refusal);
        }).ExcludeFromDescription().Requires(Permission.ManageStaff).RequiresStepUp().Audits("supervision.changed");
    }

    private const string Select = """
        select staff.id, staff.display_name as name, supervision.supervisor_id
        from staff
        left join supervision on supervision.staff_id = staff.id
        where staff.is_active and staff.role = 'provider'
        order by lower(staff.display_name), staff.id
        """;

    private const string Insert = """
        insert into supervision (staff_id, supervisor_id, changed_at)
        select chosen.staff_id, chosen.supervisor_id, @now
        from unnest(@people, @by) as chosen (staff_id, supervisor_id)
        join staff on staff.id = chosen.staff_id and staff.role = 'provider'
        join staff as supervisor on supervisor.id = chosen.supervisor_id and supervisor.role = 'provider' and supervisor.is_active
        """;
}
