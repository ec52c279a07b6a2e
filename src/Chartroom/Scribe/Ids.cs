using System.Text.Json.Serialization;

namespace Chartroom.Scribe;

/// <summary>What was said at a visit.</summary>
[JsonConverter(typeof(IdJson<TranscriptId>))]
public readonly record struct TranscriptId(Guid Value) : IId<TranscriptId>
{
    public static TranscriptId From(Guid value) => new(value);
    public static TranscriptId New() => new(Guid.CreateVersion7());
    public static bool TryParse(string? text, out TranscriptId id) => IdText.TryParse(text, out id);
    public override string ToString() => Value.ToString();
}

/// <summary>A drafted note under review.</summary>
[JsonConverter(typeof(IdJson<DraftId>))]
public readonly record struct DraftId(Guid Value) : IId<DraftId>
{
    public static DraftId From(Guid value) => new(value);
    public static DraftId New() => new(Guid.CreateVersion7());
    public static bool TryParse(string? text, out DraftId id) => IdText.TryParse(text, out id);
    public override string ToString() => Value.ToString();
}

/// <summary>A recording of a visit.</summary>
[JsonConverter(typeof(IdJson<RecordingId>))]
public readonly record struct RecordingId(Guid Value) : IId<RecordingId>
{
    public static RecordingId From(Guid value) => new(value);
    public static RecordingId New() => new(Guid.CreateVersion7());
    public static bool TryParse(string? text, out RecordingId id) => IdText.TryParse(text, out id);
    public override string ToString() => Value.ToString();
}
