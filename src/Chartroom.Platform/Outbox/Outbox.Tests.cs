using System.Net.Mail;
using System.Net.Sockets;
using System.Text;
using Chartroom.Platform.Tenancy;

namespace Chartroom.Platform.Outbox;

public sealed class OutboxTests
{
    [Fact]
    public async Task A_message_leaves_only_when_its_cause_commits_and_only_once()
    {
        await using var clinic = await TestClinic.OpenAsync();
        await EnqueueAsync(clinic, commit: false);
        await EnqueueAsync(clinic, commit: true);
        var worker = clinic.The<OutboxWorker>();

        var sent = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => worker.DrainAsync(clinic.Id, default)));

        Assert.Equal(1, sent.Sum());
        Assert.Equal("Your appointment", Assert.Single(clinic.Mail.Sent).Subject);
        Assert.Equal(("sent", 1), await clinic.OneAsync<(string, int)>("select state, attempts from outbox"));
    }

    [Fact]
    public async Task A_refused_message_is_tried_again_later_and_parked_at_last()
    {
        await using var clinic = await TestClinic.OpenAsync();
        clinic.Mail.Fails = new SmtpException(SmtpStatusCode.MailboxBusy);
        await EnqueueAsync(clinic, commit: true);
        var worker = clinic.The<OutboxWorker>();

        await worker.DrainAsync(clinic.Id, default);
        Assert.Equal(("queued", 1, "smtp.MailboxBusy"), await clinic.OneAsync<(string, int, string)>("select state, attempts, last_error from outbox"));
        Assert.InRange(await clinic.OneAsync<double>("select extract(epoch from due_at - @now)::float8 from outbox", new { now = clinic.Clock.GetUtcNow() }), 30, 37);

        for (var more = 0; more < 7; more++)
        {
            clinic.Clock.Advance(TimeSpan.FromHours(2));
            await worker.DrainAsync(clinic.Id, default);
        }
        Assert.Equal(("failed", 8), await clinic.OneAsync<(string, int)>("select state, attempts from outbox"));
    }

    [Fact]
    public async Task A_worker_that_died_while_sending_leaves_the_message_to_another()
    {
        await using var clinic = await TestClinic.OpenAsync();
        await EnqueueAsync(clinic, commit: true);
        await clinic.RowsAsync<int>("update outbox set state = 'sending', attempts = 1, due_at = @dueAt returning 1", new { dueAt = clinic.Clock.GetUtcNow().AddMinutes(5) });
        var worker = clinic.The<OutboxWorker>();

        Assert.Equal(0, await worker.DrainAsync(clinic.Id, default));
        clinic.Clock.Advance(TimeSpan.FromMinutes(6));
        Assert.Equal(1, await worker.DrainAsync(clinic.Id, default));
    }

    [Fact]
    public async Task KEY_1_What_a_message_says_is_not_readable_in_the_database()
    {
        await using var clinic = await TestClinic.OpenAsync();
        await EnqueueAsync(clinic, commit: true);
        Assert.Equal(0, await clinic.OneAsync<long>("select count(*) from outbox where position('canary'::bytea in content) > 0 or position('example'::bytea in content) > 0"));
    }

    [Fact]
    public async Task Smtp_is_spoken_with_a_real_server_and_the_message_carries_its_row_as_id()
    {
        using var listener = new TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        var port = ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
        var conversation = ServeOneAsync(listener);
        var id = Guid.CreateVersion7();

        await new SmtpTransport(new() { Port = port }).SendAsync(id, new("ana@example.org", "Your appointment", "Tomorrow at ten."), default);

        var heard = await conversation;
        Assert.Contains("RCPT TO:<ana@example.org>", heard, StringComparison.OrdinalIgnoreCase);
        Assert.Contains($"Message-ID: <{id:N}@chartroom>", heard, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("Tomorrow at ten.", heard, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ana@example.org\r\nBcc: thief@example.org", "Your appointment")]
    [InlineData("ana@example.org\nBcc: thief@example.org", "Your appointment")]
    [InlineData("ana@example.org, thief@example.org", "Your appointment")]
    [InlineData("ana@example.org;thief@example.org", "Your appointment")]
    [InlineData("\"ana@example.org\" <thief@example.org>", "Your appointment")]
    [InlineData("ana@example.org>\r\nRCPT TO:<thief@example.org", "Your appointment")]
    [InlineData("ana@example.org", "Your appointment\r\nBcc: thief@example.org")]
    [InlineData("ana@example.org", "Your appointment\nBcc: thief@example.org")]
    [InlineData("ana@example.org", "Your appointment\r\n\r\nAnother body")]
    public async Task Neither_an_address_nor_a_subject_becomes_a_header_or_a_second_recipient(string recipient, string subject)
    {
        Assert.True(recipient == "ana@example.org" || Identity.EmailAddress.Read(recipient) is null, recipient);   // no such address is kept in the first place
        using var listener = new TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();

        var refused = await Record.ExceptionAsync(() => new SmtpTransport(new() { Port = ((System.Net.IPEndPoint)listener.LocalEndpoint).Port })
            .SendAsync(Guid.CreateVersion7(), new(recipient, subject, "Tomorrow at ten."), default));

        Assert.True(refused is FormatException or ArgumentException, $"{refused}");
        Assert.False(listener.Pending());   // nobody was even called
    }

    private static async Task EnqueueAsync(TestClinic clinic, bool commit)
    {
        await using var tx = await clinic.The<TenantDb>().BeginAsync(clinic.Actor(ClinicRole.FrontDesk), Permission.BookAppointments, default);
        await tx.ExecuteAsync("update counter set next = next where name = 'mrn'", null, default);
        tx.Audit(new("appointment.booked", "appointment"));
        tx.Enqueue(new("canary@patient.example", "Your appointment", "canary"));
        if (commit) await tx.CommitAsync(default);
    }

    /// <summary>The server's side of RFC 5321, for one message.</summary>
    private static async Task<string> ServeOneAsync(TcpListener listener)
    {
        using var client = await listener.AcceptTcpClientAsync();
        using var reader = new StreamReader(client.GetStream(), Encoding.ASCII);
        await using var writer = new StreamWriter(client.GetStream(), Encoding.ASCII) { AutoFlush = true, NewLine = "\r\n" };
        var (heard, isData) = (new StringBuilder(), false);
        await writer.WriteLineAsync("220 test");
        while (await reader.ReadLineAsync() is { } line)
        {
            heard.AppendLine(line);
            if (isData && line != ".") continue;
            isData = line == "DATA";
            await writer.WriteLineAsync(isData ? "354 go on" : line == "QUIT" ? "221 bye" : "250 ok");
            if (line == "QUIT") break;
        }
        return heard.ToString();
    }
}
