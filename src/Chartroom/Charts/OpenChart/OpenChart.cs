using System.Globalization;
using Chartroom.Assist;
using Chartroom.Orders;
using Chartroom.Patients;
using Chartroom.Platform.Tenancy;
using Chartroom.Platform.Vault;
using Chartroom.Platform.Web;
using Chartroom.Scheduling;
using Chartroom.Shell;

namespace Chartroom.Charts;

/// <summary>A patient's chart, opened.</summary>
/// <param name="Entries">Of the kinds asked for, newest first.</param>
/// <param name="Counts">Of all kinds.</param>
internal sealed record OpenedChart(PatientRecord Patient, IReadOnlyList<ChartEntry> Entries, IReadOnlyDictionary<EntryKind, int> Counts)
{
    /// <summary>What has happened since the provider who opens it last saw the patient; null where they never did.</summary>
    public SinceLast? SinceLast { get; init; }

    /// <summary>True for who may have it summarized, where the clinic has summaries drafted.</summary>
    public bool MaySummarize { get; init; }

    /// <summary>Signed notes by their encounter.</summary>
    public ILookup<EntryId, EntryId> NotesOf { get; init; } = Enumerable.Empty<EntryId>().ToLookup(note => note);

    /// <summary>How many times vital signs were taken.</summary>
    public int Takings { get; init; }
}

/// <summary>What others did since one's last visit with the patient.</summary>
/// <param name="Last">That visit.</param>
/// <param name="Changes">Entries that others, or other systems, wrote or changed since it ended, the latest first.</param>
/// <param name="Visits">Visits since: with others, missed or cancelled; the latest first.</param>
/// <param name="Gone">Entries that others put away since, the latest first.</param>
/// <param name="Orders">Orders that others placed or ended since, the latest first.</param>
public sealed record SinceLast(VisitFacts Last, IReadOnlyList<ChartEntry> Changes, IReadOnlyList<VisitFacts> Visits, IReadOnlyList<PutAwayLine> Gone, IReadOnlyList<PlacedOrder> Orders)
{
    private const int MostVisits = 500;   // years of them

    internal static async Task<SinceLast?> ReadAsync(ClinicTx tx, PatientKey key, CancellationToken ct)
    {
        var patient = key.Patient;
        if (tx.Actor.Role != ClinicRole.Provider) return null;
        var visits = await Scheduling.Visits.OfPatientAsync(tx, patient, MostVisits, ct);
        if (visits.FirstOrDefault(it => it.ProviderId == tx.Actor.Staff && it.Status is VisitStatus.Completed or VisitStatus.ReadyForCheckout) is not { } last) return null;
        var orders = await OrderReading.SinceAsync(tx, key, last.EndsAt, ct);
        var gone = await PutAwayListHandler.ReadAsync(tx, key, ct);
        return new(last, [.. (await ChartReads.SinceAsync(tx, patient, last.EndsAt, ct)).Select(row => row.Open(key))],
            [.. visits.Where(it => it.StartsAt > last.StartsAt && (IsGone(it.Status) || (IsHeld(it.Status) && it.ProviderId != last.ProviderId)))],
            [.. gone.Where(it => it.At > last.EndsAt && it.By != tx.Actor.Staff)], orders);
    }

    private static bool IsGone(VisitStatus status) => status is VisitStatus.Cancelled or VisitStatus.NoShow or VisitStatus.LeftWithoutBeingSeen;

    private static bool IsHeld(VisitStatus status) => status is VisitStatus.Completed or VisitStatus.ReadyForCheckout or VisitStatus.InProgress;
}

/// <summary>Opens a patient's chart: everything that counts, newest first; content of the kinds asked for only. Refuses <c>charts.no-such-patient</c>.</summary>
internal sealed class OpenChartHandler(TenantDb db)
{
    /// <param name="withSinceLast">What others did since the provider's last visit, too.</param>
    public async Task<Outcome<OpenedChart>> HandleAsync(PatientId patient, ChartExtent extent, bool withSinceLast, Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.SeeCharts, ct);
        var asked = ChartReads.AskChart(tx, patient, extent);   // sealed as yet; comes with the patient's own row
        if (await PatientRegister.ReadAsync(tx, patient, new("patient.read", "patient", patient.Value), ct) is not { } person
            || await tx.OpenPatientAsync(patient, new("chart.opened", "patient", patient.Value), ct) is not { } key) return Refusals.NoSuchPatient;
        var rows = await asked.ReadAsync(ct);
        ChartEntry[] entries = [.. rows.Where(row => row.Content is not null).Select(row => row.Open(key))];
        var chart = new OpenedChart(person, entries, rows.CountBy(row => Enum.Parse<EntryKind>(row.Kind, ignoreCase: true)).ToDictionary())
        {
            SinceLast = withSinceLast ? await SinceLast.ReadAsync(tx, key, ct) : null,
            NotesOf = rows.Where(row => row is { Kind: "note", EncounterId: not null }).ToLookup(row => row.EncounterId!.Value, row => row.Id),   // filtered to those that have one
            Takings = rows.Where(row => row is { Kind: "vital", EffectiveAt: not null }).DistinctBy(row => row.EffectiveAt).Count(),
            MaySummarize = Rights.Allows(actor.Role, Permission.SignNotes) && await Assistant.DrafterAsync(tx, AssistFeature.ChartSummary, ct) != DraftsWith.Off,
        };
        await tx.CommitAsync(ct);
        return chart;
    }

    internal static void Map(IEndpointRouteBuilder routes)
    {
        foreach (var part in Enum.GetValues<ChartPart>())
            routes.MapGet(PathOf(part), (PatientId id, HttpContext context) => ShowAsync(new(id, part) { Show = Shown(context.Request) }, context)).ExcludeFromDescription()
                .Requires(Permission.SeeCharts).Audits("patient.read", "chart.opened", "entry.put-away-listed", "orders.read");
        routes.MapGet("/api/v1/patients/{id}/chart", async (PatientId id, OpenChartHandler handler, Actor actor, CancellationToken ct) =>
                (await handler.HandleAsync(id, new(ChartSummary.Kinds, [], 0) { Takings = LatestTakings }, false, actor, ct)).ToHttp(chart => ChartAnswers.Json(ChartSummary.Of(chart))))
            .WithSummary("A patient's chart at a glance: problems, allergies, medications, latest vitals, and how many entries of each kind there are.")
            .Produces<ChartSummary>().Requires(Permission.SeeCharts).Audits("patient.read", "chart.opened");
    }

    /// <summary>Among so many times stands the latest of each sign, also of those that are seldom taken, such as height.</summary>
    private const int LatestTakings = 60;

    /// <summary>Problems, allergies and medications are in sight on each part; of what is long the newest, or as many as were asked for.</summary>
    private static ChartExtent ExtentOf(ChartAsk ask)
    {
        EntryKind[] rail = [EntryKind.Problem, EntryKind.Allergy, EntryKind.Medication];
        return ask.Part switch
        {
            ChartPart.Summary => new([.. rail, EntryKind.Vital, EntryKind.Result], [EntryKind.Encounter, EntryKind.Note, EntryKind.Document], 5) { Takings = LatestTakings },
            ChartPart.Vitals => new([.. rail, EntryKind.Vital], [], 0) { Takings = ask.Show },
            ChartPart.Encounters => new(rail, [EntryKind.Encounter], ask.Show),
            ChartPart.Results => new([.. rail, EntryKind.Result, EntryKind.Report], [], 0),
            ChartPart.Notes => new(rail, [EntryKind.Note, EntryKind.Document], ask.Show),
            _ => new([.. rail, EntryKind.Immunization, EntryKind.Procedure], [], 0),
        };
    }

    /// <summary>How many of a long list: fifty, or what the address asks for, up to two thousand.</summary>
    private static int Shown(HttpRequest request) => int.TryParse(request.Query["show"], NumberStyles.None, CultureInfo.InvariantCulture, out var many) ? Math.Clamp(many, ChartFrame.Step, 2000) : ChartFrame.Step;

    private static string PathOf(ChartPart part) =>
        part == ChartPart.Summary ? "/patients/{id}/chart" : $"/patients/{{id}}/chart/{part.ToString().ToLowerInvariant()}";

    internal static async Task<IResult> ShowAsync(ChartAsk ask, HttpContext context)
    {
        var actor = EntryForms.ActorOf(context);
        var opened = await context.RequestServices.GetRequiredService<OpenChartHandler>().HandleAsync(ask.Patient, ExtentOf(ask), ask.Part == ChartPart.Summary, actor, context.RequestAborted);
        if (!opened.IsOk) return await EntryForms.RefuseAsync(opened.Refusal, context);
        var chart = opened.Value;
        var view = ChartView.Of(chart.Entries, chart.Patient.Line.BirthDate);
        if (ask.Changed is { } changed && !view.Changeable(ask.Part).Contains(changed.Entry)) return Page.Refused(changed.State.Refusal ?? Refusals.NoSuchEntry);   // no line to say it at
        var mayEdit = Rights.Allows(actor.Role, Permission.EditCharts);
        var frame = new ChartFrame(ask.Part, EntryForms.ZoneOf(context), mayEdit)
        {
            Show = ask.Show, Path = context.Request.Path, NotesOf = chart.NotesOf, Counts = chart.Counts, Takings = chart.Takings,
            MaySign = Rights.Allows(actor.Role, Permission.SignNotes), MaySummarize = chart.MaySummarize, Changed = ask.Changed, SinceLast = chart.SinceLast,
            PutAway = mayEdit && ask.Part == ChartPart.History ? await context.RequestServices.GetRequiredService<PutAwayListHandler>().HandleAsync(ask.Patient, actor, context.RequestAborted) : [],
        };
        return Page.Of<ChartPage>(new { chart.Patient, View = view, Frame = frame }, ask.Changed?.State.Refusal?.Status ?? StatusCodes.Status200OK);
    }
}

/// <summary>The pages of a chart, beside each other; the lists that must stay in sight stand on each of them.</summary>
public enum ChartPart { Summary, Vitals, Encounters, Results, Notes, History }

/// <param name="Zone">The clinic's zone, for days and times of day.</param>
public sealed record ChartFrame(ChartPart Part, string Zone, bool MayEdit)
{
    /// <summary>Lines of a long list that a page shows, and that "Show older" adds.</summary>
    public const int Step = 50;

    /// <summary>Lines that each "Show older" adds.</summary>
    public const int More = 4 * Step;

    /// <summary>Name of the line at which a "Show older" began, so that the page opens there; null for all others.</summary>
    /// <param name="at">Counted from 0.</param>
    public static string? OlderId(int at) => at >= Step && (at - Step) % More == 0 ? string.Create(CultureInfo.InvariantCulture, $"from-{at + 1}") : null;

    /// <summary>How many of a long list are shown.</summary>
    public int Show { get; init; } = Step;

    /// <summary>The page's own path.</summary>
    public string Path { get; init; } = "";

    /// <summary>Signed notes by their encounter.</summary>
    public ILookup<EntryId, EntryId> NotesOf { get; init; } = Enumerable.Empty<EntryId>().ToLookup(note => note);

    /// <summary>How many entries of each kind the chart holds.</summary>
    public IReadOnlyDictionary<EntryKind, int> Counts { get; init; } = new Dictionary<EntryKind, int>();

    /// <summary>How many times vital signs were taken.</summary>
    public int Takings { get; init; }

    internal int CountOf(params EntryKind[] kinds) => kinds.Sum(kind => Counts.GetValueOrDefault(kind));

    /// <summary>True for who writes notes, and so may have private ones.</summary>
    public bool MaySign { get; init; }
    public bool MaySummarize { get; init; }

    /// <summary>The line of the rail whose change came back, and why.</summary>
    public ChangedLine? Changed { get; init; }

    /// <summary>On the summary of a provider who has seen the patient before.</summary>
    public SinceLast? SinceLast { get; init; }

    /// <summary>What was put away; listed in the history only.</summary>
    public IReadOnlyList<PutAwayLine> PutAway { get; init; } = [];
}

/// <param name="State">What was typed there.</param>
public sealed record ChangedLine(EntryId Entry, FormState State);

internal sealed record ChartAsk(PatientId Patient, ChartPart Part)
{
    public int Show { get; init; } = ChartFrame.Step;
    public ChangedLine? Changed { get; init; }
}
