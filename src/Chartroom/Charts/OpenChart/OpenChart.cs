using Chartroom.Patients;
using Chartroom.Platform.Tenancy;
using Chartroom.Platform.Web;
using Chartroom.Shell;

namespace Chartroom.Charts;

/// <summary>A patient's chart, opened.</summary>
/// <param name="Entries">Of the kinds asked for, newest first.</param>
/// <param name="Counts">Of all kinds.</param>
internal sealed record OpenedChart(PatientRecord Patient, IReadOnlyList<ChartEntry> Entries, IReadOnlyDictionary<EntryKind, int> Counts);

/// <summary>Opens a patient's chart: everything that counts, newest first; content of the kinds asked for only. Refuses <c>charts.no-such-patient</c>.</summary>
internal sealed class OpenChartHandler(TenantDb db)
{
    private static readonly EntryKind[] AllKinds = Enum.GetValues<EntryKind>();

    public async Task<Outcome<OpenedChart>> HandleAsync(PatientId patient, EntryKind[] kinds, Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.SeeCharts, ct);
        var asked = ChartReads.AskChart(tx, patient, kinds);   // sealed as yet; comes with the patient's own row
        if (await PatientRegister.ReadAsync(tx, patient, new("patient.read", "patient", patient.Value), ct) is not { } person
            || await tx.OpenPatientAsync(patient, new("chart.opened", "patient", patient.Value), ct) is not { } key) return Refusals.NoSuchPatient;
        var rows = await asked.ReadAsync(ct);
        var chart = new OpenedChart(person, [.. rows.Where(row => row.Content is not null).Select(row => row.Open(key))],
            rows.CountBy(row => Enum.Parse<EntryKind>(row.Kind, ignoreCase: true)).ToDictionary());
        await tx.CommitAsync(ct);
        return chart;
    }

    internal static void Map(IEndpointRouteBuilder routes)
    {
        foreach (var part in Enum.GetValues<ChartPart>())
            routes.MapGet(PathOf(part), (PatientId id, OpenChartHandler handler, Actor actor, HttpContext context, CancellationToken ct) =>
                ShowAsync(new(id, part), handler, actor, context, ct)).ExcludeFromDescription().Requires(Permission.SeeCharts).Audits("patient.read", "chart.opened");
        routes.MapGet("/api/v1/patients/{id}/chart", async (PatientId id, OpenChartHandler handler, Actor actor, CancellationToken ct) =>
                (await handler.HandleAsync(id, ChartSummary.Kinds, actor, ct)).ToHttp(chart => ChartAnswers.Json(ChartSummary.Of(chart))))
            .WithSummary("A patient's chart at a glance: problems, allergies, medications, latest vitals, and how many entries of each kind there are.")
            .Produces<ChartSummary>().Requires(Permission.SeeCharts).Audits("patient.read", "chart.opened");
    }

    private static string PathOf(ChartPart part) =>
        part == ChartPart.Summary ? "/patients/{id}/chart" : $"/patients/{{id}}/chart/{part.ToString().ToLowerInvariant()}";

    private static async Task<IResult> ShowAsync(ChartAsk ask, OpenChartHandler handler, Actor actor, HttpContext context, CancellationToken ct)
    {
        var opened = await handler.HandleAsync(ask.Patient, AllKinds, actor, ct);
        if (!opened.IsOk) return await EntryForms.RefuseAsync(opened.Refusal, context);
        var chart = opened.Value;
        var view = ChartView.Of(chart.Entries, isAdult: chart.Patient.Line.Age is null or >= 18);
        return Page.Of<ChartPage>(new { chart.Patient, View = view, Frame = new ChartFrame(ask.Part, EntryForms.ZoneOf(context), Rights.Allows(actor.Role, Permission.EditCharts)) });
    }
}

/// <summary>The pages of a chart, beside each other; the lists that must stay in sight stand on each of them.</summary>
public enum ChartPart { Summary, Encounters, Results, Notes, History }

/// <param name="Zone">The clinic's zone, for days and times of day.</param>
public sealed record ChartFrame(ChartPart Part, string Zone, bool MayEdit);

internal sealed record ChartAsk(PatientId Patient, ChartPart Part);
