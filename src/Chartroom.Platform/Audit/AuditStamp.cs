using System.Collections.Concurrent;
using Chartroom.Transparency;

namespace Chartroom.Platform.Audit;

/// <summary>What transactions need of the audit log: the mark of the program on each row, and a note for the sealer that there is something to seal.</summary>
public sealed class AuditStamp(AuditKeys keys)
{
    private readonly ConcurrentDictionary<Guid, bool> touched = new();   // Guid.Empty: the log of accounts

    /// <summary>Marks the row as ours.</summary>
    internal AuditRow Row(LogEntry entry, params Guid[] patientIds)
    {
        touched[entry.PatientIds is null ? Guid.Empty : entry.ClinicId ?? Guid.Empty] = true;
        return new(entry, patientIds, keys.Tag(entry));
    }

    /// <summary>The logs this node has written to since it was last asked; null is that of accounts.</summary>
    internal List<ClinicId?> TakeTouched()
    {
        var taken = touched.Keys.Where(key => touched.TryRemove(key, out _));
        return [.. taken.Select(key => key == Guid.Empty ? (ClinicId?)null : new ClinicId(key))];
    }
}
