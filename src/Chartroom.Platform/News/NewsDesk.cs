using System.Threading.Channels;

namespace Chartroom.Platform.News;

/// <summary>Something that has just become true at a clinic.</summary>
/// <param name="Clinic">Where.</param>
/// <param name="Topic">One word of ours, such as <c>visit</c>.</param>
/// <param name="Text">Ids, and never PHI: it crosses the database in the clear.</param>
public readonly record struct NewsItem(ClinicId Clinic, string Topic, string Text);

/// <summary>
/// Tells whoever listens, on this node at once and on the others through <see cref="NewsWire"/>, what has been committed. Only a hint: who missed it asks anew. It is
/// told after the commit and by a connection of its own, since NOTIFY inside a transaction has all committing transactions of the database wait for each other.
/// </summary>
public sealed class NewsDesk
{
    private const int MostWaiting = 10_000, MostUnread = 500;
    private readonly Lock doors = new();
    private readonly Dictionary<ClinicId, List<Listener>> listeners = [];
    private readonly Channel<NewsItem> outgoing = Channel.CreateBounded<NewsItem>(new BoundedChannelOptions(MostWaiting) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    internal ChannelReader<NewsItem> Outgoing => outgoing.Reader;

    /// <summary>Tables whose changes are told by themselves.</summary>
    public WatchedTables Watched { get; } = new();

    /// <summary>Tells all nodes.</summary>
    public void Tell(NewsItem item)
    {
        TellHere(item);
        outgoing.Writer.TryWrite(item);
    }

    /// <summary>Tells the listeners of this node.</summary>
    internal void TellHere(NewsItem item)
    {
        lock (doors)
        {
            if (!listeners.TryGetValue(item.Clinic, out var here)) return;
            foreach (var listener in here) listener.Offer(item);
        }
    }

    /// <summary>Tells a listener of this node that something may have been missed.</summary>
    internal void TellAllHere(string topic)
    {
        lock (doors)
        {
            foreach (var listener in listeners.Values.SelectMany(here => here)) listener.Offer(new(listener.Clinic, topic, ""));
        }
    }

    /// <summary>Listens to a clinic until disposed of.</summary>
    public Listener Listen(ClinicId clinic)
    {
        var listener = new Listener(this, clinic);
        lock (doors)
        {
            if (!listeners.TryGetValue(clinic, out var here)) listeners[clinic] = here = [];
            here.Add(listener);
        }
        return listener;
    }

    private void Leave(Listener listener)
    {
        lock (doors)
        {
            if (listeners.TryGetValue(listener.Clinic, out var here) && here.Remove(listener) && here.Count == 0) listeners.Remove(listener.Clinic);
        }
    }

    /// <summary>Somebody who listens. What is not read in time is lost, oldest first.</summary>
    public sealed class Listener : IDisposable
    {
        private readonly NewsDesk desk;
        private readonly Channel<NewsItem> unread = Channel.CreateBounded<NewsItem>(new BoundedChannelOptions(MostUnread) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

        internal Listener(NewsDesk desk, ClinicId clinic) => (this.desk, Clinic) = (desk, clinic);

        /// <summary>The clinic listened to.</summary>
        public ClinicId Clinic { get; }

        /// <summary>What was told since.</summary>
        public ChannelReader<NewsItem> News => unread.Reader;

        internal void Offer(NewsItem item) => unread.Writer.TryWrite(item);

        /// <inheritdoc/>
        public void Dispose() => desk.Leave(this);
    }
}
