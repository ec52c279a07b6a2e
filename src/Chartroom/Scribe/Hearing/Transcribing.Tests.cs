using System.Net;
using System.Text.Json.Nodes;
using Chartroom.Assist;
using Chartroom.Scribe.Hearing;
using Microsoft.AspNetCore.Http;

namespace Chartroom.Scribe;

public sealed class TranscribingTests
{
    private static readonly byte[] Audio = SampleAudio.Bursts(70);

    [AudioFact]
    public async Task CHT_3_A_recording_is_transcribed_in_the_background_and_drafted_like_any_transcript_with_the_times_at_which_things_were_said()
    {
        await using var desk = await HearingDesk.OpenAsync();
        var recording = await desk.RecordAsync(Audio);
        Assert.Equal(0, desk.Model.Connections);   // nobody waits for a model in a request
        Assert.Contains("Transcribing begins in a moment", await desk.PageAsync(), StringComparison.Ordinal);
        using (var provider = desk.Clinic.As(ClinicRole.Provider))
        {
            Assert.Equal(HttpStatusCode.NoContent, (await provider.GetAsync($"/visits/{desk.Visit}/recording/progress?state=queued&attempts=0")).StatusCode);
            Assert.Equal(HttpStatusCode.SeeOther, (await provider.GetAsync($"/visits/{desk.Visit}/recording/progress?state=transcribing&attempts=1")).StatusCode);
        }

        Assert.Equal(("transcribed", null), await desk.WorkAsync(recording));

        var (headers, fields, name, file) = Assert.Single(desk.Model.Heard);
        Assert.Equal(("Bearer sk-test-key", "Chartroom", "visit.ogg"), (headers["authorization"], headers["user-agent"], name));
        Assert.Equal([("model", "whisper-1"), ("response_format", "verbose_json")], fields.Select(it => (it.Key, it.Value)).Order());
        Assert.True(file.AsSpan().StartsWith("OggS"u8) && file.Length < Audio.Length / 5, $"{file.Length} bytes of {Audio.Length}");
        var page = await desk.PageAsync();
        Assert.Contains("twisted my left knee", page, StringComparison.Ordinal);
        Assert.Matches(@"turn-at"">0:0[4-9]<", page);
        Assert.Contains("This transcript does not say who speaks", page, StringComparison.Ordinal);
        Assert.Contains("destroyed when the note is signed", page, StringComparison.Ordinal);
        Assert.Equal(("recorded", 70, 1L), await desk.Clinic.OneAsync<(string, int, long)>("select transcript.source, recording.seconds, (select count(*) from draft where kind = 'note') from recording join transcript on transcript.id = recording.transcript_id"));
        Assert.Equal((70, 0.007m, "done"), await desk.Clinic.OneAsync<(int, decimal, string)>("select audio_seconds, cost, outcome from assist_call where feature = 'transcription'"));
        Assert.Equal(1, await desk.Clinic.OneAsync<long>("select count(*) from audit_event where action = 'recording.sent' and outcome = 'done' and cardinality(patient_ids) = 1 and door = 'job' and person_id = @provider", new { provider = desk.Desk.Scheduling.Provider }));
        Assert.Contains("the voices", await desk.Desk.PageAsync("/settings/data", ClinicRole.Admin), StringComparison.Ordinal);
        Assert.Contains("1.2 minutes of audio", await desk.Desk.PageAsync("/settings/assistant/transcription", ClinicRole.Admin), StringComparison.Ordinal);

        var keeper = desk.Clinic.The<RecordingKeeper>();
        desk.Clinic.Clock.Advance(TimeSpan.FromHours(24) - TimeSpan.FromSeconds(1));
        Assert.Equal(0, await keeper.SweepAsync(desk.Clinic.Id, default));
        desk.Clinic.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(1, await keeper.SweepAsync(desk.Clinic.Id, default));
        await RecordingTests.AssertGoneAsync(desk.Desk, "kept_long_enough");
    }

    [SharedDataFact]
    public async Task AI_8_What_is_sent_and_what_is_read_is_as_the_vendor_describes_it()
    {
        if (!new AudioTools().CanDecode) return;
        await using var desk = await HearingDesk.OpenAsync();
        var described = VendorSpec.Of("openai");
        foreach (var (model, format, answer, schema) in new[]
        {
            ("whisper-1", "verbose_json", ModelDouble.Verbose((0, "My knee hurts since Monday.", 0.1)), "VerboseJson"), ("gpt-4o-transcribe", "json", new JsonObject { ["text"] = "My knee hurts since Monday." }, "Json"),
            ("gpt-4o-transcribe-diarize", "diarized_json", ModelDouble.Diarized((0, "A", "How is the knee?"), (2, "B", "My knee hurts since Monday.")), "DiarizedJson"),
        })
        {
            Assert.Empty(described.FaultsOf("CreateTranscriptionResponse" + schema, answer, isClosed: true));   // the double is no fancy of ours
            await desk.Model.TurnOnTranscriptionAsync(desk.Clinic, ("model", model), ("version", $"{await desk.Clinic.OneAsync<int>("select version from assist_choice")}"));
            desk.Model.Hears = () => (JsonObject)answer.DeepClone();
            Assert.Equal("transcribed", (await desk.WorkAsync(await desk.RecordAsync(Audio))).State);
            var fields = desk.Model.Heard.Last().Fields;
            Assert.Equal(format, fields["response_format"]);
            var body = new JsonObject { ["file"] = "bytes" };
            foreach (var (name, value) in fields) body[name] = value;
            Assert.Empty(described.FaultsOf("CreateTranscriptionRequest", body, isClosed: true));
        }
        Assert.Contains("Speaker B", await desk.PageAsync(), StringComparison.Ordinal);
    }

    [AudioFact]
    public async Task Silence_hum_and_what_recognisers_make_of_noise_yield_nothing_to_draft_and_the_first_two_are_heard_by_nobody()
    {
        await using var desk = await HearingDesk.OpenAsync();
        foreach (var quiet in new[] { SampleAudio.Silence(30), SampleAudio.Hum(30), SampleAudio.Bursts(0.4) })
            Assert.Equal(("silent", null), await desk.WorkAsync(await desk.RecordAsync(quiet)));
        Assert.Equal(0, desk.Model.Connections);
        Assert.Contains("Nobody is to be heard in this recording (0:00 minutes), so there is nothing to draft.", await desk.PageAsync(), StringComparison.Ordinal);

        foreach (var answer in new[] { ModelDouble.Verbose(), ModelDouble.Verbose((0, "[BLANK_AUDIO]", 0.1), (5, "(upbeat music) ♪", 0.1)), ModelDouble.Verbose((0, "Thank you for watching!", 0.1), (9, "You", 0.2)), ModelDouble.Verbose((0, "I take aspirin daily.", 0.9)) })
        {
            desk.Model.Hears = () => (JsonObject)answer.DeepClone();
            Assert.Equal(("silent", null), await desk.WorkAsync(await desk.RecordAsync(Audio)));
        }
        Assert.Equal(4, desk.Model.Heard.Count);
        Assert.Equal((0L, 0L, 0L, 7L), await desk.Clinic.OneAsync<(long, long, long, long)>(
            "select (select count(*) from transcript), (select count(*) from recording_chunk), (select count(*) from recording_key), (select count(*) from recording where destroyed_why = 'silent')"));
    }

    [AudioFact]
    public async Task Every_kind_that_is_taken_can_be_read_also_where_its_index_stands_behind_the_sound_and_what_is_broken_or_too_long_is_sent_to_nobody()
    {
        await using var desk = await HearingDesk.OpenAsync("--Recordings:MostMinutes=1");
        var wav = SampleAudio.Bursts(50);
        foreach (var (kind, arguments) in new[] { ("mp3", new[] { "-f", "mp3" }), ("ogg", ["-c:a", "libopus", "-f", "ogg"]), ("webm", ["-c:a", "libopus", "-f", "webm"]), ("m4a", ["-c:a", "aac", "-f", "ipod"]) })
        {
            var audio = await HearingDesk.AsAsync(wav, arguments);
            Assert.Equal((kind, "transcribed"), (kind, (await desk.WorkAsync(await desk.RecordAsync(audio))).State));
            Assert.InRange(await desk.Clinic.OneAsync<int>("select seconds from recording order by created_at desc, id desc limit 1"), 49, 51);
        }
        var heard = desk.Model.Heard.Count;

        Assert.Equal(("failed", "too_long"), await desk.WorkAsync(await desk.RecordAsync(SampleAudio.Bursts(62))));
        Assert.Contains("longer than is transcribed here", await desk.PageAsync(), StringComparison.Ordinal);
        Assert.Equal(("failed", "not_decoded"), await desk.WorkAsync(await desk.RecordAsync([.. "RIFF\0\0\u0010\0WAVEfmt "u8, .. new byte[4000]])));
        Assert.Equal(("failed", "not_decoded"), await desk.WorkAsync(await desk.RecordAsync([0, 0, 0, 24, .. "ftypM4A "u8, .. new byte[2000]])));
        Assert.Equal(("failed", "not_decoded"), await desk.WorkAsync(await desk.RecordAsync([.. "OggS"u8, .. "#EXTM3U\nfile:///etc/passwd\n"u8, .. new byte[2000]])));
        Assert.Equal(heard, desk.Model.Heard.Count);
        Assert.Contains("Transcribe it again", await desk.PageAsync(), StringComparison.Ordinal);

        var samples = 0;   // parts follow each other
        await desk.Clinic.The<Decoder>().SamplesAsync([.. new[] { SampleAudio.Bursts(20), SampleAudio.Bursts(25) }.Select(part => new AudioPart([part[..9999], part[9999..]]))], 60, (bytes, _) =>
        {
            samples += bytes.Length;
            return ValueTask.CompletedTask;
        }, default);
        Assert.Equal(45 * Decoder.BytesOfSecond, samples);
    }

    private static readonly (int Status, int Asked, string Code, string Words)[] Failures =
        [(401, 1, "key", "did not accept the clinic"), (404, 1, "refused", "it refused the request"), (503, 4, "busy", "it was busy each time"), (200, 4, "unreadable", "not in the form")];

    [AudioFact]
    public async Task AI_7_A_model_that_fails_is_asked_again_where_that_helps_then_the_page_says_so_and_the_audio_can_be_tried_again()
    {
        await using var desk = await HearingDesk.OpenAsync();
        foreach (var (status, asked, code, words) in Failures)
        {
            var before = desk.Model.Heard.Count;
            desk.Model.Instead = async http =>
            {
                http.Response.StatusCode = status;
                if (status == 200) await http.Response.WriteAsync("""{"text":7}""");
                return true;
            };
            var recording = await desk.RecordAsync(Audio);
            Assert.Equal((status, ("failed", code), asked), (status, await desk.WorkAsync(recording), desk.Model.Heard.Count - before));
            Assert.Contains(words, await desk.PageAsync(), StringComparison.Ordinal);
            desk.Model.Instead = null;
            Assert.Equal((204, null), await RecordingTests.SendAsync(desk.Desk, HttpMethod.Post, $"/api/v1/recordings/{recording}/attempts"));
            Assert.Equal((409, "scribe.recording-live"), await RecordingTests.SendAsync(desk.Desk, HttpMethod.Post, $"/api/v1/recordings/{recording}/attempts"));
            Assert.Equal(("transcribed", null), await desk.WorkAsync(recording));
        }
    }

    [AudioFact]
    public async Task AI_7_Turned_off_or_shut_meanwhile_nothing_connects_and_what_was_taken_back_while_a_model_listens_leaves_no_words()
    {
        await using var desk = await HearingDesk.OpenAsync();
        desk.Model.Instead = async http =>
        {
            Assert.Equal((204, null), await RecordingTests.SendAsync(desk.Desk, HttpMethod.Delete, $"/api/v1/visits/{desk.Visit}/recording-consents"));
            return false;
        };
        Assert.Equal("discarded", (await desk.WorkAsync(await desk.RecordAsync(Audio))).State);
        Assert.Equal((0L, 0L), await desk.Clinic.OneAsync<(long, long)>("select (select count(*) from transcript), (select count(*) from recording_key)"));
        var before = desk.Model.Heard.Count;

        var recording = await desk.RecordAsync(Audio);
        using var admin = desk.Clinic.As(ClinicRole.Admin);
        Assert.Equal(HttpStatusCode.NoContent, (await admin.DeleteAsync("/api/v1/assistant/transcription")).StatusCode);
        Assert.Equal(("failed", "no_recogniser"), await desk.WorkAsync(recording));
        Assert.Equal(before, desk.Model.Heard.Count);
        Assert.Contains("Nothing at this clinic transcribes recordings", await desk.PageAsync(), StringComparison.Ordinal);

        await desk.Model.TurnOnTranscriptionAsync(desk.Clinic, ("version", "2"));
        var shut = await desk.RecordAsync(Audio);
        await BreakGlass.BreakGlassTests.RestrictAndReviewAsync(desk.Clinic, desk.Desk.Patient.Value);
        await desk.Clinic.RunAsync(["set session_replication_role = replica", $"set search_path = {desk.Clinic.Schema}", "delete from care_team"]);   // who recorded it is no longer of it
        Assert.Equal(("failed", "not_theirs"), await desk.WorkAsync(shut));
        Assert.Equal(before, desk.Model.Heard.Count);
    }

    [AudioFact]
    public async Task A_crash_loses_nothing()
    {
        await using var desk = await HearingDesk.OpenAsync();
        var recording = await desk.RecordAsync(Audio);
        Assert.NotNull(await desk.Clinic.The<TranscribingShelf>().TakeAsync(desk.Clinic.Id, new(recording), TimeSpan.FromMinutes(2), default));   // and then the program died
        Assert.Equal(("transcribing", null), await desk.WorkAsync(recording));
        desk.Clinic.Clock.Advance(TimeSpan.FromMinutes(13));
        Assert.Equal(("transcribed", null), await desk.WorkAsync(recording));
        Assert.Single(desk.Model.Heard);
    }

    [AudioFact]
    public async Task CHT_3_A_clinic_may_have_audio_destroyed_with_its_transcript_and_what_holds_nothing_for_a_note_stays_to_be_read()
    {
        await using var desk = await HearingDesk.OpenAsync();
        Assert.Equal(422, await desk.SetRulesAsync(25, 1));
        Assert.Equal(200, await desk.SetRulesAsync(0, 1));
        Assert.Equal(412, await desk.SetRulesAsync(1, 1));
        Assert.Contains("as soon as it is transcribed</option>", (await desk.Desk.PageAsync("/settings/recordings", ClinicRole.Admin)).Replace(" selected", "", StringComparison.Ordinal), StringComparison.Ordinal);
        desk.Model.Hears = () => ModelDouble.Verbose((3, "Nice weather on the lake, they say.", 0.01));

        Assert.Equal(("transcribed", "nothing_clinical"), await desk.WorkAsync(await desk.RecordAsync(Audio)));

        await RecordingTests.AssertGoneAsync(desk.Desk, "kept_long_enough");
        var page = await desk.PageAsync();
        Assert.Contains("Nothing in it belongs in a note.", page, StringComparison.Ordinal);
        Assert.Contains("Nice weather on the lake", page, StringComparison.Ordinal);
    }

    [SpeechFact]
    public async Task A7_The_servers_own_recogniser_transcribes_without_any_connection()
    {
        await using var desk = await HearingDesk.OpenAsync();
        using var admin = desk.Clinic.As(ClinicRole.Admin);
        Assert.Equal(HttpStatusCode.NoContent, (await admin.DeleteAsync("/api/v1/assistant/transcription")).StatusCode);
        using var form = new FormUrlEncodedContent(new Dictionary<string, string> { ["version"] = "1", ["keepHours"] = "24", ["isLocalOn"] = "true" });
        Assert.Equal(HttpStatusCode.SeeOther, (await admin.PostAsync("/settings/recordings", form)).StatusCode);

        Assert.Equal("transcribed", (await desk.WorkAsync(await desk.RecordAsync(await HearingDesk.SpokenAsync("My knee has been hurting for three weeks. I take two tablets a day.")))).State);

        Assert.Contains("PocketSphinx", await desk.PageAsync(), StringComparison.Ordinal);
        Assert.Equal(0, desk.Model.Connections);
    }

    [Fact]
    public void The_recognisers_words_keep_their_times_and_its_noises_are_no_words()
    {
        var heard = LocalRecogniser.Utterances(["the good thing", "<s> 7.070 7.750 0.999500", "the(2) 7.760 7.940 0.791103", "<sil> 7.950 7.990 0.787629", "[NOISE] 8.000 8.140 0.05", "good 8.510 8.760 1.2e-05", "</s> 9.920 10.520 1.000000", "<s> 14.360 14.500 0.999700", "</s> 16.820 17.640 1.000000"]);
        Assert.Equal([new HeardLine(TimeSpan.FromSeconds(7), null, "the good")], heard);
    }
}
