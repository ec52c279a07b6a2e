namespace Chartroom.Shell;

internal static partial class Log
{
    [LoggerMessage(1251, LogLevel.Warning, "A browser stopped something on a page of ours: {Code}")]
    public static partial void PolicyBroken(this ILogger log, string code);
}
