using System.Globalization;

namespace Chartroom.Scribe.Hearing;

/// <summary>A stretch of a recording, opened: pieces of one stream.</summary>
internal sealed record AudioPart(IReadOnlyList<byte[]> Pieces);

/// <summary>
/// Makes samples (16 kHz, one channel, 16 bits) of a recording, and Opus of samples. The stream's kind is told to the program by its first bytes, so it never guesses one; it may use
/// pipes only, and decoders of sound only.
/// </summary>
internal sealed class Decoder(AudioTools tools)
{
    public const int Rate = 16_000, BytesOfSecond = Rate * 2;
    private const int MostOgg = 24 * 1024 * 1024;

    private const string Codecs = "pcm_s16le,pcm_u8,pcm_s24le,pcm_s32le,pcm_f32le,pcm_f64le,pcm_alaw,pcm_mulaw,adpcm_ms,adpcm_ima_wav,mp3float,mp3,aac,aac_fixed,alac,opus,libopus,vorbis,flac,amrnb,amrwb,gsm_ms";

    /// <summary>All parts, one after another.</summary>
    /// <param name="mostSeconds">Of all of it.</param>
    /// <exception cref="AudioException">It is no audio, or longer.</exception>
    public async Task SamplesAsync(IReadOnlyList<AudioPart> parts, int mostSeconds, Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> sink, CancellationToken ct)
    {
        var most = (long)mostSeconds * BytesOfSecond;
        var seen = 0L;
        foreach (var part in parts)
        {
            var before = seen;
            await RunAsync(part, mostSeconds + 2, async (bytes, stop) =>
            {
                seen += bytes.Length;
                if (seen > most) throw new AudioException(RecordingTrouble.TooLong);
                await sink(bytes, stop);
            }, ct);
            if (seen == before) throw new AudioException(RecordingTrouble.Unreadable);
        }
    }

    /// <summary>The recording as Opus in Ogg, without tags, small enough for any endpoint.</summary>
    public async Task<byte[]> OpusAsync(IReadOnlyList<AudioPart> parts, int seconds, CancellationToken ct)
    {
        var rate = Math.Clamp(160_000_000 / Math.Max(1, seconds), 12_000, 24_000);
        string[] arguments =
            ["-v", "quiet", "-nostdin", "-protocol_whitelist", "pipe", "-f", "s16le", "-ar", "16000", "-ac", "1", "-i", "pipe:0", "-threads", "1", "-map_metadata", "-1", "-fflags", "+bitexact",
                "-c:a", "libopus", "-b:a", rate.ToString(CultureInfo.InvariantCulture), "-application", "voip", "-f", "ogg", "pipe:1"];
        using var ogg = new MemoryStream();
        var code = await AudioProcess.RunAsync(tools.Decoder, arguments, (input, stop) => SamplesAsync(parts, seconds + 1, input.WriteAsync, stop), (output, stop) => CappedAsync(output, ogg, stop), ct);
        return code == 0 && ogg.Length > 0 ? ogg.ToArray() : throw new AudioException(RecordingTrouble.Unreadable);
    }

    private async Task RunAsync(AudioPart part, int mostSeconds, Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> sink, CancellationToken ct)
    {
        var format = AudioFormats.Of(part.Pieces[0]) ?? throw new AudioException(RecordingTrouble.Unreadable);
        var pieces = format == AudioFormat.M4a ? MovieIndex.First(part.Pieces) : part.Pieces;
        string[] arguments =
            ["-v", "quiet", "-nostdin", "-protocol_whitelist", "pipe", "-codec_whitelist", Codecs, "-threads", "1", "-f", DemuxerOf(format), "-i", "pipe:0", "-map", "0:a:0", "-vn", "-sn", "-dn",
                "-t", mostSeconds.ToString(CultureInfo.InvariantCulture), "-ac", "1", "-ar", "16000", "-f", "s16le", "pipe:1"];
        await AudioProcess.RunAsync(tools.Decoder, arguments, async (input, stop) =>
        {
            foreach (var piece in pieces) await input.WriteAsync(piece, stop);
        }, (output, stop) => PumpAsync(output, sink, stop), ct);
    }

    private static string DemuxerOf(AudioFormat format) => format switch { AudioFormat.Wav => "wav", AudioFormat.Mp3 => "mp3", AudioFormat.M4a => "mov", AudioFormat.Ogg => "ogg", _ => "matroska" };

    private static async Task PumpAsync(Stream from, Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> sink, CancellationToken ct)
    {
        var some = new byte[64 * 1024];
        for (int read; (read = await from.ReadAsync(some, ct)) > 0;) await sink(some.AsMemory(0, read), ct);
    }

    private static Task CappedAsync(Stream from, MemoryStream to, CancellationToken ct) => PumpAsync(from, (bytes, _) =>
    {
        if (to.Length + bytes.Length > MostOgg) throw new AudioException(RecordingTrouble.TooLong);
        to.Write(bytes.Span);
        return ValueTask.CompletedTask;
    }, ct);
}
