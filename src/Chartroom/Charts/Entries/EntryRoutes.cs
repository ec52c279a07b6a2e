using System.Globalization;
using System.Text.Json;
using Chartroom.Platform.Tenancy;
using Chartroom.Platform.Web;

namespace Chartroom.Charts;

/// <summary>One entry with what it said before.</summary>
public sealed record EntryStory(ChartEntry Now, IReadOnlyList<ChartEntry> Before)
{
    /// <summary>Of a result: who saw it, the latest first.</summary>
    public IReadOnlyList<ResultSighting> Seen { get; init; } = [];
}

/// <summary>Reads entries: one with its versions, or a page of them. Refuses <c>charts.no-such-patient</c>, <c>charts.no-such-entry</c>.</summary>
internal sealed class ReadEntriesHandler(TenantDb db)
{
    public async Task<Outcome<EntryStory>> OneAsync(PatientId patient, EntryId id, Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.SeeCharts, ct);
        if (await tx.OpenPatientAsync(patient, new("entry.read", "entry", id.Value), ct) is not { } key) return Refusals.NoSuchPatient;
        if (await ChartReads.OneAsync(tx, patient, id, ct) is not { } row) return Refusals.NoSuchEntry;
        var versions = row.Version == 1 ? [] : await ChartReads.VersionsAsync(tx, patient, id, ct);
        var story = new EntryStory(row.Open(key), [.. versions.Select(version => version.Open(key))])
        {
            Seen = row.Kind == "result" ? await SeeResultHandler.OfAsync(tx, key, id, ct) : [],
        };
        await tx.CommitAsync(ct);
        return story;
    }

    public async Task<Outcome<EntriesPage>> PageAsync(EntryPageAsk ask, Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.SeeCharts, ct);
        if (await tx.OpenPatientAsync(ask.Patient, new("entry.listed", "patient", ask.Patient.Value), ct) is not { } key) return Refusals.NoSuchPatient;
        var rows = await ChartReads.PageAsync(tx, ask, ct);
        var shown = rows.Take(ask.Limit).Select(row => EntryAnswer.Of(row.Open(key))).ToList();
        await tx.CommitAsync(ct);
        return new EntriesPage(shown, rows.Count > ask.Limit ? shown[^1].Id : null);
    }
}

internal static class EntryRoutes
{
    private const int MostOnAPage = 200;
    private static readonly Refusal BadPage = new("charts.bad-page", 400, "A page holds 1 to 200 entries of a kind that charts know.");

    public static void Map(IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api/v1/patients/{id}/entries").WithTags("Charts");
        api.MapGet("", PageAsync).WithSummary("A page of a chart's entries, newest first; entries with no time last.")
            .Produces<EntriesPage>().Requires(Permission.SeeCharts).Audits("entry.listed");
        api.MapGet("/{entry}", OneAsync).WithSummary("One entry; its version is the ETag.").Produces<EntryAnswer>().Requires(Permission.SeeCharts).Audits("entry.read");
        api.MapGet("/{entry}/versions", VersionsAsync).WithSummary("What an entry said in each version, newest first.")
            .Produces<EntryHistory>().Requires(Permission.SeeCharts).Audits("entry.read");
        api.MapPost("", AddAsync).WithSummary("Adds a problem, allergy, medication, vital sign or result. A result's flag is worked out from its range, and it closes the order it names. A medication and an allergy that do not go together are refused (409) unless despite says why.").Accepts<WriteEntry>("application/json")
            .Produces<EntryAnswer>(StatusCodes.Status201Created).Requires(Permission.EditCharts).Audits("entry.added", "entry.read", "allergy_warning.overridden", "order.done", "result.seen");
        api.MapPut("/{entry}", AmendAsync).WithSummary("Amends an entry; If-Match names the version that was read. What it said is kept.").Accepts<WriteEntry>("application/json")
            .Produces<EntryAnswer>().Requires(Permission.EditCharts).Audits("entry.amended", "entry.read", "allergy_warning.overridden");
    }

    private static async Task<IResult> PageAsync(
        PatientId id, [AsParameters] PageQuery query, ReadEntriesHandler handler, Actor actor, CancellationToken ct)
    {
        var kind = query.Kind is null ? null : Enum.GetValues<EntryKind>().Cast<EntryKind?>().FirstOrDefault(known => string.Equals(known.ToString(), query.Kind, StringComparison.OrdinalIgnoreCase));
        if (query.Limit is < 1 or > MostOnAPage || (query.Kind is not null && kind is null)) return BadPage.ToHttp();
        return (await handler.PageAsync(new(id, kind, query.After, query.Limit ?? 50), actor, ct)).ToHttp(ChartAnswers.Json);
    }

    private static async Task<IResult> OneAsync(PatientId id, EntryId entry, ReadEntriesHandler handler, Actor actor, HttpContext context) =>
        (await handler.OneAsync(id, entry, actor, context.RequestAborted)).ToHttp(story =>
        {
            Versions.SetETag(context, story.Now.Version);
            return ChartAnswers.Json(EntryAnswer.Of(story.Now));
        });

    private static async Task<IResult> VersionsAsync(PatientId id, EntryId entry, ReadEntriesHandler handler, Actor actor, CancellationToken ct) =>
        (await handler.OneAsync(id, entry, actor, ct)).ToHttp(story =>
            ChartAnswers.Json(new EntryHistory([.. story.Before.Prepend(story.Now).Select(EntryAnswer.Of)])));

    private static async Task<IResult> AddAsync(PatientId id, AddEntriesHandler handler, ReadEntriesHandler reads, Actor actor, HttpContext context)
    {
        var ask = await ReadAsync(context.Request);
        if (!ask.IsOk) return ask.Refusal.ToHttp();
        var titled = await CodesOf(context).TitledAsync(ask.Value.Content, actor.Origin, context.RequestAborted);
        if (!titled.IsOk) return titled.Refusal.ToHttp();
        var added = await handler.HandleAsync(id, [ask.Value with { Content = titled.Value }], actor, context.RequestAborted);
        if (!added.IsOk) return added.Refusal.ToHttp();
        context.Response.StatusCode = StatusCodes.Status201Created;
        context.Response.Headers.Location = string.Create(CultureInfo.InvariantCulture, $"/api/v1/patients/{id}/entries/{added.Value[0]}");
        return await ShowAsync(id, added.Value[0], reads, actor, context);
    }

    private static async Task<IResult> AmendAsync(
        PatientId id, EntryId entry, AmendEntryHandler handler, ReadEntriesHandler reads, HttpContext context)
    {
        var (version, ask) = (Versions.IfMatch(context), await ReadAsync(context.Request));
        if (!version.IsOk) return version.Refusal.ToHttp();
        if (!ask.IsOk) return ask.Refusal.ToHttp();
        var actor = context.Features.Get<Actor>() ?? throw new InvalidOperationException("The route asks for a permission, so somebody is signed in.");
        var titled = await CodesOf(context).TitledAsync(ask.Value.Content, actor.Origin, context.RequestAborted);
        if (!titled.IsOk) return titled.Refusal.ToHttp();
        var amended = await handler.HandleAsync(new(id, entry, version.Value, _ => titled.Value) { Despite = ask.Value.Despite }, actor, context.RequestAborted);
        return amended.IsOk ? await ShowAsync(id, entry, reads, actor, context) : amended.Refusal.ToHttp();
    }

    private static ProblemCode CodesOf(HttpContext context) => context.RequestServices.GetRequiredService<ProblemCode>();

    private static async Task<IResult> ShowAsync(PatientId patient, EntryId entry, ReadEntriesHandler reads, Actor actor, HttpContext context)
    {
        var story = await reads.OneAsync(patient, entry, actor, context.RequestAborted);
        if (!story.IsOk) return story.Refusal.ToHttp();
        Versions.SetETag(context, story.Value.Now.Version);
        return Results.Json(EntryAnswer.Of(story.Value.Now), ChartJson.Compact, statusCode: context.Response.StatusCode);
    }

    /// <summary>Reads the body in the chart's own JSON. The parser's path names the element that is wrong and never what it holds.</summary>
    private static async Task<Outcome<WriteEntry>> ReadAsync(HttpRequest request)
    {
        try
        {
            var ask = await JsonSerializer.DeserializeAsync<WriteEntry>(request.Body, ChartJson.Compact, request.HttpContext.RequestAborted);
            return ask?.Content is null ? Refusals.Unreadable.On("content", "is missing") : ask;
        }
        catch (JsonException error)
        {
            return Refusals.Unreadable.On(error.Path ?? "$", "is not what stands there in this kind of entry");
        }
    }

    internal sealed record PageQuery(string? Kind, EntryId? After, int? Limit);
}
