using System.ComponentModel;
using System.Diagnostics;

namespace Chartroom.Scribe.Hearing;

/// <summary>Runs one of the audio programs with both ends in pipes. What it says of its trouble is not kept: it may repeat what is in the audio.</summary>
internal static class AudioProcess
{
    /// <summary>What it ended with. Its end, its input's and its output's are awaited; whatever happens, it is not left running.</summary>
    /// <param name="write">Writes its input; may end early where the program wants no more.</param>
    /// <exception cref="AudioException">It could not be started, or took too long.</exception>
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
            throw new AudioException(RecordingTrouble.TooSlow);
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
            return Process.Start(plan) ?? throw new AudioException(RecordingTrouble.NoDecoder);
        }
        catch (Win32Exception)
        {
            throw new AudioException(RecordingTrouble.NoDecoder);
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

/// <summary>Nothing could be made of the audio.</summary>
internal sealed class AudioException(string code) : Exception($"The audio could not be used: {code}.")
{
    /// <summary>A code of <see cref="RecordingTrouble"/>.</summary>
    public string Code { get; } = code;
}
