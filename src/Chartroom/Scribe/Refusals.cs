namespace Chartroom.Scribe;

internal static class Refusals
{
    public static readonly Refusal NothingToDraft = new("scribe.nothing-to-draft", 422,
        "There are no words in this transcript, so there is nothing to draft.");
    public static readonly Refusal TranscriptTooLong = new("scribe.transcript-too-long", 413,
        "This transcript is longer than 600,000 characters. Split it at a pause and draft the parts.");
    public static readonly Refusal FileTooLarge = new("scribe.file-too-large", 413, "A transcript file may have 1 MB at most. Nothing was kept.");
    public static readonly Refusal NotText = new("scribe.not-text", 422,
        "This file is not a text transcript. Give plain text, WebVTT or SubRip (.txt, .vtt, .srt).");
    public static readonly Refusal NothingClinical = new("scribe.nothing-clinical", 422,
        "The drafter found nothing in this transcript that belongs in a note. Nothing was kept.");
    public static readonly Refusal NoSuchVisit = new("scribe.no-such-visit", 404, "There is no such visit in this clinic.");
    public static readonly Refusal NoSuchTranscript = new("scribe.no-such-transcript", 404, "There is no such transcript in this clinic.");
    public static readonly Refusal NoSuchDraft = new("scribe.no-such-draft", 404, "There is no such draft in this clinic.");
    public static readonly Refusal NoSuchNote = new("scribe.no-such-note", 404, "There is no such visit note in this clinic.");
    public static readonly Refusal NoSuchStatement = new("scribe.no-such-statement", 404, "There is no such statement in this draft.");
    public static readonly Refusal DraftOpen = new("scribe.draft-open", 409,
        "This visit has a draft under review. Sign it, or discard it before drafting again.");
    public static readonly Refusal AlreadySigned = new("scribe.already-signed", 409, "The note of this visit is signed. Amend it instead.");
    public static readonly Refusal AlreadyDiscarded = new("scribe.already-discarded", 409, "This draft was discarded. Draft again from its transcript.");
    public static readonly Refusal OpenFirst = new("scribe.open-first", 409, "This statement is flagged. Look at what was found before you accept it.");
    public static readonly Refusal Undecided = new("scribe.undecided", 409, "Some statements still wait for your decision. Nothing was signed.");
    public static readonly Refusal NothingAccepted = new("scribe.nothing-accepted", 409,
        "Every statement was rejected, so there is nothing to sign. Discard the draft instead.");
    public static readonly Refusal InvalidDecision = new("scribe.invalid-decision", 422, "This decision lacks something.");
    public static readonly Refusal InvalidAmendment = new("scribe.invalid-amendment", 422, "This amendment lacks something.");
}
