using System.Security.Cryptography;
using System.Text;
using Chartroom.Platform.Audit;
using Chartroom.Platform.Database;
using Chartroom.Platform.Tenancy;
using Chartroom.Platform.Vault;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Npgsql;

namespace Chartroom.Platform.Web;

/// <summary>An unsafe request that names an <c>Idempotency-Key</c> (header, or field <c>idempotency_key</c> of a form). The commit of its effect claims the key.</summary>
public sealed record RepeatGuard(string Key, byte[] RequestHash)
{
    /// <summary>True once a committed transaction holds the key.</summary>
    public bool IsClaimed { get; internal set; }
}

/// <summary>Another request with the same key has committed, or is about to.</summary>
public sealed class RepeatedRequestException : Exception;

/// <summary>
/// Idempotency-Key (IETF draft-07): same key and same request → the same answer, no second effect; another request under the key → 422; still running → 409.
/// The key is claimed by an insert in the effect's own transaction, so the primary key decides races. Answers are kept 24 hours, sealed. Giving one again is a reading like the first:
/// it goes out after its event, which names the same patients.
/// </summary>
public sealed class KeptAnswers(RequestDelegate next, DatabaseLogins logins, KeyRing keys, AuditStamp stamp, TimeProvider clock)
{
    /// <summary>Still running.</summary>
    public static readonly Refusal InProgress = new("platform.request-in-progress", 409, "This request is being worked on. Wait a moment and look at the result.");

    private static readonly Refusal Mismatch = new("platform.idempotency-mismatch", 422, "This Idempotency-Key was used for another request. Use a new one.");
    private static readonly Refusal BadKey = new("platform.idempotency-key-form", 400, "An Idempotency-Key has 1 to 100 printable characters.");
    private const int LongestKept = 256 * 1024;

    /// <summary>Middleware; runs after the session gate.</summary>
    public async Task InvokeAsync(HttpContext context)
    {
        var actor = context.Features.Get<Actor>();
        if (actor is null || !MayRepeat(context) || await KeyOfAsync(context.Request) is not { } key)
        {
            await next(context);
            return;
        }
        if (key.Length > 100 || key.Any(char.IsControl))
        {
            await Boundary.AnswerAsync(context, BadKey);
            return;
        }
        var guard = new RepeatGuard(key, await Bodies.HashAsync(context.Request, context.RequestAborted));
        if (await FindAsync(actor, guard, context.RequestAborted) is not null) await ReplayWhenDoneAsync(context, actor, guard);
        else await RunAsync(context, actor, guard);
    }

    /// <summary>Routing's own answers (405, 415) have no effect that could happen twice.</summary>
    private static bool MayRepeat(HttpContext context) =>
        HttpMethods.IsPost(context.Request.Method) && context.GetEndpoint() is RouteEndpoint && !Bodies.IsStreamed(context);

    private async Task RunAsync(HttpContext context, Actor actor, RepeatGuard guard)
    {
        context.Features.Set(actor with { Repeat = guard });
        var client = context.Response.Body;
        using var buffer = new MemoryStream();
        context.Response.Body = buffer;
        try
        {
            await next(context);
        }
        catch (RepeatedRequestException)
        {
            context.Response.Body = client;
            await ReplayWhenDoneAsync(context, actor, guard);
            return;
        }
        finally
        {
            context.Response.Body = client;
        }
        if (!guard.IsClaimed && await FindAsync(actor, guard, context.RequestAborted) is not null)
        {
            // refused because its own twin was faster ("this patient is already here"): the twin's answer is the answer
            context.Response.Clear();   // its headers too: one that marks a refusal would have the page show the twin's answer as one
            await ReplayWhenDoneAsync(context, actor, guard);
            return;
        }
        if (guard.IsClaimed && buffer.Length <= LongestKept) await KeepAsync(context.Response, actor, guard, buffer.ToArray());
        buffer.Position = 0;
        await buffer.CopyToAsync(client, context.RequestAborted);
    }

    /// <summary>The twin of a double click: waits up to five seconds for the first one's answer.</summary>
    private async Task ReplayWhenDoneAsync(HttpContext context, Actor actor, RepeatGuard guard)
    {
        for (var patience = 50; patience > 0; patience--)
        {
            if (await FindAsync(actor, guard, context.RequestAborted) is { Status: not null } kept)
            {
                await ReplayAsync(context, actor, guard, kept);
                return;
            }
            await Task.Delay(TimeSpan.FromMilliseconds(100), context.RequestAborted);
        }
        await Boundary.AnswerAsync(context, InProgress);
    }

    private async Task ReplayAsync(HttpContext context, Actor actor, RepeatGuard guard, Kept kept)
    {
        if (!CryptographicOperations.FixedTimeEquals(kept.RequestHash, guard.RequestHash))
        {
            await Boundary.AnswerAsync(context, Mismatch);
            return;
        }
        if (kept.Status is not { } status)
        {
            await Boundary.AnswerAsync(context, InProgress);
            return;
        }
        var clinicKeys = await keys.OfAsync(actor.Clinic, logins, context.RequestAborted, kept.Content);
        var answer = System.Text.Json.JsonSerializer.Deserialize<Answer>(clinicKeys.Open(kept.Content!, CellOf(actor, guard)), PatientKey.Json)!;
        await TakeDownAsync(actor, kept, context.RequestAborted);
        context.Response.StatusCode = status;
        if (answer.Location is not null) context.Response.Headers.Location = answer.Location;
        if (answer.ETag is not null) context.Response.Headers.ETag = answer.ETag;
        context.Response.ContentType = answer.ContentType;
        context.Response.Headers["Idempotent-Replayed"] = "true";
        await context.Response.Body.WriteAsync(answer.Body, context.RequestAborted);
    }

    private async Task TakeDownAsync(Actor actor, Kept kept, CancellationToken ct)
    {
        var book = new AuditBook(stamp);
        book.Add(new("answer.repeated", "kept_answer"), [.. kept.PatientIds.Select(id => new PatientId(id))], clock.GetUtcNow());
        await using var pipe = await BeginAsync(actor, ct);
        book.QueueInto(pipe, actor, "done");
        pipe.Queue("commit");
        await pipe.FlushAsync(ct);
    }

    private async Task<Kept?> FindAsync(Actor actor, RepeatGuard guard, CancellationToken ct)
    {
        await using var pipe = await BeginAsync(actor, ct);
        var rows = pipe.Ask<Kept>("""
            select request_hash, status, content, patient_ids
            from kept_answer
            where person_id = @person and key = @key and created_at > @since
            """, new { actor.Person, guard.Key, since = clock.GetUtcNow().AddHours(-24) });
        pipe.Queue("commit");
        return (await rows.ReadAsync(ct)).SingleOrDefault();
    }

    private async Task KeepAsync(HttpResponse response, Actor actor, RepeatGuard guard, byte[] body)
    {
        var answer = new Answer(response.Headers.Location, response.Headers.ETag, response.ContentType, body);
        var clinicKeys = await keys.OfAsync(actor.Clinic, logins, CancellationToken.None);
        var content = clinicKeys.Seal(System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(answer, PatientKey.Json), CellOf(actor, guard));
        await using var pipe = await BeginAsync(actor, CancellationToken.None);
        pipe.Queue("update kept_answer set status = @status, content = @content, key_version = @version where person_id = @person and key = @key",
            new { status = response.StatusCode, content, version = clinicKeys.CurrentVersion, actor.Person, guard.Key });
        pipe.Queue("commit");
        await pipe.FlushAsync(CancellationToken.None);
    }

    private async Task<SqlPipe> BeginAsync(Actor actor, CancellationToken ct)
    {
        var pipe = await logins.OpenAsync(ct);
        pipe.Queue("begin");
        pipe.QueueClinic(actor.Clinic, actor.Role);
        return pipe;
    }

    /// <summary>Claims the key inside the effect's transaction.</summary>
    /// <param name="patients">Whom the events of the transaction name.</param>
    internal static void QueueClaim(SqlPipe pipe, Actor actor, RepeatGuard guard, Guid[] patients, DateTimeOffset now) => pipe.Queue("""
        insert into kept_answer (key, person_id, request_hash, patient_ids, created_at)
        values (@key, @person, @requestHash, @patients, @now)
        """, new { guard.Key, actor.Person, guard.RequestHash, patients, now });

    /// <summary>True for the primary key's refusal of a second claim; partition suffixes of sharded tables are cut off.</summary>
    internal static bool IsClaimTaken(PostgresException error) =>
        error.SqlState == PostgresErrorCodes.UniqueViolation && error.MessageText.Contains("kept_answer_pkey", StringComparison.Ordinal);

    private static async Task<string?> KeyOfAsync(HttpRequest request)
    {
        var header = request.Headers["Idempotency-Key"].ToString();
        if (header.Length > 0) return header;
        if (!request.HasFormContentType) return null;
        var form = await Bodies.ReadFormAsync(request, request.HttpContext.RequestAborted);
        var field = form["idempotency_key"].ToString();
        return field.Length > 0 ? field : null;
    }

    private static Cell CellOf(Actor actor, RepeatGuard guard) =>
        new("kept_answer", "content", new Guid(SHA256.HashData(Encoding.UTF8.GetBytes($"{actor.Person} {guard.Key}")).AsSpan(0, 16), bigEndian: true));

    private sealed record Kept
    {
        public required byte[] RequestHash { get; init; }
        public int? Status { get; init; }
        public byte[]? Content { get; init; }
        public Guid[] PatientIds { get; init; } = [];
    }

    private sealed record Answer(string? Location, string? ETag, string? ContentType, byte[] Body);
}
