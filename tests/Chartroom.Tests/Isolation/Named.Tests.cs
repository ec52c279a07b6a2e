using System.Net;
using System.Net.Http.Headers;
using Chartroom.Input;
using Chartroom.Platform.Web;
using Xunit.Abstractions;

namespace Chartroom.Isolation;

/// <summary>What the log says of each request, found by the request's own trace id: every route that answers is asked with every kind of thing the clinic has.</summary>
public sealed class NamedTests(ITestOutputHelper output)
{
    /// <summary>The log shows ids of patients, on page after page, and no name: whose names an administrator has opened beside it is an event of its own.</summary>
    private static readonly string[] IsTrail = ["/api/v1/audit-events", "/api/v1/exports/audit.csv", "/api/v1/exports/audit.json"];

    [Fact]
    public async Task AUD_1_Whatever_shows_a_patient_leaves_events_that_the_route_declares_and_that_name_the_patient()
    {
        await using var examples = await Examples.OpenAsync();
        foreach (var example in examples.All.Where(it => !it.Template.StartsWith("/api/v1/keys", StringComparison.Ordinal))) await examples.SendAsync(example, await example.MakeAsync());
        var clinic = examples.Clinic;
        var ids = (await TypedSweepTests.IdsAsync(clinic)).Append(("patient of the desk", examples.Desk.Patient.Value)).Append(("visit of the desk", examples.Desk.Visit.Value)).ToList();
        var patients = await clinic.RowsAsync<Guid>("select id from patient");
        var (answered, shown, faults) = (new HashSet<string>(), new HashSet<string>(), new List<string>());
        foreach (var route in (await SweptRoute.AllAsync(clinic)).Where(it => !it.IsWrite && !it.IsPublic))
            foreach (var (table, id) in route.IdsInPath > 0 ? ids : ids[..1])
            {
                var role = new[] { ClinicRole.Provider, ClinicRole.Admin, ClinicRole.FrontDesk }.First(it => route.Asks is not { } asks || Rights.Allows(it, asks));
                using var request = route.Ask(0, id, id, clinic.TokenOf(role));
                var trace = $"{Guid.CreateVersion7():N}";
                request.Headers.TryAddWithoutValidation("traceparent", $"00-{trace}-00f067aa0ba902b7-01");
                using var client = clinic.Anonymous();
                using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
                if (answer.StatusCode != HttpStatusCode.OK || answer.Content.Headers.ContentType?.MediaType == "text/event-stream") continue;
                var text = await answer.Content.ReadAsStringAsync();
                answered.Add(route.Name);
                var events = await clinic.RowsAsync<(string Action, Guid[] Patients)>("select action, patient_ids from audit_event where trace_id = @trace union all select action, array[]::uuid[] from platform.audit_event where trace_id = @trace", new { trace });
                if (events.Count == 0 && route.NeedsAgreement && route.Declares.Count > 0) faults.Add($"{route.Name} with {table}: nothing of {string.Join(' ', route.Declares)}");
                faults.AddRange(events.Where(it => !route.Declares.Contains(it.Action)).Select(it => $"{route.Name}: {it.Action} is not declared"));
                foreach (var patient in patients.Where(it => !IsTrail.Contains(route.Path) && text.Contains($"{it}", StringComparison.OrdinalIgnoreCase)))
                {
                    shown.Add(route.Name);
                    if (!events.Any(it => it.Patients.Contains(patient))) faults.Add($"{route.Name} with {table} shows a patient whom no event names: {string.Join(' ', events.Select(it => it.Action))}");
                }
            }

        output.WriteLine($"{answered.Count} routes answered, {shown.Count} of them showed a patient: {faults.Count} faults");
        Assert.True(faults.Count == 0, string.Join('\n', faults.Distinct().Take(60)));
        Assert.True(answered.Count > 150 && shown.Count > 40, $"{answered.Count} answered, {shown.Count} showed a patient");
    }
}
