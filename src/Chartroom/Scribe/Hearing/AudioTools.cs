using Chartroom.Shell;

namespace Chartroom.Scribe.Hearing;

/// <summary>What reads and recognises audio on this machine: Debian's ffmpeg, and PocketSphinx with its American English model. Looked for where packages put them, never on the path.</summary>
internal sealed class AudioTools
{
    private const string Model = "/usr/share/pocketsphinx/model/en-us/en-us";

    public string Decoder { get; init; } = OtherProgram.Ffmpeg;
    public string Recogniser { get; init; } = "/usr/bin/pocketsphinx_continuous";

    /// <summary>True where recordings can be read at all.</summary>
    public bool CanDecode => OtherProgram.CanRun(Decoder);

    /// <summary>True where this machine can transcribe by itself.</summary>
    public bool CanRecognise => CanDecode && File.Exists(Recogniser) && Directory.Exists(Model);
}
