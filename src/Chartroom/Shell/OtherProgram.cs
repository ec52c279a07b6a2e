using System.ComponentModel;
using System.Diagnostics;

namespace Chartroom.Shell;

/// <summary>Runs programs of the system over input that may be hostile, both ends in pipes. What they say of their trouble is not kept: it may repeat what they read.</summary>
internal static class OtherProgram
{
    /// <summary>Debian's reader of sound and pictures; looked for where the package puts it, never on the path.</summary>
    public const string Ffmpeg = "/usr/bin/ffmpeg";

    private const string Limiter = "/usr/bin/prlimit";

    /// <summary>True where that program can be run within limits.</summary>
    public static bool CanRun(string program) => File.Exists(program) && File.Exists(Limiter);

    /// <summary>
    /// No shell, nothing of our environment, no file may be written (so all it makes goes through the pipe), a gigabyte of memory, few open files and a limit of processor time.
    /// </summary>
    public static ProcessStartInfo Plan(string program, TimeSpan mostWork, IEnumerable<string> arguments)
    {
        var plan = new ProcessStartInfo(Limiter, ["--as=1073741824", "--fsize=0", "--nofile=64", "--core=0", $"--cpu={(int)mostWork.TotalSeconds}", "--", program, .. arguments])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/",
        };
        plan.Environment.Clear();
        plan.Environment["LC_ALL"] = "C";
        return plan;
    }

    /// <summary>What it ended with. Its end, its input's and its output's are awaited; whatever happens, it is not left running.</summary>
    /// <param name="write">Writes its input; may end early where the program wants no more.</param>
    /// <exception cref="OtherProgramException">It could not be started, or took too long.</exception>
    public static async Task<int> RunAsync(ProcessStartInfo plan, TimeSpan most, Func<Stream, CancellationToken, Task> write, Func<Stream, CancellationToken, Task> read, CancellationToken ct)
    {
        using var process = Start(plan);
        using var patience = new CancellationTokenSource(most);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, patience.Token);
        try
        {
            await Task.WhenAll(WriteAsync(process, write, either.Token), ReadAsync(process, read, either.Token), process.StandardError.BaseStream.CopyToAsync(Stream.Null, either.Token));
            await process.WaitForExitAsync(either.Token);
            return process.ExitCode;
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw new OtherProgramException(isMissing: false);
        }
        finally
        {
            if (!process.HasExited) process.Kill();
        }
    }

    private static Process Start(ProcessStartInfo plan)
    {
        try
        {
            return Process.Start(plan) ?? throw new OtherProgramException(isMissing: true);
        }
        catch (Win32Exception)
        {
            throw new OtherProgramException(isMissing: true);
        }
    }

    private static async Task WriteAsync(Process process, Func<Stream, CancellationToken, Task> write, CancellationToken ct)
    {
        var input = process.StandardInput.BaseStream;
        try
        {
            await write(input, ct);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // it wants no more of it: its exit code says whether that was well
        }
    }

    // Who reads may have enough before the end; who writes must not wait for a reader that is gone.
    private static async Task ReadAsync(Process process, Func<Stream, CancellationToken, Task> read, CancellationToken ct)
    {
        try
        {
            await read(process.StandardOutput.BaseStream, ct);
        }
        catch
        {
            process.Kill();
            throw;
        }
    }
}

/// <summary>A program of the system did not do its work.</summary>
internal sealed class OtherProgramException(bool isMissing) : Exception(isMissing ? "The program is not there." : "The program took too long.")
{
    /// <summary>False when it took too long.</summary>
    public bool IsMissing { get; } = isMissing;
}
