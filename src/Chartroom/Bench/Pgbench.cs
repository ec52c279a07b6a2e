using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Npgsql;

namespace Chartroom.Bench;

/// <summary>Replays scripts with pgbench on a copy of the database, which lives as long as this object.</summary>
internal sealed partial class Pgbench : IAsyncDisposable
{
    private const string Copy = "chartroom_bench";

    private readonly NpgsqlConnectionStringBuilder server;
    private readonly string folder = Directory.CreateTempSubdirectory("chartroom-bench-").FullName;

    private string searchPath = "";
    private int runs;

    private Pgbench(string administratorConnection) => server = new(administratorConnection);

    /// <summary>Copies the database within its server.</summary>
    /// <exception cref="InvalidOperationException">One of PostgreSQL's programs is missing or failed; the message has its words.</exception>
    public static async Task<Pgbench> OnCopyAsync(string administratorConnection, CancellationToken ct)
    {
        var pgbench = new Pgbench(administratorConnection);
        var dump = Path.Combine(pgbench.folder, "dump");
        await pgbench.RunAsync("psql", ct, "-X", "-q", "-d", "postgres", "-c", $"drop database if exists {Copy} with (force)", "-c", $"create database {Copy}");
        await pgbench.RunAsync("pg_dump", ct, "--format=custom", $"--file={dump}", pgbench.server.Database ?? "chartroom");
        await pgbench.RunAsync("pg_restore", ct, $"--dbname={Copy}", "--exit-on-error", dump);
        await pgbench.RunAsync("psql", ct, "-X", "-q", "-d", Copy, "-c", "analyze");
        return pgbench;
    }

    /// <summary>Transactions per second over that many connections; scripts are taken in turn, at random.</summary>
    public async Task<double> RunAsync(IReadOnlyList<string> scripts, int connections, TimeSpan duration, CancellationToken ct)
    {
        var files = new List<string>();
        foreach (var script in scripts)
        {
            files.Add(Path.Combine(folder, $"{files.Count}.sql"));
            await File.WriteAllTextAsync(files[^1], script, ct);
        }
        var seconds = ((int)duration.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        var clients = connections.ToString(CultureInfo.InvariantCulture);
        var booked = (runs++ * Replay.BookingsOfARun).ToString(CultureInfo.InvariantCulture);
        string[] fixedPart = ["-n", "-M", "prepared", "-D", $"booked={booked}", "-j", "2", "-c", clients, "-T", seconds];
        // Statements are prepared before the first transaction has set its path.
        searchPath = ClinicPath().Match(scripts[0]).Groups[1].Value;
        var said = await RunAsync("pgbench", ct, [.. fixedPart, .. files.SelectMany(file => new[] { "-f", file }), Copy]);
        return double.Parse(Rate().Match(said).Groups[1].Value, CultureInfo.InvariantCulture);
    }

    /// <summary>Drops the copy.</summary>
    public async ValueTask DisposeAsync()
    {
        await RunAsync("psql", CancellationToken.None, "-X", "-q", "-d", "postgres", "-c", $"drop database if exists {Copy} with (force)");
        Directory.Delete(folder, recursive: true);
    }

    private async Task<string> RunAsync(string program, CancellationToken ct, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["PGHOST"] = server.Host;
        start.Environment["PGPORT"] = server.Port.ToString(CultureInfo.InvariantCulture);
        start.Environment["PGUSER"] = server.Username;
        start.Environment["PGPASSWORD"] = server.Password;
        if (program == "pgbench") start.Environment["PGOPTIONS"] = $"-c search_path={searchPath}";
        using var process = Start(start);
        var output = process.StandardOutput.ReadToEndAsync(ct);
        var errors = process.StandardError.ReadToEndAsync(ct);
        await process.WaitForExitAsync(ct);
        if (process.ExitCode != 0) throw new InvalidOperationException($"{program} failed: {(await errors).Trim()}");
        return await output;
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start) ?? throw new InvalidOperationException($"{start.FileName} did not start.");
        }
        catch (System.ComponentModel.Win32Exception missing)
        {
            throw new InvalidOperationException($"{start.FileName} is not on the path; ./chartroom puts the private PostgreSQL's programs there.", missing);
        }
    }

    [GeneratedRegex(@"set local search_path = (tenant_\w+)")]
    private static partial Regex ClinicPath();

    [GeneratedRegex(@"^tps = ([0-9.]+)", RegexOptions.Multiline)]
    private static partial Regex Rate();
}
