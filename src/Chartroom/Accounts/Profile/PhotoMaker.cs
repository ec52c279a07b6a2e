using Chartroom.Shell;

namespace Chartroom.Accounts;

/// <summary>
/// Makes the photo that is kept of a picture somebody sent: its middle, 256 by 256 pixels, JPEG. The file itself is read by ffmpeg within limits (docs/decisions/0018), told by its first bytes which of three readers to use, and kept nowhere;
/// what else stands in it (places, cameras, scripts behind the picture) does not come along.
/// </summary>
internal static class PhotoMaker
{
    public const int MostBytes = 7 * 1024 * 1024, Side = 256;
    private const int MostMade = 65_536;
    private static readonly TimeSpan MostWork = TimeSpan.FromSeconds(10);

    /// <summary>Refuses <c>accounts.photo-too-large</c>, <c>accounts.no-photo-reader</c> and <c>accounts.not-a-photo</c>.</summary>
    public static async Task<Outcome<byte[]>> MakeAsync(byte[] file, CancellationToken ct)
    {
        if (file.Length > MostBytes) return Refusals.PhotoTooLarge;
        if (ReaderOf(file) is not { } reader) return Refusals.NotAPhoto;
        if (!OtherProgram.CanRun(OtherProgram.Ffmpeg)) return Refusals.NoPhotoReader;
        var plan = OtherProgram.Plan(OtherProgram.Ffmpeg, MostWork,
            ["-v", "quiet", "-xerror", "-nostdin", "-protocol_whitelist", "pipe", "-codec_whitelist", "mjpeg,png,webp", "-max_pixels", "60000000", "-err_detect", "explode", "-threads", "1", "-f", reader, "-i", "pipe:0",
                "-map", "0:v:0", "-frames:v", "1", "-map_metadata", "-1", "-vf", $"crop='min(iw,ih)':'min(iw,ih)',scale={Side}:{Side}:flags=lanczos,format=yuvj420p", "-threads", "1", "-fflags", "+bitexact", "-c:v", "mjpeg",
                "-q:v", "4", "-f", "image2pipe", "pipe:1"]);
        using var made = new MemoryStream();
        try
        {
            var code = await OtherProgram.RunAsync(plan, MostWork, (input, stop) => input.WriteAsync(file, stop).AsTask(), (output, stop) => CopyAsync(output, made, stop), ct);
            return code == 0 && made.Length is > 100 and <= MostMade ? made.ToArray() : Refusals.NotAPhoto;
        }
        catch (OtherProgramException error)
        {
            return error.IsMissing ? Refusals.NoPhotoReader : Refusals.NotAPhoto;
        }
    }

    private static string? ReaderOf(ReadOnlySpan<byte> file) => file switch
    {
        [0xFF, 0xD8, 0xFF, ..] => "jpeg_pipe",
        [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => "png_pipe",
        [(byte)'R', (byte)'I', (byte)'F', (byte)'F', _, _, _, _, (byte)'W', (byte)'E', (byte)'B', (byte)'P', ..] => "webp_pipe",
        _ => null,
    };

    private static async Task CopyAsync(Stream from, MemoryStream to, CancellationToken ct)
    {
        var some = new byte[16 * 1024];
        for (int read; (read = await from.ReadAsync(some, ct)) > 0;)
            if (to.Length <= MostMade) to.Write(some, 0, read);
    }
}
