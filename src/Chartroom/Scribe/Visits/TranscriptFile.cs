using System.Text;

namespace Chartroom.Scribe;

/// <summary>An uploaded file as text: UTF-8, or UTF-16 with its mark. Refuses what is too large or no text, whatever its name says.</summary>
internal static class TranscriptFile
{
    public const int LargestBytes = 1024 * 1024;

    private static readonly string[] Endings = [".txt", ".vtt", ".srt"];
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    public static async Task<Outcome<string>> ReadAsync(IFormFile file, CancellationToken ct)
    {
        if (file.Length > LargestBytes) return Refusals.FileTooLarge;
        if (!Endings.Contains(Path.GetExtension(file.FileName), StringComparer.OrdinalIgnoreCase)) return Refusals.NotText;
        using var bytes = new MemoryStream();
        await file.CopyToAsync(bytes, ct);
        return Read(bytes.ToArray());
    }

    internal static Outcome<string> Read(byte[] bytes)
    {
        try
        {
            var text = bytes switch
            {
                [0xFF, 0xFE, ..] => Encoding.Unicode.GetString(bytes, 2, bytes.Length - 2),
                [0xFE, 0xFF, ..] => Encoding.BigEndianUnicode.GetString(bytes, 2, bytes.Length - 2),
                [0xEF, 0xBB, 0xBF, ..] => Strict.GetString(bytes, 3, bytes.Length - 3),
                _ => Strict.GetString(bytes),
            };
            return text.Contains('\0', StringComparison.Ordinal) ? Refusals.NotText : text;
        }
        catch (DecoderFallbackException)
        {
            return Refusals.NotText;
        }
    }
}
