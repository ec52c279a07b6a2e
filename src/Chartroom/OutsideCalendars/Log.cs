namespace Chartroom.OutsideCalendars;

internal static partial class Log
{
    [LoggerMessage(3301, LogLevel.Error, "Reading the outside calendars of clinic {Clinic} failed and will be tried again: {Kind}")]
    public static partial void RoundFailed(this ILogger log, Guid clinic, string kind);
}
