using System.Globalization;
using Chartroom.Platform.Tenancy;

namespace Chartroom.AuditLog;

/// <summary>Which events to read. All that is given must fit.</summary>
/// <param name="Person">Who acted.</param>
/// <param name="Patient">Whose record was touched.</param>
/// <param name="Action">One action, such as <c>patient.read</c>; with a full stop at the end all of a kind: <c>patient.</c>.</param>
/// <param name="From">First day, in the clinic's zone.</param>
/// <param name="To">Last day, inclusive, in the clinic's zone.</param>
/// <param name="Outcome"><c>done</c> or <c>refused</c>.</param>
/// <param name="Purpose"><c>treatment</c>, <c>payment</c>, <c>operations</c>, <c>patient_request</c> or <c>emergency</c>; <c>other</c> for the last two.</param>
public sealed record AuditFilter(
    Guid? Person = null, PatientId? Patient = null, string? Action = null, DateOnly? From = null, DateOnly? To = null, string? Outcome = null,
    string? Purpose = null);

/// <summary>One event. Names of patients are not in it: they are sealed.</summary>
public sealed record AuditEntry
{
    public required Guid Id { get; init; }
    public required DateTimeOffset At { get; init; }
    public Guid? PersonId { get; init; }
    /// <summary>The colleague's name; absent for the program itself and for those who never worked here.</summary>
    public string? PersonName { get; init; }
    public string? Role { get; init; }
    public required string Action { get; init; }
    public required string Resource { get; init; }
    public Guid? ResourceId { get; init; }
    /// <summary>Every patient whose key was opened or who was shown.</summary>
    public required Guid[] PatientIds { get; init; }
    public string? Purpose { get; init; }
    /// <summary><c>done</c>, or <c>refused</c>: nothing was changed, but what it names may have been looked at.</summary>
    public required string Outcome { get; init; }
    public required string Door { get; init; }
    public string? Ip { get; init; }
    public Guid? DeviceId { get; init; }
    public string? Agent { get; init; }
    public string? Language { get; init; }
    public Guid? SessionId { get; init; }
    public string? TraceId { get; init; }
}

/// <summary>A place in the log, newest first.</summary>
public readonly record struct AuditCursor(DateTimeOffset At, Guid Id)
{
    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{At.UtcTicks}_{Id}");

    /// <summary>Null for anything but the text of a cursor.</summary>
    public static AuditCursor? Read(string? text)
    {
        if (text?.Split('_') is not [var ticks, var id] || !Guid.TryParseExact(id, "D", out var key)) return null;
        return long.TryParse(ticks, NumberStyles.None, CultureInfo.InvariantCulture, out var at) && at <= DateTimeOffset.MaxValue.UtcTicks
            ? new(new(at, TimeSpan.Zero), key) : null;
    }
}

/// <summary>The audit log of a clinic, newest first: what touched its data, and what happened to its people's accounts.</summary>
public static class AuditTrail
{
    /// <summary>Up to <paramref name="most"/> events before the cursor. The caller takes down the event of reading.</summary>
    /// <param name="tx">Opened with <see cref="Permission.SeeAudit"/> or <see cref="Permission.ExportData"/>, as admin or system.</param>
    /// <param name="filter">Which events.</param>
    /// <param name="before">Where the last part stopped; null for the newest.</param>
    /// <param name="most">How many at most.</param>
    /// <param name="ct">Cancels.</param>
    public static Task<List<AuditEntry>> ReadAsync(ClinicTx tx, AuditFilter filter, AuditCursor? before, int most, CancellationToken ct) =>
        AuditReads.ReadAsync(tx, filter, before, most, ct);
}
