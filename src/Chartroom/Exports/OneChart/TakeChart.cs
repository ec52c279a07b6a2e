using System.Globalization;
using Chartroom.Cda;
using Chartroom.Charts;
using Chartroom.Patients;
using Chartroom.Platform.Audit;
using Chartroom.Platform.Identity;
using Chartroom.Platform.Tenancy;
using Chartroom.Platform.Web;

namespace Chartroom.Exports;

/// <summary>Takes one patient's chart out as another clinic's program reads it: a clinical document (C-CDA R2.1) or a FHIR R4 bundle. Everything that counts is in it, the notes that the one
/// who asks may read too. Refuses <c>exports.no-such-patient</c>, and a chart that is shut to who asks as its page does.</summary>
internal sealed class TakeChartHandler(TenantDb db, ClinicTime time)
{
    internal const string ChartExported = "chart.exported";

    public async Task<Outcome<OutgoingChart>> HandleAsync(PatientId id, SignedIn? who, Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.SeeCharts, ct);   // one chart is opened as any other: a restricted one asks to break the glass, unlike an export of the whole clinic
        if (await PatientRegister.ReadAsync(tx, id, new(ExportBook.PatientsExported, "patient", id.Value, Purpose.Operations), ct) is not { } patient
            || await tx.OpenPatientAsync(id, new(ChartExported, "patient", id.Value, Purpose.Operations), ct) is not { } key) return Refusals.NoSuchPatient;
        var entries = await ChartReading.WholeAsync(tx, key, ct);
        await tx.CommitAsync(ct);   // the events are in the log before a byte leaves
        var keeper = new DocumentKeeper(actor.Clinic.Value, who?.ClinicName ?? "Clinic", who?.PersonName ?? CdaDocument.Software);
        var (now, zone) = (time.Now, who?.TimeZone ?? "UTC");
        return new OutgoingChart(patient, entries, keeper, new DateTimeOffset(ClinicTime.Local(now, zone), ClinicTime.Local(now, zone) - now.UtcDateTime));
    }

    internal static void Map(IEndpointRouteBuilder routes)
    {
        MapForm(routes, "ccd.xml", "application/xml", "A patient's chart as a continuity of care document, C-CDA R2.1.", CdaDocument.Write);
        MapForm(routes, "fhir.json", "application/fhir+json", "A patient's chart as a FHIR R4 bundle.", FhirWriter.Write);
    }

    private static void MapForm(IEndpointRouteBuilder routes, string name, string type, string summary, Func<OutgoingChart, byte[]> write) =>
        routes.MapGet("/api/v1/patients/{id}/exports/" + name, async (PatientId id, TakeChartHandler handler, Actor actor, HttpContext http) =>
                (await handler.HandleAsync(id, http.Features.Get<SignedIn>(), actor, http.RequestAborted)).ToHttp(chart => File(write(chart), type, name.Split('.'), chart)))
            .WithTags("Exports").WithSummary(summary).Produces<Stream>(StatusCodes.Status200OK, type)
            .Requires(Permission.ExportData).RequiresStepUp().Audits(ExportBook.PatientsExported, ChartExported);

    /// <summary>Named by record number and day: a name would stand in lists of downloads.</summary>
    private static IResult File(byte[] bytes, string type, string[] name, OutgoingChart chart) =>
        TypedResults.File(bytes, type, string.Create(CultureInfo.InvariantCulture, $"{name[0]}-{chart.Patient.Line.Mrn}-{chart.At:yyyy-MM-dd}.{name[1]}"));
}
