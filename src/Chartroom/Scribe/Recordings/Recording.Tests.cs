using System.Net;
using System.Text.Json.Nodes;
using Npgsql;

namespace Chartroom.Scribe;

public sealed class RecordingTests
{
    private static readonly byte[] Audio = SampleAudio.Bursts(70);   // over two pieces

    [Fact]
    public async Task CHT_3_Nothing_is_recorded_before_everybody_agreed_and_who_agreed_stays_written()
    {
        await using var desk = await ReviewDesk.OpenAsync();
        Assert.Contains("Nothing at this clinic transcribes recordings", await desk.PageAsync($"/visits/{desk.Visit}/review", ClinicRole.Provider), StringComparison.Ordinal);
        Assert.Equal((409, "scribe.no-recogniser"), await UploadAsync(desk, Audio));
        await TakesRecordingsAsync(desk.Clinic);
        Assert.Contains("Does everybody here agree?", await desk.PageAsync($"/visits/{desk.Visit}/review", ClinicRole.Provider), StringComparison.Ordinal);
        Assert.Equal((409, "scribe.consent-missing"), await UploadAsync(desk, Audio));
        Assert.Equal((409, "scribe.consent-missing"), await SendAsync(desk, HttpMethod.Post, $"/api/v1/visits/{desk.Visit}/recordings/begin"));
        Assert.Equal((422, "scribe.invalid-consent"), await ConsentAsync(desk, """{"givenBy":"patient","manner":"spoken","everyoneAgreed":false}"""));
        Assert.Equal((422, "scribe.invalid-consent"), await ConsentAsync(desk, """{"givenBy":"representative","manner":"spoken","everyoneAgreed":true}"""));
        Assert.Equal((0L, 0L), await desk.Clinic.OneAsync<(long, long)>("select (select count(*) from recording), (select count(*) from recording_consent)"));

        Assert.Equal((204, null), await ConsentAsync(desk, """{"givenBy":"representative","representative":"Ada Lee","manner":"written","everyoneAgreed":true}"""));

        Assert.Contains("Ada Lee, for the patient, agreed in writing", await desk.PageAsync($"/visits/{desk.Visit}/review", ClinicRole.Provider), StringComparison.Ordinal);
        Assert.Equal(("given", true, false), await desk.Clinic.OneAsync<(string, bool, bool)>("select kind, everyone_agreed, encode(content, 'escape') like '%Ada%' from recording_consent"));
        foreach (var change in new[] { "update recording_consent set manner = 'spoken'", "delete from recording_consent" })
            await Assert.ThrowsAsync<PostgresException>(() => desk.Clinic.RunAsync([$"set search_path = {desk.Clinic.Schema}", change]));
        Assert.Equal(1L, await desk.Clinic.OneAsync<long>("select count(*) from audit_event where action = 'recording.consented' and outcome = 'done' and patient_ids = array[@Patient]", new { Patient = desk.Patient.Value }));
    }

    [Fact]
    public async Task CHT_3_Audio_is_kept_under_a_key_of_its_own_and_taking_the_consent_back_destroys_both_at_once()
    {
        await using var desk = await ConsentedAsync();
        Assert.Equal((201, null), await UploadAsync(desk, Audio));
        Assert.Equal((409, "scribe.recording-live"), await UploadAsync(desk, Audio));
        Assert.Equal(("uploaded", "queued", (long)Audio.Length, 3L), await desk.Clinic.OneAsync<(string, string, long, long)>("select source, state, size_bytes, (select count(*) from recording_chunk) from recording"));
        var plain = Convert.ToHexString(Audio.AsSpan(20_000, 16));
        Assert.Equal(0L, await desk.Clinic.OneAsync<long>("select count(*) from recording_chunk where position(decode(@plain, 'hex') in content) > 0", new { plain }));
        foreach (var role in new[] { ClinicRole.Admin, ClinicRole.FrontDesk, ClinicRole.Emergency, ClinicRole.Patient })
            foreach (var table in new[] { "recording_key", "recording_chunk" })
                Assert.Equal("42501", (await Assert.ThrowsAsync<PostgresException>(() => desk.Clinic.RawAsync<int>(role, $"select 1 from {table}"))).SqlState);

        Assert.Equal((204, null), await SendAsync(desk, HttpMethod.Delete, $"/api/v1/visits/{desk.Visit}/recording-consents"));

        await AssertGoneAsync(desk, "withdrawn");
        Assert.Equal((409, "scribe.consent-missing"), await UploadAsync(desk, Audio));
        Assert.Contains("consent was taken back", await desk.PageAsync($"/visits/{desk.Visit}/review", ClinicRole.Provider), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("visit.wav", "MZ\u0090\0 this is a program of some length, no sound")]
    [InlineData("visit.mp3", "%PDF-1.7 with a name that says otherwise ......")]
    [InlineData("visit.webm", "WEBVTT\n\n00:00.000 --> 00:01.000\nhello there, all of you")]
    [InlineData("visit.m4a", "\0\0\0\u0018ftypheic\0\0\0\0mif1heic a picture")]
    [InlineData("visit.ogg", "")]
    public async Task What_is_no_sound_is_refused_whatever_it_is_called_and_leaves_nothing(string name, string content)
    {
        await using var desk = await ConsentedAsync();
        using var client = desk.Clinic.As(ClinicRole.Provider);
        using var form = new MultipartFormDataContent { { new StringContent(""), "idempotency_key" }, { new ByteArrayContent(System.Text.Encoding.Latin1.GetBytes(content)), "recording", name } };
        using var answer = await client.PostAsync($"/visits/{desk.Visit}/recordings", form);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.Contains("recording-error", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(0L, await desk.Clinic.OneAsync<long>("select count(*) from recording"));
    }

    [Fact]
    public async Task A_recording_over_the_limit_is_refused_before_or_while_it_comes_and_leaves_no_audio()
    {
        await using var desk = await ConsentedAsync("--Recordings:MostMegabytes=1");
        Assert.Equal((413, "scribe.recording-too-large"), await UploadAsync(desk, Audio));
        using var client = desk.Clinic.As(ClinicRole.Provider);
        using var form = new MultipartFormDataContent { { new ByteArrayContent(Audio), "recording", "visit.wav" } };
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await client.PostAsync($"/visits/{desk.Visit}/recordings", form)).StatusCode);
        await AssertGoneAsync(desk, "discarded");
    }

    [Fact]
    public async Task CHT_3_A_recording_goes_on_after_a_break_and_a_piece_is_neither_lost_nor_taken_twice()
    {
        await using var desk = await ConsentedAsync();
        Assert.Equal((201, null), await SendAsync(desk, HttpMethod.Post, $"/api/v1/visits/{desk.Visit}/recordings/begin"));
        var id = await desk.Clinic.OneAsync<Guid>("select id from recording");
        Task<(int, string?)> PieceAsync(int part, int number, byte[] bytes) => SendAsync(desk, HttpMethod.Post, $"/api/v1/recordings/{id}/parts/{part}/pieces/{number}", bytes);
        Assert.Equal((409, "scribe.recording-gap"), await PieceAsync(2, 0, Audio[..4000]));
        Assert.Equal((422, "scribe.not-audio"), await PieceAsync(1, 0, Audio[100..4000]));
        Assert.Equal((204, null), await PieceAsync(1, 0, Audio[..4000]));
        Assert.Equal((204, null), await PieceAsync(1, 0, Audio[..4000]));   // its answer was lost
        Assert.Equal((409, "scribe.recording-gap"), await PieceAsync(1, 0, Audio[..4001]));
        Assert.Equal((409, "scribe.recording-gap"), await PieceAsync(1, 2, Audio[4000..8000]));
        Assert.Equal((204, null), await PieceAsync(1, 1, Audio[4000..8000]));
        Assert.Equal((204, null), await PieceAsync(2, 0, Audio[..2000]));   // the page was opened again
        Assert.Equal((409, "scribe.recording-gap"), await PieceAsync(1, 2, Audio[8000..9000]));

        Assert.Equal((204, null), await SendAsync(desk, HttpMethod.Post, $"/api/v1/recordings/{id}/end"));

        Assert.Equal((409, "scribe.recording-ended"), await PieceAsync(2, 1, Audio[..10]));
        Assert.Equal(("queued", 10_000L), await desk.Clinic.OneAsync<(string, long)>("select state, size_bytes from recording"));
        Assert.Equal(["1.0", "1.1", "2.0"], await desk.Clinic.RowsAsync<string>("select part || '.' || number from recording_chunk order by part, number"));
        Assert.Equal((204, null), await SendAsync(desk, HttpMethod.Delete, $"/api/v1/recordings/{id}"));
        Assert.Equal((409, "scribe.recording-destroyed"), await SendAsync(desk, HttpMethod.Delete, $"/api/v1/recordings/{id}"));
        await AssertGoneAsync(desk, "discarded");
    }

    [Fact]
    public async Task CHT_3_With_the_signature_under_the_note_audio_and_key_are_gone()
    {
        await using var desk = await ConsentedAsync();
        Assert.Equal((201, null), await UploadAsync(desk, Audio));
        var draft = await desk.DraftedAsync(SampleVisits.Knee);
        await desk.DecideAllAsync(draft);
        Assert.Equal(3L, await desk.Clinic.OneAsync<long>("select count(*) from recording_chunk"));

        Assert.Equal(201, (await desk.SignAsync(draft)).Status);

        await AssertGoneAsync(desk, "signed");
        Assert.Equal((409, "scribe.already-signed"), await SendAsync(desk, HttpMethod.Post, $"/api/v1/visits/{desk.Visit}/recordings/begin"));
    }

    [Fact]
    public async Task CHT_3_What_nobody_transcribed_is_gone_after_a_day_and_the_database_lets_nobody_keep_it_longer()
    {
        await using var desk = await ConsentedAsync();
        Assert.Equal((201, null), await UploadAsync(desk, Audio));
        var schema = $"set search_path = {desk.Clinic.Schema}";
        foreach (var (longer, constraint) in new[]
        {
            ("update recording set keep_until = keep_until + interval '1 second'", "recording_not_put_off"),
            ("update recording set created_at = created_at + interval '1 hour'", "recording_not_put_off"),
            ("update recording set state = 'discarded', destroyed_at = created_at, destroyed_why = 'discarded'", "recording_destroyed_whole"),
            ("delete from recording_chunk; update recording set state = 'discarded', destroyed_at = created_at, destroyed_why = 'discarded'", "recording_destroyed_whole"),
            ("update recording set state = 'failed', keep_until = created_at + interval '25 hours'", "recording_not_put_off"),
            ("insert into recording_chunk (recording_id, part, number, patient_id, content) select id, 9, 0, patient_id, 'late' from recording", "recording_takes_audio"),
        }) Assert.Equal(constraint, (await Assert.ThrowsAsync<PostgresException>(() => desk.Clinic.RunAsync([schema, .. longer.Split("; ")]))).ConstraintName);
        await desk.Clinic.RunAsync([schema, "insert into recording_chunk (recording_id, part, number, patient_id, content) select recording_id, 9, 0, patient_id, 'late' from recording_key where false"]);
        var keeper = desk.Clinic.The<RecordingKeeper>();
        desk.Clinic.Clock.Advance(TimeSpan.FromHours(24) - TimeSpan.FromSeconds(1));
        Assert.Equal(0, await keeper.SweepAsync(desk.Clinic.Id, default));

        desk.Clinic.Clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(1, await keeper.SweepAsync(desk.Clinic.Id, default));
        Assert.Equal(0, await keeper.SweepAsync(desk.Clinic.Id, default));
        await AssertGoneAsync(desk, "never_transcribed");
        await Assert.ThrowsAsync<PostgresException>(() => desk.Clinic.RunAsync([schema, "update recording set state = 'failed', failed_with = 'x'"]));
    }

    [Fact]
    public async Task Only_who_may_write_the_note_records_and_a_chart_that_is_shut_keeps_its_recording_shut()
    {
        await using var desk = await ConsentedAsync();
        Assert.Equal((201, null), await UploadAsync(desk, Audio));
        var id = await desk.Clinic.OneAsync<Guid>("select id from recording");
        foreach (var role in new[] { ClinicRole.Admin, ClinicRole.FrontDesk })
            foreach (var (method, path) in new[] { (HttpMethod.Post, $"/api/v1/visits/{desk.Visit}/recordings"), (HttpMethod.Get, $"/api/v1/visits/{desk.Visit}/recording"), (HttpMethod.Delete, $"/api/v1/recordings/{id}") })
                Assert.Equal(403, (await SendAsync(desk, method, path, method == HttpMethod.Post ? Audio : null, role)).Item1);
        await BreakGlass.BreakGlassTests.RestrictAndReviewAsync(desk.Clinic, desk.Patient.Value);
        await desk.Clinic.RunAsync(["set session_replication_role = replica", $"set search_path = {desk.Clinic.Schema}", "delete from care_team"]);   // the provider is no longer of it

        Assert.Equal((403, "charts.restricted"), await SendAsync(desk, HttpMethod.Get, $"/api/v1/visits/{desk.Visit}/recording"));
        Assert.Equal((404, "scribe.no-such-recording"), await SendAsync(desk, HttpMethod.Delete, $"/api/v1/recordings/{id}"));
        Assert.Empty(await desk.Clinic.RawAsync<Guid>(ClinicRole.Provider, "select recording_id from recording_chunk union all select recording_id from recording_key union all select id from recording"));
        desk.Clinic.Clock.Advance(TimeSpan.FromHours(25));
        Assert.Equal(1, await desk.Clinic.The<RecordingKeeper>().SweepAsync(desk.Clinic.Id, default));   // its end comes all the same
    }

    /// <summary>Neither audio nor key is in the database, and who looks finds when and why.</summary>
    internal static async Task AssertGoneAsync(ReviewDesk desk, string why)
    {
        Assert.Equal((0L, 0L), await desk.Clinic.OneAsync<(long, long)>("select (select count(*) from recording_chunk), (select count(*) from recording_key)"));
        Assert.Equal((why, true), await desk.Clinic.OneAsync<(string, bool)>("select destroyed_why, destroyed_at is not null from recording"));
        Assert.Equal(1L, await desk.Clinic.OneAsync<long>("""
            select count(*)
            from audit_event
            join recording on recording.id = audit_event.resource_id
            where audit_event.action = 'recording.destroyed' and audit_event.outcome = 'done' and audit_event.patient_ids = array[recording.patient_id]
            """));
    }

    /// <summary>Something transcribes here, as far as taking a recording goes.</summary>
    internal static Task TakesRecordingsAsync(TestClinic clinic) => clinic.RowsAsync<int>("update recording_rules set is_local_on = true returning 1");

    internal static async Task<ReviewDesk> ConsentedAsync(params string[] settings)
    {
        var desk = await ReviewDesk.OpenAsync(settings: settings);
        await TakesRecordingsAsync(desk.Clinic);
        await AgreeAsync(desk);
        return desk;
    }

    internal static Task<(int Status, string? Code)> UploadAsync(ReviewDesk desk, byte[] audio) => SendAsync(desk, HttpMethod.Post, $"/api/v1/visits/{desk.Visit}/recordings", audio);

    /// <summary>A row in each table, of a visit that has no note yet.</summary>
    internal static async Task FillAsync(ReviewDesk desk)
    {
        await TakesRecordingsAsync(desk.Clinic);
        var visit = (await desk.Scheduling.BookedAsync("2026-03-04", "11:00"))["id"];
        Assert.Equal(204, (await desk.SendAsync($"/api/v1/visits/{visit}/recording-consents", JsonNode.Parse("""{"givenBy":"representative","representative":"Ada Lee","manner":"spoken","everyoneAgreed":true}""")!, null, ClinicRole.Provider)).Status);
        Assert.Equal((201, null), await SendAsync(desk, HttpMethod.Post, $"/api/v1/visits/{visit}/recordings", SampleAudio.Bursts(1)));
    }

    internal static async Task AgreeAsync(ReviewDesk desk) => Assert.Equal((204, null), await ConsentAsync(desk, """{"givenBy":"patient","manner":"spoken","everyoneAgreed":true}"""));

    private static async Task<(int, string?)> ConsentAsync(ReviewDesk desk, string body)
    {
        var reply = await desk.SendAsync($"/api/v1/visits/{desk.Visit}/recording-consents", JsonNode.Parse(body)!, null, ClinicRole.Provider);
        return (reply.Status, reply.Code);
    }

    internal static async Task<(int Status, string? Code)> SendAsync(ReviewDesk desk, HttpMethod method, string path, byte[]? body = null, ClinicRole role = ClinicRole.Provider)
    {
        using var client = desk.Clinic.As(role);
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : new ByteArrayContent(body) };
        using var answer = await client.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        return ((int)answer.StatusCode, answer.IsSuccessStatusCode ? null : ((string?)JsonNode.Parse(text)!["type"])?.Replace("/problems/", "", StringComparison.Ordinal));
    }
}
