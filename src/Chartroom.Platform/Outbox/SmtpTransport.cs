using System.ComponentModel.DataAnnotations;
using System.Net.Mail;

namespace Chartroom.Platform.Outbox;

/// <summary>Where e-mail is handed over. Section <c>Smtp</c>.</summary>
public sealed record SmtpOptions
{
    /// <summary>Host of the SMTP server. Default 127.0.0.1, where the development mailbox listens.</summary>
    [Required] public string Host { get; init; } = "127.0.0.1";

    /// <summary>Port, 1 to 65535. Default 1025, the development mailbox's.</summary>
    [Range(1, 65535)] public int Port { get; init; } = 1025;

    /// <summary>Sender address.</summary>
    [Required, EmailAddress] public string From { get; init; } = "chartroom@localhost.localdomain";

    /// <summary>STARTTLS; must be on for any server but this machine's own.</summary>
    public bool UseTls { get; init; }

    /// <summary>User, where the server asks for one.</summary>
    public string? Username { get; init; }

    /// <summary>File that holds the password, where the server asks for one.</summary>
    public string? PasswordFile { get; init; }

    /// <summary>Seconds to wait for the server, 1 to 300.</summary>
    [Range(1, 300)] public int TimeoutSeconds { get; init; } = 20;

    /// <summary>Web page of the development mailbox, linked from the console; empty where there is none.</summary>
    public string? MailboxUrl { get; init; }
}

/// <summary>Hands a message to the outside. SMTP now; vendors' APIs are the others.</summary>
public interface IMailTransport
{
    /// <summary>Returns once the other side has accepted the message; throws <see cref="SmtpException"/> or <see cref="IOException"/> when it did not.</summary>
    /// <param name="id">The outbox row, sent as Message-ID so that a repeated try is recognisable.</param>
    /// <param name="message">What to send.</param>
    /// <param name="ct">Gives up.</param>
    Task SendAsync(Guid id, OutboxMessage message, CancellationToken ct);
}

/// <summary>SMTP by the framework's own client.</summary>
public sealed class SmtpTransport(SmtpOptions options) : IMailTransport
{
    /// <inheritdoc/>
    public async Task SendAsync(Guid id, OutboxMessage message, CancellationToken ct)
    {
        using var client = new SmtpClient(options.Host, options.Port) { EnableSsl = options.UseTls };
        if (options.Username is { } user)
            client.Credentials = new System.Net.NetworkCredential(user, options.PasswordFile is { } file ? (await File.ReadAllTextAsync(file, ct)).Trim() : "");
        using var mail = new MailMessage(new MailAddress(options.From), OnlyOne(message.Recipient)) { Subject = message.Subject, Body = message.Body };
        mail.Headers.Add("Message-ID", $"<{id:N}@chartroom>");
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(TimeSpan.FromSeconds(options.TimeoutSeconds));
        await client.SendMailAsync(mail, limit.Token);
    }

    /// <summary>An address and nothing beside it: the framework would read a comma as a second recipient, and words before angle brackets as a name.</summary>
    /// <exception cref="FormatException">It is something else.</exception>
    private static MailAddress OnlyOne(string recipient) =>
        MailAddress.TryCreate(recipient, out var one) && one.Address == recipient ? one : throw new FormatException("The recipient of a mail is not one bare address.");
}
