using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace Chartroom.Isolation;

/// <summary>A pooler in transaction mode in front of the tests' PostgreSQL, with fewer connections than borrowers.</summary>
internal sealed class PgBouncer : IAsyncDisposable
{
    public const string Program = "/usr/sbin/pgbouncer";
    private readonly Process process;
    private readonly string directory;

    private PgBouncer(Process process, string directory, string connection) => (this.process, this.directory, Connection) = (process, directory, connection);

    public string Connection { get; }

    public static async Task<PgBouncer> StartAsync(string server, string password)
    {
        var behind = new NpgsqlConnectionStringBuilder(server);
        var (directory, port) = (Directory.CreateTempSubdirectory("chartroom-bouncer-").FullName, FreePort());
        await File.WriteAllTextAsync(Path.Combine(directory, "users"), $"\"chartroom_app\" \"{password}\"\n\"{behind.Username}\" \"\"\n");
        await File.WriteAllTextAsync(Path.Combine(directory, "ini"), $"""
            [databases]
            {behind.Database} = host={behind.Host} port={behind.Port} dbname={behind.Database}
            [pgbouncer]
            listen_addr = 127.0.0.1
            listen_port = {port}
            unix_socket_dir =
            auth_type = trust
            auth_file = {directory}/users
            pool_mode = transaction
            default_pool_size = 3
            ignore_startup_parameters = extra_float_digits
            """);
        if (Environment.UserName == "root")   // it refuses to run as root
        {
            File.SetUnixFileMode(directory, (UnixFileMode)0b111_101_101);
            File.SetUnixFileMode(Path.Combine(directory, "users"), (UnixFileMode)0b110_100_100);
            File.SetUnixFileMode(Path.Combine(directory, "ini"), (UnixFileMode)0b110_100_100);
        }
        string[] arguments = Environment.UserName == "root" ? ["-u", "postgres", Path.Combine(directory, "ini")] : [Path.Combine(directory, "ini")];
        var process = Process.Start(new ProcessStartInfo(Program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;   // null only for what a shell opens
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        var connection = new NpgsqlConnectionStringBuilder(server) { Host = "127.0.0.1", Port = port, MaxPoolSize = 8 }.ConnectionString;
        await ListeningAsync(port);
        return new(process, directory, connection);
    }

    public async ValueTask DisposeAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
        Directory.Delete(directory, recursive: true);
    }

    private static async Task ListeningAsync(int port)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (true)
        {
            using var probe = new TcpClient();
            try
            {
                await probe.ConnectAsync(IPAddress.Loopback, port, patience.Token);
                return;
            }
            catch (SocketException)
            {
                await Task.Yield();
            }
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

/// <summary>Needs Debian's pgbouncer; skipped, and saying so, where it is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PgBouncerFactAttribute : FactAttribute
{
    public PgBouncerFactAttribute()
    {
        if (!File.Exists(PgBouncer.Program)) Skip = "needs pgbouncer (apt-get install pgbouncer)";
    }
}
