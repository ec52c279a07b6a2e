using System.Net;
using System.Text.Json.Nodes;
using Chartroom.Notes;
using Npgsql;

namespace Chartroom.Scribe;

public sealed class CoSignTests
{
    [Fact]
    public async Task CHT_1_A_supervised_note_waits_for_its_supervisor_is_sent_back_amended_and_co_signed_and_never_by_its_author()
    {
        await using var desk = await NotesDesk.OpenAsync();
        var (mine, supervisor, admin) = (desk.AsProvider(), desk.AsColleague(), desk.Clinic.As(ClinicRole.Admin));
        var author = desk.Desk.Provider;
        Assert.Equal(HttpStatusCode.Forbidden, (await NotesDesk.PostAsync(mine, "/settings/supervision")).StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await NotesDesk.PostAsync(admin, "/settings/supervision", null, ("people[0].staffId", $"{author}"), ("people[0].supervisorId", $"{author}"))).StatusCode);
        Assert.Equal(HttpStatusCode.SeeOther, (await NotesDesk.PostAsync(admin, "/settings/supervision", null, ("people[0].staffId", $"{author}"), ("people[0].supervisorId", $"{desk.Colleague}"))).StatusCode);

        await NotesDesk.SendAsync(mine, HttpMethod.Post, $"/api/v1/visits/{desk.Desk.Visit}/note", new { });
        var signed = await NotesDesk.SendAsync(mine, HttpMethod.Post, $"/api/v1/visits/{desk.Desk.Visit}/note/signature", new { sections = new[] { new { text = "Swollen knee" } } }, 1);
        var note = (string)signed.Body["noteId"]!;
        Assert.Contains(note, await NotesDesk.ShownAsync(supervisor, "/notes/waiting"), StringComparison.Ordinal);
        Assert.DoesNotContain(note, await NotesDesk.ShownAsync(mine, "/notes/waiting"), StringComparison.Ordinal);
        Assert.Equal((409, "scribe.not-yours-to-cosign"), await AnswerAsync(mine, note, 1, new { act = "cosign" }));
        Assert.Equal((422, "scribe.invalid-answer"), await AnswerAsync(supervisor, note, 1, new { act = "send_back" }));
        Assert.Equal((412, "platform.stale-version"), await AnswerAsync(supervisor, note, 2, new { act = "cosign" }));

        Assert.Equal((204, null), await AnswerAsync(supervisor, note, 1, new { act = "send_back", reason = "Which knee?" }));
        Assert.Equal((409, "scribe.not-yours-to-cosign"), await AnswerAsync(supervisor, note, 1, new { act = "cosign" }));   // answered once
        Assert.Contains("Which knee?", await NotesDesk.ShownAsync(mine, $"/notes/{note}"), StringComparison.Ordinal);
        Assert.Contains(note, await NotesDesk.ShownAsync(mine, "/notes/waiting"), StringComparison.Ordinal);
        Assert.Equal(200, (await NotesDesk.SendAsync(mine, HttpMethod.Post, $"/api/v1/notes/{note}/amendments", new { reason = "side", addendum = "The left one." }, 1)).Status);
        Assert.Equal((204, null), await AnswerAsync(supervisor, note, 2, new { act = "cosign" }));
        Assert.Contains("Co-signed", await NotesDesk.ShownAsync(mine, $"/notes/{note}"), StringComparison.Ordinal);
        Assert.DoesNotContain(note, await NotesDesk.ShownAsync(supervisor, "/notes/waiting"), StringComparison.Ordinal);
        Assert.Equal([(1, "sent_back"), (2, "cosigned")], await desk.Clinic.RowsAsync<(int, string)>("select version, state from cosign order by version"));

        var own = $"insert into cosign (id, note_id, version, patient_id, author_id, supervisor_id, asked_at) select gen_random_uuid(), note_id, 9, patient_id, author_id, author_id, now() from cosign limit 1";
        Assert.Equal("cosign_not_own", (await Assert.ThrowsAsync<PostgresException>(() => desk.Clinic.RowsAsync<int>(own))).ConstraintName);
        Assert.Equal("42501", (await Assert.ThrowsAsync<PostgresException>(() => desk.Clinic.RowsAsync<int>("update cosign set state = 'cosigned' where version = 1"))).SqlState);
    }

    private static async Task<(int, string?)> AnswerAsync(HttpClient client, string note, int version, object ask)
    {
        var (status, body) = await NotesDesk.SendAsync(client, HttpMethod.Post, $"/api/v1/notes/{note}/cosign", ask, version);
        return (status, (string?)body["code"]);
    }
}
