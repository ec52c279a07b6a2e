using System.Net.Sockets;
using System.Text;
using Chartroom.Platform.Database;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Chartroom.Platform.News;

/// <summary>Carries the news between nodes by NOTIFY: one connection that hears and one that tells, both outside of any transaction that changes something.</summary>
public sealed class NewsWire(DatabaseLogins logins, TimeProvider clock, ILogger<NewsWire> log) : BackgroundService
{
    /// <summary>The notification channel.</summary>
    public const string Channel = "chartroom_news";

    private const int MostBytes = 7000;   // PostgreSQL takes 8000 bytes
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);
    private readonly string node = Guid.CreateVersion7().ToString("N");

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(AgainAsync(HearAsync, stoppingToken), AgainAsync(TellAsync, stoppingToken));

    private async Task AgainAsync(Func<CancellationToken, Task> work, CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            try
            {
                await work(ct);
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                return;
            }
            catch (Exception error) when (error is NpgsqlException or SocketException or IOException)
            {
                log.WireCut(error.GetType().Name);
                await Task.Delay(Pause, clock, ct).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            }
        }
    }

    private async Task HearAsync(CancellationToken ct)
    {
        await using var connection = await logins.OpenListenerAsync(ct);
        connection.Notification += (_, note) => Heard(note.Payload);
        await using (var listen = new NpgsqlCommand($"listen {Channel}", connection)) await listen.ExecuteNonQueryAsync(ct);
        logins.News.TellAllHere("missed");   // what was told while nobody heard is lost: whoever shows something asks anew
        while (true) await connection.WaitAsync(ct);
    }

    /// <summary>What piles up while one notification is under way goes with the next.</summary>
    private async Task TellAsync(CancellationToken ct)
    {
        await using var connection = await logins.OpenListenerAsync(ct);
        await using var notify = new NpgsqlCommand("select pg_notify(@channel, @payload)", connection);
        notify.Parameters.AddWithValue("channel", Channel);
        var payload = notify.Parameters.AddWithValue("payload", "");
        while (await logins.News.Outgoing.WaitToReadAsync(ct))
        {
            payload.Value = Batch();
            await notify.ExecuteNonQueryAsync(ct);
        }
    }

    private string Batch()
    {
        var lines = new HashSet<string>();
        for (var bytes = node.Length; bytes < MostBytes && logins.News.Outgoing.TryRead(out var item);)
        {
            var line = $"{item.Clinic.Value:N} {item.Topic} {item.Text}";
            if (lines.Add(line)) bytes += Encoding.UTF8.GetByteCount(line) + 1;
        }
        return string.Join('\n', lines.Prepend(node));
    }

    private void Heard(string payload)
    {
        var lines = payload.Split('\n');
        if (lines[0] == node) return;   // told here already
        foreach (var line in lines.Skip(1))
        {
            if (line.Split(' ', 3) is [var clinic, var topic, var text] && Guid.TryParseExact(clinic, "N", out var id)) logins.News.TellHere(new(new(id), topic, text));
        }
    }
}
