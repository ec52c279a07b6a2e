using System.Buffers.Binary;

namespace Chartroom.Scribe;

/// <summary>Audio made on the spot: 16 kHz, one channel, 16 bits.</summary>
internal static class SampleAudio
{
    private const int Rate = 16_000;

    /// <summary>Bursts of a buzz with pauses between them, as loud as speech.</summary>
    public static byte[] Bursts(double seconds) => Wav(seconds, at => at % 0.5 < 0.3 ? 6000 * Math.Sin(2 * Math.PI * 220 * at) * Math.Sin(Math.PI * (at % 0.5) / 0.3) : 8 * Math.Sin(at * 700));

    /// <summary>A room with nobody in it.</summary>
    public static byte[] Silence(double seconds) => Wav(seconds, at => 12 * Math.Sin(2 * Math.PI * 60 * at));

    /// <summary>A steady tone: loud, and no speech.</summary>
    public static byte[] Hum(double seconds) => Wav(seconds, at => 5000 * Math.Sin(2 * Math.PI * 120 * at));

    private static byte[] Wav(double seconds, Func<double, double> sample)
    {
        var count = (int)(seconds * Rate);
        var wav = new byte[44 + (count * 2)];
        "RIFF"u8.CopyTo(wav);
        BinaryPrimitives.WriteInt32LittleEndian(wav.AsSpan(4), wav.Length - 8);
        "WAVEfmt "u8.CopyTo(wav.AsSpan(8));
        BinaryPrimitives.WriteInt32LittleEndian(wav.AsSpan(16), 16);
        BinaryPrimitives.WriteInt16LittleEndian(wav.AsSpan(20), 1);
        BinaryPrimitives.WriteInt16LittleEndian(wav.AsSpan(22), 1);
        BinaryPrimitives.WriteInt32LittleEndian(wav.AsSpan(24), Rate);
        BinaryPrimitives.WriteInt32LittleEndian(wav.AsSpan(28), Rate * 2);
        BinaryPrimitives.WriteInt16LittleEndian(wav.AsSpan(32), 2);
        BinaryPrimitives.WriteInt16LittleEndian(wav.AsSpan(34), 16);
        "data"u8.CopyTo(wav.AsSpan(36));
        BinaryPrimitives.WriteInt32LittleEndian(wav.AsSpan(40), count * 2);
        for (var number = 0; number < count; number++) BinaryPrimitives.WriteInt16LittleEndian(wav.AsSpan(44 + (number * 2)), (short)sample((double)number / Rate));
        return wav;
    }
}
