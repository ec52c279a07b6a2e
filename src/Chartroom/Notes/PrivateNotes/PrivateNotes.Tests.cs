using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Chartroom.Exports;
using Npgsql;

namespace Chartroom.Notes;

public sealed class PrivateNotesTests
{
    internal const string Words = "Quillwort: she fears her brother";

    private static async Task<string> WrittenAsync(NotesDesk desk)
    {
        var reply = await desk.Desk.SendAsync($"/api/v1/patients/{desk.Patient}/private-notes", new { text = Words }, null, ClinicRole.Provider);
        Assert.Equal(201, reply.Status);
        Assert.DoesNotContain("Quillwort", reply.Body.ToJsonString(), StringComparison.Ordinal);
        return (string)reply.Body["id"]!;
    }

    [Fact]
    public async Task CHT_2_A_private_note_is_read_by_its_author_and_on_no_other_surface_by_nobody()
    {
        await using var desk = await NotesDesk.OpenAsync();
        var (clinic, id) = (desk.Clinic, await WrittenAsync(desk));
        Assert.Contains(Words, await NotesDesk.ShownAsync(desk.AsProvider(), $"/patients/{desk.Patient}/private-notes"), StringComparison.Ordinal);
        Assert.Contains(Words, (await NotesDesk.JsonAsync(desk.AsProvider(), $"/api/v1/patients/{desk.Patient}/private-notes")).ToJsonString(), StringComparison.Ordinal);

        Assert.Empty((await NotesDesk.JsonAsync(desk.AsColleague(), $"/api/v1/patients/{desk.Patient}/private-notes")).AsArray());
        foreach (var act in new[] { "", "/put-away", "/undo", "/restore" })
            Assert.Equal(HttpStatusCode.NotFound, (await NotesDesk.PostAsync(desk.AsColleague(), $"/private-notes/{id}{act}", 1, ("text", "Theirs"))).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await desk.AsColleague().GetAsync($"/private-notes/{id}")).StatusCode);
        foreach (var role in new[] { ClinicRole.Admin, ClinicRole.FrontDesk })
            foreach (var path in new[] { $"/patients/{desk.Patient}/private-notes", $"/private-notes/{id}", $"/api/v1/patients/{desk.Patient}/private-notes" })
                Assert.Equal(HttpStatusCode.Forbidden, (await clinic.As(role).GetAsync(path)).StatusCode);

        // Charts, search, API, every file of the whole clinic, FHIR, C-CDA, the audit trail: to colleagues and administrators, and to the author too.
        var patient = $"/patients/{desk.Patient}";
        string[] charts = [patient, $"{patient}/chart", $"{patient}/chart/notes", $"{patient}/chart/history", $"/api/v1{patient}/chart", $"/api/v1{patient}/entries"];
        foreach (var client in new[] { desk.AsProvider(), desk.AsColleague(), clinic.As(ClinicRole.Admin) })
            foreach (var path in charts) Assert.DoesNotContain("Quillwort", await NotesDesk.ShownAsync(client, path), StringComparison.OrdinalIgnoreCase);
        var admin = clinic.As(ClinicRole.Admin);
        string[] files = [.. ExportSubject.All.SelectMany(it => new[] { $"/api/v1/exports/{it.Name}.json", $"/api/v1/exports/{it.Name}.csv" }), $"/api/v1{patient}/exports/ccd.xml", $"/api/v1{patient}/exports/fhir.json", "/audit", "/api/v1/audit-events"];
        foreach (var path in files) Assert.DoesNotContain("Quillwort", await admin.GetStringAsync(path), StringComparison.OrdinalIgnoreCase);
        var found = await (await desk.AsColleague().PostAsJsonAsync("/api/v1/patients/search", new { text = "Quillwort" })).Content.ReadAsStringAsync();
        Assert.DoesNotContain($"{desk.Patient}", found, StringComparison.Ordinal);
        Assert.Equal(1, await clinic.OneAsync<long>("select count(*) from audit_event where action = 'private_note.written' and outcome = 'done' and @Patient = any (patient_ids)", new { desk.Patient }));
    }

    [Fact]
    public async Task CHT_2_The_database_shows_a_private_note_to_its_authors_transaction_alone_whatever_is_asked()
    {
        await using var desk = await NotesDesk.OpenAsync();
        var clinic = desk.Clinic;
        await WrittenAsync(desk);
        var (author, colleague) = (clinic.Actor(ClinicRole.Provider).Person.Value, desk.Colleague.Value);
        Assert.Equal((1, 1), await clinic.OneAsync<(long, long)>("select (select count(*) from private_note), (select count(*) from private_note_version)"));

        foreach (var table in new[] { "private_note", "private_note_version" })
        {
            Assert.Equal([1], await SeenAsync(clinic, ClinicRole.Provider, author, table));
            Assert.Equal([0], await SeenAsync(clinic, ClinicRole.Provider, colleague, table));
            Assert.Equal([0], await clinic.RawAsync<long>(ClinicRole.Provider, $"select count(*) from {table}"));   // nobody named
            foreach (var role in new[] { ClinicRole.Admin, ClinicRole.FrontDesk, ClinicRole.Emergency })
                Assert.Equal("42501", (await Assert.ThrowsAsync<PostgresException>(() => SeenAsync(clinic, role, author, table))).SqlState);
            Assert.Equal([0], await clinic.RowsAsync<long>("select count(*) from pg_policies where schemaname = @Schema and tablename = @table and 'chartroom_owner' = any (roles)", new { clinic.Schema, table }));   // forced, so not its owner either
        }
        Assert.Equal("42501", (await Assert.ThrowsAsync<PostgresException>(() => SeenAsync(clinic, ClinicRole.System, author, "private_note"))).SqlState);
        Assert.Equal([0], await SeenAsync(clinic, ClinicRole.System, author, "private_note_version"));   // but while it rotates keys
        var forged = $"insert into private_note_version (note_id, version, patient_id, author_id, content, key_version, written_at) select id, 2, patient_id, '{colleague}', 'x', 1, now() from private_note";
        Assert.Equal("42501", (await Assert.ThrowsAsync<PostgresException>(() => AsAsync(clinic, ClinicRole.Provider, author, forged))).SqlState);   // in a colleague's name
        Assert.Equal("42501", (await Assert.ThrowsAsync<PostgresException>(() => AsAsync(clinic, ClinicRole.Provider, author, "update private_note_version set content = 'x'"))).SqlState);
        Assert.Equal("42501", (await Assert.ThrowsAsync<PostgresException>(() => AsAsync(clinic, ClinicRole.Provider, author, "delete from private_note"))).SqlState);
    }

    [Fact]
    public async Task CHT_2_Changing_a_private_note_keeps_what_it_said_and_every_step_is_taken_back()
    {
        await using var desk = await NotesDesk.OpenAsync();
        var (mine, id) = (desk.AsProvider(), await WrittenAsync(desk));
        var list = $"/patients/{desk.Patient}/private-notes";

        Assert.Equal(HttpStatusCode.SeeOther, (await NotesDesk.PostAsync(mine, $"/private-notes/{id}", 1, ("text", "Second thoughts"))).StatusCode);
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await NotesDesk.PostAsync(mine, $"/private-notes/{id}", 1, ("text", "Lost"))).StatusCode);
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await NotesDesk.PostAsync(mine, $"/private-notes/{id}", 7, ("text", "Ahead"))).StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await NotesDesk.PostAsync(mine, $"/private-notes/{id}", 2, ("text", " "))).StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await NotesDesk.PostAsync(mine, list, null, ("text", new string('x', 20_001)))).StatusCode);
        Assert.Contains(Words, await NotesDesk.ShownAsync(mine, $"/private-notes/{id}"), StringComparison.Ordinal);
        Assert.DoesNotContain(Words, await NotesDesk.ShownAsync(mine, list), StringComparison.Ordinal);

        Assert.Equal(HttpStatusCode.SeeOther, (await NotesDesk.PostAsync(mine, $"/private-notes/{id}/undo", 2)).StatusCode);
        Assert.Contains(Words, await NotesDesk.ShownAsync(mine, list), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.SeeOther, (await NotesDesk.PostAsync(mine, $"/private-notes/{id}/put-away", 3)).StatusCode);
        Assert.Contains("Put away (1)", await NotesDesk.ShownAsync(mine, list), StringComparison.Ordinal);
        Assert.Empty((await NotesDesk.JsonAsync(mine, $"/api/v1{list}")).AsArray());
        Assert.Equal(HttpStatusCode.SeeOther, (await NotesDesk.PostAsync(mine, $"/private-notes/{id}/restore", 4)).StatusCode);
        Assert.Equal(5, (int)(await NotesDesk.JsonAsync(mine, $"/api/v1{list}"))[0]!["version"]!);
        Assert.Equal([1, 2, 3, 4, 5], await desk.Clinic.RowsAsync<int>("select version from private_note_version order by version"));
    }

    private static Task<List<long>> SeenAsync(TestClinic clinic, ClinicRole role, Guid person, string table) => AsAsync(clinic, role, person, $"select count(*) from {table}");

    private static async Task<List<long>> AsAsync(TestClinic clinic, ClinicRole role, Guid person, string sql)
    {
        await using var pipe = (await clinic.The<Platform.Database.DatabaseLogins>().OpenAsync(CancellationToken.None)).AcceptAnyTextUnsafe();
        pipe.Queue("begin");
        pipe.Queue($"set local role {Platform.Tenancy.ClinicNames.Role(clinic.Id, role)}");
        pipe.Queue($"set local search_path = {clinic.Schema}, pg_temp");
        pipe.Queue($"set local app.person_id = '{person:D}'");
        return await pipe.QueryAsync<long>($"{sql} -- {Guid.CreateVersion7()}", null, CancellationToken.None);   // never prepared by itself: a refused preparation upsets Npgsql's connection
    }
}
