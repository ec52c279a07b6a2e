using System.Text;

namespace Chartroom.Exports;

/// <summary>CSV as the exports write it, for other capabilities' files: safe to open in a spreadsheet.</summary>
public static class CsvFile
{
    /// <summary>A whole file: UTF-8 with byte order mark, a head, lines.</summary>
    public static byte[] Of(IEnumerable<string?> head, IEnumerable<IEnumerable<string?>> lines) =>
        [.. Encoding.UTF8.GetPreamble(), .. Encoding.UTF8.GetBytes(string.Concat(lines.Prepend(head).Select(CsvLine.Of)))];
}
