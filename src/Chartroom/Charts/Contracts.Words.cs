using System.Globalization;
using Chartroom.Platform.Tenancy;
using Chartroom.Platform.Vault;

namespace Chartroom.Charts;

/// <summary>An entry as it stands, in the words in which the chart shows it: for what is written from the chart.</summary>
/// <param name="Title">What it is about: the problem, the drug, the test.</param>
/// <param name="Day">When it was so, the month written out; "" when the source does not say.</param>
/// <param name="ShortDay">The same as the chart's lists have it.</param>
public sealed record WordedEntry(EntryId Id, int Version, Entry Content, string Title, string Day, string ShortDay)
{
    /// <summary>What the entry's page lists, name and words, without the empty ones.</summary>
    public required IReadOnlyList<(string Name, string Words)> Facts { get; init; }

    /// <summary>False for a problem, an allergy or a medication that is over; all else counts as it stands.</summary>
    public required bool IsCurrent { get; init; }

    /// <summary>One of the facts, or "".</summary>
    public string Fact(string name) => Facts.FirstOrDefault(fact => fact.Name == name).Words ?? "";
}

/// <summary>The chart in words, inside the caller's clinic transaction, whose opened patient key is the proof that an audit event was taken down.</summary>
public static class ChartWording
{
    /// <summary>Everything that counts, newest first.</summary>
    /// <param name="zone">IANA zone of the clinic's calendar.</param>
    public static async Task<IReadOnlyList<WordedEntry>> ReadAsync(ClinicTx tx, PatientKey key, string zone, CancellationToken ct) =>
        [.. (await ChartReads.ChartAsync(tx, key.Patient, Enum.GetValues<EntryKind>(), ct)).Select(row => Of(row.Open(key), zone))];

    /// <summary>A day with its month written out, or the month or year when only that is known; "" for none.</summary>
    public static string LongDay(PartialTime? time, string zone) => time switch
    {
        null => "",
        { Precision: TimePrecision.Year } => time.Text,
        { Precision: TimePrecision.Month } => time.Earliest.ToString("MMMM yyyy", CultureInfo.InvariantCulture),
        { Precision: TimePrecision.Day } => time.Earliest.ToString("MMMM d, yyyy", CultureInfo.InvariantCulture),
        _ => ClinicTime.Local(time.Earliest, zone).ToString("MMMM d, yyyy", CultureInfo.InvariantCulture),
    };

    internal static WordedEntry Of(ChartEntry row, string zone) => new(row.Id, row.Version, row.Content, EntryWords.TitleOf(row.Content), LongDay(row.Content.At, zone), ChartWords.Day(row.Content.At, zone))
    {
        Facts = [.. EntryWords.FactsOf(row.Content, zone).Where(fact => !string.IsNullOrWhiteSpace(fact.Words)).Select(fact => (fact.Name, fact.Words!))],   // filtered
        IsCurrent = row.Content switch
        {
            Entry.Problem problem => ChartView.IsActive(problem),
            Entry.Allergy allergy => ChartView.IsActive(allergy),
            Entry.Medication drug => ChartView.IsActive(drug),
            _ => true,
        },
    };
}
