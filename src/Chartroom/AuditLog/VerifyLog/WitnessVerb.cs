using System.CommandLine;
using Chartroom.Platform.Audit;
using Chartroom.Transparency;

namespace Chartroom.AuditLog;

/// <summary><c>witness</c>: a process of its own, best on another host and without a database, that sees the logs grow.</summary>
internal static class WitnessVerb
{
    private const long MostBytes = 1L << 30;   // a witness that begins late is shown a whole log

    public static Command Make()
    {
        var directory = new Option<DirectoryInfo>("--dir") { Description = "Directory for its key and files.", Required = true };
        var listen = new Option<string>("--listen") { Description = "Address to listen on.", DefaultValueFactory = _ => "http://127.0.0.1:8090" };
        var logKey = new Option<string>("--log-key") { Description = "Public key of the logs, as `chartroom audit keys` prints it.", Required = true };
        var verb = new Command("witness", "See the audit logs of another host grow, and sign only what continues what was seen.") { directory, listen, logKey };
        verb.SetAction(async (parsed, ct) =>
        {
            var witness = new FileWitness(parsed.GetValue(directory)!.FullName, NoteVerifier.Parse(parsed.GetValue(logKey)!), TimeProvider.System);   // both are required
            await using var app = Build(witness, parsed.GetValue(listen)!);
            await app.StartAsync(ct);
            await Console.Out.WriteLineAsync($"Audit__WitnessUrl={app.Urls.First()}\nAudit__WitnessKey={witness.Key.Text}");
            await app.WaitForShutdownAsync(ct);
            return 0;
        });
        return verb;
    }

    /// <summary>The witness as a web application: <c>POST /add</c>, <c>GET /state?origin=</c>, <c>GET /lines?origin=&amp;size=</c>.</summary>
    internal static WebApplication Build(FileWitness witness, string address)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls(address).ConfigureKestrel(kestrel => (kestrel.AddServerHeader, kestrel.Limits.MaxRequestBodySize) = (false, MostBytes));
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        var app = builder.Build();
        app.MapPost("/add", (HttpWitness.Addition addition, CancellationToken ct) => witness.AddAsync(addition.Origin, addition.Leaves, addition.Note, ct));
        app.MapGet("/state", (string origin, CancellationToken ct) => witness.StateAsync(origin, ct));
        app.MapGet("/lines", (string origin, long size, CancellationToken ct) => Results.Stream(to => witness.CopyLinesAsync(origin, size, to, ct), "text/plain"));
        return app;
    }
}
