using Microsoft.Extensions.Logging;

namespace Chartroom.Platform.Outbox;

internal static partial class Log
{
    [LoggerMessage(1101, LogLevel.Information, "Message {Id} was accepted at attempt {Attempts}")]
    public static partial void Sent(this ILogger log, Guid id, int attempts);

    [LoggerMessage(1102, LogLevel.Warning, "Message {Id} was not accepted at attempt {Attempts}: {Error}; now {State}")]
    public static partial void NotSent(this ILogger log, Guid id, int attempts, string error, string state);

    [LoggerMessage(1103, LogLevel.Error, "The outbox of clinic {Clinic} was not gone through: {Kind}")]
    public static partial void RoundFailed(this ILogger log, Guid clinic, string kind);

    [LoggerMessage(1104, LogLevel.Warning, "Not listening for messages of other nodes: {Kind}")]
    public static partial void NotListening(this ILogger log, string kind);
}
