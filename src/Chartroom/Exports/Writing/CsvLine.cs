using System.Text;

namespace Chartroom.Exports;

/// <summary>
/// One line of CSV (RFC 4180, CRLF). A cell that a spreadsheet would run as a formula (it begins with = + - @, a tab or a carriage return) gets an
/// apostrophe before it; whoever reads the file by program takes that one away. Source: https://owasp.org/www-community/attacks/CSV_Injection
/// </summary>
internal static class CsvLine
{
    public static string Of(IEnumerable<string?> cells) => string.Join(',', cells.Select(Cell)) + "\r\n";

    private static string Cell(string? text)
    {
        if (string.IsNullOrEmpty(text)) return "";
        var safe = text[0] is '=' or '+' or '-' or '@' or '\t' or '\r' ? "'" + text : text;
        if (safe.IndexOfAny(['"', ',', '\r', '\n']) < 0) return safe;
        return new StringBuilder(safe.Length + 8).Append('"').Append(safe.Replace("\"", "\"\"", StringComparison.Ordinal)).Append('"').ToString();
    }
}
