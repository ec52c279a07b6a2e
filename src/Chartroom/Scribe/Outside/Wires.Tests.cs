using System.Collections.Concurrent;
using System.Diagnostics.Tracing;
using System.Text.RegularExpressions;

namespace Chartroom.Scribe;

/// <summary>Hears every connection that this process opens and every name it looks up, whoever does it and however: the runtime itself tells.</summary>
internal sealed partial class Wires : EventListener
{
    private readonly ConcurrentQueue<string> connected = [], asked = [];

    /// <summary>Connections and names beyond this machine, since it was made.</summary>
    public IEnumerable<string> Outside => connected.Where(it => !it.StartsWith("Unix", StringComparison.Ordinal) && !Loopback().IsMatch(it)).Concat(asked.Where(it => it is not ("localhost" or "127.0.0.1" or "::1" or "")));

    /// <summary>How many connections were opened to a port of this machine.</summary>
    public int To(int port) => connected.Count(it => it.Contains($"{{{port >> 8},{port & 255},", StringComparison.Ordinal));

    /// <inheritdoc/>
    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (eventSource.Name is "System.Net.Sockets" or "System.Net.NameResolution") EnableEvents(eventSource, EventLevel.Informational);
    }

    /// <inheritdoc/>
    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        if (eventData.EventName == "ConnectStart" && eventData.Payload is [string address, ..]) connected?.Enqueue(address);
        if (eventData.EventName == "ResolutionStart" && eventData.Payload is [string name, ..]) asked?.Enqueue(name);
    }

    // "InterNetwork:16:{port,port,127,…": the family, its size, the bytes of the address after its family.
    [GeneratedRegex(@"^InterNetwork:\d+:\{\d+,\d+,127,|^InterNetworkV6:\d+:\{\d+,\d+,0,0,0,0,(0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,1|0,0,0,0,0,0,0,0,0,0,255,255,127),")]
    private static partial Regex Loopback();
}
