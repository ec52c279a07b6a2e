using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Chartroom.Transparency;

/// <summary>
/// A log as a stream, from the database or from an export: months that expired, then leaves by position with each checkpoint after its last leaf,
/// then rows that no leaf names, at the end how the sealing stood. As a file: one JSON object a line, after one that tells the origin.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(LogHead), "log")]
[JsonDerivedType(typeof(ExpiredMonth), "expired")]
[JsonDerivedType(typeof(LogLeaf), "leaf")]
[JsonDerivedType(typeof(LogCheckpoint), "checkpoint")]
[JsonDerivedType(typeof(StrayRow), "stray")]
[JsonDerivedType(typeof(LogEnd), "end")]
public abstract record LogRecord
{
    /// <summary>Writes the stream as lines.</summary>
    public static async Task<long> WriteAsync(Stream to, IAsyncEnumerable<LogRecord> records, CancellationToken ct)
    {
        long count = 0;
        await foreach (var record in records.WithCancellation(ct))
        {
            await JsonSerializer.SerializeAsync(to, record, LogJson.Default.LogRecord, ct);
            to.WriteByte((byte)'\n');
            count++;
        }
        return count;
    }

    /// <summary>Reads what was written.</summary>
    /// <exception cref="FormatException">A line is not a record.</exception>
    public static async IAsyncEnumerable<LogRecord> ReadAsync(TextReader from, [EnumeratorCancellation] CancellationToken ct)
    {
        long number = 0;
        while (await from.ReadLineAsync(ct) is { } line)
        {
            number++;
            LogRecord? record;
            try
            {
                record = JsonSerializer.Deserialize(line, LogJson.Default.LogRecord);
            }
            catch (JsonException error)
            {
                throw new FormatException($"Line {number} is not a record of an audit log.", error);
            }
            yield return record ?? throw new FormatException($"Line {number} is empty.");
        }
    }
}

/// <summary>First line of a file: whose log this is.</summary>
/// <param name="Origin">As in the checkpoints.</param>
/// <param name="Clinic">The clinic; null for the log of accounts.</param>
/// <param name="At">When it was read.</param>
public sealed record LogHead(string Origin, Guid? Clinic, DateTimeOffset At) : LogRecord;

/// <summary>A month whose rows were dropped after their retention; their leaves stay.</summary>
/// <param name="Month">Its first day.</param>
public sealed record ExpiredMonth(DateOnly Month) : LogRecord;

/// <summary>A leaf with the row it stands for.</summary>
/// <param name="Position">From 0.</param>
/// <param name="Hash">32 bytes.</param>
/// <param name="Entry">The row; null when there is none (any more).</param>
public sealed record LogLeaf(long Position, Guid EventId, DateTimeOffset EventAt, byte[] Hash, LogEntry? Entry) : LogRecord;

/// <summary>A signed head.</summary>
/// <param name="Size">As the table says; the note says it too.</param>
public sealed record LogCheckpoint(long Size, string Note) : LogRecord;

/// <summary>A row that should have a leaf and has none.</summary>
public sealed record StrayRow(LogEntry Entry) : LogRecord;

/// <summary>Last of all: when the log was read, and what waited for its leaf then.</summary>
/// <param name="At">When the state that was read was looked at.</param>
/// <param name="Waiting">How many rows of the program's own have no leaf yet.</param>
/// <param name="OldestId">The oldest of them; null without any.</param>
/// <param name="OldestAt">Its time.</param>
public sealed record LogEnd(DateTimeOffset At, long Waiting, Guid? OldestId, DateTimeOffset? OldestAt) : LogRecord;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(LogRecord))]
internal sealed partial class LogJson : JsonSerializerContext;
