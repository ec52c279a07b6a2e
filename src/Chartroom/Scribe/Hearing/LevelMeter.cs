using System.Buffers.Binary;

namespace Chartroom.Scribe.Hearing;

/// <summary>
/// How loud a recording is, by stretches of 20 ms. It decides before anybody is asked whether somebody may speak in it: a room with nobody in it is quiet, a machine's hum does not rise and fall.
/// It leans to "may speak": a recogniser that hears nothing in it says so.
/// </summary>
internal sealed class LevelMeter
{
    private const int Frame = Decoder.Rate / 50, Quietest = -96;
    private const int AudibleAt = -55, LeastAudibleFrames = 30, LeastRise = 3;   // dB of full scale; 0.6 s; dB between its pauses and its loud stretches
    private readonly long[] frames = new long[-Quietest + 1];
    private readonly List<byte> half = [];
    private double sum;
    private int filled;
    private long samples;

    public int Seconds => (int)(samples / Decoder.Rate);

    public void Add(ReadOnlySpan<byte> bytes)
    {
        if (half.Count == 1 && bytes.Length > 0)
        {
            Sample(BinaryPrimitives.ReadInt16LittleEndian([half[0], bytes[0]]));
            half.Clear();
            bytes = bytes[1..];
        }
        for (var at = 0; at + 1 < bytes.Length; at += 2) Sample(BinaryPrimitives.ReadInt16LittleEndian(bytes[at..]));
        if (bytes.Length % 2 == 1) half.Add(bytes[^1]);
    }

    /// <summary>False: there can be no words in it.</summary>
    public bool MayHoldSpeech => Louder(AudibleAt) >= LeastAudibleFrames && Level(0.95) - Level(0.10) >= LeastRise;

    private void Sample(short value)
    {
        samples++;
        sum += (double)value * value;
        if (++filled < Frame) return;
        var level = sum == 0 ? Quietest : 10 * Math.Log10(sum / Frame / (32768.0 * 32768.0));
        frames[(int)Math.Clamp(-level, 0, -Quietest)]++;
        (sum, filled) = (0, 0);
    }

    private long Louder(int decibels) => frames.Take(-decibels).Sum();

    /// <summary>The level that so many of the stretches do not exceed.</summary>
    private int Level(double share)
    {
        var rest = (long)Math.Ceiling(frames.Sum() * share);
        for (var at = frames.Length - 1; at >= 0; at--)
            if ((rest -= frames[at]) <= 0) return -at;
        return 0;
    }
}
