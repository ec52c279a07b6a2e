using System.Diagnostics;
using System.Text.Json.Nodes;
using Chartroom.Assist;
using Chartroom.Scribe.Hearing;

namespace Chartroom.Scribe;

/// <summary>Needs Debian's ffmpeg; skipped, and saying so, where it is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class AudioFactAttribute : FactAttribute
{
    public AudioFactAttribute()
    {
        if (!new AudioTools().CanDecode) Skip = "needs ffmpeg (apt-get install ffmpeg)";
    }
}

/// <summary>Needs Debian's pocketsphinx and espeak-ng too.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SpeechFactAttribute : FactAttribute
{
    public SpeechFactAttribute()
    {
        if (!new AudioTools().CanRecognise || !File.Exists("/usr/bin/espeak-ng")) Skip = "needs ffmpeg, pocketsphinx, pocketsphinx-en-us and espeak-ng";
    }
}

/// <summary>A clinic whose recordings a double of a model transcribes.</summary>
internal sealed class HearingDesk : IAsyncDisposable
{
    private int booked;

    private HearingDesk(ReviewDesk desk, ModelDouble model) => (Desk, Model) = (desk, model);

    public ReviewDesk Desk { get; }
    public ModelDouble Model { get; }
    public TestClinic Clinic => Desk.Clinic;

    /// <summary>The visit of the latest recording.</summary>
    public Guid Visit { get; private set; }

    public static async Task<HearingDesk> OpenAsync(params string[] settings)
    {
        var desk = await ReviewDesk.OpenAsync(settings: ["--Assist:AllowLoopback=true", .. settings]);
        var model = await ModelDouble.StartAsync();
        model.Hears = () => ModelDouble.Verbose([.. Knee.Select((text, at) => (at * 4.5, text, 0.01))]);
        await model.TurnOnTranscriptionAsync(desk.Clinic);
        return new(desk, model);
    }

    /// <summary>What is said in <see cref="SampleVisits.Knee"/>, without who says it.</summary>
    public static string[] Knee => [.. SampleVisits.Knee.Split('\n').Select(line => line[(line.IndexOf(']', StringComparison.Ordinal) + 1)..].Trim())];

    /// <summary>Another visit, consented to and recorded; answers the recording.</summary>
    public async Task<Guid> RecordAsync(byte[] audio)
    {
        Visit = Guid.Parse((string)(await Desk.Scheduling.BookedAsync("2026-03-04", $"{9 + (booked / 2)}:{booked++ % 2 * 30:00}".PadLeft(5, '0')))["id"]!);
        Assert.Equal(204, (await Desk.SendAsync($"/api/v1/visits/{Visit}/recording-consents", JsonNode.Parse("""{"givenBy":"patient","manner":"spoken","everyoneAgreed":true}""")!, null, ClinicRole.Provider)).Status);
        Assert.Equal((201, null), await RecordingTests.SendAsync(Desk, HttpMethod.Post, $"/api/v1/visits/{Visit}/recordings", audio));
        return await Clinic.OneAsync<Guid>("select id from recording where appointment_id = @Visit order by created_at desc limit 1", new { Visit });
    }

    /// <summary>Works until nothing is due, the clock going on to when something is; answers how the recording ended and why.</summary>
    public async Task<(string State, string? Why)> WorkAsync(Guid recording)
    {
        while (await Clinic.The<TranscribingWorker>().WorkAsync(Clinic.Id, CancellationToken.None) is { } again) Clinic.Clock.AdjustTime(again);
        return await StateAsync(recording);
    }

    public Task<(string State, string? Why)> StateAsync(Guid recording) => Clinic.OneAsync<(string, string?)>("select state, failed_with from recording where id = @recording", new { recording });

    public async Task<int> SetRulesAsync(int hours, int version)
    {
        using var admin = Clinic.As(ClinicRole.Admin);
        using var request = new HttpRequestMessage(HttpMethod.Put, "/api/v1/recording-rules") { Content = System.Net.Http.Json.JsonContent.Create(new { keepHours = hours, isLocalOn = false }) };
        request.Headers.TryAddWithoutValidation("If-Match", $"\"{version}\"");
        using var answer = await admin.SendAsync(request);
        return (int)answer.StatusCode;
    }

    public Task<string> PageAsync() => Desk.PageAsync($"/visits/{Visit}/review", ClinicRole.Provider);

    public async ValueTask DisposeAsync()
    {
        await Desk.DisposeAsync();
        await Model.DisposeAsync();
    }

    /// <summary>Sound of a kind, made of samples by ffmpeg.</summary>
    public static async Task<byte[]> AsAsync(byte[] wav, params string[] arguments)
    {
        var path = Path.GetTempFileName();   // a muxer of M4A wants to go back and forth in a file
        try
        {
            var plan = new ProcessStartInfo("/usr/bin/ffmpeg", ["-v", "error", "-y", "-i", "pipe:0", .. arguments, path]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
            Assert.Equal(0, await Chartroom.Shell.OtherProgram.RunAsync(plan, TimeSpan.FromMinutes(5), (input, ct) => input.WriteAsync(wav, ct).AsTask(), (output, ct) => output.CopyToAsync(Stream.Null, ct), default));
            return await File.ReadAllBytesAsync(path);
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>Words in a made-up voice.</summary>
    public static async Task<byte[]> SpokenAsync(string words)
    {
        var plan = new ProcessStartInfo("/usr/bin/espeak-ng", ["-v", "en-us", "-s", "140", "--stdin", "--stdout"]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        using var wav = new MemoryStream();
        await Chartroom.Shell.OtherProgram.RunAsync(plan, TimeSpan.FromMinutes(5), (input, ct) => input.WriteAsync(System.Text.Encoding.UTF8.GetBytes(words), ct).AsTask(), (output, ct) => output.CopyToAsync(wav, ct), default);
        return wav.ToArray();
    }
}
