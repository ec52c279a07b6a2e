namespace Chartroom.Scribe;

/// <summary>Kinds of audio that are taken.</summary>
public enum AudioFormat { Wav, Mp3, M4a, Ogg, WebM }

/// <summary>Tells a file's kind by its first bytes. What it is called, and what its sender says it is, tells nothing.</summary>
internal static class AudioFormats
{
    /// <summary>So many bytes are enough to tell.</summary>
    public const int Needed = 64;

    /// <summary>Null for what is none of them: video, pictures, archives, text.</summary>
    public static AudioFormat? Of(ReadOnlySpan<byte> start)
    {
        if (start.Length < 16) return null;
        if (start.StartsWith("RIFF"u8) && start[8..].StartsWith("WAVE"u8)) return AudioFormat.Wav;
        if (start.StartsWith("OggS"u8)) return AudioFormat.Ogg;
        if (start[4..].StartsWith("ftyp"u8)) return IsSound(start[8..12]) ? AudioFormat.M4a : null;
        if (start.StartsWith<byte>([0x1A, 0x45, 0xDF, 0xA3])) return start[..Math.Min(start.Length, Needed)].IndexOf("webm"u8) > 0 ? AudioFormat.WebM : null;
        return start.StartsWith("ID3"u8) || IsMp3Frame(start) ? AudioFormat.Mp3 : null;
    }

    // ISO base media: pictures (heic, avif) and QuickTime films have brands of their own; a phone's recorder says M4A, mp42 or isom, a browser's iso5.
    private static bool IsSound(ReadOnlySpan<byte> brand) => brand.StartsWith("M4A"u8) || brand.StartsWith("M4B"u8) || brand.StartsWith("mp4"u8) || brand.StartsWith("iso"u8) || brand.StartsWith("3gp"u8) || brand.StartsWith("dash"u8);

    // Eleven set bits, then MPEG version, layer III, a bit rate and a sampling rate that exist (ISO 11172-3).
    private static bool IsMp3Frame(ReadOnlySpan<byte> start) =>
        start[0] == 0xFF && (start[1] & 0xE0) == 0xE0 && (start[1] & 0x18) != 0x08 && (start[1] & 0x06) == 0x02 && (start[2] & 0xF0) is not (0xF0 or 0x00) && (start[2] & 0x0C) != 0x0C;
}
