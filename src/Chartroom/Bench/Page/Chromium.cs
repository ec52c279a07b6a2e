using System.CommandLine;
using System.Diagnostics;
using System.Net.WebSockets;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Chartroom.Bench;

/// <summary>
/// The machine's own Chromium without a window, spoken to by its DevTools protocol (https://chromedevtools.github.io/devtools-protocol/): enough of it to open a page and ask it
/// something, so that the program needs no library of a browser.
/// </summary>
internal sealed class Chromium : IAsyncDisposable
{
    private readonly Process process;
    private readonly string profile;
    private readonly ClientWebSocket socket = new();
    private int last;

    private Chromium(Process process, string profile) => (this.process, this.profile) = (process, profile);

    /// <summary>The option that names it.</summary>
    public static Option<string> Where()
    {
        var where = new Option<string>("--chromium") { Description = "Where Chromium is.", DefaultValueFactory = _ => "/usr/bin/chromium" };
        where.Validators.Add(named =>
        {
            if (!File.Exists(named.GetValue(where))) named.AddError($"There is no Chromium at {named.GetValue(where)}. Name yours: --chromium PATH");
        });
        return where;
    }

    /// <param name="executable">Where it is.</param>
    /// <param name="ct">Gives up.</param>
    public static async Task<Chromium> StartAsync(string executable, CancellationToken ct)
    {
        var profile = Directory.CreateTempSubdirectory("chartroom-chromium-").FullName;
        var start = new ProcessStartInfo(executable,
            ["--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-extensions", "--remote-debugging-port=0", "--window-size=1280,900", $"--user-data-dir={profile}", "about:blank"])
        { RedirectStandardError = true };
        var chromium = new Chromium(Process.Start(start) ?? throw new InvalidOperationException("Chromium did not start."), profile);
        await chromium.socket.ConnectAsync(await chromium.AddressAsync(ct), ct);
        return chromium;
    }

    /// <summary>A window of its own, with nothing kept from others, signed in at the address by the token. Answers its session.</summary>
    public async Task<string> OpenAsync(string address, string token, CancellationToken ct)
    {
        var context = await SendAsync(null, "Target.createBrowserContext", [], ct);
        var target = await SendAsync(null, "Target.createTarget", new() { ["url"] = "about:blank", ["browserContextId"] = context["browserContextId"]!.DeepClone(), ["width"] = 1280, ["height"] = 900 }, ct);
        var session = await SendAsync(null, "Target.attachToTarget", new() { ["targetId"] = target["targetId"]!.DeepClone(), ["flatten"] = true }, ct);
        var id = (string)session["sessionId"]!;
        await SendAsync(id, "Network.enable", [], ct);
        await SendAsync(id, "Network.setCookie", new() { ["name"] = "chartroom", ["value"] = token, ["url"] = address }, ct);
        return id;
    }

    /// <summary>Sends a command and waits for its answer; events are passed over.</summary>
    public async Task<JsonNode> SendAsync(string? session, string method, JsonObject arguments, CancellationToken ct)
    {
        var id = ++last;
        var message = new JsonObject { ["id"] = id, ["method"] = method, ["params"] = arguments };
        if (session is not null) message["sessionId"] = session;
        await socket.SendAsync(JsonSerializer.SerializeToUtf8Bytes(message), WebSocketMessageType.Text, true, ct);
        while (true)
        {
            var answer = await ReadAsync(ct);
            if ((int?)answer["id"] != id) continue;
            return answer["result"] ?? throw new InvalidOperationException($"{method}: {answer["error"]}");
        }
    }

    /// <summary>What an expression comes to in the page; a promise is waited for.</summary>
    public async Task<JsonNode?> AskAsync(string session, string expression, CancellationToken ct)
    {
        var answer = await SendAsync(session, "Runtime.evaluate", new() { ["expression"] = expression, ["awaitPromise"] = true, ["returnByValue"] = true }, ct);
        if (answer["exceptionDetails"] is { } fault) throw new InvalidOperationException($"The page said: {fault["exception"]?["description"] ?? fault["text"]}");
        return answer["result"]!["value"];
    }

    public async ValueTask DisposeAsync()
    {
        socket.Dispose();
        if (!process.HasExited) process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync(CancellationToken.None);
        process.Dispose();
        Directory.Delete(profile, recursive: true);
    }

    private async Task<Uri> AddressAsync(CancellationToken ct)
    {
        const string Said = "DevTools listening on ";
        while (await process.StandardError.ReadLineAsync(ct) is { } line)
            if (line.StartsWith(Said, StringComparison.Ordinal)) return new(line[Said.Length..]);
        throw new InvalidOperationException("Chromium ended before it listened.");
    }

    private async Task<JsonNode> ReadAsync(CancellationToken ct)
    {
        using var whole = new MemoryStream();
        var buffer = new byte[64 * 1024];
        while (true)
        {
            var part = await socket.ReceiveAsync(buffer.AsMemory(), ct);
            whole.Write(buffer, 0, part.Count);
            if (part.EndOfMessage) break;
        }
        return JsonNode.Parse(whole.ToArray())!;   // the protocol sends objects only
    }
}
