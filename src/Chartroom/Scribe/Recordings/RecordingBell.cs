namespace Chartroom.Scribe;

/// <summary>Rings when a recording waits to be transcribed.</summary>
internal sealed class RecordingBell : QueueBell;
