using System.Globalization;
using System.Text;

namespace Chartroom.Codes;

/// <summary>One line of it.</summary>
/// <param name="Code">Without its dot.</param>
internal sealed record OrderLine(string Code, string Title, bool IsBillable);

/// <summary>The order file of ICD-10-CM as CMS publishes it: order number (columns 1 to 5), code (7 to 13), 1 for a code and 0 for a heading (15), short description (17 to 76), long
/// description (from 78).</summary>
/// <seealso href="https://www.cms.gov/medicare/coding-billing/icd-10-codes"/>
internal static class OrderFile
{
    private const int CodeAt = 6, CodeLength = 7, FlagAt = 14, ShortAt = 16, LongAt = 77;

    /// <summary>All lines, or the number of the first that is none of such a file: nothing is left out in silence.</summary>
    public static Outcome<IReadOnlyList<OrderLine>> Read(byte[] file)
    {
        var lines = new List<OrderLine>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var number = 0;
        foreach (var line in TextOf(file).Split('\n').Select(line => line.TrimEnd('\r')))
        {
            number++;
            if (line.Length == 0) continue;
            if (LineOf(line) is not { } read) return Refusals.NotAnOrderFile.On("file", string.Create(CultureInfo.InvariantCulture, $"Line {number} is not of its form."));
            if (!seen.Add(read.Code)) return Refusals.NotAnOrderFile.On("file", string.Create(CultureInfo.InvariantCulture, $"Line {number} has a code for the second time."));
            lines.Add(read);
        }
        return lines.Count == 0 ? Refusals.NotAnOrderFile.On("file", "It is empty.") : lines;
    }

    private static OrderLine? LineOf(string line)
    {
        if (line.Length <= ShortAt || !line.AsSpan(0, 5).ContainsOnlyDigits() || line[5] != ' ' || line[FlagAt] is not ('0' or '1')) return null;
        var code = line.Substring(CodeAt, CodeLength).TrimEnd();
        if (code.Length < 3 || !char.IsAsciiLetterUpper(code[0]) || !code.All(sign => char.IsAsciiLetterUpper(sign) || char.IsAsciiDigit(sign))) return null;
        var title = (line.Length > LongAt ? line[LongAt..] : line[ShortAt..]).Trim();
        return title.Length is 0 or > 500 ? null : new(code, title, line[FlagAt] == '1');
    }

    private static bool ContainsOnlyDigits(this ReadOnlySpan<char> text) => !text.ContainsAnyExceptInRange('0', '9');

    /// <summary>UTF-8; some editions are Latin-1.</summary>
    private static string TextOf(byte[] file)
    {
        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(file);
        }
        catch (DecoderFallbackException)
        {
            return Encoding.Latin1.GetString(file);
        }
    }
}
