using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.IO.Compression;
using System.Reflection;
using System.Security.Cryptography;
using Chartroom.Platform.Web;
using Microsoft.AspNetCore.StaticFiles;

namespace Chartroom.Shell;

/// <summary>
/// Style sheets, scripts and icons, embedded in the program. Each has an address with the hash of its content, so a browser may keep it for
/// ever and still sees a new release at once. Nothing else the program serves may be kept.
/// </summary>
internal static class AssetFiles
{
    private const string Prefix = "assets/";
    private static readonly object KeepMark = new();
    private static readonly FileExtensionContentTypeProvider ContentTypes = new();
    private static readonly FrozenDictionary<string, Asset> All = Load();
    private static readonly ConcurrentDictionary<string, byte[]> Compressed = new();
    private static readonly ConcurrentDictionary<string, string> Icons = new();

    private sealed record Asset(string Hash, string ContentType, byte[] Bytes);

    /// <summary>The address of an asset, for example <c>Url("app.css")</c>. Without the assets step it holds no hash and answers 404.</summary>
    internal static string Url(string name) => $"/assets/{(All.TryGetValue(name, out var asset) ? asset.Hash : "missing")}/{name}";

    /// <summary>An icon's shapes (what stands between the svg tags), or an empty text for one that is not in <c>icons.txt</c>.</summary>
    internal static string IconShapes(string name) => Icons.GetOrAdd(name, ReadIcon);

    /// <summary>True for an asset under the address of its present content; nothing else may be kept by a browser or a proxy.</summary>
    internal static bool MayBeKept(HttpContext context) => context.Items.ContainsKey(KeepMark);

    internal static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/assets/{hash}/{**name}", Serve).ExcludeFromDescription()
            .Public("style sheets and scripts are the same for everyone").Limited(RateClass.Light);

    private static IResult Serve(string hash, string name, HttpContext context)
    {
        if (!All.TryGetValue(name, out var asset)) return Results.NotFound();
        // A copy of the last release may still show its old address: it gets the present content, which it must not keep.
        if (hash == asset.Hash) Keep(context);
        context.Response.Headers.Vary = "Accept-Encoding";
        if (!context.Request.Headers.AcceptEncoding.ToString().Contains("br", StringComparison.Ordinal))
            return Results.Bytes(asset.Bytes, asset.ContentType);
        context.Response.Headers.ContentEncoding = "br";
        return Results.Bytes(Compressed.GetOrAdd(name, _ => Compress(asset.Bytes)), asset.ContentType);
    }

    private static void Keep(HttpContext context)
    {
        context.Items[KeepMark] = true;
        context.Response.Headers.CacheControl = "public, max-age=31536000, immutable";
    }

    private static byte[] Compress(byte[] bytes)
    {
        using var target = new MemoryStream();
        using (var brotli = new BrotliStream(target, CompressionLevel.Optimal)) brotli.Write(bytes);
        return target.ToArray();
    }

    private static FrozenDictionary<string, Asset> Load()
    {
        var assembly = Assembly.GetExecutingAssembly();
        var names = assembly.GetManifestResourceNames().Order(StringComparer.Ordinal).ToArray();
        return names.Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)).Select(name => name[Prefix.Length..])
            .ToFrozenDictionary(name => name, name => Read(name, [Prefix + name, .. PartsOf(name, names)], assembly));
    }

    /// <summary>Styles and scripts that stand beside a capability's pages are part of app.css and app.js, in the order of their paths.</summary>
    private static IEnumerable<string> PartsOf(string name, string[] names) => name is "app.css" or "app.js"
        ? names.Where(part => part.StartsWith("joined/", StringComparison.Ordinal) && part.EndsWith(name[3..], StringComparison.Ordinal))
        : [];

    private static Asset Read(string name, string[] resources, Assembly assembly)
    {
        using var joined = new MemoryStream();
        foreach (var resource in resources)
        {
            using var source = assembly.GetManifestResourceStream(resource)!;   // the name came from the same assembly
            source.CopyTo(joined);
            if (resources.Length > 1) joined.WriteByte((byte)'\n');
        }
        var bytes = joined.ToArray();
        var hash = Convert.ToHexStringLower(SHA256.HashData(bytes))[..12];
        var type = ContentTypes.TryGetContentType(name, out var known) ? known : "application/octet-stream";
        return new(hash, type.StartsWith("text/", StringComparison.Ordinal) ? type + "; charset=utf-8" : type, bytes);
    }

    private static string ReadIcon(string name)
    {
        if (!All.TryGetValue($"lib/icons/{name}.svg", out var asset)) return "";
        var text = System.Text.Encoding.UTF8.GetString(asset.Bytes);
        var start = text.IndexOf('>', text.IndexOf("<svg", StringComparison.Ordinal)) + 1;
        return text[start..text.LastIndexOf("</svg>", StringComparison.Ordinal)].Trim();
    }
}
