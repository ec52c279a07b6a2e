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
    public static readonly Refusal NoSuchPatient = new("scribe.no-such-patient", 404, "There is no such patient in this clinic.");
    public static readonly Refusal EmptyChart = new("scribe.empty-chart", 422, "This chart holds nothing yet, so there is nothing to summarize.");
    public static readonly Refusal SummaryOpen = new("scribe.summary-open", 409, "A summary of this chart is under review. Sign it, or discard it before drafting anew.");
    public static readonly Refusal ChartChanged = new("scribe.chart-changed", 409,
        "The chart has changed under a statement that you accepted. Reject that statement, or discard the draft and draft anew. Nothing was signed.");
    public static readonly Refusal NoSuchTranscript = new("scribe.no-such-transcript", 404, "There is no such transcript in this clinic.");
    public static readonly Refusal NoSuchDrafting = new("scribe.no-such-drafting", 404, "No outside model was asked to draft this visit's note.");
    public static readonly Refusal NoSuchDraft = new("scribe.no-such-draft", 404, "There is no such draft in this clinic.");
    public static readonly Refusal NoSuchNote = new("scribe.no-such-note", 404, "There is no such visit note in this clinic.");
    public static readonly Refusal NoSuchStatement = new("scribe.no-such-statement", 404, "There is no such statement in this draft.");
    public static readonly Refusal DraftOpen = new("scribe.draft-open", 409,
        "This visit has a draft under review. Sign it, or discard it before drafting again.");
    public static readonly Refusal BeingDrafted = new("scribe.being-drafted", 409, "The note of this visit is being drafted. Wait until it is there.");
    public static readonly Refusal SummaryBeingDrafted = new("scribe.summary-being-drafted", 409, "A summary of this chart is being drafted. Wait until it is there.");
    public static readonly Refusal DraftingOff = new("scribe.drafting-off", 409, "This clinic has switched off drafting of this kind. An administrator can switch it on under Settings, Assistant.");
    public static readonly Refusal AlreadySigned = new("scribe.already-signed", 409, "The note of this visit is signed. Amend it instead.");
    public static readonly Refusal AlreadyDiscarded = new("scribe.already-discarded", 409, "This draft was discarded. Bring it back to go on with it.");
    public static readonly Refusal NotDiscarded = new("scribe.not-discarded", 409, "This draft is not discarded, so there is nothing to bring back.");
    public static readonly Refusal OrdersReplaced = new("scribe.orders-replaced", 409, "Other proposals of this visit have taken the place of these.");
    public static readonly Refusal OpenFirst = new("scribe.open-first", 409, "This statement is flagged. Look at what was found before you accept it.");
    public static readonly Refusal Undecided = new("scribe.undecided", 409, "Some statements still wait for your decision. Nothing was signed.");
    public static readonly Refusal NothingAccepted = new("scribe.nothing-accepted", 409,
        "Every statement was rejected, so there is nothing to sign. Discard the draft instead.");
    public static readonly Refusal NoSuchWriting = new("scribe.no-such-writing", 404, "No note of this visit is being written by hand.");
    public static readonly Refusal BeingWritten = new("scribe.being-written", 409, "The note of this visit is being written by hand. Sign it, or discard it before drafting.");
    public static readonly Refusal NothingWritten = new("scribe.nothing-written", 422, "Nothing is written yet, so there is nothing to sign.");
    public static readonly Refusal NothingToCopy = new("scribe.nothing-to-copy", 422, "Choose a section of the patient's last signed note.");
    public static readonly Refusal CopiedUntouched = new("scribe.copied-untouched", 409, "Text copied from an earlier note is as it was. Read it, then confirm it or change it.");
    public static readonly Refusal InvalidWriting = new("scribe.invalid-writing", 422, "A section has 20,000 characters at most.");
    public static readonly Refusal NotYoursToCosign = new("scribe.not-yours-to-cosign", 409, "This version of the note does not wait for your second signature.");
    public static readonly Refusal InvalidAnswer = new("scribe.invalid-answer", 422, "A note is co-signed, or sent back with what is to be changed.");
    public static readonly Refusal InvalidSupervision = new("scribe.invalid-supervision", 422, "Each provider's notes are co-signed by one other provider, or by nobody.");
    public static readonly Refusal InvalidDecision = new("scribe.invalid-decision", 422, "This decision lacks something.");
    public static readonly Refusal OneByOne = new("scribe.one-by-one", 409, "Orders are decided one by one.");
    public static readonly Refusal OtherKind = new("scribe.other-kind", 409, "This draft is of another kind: a note is signed, orders are placed.");
    public static readonly Refusal AllergyWarning = new("scribe.allergy-warning", 409,
        "The chart now lists an allergy that speaks against an accepted medicine. Nothing was placed. Reject that one; it can be ordered by hand with a reason.");
    public static readonly Refusal InvalidSeeding = new("scribe.invalid-seeding", 422, "Errors are planted into one draft in 1 to 100, or into none.");
    public static readonly Refusal NoSuchTemplate = new("scribe.no-such-template", 422, "Choose a template that this clinic offers. Nothing was drafted.");
    public static readonly Refusal InvalidSpeakers = new("scribe.invalid-speakers", 422, "Say which voice is the clinician's and which the patient's. Nothing was changed.");
    public static readonly Refusal InvalidAmendment = new("scribe.invalid-amendment", 422, "This amendment lacks something.");
    public static readonly Refusal NoSuchRecording = new("scribe.no-such-recording", 404, "There is no such recording in this clinic.");
    public static readonly Refusal ConsentMissing = new("scribe.consent-missing", 409, "Nobody has agreed to recording this visit yet. Ask first, and write down who agreed.");
    public static readonly Refusal ConsentNotGiven = new("scribe.consent-not-given", 409, "There is no consent to recording that could be taken back.");
    public static readonly Refusal InvalidConsent = new("scribe.invalid-consent", 422, "This consent lacks something. Nothing may be recorded yet.");
    public static readonly Refusal RecordingLive = new("scribe.recording-live", 409, "This visit has a recording that is not finished or not transcribed yet. Finish it, or destroy it.");
    public static readonly Refusal RecordingEnded = new("scribe.recording-ended", 409, "This recording takes no more audio: it was finished or destroyed.");
    public static readonly Refusal RecordingGap = new("scribe.recording-gap", 409, "A piece of this recording is missing before this one, or is another than was sent. Begin a new part.");
    public static readonly Refusal RecordingEmpty = new("scribe.recording-empty", 422, "This recording is empty. Nothing was kept.");
    public static readonly Refusal RecordingDestroyed = new("scribe.recording-destroyed", 409, "The audio of this recording was destroyed.");
    public static readonly Refusal NotAudio = new("scribe.not-audio", 422, "This is not a recording of a kind that is taken: WAV, MP3, M4A, Ogg or WebM, whatever the file is called. Nothing was kept.");
    public static readonly Refusal RecordingTooLarge = new("scribe.recording-too-large", 413, "This recording is larger than is taken here. Nothing was kept.");
    public static readonly Refusal NoRecogniser = new("scribe.no-recogniser", 409, "Nothing at this clinic transcribes recordings. An administrator can turn it on under Settings, Recordings.");
    public static readonly Refusal RecogniserMissing = new("scribe.recogniser-missing", 422, "This server has no recogniser of its own. Its operator can install it.");
    public static readonly Refusal InvalidKeeping = new("scribe.invalid-keeping", 422, "Audio is kept for 0 to 24 hours after it was transcribed.");
}
