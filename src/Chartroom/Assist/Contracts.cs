using Chartroom.Patients;

namespace Chartroom.Assist;

/// <summary>What a clinic chooses a drafter for; each by itself.</summary>
public enum AssistFeature { VisitNotes, Orders, ChartSummary, Transcription }

/// <summary>What drafts for a feature: nothing, what is built in, or an outside model.</summary>
public enum DraftsWith { Off, BuiltIn, Outside }

/// <summary>How an outside model is spoken to.</summary>
public enum AssistProvider { Anthropic, OpenAi }

/// <summary>The outside model that a clinic turned on for a feature.</summary>
/// <param name="PriceIn">Of a million tokens sent; of transcription: of a thousand minutes of audio.</param>
/// <param name="PriceOut">Of a million tokens answered.</param>
public sealed record AssistChoice(AssistProvider Provider, Uri Endpoint, string Model, decimal PriceIn, decimal PriceOut, string Currency)
{
    internal string? Key { get; init; }

    /// <summary>Whom it is as people know it.</summary>
    public string Name => NameOf(Provider);

    internal static AssistProvider ProviderOf(string provider) => provider == "anthropic" ? AssistProvider.Anthropic : AssistProvider.OpenAi;

    internal static string NameOf(string provider) => NameOf(ProviderOf(provider));

    internal static string NameOf(AssistProvider provider) => provider == AssistProvider.Anthropic ? "Anthropic Claude" : "OpenAI-compatible model";
}

/// <summary>What a feature's pages tell of the outside model that is on.</summary>
public sealed record OutsideModel(string Name, string Host, string Model);

/// <summary>A piece of a source that a statement can cite.</summary>
/// <param name="Id">What a citation names.</param>
/// <param name="Who">What said it: clinician, patient, guest, unknown; never a name.</param>
public sealed record AssistPassage(string Id, string Who, string Text);

/// <summary>Whose words must not leave: replaced by tokens before a request and put back in the answer.</summary>
/// <param name="Patient">Names, dates, numbers, addresses, contacts, next of kin, insurance.</param>
/// <param name="RecordNumber">The clinic's own number of the patient.</param>
/// <param name="Names">Staff, and speakers as the source names them.</param>
public sealed record PrivateFacts(Demographics Patient, long RecordNumber, IReadOnlyCollection<string> Names);

/// <param name="Job">The feature's own id, under which cost is kept.</param>
/// <param name="Sections">The headers a statement may stand under.</param>
public sealed record AssistAsk(AssistFeature Feature, Guid Job, IReadOnlyList<AssistPassage> Passages, IReadOnlyList<string> Sections, PrivateFacts Private);

/// <summary>A statement of an answer; each of its citations is a passage that was asked about.</summary>
public sealed record AssistLine(string Section, string? Group, string Text, IReadOnlyList<string> Citations);

/// <summary>What one request used up.</summary>
public sealed record AssistUse(string Model, string PromptVersion, long TokensIn, long TokensOut, decimal Cost, DateTimeOffset At, TimeSpan Took)
{
    /// <summary>Of audio, where it was audio.</summary>
    public int AudioSeconds { get; init; }
}

/// <summary>What came of asking: lines, or why there are none.</summary>
/// <param name="Failure">A code of <see cref="AssistTrouble"/>, or null.</param>
/// <param name="Dropped">Statements left out because of a source that does not exist, a token nobody gave out, or words that are no note's.</param>
public sealed record AssistAnswer(IReadOnlyList<AssistLine> Lines, int Dropped, string? Failure, AssistUse Use)
{
    /// <summary>How long the vendor asks us to wait.</summary>
    public TimeSpan? RetryAfter { get; init; }
}

/// <summary>Codes of what can go wrong outside, with what they mean.</summary>
public static class AssistTrouble
{
    public const string Busy = "busy", NoAnswer = "no_answer", TooSlow = "too_slow", Unreadable = "unreadable", Truncated = "truncated", Declined = "declined",
        Key = "key", Refused = "refused", Inside = "inside", Empty = "empty", Off = "off";

    /// <summary>True where the same request may go well a little later.</summary>
    public static bool MayPass(string code) => code is Busy or NoAnswer or TooSlow or Unreadable;

    /// <summary>What happened, as the end of a sentence.</summary>
    public static string Words(string code) => code switch
    {
        Busy => "it was busy each time it was asked",
        NoAnswer => "it could not be reached",
        TooSlow => "it did not answer in time",
        Unreadable => "its answer was not in the form that was asked for",
        Truncated => "its answer was cut off before its end",
        Declined => "it declined to answer",
        Key => "it did not accept the clinic's key",
        Refused => "it refused the request: the model's name or the address may be wrong",
        Inside => "its address leads to a private network, which is not asked from here",
        Empty => "nothing in its answer names a source that exists",
        Off => "it was turned off meanwhile",
        _ => "it failed",
    };

    /// <summary>What an administrator can do about it, or null where it passes by itself.</summary>
    public static string? WhatToDo(string code) => code switch
    {
        Key => "An administrator can put in another key under Settings, Assistant.",
        Refused or Inside => "An administrator can correct it under Settings, Assistant.",
        _ => null,
    };
}
