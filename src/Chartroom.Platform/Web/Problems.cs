using System.Diagnostics;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Chartroom.Platform.Web;

/// <summary>Refusals as RFC 9457 problem details: <c>type</c> is <c>/problems/{code}</c>; beside it <c>code</c>, <c>errors</c> by field, facts and <c>traceId</c>.</summary>
public static class Problems
{
    /// <summary>The answer of an API handler.</summary>
    public static IResult ToHttp<T>(this Outcome<T> outcome, Func<T, IResult> success) => outcome.IsOk ? success(outcome.Value) : outcome.Refusal.ToHttp();

    /// <summary>The refusal as problem details.</summary>
    public static IResult ToHttp(this Refusal refusal) => new ProblemResult(refusal);

    /// <summary>True where the caller is a program: under <c>/api</c>, or asking for JSON.</summary>
    public static bool IsApi(HttpContext context) => context.Request.Path.StartsWithSegments("/api") || context.Request.Path.StartsWithSegments("/openapi.json");

    private sealed class ProblemResult(Refusal refusal) : IResult
    {
        public async Task ExecuteAsync(HttpContext context)
        {
            context.Response.StatusCode = refusal.Status;
            context.Response.ContentType = "application/problem+json";
            Boundary.SetRetryAfter(context, refusal);
            var body = new Dictionary<string, object?>
            {
                ["type"] = $"/problems/{refusal.Code}",
                ["title"] = refusal.Title,
                ["status"] = refusal.Status,
                ["code"] = refusal.Code,
                ["traceId"] = Activity.Current?.TraceId.ToString() ?? context.TraceIdentifier,
            };
            if (refusal.Errors.Count > 0) body["errors"] = refusal.Errors;
            foreach (var (name, fact) in refusal.Facts) body[name] = fact;
            await context.Response.WriteAsync(JsonSerializer.Serialize(body, JsonSerializerOptions.Web), context.RequestAborted);
        }
    }
}
