using System.Threading.Channels;

namespace Chartroom.Platform.Outbox;

/// <summary>Wakes the workers of all nodes when a message was committed. Only a hint: they also look by themselves.</summary>
public sealed class OutboxBell
{
    /// <summary>The notification channel.</summary>
    public const string Channel = "chartroom_outbox";

    private readonly Channel<ClinicId?> rings =
        System.Threading.Channels.Channel.CreateBounded<ClinicId?>(new BoundedChannelOptions(1000) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    /// <summary>Statement for the committing transaction; the payload names the clinic, or nothing for the shared side.</summary>
    internal static string Ring(ClinicId? clinic) => $"notify {Channel}, '{clinic?.Value.ToString("D")}'";

    /// <summary>Wakes this node's worker for a clinic, or for the shared side.</summary>
    public void RingHere(ClinicId? clinic) => rings.Writer.TryWrite(clinic);

    internal ChannelReader<ClinicId?> Rings => rings.Reader;
}
