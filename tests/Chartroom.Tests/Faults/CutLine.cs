using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net.Sockets;
using Npgsql;

namespace Chartroom.Faults;

/// <summary>
/// A line to PostgreSQL that is cut after a given number of statements: the server has carried out exactly so many and hears no more, as when the program or its
/// machine dies at that point. It reads the wire protocol (https://www.postgresql.org/docs/15/protocol-message-formats.html) so far as to count.
/// </summary>
internal sealed class CutLine : IAsyncDisposable
{
    private const int StartUp = 196608, EncryptionAsked = 80877103, GssAsked = 80877104;
    private readonly string folder = Directory.CreateTempSubdirectory("cut-").FullName;
    private readonly Socket listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly NpgsqlConnectionStringBuilder server;
    private readonly ConcurrentDictionary<Task, Socket> open = [];
    private readonly Task accepting;
    private int seen, last = int.MaxValue;

    /// <param name="database">Connection string of the real server.</param>
    public CutLine(string database)
    {
        server = new(database);
        listener.Bind(new UnixDomainSocketEndPoint(Path.Combine(folder, ".s.PGSQL.5432")));
        listener.Listen();
        accepting = AcceptAsync();
    }

    /// <summary>The same database through this line.</summary>
    public string Connection => new NpgsqlConnectionStringBuilder(server.ConnectionString) { Host = folder, Port = 5432, SslMode = SslMode.Disable, GssEncryptionMode = GssEncryptionMode.Disable }.ConnectionString;

    /// <summary>True from the cut on.</summary>
    public bool IsDown => Volatile.Read(ref seen) >= Volatile.Read(ref last);

    /// <summary>Statements carried out since the line was mended.</summary>
    public int Seen => Volatile.Read(ref seen);

    /// <summary>Mends the line, and cuts it when so many more statements were carried out.</summary>
    public void CutAfter(int statements)
    {
        Volatile.Write(ref seen, 0);
        Volatile.Write(ref last, statements);
    }

    /// <summary>Waits until the server has noticed the ends of all connections: only then is undone what was not committed.</summary>
    public async Task SettleAsync()
    {
        foreach (var (_, client) in open) client.Close();
        await Task.WhenAll(open.Keys);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        listener.Dispose();
        await accepting;
        await SettleAsync();
        Directory.Delete(folder, recursive: true);
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await listener.AcceptAsync();
                var done = new TaskCompletionSource();
                open[done.Task] = client;
                _ = CarryAsync(client).ContinueWith(_ =>
                {
                    open.TryRemove(done.Task, out var _);
                    done.SetResult();
                }, TaskScheduler.Default);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // the test is over
        }
    }

    private async Task CarryAsync(Socket client)
    {
        using var near = client;
        if (IsDown) return;
        using var far = await DialAsync();
        await using var up = new NetworkStream(near);
        await using var down = new NetworkStream(far);
        var back = BackAsync(down, up);
        try
        {
            await ForthAsync(up, down);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // the program closed its end
        }
        far.Shutdown(SocketShutdown.Send);
        await back;   // ends when the server's process for this connection has ended
    }

    private async Task<Socket> DialAsync()
    {
        var host = server.Host ?? "localhost";
        var isLocal = host.StartsWith('/');
        var socket = isLocal ? new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) : new Socket(SocketType.Stream, ProtocolType.Tcp);
        if (isLocal) await socket.ConnectAsync(new UnixDomainSocketEndPoint(Path.Combine(host, $".s.PGSQL.{server.Port}")));
        else await socket.ConnectAsync(host, server.Port);
        return socket;
    }

    /// <summary>Carries whole messages until the cut.</summary>
    private async Task ForthAsync(NetworkStream from, NetworkStream to)
    {
        await StartAsync(from, to);
        var head = new byte[5];
        while (true)
        {
            await from.ReadExactlyAsync(head);
            var message = new byte[1 + BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(1))];
            head.CopyTo(message, 0);
            await from.ReadExactlyAsync(message.AsMemory(5));
            var isStatement = message[0] is (byte)'E' or (byte)'Q';   // execute, or a simple query
            if (isStatement && IsDown) return;
            await to.WriteAsync(message);
            if (isStatement && Interlocked.Increment(ref seen) >= Volatile.Read(ref last)) return;
        }
    }

    private static async Task StartAsync(NetworkStream from, NetworkStream to)
    {
        var head = new byte[8];
        while (true)
        {
            await from.ReadExactlyAsync(head);
            var rest = new byte[BinaryPrimitives.ReadInt32BigEndian(head) - 8];
            await from.ReadExactlyAsync(rest);
            if (BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(4)) is EncryptionAsked or GssAsked)
            {
                await from.WriteAsync("N"u8.ToArray());
                continue;
            }
            await to.WriteAsync((byte[])[.. head, .. rest]);
            return;
        }
    }

    // Nothing of what the server says after the cut reaches the program.
    private async Task BackAsync(NetworkStream from, NetworkStream to)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            int read;
            while ((read = await from.ReadAsync(buffer)) > 0)
                if (!IsDown) await to.WriteAsync(buffer.AsMemory(0, read));
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // either end is gone
        }
    }
}
