using System.Buffers;
using System.Buffers.Text;
using System.IO.Compression;
using System.Text.Json;
using System.Text.Unicode;

namespace Chartroom.Import;

/// <summary>A file's bytes on their way to JSON: unpacked when they are gzip whatever the name says, never more than the limit in memory.</summary>
internal static class BundleBytes
{
    /// <summary>FHIR's own deepest structures stay under 40.</summary>
    private const int MaxDepth = 64;

    private const int PieceBytes = 1024 * 1024;

    /// <summary>Reads to the end, or until there is more than <paramref name="limitBytes"/>, packed or unpacked: a bomb stops there.</summary>
    public static async Task<Outcome<ReadOnlyMemory<byte>>> ReadAsync(Stream file, int limitBytes, CancellationToken ct)
    {
        var packed = await ArrivedAsync(file, limitBytes, ct);
        if (!packed.IsOk || packed.Value.Span is not [0x1f, 0x8b, ..]) return packed;

        await using var unpacked = new GZipStream(new MemoryStream(packed.Value.ToArray()), CompressionMode.Decompress);
        try
        {
            return await UpToAsync(unpacked, limitBytes, ct);
        }
        catch (InvalidDataException)
        {
            return Refusals.BrokenGzip;
        }
    }

    /// <summary>Parses; the caller disposes the document.</summary>
    public static Outcome<JsonDocument> Parse(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.Span.StartsWith("\uFEFF"u8)) bytes = bytes[3..];
        if (bytes.Span.Trim(" \t\r\n"u8).IsEmpty) return Refusals.EmptyFile;
        if (!Utf8.IsValid(bytes.Span)) return IsCutInsideACharacter(bytes.Span) ? Refusals.NotJson : Refusals.NotUtf8;
        if (HoldsHalfCharacter(bytes.Span)) return Refusals.NotUtf8;
        try
        {
            return JsonDocument.Parse(bytes, new JsonDocumentOptions { MaxDepth = MaxDepth, AllowDuplicateProperties = false });
        }
        catch (JsonException e)
        {
            if (IsTooDeep(bytes.Span)) return Refusals.TooDeep;
            var refusal = Refusals.NotJson;
            return e.LineNumber is { } line ? refusal.With("line", line + 1).With("byte", (e.BytePositionInLine ?? 0) + 1) : refusal;
        }
    }

    /// <summary>A sender that goes away in the middle, or packs several files into a request that is too large as a whole, is told so if anybody is still there.</summary>
    private static async Task<Outcome<ReadOnlyMemory<byte>>> ArrivedAsync(Stream file, int limitBytes, CancellationToken ct)
    {
        try
        {
            return await UpToAsync(file, limitBytes, ct);
        }
        catch (BadHttpRequestException e) when (e.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return Refusals.TooLarge.With("limitBytes", limitBytes);
        }
        catch (IOException)
        {
            return Refusals.CutShort;
        }
    }

    /// <summary>Collects in pieces that are lent and given back, so that a refused file leaves no more memory in use than the next one takes over.</summary>
    private static async Task<Outcome<ReadOnlyMemory<byte>>> UpToAsync(Stream stream, int limitBytes, CancellationToken ct)
    {
        var pieces = new List<byte[]>();
        try
        {
            for (var length = 0; ;)
            {
                if (length == pieces.Count * PieceBytes) pieces.Add(ArrayPool<byte>.Shared.Rent(PieceBytes));
                var start = length % PieceBytes;
                var read = await stream.ReadAsync(pieces[^1].AsMemory(start, PieceBytes - start), ct);
                if (read == 0) return Whole(pieces, length);
                length += read;
                if (length > limitBytes) return Refusals.TooLarge.With("limitBytes", limitBytes);
            }
        }
        finally
        {
            foreach (var piece in pieces) ArrayPool<byte>.Shared.Return(piece, clearArray: true);   // it held a chart
        }
    }

    private static ReadOnlyMemory<byte> Whole(List<byte[]> pieces, int length)
    {
        var whole = new byte[length];
        for (var at = 0; at < length; at += PieceBytes) pieces[at / PieceBytes].AsSpan(0, Math.Min(PieceBytes, length - at)).CopyTo(whole.AsSpan(at));
        return whole;
    }

    private static bool IsCutInsideACharacter(ReadOnlySpan<byte> bytes) =>
        Utf8.IsValid(bytes[..^1]) || (bytes.Length > 1 && Utf8.IsValid(bytes[..^2])) || (bytes.Length > 2 && Utf8.IsValid(bytes[..^3]));

    /// <summary>Whether an escape such as <c>\ud800</c> stands without its other half: JSON's grammar allows it, no text can hold it, and the
    /// parser would only notice when the string is read.</summary>
    private static bool HoldsHalfCharacter(ReadOnlySpan<byte> json)
    {
        var (at, lowHalfDueAt) = (0, -1);
        while (at < json.Length && json[at..].IndexOf((byte)'\\') is >= 0 and var skipped)
        {
            at += skipped;
            var unit = EscapedUnit(json[at..]);
            var isLowHalf = unit is { } low && char.IsLowSurrogate(low);
            if (isLowHalf != (lowHalfDueAt == at) || (lowHalfDueAt >= 0 && lowHalfDueAt != at)) return true;
            lowHalfDueAt = unit is { } high && char.IsHighSurrogate(high) ? at + 6 : -1;
            at += unit is null ? 2 : 6;
        }
        return lowHalfDueAt >= 0;
    }

    /// <summary>The UTF-16 unit of an escape of the form \uXXXX; null for the short escapes.</summary>
    private static char? EscapedUnit(ReadOnlySpan<byte> escape) =>
        escape.Length >= 6 && escape[1] == 'u' && Utf8Parser.TryParse(escape.Slice(2, 4), out ushort unit, out var used, 'x') && used == 4
            ? (char)unit : null;

    /// <summary>The parser does not say why it stopped; this looks again, only ever at a file that is refused anyway.</summary>
    private static bool IsTooDeep(ReadOnlySpan<byte> bytes)
    {
        var reader = new Utf8JsonReader(bytes, new JsonReaderOptions { MaxDepth = int.MaxValue });
        try
        {
            while (reader.Read())
                if (reader.CurrentDepth >= MaxDepth) return true;
        }
        catch (JsonException)
        {
            return false;
        }
        return false;
    }
}
