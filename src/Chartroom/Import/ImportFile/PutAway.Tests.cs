using System.Net;
using System.Text.Json.Nodes;
using Chartroom.Patients;
using Chartroom.Platform.Tenancy;

namespace Chartroom.Import;

public sealed class PutAwayImportTests
{
    [Fact]
    public async Task A_file_of_who_was_put_away_makes_a_new_patient_and_leaves_the_chart_that_is_away_as_it_was()
    {
        await using var clinic = await OpenAsync();
        var old = await ImportAsync(clinic, Sample.Bundle(Sample.Visit));
        await PutAwayAsync(clinic, old.Id, 1);
        var before = await ChartOfAsync(clinic, old.Id);

        var fresh = await ImportAsync(clinic, Sample.Bundle(Sample.With("o2", "5.60", "6.10")));

        Assert.True(fresh.IsNew);
        Assert.NotEqual(old.Id, fresh.Id);
        Assert.Equal(before, await ChartOfAsync(clinic, old.Id));
        Assert.Equal(8, await clinic.OneAsync<long>("select count(*) from entry where patient_id = @id", new { id = fresh.Id.Value }));

        // One record number names one patient: whoever wants the old one back puts the new one away first, and then the file finds the old one.
        Assert.Equal((409, "patients.identifier-taken"), await BackAsync(clinic, old.Id));
        await PutAwayAsync(clinic, fresh.Id, 1);
        Assert.Equal((200, null), await BackAsync(clinic, old.Id));
        Assert.Equal(old.Id, (await ImportAsync(clinic, Sample.Bundle(Sample.Visit))).Id);
    }

    [Fact]
    public async Task Who_is_being_put_away_while_a_file_arrives_gets_nothing_of_it()
    {
        await using var clinic = await OpenAsync();
        var old = await ImportAsync(clinic, Sample.Bundle(Sample.Visit));
        var before = await ChartOfAsync(clinic, old.Id);
        Task<ImportedPatient> import;
        await using (var tx = await clinic.The<TenantDb>().BeginAsync(clinic.Actor(ClinicRole.Admin), Permission.EditPatients, default))
        {
            tx.Audit(new("patient.put-away", "patient", old.Id.Value), old.Id);
            await tx.ExecuteAsync("update patient set put_away_by = @by, put_away_reason = 'duplicate', deleted_at = @now where id = @id", new { by = clinic.Actor(ClinicRole.Admin).Staff, id = old.Id, tx.Now }, default);
            await tx.ExecuteAsync("delete from patient_identifier where patient_id = @id", new { id = old.Id }, default);
            import = ImportAsync(clinic, Sample.Bundle(Sample.With("o2", "5.60", "6.10")));
            while (!import.IsCompleted && !await tx.QueryOneOrNoneAsync<bool>("select exists (select from pg_locks where not granted and pg_backend_pid() = any(pg_blocking_pids(pid)))", null, default)) await Task.Yield();
            await tx.CommitAsync(default);
        }

        Assert.True((await import) is { IsNew: true } fresh && fresh.Id != old.Id);
        Assert.Equal(before, await ChartOfAsync(clinic, old.Id));
    }

    private static async Task<TestClinic> OpenAsync()
    {
        var clinic = await TestClinic.OpenAsync();
        await clinic.RowsAsync<int>("insert into staff (id, display_name, role) values (@staff, 'Test Admin', 'admin') on conflict do nothing", new { staff = clinic.Actor(ClinicRole.Admin).Staff.Value });
        return clinic;
    }

    private static async Task<ImportedPatient> ImportAsync(TestClinic clinic, byte[] file) =>
        (await clinic.The<ImportFileHandler>().HandleAsync(new MemoryStream(file), null, clinic.Actor(ClinicRole.Admin), default)).Value.Patients.Single();

    private static async Task PutAwayAsync(TestClinic clinic, PatientId patient, int version)
    {
        using var request = new HttpRequestMessage(HttpMethod.Delete, $"/api/v1/patients/{patient}?reason=duplicate");
        request.Headers.TryAddWithoutValidation("If-Match", $"\"{version}\"");
        Assert.Equal(HttpStatusCode.NoContent, (await clinic.As(ClinicRole.Admin).SendAsync(request)).StatusCode);
    }

    private static async Task<(int, string?)> BackAsync(TestClinic clinic, PatientId patient)
    {
        var answer = await clinic.As(ClinicRole.Admin).PostAsync($"/api/v1/patients/{patient}/restore", null);
        return ((int)answer.StatusCode, JsonNode.Parse(await answer.Content.ReadAsStringAsync()) is JsonObject body && body["code"] is { } code ? (string?)code : null);
    }

    /// <summary>All that the chart holds, and when it was last touched.</summary>
    private static Task<string> ChartOfAsync(TestClinic clinic, PatientId patient) => clinic.OneAsync<string>("""
        select concat((select seen_at from patient where id = @patient), (select string_agg(entry::text, ';' order by id) from entry where patient_id = @patient), (select count(*) from entry_version where patient_id = @patient))
        """, new { patient = patient.Value });
}
