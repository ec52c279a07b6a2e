using System.Text.Json.Nodes;
using Chartroom.Journeys;
using Chartroom.Notes;
using Microsoft.Playwright;
using Npgsql;

namespace Chartroom.Scribe;

/// <summary>What becomes of a recording whose page was closed in the middle of it.</summary>
public sealed class OpenRecordingsTests(Browser browser) : IClassFixture<Browser>
{
    [Fact]
    public async Task CHT_3_A_recording_that_was_never_finished_stands_in_the_list_of_who_began_it_and_its_loss_is_told_until_they_have_seen_it()
    {
        await using var notes = await NotesDesk.OpenAsync();
        var (desk, mine, colleague) = (notes.Desk, notes.AsProvider(), notes.AsColleague());
        var id = await BeginAsync(desk);
        Assert.Equal(("recording", desk.Visit.ToString(), 4000), (await ListAsync(mine, "recordings"))[0] is var it ? ((string)it!["state"]!, (string)it["visitId"]!, (int)it["sizeBytes"]!) : default);
        Assert.Empty(await ListAsync(colleague, "recordings"));
        Assert.Contains($"/visits/{desk.Visit}#recording-status", await NotesDesk.ShownAsync(mine, "/notes/waiting"), StringComparison.Ordinal);
        Assert.DoesNotContain("Nothing is open", await NotesDesk.ShownAsync(mine, "/notes/waiting"), StringComparison.Ordinal);
        await NotesDesk.SendAsync(mine, HttpMethod.Post, $"/api/v1/visits/{desk.Visit}/note", new { });   // by hand meanwhile: the visit's page still leads on
        var visit = await NotesDesk.ShownAsync(mine, $"/visits/{desk.Visit}");
        foreach (var way in new[] { $"/visits/{desk.Visit}/recorder", $"/recordings/{id}/end", $"/recordings/{id}/destruction" }) Assert.Contains(way, visit, StringComparison.Ordinal);
        Assert.Equal(404, (await SeenAsync(mine, id)).Status);   // it is not lost

        await LoseAsync(desk);

        Assert.Empty(await ListAsync(mine, "recordings"));
        Assert.Equal((id.ToString(), false), (await ListAsync(mine, "lost"))[0] is var lost ? ((string)lost!["id"]!, (bool)lost["wasFinished"]!) : default);
        Assert.Contains("Begun and never finished", await NotesDesk.ShownAsync(mine, "/notes/waiting"), StringComparison.Ordinal);
        Assert.Empty(await ListAsync(colleague, "lost"));
        Assert.Equal(404, (await SeenAsync(colleague, id)).Status);
        Assert.Single(await ListAsync(mine, "lost"));
        Assert.Equal((204, 204), ((await SeenAsync(mine, id)).Status, (await SeenAsync(mine, id)).Status));
        Assert.Empty(await ListAsync(mine, "lost"));
        Assert.Equal(2L, await desk.Clinic.OneAsync<long>("select count(*) from audit_event where action = 'recording.loss-seen' and outcome = 'done' and patient_ids = array[@Patient]", new { Patient = desk.Patient.Value }));
        Assert.Contains("was never finished. Nothing can be drafted from it.", await NotesDesk.ShownAsync(mine, $"/visits/{desk.Visit}"), StringComparison.Ordinal);   // for good

        foreach (var change in new[] { "loss_seen_at = null", "loss_seen_at = loss_seen_at + interval '1 second'", "size_bytes = 1", "destroyed_why = 'discarded'" })
            await Assert.ThrowsAsync<PostgresException>(() => desk.Clinic.RunAsync([$"set search_path = {desk.Clinic.Schema}", $"update recording set {change}"]));
    }

    [Fact]
    public async Task CHT_3_What_could_not_be_transcribed_is_told_with_its_reason_and_what_somebody_destroyed_is_no_loss()
    {
        await using var desk = await RecordingTests.ConsentedAsync();
        Assert.Equal((201, null), await RecordingTests.UploadAsync(desk, SampleAudio.Bursts(1)));
        await desk.Clinic.RowsAsync<int>("update recording set state = 'failed', failed_with = 'not_decoded' returning 1");
        using var mine = desk.Clinic.As(ClinicRole.Provider);
        Assert.Equal("not_decoded", (string?)Assert.Single(await ListAsync(mine, "recordings"))!["failedWith"]);
        await LoseAsync(desk);
        Assert.True((bool)Assert.Single(await ListAsync(mine, "lost"))!["wasFinished"]!);
        Assert.Contains("could not be read as sound", await NotesDesk.ShownAsync(mine, "/notes/waiting"), StringComparison.Ordinal);

        Assert.Equal((201, null), await RecordingTests.UploadAsync(desk, SampleAudio.Bursts(1)));
        var second = await desk.Clinic.OneAsync<Guid>("select id from recording where destroyed_at is null");
        Assert.Equal((204, null), await RecordingTests.SendAsync(desk, HttpMethod.Delete, $"/api/v1/recordings/{second}"));
        Assert.Single(await ListAsync(mine, "lost"));
        Assert.Equal(404, (await SeenAsync(mine, second)).Status);
        Assert.Equal("recording_loss_seen_of_loss", (await Assert.ThrowsAsync<PostgresException>(() =>
            desk.Clinic.RunAsync([$"set search_path = {desk.Clinic.Schema}", $"update recording set loss_seen_at = now() where id = '{second}'"]))).ConstraintName);
    }

    [Theory]
    [InlineData(Browser.DeskWidth), InlineData(Browser.PhoneWidth)]
    public async Task CHT_3_A_recording_that_was_left_open_is_gone_on_with_from_what_is_still_open_and_a_loss_is_put_away_there(int width)
    {
        await using var desk = await ReviewDesk.OpenAsync(isOnTheNet: true);
        await RecordingTests.TakesRecordingsAsync(desk.Clinic);
        await RecordingTests.AgreeAsync(desk);
        await BeginAsync(desk);
        await using var visitor = await browser.OpenAsync(desk.Clinic.Address, width);
        await visitor.SignInAsync(desk.Clinic, ClinicRole.Provider);
        await visitor.LookAtAsync("/notes/waiting");
        await visitor.IsFineAsync();
        await visitor.PictureAsync($"open-recording-{width}");
        await visitor.Page.GetByRole(AriaRole.Link, new() { Name = "Go on with the recording" }).ClickAsync();
        await Assertions.Expect(visitor.Page.GetByRole(AriaRole.Link, new() { Name = "Go on recording" })).ToBeVisibleAsync();
        await visitor.IsFineAsync();
        await visitor.PictureAsync($"open-recording-visit-{width}");

        await LoseAsync(desk);

        await visitor.LookAtAsync($"/visits/{desk.Visit}");
        await visitor.PictureAsync($"lost-recording-visit-{width}");
        await visitor.LookAtAsync($"/visits/{desk.Visit}/review");
        await visitor.PictureAsync($"lost-recording-review-{width}");
        await visitor.LookAtAsync("/notes/waiting");
        await visitor.IsFineAsync();
        await visitor.PictureAsync($"lost-recording-{width}");
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "I have seen it" }).ClickAsync();
        await Assertions.Expect(visitor.Page.GetByText("Nothing is open")).ToBeVisibleAsync();
    }

    /// <summary>A recording of the desk's visit that was left in the middle.</summary>
    private static async Task<Guid> BeginAsync(ReviewDesk desk)
    {
        if (await desk.Clinic.OneAsync<long>("select count(*) from recording_consent") == 0)
        {
            await RecordingTests.TakesRecordingsAsync(desk.Clinic);
            await RecordingTests.AgreeAsync(desk);
        }
        Assert.Equal((201, null), await RecordingTests.SendAsync(desk, HttpMethod.Post, $"/api/v1/visits/{desk.Visit}/recordings/begin"));
        var id = await desk.Clinic.OneAsync<Guid>("select id from recording");
        Assert.Equal((204, null), await RecordingTests.SendAsync(desk, HttpMethod.Post, $"/api/v1/recordings/{id}/parts/1/pieces/0", SampleAudio.Bursts(1)[..4000]));
        return id;
    }

    /// <summary>A day goes by for the recording alone, so that sessions go on.</summary>
    private static async Task LoseAsync(ReviewDesk desk)
    {
        await desk.Clinic.RunAsync(["set session_replication_role = replica", $"set search_path = {desk.Clinic.Schema}",
            "update recording set created_at = created_at - interval '24 hours', keep_until = keep_until - interval '24 hours' where destroyed_at is null"]);
        Assert.Equal(1, await desk.Clinic.The<RecordingKeeper>().SweepAsync(desk.Clinic.Id, default));
    }

    private static async Task<JsonArray> ListAsync(HttpClient client, string what) => (await NotesDesk.JsonAsync(client, "/api/v1/notes/waiting"))[what]!.AsArray();

    private static Task<(int Status, JsonNode Body)> SeenAsync(HttpClient client, Guid id) => NotesDesk.SendAsync(client, HttpMethod.Post, $"/api/v1/recordings/{id}/loss-seen", new { });
}
