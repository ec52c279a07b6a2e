using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Chartroom.Notes;
using Chartroom.Scheduling;

namespace Chartroom.Patients;

public sealed class PutAwayPatientTests
{
    private static async Task<(int Status, string? Code)> AwayAsync(HttpClient client, object patient, int version, string reason = "entered_by_mistake")
    {
        using var request = new HttpRequestMessage(HttpMethod.Delete, $"/api/v1/patients/{patient}?reason={reason}");
        request.Headers.TryAddWithoutValidation("If-Match", $"\"{version}\"");
        return await ToldAsync(await client.SendAsync(request));
    }

    private static async Task<(int Status, string? Code)> BackAsync(HttpClient client, object patient) => await ToldAsync(await client.PostAsync($"/api/v1/patients/{patient}/restore", null));

    private static async Task<(int, string?)> ToldAsync(HttpResponseMessage answer)
    {
        var text = await answer.Content.ReadAsStringAsync();
        return ((int)answer.StatusCode, text.Length > 0 && JsonNode.Parse(text) is JsonObject body && body["code"] is { } code ? (string?)code : null);
    }

    [Fact]
    public async Task CHT_5_A_patient_entered_by_mistake_leaves_every_list_with_everything_kept_and_comes_back_as_they_were()
    {
        await using var desk = await SchedulingDesk.OpenAsync();
        var patient = await desk.AdmitAsync("Wilma", "Wrongly");
        var (front, provider, admin) = (desk.Clinic.As(ClinicRole.FrontDesk), desk.Clinic.As(ClinicRole.Provider), desk.Clinic.As(ClinicRole.Admin));
        var before = await JsonAsync(front, $"/api/v1/patients/{patient}");
        var version = (int)before["version"]!;

        Assert.Equal((412, "platform.stale-version"), await AwayAsync(front, patient, version + 1));
        Assert.Equal((422, "patients.invalid"), await AwayAsync(front, patient, version, "because"));
        Assert.Equal((204, (string?)null), await AwayAsync(front, patient, version));
        Assert.Equal((409, "patients.away"), await AwayAsync(front, patient, version + 1));

        Assert.DoesNotContain($"{patient}", await front.GetStringAsync("/api/v1/patients"), StringComparison.Ordinal);
        Assert.DoesNotContain("Wilma", await front.GetStringAsync("/patients"), StringComparison.Ordinal);
        Assert.Equal(0, await HitsAsync(front, "Wrongly"));
        Assert.Equal(422, (await desk.BookAsync(Ask(desk, patient))).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await provider.GetAsync($"/patients/{patient}/chart")).StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, (await front.GetAsync($"/patients/{patient}/edit")).StatusCode);
        Assert.Contains("Wilma", await front.GetStringAsync("/patients?away=true"), StringComparison.Ordinal);
        var away = (await JsonAsync(front, $"/api/v1/patients/{patient}"))["patient"]!["away"]!;
        Assert.Equal("entered_by_mistake", JsonNamingPolicy.SnakeCaseLower.ConvertName((string)away["reason"]!));
        Assert.Contains("put this patient away on Mar 2, 2026: entered by mistake.", await front.GetStringAsync($"/patients/{patient}"), StringComparison.Ordinal);
        Assert.Contains("Bring back", await admin.GetStringAsync($"/patients/{patient}"), StringComparison.Ordinal);
        Assert.DoesNotContain("Bring back", await provider.GetStringAsync($"/patients/{patient}"), StringComparison.Ordinal);

        Assert.Equal((403, "patients.not-yours-to-restore"), await BackAsync(provider, patient));
        Assert.Equal((200, (string?)null), await BackAsync(admin, patient));
        Assert.Equal((409, "patients.not-away"), await BackAsync(admin, patient));
        var after = await JsonAsync(front, $"/api/v1/patients/{patient}");
        Assert.Equal((before["demographics"]!.ToJsonString(), version + 2), (after["demographics"]!.ToJsonString(), (int)after["version"]!));
        Assert.Equal(1, await HitsAsync(front, "Wrongly"));
        Assert.Equal(["patient.put-away done", "patient.restored done"], await desk.Clinic.RowsAsync<string>("""
            select action || ' ' || outcome from audit_event where action in ('patient.put-away', 'patient.restored') and outcome = 'done' and patient_ids = array[@patient] order by at, id
            """, new { patient = patient.Value }));
    }

    [Fact]
    public async Task CHT_5_Whoever_has_a_visit_that_is_not_over_or_something_unsigned_is_not_put_away()
    {
        await using var notes = await NotesDesk.OpenAsync();
        var (front, visit) = (notes.Clinic.As(ClinicRole.FrontDesk), notes.Desk.Visit);
        var version = await notes.Clinic.OneAsync<int>("select version from patient where id = @id", new { id = notes.Patient.Value });
        Assert.Equal((409, "patients.has-visits"), await AwayAsync(front, notes.Patient, version));
        await NotesDesk.ChooseAsync(notes.Desk, "SOAP");
        Assert.Equal(201, (await NotesDesk.SendAsync(notes.AsProvider(), HttpMethod.Post, $"/api/v1/visits/{visit}/note", new { })).Status);
        await notes.Clinic.RowsAsync<Guid>("update appointment set status = 'completed' where patient_id = @id returning id", new { id = notes.Patient.Value });

        Assert.Equal((409, "patients.has-drafts"), await AwayAsync(front, notes.Patient, version));   // the front desk sees no notes, and is told all the same
        await notes.Clinic.RowsAsync<Guid>("update written_note set state = 'discarded' returning id");
        Assert.Equal(204, (await AwayAsync(front, notes.Patient, version)).Status);
        Assert.DoesNotContain($"{notes.Patient}", await notes.AsProvider().GetStringAsync("/api/v1/notes/waiting"), StringComparison.Ordinal);
        Assert.Equal(404, (await NotesDesk.SendAsync(notes.AsProvider(), HttpMethod.Post, $"/api/v1/visits/{visit}/note", new { })).Status);
        Assert.Equal(404, (await notes.Desk.AddAsync(Scribe.SampleVisits.Knee)).Status);
    }

    [Fact]
    public async Task CHT_5_Booked_and_put_away_at_the_same_moment_never_leaves_a_visit_of_somebody_who_is_away()
    {
        await using var desk = await SchedulingDesk.OpenAsync();
        var (front, all) = (desk.Clinic.As(ClinicRole.FrontDesk), new List<(Reply Booked, (int Status, string? Code) Away)>());
        for (var round = 0; round < 12; round++)
        {
            var patient = await desk.AdmitAsync("Racing", $"Number{(char)('a' + round)}");
            var ask = Ask(desk, patient, $"2026-03-{3 + (round / 6):00}", $"{9 + (round % 6)}:00");
            var away = AwayAsync(front, patient, 1);
            all.Add((await desk.BookAsync(ask), await away));
        }
        Assert.All(all, it => Assert.True((it.Booked.Status, it.Away.Status) is (201, 409) or (422, 204), $"{it.Booked.Status} {it.Away}"));
        Assert.Equal(0, await desk.Clinic.OneAsync<long>("select count(*) from appointment join patient on patient.id = appointment.patient_id where patient.deleted_at is not null"));
    }

    [Fact]
    public async Task CHT_5_Recalls_and_the_chart_have_no_place_for_who_was_put_away_and_exports_say_so()
    {
        await using var desk = await SchedulingDesk.OpenAsync();
        var patient = await desk.AdmitAsync("Wilma", "Wrongly");
        var (front, admin) = (desk.Clinic.As(ClinicRole.FrontDesk), desk.Clinic.As(ClinicRole.Admin));
        Assert.Equal(201, (await desk.SendAsync("/api/v1/recalls", new { patientId = patient, visitTypeId = desk.VisitType, dueOn = "2026-03-01" }, null, ClinicRole.FrontDesk)).Status);
        var problem = new { content = new { kind = "problem", code = new { text = "Cough" }, status = "active", verification = "confirmed" } };
        Assert.Equal(201, (await desk.SendAsync($"/api/v1/patients/{patient}/entries", problem, null, ClinicRole.Provider)).Status);
        Assert.Contains($"{patient}", await front.GetStringAsync("/api/v1/recalls"), StringComparison.Ordinal);

        Assert.Equal((204, (string?)null), await AwayAsync(front, patient, await desk.Clinic.OneAsync<int>("select version from patient where id = @id", new { id = patient.Value }), "duplicate"));

        Assert.DoesNotContain($"{patient}", await front.GetStringAsync("/api/v1/recalls"), StringComparison.Ordinal);
        Assert.Equal((404, "charts.no-such-patient"), (await desk.SendAsync($"/api/v1/patients/{patient}/entries", problem, null, ClinicRole.Provider)) is { } refused ? (refused.Status, refused.Code) : default);
        Assert.Equal(1, await desk.Clinic.OneAsync<long>("select count(*) from entry where patient_id = @id", new { id = patient.Value }));
        var line = (await admin.GetStringAsync("/api/v1/exports/patients.csv")).Split('\n').Single(it => it.Contains($"{patient}", StringComparison.Ordinal));
        Assert.Contains("duplicate", line, StringComparison.Ordinal);
    }

    private static JsonObject Ask(SchedulingDesk desk, PatientId patient, string day = "2026-03-03", string at = "10:00")
    {
        var ask = desk.Ask(day, at);
        ask["patientId"] = $"{patient}";
        return ask;
    }

    private static async Task<JsonNode> JsonAsync(HttpClient client, string path) => JsonNode.Parse(await client.GetStringAsync(path))!;   // an answer has a body

    private static async Task<int> HitsAsync(HttpClient client, string text)
    {
        using var asked = new StringContent($$"""{"text":"{{text}}"}""", null, "application/json");
        return JsonNode.Parse(await (await client.PostAsync("/api/v1/patients/search", asked)).Content.ReadAsStringAsync())!["patients"]!.AsArray().Count;
    }
}
