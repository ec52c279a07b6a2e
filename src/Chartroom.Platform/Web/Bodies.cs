using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Extensions.DependencyInjection;
using KestrelServerOptions = Microsoft.AspNetCore.Server.Kestrel.Core.KestrelServerOptions;

namespace Chartroom.Platform.Web;

/// <summary>A route that reads its body itself, piece by piece, so that it may be large. Its act must be one effect however often it is sent: nobody keeps its answers.</summary>
public sealed record StreamsBody(long MostBytes) : IRequestSizeLimitMetadata
{
    /// <inheritdoc/>
    public long? MaxRequestBodySize => MostBytes;
}

/// <summary>What a request may carry, and where it stays while it is read: in memory. The framework's own way, the machine's temporary folder, would leave PHI there in the clear.</summary>
public static class Bodies
{
    /// <summary>Largest body of an ordinary route in bytes: the longest transcript, as a form encodes it at worst.</summary>
    public const int LimitBytes = 8 * 1024 * 1024;

    /// <summary>Sets the limits for every route.</summary>
    internal static IServiceCollection HoldBodiesInMemory(this IServiceCollection services) => services
        .Configure<KestrelServerOptions>(kestrel => kestrel.Limits.MaxRequestBodySize = LimitBytes)
        .Configure<FormOptions>(form => (form.MemoryBufferThreshold, form.MultipartBodyLengthLimit, form.ValueLengthLimit) = (LimitBytes, LimitBytes, LimitBytes));

    /// <summary>Says that the route streams.</summary>
    /// <param name="mostBytes">Largest body in bytes.</param>
    public static TBuilder StreamsBody<TBuilder>(this TBuilder route, long mostBytes) where TBuilder : IEndpointConventionBuilder =>
        route.WithMetadata(new StreamsBody(mostBytes));

    /// <summary>True where the body is the route's own to read.</summary>
    public static bool IsStreamed(HttpContext context) => context.GetEndpoint()?.Metadata.GetMetadata<StreamsBody>() is not null;

    /// <summary>The posted form. One that was cut short is unreadable (400), not a fault.</summary>
    public static async Task<IFormCollection> ReadFormAsync(HttpRequest request, CancellationToken ct)
    {
        try
        {
            return await request.ReadFormAsync(ct);
        }
        catch (IOException error) when (error is not BadHttpRequestException && !request.HttpContext.RequestAborted.IsCancellationRequested)
        {
            throw new BadHttpRequestException("The form was cut short.", StatusCodes.Status400BadRequest, error);
        }
    }

    /// <summary>SHA-256 of what a request asks. A form counts by its fields and files: a second click packs the same ones between other boundaries.</summary>
    internal static async Task<byte[]> HashAsync(HttpRequest request, CancellationToken ct)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Add(hash, $"{request.Method} {request.Path}{request.QueryString}");
        if (request.HasFormContentType) await AddFormAsync(hash, await ReadFormAsync(request, ct), ct);
        else
        {
            request.EnableBuffering(LimitBytes, LimitBytes);
            await AddAsync(hash, request.Body, ct);
            request.Body.Position = 0;
        }
        return hash.GetHashAndReset();
    }

    private static async Task AddFormAsync(IncrementalHash hash, IFormCollection form, CancellationToken ct)
    {
        foreach (var (name, values) in form.OrderBy(field => field.Key, StringComparer.Ordinal))
            foreach (var value in values)
            {
                Add(hash, name);
                Add(hash, value ?? "");
            }
        foreach (var file in form.Files)
        {
            Add(hash, file.Name);
            Add(hash, file.FileName);
            await using var content = file.OpenReadStream();
            await AddAsync(hash, content, ct);
        }
    }

    // The length goes first, so that no two lists of texts run together into the same bytes.
    private static void Add(IncrementalHash hash, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        hash.AppendData(BitConverter.GetBytes(bytes.Length));
        hash.AppendData(bytes);
    }

    private static async Task AddAsync(IncrementalHash hash, Stream content, CancellationToken ct)
    {
        var buffer = new byte[16 * 1024];
        int read;
        while ((read = await content.ReadAsync(buffer, ct)) > 0) hash.AppendData(buffer, 0, read);
    }
}
