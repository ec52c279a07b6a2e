using System.Diagnostics;
using Chartroom.Keys;
using Chartroom.Platform.Database;

namespace Chartroom.Bench;

/// <summary>A verb of the program in a process of its own, on the same database, which can be waited for or killed as a power cut would.</summary>
internal sealed class ProgramProcess : IDisposable
{
    private readonly Process process;

    private ProgramProcess(Process process) => this.process = process;

    /// <param name="services">Of the program that starts it: database and data directory are handed on.</param>
    /// <param name="words">The verb and its arguments.</param>
    public static ProgramProcess Start(IServiceProvider services, params string[] words)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(Program).Assembly.Location, .. words]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["ConnectionStrings__Postgres"] = services.GetRequiredService<IConfiguration>().GetConnectionString("Postgres");
        start.Environment["Chartroom__DataDirectory"] = Path.GetFullPath(services.GetRequiredService<PlatformOptions>().DataDirectory);
        start.Environment["Keys__TombstoneFile"] = Path.GetFullPath(services.GetRequiredService<TombstoneList>().Path);
        start.Environment["Logging__LogLevel__Default"] = "Warning";
        return new(Process.Start(start) ?? throw new InvalidOperationException("dotnet did not start."));
    }

    /// <summary>The next line it says; null when it has ended.</summary>
    public async Task<string?> LineAsync(CancellationToken ct) => await process.StandardOutput.ReadLineAsync(ct);

    /// <summary>Waits for its end: its exit code and all that it said, complaints too.</summary>
    public async Task<(int Code, string Said)> EndAsync(CancellationToken ct)
    {
        var complaints = process.StandardError.ReadToEndAsync(ct);
        var said = await process.StandardOutput.ReadToEndAsync(ct) + await complaints;
        await process.WaitForExitAsync(ct);
        return (process.ExitCode, said);
    }

    /// <summary>SIGKILL, and the wait until it is gone.</summary>
    public async Task KillAsync(CancellationToken ct)
    {
        process.Kill();
        await process.WaitForExitAsync(ct);
    }

    /// <summary>Not left behind, whatever happened.</summary>
    public void Dispose()
    {
        if (!process.HasExited) process.Kill();
        process.Dispose();
    }
}
