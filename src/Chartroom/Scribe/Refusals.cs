namespace Chartroom.Scribe;

internal static class Refusals
{
    public static readonly Refusal NothingToDraft = new("scribe.nothing-to-draft", 422,
        "There are no words in this transcript, so there is nothing to draft.");
    public static readonly Refusal TranscriptTooLong = new("scribe.transcript-too-long", 413,
        "This transcript is longer than 600,000 characters. Split it at a pause and draft the parts.");
}
