using System.Text.Json.Nodes;
using Chartroom.Scribe;

namespace Chartroom.Input;

internal sealed partial class Examples
{
    private const string Chosen = """{"token":"not-a-token","password":"Juniper-Fjord-Amber-31"}""";

    private const string Details = """
        {"name":{"given":"Mara","middle":"Ann","family":"Quill","suffix":"Jr","nickname":"Mo","former":"Reed"},"birthDate":"1980-03-04","sex":"female",
         "contact":{"mobile":"(603) 555-0111","home":"(603) 555-0112","work":"(603) 555-0113","email":"mara@example.com"},
         "address":{"line1":"3 Harbor View","line2":"Apt 2","city":"Millbrook","state":"NH","postalCode":"03301","country":"US"},
         "emergency":{"name":"Jo Quill","relationship":"sister","phone":"(603) 555-0114"},
         "insurance":{"payer":"Granite Mutual","plan":"Silver","memberId":"GM-1","groupNumber":"G-2","subscriberName":"Mara Quill","relationship":"self"},
         "facts":{"genderIdentity":"woman","pronouns":"she/her","language":"en","socialSecurityNumber":"219-09-9999","otherRecordNumber":"R-77","interpreter":"Spanish","deskAlert":"Comes by wheelchair"}}
        """;

    private static string Place() => $$"""{"name":"Harbor {{Guid.CreateVersion7():N}}","timeZone":"America/New_York","addressLine":"3 Harbor View","city":"Millbrook","state":"NH","postalCode":"03301","phone":"(603) 555-0199"}""";
    private const string BuiltIn = """{"drafter":"BuiltIn"}""";
    private const string Problem = """{"content":{"kind":"problem","code":{"text":"Cough"},"status":"active","verification":"confirmed","comments":["since March"]}}""";

    private const string Result = """{"content":{"kind":"result","status":"final","what":{"code":{"text":"Glucose"},"value":{"amount":{"value":5.1,"unit":"mmol/L"}}},"taken":"2026-03-01"}}""";

    private IEnumerable<Example> Written() =>
        [.. OfDoors(), .. OfSetUp(), .. OfStaff(), .. OfPatients(), .. OfCodes(), .. OfVisits(), .. OfTasks(), .. OfLedger(), .. OfBooking(), .. OfNotes(), .. OfOwnNotes(), .. OfPapers(), .. OfMore()];

    private IEnumerable<Example> OfSetUp() =>
    [
        new("PUT", "/api/v1/clinic", ClinicRole.Admin, true, async () =>
            new("/api/v1/clinic", Json("""{"name":"Test Clinic","phone":"(603) 555-0198","timeZone":"America/New_York","passwordPolicy":"rotation"}"""), await VersionAsync("clinic", $"{Clinic.Id.Value}"))),
        Fixed("POST", "/api/v1/clinic/agreement", ClinicRole.Admin, """{"signedName":"Pat Moss","textHash":"0"}"""),
        Fresh("POST", "/api/v1/locations", ClinicRole.Admin, Place),
        Changed("PUT", "/api/v1/locations/{id}", "location", Place, () => PostedAsync(ClinicRole.Admin, "/api/v1/locations", Json(Place()))),
        new("POST", "/api/v1/locations/{id}/rooms", ClinicRole.Admin, true, async () => new($"/api/v1/locations/{await LocationAsync()}/rooms", RoomBody())),
        new("PUT", "/api/v1/rooms/{id}", ClinicRole.Admin, true, async () =>
        {
            var room = await PostedAsync(ClinicRole.Admin, $"/api/v1/locations/{await LocationAsync()}/rooms", RoomBody());
            return new($"/api/v1/rooms/{room["id"]}", RoomBody(), 1);
        }),
        new("POST", "/api/v1/locations/{id}/devices", ClinicRole.Admin, true, async () => new($"/api/v1/locations/{await LocationAsync()}/devices", RoomBody())),
        new("PUT", "/api/v1/devices/{id}", ClinicRole.Admin, true, async () =>
        {
            var device = await PostedAsync(ClinicRole.Admin, $"/api/v1/locations/{await LocationAsync()}/devices", RoomBody());
            return new($"/api/v1/devices/{device["id"]}", RoomBody(), 1);
        }),
        Fresh("POST", "/api/v1/visit-types", ClinicRole.Admin, TypeBody),
        Changed("PUT", "/api/v1/visit-types/{id}", "visit_type", TypeBody, () => PostedAsync(ClinicRole.Admin, "/api/v1/visit-types", Json(TypeBody()))),
        new("PUT", "/api/v1/clinic/scheduling-rules", ClinicRole.Admin, true, async () => new("/api/v1/clinic/scheduling-rules",
            Json("""{"isOnline":true,"leadMinutes":120,"horizonDays":90,"lateCancelHours":24,"holdMinutes":5,"mostUpcoming":3,"overbookRoles":["admin"],"bookingWords":"Welcome"}"""),
            await RulesVersionAsync())),
        new("PUT", "/api/v1/clinic/online-offers", ClinicRole.Admin, true, async () => new("/api/v1/clinic/online-offers",
            Json($$"""{"offers":[{"visitTypeId":"{{desk.Scheduling.VisitType}}","providerId":"{{desk.Provider}}","patientKind":"new","mode":"request"}]}"""), await RulesVersionAsync())),
        Fixed("POST", "/api/v1/closures", ClinicRole.Admin, """{"name":"Moving house","from":"2029-03-05","until":"2029-03-06","fromAt":"12:00","untilAt":"13:00"}""", isTaken: true),
        Fixed("POST", "/api/v1/closures/federal-holidays", ClinicRole.Admin, """{"year":2030,"days":["2030-07-04"]}""", isTaken: true),
        Fresh("POST", "/api/v1/clinic/cancel-reasons", ClinicRole.Admin, () => $$"""{"name":"No ride {{10_000 + Interlocked.Increment(ref reasons)}}","usedBy":"both","place":45,"isActive":false}"""),
        new("PUT", "/api/v1/clinic/cancel-reasons/{code}", ClinicRole.Admin, true, async () => new("/api/v1/clinic/cancel-reasons/clinic_closed",
            Json("""{"name":"Clinic closed","usedBy":"staff","place":30,"isActive":true}"""), await Clinic.OneAsync<int>("select version from cancel_reason where code = 'clinic_closed'"))),
        Fresh("POST", "/api/v1/time-off", ClinicRole.Admin, () => $$"""{"staffId":"{{desk.Provider}}","kind":"training","locationId":"{{LocationOfDesk}}","from":"2029-04-05","fromAt":"12:00","untilAt":"13:00"}"""),
        Fixed("POST", "/api/v1/keys/rotations", ClinicRole.Admin, """{"withPatients":false}""", isTaken: true),
    ];

    private IEnumerable<Example> OfStaff() =>
    [
        new("PUT", "/api/v1/staff/{id}", ClinicRole.Admin, true, async () =>
            new($"/api/v1/staff/{desk.Provider}", Json("""{"displayName":"Dr. Ada Hart","npi":"1234567893","color":"teal"}"""), await VersionAsync("staff", $"{desk.Provider}"))),
        new("PUT", "/api/v1/staff/{id}/hours", ClinicRole.Admin, true, async () => new($"/api/v1/staff/{desk.Provider}/hours",
            Json($$"""{"hours":[{{string.Join(',', Enumerable.Range(0, 7).Select(day => $$"""{"weekday":{{day}},"opens":"08:00","closes":"17:00","locationId":"{{LocationOfDesk}}"}"""))}}]}"""),
            await VersionAsync("hours", $"{desk.Provider}"))),
        new("POST", "/api/v1/staff/{id}/shifts", ClinicRole.Admin, true, async () => new($"/api/v1/staff/{desk.Provider}/shifts",
            Json($$"""{"from":"2029-05-07","until":"2029-05-20","hours":[{"opens":"08:00","closes":"12:00","locationId":"{{LocationOfDesk}}"}],"weekdays":[1,3]}"""), await VersionAsync("shifts", $"{desk.Provider}"))),
        Fresh("POST", "/api/v1/staff/invites", ClinicRole.Admin, () => $$"""{"name":"Robin Vale","email":"r{{Guid.CreateVersion7():N}}@example.com","role":"front_desk","npi":null}"""),
    ];

    private IEnumerable<Example> OfPatients() =>
    [
        Fresh("POST", "/api/v1/patients", ClinicRole.FrontDesk, () => $$"""{"patient":{{Details}},"confirmed":true}"""),
        Fixed("POST", "/api/v1/patients/search", ClinicRole.FrontDesk, """{"text":"Quill"}""", isTaken: true),
        new("PUT", "/api/v1/patients/{id}", ClinicRole.FrontDesk, true, async () =>
            new($"/api/v1/patients/{desk.Patient}", Json($$"""{"patient":{{Details.Replace("\"Mo\"", $"\"Mo {Interlocked.Increment(ref reasons)}\"", StringComparison.Ordinal)}}}"""), await VersionAsync("patient", $"{desk.Patient}"))),
        new("POST", "/api/v1/patients/{id}/entries", ClinicRole.Provider, true, () => Task.FromResult(new Asked($"/api/v1/patients/{desk.Patient}/entries", Json(Problem)))),
        new("PUT", "/api/v1/patients/{id}/entries/{entry}", ClinicRole.Provider, true, async () =>
        {
            var entry = await PostedAsync(ClinicRole.Provider, $"/api/v1/patients/{desk.Patient}/entries", Json(Problem));
            return new($"/api/v1/patients/{desk.Patient}/entries/{entry["id"]}", Json(Problem), 1);
        }),
        new("PUT", "/api/v1/patients/{id}/entries/{entry}/seen", ClinicRole.Provider, true, async () =>
        {
            var entry = await PostedAsync(ClinicRole.Provider, $"/api/v1/patients/{desk.Patient}/entries", Json(Result));
            return new($"/api/v1/patients/{desk.Patient}/entries/{entry["id"]}/seen", Json("""{"word":"Repeat in 3 months"}"""), 1);
        }),
    ];

    private static IEnumerable<Example> OfCodes() => [Fixed("POST", "/api/v1/codes/icd-10-cm/search", ClinicRole.Provider, """{"text":"sample ache","billableOnly":true,"limit":10}""", isTaken: true)];

    private IEnumerable<Example> OfVisits() =>
    [
        new("POST", "/api/v1/appointments", ClinicRole.FrontDesk, true, () => Task.FromResult(new Asked("/api/v1/appointments", Booking()))),
        new("POST", "/api/v1/slots/search", ClinicRole.FrontDesk, true, () => Task.FromResult(new Asked("/api/v1/slots/search",
            new JsonObject { ["visitTypeId"] = Booking()["visitTypeId"]!.DeepClone(), ["from"] = "2026-03-03", ["to"] = "2026-03-05" }))),
        new("POST", "/api/v1/slots/why-not", ClinicRole.FrontDesk, true, () => Task.FromResult(new Asked("/api/v1/slots/why-not", SlotQuestion()))),
        OfVisit("moves", () =>
        {
            var (day, at) = Slot();
            return $$"""{"day":"{{day}}","at":"{{at}}","minutes":30,"isConfirmed":true}""";
        }),
        OfVisit("cancellations", () => """{"reason":"patient_request","by":"patient"}"""),
        OfVisit("status", () => """{"status":"confirmed"}"""),
        OfVisit("reason", () => """{"reason":"A sore knee"}""", "PUT"),
    ];

    private IEnumerable<Example> OfNotes() =>
    [
        new("POST", "/api/v1/visits/{id}/transcripts", ClinicRole.Provider, true, async () =>
            new($"/api/v1/visits/{(await VisitAsync())["id"]}/transcripts", new JsonObject { ["text"] = SampleVisits.Knee, ["source"] = "Pasted" })),
        new("POST", "/api/v1/drafts/{id}/decisions", ClinicRole.Provider, true, async () => new($"/api/v1/drafts/{await DraftAsync()}/decisions",
            Json("""{"statement":1,"kind":"edited","seen":0,"text":"Knee pain for three days.","reason":"shorter","section":null,"seconds":4}"""))),
        new("POST", "/api/v1/drafts/{id}/acceptances", ClinicRole.Provider, true, async () =>
        {
            var draft = await desk.GetAsync($"/api/v1/drafts/{await DraftAsync()}", ClinicRole.Provider);
            var sound = draft["statements"]!.AsArray().First(it => !(bool)it!["isFlagged"]!)!["number"]!;
            return new($"/api/v1/drafts/{draft["id"]}/acceptances", new JsonObject { ["statements"] = new JsonArray((int)sound) });
        }),
        new("POST", "/api/v1/visits/{id}/recording-consents", ClinicRole.Provider, true, () => Task.FromResult(new Asked($"/api/v1/visits/{desk.Visit}/recording-consents",
            Json("""{"givenBy":"representative","representative":"Ada Lee","manner":"written","everyoneAgreed":true}""")))),
        new("PUT", "/api/v1/recording-rules", ClinicRole.Admin, true, async () => new("/api/v1/recording-rules", Json("""{"keepHours":12,"isLocalOn":false}"""), await Clinic.OneAsync<int>("select version from recording_rules"))),
        new("PUT", "/api/v1/seeding", ClinicRole.Admin, true, async () => new("/api/v1/seeding", Json("""{"oneIn":100}"""), await Clinic.OneAsync<int>("select version from seeding"))),
        new("POST", "/api/v1/transcripts/{id}/drafts", ClinicRole.Provider, true, async () =>
        {
            var added = await PostedAsync(ClinicRole.Provider, $"/api/v1/visits/{(await VisitAsync())["id"]}/transcripts", new JsonObject { ["text"] = SampleVisits.Knee });
            var template = await Clinic.OneAsync<Guid>("select id from note_template where name = 'DAP'");
            return new($"/api/v1/transcripts/{added["transcriptId"]}/drafts", Json($$"""{"templateId":"{{template}}","replaces":true}"""));
        }),
        new("POST", "/api/v1/transcripts/{id}/speakers", ClinicRole.Provider, true, async () =>
        {
            var added = await PostedAsync(ClinicRole.Provider, $"/api/v1/visits/{(await VisitAsync())["id"]}/transcripts", new JsonObject { ["text"] = SampleVisits.Knee });
            return new($"/api/v1/transcripts/{added["transcriptId"]}/speakers", Json("""{"clinician":"patient","patient":"doctor"}"""));
        }),
        Fixed("PUT", "/api/v1/assistant/visit-notes", ClinicRole.Admin, BuiltIn, isTaken: true), Fixed("PUT", "/api/v1/assistant/orders", ClinicRole.Admin, BuiltIn, isTaken: true),
        Fixed("PUT", "/api/v1/assistant/chart-summary", ClinicRole.Admin, BuiltIn, isTaken: true),
        new("POST", "/api/v1/drafts/{id}/discard", ClinicRole.Provider, true, async () => new($"/api/v1/drafts/{await DraftAsync()}/discard", Json("""{"reason":"Wrong visit"}"""))),
        new("POST", "/api/v1/drafts/{id}/restore", ClinicRole.Provider, true, async () =>
        {
            var draft = await DraftAsync();
            await DoneAsync($"/api/v1/drafts/{draft}/discard", new JsonObject { ["reason"] = "Wrong visit" }, null, ClinicRole.Provider);
            return new($"/api/v1/drafts/{draft}/restore", Json("{}"));
        }),
        new("POST", "/api/v1/notes/{id}/amendments", ClinicRole.Provider, true, async () =>
        {
            var note = await NoteAsync();
            return new($"/api/v1/notes/{note}/amendments", Json("""{"reason":"A word was missing","addendum":"Advised to rest the knee.","sections":null}"""), await VersionAsync("entry", note));
        }),
    ];

    private JsonObject SlotQuestion()
    {
        var ask = Booking();
        ask.Remove("patientId");
        ask.Remove("reason");
        return ask;
    }

    private static Example Fixed(string method, string template, ClinicRole? role, string body, bool isTaken = false, string? path = null) =>
        new(method, template, role, isTaken, () => Task.FromResult(new Asked(path ?? template, Json(body))));

    private static Example Fresh(string method, string template, ClinicRole? role, Func<string> body) =>
        new(method, template, role, true, () => Task.FromResult(new Asked(template, Json(body()))));

    private Example Changed(string method, string template, string table, Func<string> body, Func<Task<JsonObject>> makeAsync) => new(method, template, ClinicRole.Admin, true, async () =>
    {
        var id = (string)(await makeAsync())["id"]!;
        return new(template.Replace("{id}", id, StringComparison.Ordinal), Json(body()), await VersionAsync(table, id));
    });

    private Example OfVisit(string act, Func<string> body, string method = "POST") => new(method, $"/api/v1/appointments/{{id}}/{act}", ClinicRole.FrontDesk, true, async () =>
    {
        var visit = await VisitAsync();
        return new($"/api/v1/appointments/{visit["id"]}/{act}", Json(body()), (int)visit["version"]!);
    });

    private Task<int> RulesVersionAsync() => Clinic.OneAsync<int>("select version from scheduling_rules");

    private static string TypeBody() => $$"""{"name":"Check-up {{Guid.CreateVersion7():N}}","minutes":25,"color":"teal","bufferBefore":5,"bufferAfter":10,"alignMinutes":15,"dailyCap":8,"leadMinutes":60,"horizonDays":30}""";

    private static JsonObject RoomBody() => Json($$"""{"name":"Room {{Guid.CreateVersion7():N}}"}""");

    private async Task<string> LocationAsync() => (string)(await PostedAsync(ClinicRole.Admin, "/api/v1/locations", Json(Place())))["id"]!;

    private LocationId LocationOfDesk => desk.Scheduling.Location;

    private JsonObject Booking()
    {
        var (day, at) = Slot();
        var body = desk.Scheduling.Ask(day, at);
        body["reason"] = "Knee pain";
        return body;
    }

    /// <summary>A booked visit, past times that an example of the booking page holds.</summary>
    private async Task<JsonObject> VisitAsync()
    {
        while (true)
            if (await desk.SendAsync("/api/v1/appointments", Booking(), null, ClinicRole.FrontDesk) is var reply && reply.Code != "scheduling.slot-taken")
                return reply.Status == 201 ? reply.Body : throw new InvalidOperationException($"{reply.Status} {reply.Body}");
    }

    private async Task<string> DraftAsync() => (string)(await PostedAsync(ClinicRole.Provider, $"/api/v1/visits/{(await VisitAsync())["id"]}/transcripts",
        new JsonObject { ["text"] = SampleVisits.Knee }))["draftId"]!;

    /// <summary>What the pages of a patient, of a visit with a draft under review, and of that draft are put together from.</summary>
    public async Task<Dictionary<string, string>> PlacesAsync()
    {
        var visit = (await VisitAsync())["id"];
        var draft = await PostedAsync(ClinicRole.Provider, $"/api/v1/visits/{visit}/transcripts", new JsonObject { ["text"] = ReviewDesk.WithGaps });
        return new() { ["/patients/{id}"] = $"/patients/{desk.Patient}", ["/visits/{id}"] = $"/visits/{visit}", ["/drafts/{id}"] = $"/drafts/{draft["draftId"]}", ["/notes/{id}"] = $"/notes/{await NoteAsync()}" };
    }

    private string? signed;

    private async Task<string> NoteAsync()
    {
        if (signed is not null) return signed;
        var draft = await desk.DraftedAsync(ReviewDesk.WithGaps);
        await desk.DecideAllAsync(draft);
        return signed = (string)(await desk.SignAsync(draft)).Body["noteId"]!;
    }
}
