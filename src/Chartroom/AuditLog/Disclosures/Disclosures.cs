using Chartroom.Patients;
using Chartroom.Platform.Audit;
using Chartroom.Platform.Tenancy;
using Chartroom.Platform.Web;
using Chartroom.Shell;

namespace Chartroom.AuditLog;

/// <summary>A part of a patient's accounting of disclosures, newest first.</summary>
/// <param name="From">First day it covers, in the clinic's zone.</param>
/// <param name="Next">Ask with this as <c>before</c> for the part before; absent at the end.</param>
public sealed record DisclosuresPart(PatientId Patient, DateOnly From, IReadOnlyList<AuditEntry> Disclosures, string? Next);

/// <summary>The same with the patient's name, as people read it.</summary>
public sealed record DisclosuresView(PatientLine Patient, DisclosuresPart Part);

/// <summary>
/// Who saw or received what of one patient, when and why, for the six years before today: 45 CFR 164.528. The rule leaves out treatment, payment and
/// operations; here they are in it and can be told apart. Reading it is an event of that patient. Refuses <c>audit.no-such-patient</c>. Admins only.
/// </summary>
internal sealed class DisclosuresHandler(TenantDb db, ClinicTime time)
{
    internal const string Read = "disclosures.read";
    private const int Years = 6, Usual = 50, Most = 200;

    public async Task<Outcome<DisclosuresView>> HandleAsync(AskDisclosures ask, string zone, Actor actor, CancellationToken ct)
    {
        if (ask.Purpose is { } purpose && !AuditReads.Purposes.Contains(purpose)) return Boundary.Unreadable.On("purpose", $"One of {string.Join(", ", AuditReads.Purposes)}.");
        var filter = FilterOf(ask.Patient, ask.Purpose, time.Today(zone));
        await using var tx = await db.BeginAsync(actor, Permission.SeeAudit, ct);
        var names = await PatientRegister.NamesOnRecordAsync(tx, [ask.Patient], new(Read, "patient", ask.Patient.Value, Purpose.Operations), ct);
        if (!names.TryGetValue(ask.Patient, out var patient)) return Refusals.NoSuchPatient;
        var most = Math.Clamp(ask.Limit ?? Usual, 1, Most);
        var events = await AuditReads.ReadAsync(tx, filter, AuditCursor.Read(ask.Before), most + 1, ct);
        await tx.CommitAsync(ct);
        var shown = events.Take(most).ToList();
        var next = events.Count > most ? new AuditCursor(shown[^1].At, shown[^1].Id).ToString() : null;
        return new DisclosuresView(patient, new(ask.Patient, time.Today(zone).AddYears(-Years), shown, next));
    }

    /// <summary>What was refused stands in it too: it may have been looked at.</summary>
    internal static AuditFilter FilterOf(PatientId patient, string? purpose, DateOnly today) => new(Patient: patient, From: today.AddYears(-Years), Purpose: purpose);

    internal static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/v1/patients/{id:guid}/disclosures",
                async (PatientId id, [AsParameters] DisclosuresQuery query, DisclosuresHandler handler, HttpContext http, Actor actor, CancellationToken ct) =>
                    (await handler.HandleAsync(query.Of(id), ZoneOf(http), actor, ct)).Select(view => view.Part).ToHttp(TypedResults.Ok))
            .WithTags("Audit").WithSummary("Who saw or received what of this patient in the last six years, and why (45 CFR 164.528)")
            .Requires(Permission.SeeAudit).Audits(Read);
        routes.MapGet("/patients/{id:guid}/disclosures",
            async (PatientId id, [AsParameters] DisclosuresQuery query, DisclosuresHandler handler, HttpContext http, Actor actor, CancellationToken ct) =>
            {
                var view = await handler.HandleAsync(query.Of(id), ZoneOf(http), actor, ct);
                return view.IsOk ? Page.Of<DisclosuresPage>(new { View = view.Value, query.Purpose, IsFirst = query.Before is null }) : Page.Refused(view.Refusal);
            }).ExcludeFromDescription().Requires(Permission.SeeAudit).Audits(Read);
    }

    private static string ZoneOf(HttpContext http) => http.Features.Get<Platform.Identity.SignedIn>()?.TimeZone ?? "UTC";
}

/// <summary>Asks for a part of the accounting.</summary>
/// <param name="Purpose">One purpose; <c>other</c> for all but treatment, payment and operations; null for all.</param>
/// <param name="Before">Where the last part stopped.</param>
/// <param name="Limit">1 to 200, 50 by itself.</param>
public sealed record AskDisclosures(PatientId Patient, string? Purpose, string? Before, int? Limit);

/// <summary>As it stands in an address.</summary>
public sealed record DisclosuresQuery(string? Purpose, string? Before, int? Limit)
{
    internal AskDisclosures Of(PatientId patient) => new(patient, string.IsNullOrEmpty(Purpose) ? null : Purpose, Before, Limit);
}
