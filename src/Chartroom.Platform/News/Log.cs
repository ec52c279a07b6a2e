using Microsoft.Extensions.Logging;

namespace Chartroom.Platform.News;

internal static partial class Log
{
    [LoggerMessage(1710, LogLevel.Warning, "News do not travel between nodes: {Kind}. Trying again.")]
    public static partial void WireCut(this ILogger log, string kind);
}
