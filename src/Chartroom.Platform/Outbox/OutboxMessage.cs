namespace Chartroom.Platform.Outbox;

/// <summary>An e-mail. Its subject, and what shows in a preview, must hold no PHI.</summary>
/// <param name="Recipient">One address.</param>
/// <param name="Subject">One line, no PHI.</param>
/// <param name="Body">Plain text.</param>
public sealed record OutboxMessage(string Recipient, string Subject, string Body);
