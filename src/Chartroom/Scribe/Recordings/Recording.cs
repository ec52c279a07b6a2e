namespace Chartroom.Scribe;

/// <summary>How a recording came.</summary>
public enum RecordingSource { Recorded, Uploaded }

/// <summary>How far a recording has come.</summary>
public enum RecordingState { Recording, Queued, Transcribing, Transcribed, Silent, Failed, Discarded }

/// <summary>Why audio was destroyed.</summary>
internal enum DestroyedBecause { Signed, KeptLongEnough, NeverTranscribed, Silent, Discarded, Withdrawn }

/// <summary>A recording of a visit as its page tells it; the audio is never among it.</summary>
public sealed record Recording
{
    public RecordingId Id { get; init; }
    public PatientId PatientId { get; init; }
    public AppointmentId AppointmentId { get; init; }
    public string Source { get; init; } = "";
    public string State { get; init; } = "";
    public long SizeBytes { get; init; }
    public int? Seconds { get; init; }
    public int Attempts { get; init; }
    public string? Recogniser { get; init; }
    /// <summary>A code of <see cref="Assist.AssistTrouble"/> or of <see cref="RecordingTrouble"/>.</summary>
    public string? FailedWith { get; init; }
    public TranscriptId? TranscriptId { get; init; }
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? EndedAt { get; init; }
    public DateTimeOffset? TranscribedAt { get; init; }
    /// <summary>The audio is destroyed then at the latest.</summary>
    public DateTimeOffset KeepUntil { get; init; }
    public DateTimeOffset? DestroyedAt { get; init; }
    public string? DestroyedWhy { get; init; }
    /// <summary>Parts that came in; each is a stream of its own.</summary>
    public int Parts { get; init; }
    /// <summary>Of sound that came in, as its sender counted.</summary>
    public long Milliseconds { get; init; }

    public RecordingState StateNow => Enum.Parse<RecordingState>(State, ignoreCase: true);

    /// <summary>True until it is transcribed, or given up.</summary>
    public bool IsLive => StateNow is RecordingState.Recording or RecordingState.Queued or RecordingState.Transcribing;

    public bool HasAudio => DestroyedAt is null;

    /// <summary>True where the audio was destroyed before it became words, and nobody asked for that.</summary>
    public bool IsLost => DestroyedWhy == "never_transcribed";
}

/// <summary>Who agreed to recording a visit, or that somebody took it back.</summary>
public sealed record RecordingConsent
{
    public Guid Id { get; init; }
    public string Kind { get; init; } = "";
    public string GivenBy { get; init; } = "";
    public string Manner { get; init; } = "";
    public string RecordedBy { get; init; } = "";
    public DateTimeOffset RecordedAt { get; init; }
    /// <summary>The representative's name, where one agreed.</summary>
    public string? Representative { get; init; }

    public bool IsGiven => Kind == "given";
}

/// <summary>What a visit's page tells of recording it.</summary>
/// <param name="Consent">The latest word on it, or null.</param>
/// <param name="Latest">The latest recording, or null.</param>
/// <param name="By">What would transcribe it, as people know it; null where nothing does, and then nothing is recorded.</param>
/// <param name="IsOutside">True where the voices leave for it.</param>
public sealed record RecordingDesk(RecordingConsent? Consent, Recording? Latest, RecordingLimits Limits, string? By, bool IsOutside);

/// <param name="KeepHours">After transcription.</param>
public sealed record RecordingLimits(int MostMegabytes, int MostMinutes, int KeepHours);

/// <summary>What went wrong with a recording on its way to a draft, beside what can go wrong outside.</summary>
internal static class RecordingTrouble
{
    public const string Unreadable = "not_decoded", TooLong = "too_long", NotTheirs = "not_theirs", Interrupted = "interrupted", NothingHere = "no_recogniser", NoDecoder = "no_decoder",
        TooSlow = "local_too_slow", LocalFailed = "local_failed";

    /// <summary>It was transcribed, and no draft came of it.</summary>
    public const string NothingClinical = "nothing_clinical", Overtaken = "overtaken", DraftingOff = "drafting_off";

    public static string Words(string code) => code switch
    {
        Unreadable => "The file could not be read as sound. Export it anew as WAV or MP3, or give the transcript below.",
        TooLong => "It is longer than is transcribed here. Split it, or give the transcript below.",
        NotTheirs => "Whoever recorded it may not open this chart any more. A clinician of the patient's care team can try again.",
        Interrupted => "The program was interrupted several times while it listened. Try again.",
        NothingHere => "Nothing transcribes recordings at this clinic any more. An administrator can turn it on under Settings, Recordings.",
        NoDecoder => "The server lacks the program that reads recordings (ffmpeg). Its operator can install it.",
        TooSlow or LocalFailed => "The server's own recogniser failed. Try again, or give the transcript below.",
        NothingClinical => "Nothing in it belongs in a note.",
        DraftingOff => "Notes are not drafted at this clinic. Its words can be copied into a note that is written by hand.",
        Overtaken => "Another note of this visit was begun meanwhile.",
        _ => $"The outside model did not help: {Assist.AssistTrouble.Words(code)}. {Assist.AssistTrouble.WhatToDo(code)?.Replace("Settings, Assistant", "Settings, Recordings", StringComparison.Ordinal)}",
    };
}
