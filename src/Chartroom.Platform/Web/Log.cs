using Microsoft.Extensions.Logging;

namespace Chartroom.Platform.Web;

internal static partial class Log
{
    [LoggerMessage(1001, LogLevel.Error, "A request failed: {Kind} {SqlState} (trace {TraceId}) at {Where}")]
    public static partial void RequestFailed(this ILogger log, string kind, string? sqlState, string traceId, string where);
}
