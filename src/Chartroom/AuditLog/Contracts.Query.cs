using System.Globalization;

namespace Chartroom.AuditLog;

/// <summary>The filter as it stands in an address: ids, days and actions only, nothing about a patient but the key.</summary>
public static class AuditLogQuery
{
    /// <summary>An empty or unreadable field means: no filter.</summary>
    public static AuditFilter Of(IQueryCollection query) => new(
        Guid.TryParseExact(query["person"], "D", out var person) ? person : null,
        PatientId.TryParse(query["patient"], out var patient) ? patient : null,
        query["action"].ToString() is { Length: > 0 } action ? action : null,
        DayOf(query["from"]), DayOf(query["to"]), query["outcome"].ToString() is "done" or "refused" ? query["outcome"].ToString() : null,
        AuditReads.Purposes.Contains(query["purpose"].ToString()) ? query["purpose"].ToString() : null);

    /// <summary>With its question mark; empty for a filter that lets everything through.</summary>
    public static string Text(AuditFilter filter, params (string Name, string? Value)[] more) => QueryString.Create(
        new (string Name, string? Value)[]
        {
            ("person", filter.Person?.ToString()), ("patient", filter.Patient?.ToString()), ("action", filter.Action), ("from", TextOf(filter.From)), ("to", TextOf(filter.To)),
            ("outcome", filter.Outcome), ("purpose", filter.Purpose),
        }.Concat(more).Where(it => it.Value is not null).Select(it => KeyValuePair.Create(it.Name, it.Value))).ToUriComponent();

    private static string? TextOf(DateOnly? day) => day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static DateOnly? DayOf(string? text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;
}
