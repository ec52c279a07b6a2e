using Chartroom.Platform.Identity;
using Chartroom.Platform.Tenancy;
using Chartroom.Platform.Web;
using Chartroom.Scribe.Hearing;
using Chartroom.Shell;

namespace Chartroom.Scribe;

/// <summary>A clinic's rules of recordings.</summary>
/// <param name="KeepHours">Audio is kept so long after it was transcribed, 0 to 24.</param>
/// <param name="IsLocalOn">Where no outside model is on, the server's own recogniser transcribes.</param>
public sealed record RecordingRules(int KeepHours, bool IsLocalOn, int Version);

/// <summary>Changes them.</summary>
public sealed record SetRecordingRules(int KeepHours, bool IsLocalOn);

/// <summary>The clinic's rules of recordings: page and API.</summary>
internal sealed class RecordingRulesBook(TenantDb db, AudioTools tools)
{
    private const string Changed = "recording.rules-changed", Read = "recording.rules-read", Path = "/settings/recordings";

    public static void Map(IEndpointRouteBuilder routes)
    {
        var pages = routes.MapGroup(Path).ExcludeFromDescription().Requires(Permission.ManageClinic);
        pages.MapGet("", (RecordingRulesBook book, AudioTools tools, Actor actor, HttpContext http) => PageAsync(book, tools, actor, FormState.Fresh, http)).Audits(Read);
        pages.MapPost("", async (Form<SetRecordingRules> form, RecordingRulesBook book, AudioTools tools, Actor actor, HttpContext http) =>
        {
            var set = await form.ThenAsync(ask => book.SetAsync((int)(form.Version ?? 0), ask, actor, http.RequestAborted));
            return set.IsOk ? Page.SeeOther(Path) : await PageAsync(book, tools, actor, form.Again(set.Refusal), http);
        }).RequiresStepUp().Audits(Changed, Read);
        var api = routes.MapGroup("/api/v1/recording-rules").WithTags("Recordings").Requires(Permission.ManageClinic);
        api.MapGet("", async (RecordingRulesBook book, Actor actor, HttpContext http) =>
        {
            var rules = (await book.ShowAsync(actor, http.RequestAborted)).Rules;
            Versions.SetETag(http, rules.Version);
            return TypedResults.Ok(rules);
        }).Audits(Read).WithName("ReadRecordingRules").WithSummary("How long audio is kept, and whether the server's own recogniser is on");
        api.MapPut("", async (SetRecordingRules ask, RecordingRulesBook book, Actor actor, HttpContext http) =>
        {
            var version = Versions.IfMatch(http);
            if (!version.IsOk) return version.Refusal.ToHttp();
            var set = await book.SetAsync(version.Value, ask, actor, http.RequestAborted);
            if (set.IsOk) Versions.SetETag(http, set.Value.Version);
            return set.ToHttp(TypedResults.Ok);
        }).RequiresStepUp().Audits(Changed).WithName("SetRecordingRules").WithSummary("Changes them");
    }

    public static async Task<RecordingRules> ReadAsync(ClinicTx tx, CancellationToken ct) =>
        (await tx.QueryAsync<RecordingRules>("select keep_hours, is_local_on, version from recording_rules", null, ct)).Single();

    /// <summary>Refuses <c>scribe.invalid-keeping</c>, <c>scribe.recogniser-missing</c>, a stale version (412).</summary>
    public async Task<Outcome<RecordingRules>> SetAsync(int version, SetRecordingRules ask, Actor actor, CancellationToken ct)
    {
        if (ask.KeepHours is < 0 or > 24) return Refusals.InvalidKeeping.On("keepHours", "0 to 24 hours.");
        if (ask.IsLocalOn && !tools.CanRecognise) return Refusals.RecogniserMissing.On("isLocalOn", Refusals.RecogniserMissing.Title);
        await using var tx = await db.BeginAsync(actor, Permission.ManageClinic, ct);
        tx.Audit(new(Changed, "recording_rules"));
        if (await tx.ExecuteAsync(Update, new { ask.KeepHours, ask.IsLocalOn, version, now = tx.Now }, ct) == 0) return Versions.StaleAt((await ReadAsync(tx, ct)).Version);
        await tx.CommitAsync(ct);
        return new RecordingRules(ask.KeepHours, ask.IsLocalOn, version + 1);
    }

    private async Task<(RecordingRules Rules, Assist.OutsideModel? Outside)> ShowAsync(Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.ManageClinic, ct);
        tx.Audit(new(Read, "recording_rules"));
        var rules = await ReadAsync(tx, ct);
        var outside = await Assist.Assistant.OutsideAsync(tx, Assist.AssistFeature.Transcription, ct);
        await tx.CommitAsync(ct);
        return (rules, outside);
    }

    private static async Task<IResult> PageAsync(RecordingRulesBook book, AudioTools tools, Actor actor, FormState form, HttpContext http)
    {
        var (rules, outside) = await book.ShowAsync(actor, http.RequestAborted);
        return Page.Of<RecordingRulesPage>(new { Rules = rules, Outside = outside, tools.CanDecode, tools.CanRecognise, Form = form }, form.Refusal?.Status ?? StatusCodes.Status200OK);
    }

    private const string Update = """
        update recording_rules
        set keep_hours = @keepHours, is_local_on = @isLocalOn, version = version + 1, changed_at = @now
        where version = @version
        """;
}
