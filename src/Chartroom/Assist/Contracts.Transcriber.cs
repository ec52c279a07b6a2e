using System.Net.Http.Headers;
using System.Text.Json;
using Chartroom.Platform.Tenancy;

namespace Chartroom.Assist;

/// <summary>Something that was said.</summary>
/// <param name="At">Since the start, where the model tells.</param>
/// <param name="Voice">The model's word for who spoke, where it tells voices apart; never trusted to be a name.</param>
public sealed record HeardLine(TimeSpan? At, string? Voice, string Text);

/// <param name="Job">The recording's own id, under which cost is kept.</param>
/// <param name="Ogg">Opus in Ogg, one channel, without tags.</param>
public sealed record AudioAsk(Guid Job, ReadOnlyMemory<byte> Ogg, int Seconds);

/// <summary>What came of it: lines (none for silence), or why there are none.</summary>
/// <param name="Failure">A code of <see cref="AssistTrouble"/>, or null.</param>
public sealed record AudioAnswer(IReadOnlyList<HeardLine> Lines, string? Failure, AssistUse Use)
{
    /// <summary>How long the vendor asks us to wait.</summary>
    public TimeSpan? RetryAfter { get; init; }
}

/// <summary>Asks the outside model that a clinic turned on for recordings. Nothing is held while it listens; neither request nor answer is kept.</summary>
internal sealed class Transcriber(ModelClients clients, AssistSettings settings, TimeProvider clock)
{
    private const string Version = "transcription 1";
    private const int MostLines = 50_000, MostChars = 600_000, LongestVoice = 40;
    private static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web) { MaxDepth = 8 };

    /// <summary>How long a request may be under way, at most.</summary>
    public TimeSpan Longest => TimeSpan.FromSeconds(settings.TimeoutSeconds);

    /// <summary>Writes down what a request cost; goes out with the next statement.</summary>
    public static void Keep(ClinicTx tx, AssistChoice choice, AudioAsk ask, AudioAnswer answer) => Assistant.Keep(tx, choice, new(AssistFeature.Transcription, ask.Job, answer.Failure, 0, answer.Use));

    /// <summary>One request, one answer. Every failure of the outside is a code; only being stopped is an exception.</summary>
    public async Task<AudioAnswer> AskAsync(AssistChoice choice, AudioAsk ask, CancellationToken ct)
    {
        var (at, began) = (clock.GetUtcNow(), clock.GetTimestamp());
        AssistUse Use(decimal cost) => new(choice.Model, Version, 0, 0, cost, at, clock.GetElapsedTime(began)) { AudioSeconds = ask.Seconds };
        using var patience = new CancellationTokenSource(Longest, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, patience.Token);
        try
        {
            using var request = Request(choice, ask);
            using var client = clients.Plain();
            using var answer = await client.SendAsync(request, either.Token);
            var lines = Read(await answer.Content.ReadAsByteArrayAsync(either.Token));
            return new(lines, null, Use(decimal.Round(ask.Seconds * choice.PriceIn / 60_000m, 6)));
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return new([], AssistTrouble.TooSlow, Use(0));
        }
        catch (Exception error) when (Assistant.Told(error) is { } told)
        {
            return new([], told.Code, Use(0)) { RetryAfter = told.RetryAfter };
        }
    }

    // What is asked for depends on the model: not every one tells times, and not every one tells voices apart.
    private static HttpRequestMessage Request(AssistChoice choice, AudioAsk ask)
    {
        var file = new ReadOnlyMemoryContent(ask.Ogg);
        file.Headers.ContentType = new("audio/ogg");
        var isDiarizing = choice.Model.Contains("diarize", StringComparison.OrdinalIgnoreCase);
        var isPlain = !isDiarizing && (choice.Model.StartsWith("gpt-4o", StringComparison.Ordinal) || choice.Model == "gpt-transcribe");
        var form = new MultipartFormDataContent
        {
            { file, "file", "visit.ogg" },
            { new StringContent(choice.Model), "model" },
            { new StringContent(isDiarizing ? "diarized_json" : isPlain ? "json" : "verbose_json"), "response_format" },
        };
        if (isDiarizing) form.Add(new StringContent("auto"), "chunking_strategy");
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(choice.Endpoint.AbsoluteUri.TrimEnd('/') + "/audio/transcriptions")) { Content = form };
        if (choice.Key is { } key) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return request;
    }

    private sealed record Answer(string? Text, List<Segment?>? Segments);

    private sealed record Segment(double? Start, string? Text, string? Speaker)
    {
        [System.Text.Json.Serialization.JsonPropertyName("no_speech_prob")] public double? NoSpeech { get; init; }
        [System.Text.Json.Serialization.JsonPropertyName("avg_logprob")] public double? LogProbability { get; init; }

        /// <summary>Whisper's own rule for a stretch without speech: its words there are made up.</summary>
        public bool IsNoSpeech => NoSpeech > 0.6 && LogProbability < -1;
    }

    /// <exception cref="ModelException">It is not in the form that was asked for.</exception>
    private static List<HeardLine> Read(byte[] body)
    {
        Answer? answer;
        try
        {
            answer = JsonSerializer.Deserialize<Answer>(body, Web);
        }
        catch (JsonException)
        {
            throw new ModelException(AssistTrouble.Unreadable);
        }
        if (answer?.Text is null || answer.Text.Length > MostChars || answer.Segments?.Count > MostLines || answer.Segments?.Sum(it => it?.Text?.Length ?? 0) > MostChars) throw new ModelException(AssistTrouble.Unreadable);
        if (answer.Segments is not { Count: > 0 } segments) return answer.Text.Trim() is { Length: > 0 } all ? [new(null, null, all)] : [];
        return [.. segments.OfType<Segment>().Where(it => !it.IsNoSpeech && !string.IsNullOrWhiteSpace(it.Text)).Select(it => new HeardLine(TimeOf(it.Start), VoiceOf(it.Speaker), it.Text!.Trim()))];   // not blank
    }

    private static TimeSpan? TimeOf(double? start) => start is >= 0 and < 100_000 ? TimeSpan.FromSeconds(Math.Floor(start.Value)) : null;

    private static string? VoiceOf(string? voice) => voice is { Length: > 0 and <= LongestVoice } && voice.All(sign => char.IsAsciiLetterOrDigit(sign) || sign is '_' or ' ' or '-') ? voice : null;
}
