using Chartroom.Shell;

namespace Chartroom.Scribe.Hearing;

/// <summary>Runs one of the audio programs.</summary>
internal static class AudioProcess
{
    private static readonly TimeSpan MostWork = TimeSpan.FromMinutes(15);

    /// <summary>What it ended with.</summary>
    /// <param name="write">Writes its input; may end early where the program wants no more.</param>
    /// <exception cref="AudioException">It could not be started, or took too long.</exception>
    public static async Task<int> RunAsync(string program, IEnumerable<string> arguments, Func<Stream, CancellationToken, Task> write, Func<Stream, CancellationToken, Task> read, CancellationToken ct, TimeSpan? most = null)
    {
        try
        {
            return await OtherProgram.RunAsync(OtherProgram.Plan(program, most ?? MostWork, arguments), most ?? MostWork, write, read, ct);
        }
        catch (OtherProgramException error)
        {
            throw new AudioException(error.IsMissing ? RecordingTrouble.NoDecoder : RecordingTrouble.TooSlow);
        }
    }
}

/// <summary>Nothing could be made of the audio.</summary>
internal sealed class AudioException(string code) : Exception($"The audio could not be used: {code}.")
{
    /// <summary>A code of <see cref="RecordingTrouble"/>.</summary>
    public string Code { get; } = code;
}
