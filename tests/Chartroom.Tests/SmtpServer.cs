using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using System.Threading.Channels;
using Chartroom.Platform.Outbox;

namespace Chartroom;

/// <summary>A mail server on this machine (RFC 5321) that takes every message and hands it over as it came: for tests that follow a mail from the outbox to the mailbox.</summary>
public sealed class SmtpServer : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly Channel<ReceivedMail> received = Channel.CreateUnbounded<ReceivedMail>();
    private readonly CancellationTokenSource closing = new();
    private readonly Task listening;

    public SmtpServer()
    {
        listener.Start();
        listening = ListenAsync();
    }

    /// <summary>The program's own way to it.</summary>
    public IMailTransport Transport => new SmtpTransport(new() { Port = ((IPEndPoint)listener.LocalEndpoint).Port, From = "clinic@chartroom.example" });

    /// <summary>The next mail, in the order of arrival; a minute without one is a failure.</summary>
    public async Task<ReceivedMail> NextAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        return await received.Reader.ReadAsync(patience.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await closing.CancelAsync();
        listener.Stop();
        await listening;
        closing.Dispose();
    }

    private async Task ListenAsync()
    {
        try
        {
            while (true)
            {
                using var client = await listener.AcceptTcpClientAsync(closing.Token);
                await ServeAsync(client.GetStream());
            }
        }
        catch (Exception error) when (error is OperationCanceledException or IOException && closing.IsCancellationRequested)
        {
        }
    }

    private async Task ServeAsync(NetworkStream stream)
    {
        using var reader = new StreamReader(stream, Encoding.Latin1);
        await using var writer = new StreamWriter(stream, Encoding.Latin1) { AutoFlush = true, NewLine = "\r\n" };
        await writer.WriteLineAsync("220 test");
        var recipients = new List<string>();
        while (await reader.ReadLineAsync(closing.Token) is { } line)
        {
            if (line.StartsWith("RCPT TO:", StringComparison.OrdinalIgnoreCase)) recipients.Add(line["RCPT TO:".Length..].Trim('<', '>', ' '));
            if (line == "DATA")
            {
                await writer.WriteLineAsync("354 go on");
                await received.Writer.WriteAsync(ReceivedMail.Of(await ReadMessageAsync(reader), recipients), closing.Token);
                recipients = [];
            }
            await writer.WriteLineAsync(line == "QUIT" ? "221 bye" : "250 ok");
            if (line == "QUIT") return;
        }
    }

    /// <summary>Byte for byte, so that a line feed without its carriage return shows: strict servers refuse it.</summary>
    private async Task<string> ReadMessageAsync(StreamReader reader)
    {
        var (text, sign) = (new StringBuilder(), new char[1]);
        while (!text.ToString().EndsWith("\r\n.\r\n", StringComparison.Ordinal) && await reader.ReadAsync(sign, closing.Token) == 1) text.Append(sign[0]);
        return text.ToString(0, text.Length - 3).Replace("\r\n..", "\r\n.", StringComparison.Ordinal);
    }
}

/// <summary>A mail as a mailbox gets it.</summary>
public sealed record ReceivedMail(string Raw, IReadOnlyList<string> Recipients, IReadOnlyDictionary<string, string> Headers, string Body)
{
    public string Subject => Headers["Subject"];

    public static ReceivedMail Of(string raw, IReadOnlyList<string> recipients)
    {
        var end = raw.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        var headers = Regex.Replace(raw[..end], "\r\n[ \t]+", " ").Split("\r\n").Select(line => line.Split(':', 2)).ToDictionary(it => it[0], it => it[1].Trim(), StringComparer.OrdinalIgnoreCase);
        return new(raw, recipients, headers, Decoded(raw[(end + 4)..], headers.GetValueOrDefault("Content-Transfer-Encoding", "7bit")));
    }

    private static string Decoded(string body, string encoding) => encoding.ToLowerInvariant() switch
    {
        "base64" => Encoding.UTF8.GetString(Convert.FromBase64String(body.ReplaceLineEndings(""))),
        "quoted-printable" => Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(Regex.Replace(body.Replace("=\r\n", "", StringComparison.Ordinal), "=([0-9A-F]{2})", hex => $"{(char)Convert.ToByte(hex.Groups[1].Value, 16)}"))),
        _ => body,
    };
}
