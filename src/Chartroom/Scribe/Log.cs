namespace Chartroom.Scribe;

internal static partial class Log
{
    [LoggerMessage(3401, LogLevel.Error, "Looking for notes to draft at clinic {Clinic} failed and will be tried again: {Kind}")]
    public static partial void RoundFailed(this ILogger log, Guid clinic, string kind);

    [LoggerMessage(3402, LogLevel.Error, "Drafting {Drafting} broke off and will be taken up again: {Kind}")]
    public static partial void DraftingFailed(this ILogger log, Guid drafting, string kind);

    [LoggerMessage(3403, LogLevel.Error, "Looking after the recordings of clinic {Clinic} failed and will be tried again: {Kind}")]
    public static partial void KeepingFailed(this ILogger log, Guid clinic, string kind);

    [LoggerMessage(3404, LogLevel.Error, "Transcribing {Recording} broke off and will be taken up again: {Kind}")]
    public static partial void TranscribingFailed(this ILogger log, Guid recording, string kind);
}
