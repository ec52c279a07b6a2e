using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Chartroom.Assist;

/// <summary>Stands in for both vendors, over real HTTP on a port of this machine: keeps what arrived and answers as told.</summary>
internal sealed class ModelDouble : IAsyncDisposable
{
    private readonly WebApplication app;
    private int connections;

    private ModelDouble(WebApplication app) => this.app = app;

    public Uri Address => new(app.Urls.Single());
    public int Connections => connections;
    public ConcurrentQueue<(string Path, Dictionary<string, string> Headers, JsonObject Body)> Requests { get; } = [];

    /// <summary>Audio that arrived: the form's fields, and the file with its name.</summary>
    public ConcurrentQueue<(Dictionary<string, string> Headers, Dictionary<string, string> Fields, string FileName, byte[] File)> Heard { get; } = [];

    /// <summary>What is answered to audio.</summary>
    public Func<JsonObject> Hears { get; set; } = () => Verbose();

    /// <summary>What is answered to the conversation: statements, or anything else that is text.</summary>
    public Func<IReadOnlyList<AssistPassage>, string> Says { get; set; } = _ => """{"statements":[]}""";

    /// <summary>Anthropic's word for why it stopped; the double says OpenAI's for the same.</summary>
    public string Stops { get; set; } = "end_turn";

    /// <summary>Answers instead, when set and not null.</summary>
    public Func<HttpContext, Task<bool>>? Instead { get; set; }

    public static async Task<ModelDouble> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        ModelDouble? made = null;
        builder.WebHost.UseUrls("http://127.0.0.1:0").ConfigureKestrel(kestrel => kestrel.ConfigureEndpointDefaults(listen => listen.Use(next => connection =>
        {
            Interlocked.Increment(ref made!.connections);   // set before the start
            return next(connection);
        })));
        made = new(builder.Build());
        made.app.MapFallback(made.AnswerAsync);
        await made.app.StartAsync();
        return made;
    }

    public AssistChoice Choice(AssistProvider provider) =>
        new(provider, provider == AssistProvider.Anthropic ? Address : new Uri(Address, "/v1"), provider == AssistProvider.Anthropic ? "claude-test-1" : "gpt-test-1", 3m, 15m, "USD") { Key = "sk-test-key" };

    /// <summary>The form that turns it on.</summary>
    public FormUrlEncodedContent Form(AssistProvider provider = AssistProvider.Anthropic, params (string Name, string Value)[] others)
    {
        var fields = new Dictionary<string, string>
        {
            ["version"] = "0", ["provider"] = provider == AssistProvider.Anthropic ? "anthropic" : "open_ai", ["model"] = Choice(provider).Model, ["endpoint"] = Choice(provider).Endpoint.AbsoluteUri,
            ["key"] = "sk-test-key", ["region"] = "us", ["priceIn"] = "3", ["priceOut"] = "15", ["currency"] = "USD", ["hasAgreement"] = "true",
        };
        foreach (var (name, value) in others) fields[name] = value;
        return new(fields);
    }

    /// <summary>Rows in each table: a choice with its key, a drafting that failed, and what it cost.</summary>
    public static async Task FillAsync(TestClinic clinic)
    {
        await using var model = await StartAsync();
        using var admin = clinic.As(ClinicRole.Admin);
        using var form = model.Form(AssistProvider.Anthropic, ("endpoint", "https://models.example"));
        Assert.Equal(System.Net.HttpStatusCode.SeeOther, (await admin.PostAsync("/settings/assistant/visit-notes", form)).StatusCode);
        var job = await clinic.OneAsync<Guid>("""
            insert into drafting (id, patient_id, appointment_id, transcript_id, state, attempts, due_at, failed_with, created_by, created_at, ended_at)
            select gen_random_uuid(), patient_id, appointment_id, id, 'failed', 1, created_at, 'nothing_clinical', created_by, created_at, created_at from transcript limit 1
            returning id
            """);
        await clinic.OneAsync<Guid>("""
            insert into assist_call (id, feature, job_id, provider, host, model, prompt_version, outcome, tokens_in, tokens_out, cost, currency, dropped, milliseconds, asked_at)
            values (gen_random_uuid(), 'visit_notes', @job, 'anthropic', 'models.example', 'm', 'visit-note 1', 'done', 10, 1, 0.001, 'USD', 0, 900, now())
            returning id
            """, new { job });
    }

    /// <summary>The clinic's administrator turns it on.</summary>
    /// <param name="feature">As addresses name it.</param>
    public async Task TurnOnAsync(TestClinic clinic, AssistProvider provider = AssistProvider.Anthropic, string feature = "visit-notes")
    {
        using var admin = clinic.As(ClinicRole.Admin);
        using var form = Form(provider);
        Assert.Equal(System.Net.HttpStatusCode.SeeOther, (await admin.PostAsync($"/settings/assistant/{feature}", form)).StatusCode);
    }

    /// <summary>The passages of a request, as the model reads them.</summary>
    public static IReadOnlyList<AssistPassage> PassagesOf(JsonObject body)
    {
        var user = body["messages"]!.AsArray().Single(it => (string)it!["role"]! == "user")!["content"]!;
        var text = user is JsonValue ? (string)user! : string.Concat(user.AsArray().Select(part => (string)part!["text"]!));
        var lines = text.Split('\n');
        Assert.Contains((lines[0], lines[^1]), new[] { ("<conversation>", "</conversation>"), ("<chart>", "</chart>") });
        return [.. lines[1..^1].Select(line => JsonSerializer.Deserialize<AssistPassage>(line, JsonSerializerOptions.Web)!)];
    }

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
    }

    /// <summary>The clinic's administrator has it transcribe.</summary>
    public async Task TurnOnTranscriptionAsync(TestClinic clinic, params (string Name, string Value)[] others)
    {
        using var admin = clinic.As(ClinicRole.Admin);
        using var form = Form(AssistProvider.OpenAi, [("model", "whisper-1"), ("priceIn", "6"), ("priceOut", "0"), .. others]);
        Assert.Equal(System.Net.HttpStatusCode.SeeOther, (await admin.PostAsync("/settings/assistant/transcription", form)).StatusCode);
    }

    /// <summary>Segments as an answer has them.</summary>
    public static JsonObject Verbose(params (double Start, string Text, double NoSpeech)[] segments) => new()
    {
        ["language"] = "english", ["duration"] = 70.0, ["text"] = string.Join(' ', segments.Select(it => it.Text)),
        ["segments"] = new JsonArray([.. segments.Select((it, at) => (JsonNode)new JsonObject
        {
            ["id"] = at, ["seek"] = 0, ["start"] = it.Start, ["end"] = it.Start + 2, ["text"] = " " + it.Text, ["tokens"] = new JsonArray(1, 2), ["temperature"] = 0.0,
            ["avg_logprob"] = it.NoSpeech > 0.5 ? -1.4 : -0.2, ["compression_ratio"] = 1.2, ["no_speech_prob"] = it.NoSpeech,
        })]),
        ["usage"] = new JsonObject { ["type"] = "duration", ["seconds"] = 70.0 },
    };

    /// <summary>Turns of voices that were told apart, as an answer has them.</summary>
    public static JsonObject Diarized(params (double Start, string Voice, string Text)[] segments) => new()
    {
        ["task"] = "transcribe", ["duration"] = 70.0, ["text"] = string.Join(' ', segments.Select(it => it.Text)),
        ["segments"] = new JsonArray([.. segments.Select((it, at) => (JsonNode)new JsonObject
        {
            ["type"] = "transcript.text.segment", ["id"] = $"seg_{at}", ["start"] = it.Start, ["end"] = it.Start + 2, ["text"] = it.Text, ["speaker"] = it.Voice,
        })]),
    };

    private async Task HearAsync(HttpContext http)
    {
        var form = await http.Request.ReadFormAsync(new Microsoft.AspNetCore.Http.Features.FormOptions { MemoryBufferThreshold = 32 * 1024 * 1024 });
        using var kept = new MemoryStream();
        await form.Files.Single().CopyToAsync(kept);
        Heard.Enqueue((http.Request.Headers.ToDictionary(it => it.Key.ToLowerInvariant(), it => $"{it.Value}"), form.ToDictionary(it => it.Key, it => $"{it.Value}"), form.Files.Single().FileName, kept.ToArray()));
        if (Instead is not null && await Instead(http)) return;
        http.Response.ContentType = "application/json";
        await http.Response.WriteAsync(Hears().ToJsonString());
    }

    private async Task AnswerAsync(HttpContext http)
    {
        if (http.Request.Path == "/v1/audio/transcriptions")
        {
            await HearAsync(http);
            return;
        }
        var body = (JsonObject)(await JsonNode.ParseAsync(http.Request.Body))!;
        Requests.Enqueue((http.Request.Path, http.Request.Headers.ToDictionary(it => it.Key.ToLowerInvariant(), it => $"{it.Value}"), body));
        if (Instead is not null && await Instead(http)) return;
        var said = Says(PassagesOf(body));
        var answer = http.Request.Path == "/v1/messages" ? Anthropic(said) : OpenAi(said);
        http.Response.ContentType = "application/json";
        await http.Response.WriteAsync(answer.ToJsonString());
    }

    public JsonObject Anthropic(string said) => new()
    {
        ["id"] = "msg_01", ["type"] = "message", ["role"] = "assistant", ["model"] = "claude-test-1-20260101", ["container"] = null, ["diagnostics"] = null, ["stop_details"] = null, ["stop_sequence"] = null,
        ["stop_reason"] = Stops,
        ["content"] = Stops == "tool_use"
            ? new JsonArray(new JsonObject { ["type"] = "tool_use", ["id"] = "toolu_1", ["name"] = "book_appointment", ["input"] = new JsonObject { ["patient"] = "another" }, ["caller"] = new JsonObject { ["type"] = "direct" } })
            : new JsonArray(new JsonObject { ["type"] = "text", ["text"] = said, ["citations"] = null }),
        ["usage"] = new JsonObject
        {
            ["input_tokens"] = 1200, ["output_tokens"] = 300, ["cache_creation_input_tokens"] = 0, ["cache_read_input_tokens"] = 0, ["cache_creation"] = null, ["inference_geo"] = null, ["output_tokens_details"] = null,
            ["server_tool_use"] = null, ["service_tier"] = null, ["speed"] = null,
        },
    };

    public JsonObject OpenAi(string said) => new()
    {
        ["id"] = "chatcmpl-1", ["object"] = "chat.completion", ["created"] = 1_770_000_000, ["model"] = "gpt-test-1-2026-01-01",
        ["choices"] = new JsonArray(new JsonObject
        {
            ["index"] = 0, ["logprobs"] = null,
            ["finish_reason"] = Stops switch { "max_tokens" => "length", "refusal" => "content_filter", "tool_use" => "tool_calls", _ => "stop" },
            ["message"] = Stops == "tool_use"
                ? new JsonObject
                {
                    ["role"] = "assistant", ["content"] = null, ["refusal"] = null,
                    ["tool_calls"] = new JsonArray(new JsonObject { ["id"] = "call_1", ["type"] = "function", ["function"] = new JsonObject { ["name"] = "book_appointment", ["arguments"] = "{}" } }),
                }
                : new JsonObject { ["role"] = "assistant", ["content"] = said, ["refusal"] = null },
        }),
        ["usage"] = new JsonObject { ["prompt_tokens"] = 1200, ["completion_tokens"] = 300, ["total_tokens"] = 1500 },
    };

    /// <summary>A statement as an answer has it.</summary>
    public static string Statements(params (string Section, string Text, string[] Citations)[] rows) => new JsonObject
    {
        ["statements"] = new JsonArray([.. rows.Select(row => (JsonNode)new JsonObject
        {
            ["section"] = row.Section, ["group"] = null, ["text"] = row.Text, ["citations"] = new JsonArray([.. row.Citations.Select(it => (JsonNode)it)]),
        })]),
    }.ToJsonString();
}
