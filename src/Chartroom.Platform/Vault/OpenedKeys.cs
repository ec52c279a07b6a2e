using System.Security.Cryptography;

namespace Chartroom.Platform.Vault;

/// <summary>
/// Patients' keys, unwrapped in memory for at most five minutes and at most <see cref="Most"/> of them. Spares the unwrapping only: a key is handed out
/// against its row as the database has it now, byte for byte, so one that was destroyed or rotated, by whichever node, is never found here; and the clinic
/// transaction that asks has taken down its event like any other. What leaves is cleared once nobody uses it. Thread-safe.
/// </summary>
public sealed class OpenedKeys : IDisposable
{
    /// <summary>So many keys are kept; the oldest go first.</summary>
    internal const int Most = 4096;

    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(4), Sweep = TimeSpan.FromMinutes(1);
    private readonly Lock turn = new();
    private readonly Dictionary<(ClinicId, PatientId, int), Held> known = [];
    private readonly Queue<Held> byAge = new();
    private readonly TimeProvider clock;
    private readonly ITimer sweeper;

    /// <param name="clock">Ages the keys.</param>
    public OpenedKeys(TimeProvider clock)
    {
        this.clock = clock;
        sweeper = clock.CreateTimer(_ => DropAged(), null, Sweep, Sweep);
    }

    /// <summary>How many are in memory.</summary>
    internal int Count
    {
        get
        {
            lock (turn) return known.Count;
        }
    }

    /// <summary>The key of that row, unwrapped now or a short while ago. The caller disposes what it gets.</summary>
    /// <exception cref="CryptographicException">The row was altered, or is another patient's.</exception>
    internal SealingKey Open(ClinicKeys clinic, WrappedPatientKey row)
    {
        var place = (clinic.Clinic, row.PatientId, row.Version);
        lock (turn)
        {
            if (known.TryGetValue(place, out var held) && held.Until > clock.GetUtcNow() && held.Wrapped.AsSpan().SequenceEqual(row.Wrapped)) return held.Key.Share();
        }
        var key = PatientKey.UnwrapRow(clinic, row);
        Keep(new(place, row.Wrapped, key.Share(), clock.GetUtcNow() + Kept));
        return key;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        sweeper.Dispose();
        lock (turn)
        {
            while (byAge.Count > 0) DropOldest();
        }
    }

    private void Keep(Held fresh)
    {
        lock (turn)
        {
            known[fresh.Place] = fresh;   // one that it displaces stays in the queue until its turn comes
            byAge.Enqueue(fresh);
            while (byAge.Count > Most) DropOldest();
        }
    }

    private void DropAged()
    {
        var now = clock.GetUtcNow();
        lock (turn)
        {
            while (byAge.TryPeek(out var oldest) && oldest.Until <= now) DropOldest();
        }
    }

    private void DropOldest()
    {
        var oldest = byAge.Dequeue();
        if (known.TryGetValue(oldest.Place, out var held) && ReferenceEquals(held, oldest)) known.Remove(oldest.Place);
        oldest.Key.Dispose();
    }

    private sealed record Held((ClinicId, PatientId, int) Place, byte[] Wrapped, SealingKey Key, DateTimeOffset Until);
}
