using System.Text.Json.Nodes;
using Chartroom.Scribe;
using Chartroom.Scribe.Hearing;

namespace Chartroom.Input;

internal sealed partial class Examples
{
    private const string Why = """{"reason":"No answer from the family and a fever of 41"}""";

    /// <summary>Operations that change something and read no JSON: the path says what, or the body is a file or a form.</summary>
    private IEnumerable<Example> OfActs() => [.. ActsOfSetUp(), .. ActsOfPeople(), .. ActsOfAccount(), .. ActsOfCalendar(), .. ActsOfChart(), .. ActsOfVisit(), .. ActsOfRecording(),
        .. ActsOfDesk(), .. ActsOfRequests()];

    private IEnumerable<Example> ActsOfSetUp() =>
    [
        Act("DELETE", "/api/v1/locations/{id}", ClinicRole.Admin, LocationAsync, 1),
        Act("DELETE", "/api/v1/rooms/{id}", ClinicRole.Admin, async () => IdOf(await PostedAsync(ClinicRole.Admin, $"/api/v1/locations/{await LocationAsync()}/rooms", RoomBody())), 1),
        Act("DELETE", "/api/v1/devices/{id}", ClinicRole.Admin, async () => IdOf(await PostedAsync(ClinicRole.Admin, $"/api/v1/locations/{await LocationAsync()}/devices", RoomBody())), 1),
        Act("DELETE", "/api/v1/visit-types/{id}", ClinicRole.Admin, async () => IdOf(await PostedAsync(ClinicRole.Admin, "/api/v1/visit-types", Json(TypeBody()))), 1),
        Act("DELETE", "/api/v1/closures/{id}", ClinicRole.Admin, async () => IdOf(await PostedAsync(ClinicRole.Admin, "/api/v1/closures", Json("""{"name":"Painting","from":"2029-03-05"}"""))), 1),
        Fixed("PUT", "/api/v1/onboarding/{step}", ClinicRole.Admin, "{}", isTaken: true, path: "/api/v1/onboarding/profile"),
        Fixed("DELETE", "/api/v1/assistant/visit-notes", ClinicRole.Admin, "{}"), Fixed("DELETE", "/api/v1/assistant/chart-summary", ClinicRole.Admin, "{}"),
        Fixed("DELETE", "/api/v1/assistant/transcription", ClinicRole.Admin, "{}"), Fixed("POST", "/api/v1/audit/log/verifications", ClinicRole.Admin, "{}", isTaken: true),
        Act("POST", "/api/v1/clinic/papers/{id}/retirement", ClinicRole.Admin, PaperAsync, 1),
        Act("POST", "/api/v1/clinic/papers/{id}/restoration", ClinicRole.Admin, async () =>
        {
            var paper = await PaperAsync();
            await DoneAsync($"/api/v1/clinic/papers/{paper}/retirement", new JsonObject(), 1, ClinicRole.Admin);
            return paper;
        }, 2),
        Act("DELETE", "/api/v1/api-clients/{client}", ClinicRole.Admin, async () => IdOf(await ProgramAsync(), "clientId")),
    ];

    private IEnumerable<Example> ActsOfPeople() =>
    [
        Act("POST", "/api/v1/staff/{id}/authenticator/reset", ClinicRole.Admin, async () => $"{await HiredAsync()}"),
        Act("DELETE", "/api/v1/staff/{id}/sessions", ClinicRole.Admin, async () => $"{await HiredAsync()}"),
        Act("DELETE", "/api/v1/staff/{id}", ClinicRole.Admin, async () => $"{await HiredAsync()}"),
        Act("DELETE", "/api/v1/staff/invites/{id}", ClinicRole.Admin, async () =>
            $"{await Clinic.OneAsync<Guid>($"select id from platform.invite where staff_id = '{IdOf(await InvitedAsync(), "staffId")}'")}"),
    ];

    private IEnumerable<Example> ActsOfCalendar() =>
    [
        new("POST", "/api/v1/appointments/{id}/undo", ClinicRole.FrontDesk, true, async () =>
        {
            var visit = await VisitAsync();
            var moved = await DoneAsync($"/api/v1/appointments/{visit["id"]}/reason", Json("""{"reason":"A sore knee"}"""), (int)visit["version"]!, ClinicRole.FrontDesk, HttpMethod.Put);
            var cancelled = await DoneAsync($"/api/v1/appointments/{visit["id"]}/cancellations", Json("""{"reason":"patient_request","by":"patient"}"""),
                (int)(moved["version"] ?? (int)visit["version"]! + 1)!, ClinicRole.FrontDesk);
            return new($"/api/v1/appointments/{visit["id"]}/undo", [], (int)cancelled["version"]!);
        }),
        Act("DELETE", "/api/v1/time-off/{id}", ClinicRole.Admin, async () =>
            IdOf(await PostedAsync(ClinicRole.Admin, "/api/v1/time-off", Json($$"""{"staffId":"{{desk.Provider}}","kind":"training","locationId":"{{LocationOfDesk}}","from":"2029-04-05"}"""))),
                1),
        new("POST", "/api/v1/staff/{id}/shifts/undo", ClinicRole.Admin, true, async () =>
        {
            await DoneAsync($"/api/v1/staff/{desk.Provider}/shifts",
                Json($$"""{"from":"2029-05-07","until":"2029-05-20","hours":[{"opens":"08:00","closes":"12:00","locationId":"{{LocationOfDesk}}"}],"weekdays":[1,3]}"""),
                await VersionAsync("shifts", $"{desk.Provider}"), ClinicRole.Admin);
            return new($"/api/v1/staff/{desk.Provider}/shifts/undo", [], await VersionAsync("shifts", $"{desk.Provider}"));
        }),
    ];

    private IEnumerable<Example> ActsOfChart() =>
    [
        new("DELETE", "/api/v1/patients/{id}/entries/{entry}", ClinicRole.Provider, true, async () => new($"/api/v1/patients/{desk.Patient}/entries/{await EntryAsync()}", [], 1)),
        new("POST", "/api/v1/patients/{id}/entries/{entry}/restore", ClinicRole.Provider, true, async () =>
        {
            var entry = $"/api/v1/patients/{desk.Patient}/entries/{await EntryAsync()}";
            await DoneAsync(entry, [], 1, ClinicRole.Provider, HttpMethod.Delete);
            return new(entry + "/restore", [], 2);
        }),
        new("DELETE", "/api/v1/patients/{id}/entries/{entry}/seen", ClinicRole.Provider, true, async () =>
        {
            var result = await PostedAsync(ClinicRole.Provider, $"/api/v1/patients/{desk.Patient}/entries", Json(Result));
            await DoneAsync($"/api/v1/patients/{desk.Patient}/entries/{result["id"]}/seen", Json("""{"word":"Repeat in 3 months"}"""), 1, ClinicRole.Provider, HttpMethod.Put);
            return new($"/api/v1/patients/{desk.Patient}/entries/{result["id"]}/seen", [], 1);
        }),
        Favourite("PUT"), Favourite("DELETE"),
        new("DELETE", "/api/v1/patients/{id}", ClinicRole.FrontDesk, true, async () =>
        {
            var patient = await desk.Scheduling.AdmitAsync("Away", $"Quill {Guid.CreateVersion7():N}");
            return new($"/api/v1/patients/{patient}?reason=entered_by_mistake", [], await VersionAsync("patient", $"{patient}"));
        }),
        new("POST", "/api/v1/patients/{id}/restore", ClinicRole.Admin, true, async () =>
        {
            var patient = await desk.Scheduling.AdmitAsync("Back", $"Quill {Guid.CreateVersion7():N}");
            await DoneAsync($"/api/v1/patients/{patient}?reason=entered_by_mistake", [], await VersionAsync("patient", $"{patient}"), ClinicRole.FrontDesk, HttpMethod.Delete);
            return new($"/api/v1/patients/{patient}/restore", [], await VersionAsync("patient", $"{patient}"));
        }),
        new("DELETE", "/api/v1/patients/{id}/restriction", ClinicRole.Admin, true, async () =>
        {
            var patient = await RestrictedAsync();
            return new($"/api/v1/patients/{patient}/restriction", [], await Clinic.OneAsync<int>($"select version from chart_restriction where patient_id = '{patient}'"));
        }),
        Act("POST", "/api/v1/break-glass/{access}/end", ClinicRole.FrontDesk, async () => IdOf(await BrokenAsync())),
        new("POST", "/api/v1/imports", ClinicRole.Provider, true, () => Task.FromResult(new Asked("/api/v1/imports", [], null, System.Text.Encoding.UTF8.GetBytes(
            $$$"""{"resourceType":"Bundle","type":"collection","entry":[{"fullUrl":"urn:uuid:{{{Guid.CreateVersion7()}}}","resource":{"resourceType":"Patient","name":[{"family":"Quill {{{Guid.CreateVersion7():N}}}","given":["Ada"]}]}}]}"""),
            "application/fhir+json"))),
        new("POST", "/api/v1/patients/{id}/summaries", ClinicRole.Provider, true, async () =>
        {
            await DoneAsync("/api/v1/assistant/chart-summary", Json(BuiltIn), null, ClinicRole.Admin, HttpMethod.Put);
            var patient = await desk.Scheduling.AdmitAsync("Summed", $"Quill {Guid.CreateVersion7():N}");
            await PostedAsync(ClinicRole.Provider, $"/api/v1/patients/{patient}/entries", Json(Problem));
            return new($"/api/v1/patients/{patient}/summaries", []);
        }),
    ];

    private IEnumerable<Example> ActsOfVisit() =>
    [
        new("POST", "/api/v1/drafts/{id}/signature", ClinicRole.Provider, true, async () =>
        {
            var draft = await desk.GetAsync($"/api/v1/drafts/{await DraftAsync()}", ClinicRole.Provider);
            await desk.DecideAllAsync(draft);
            return new($"/api/v1/drafts/{draft["id"]}/signature", [], await VersionAsync("draft", (string)draft["id"]!));
        }),
        new("POST", "/api/v1/transcripts/{id}/drafts", ClinicRole.Provider, true, async () =>
        {
            await DoneAsync("/api/v1/assistant/visit-notes", Json(BuiltIn), null, ClinicRole.Admin, HttpMethod.Put);
            var draft = await desk.GetAsync($"/api/v1/drafts/{await DraftAsync()}", ClinicRole.Provider);
            await DoneAsync($"/api/v1/drafts/{draft["id"]}/discard", Json("""{"reason":"Wrong visit"}"""), null, ClinicRole.Provider);
            return new($"/api/v1/transcripts/{draft["transcriptId"]}/drafts", []);
        }),
        new("POST", "/api/v1/drafts/{id}/placement", ClinicRole.Provider, true, async () =>
        {
            await DoneAsync("/api/v1/assistant/orders", Json(BuiltIn), null, ClinicRole.Admin, HttpMethod.Put);
            var visit = (await VisitAsync())["id"];
            await PostedAsync(ClinicRole.Provider, $"/api/v1/visits/{visit}/transcripts", new JsonObject { ["text"] = SampleVisits.Knee });
            var orders = await desk.GetAsync($"/api/v1/drafts/{await Clinic.OneAsync<Guid>($"select id from draft where appointment_id = '{visit}' and kind = 'orders'")}", ClinicRole.Provider);
            await desk.DecideAllAsync(orders);
            return new($"/api/v1/drafts/{orders["id"]}/placement", [], await VersionAsync("draft", (string)orders["id"]!));
        }),
        OfOrder("done"), OfOrder("cancellation"), OfOrder("reopening"),
    ];

    private IEnumerable<Example> ActsOfRecording() =>
    [
        new("POST", "/api/v1/visits/{id}/recordings", ClinicRole.Provider, true, async () => new($"/api/v1/visits/{await ConsentedAsync()}/recordings", [], null, SampleAudio.Bursts(1))),
        new("POST", "/api/v1/visits/{id}/recordings/begin", ClinicRole.Provider, true, async () => new($"/api/v1/visits/{await ConsentedAsync()}/recordings/begin", [])),
        new("POST", "/api/v1/recordings/{id}/parts/{part}/pieces/{number}", ClinicRole.Provider, true, async () =>
            new($"/api/v1/recordings/{await BegunAsync()}/parts/1/pieces/0", [], null, SampleAudio.Bursts(1)[..4000])),
        new("POST", "/api/v1/recordings/{id}/end", ClinicRole.Provider, true, async () =>
        {
            var recording = await BegunAsync();
            Assert.Equal((204, null), await RecordingTests.SendAsync(desk, HttpMethod.Post, $"/api/v1/recordings/{recording}/parts/1/pieces/0", SampleAudio.Bursts(1)));
            return new($"/api/v1/recordings/{recording}/end", []);
        }),
        new("POST", "/api/v1/recordings/{id}/attempts", ClinicRole.Provider, true, async () =>
        {
            var recording = await BegunAsync();
            Assert.Equal((204, null), await RecordingTests.SendAsync(desk, HttpMethod.Post, $"/api/v1/recordings/{recording}/parts/1/pieces/0", SampleAudio.Bursts(1)));
            await DoneAsync($"/api/v1/recordings/{recording}/end", [], null, ClinicRole.Provider);
            await Clinic.RunAsync([$"update {Clinic.Schema}.recording set state = 'failed', failed_with = 'hearing_failed' where id = @recording"], new { recording });
            return new($"/api/v1/recordings/{recording}/attempts", []);
        }),
        new("POST", "/api/v1/recordings/{id}/loss-seen", ClinicRole.Provider, true, async () =>
        {
            var recording = await BegunAsync();
            await Clinic.RunAsync(["set session_replication_role = replica",
                $"update {Clinic.Schema}.recording set created_at = created_at - interval '24 hours', keep_until = keep_until - interval '24 hours' where id = '{recording}'"]);
            Assert.Equal(1, await Clinic.The<RecordingKeeper>().SweepAsync(Clinic.Id, default));
            return new($"/api/v1/recordings/{recording}/loss-seen", []);
        }),
        new("DELETE", "/api/v1/recordings/{id}", ClinicRole.Provider, true, async () => new($"/api/v1/recordings/{await BegunAsync()}", [])),
        new("DELETE", "/api/v1/visits/{id}/recording-consents", ClinicRole.Provider, true, async () => new($"/api/v1/visits/{await ConsentedAsync()}/recording-consents", [])),
    ];

    private IEnumerable<Example> ActsOfDesk() =>
    [
        OfTask("done"), OfTask("cancellation"), OfTask("reopening"),
        new("POST", "/api/v1/paper-receipts/{id}/taking-back", ClinicRole.FrontDesk, true, async () =>
        {
            await ListedAsync(Once, "once");
            await Clinic.RunAsync([$"set search_path = {Clinic.Schema}", "set session_replication_role = replica", $"delete from paper_receipt where paper_id = '{Once}'"]);
            await DoneAsync($"/api/v1/patients/{desk.Patient}/papers/receipts", Json($$"""{"paperIds":["{{Once}}"],"how":"signed","receivedOn":"2026-03-01"}"""), null, ClinicRole.FrontDesk);
            return new($"/api/v1/paper-receipts/{await Clinic.OneAsync<Guid>($"select id from paper_receipt where paper_id = '{Once}'")}/taking-back", []);
        }),
    ];

    private Example Favourite(string method) => new(method, "/api/v1/codes/icd-10-cm/favourites/{code}", ClinicRole.Provider, true, async () =>
    {
        if (await Clinic.OneAsync<long>("select count(*) from platform.icd10_code") == 0) await Codes.CodesTests.LoadAsync(Clinic);
        await Clinic.RunAsync([$"delete from {Clinic.Schema}.code_favourite"]);
        if (method == "DELETE") await DoneAsync("/api/v1/codes/icd-10-cm/favourites/X10.1", [], null, ClinicRole.Provider, HttpMethod.Put);
        return new("/api/v1/codes/icd-10-cm/favourites/X10.1", []);
    });

    private Example OfOrder(string act) => new("POST", $"/api/v1/orders/{{id}}/{act}", ClinicRole.Provider, true, async () =>
    {
        var order = await PostedAsync(ClinicRole.Provider, $"/api/v1/visits/{(await VisitAsync())["id"]}/orders",
            Json($$"""{"kind":"test","words":"Blood count {{Interlocked.Increment(ref reasons)}}","purpose":"tiredness","despite":null}"""));
        if (act == "reopening") await DoneAsync($"/api/v1/orders/{order["id"]}/done", [], 1, ClinicRole.Provider);
        return new($"/api/v1/orders/{order["id"]}/{act}", [], act == "reopening" ? 2 : 1);
    });

    private Example OfTask(string act) => new("POST", $"/api/v1/tasks/{{id}}/{act}", ClinicRole.FrontDesk, true, async () =>
    {
        var body = TaskBody();
        body.Remove("repeatEvery");
        body.Remove("repeatUnit");
        var task = await PostedAsync(ClinicRole.FrontDesk, "/api/v1/tasks", body);
        if (act == "reopening") await DoneAsync($"/api/v1/tasks/{task["id"]}/done", [], 1, ClinicRole.FrontDesk);
        return new($"/api/v1/tasks/{task["id"]}/{act}", [], act == "reopening" ? 2 : 1);
    });

    /// <summary>An act on what was just made, whose id is all that its path says.</summary>
    private static Example Act(string method, string template, ClinicRole role, Func<Task<string>> makeAsync, int? version = null) => new(method, template, role, true, async () =>
        new(System.Text.RegularExpressions.Regex.Replace(template, @"\{[^}]*\}", await makeAsync()), [], version));

    private static string IdOf(JsonObject made, string name = "id") => (string)made[name]!;

    /// <summary>What comes before an act.</summary>
    private async Task<JsonObject> DoneAsync(string path, JsonObject body, int? version, ClinicRole role, HttpMethod? method = null)
    {
        var (status, text) = await SendAsync(new((method ?? HttpMethod.Post).Method, path, role, true, () => throw new NotSupportedException()), new(path, body, version));
        Assert.True(status < 300, $"{path}: {status} {text}");
        return text.Length > 0 ? Json(text) : [];
    }

    private async Task<string> EntryAsync() => IdOf(await PostedAsync(ClinicRole.Provider, $"/api/v1/patients/{desk.Patient}/entries", Json(Problem)));

    private async Task<string> PaperAsync() => IdOf(await PostedAsync(ClinicRole.Admin, "/api/v1/clinic/papers", Json(PaperOf($"Consent {Guid.CreateVersion7():N}"))));

    private Task<JsonObject> InvitedAsync() => PostedAsync(ClinicRole.Admin, "/api/v1/staff/invites",
        Json($$"""{"name":"Robin Vale","email":"r{{Guid.CreateVersion7():N}}@example.com","role":"front_desk","npi":null}"""));

    private Task<JsonObject> ProgramAsync() => PostedAsync(ClinicRole.Admin, "/api/v1/api-clients",
        Json($$"""{"name":"Phone system {{Guid.CreateVersion7():N}}","scopes":["clinic.read"],"days":30}"""));

    /// <summary>A patient whose chart is the administrator's alone.</summary>
    private async Task<Guid> RestrictedAsync()
    {
        var patient = await desk.Scheduling.AdmitAsync("Veiled", $"Quill {Guid.CreateVersion7():N}");
        await DoneAsync($"/api/v1/patients/{patient}/restriction", Json($$"""{"team":["{{Clinic.Actor(ClinicRole.Admin).Person}}"]}"""), 0, ClinicRole.Admin, HttpMethod.Put);
        return patient.Value;
    }

    private async Task<JsonObject> BrokenAsync() => await PostedAsync(ClinicRole.FrontDesk, $"/api/v1/patients/{await RestrictedAsync()}/break-glass", Json(Why));

    /// <summary>A visit at which everybody agreed to be recorded.</summary>
    private async Task<string> ConsentedAsync()
    {
        await RecordingTests.TakesRecordingsAsync(Clinic);
        var visit = (string)(await VisitAsync())["id"]!;
        await DoneAsync($"/api/v1/visits/{visit}/recording-consents", Json("""{"givenBy":"patient","manner":"spoken","everyoneAgreed":true}"""), null, ClinicRole.Provider);
        return visit;
    }

    private async Task<Guid> BegunAsync()
    {
        var visit = await ConsentedAsync();
        await DoneAsync($"/api/v1/visits/{visit}/recordings/begin", [], null, ClinicRole.Provider);
        return await Clinic.OneAsync<Guid>($"select id from recording where appointment_id = '{visit}'");
    }

    /// <summary>Somebody at the front desk with a session, to be changed or let go.</summary>
    private async Task<Guid> HiredAsync()
    {
        var (id, now) = (PersonId.New(), Clinic.Clock.GetUtcNow());
        await Clinic.RunAsync(["insert into platform.person (id, email, name, email_verified_at) values (@person, @email, 'Robin Vale', now())",
            "insert into platform.membership (clinic_id, person_id, role, mirrored_at) values (@clinic, @person, 'front_desk', now())",
            $"insert into {Clinic.Schema}.staff (id, display_name, role, has_account) values (@person, 'Robin Vale', 'front_desk', true)",
            """
            insert into platform.session (id, token_hash, person_id, clinic_id, is_mfa_done, created_at, last_seen_at, expires_at)
            values (gen_random_uuid(), sha256(convert_to(@email, 'UTF8')), @person, @clinic, true, @now, @now, @until)
            """], new { person = id.Value, email = $"{id.Value:N}@test.example", clinic = Clinic.Id.Value, now, until = now.AddHours(8) });
        await using var tx = await Clinic.The<Platform.Tenancy.PlatformDb>().BeginAsync(Origin.Job("test"), CancellationToken.None);
        await Clinic.The<Accounts.Credentials>().CreateAsync(tx, id, "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHQ$RdescudvJCsgt3ub+b27Fg", CancellationToken.None);
        tx.Audit(new("test.credentials-made", "clinic", Clinic.Id.Value), id, Clinic.Id);
        await tx.CommitAsync(CancellationToken.None);
        return id.Value;
    }
}
