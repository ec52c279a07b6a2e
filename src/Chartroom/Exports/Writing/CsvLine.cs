using System.Text;

namespace Chartroom.Exports;

/// <summary>
/// One line of CSV (RFC 4180, CRLF). A cell that a spreadsheet would run as a formula (it begins with = + - @, also full-width, a tab or a line's end) gets an
/// apostrophe before it, and so does one that has such apostrophes already: whoever reads the file by program takes one away where only apostrophes stand before such
/// a sign, and has what was there. Source: https://owasp.org/www-community/attacks/CSV_Injection
/// </summary>
internal static class CsvLine
{
    public static string Of(IEnumerable<string?> cells) => string.Join(',', cells.Select(Cell)) + "\r\n";

    /// <summary>Whether an apostrophe goes before it.</summary>
    internal static bool IsFormula(string text) => text.AsSpan().TrimStart('\'') is ['=' or '+' or '-' or '@' or '\t' or '\r' or '\n' or '＝' or '＋' or '－' or '＠', ..];

    private static string Cell(string? text)
    {
        if (string.IsNullOrEmpty(text)) return "";
        var safe = IsFormula(text) ? "'" + text : text;
        if (safe.IndexOfAny(['"', ',', '\r', '\n']) < 0) return safe;
        return new StringBuilder(safe.Length + 8).Append('"').Append(safe.Replace("\"", "\"\"", StringComparison.Ordinal)).Append('"').ToString();
    }
}
