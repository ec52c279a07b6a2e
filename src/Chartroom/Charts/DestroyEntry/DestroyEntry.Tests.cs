using System.Net.Http.Json;
using Chartroom.Patients;
using Chartroom.Platform.Tenancy;
using Npgsql;

namespace Chartroom.Charts;

public sealed class DestroyEntryTests
{
    [Fact]
    public async Task CHT_5_An_entry_ends_for_good_by_two_people_only_and_nothing_of_it_stays()
    {
        await using var clinic = await TestClinic.OpenAsync();
        var (patient, provider, admin) = (await AdmitAsync(clinic), clinic.As(ClinicRole.Provider), clinic.As(ClinicRole.Admin));
        var added = await provider.PostAsJsonAsync($"/api/v1/patients/{patient}/entries", new { content = new { kind = "problem", code = new { text = "Gout" } } });
        var path = added.Headers.Location!.ToString();
        var entry = Guid.Parse(path[^36..], System.Globalization.CultureInfo.InvariantCulture);
        var page = $"/patients/{patient}/entries/{entry}";
        await PostAsync(provider, $"{page}/problem", ("version", "1"), ("words", "Gout of the toe"), ("status", "Active"));

        var early = await PostAsync(provider, $"{page}/destruction", ("reason", "WrongPatient"));        // it still stands in the chart
        await PostAsync(provider, $"/patients/{patient}/entries/put-away?e={entry}", ("version", "2"));
        var unasked = await PostAsync(admin, $"{page}/destruction/confirm");
        var nothing = await PostAsync(admin, $"{page}/destruction", ("reason", "because"));
        var asked = await PostAsync(admin, $"{page}/destruction", ("reason", "WrongPatient"));
        var twice = await PostAsync(provider, $"{page}/destruction", ("reason", "Legal"));
        var alone = await PostAsync(admin, $"{page}/destruction/confirm");
        var noAdmin = await PostAsync(provider, $"{page}/destruction/confirm");
        Assert.Equal([404, 404, 422, 303, 409, 409, 409], new[] { early, unasked, nothing, asked, twice, alone, noAdmin }.Select(answer => (int)answer.StatusCode));
        Assert.Equal((1L, 1L), (await CountAsync(clinic, "entry"), await CountAsync(clinic, "entry_version")));

        // Restoring withdraws what was asked; asked anew by the provider, the administrator confirms.
        Assert.Equal(303, (int)(await PostAsync(admin, $"/patients/{patient}/entries/restore?e={entry}")).StatusCode);
        Assert.Equal(0, await CountAsync(clinic, "entry_destruction"));
        await PostAsync(provider, $"/patients/{patient}/entries/put-away?e={entry}", ("version", "2"));
        await PostAsync(provider, $"{page}/destruction", ("reason", "WrongPatient"));
        Assert.Contains("Destroy this entry for good?", await admin.GetStringAsync($"/patients/{patient}/chart/history"), StringComparison.Ordinal);
        Assert.DoesNotContain("Destroy this entry for good?", await provider.GetStringAsync($"/patients/{patient}/chart/history"), StringComparison.Ordinal);
        var destroyed = await PostAsync(admin, $"{page}/destruction/confirm");

        Assert.Equal(303, (int)destroyed.StatusCode);
        Assert.Equal((0L, 0L), (await CountAsync(clinic, "entry"), await CountAsync(clinic, "entry_version")));
        Assert.Equal((clinic.Actor(ClinicRole.Provider).Person.Value, clinic.Actor(ClinicRole.Admin).Person.Value),
            await clinic.OneAsync<(Guid, Guid)>("select asked_by, confirmed_by from entry_destruction where entry_id = @entry and reason = 'wrong_patient'", new { entry }));
        Assert.Equal("entry.destroyed admin, entry.destruction-asked admin, entry.destruction-asked provider", await clinic.OneAsync<string>(
            "select string_agg(action || ' ' || role, ', ' order by action, role) from audit_event where outcome = 'done' and resource_id = @entry and action like 'entry.destr%'", new { entry }));
        Assert.Equal(404, (int)(await provider.GetAsync(path)).StatusCode);
    }

    [Fact]
    public async Task CHT_5_What_ended_for_good_does_not_come_back_with_the_next_file()
    {
        await using var clinic = await TestClinic.OpenAsync();
        var (patient, provider, admin) = (await AdmitAsync(clinic), clinic.As(ClinicRole.Provider), clinic.As(ClinicRole.Admin));
        SourcedEntry[] file = [new("Condition/1", new Entry.Problem { Code = new Concept { Text = "Gout" } }, null), new("Condition/2", new Entry.Problem { Code = new Concept { Text = "Croup" } }, null)];
        Assert.Equal([Merged.Added, Merged.Added], await MergeAsync(clinic, patient, file));
        var entry = await clinic.OneAsync<Guid>("select id from entry order by id limit 1");
        var gone = await clinic.OneAsync<long>("select source_key from entry where id = @entry", new { entry });

        await PostAsync(provider, $"/patients/{patient}/entries/put-away?e={entry}", ("version", "1"));
        await PostAsync(provider, $"/patients/{patient}/entries/{entry}/destruction", ("reason", "WrongPatient"));
        Assert.Equal(303, (int)(await PostAsync(admin, $"/patients/{patient}/entries/{entry}/destruction/confirm")).StatusCode);

        Assert.Equal([Merged.Kept, Merged.Unchanged], (await MergeAsync(clinic, patient, file)).OrderByDescending(it => it));
        Assert.Equal((1L, 0L), (await CountAsync(clinic, "entry"), await clinic.OneAsync<long>("select count(*) from entry where source_key = @gone", new { gone })));
    }

    [Fact]
    public async Task CHT_5_What_another_system_sent_is_put_away_and_restored_whatever_its_kind_and_what_was_signed_here_stays()
    {
        await using var clinic = await TestClinic.OpenAsync();
        var (patient, provider) = (await AdmitAsync(clinic), clinic.As(ClinicRole.Provider));
        var when = PartialTime.Of(new DateOnly(2026, 2, 1));
        SourcedEntry[] file =
        [
            new("Encounter/1", new Entry.Encounter { Status = EncounterStatus.Finished, Start = when }, null),
            new("Immunization/1", new Entry.Immunization { Vaccine = new() { Text = "Influenza" }, Status = ImmunizationStatus.Completed }, null),
            new("Procedure/1", new Entry.Procedure { Code = new() { Text = "Appendectomy" }, Status = ProcedureStatus.Completed }, "Encounter/1"),
            new("DiagnosticReport/1", new Entry.Report { Code = new() { Text = "Chest film" }, Status = ReportStatus.Final }, null),
            new("DocumentReference/1", new Entry.Document { Status = DocumentStatus.Current, Description = "Letter" }, null),
            new("Composition/1", new Entry.Note { Title = "Discharge note", Written = when, Sections = [new("Course", "Well.")] }, null),
        ];
        await MergeAsync(clinic, patient, file);
        var ids = await clinic.RowsAsync<Guid>("select id from entry order by array_position(array['encounter', 'immunization', 'procedure', 'report', 'document', 'note'], kind)");

        Assert.All(await Task.WhenAll(ids.Select(id => provider.GetStringAsync($"/patients/{patient}/entries/{id}"))), page => Assert.Contains("Put away", page, StringComparison.Ordinal));
        var early = await PutAwayAsync(ids[0]);   // its procedure stands in the chart
        Assert.Equal((409, "charts.has-entries"), early);
        foreach (var id in ids.AsEnumerable().Reverse()) Assert.Equal((204, null), await PutAwayAsync(id));
        Assert.Equal(6, await clinic.OneAsync<long>("select count(*) from entry where deleted_at is not null"));
        await MergeAsync(clinic, patient, file);
        Assert.Equal(6, await clinic.OneAsync<long>("select count(*) from entry where deleted_at is not null"));
        foreach (var id in ids) Assert.Equal(303, (int)(await PostAsync(provider, $"/patients/{patient}/entries/restore?e={id}")).StatusCode);
        Assert.Equal(0, await clinic.OneAsync<long>("select count(*) from entry where deleted_at is not null"));

        await clinic.RowsAsync<int>("update entry set source_key = null, content_hash = null where kind in ('note', 'encounter')");   // as if written and signed here
        Assert.Equal((409, "charts.signed-stays"), await PutAwayAsync(ids[5]));
        Assert.Equal((409, "charts.signed-stays"), await PutAwayAsync(ids[0]));
        Assert.DoesNotContain("Put away", await provider.GetStringAsync($"/patients/{patient}/entries/{ids[5]}"), StringComparison.Ordinal);
        var refused = await Assert.ThrowsAsync<PostgresException>(() =>
            clinic.RawAsync<int>(ClinicRole.Admin, $"update entry set deleted_at = now(), put_away_by = '{clinic.Actor(ClinicRole.Admin).Staff}' where kind = 'note'"));
        Assert.Equal("entry_signed_stays", refused.ConstraintName);

        async Task<(int, string?)> PutAwayAsync(Guid id)
        {
            using var request = new HttpRequestMessage(HttpMethod.Delete, $"/api/v1/patients/{patient}/entries/{id}");
            request.Headers.TryAddWithoutValidation("If-Match", "\"1\"");
            using var answer = await provider.SendAsync(request);
            var text = await answer.Content.ReadAsStringAsync();
            return ((int)answer.StatusCode, text.Length == 0 ? null : (string?)System.Text.Json.Nodes.JsonNode.Parse(text)!["code"]);
        }
    }

    private static async Task<IReadOnlyList<Merged>> MergeAsync(TestClinic clinic, PatientId patient, SourcedEntry[] file)
    {
        await using var tx = await clinic.The<TenantDb>().BeginAsync(clinic.Actor(ClinicRole.Provider), Permission.EditCharts, default);
        var key = await tx.OpenPatientAsync(patient, new("chart.read", "patient", patient.Value), default);
        var merged = await ChartMerge.MergeAsync(tx, key!, file, isNew: false, default);
        await tx.CommitAsync(default);
        return merged;
    }

    [Theory]
    [InlineData("delete from entry")]
    [InlineData("delete from entry_version")]
    [InlineData("insert into entry_destruction (entry_id, patient_id, reason, asked_by, asked_at, confirmed_by, confirmed_at) select id, patient_id, 'legal', author_id, now(), put_away_by, now() from entry")]
    [InlineData("update entry_destruction set confirmed_by = asked_by, confirmed_at = now()")]
    public async Task CHT_5_The_database_itself_lets_nobody_do_it_alone(string sql)
    {
        await using var clinic = await TestClinic.OpenAsync();
        var (patient, admin) = (await AdmitAsync(clinic), clinic.As(ClinicRole.Admin));
        var added = await admin.PostAsJsonAsync($"/api/v1/patients/{patient}/entries", new { content = new { kind = "problem", code = new { text = "Gout" } } });
        var page = $"/patients/{patient}/entries/{added.Headers.Location!.ToString()[^36..]}";
        await PostAsync(admin, $"{page}/problem", ("version", "1"), ("words", "Gout of the toe"), ("status", "Active"));
        await PostAsync(admin, $"/patients/{patient}/entries/put-away?e={page[^36..]}", ("version", "2"));
        await PostAsync(admin, $"{page}/destruction", ("reason", "Legal"));

        var refused = await Assert.ThrowsAsync<PostgresException>(() => clinic.RawAsync<int>(ClinicRole.Admin, sql));

        Assert.Contains(refused.SqlState, new[] { "42501", "23514" });   // no right, or the constraint of two people
        Assert.Equal((1L, 1L), (await CountAsync(clinic, "entry"), await CountAsync(clinic, "entry_version")));
    }

    private static Task<long> CountAsync(TestClinic clinic, string table) => clinic.OneAsync<long>($"select count(*) from {table}");

    private static async Task<PatientId> AdmitAsync(TestClinic clinic)
    {
        await using var tx = await clinic.The<TenantDb>().BeginAsync(clinic.Actor(ClinicRole.FrontDesk), Permission.EditPatients, default);
        var entered = await PatientRegister.CreateAsync(tx, new Demographics { Names = [new() { Given = ["Jo"], Family = "Lee" }] }, "patient.created", default);
        await tx.CommitAsync(default);
        return entered.Value.Id;
    }

    private static Task<HttpResponseMessage> PostAsync(HttpClient client, string path, params (string Name, string Value)[] fields) =>
        client.PostAsync(path, new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value))));
}
