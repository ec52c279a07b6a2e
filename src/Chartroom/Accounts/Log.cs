namespace Chartroom.Accounts;

internal static partial class Log
{
    [LoggerMessage(1261, LogLevel.Error, "Sessions whose time is over could not be ended and will be tried again: {Kind}")]
    public static partial void SessionsNotEnded(this ILogger log, string kind);
}
