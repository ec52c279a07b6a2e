using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Chartroom.Charts;
using Chartroom.Patients;
using Chartroom.Platform.Tenancy;
using Chartroom.Scribe;
using Chartroom.Shell;

namespace Chartroom.Exports;

/// <summary>That an export is everything: held against the data register, the database, and an empty clinic.</summary>
public sealed class WholeExportTests
{
    private static readonly JsonSerializerOptions AsExported = new(JsonSerializerDefaults.Web)
    {
        Converters = { new System.Text.Json.Serialization.JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    [Fact]
    public void PRV_2_Every_table_that_the_register_wants_exported_is_in_a_file_or_named_with_its_reason()
    {
        var wanted = DataRegister.Rows.Where(row => row.Export != ExportRule.Never).Select(row => row.Table).Order();
        var given = ExportSubject.All.SelectMany(subject => subject.Tables).Concat(ExportSubject.Exceptions.Keys).Order();

        Assert.Equal(wanted, given);
        Assert.All(ExportSubject.Exceptions.Values, reason => Assert.EndsWith(".", reason, StringComparison.Ordinal));
        Assert.Equal(ExportSubject.All.Count, ExportSubject.All.Select(subject => subject.Name).Distinct().Count());
    }

    [Fact]
    public async Task PRV_2_Each_file_holds_as_many_rows_as_its_table_and_the_sealed_words_in_clear()
    {
        await using var desk = await SignedAndAmendedAsync();
        using var admin = desk.Clinic.As(ClinicRole.Admin);
        var empty = new List<string>();
        Assert.Equal(HttpStatusCode.Created, (await admin.PostAsJsonAsync("/api/v1/api-clients", new { name = "Phone system", scopes = new[] { "clinic.read" }, days = 30 })).StatusCode);

        foreach (var subject in ExportSubject.All.Where(subject => subject != ExportSubject.Audit))
        {
            var rows = JsonDocument.Parse(await admin.GetStringAsync($"/api/v1/exports/{subject.Name}.json")).RootElement.GetArrayLength();
            var csv = await admin.GetStringAsync($"/api/v1/exports/{subject.Name}.csv");
            var table = subject.Tables[0];
            var kept = await desk.Clinic.OneAsync<long>($"select count(*) from {table}{(table == "platform.clinic" ? " where id = @clinic" : table.StartsWith("platform.", StringComparison.Ordinal) ? " where clinic_id = @clinic" : "")}",
                new { clinic = desk.Clinic.Id.Value });
            Assert.Equal((table, kept), (table, rows));
            Assert.DoesNotMatch("(?i)key_?version|tokenHash|token_hash|\\\\\\\\x[0-9a-f]{80}", csv);
            if (rows == 0) empty.Add(table);
        }

        Assert.Equal(["platform.agreement", "platform.invite"], empty.Except(["weekly_hours", "platform.membership", "appointment_series", "device", "visit_type_room", "visit_type_device", "online_offer", "closure", "time_off", "shift", "shift_change"]).Order());   // the test clinic has none; every other file was seen with rows
        Assert.Contains("three weeks ago", await admin.GetStringAsync("/api/v1/exports/transcript.json"), StringComparison.Ordinal);
        Assert.Contains("citations", await admin.GetStringAsync("/api/v1/exports/draft.json"), StringComparison.Ordinal);
        Assert.Contains("not relevant", await admin.GetStringAsync("/api/v1/exports/decision.csv"), StringComparison.Ordinal);
        Assert.Contains("\"kind\":\"note\"", await admin.GetStringAsync("/api/v1/exports/entry-version.json"), StringComparison.Ordinal);
        Assert.Contains("Before", await admin.GetStringAsync("/api/v1/exports/patient-version.json"), StringComparison.Ordinal);
        Assert.NotEqual(0, await desk.Clinic.OneAsync<long>("select count(*) from audit_event where action = 'table.exported' and cardinality(patient_ids) = 1"));
    }

    [Fact]
    public async Task PRV_2_A_location_named_as_a_formula_leaves_as_text_and_nobody_but_admins_takes_a_table()
    {
        await using var desk = await ReviewDesk.OpenAsync();
        await desk.Clinic.RowsAsync<int>("update location set name = '=HYPERLINK(1)' returning 1");
        using var admin = desk.Clinic.As(ClinicRole.Admin);
        using var provider = desk.Clinic.As(ClinicRole.Provider);

        Assert.Contains(",'=HYPERLINK(1),", await admin.GetStringAsync("/api/v1/exports/location.csv"), StringComparison.Ordinal);
        foreach (var subject in ExportSubject.All)
            Assert.Equal(HttpStatusCode.Forbidden, (await provider.GetAsync($"/api/v1/exports/{subject.Name}.json")).StatusCode);
    }

    /// <summary>There is no importer for these files in the program (it takes FHIR R4): the test writes them through the same contracts, so what is proved is that
    /// the file holds all that a chart is.</summary>
    [Fact]
    public async Task PRV_2_Patients_and_their_charts_written_from_the_file_into_an_empty_clinic_are_equal()
    {
        await using var desk = await SignedAndAmendedAsync();
        var before = JsonNode.Parse(await desk.Clinic.As(ClinicRole.Admin).GetStringAsync("/api/v1/exports/patients.json"))!.AsArray();
        await using var fresh = await TestClinic.OpenAsync();

        foreach (var patient in before) await EnterAsync(fresh, patient!);

        var after = JsonNode.Parse(await fresh.As(ClinicRole.Admin).GetStringAsync("/api/v1/exports/patients.json"))!.AsArray();
        Assert.Equal(before.Count, after.Count);
        foreach (var (one, other) in before.Zip(after))
        {
            Assert.True(JsonNode.DeepEquals(one!["demographics"], other!["demographics"]), other["demographics"]!.ToJsonString());
            Assert.Equal(ContentsOf(one), ContentsOf(other));
            Assert.NotEmpty(ContentsOf(other));
        }
    }

    private static List<string> ContentsOf(JsonNode patient) =>
        [.. patient["entries"]!.AsArray().Select(entry => $"{entry!["id"]} {entry["kind"]} {entry["encounterId"]} {entry["effectiveAt"]} {entry["state"]} {entry["content"]!.ToJsonString()}").Order()];

    private static async Task EnterAsync(TestClinic clinic, JsonNode patient)
    {
        await using var tx = await clinic.The<TenantDb>().BeginAsync(clinic.Actor(ClinicRole.Provider), Permission.EditPatients, default);
        var entered = await PatientRegister.CreateAsync(tx, patient["demographics"].Deserialize<Demographics>(AsExported)!, "patient.created", default);
        var key = await tx.OpenPatientAsync(entered.Value.Id, new("record.imported", "entry"), default);
        foreach (var entry in patient["entries"]!.AsArray().OrderBy(it => it!["encounterId"] is null ? 0 : 1))
            ChartBook.Add(tx, key!, new(new((Guid)entry!["id"]!), entered.Value.Id, entry["content"].Deserialize<Entry>(ChartJson.Compact)!) { Encounter = entry["encounterId"] is { } id ? new((Guid)id) : null });
        await tx.CommitAsync(default);
    }

    /// <summary>A visit whose note was reviewed, signed and amended, of a patient whose demographics were changed.</summary>
    internal static async Task<ReviewDesk> SignedAndAmendedAsync()
    {
        var desk = await ReviewDesk.OpenAsync();
        await desk.PlantAsync();
        var draft = await desk.DraftedAsync(SampleVisits.Knee);
        await desk.DecideAllAsync(draft);
        await desk.DecideAsync(draft, 2, "rejected", await desk.Clinic.OneAsync<int>("select count(*)::int from decision where statement = 2"), reason: "not relevant");
        await desk.Clinic.RowsAsync<int>("insert into supervision (staff_id, supervisor_id, changed_at) values (@Provider, @Colleague, now())", new { desk.Provider, desk.Scheduling.Colleague });
        var note = (await desk.SignAsync(draft)).Body["noteId"];
        Assert.Equal(200, (await desk.SendAsync($"/api/v1/notes/{note}/amendments", new { reason = "forgot", addendum = "Brace given." }, 1, ClinicRole.Provider)).Status);
        await using var tx = await desk.Clinic.The<TenantDb>().BeginAsync(desk.Clinic.Actor(ClinicRole.FrontDesk), Permission.EditPatients, default);
        foreach (var family in new[] { "Before", "Lee" })
        {
            var patient = await PatientRegister.ReadAsync(tx, desk.Patient, new("patient.read", "patient"), default);
            await PatientRegister.ReplaceAsync(tx, patient!, patient!.Demographics with { Names = [new() { Given = ["Jo"], Family = family }] }, default);
        }
        await tx.CommitAsync(default);
        Assert.Equal(201, (await desk.SendAsync($"/api/v1/visits/{desk.Visit}/orders", new { kind = "test", words = "Complete blood count" }, null, ClinicRole.Provider)).Status);
        var result = JsonNode.Parse("""{"isSeen":true,"content":{"kind":"result","status":"final","what":{"code":{"text":"Glucose"},"value":{"amount":{"value":5.1,"unit":"mmol/L"}}},"taken":"2026-03-01"}}""")!;
        Assert.Equal(201, (await desk.SendAsync($"/api/v1/patients/{desk.Patient}/entries", result, null, ClinicRole.Provider)).Status);
        Assert.Equal(201, (await desk.SendAsync($"/api/v1/patients/{desk.Patient}/private-notes", new { text = Notes.PrivateNotesTests.Words }, null, ClinicRole.Provider)).Status);
        var supervisor = new Actor(desk.Clinic.Id, new(desk.Scheduling.Colleague.Value), ClinicRole.Provider, Origin.Job("api"));
        Assert.True((await desk.Clinic.The<CosignHandler>().HandleAsync(new((Guid)note!), 2, new("send_back", "Which knee?"), supervisor, default)).IsOk);
        await Notes.NotesDesk.FillAsync(desk);
        await Tasks.TasksTests.FillAsync(desk.Clinic, desk.Patient);
        await Paperwork.PaperworkTests.FillAsync(desk.Scheduling);
        await Ledger.LedgerTests.FillAsync(desk.Clinic, desk.Patient);
        await Assist.ModelDouble.FillAsync(desk.Clinic);
        await RecordingTests.FillAsync(desk);
        await BreakGlass.BreakGlassTests.RestrictAndReviewAsync(desk.Clinic, desk.Patient.Value);   // an administrator's export leaves out no restricted chart
        return desk;
    }
}
