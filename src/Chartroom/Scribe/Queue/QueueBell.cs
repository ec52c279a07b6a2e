using System.Threading.Channels;

namespace Chartroom.Scribe;

/// <summary>Wakes this node's worker of a queue. Only a hint: it also looks by itself, so what was queued on a node that died is found.</summary>
internal abstract class QueueBell
{
    private readonly Channel<ClinicId> rings = Channel.CreateBounded<ClinicId>(new BoundedChannelOptions(1000) { SingleReader = true });

    public ChannelReader<ClinicId> Rings => rings.Reader;

    /// <summary>Is lost where a thousand wait: the next look at all clinics finds it.</summary>
    public void Ring(ClinicId clinic) => rings.Writer.TryWrite(clinic);

    /// <summary>Waits for its turn: the same clinics must not be left over each time.</summary>
    public ValueTask RingInTurnAsync(ClinicId clinic, CancellationToken ct) => rings.Writer.WriteAsync(clinic, ct);
}
