using Chartroom.Assist;
using Chartroom.Patients;
using Chartroom.Platform.Tenancy;
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
}

/// <summary>What others did since one's last visit with the patient.</summary>
/// <param name="Last">That visit.</param>
/// <param name="Changes">Entries that others, or other systems, wrote or changed since it ended, the latest first.</param>
/// <param name="Visits">Visits since: with others, missed or cancelled; the latest first.</param>
public sealed record SinceLast(VisitFacts Last, IReadOnlyList<ChartEntry> Changes, IReadOnlyList<VisitFacts> Visits)
{
    private const int MostVisits = 500;   // years of them

    internal static async Task<SinceLast?> ReadAsync(ClinicTx tx, PatientId patient, IReadOnlyList<ChartEntry> entries, CancellationToken ct)
    {
        if (tx.Actor.Role != ClinicRole.Provider) return null;
        var visits = await Scheduling.Visits.OfPatientAsync(tx, patient, MostVisits, ct);
        if (visits.FirstOrDefault(it => it.ProviderId == tx.Actor.Staff && it.Status is VisitStatus.Completed or VisitStatus.ReadyForCheckout) is not { } last) return null;
        return new(last, [.. entries.Where(it => it.RecordedAt > last.EndsAt && it.AuthorId != tx.Actor.Staff).OrderByDescending(it => it.RecordedAt)],
            [.. visits.Where(it => it.StartsAt > last.StartsAt && (IsGone(it.Status) || (IsHeld(it.Status) && it.ProviderId != last.ProviderId)))]);
    }

    private static bool IsGone(VisitStatus status) => status is VisitStatus.Cancelled or VisitStatus.NoShow or VisitStatus.LeftWithoutBeingSeen;

    private static bool IsHeld(VisitStatus status) => status is VisitStatus.Completed or VisitStatus.ReadyForCheckout or VisitStatus.InProgress;
}

/// <summary>Opens a patient's chart: everything that counts, newest first; content of the kinds asked for only. Refuses <c>charts.no-such-patient</c>.</summary>
internal sealed class OpenChartHandler(TenantDb db)
{
    private static readonly EntryKind[] AllKinds = Enum.GetValues<EntryKind>();

    /// <param name="withSinceLast">What others did since the provider's last visit, too.</param>
    public async Task<Outcome<OpenedChart>> HandleAsync(PatientId patient, EntryKind[] kinds, bool withSinceLast, Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.SeeCharts, ct);
        var asked = ChartReads.AskChart(tx, patient, kinds);   // sealed as yet; comes with the patient's own row
        if (await PatientRegister.ReadAsync(tx, patient, new("patient.read", "patient", patient.Value), ct) is not { } person
            || await tx.OpenPatientAsync(patient, new("chart.opened", "patient", patient.Value), ct) is not { } key) return Refusals.NoSuchPatient;
        var rows = await asked.ReadAsync(ct);
        ChartEntry[] entries = [.. rows.Where(row => row.Content is not null).Select(row => row.Open(key))];
        var chart = new OpenedChart(person, entries, rows.CountBy(row => Enum.Parse<EntryKind>(row.Kind, ignoreCase: true)).ToDictionary())
        {
            SinceLast = withSinceLast ? await SinceLast.ReadAsync(tx, patient, entries, ct) : null,
            MaySummarize = Rights.Allows(actor.Role, Permission.SignNotes) && await Assistant.DrafterAsync(tx, AssistFeature.ChartSummary, ct) != DraftsWith.Off,
        };
        await tx.CommitAsync(ct);
        return chart;
    }

    internal static void Map(IEndpointRouteBuilder routes)
    {
        foreach (var part in Enum.GetValues<ChartPart>())
            routes.MapGet(PathOf(part), (PatientId id, HttpContext context) => ShowAsync(new(id, part), context)).ExcludeFromDescription().Requires(Permission.SeeCharts).Audits("patient.read", "chart.opened", "entry.put-away-listed");
        routes.MapGet("/api/v1/patients/{id}/chart", async (PatientId id, OpenChartHandler handler, Actor actor, CancellationToken ct) =>
                (await handler.HandleAsync(id, ChartSummary.Kinds, false, actor, ct)).ToHttp(chart => ChartAnswers.Json(ChartSummary.Of(chart))))
            .WithSummary("A patient's chart at a glance: problems, allergies, medications, latest vitals, and how many entries of each kind there are.")
            .Produces<ChartSummary>().Requires(Permission.SeeCharts).Audits("patient.read", "chart.opened");
    }

    private static string PathOf(ChartPart part) =>
        part == ChartPart.Summary ? "/patients/{id}/chart" : $"/patients/{{id}}/chart/{part.ToString().ToLowerInvariant()}";

    internal static async Task<IResult> ShowAsync(ChartAsk ask, HttpContext context)
    {
        var actor = EntryForms.ActorOf(context);
        var opened = await context.RequestServices.GetRequiredService<OpenChartHandler>().HandleAsync(ask.Patient, AllKinds, ask.Part == ChartPart.Summary, actor, context.RequestAborted);
        if (!opened.IsOk) return await EntryForms.RefuseAsync(opened.Refusal, context);
        var chart = opened.Value;
        var view = ChartView.Of(chart.Entries, chart.Patient.Line.BirthDate);
        if (ask.Changed is { } changed && !view.Changeable(ask.Part).Contains(changed.Entry)) return Page.Refused(changed.State.Refusal ?? Refusals.NoSuchEntry);   // no line to say it at
        var mayEdit = Rights.Allows(actor.Role, Permission.EditCharts);
        var frame = new ChartFrame(ask.Part, EntryForms.ZoneOf(context), mayEdit)
        {
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
    public ChangedLine? Changed { get; init; }
}
