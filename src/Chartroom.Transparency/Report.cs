using System.Globalization;

namespace Chartroom.Transparency;

/// <summary>A verdict in words.</summary>
public static class Report
{
    private const int MostLines = 200;

    /// <summary>What was found, and below it the sum.</summary>
    /// <param name="verdict">What to tell.</param>
    /// <param name="isWhole">True for every finding; else the first 200.</param>
    public static IEnumerable<string> Lines(Verdict verdict, bool isWhole)
    {
        foreach (var finding in isWhole ? verdict.Findings : verdict.Findings.Take(MostLines)) yield return Line(finding);
        if (!isWhole && verdict.Findings.Count > MostLines) yield return $"… and {verdict.Findings.Count - MostLines} more (--all shows them)";
        yield return $"{verdict.Origin}: {verdict.Size} rows, {verdict.Checkpoints} signed heads; {Witnessed(verdict)}";
        yield return verdict.Findings.Count == 0 ? "Intact." : $"NOT INTACT: {verdict.Findings.Count} findings.";
    }

    private static string Witnessed(Verdict verdict) => verdict.WitnessedAt is { } at
        ? string.Create(CultureInfo.InvariantCulture, $"witnessed up to row {verdict.WitnessedSize} at {at:u}")
        : "no witness was asked";

    private static string Line(Finding finding) =>
        string.Create(CultureInfo.InvariantCulture, $"{finding.Kind}\tposition {finding.Position?.ToString(CultureInfo.InvariantCulture) ?? "-"}\trow {finding.EventId?.ToString() ?? "-"}\t{finding.Text}");
}
