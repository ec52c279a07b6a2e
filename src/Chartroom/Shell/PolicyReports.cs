using System.Text.Json;
using Chartroom.Platform.Web;

namespace Chartroom.Shell;

/// <summary>
/// Where browsers report what our content policy stopped: a fault of a page of ours, or somebody's attempt. Only the directive is logged, and only if it
/// is one: a report is a stranger's text, and its addresses may hold what the log must not. See <see href="https://www.w3.org/TR/reporting-1/"/>.
/// </summary>
internal static class PolicyReports
{
    internal const string Path = "/policy-reports";
    private const int MostBytes = 16 * 1024, MostReports = 20;

    private static readonly HashSet<string> Directives = new(StringComparer.Ordinal)
    {
        "default-src", "script-src", "script-src-elem", "script-src-attr", "style-src", "style-src-elem", "style-src-attr", "img-src", "font-src", "connect-src", "media-src",
        "object-src", "frame-src", "child-src", "worker-src", "manifest-src", "form-action", "frame-ancestors", "base-uri",
    };

    public static void MapPolicyReports(this WebApplication app) =>
        app.MapPost(Path, TakeAsync).Public("browsers report breaches of the content policy without a session").Limited(RateClass.Door).ExcludeFromDescription();

    private static async Task<IResult> TakeAsync(HttpContext context, ILoggerFactory logs)
    {
        var body = new byte[MostBytes];
        var length = await context.Request.Body.ReadAtLeastAsync(body, MostBytes, throwOnEndOfStream: false, context.RequestAborted);
        foreach (var directive in DirectivesOf(body.AsMemory(0, length))) logs.CreateLogger(typeof(PolicyReports)).PolicyBroken(directive);
        return Results.NoContent();   // also for what is no report: a browser can do nothing with a refusal
    }

    /// <summary>The directives that the reports name, in either of the two forms that browsers send.</summary>
    internal static IEnumerable<string> DirectivesOf(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var reports = JsonDocument.Parse(body);
            var each = reports.RootElement.ValueKind == JsonValueKind.Array ? reports.RootElement.EnumerateArray().Take(MostReports).ToList() : [reports.RootElement];
            return [.. each.Select(DirectiveOf).OfType<string>().Where(Directives.Contains)];
        }
        catch (JsonException)
        {
            return [];
        }
    }

    private static string? DirectiveOf(JsonElement report)
    {
        foreach (var (inside, name) in new[] { ("body", "effectiveDirective"), ("csp-report", "effective-directive"), ("csp-report", "violated-directive") })
        {
            if (report.ValueKind == JsonValueKind.Object && report.TryGetProperty(inside, out var body) && body.ValueKind == JsonValueKind.Object
                && body.TryGetProperty(name, out var directive) && directive.ValueKind == JsonValueKind.String)
                return directive.GetString()!.Split(' ')[0];
        }
        return null;
    }
}
