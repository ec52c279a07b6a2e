using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Chartroom.Platform.Web;

/// <summary>Optimistic concurrency: a row's <c>version</c> is its strong ETag, and a change must name the version it was made from.</summary>
public static class Versions
{
    /// <summary>No If-Match on a change.</summary>
    public static readonly Refusal Missing = new("platform.version-required", 428, "Send If-Match with the version you read.");

    /// <summary>Someone else changed it first. The fact <c>currentVersion</c> tells what to read again.</summary>
    public static readonly Refusal Stale = new("platform.stale-version", 412, "Somebody changed this after you opened it. Look at the new state and try again.");

    /// <summary>Refuses a stale change, telling the current version.</summary>
    public static Refusal StaleAt(int currentVersion) => Stale.With("currentVersion", currentVersion);

    /// <summary>Writes the ETag of what is answered.</summary>
    public static void SetETag(HttpContext context, int version) => context.Response.Headers.ETag = $"\"{version}\"";

    /// <summary>The version named by If-Match, or why there is none. Weak tags and lists do not name one version.</summary>
    public static Outcome<int> IfMatch(HttpContext context)
    {
        var header = context.Request.Headers.IfMatch.ToString();
        if (header.Length == 0) return Missing;
        return header.Length > 2 && header[0] == '"' && header[^1] == '"' && int.TryParse(header[1..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            ? version
            : Stale;
    }
}
