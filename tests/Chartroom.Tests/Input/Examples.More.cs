using System.Text.Json.Nodes;

namespace Chartroom.Input;

internal sealed partial class Examples
{
    private int weeks;

    private IEnumerable<Example> OfMore() => [.. OfSeries(), .. OfWriting(), .. OfGuarding()];

    private IEnumerable<Example> OfSeries() =>
    [
        new("POST", "/api/v1/series/plan", ClinicRole.FrontDesk, true, () => Task.FromResult(new Asked("/api/v1/series/plan", Weekly()))),
        new("POST", "/api/v1/series", ClinicRole.FrontDesk, true, () => Task.FromResult(new Asked("/api/v1/series", Weekly()))),
        OfSeries("moves/plan", series => MoveOf(series)), OfSeries("moves", series => MoveOf(series)),
        OfSeries("cancellations", series => new JsonObject { ["visitId"] = FirstOf(series), ["scope"] = "all", ["reason"] = "clinic_closed", ["by"] = "clinic" }),
        new("POST", "/api/v1/series/{id}/undo", ClinicRole.FrontDesk, true, async () =>
        {
            var series = await PostedAsync(ClinicRole.FrontDesk, "/api/v1/series", Weekly());
            var moved = await DoneAsync($"/api/v1/series/{series["id"]}/moves", MoveOf(series), 1, ClinicRole.FrontDesk);
            return new($"/api/v1/series/{series["id"]}/undo", new JsonObject { ["act"] = (string)moved["act"]! }, 2);
        }),
    ];

    private IEnumerable<Example> OfWriting() =>
    [
        new("POST", "/api/v1/visits/{id}/note", ClinicRole.Provider, true, async () => new($"/api/v1/visits/{(await VisitAsync())["id"]}/note", [])),
        OfNote("PUT", "", """{"sections":[{"text":"Knee hurts"},{"text":""},{"text":""},{"text":"Rest"}]}"""),
        OfNote("POST", "/signature", """{"sections":[{"text":"Knee hurts"},{"text":"Swollen"},{"text":""},{"text":"Rest"}]}"""),
        new("POST", "/api/v1/visits/{id}/note/copies", ClinicRole.Provider, true, async () =>
        {
            var (before, note) = ($"/api/v1/visits/{(await VisitAsync())["id"]}/note", $"/api/v1/visits/{(await VisitAsync())["id"]}/note");
            await DoneAsync(before, [], null, ClinicRole.Provider);
            await DoneAsync(before + "/signature", Json("""{"sections":[{"text":"Knee hurts"},{"text":""},{"text":""},{"text":"Rest"}]}"""), 1, ClinicRole.Provider);
            await DoneAsync(note, [], null, ClinicRole.Provider);
            return new(note + "/copies", Json("""{"headings":["Plan"]}"""), 1);
        }),
        Fresh("POST", "/api/v1/note-templates", ClinicRole.Provider, TemplateBody),
        new("PUT", "/api/v1/note-templates/{id}", ClinicRole.Provider, true, async () =>
            new($"/api/v1/note-templates/{IdOf(await PostedAsync(ClinicRole.Provider, "/api/v1/note-templates", Json(TemplateBody())))}", Json(TemplateBody()), 1)),
        new("POST", "/api/v1/notes/{id}/cosign", ClinicRole.Provider, true, async () =>
        {
            var written = $"/api/v1/visits/{(await VisitAsync())["id"]}/note";
            await DoneAsync(written, [], null, ClinicRole.Provider);
            var note = IdOf(await DoneAsync(written + "/signature", Json("""{"sections":[{"text":"Swollen knee"}]}"""), 1, ClinicRole.Provider), "noteId");
            await Clinic.RowsAsync<int>("insert into cosign (id, note_id, version, patient_id, author_id, supervisor_id, asked_at) values (gen_random_uuid(), @note, 1, @Patient, @Colleague, @Provider, now()) returning 1",
                new { note = Guid.Parse(note), desk.Patient, desk.Scheduling.Colleague, desk.Provider });
            return new($"/api/v1/notes/{note}/cosign", Json("""{"act":"send_back","reason":"Which knee?"}"""), 1);
        }),
    ];

    private IEnumerable<Example> OfGuarding() =>
    [
        new("PUT", "/api/v1/patients/{id}/restriction", ClinicRole.Admin, true, async () =>
            new($"/api/v1/patients/{await desk.Scheduling.AdmitAsync("Veiled", $"Quill {Guid.CreateVersion7():N}")}/restriction",
                Json($$"""{"team":["{{Clinic.Actor(ClinicRole.Admin).Person}}"]}"""), 0)),
        new("POST", "/api/v1/patients/{id}/break-glass", ClinicRole.FrontDesk, true, async () => new($"/api/v1/patients/{await RestrictedAsync()}/break-glass", Json(Why))),
        new("POST", "/api/v1/break-glass/{access}/review", ClinicRole.Admin, true, async () =>
        {
            var access = IdOf(await BrokenAsync());
            await DoneAsync($"/api/v1/break-glass/{access}/end", [], null, ClinicRole.FrontDesk);
            return new($"/api/v1/break-glass/{access}/review", Json("""{"isJustified":true,"note":"The patient came by ambulance"}"""));
        }),
        Fresh("POST", "/api/v1/api-clients", ClinicRole.Admin, () => $$"""{"name":"Phone system {{Guid.CreateVersion7():N}}","scopes":["clinic.read"],"days":30,"perMinute":60}"""),
        new("POST", "/api/v1/api-clients/{client}/secret", ClinicRole.Admin, true, async () => new($"/api/v1/api-clients/{IdOf(await ProgramAsync(), "clientId")}/secret",
            Json("""{"overlapHours":2}"""))),
        new("PUT", "/api/v1/clinic/policies", ClinicRole.Admin, true, async () =>
        {
            ClinicRole[] roles = [ClinicRole.Admin, ClinicRole.Provider, ClinicRole.FrontDesk];   // of more than three sessions it would end the ones that other examples use
            await Clinic.RunAsync(["update platform.session set ended_at = @now where person_id = any(@people) and token_hash <> all(@hashes) and ended_at is null"],
                new { now = Clinic.Clock.GetUtcNow(), people = roles.Select(it => Clinic.Actor(it).Person.Value).ToArray(), hashes = roles.Select(it =>
                    Platform.Identity.SessionGate.HashOf(Clinic.TokenOf(it))).ToArray() });
            return new("/api/v1/clinic/policies",
                Json("""{"passwordPolicy":"rotation","passwordLeast":13,"passwordRemembered":24,"passwordDays":80,"idleMinutes":25,"sessionHours":8,"sessionsAtOnce":3}"""),
                await Clinic.OneAsync<int>($"select policy_version from platform.clinic where id = '{Clinic.Id.Value}'"));
        }),
        new("PUT", "/api/v1/staff/{id}/role", ClinicRole.Admin, true, async () => new($"/api/v1/staff/{await HiredAsync()}/role", Json("""{"role":"provider","was":"front_desk"}"""))),
    ];

    private static string TemplateBody() => $$"""{"name":"Wound {{Guid.CreateVersion7():N}}","sections":[{"heading":"Wound","prompt":"Size, edges"}],"isActive":true}""";

    private Example OfNote(string method, string act, string body) => new(method, $"/api/v1/visits/{{id}}/note{act}", ClinicRole.Provider, true, async () =>
    {
        var note = $"/api/v1/visits/{(await VisitAsync())["id"]}/note";
        await DoneAsync(note, [], null, ClinicRole.Provider);
        return new(note + act, Json(body), 1);
    });

    private Example OfSeries(string act, Func<JsonObject, JsonObject> bodyOf) => new("POST", $"/api/v1/series/{{id}}/{act}", ClinicRole.FrontDesk, true, async () =>
    {
        var series = await PostedAsync(ClinicRole.FrontDesk, "/api/v1/series", Weekly());
        return new($"/api/v1/series/{series["id"]}/{act}", bodyOf(series), 1);
    });

    /// <summary>Three weeks of visits, past all other examples and within the five years in which visits are booked.</summary>
    private JsonObject Weekly()
    {
        var number = weeks++;
        var ask = desk.Scheduling.Ask(new DateOnly(2029, 6, 4).AddDays(number / 16 % 5 + number / 80 * 21).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture),
            $"{8 + (number % 16 / 2):00}:{number % 2 * 30:00}");
        (ask["everyWeeks"], ask["times"], ask["reason"]) = (1, 3, "Physiotherapy");
        return ask;
    }

    private static string FirstOf(JsonObject series) => (string)series["visits"]![0]!["id"]!;

    private static JsonObject MoveOf(JsonObject series) => new() { ["visitId"] = FirstOf(series), ["scope"] = "all", ["minutes"] = 25 };
}
