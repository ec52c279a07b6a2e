using System.Buffers.Binary;

namespace Chartroom.Scribe.Hearing;

/// <summary>
/// Phones write an M4A's index (<c>moov</c>) behind the sound, where a reader of a pipe cannot go back to. Puts it first and moves the offsets in it by its own length
/// (ISO 14496-12: <c>stco</c>, <c>co64</c>), in memory. What is not built as described is left as it is: the decoder says no to it then.
/// </summary>
internal static class MovieIndex
{
    private static readonly string[] Holders = ["moov", "trak", "mdia", "minf", "stbl"];

    private readonly record struct Box(int Start, int Header, int Length, string Kind);

    public static IReadOnlyList<byte[]> First(IReadOnlyList<byte[]> pieces)
    {
        var whole = new byte[pieces.Sum(piece => piece.Length)];
        var at = 0;
        foreach (var piece in pieces)
        {
            piece.CopyTo(whole, at);
            at += piece.Length;
        }
        var boxes = Boxes(whole, 0, whole.Length);
        var (sound, index) = (boxes.FindIndex(box => box.Kind == "mdat"), boxes.FindIndex(box => box.Kind == "moov"));
        if (sound < 0 || index < sound) return [whole];
        var moov = boxes[index];
        var moved = whole.AsSpan(moov.Start, moov.Length).ToArray();
        Shift(moved, 0, moved.Length, moved.Length);
        var start = boxes[sound].Start;
        return [whole[..start], moved, whole[start..moov.Start]];
    }

    private static void Shift(byte[] bytes, int from, int to, int by)
    {
        foreach (var box in Boxes(bytes, from, to))
        {
            var body = box.Start + box.Header;
            if (Holders.Contains(box.Kind)) Shift(bytes, body, box.Start + box.Length, by);
            else if (box.Kind is "stco" or "co64") ShiftTable(bytes.AsSpan(body, box.Length - box.Header), box.Kind == "co64" ? 8 : 4, by);
        }
    }

    private static void ShiftTable(Span<byte> table, int width, int by)
    {
        if (table.Length < 8) return;
        var count = BinaryPrimitives.ReadUInt32BigEndian(table[4..]);
        for (var at = 8; count > 0 && at + width <= table.Length; at += width, count--)
            if (width == 8) BinaryPrimitives.WriteUInt64BigEndian(table[at..], BinaryPrimitives.ReadUInt64BigEndian(table[at..]) + (ulong)by);
            else BinaryPrimitives.WriteUInt32BigEndian(table[at..], BinaryPrimitives.ReadUInt32BigEndian(table[at..]) + (uint)by);
    }

    private static List<Box> Boxes(ReadOnlySpan<byte> bytes, int from, int to)
    {
        var boxes = new List<Box>();
        for (var at = from; at + 8 <= to && boxes.Count < 10_000;)
        {
            long length = BinaryPrimitives.ReadUInt32BigEndian(bytes[at..]);
            var header = 8;
            if (length == 1 && at + 16 <= to) (length, header) = ((long)Math.Min(BinaryPrimitives.ReadUInt64BigEndian(bytes[(at + 8)..]), long.MaxValue), 16);
            else if (length == 0) length = to - at;
            if (length < header || length > to - at) return boxes;
            boxes.Add(new(at, header, (int)length, System.Text.Encoding.Latin1.GetString(bytes.Slice(at + 4, 4))));
            at += (int)length;
        }
        return boxes;
    }
}
