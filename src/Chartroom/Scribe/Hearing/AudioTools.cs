using System.Diagnostics;

namespace Chartroom.Scribe.Hearing;

/// <summary>What reads and recognises audio on this machine: Debian's ffmpeg, and PocketSphinx with its American English model. Looked for where packages put them, never on the path.</summary>
internal sealed class AudioTools
{
    private const string Model = "/usr/share/pocketsphinx/model/en-us/en-us";

    public string Decoder { get; init; } = "/usr/bin/ffmpeg";
    public string Recogniser { get; init; } = "/usr/bin/pocketsphinx_continuous";
    private const string Limiter = "/usr/bin/prlimit";

    /// <summary>True where recordings can be read at all.</summary>
    public bool CanDecode => File.Exists(Decoder) && File.Exists(Limiter);

    /// <summary>True where this machine can transcribe by itself.</summary>
    public bool CanRecognise => CanDecode && File.Exists(Recogniser) && Directory.Exists(Model);

    /// <summary>
    /// A program for hostile input: no shell, nothing of our environment, no file may be written (so all it makes goes through the pipe), a gigabyte of memory, few open files and a limit of processor time.
    /// </summary>
    internal static ProcessStartInfo Plan(string program, TimeSpan mostWork, IEnumerable<string> arguments)
    {
        var plan = new ProcessStartInfo(Limiter, ["--as=1073741824", "--fsize=0", "--nofile=64", "--core=0", $"--cpu={(int)mostWork.TotalSeconds}", "--", program, .. arguments])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/",
        };
        plan.Environment.Clear();
        plan.Environment["LC_ALL"] = "C";
        return plan;
    }
}
