using System.Globalization;

namespace Chartroom.Platform.Identity;

/// <summary>An e-mail address in the form that is compared and stored: trimmed, lower case, the domain in ASCII.</summary>
/// <param name="Value">The normal form.</param>
public readonly record struct EmailAddress(string Value)
{
    private const int MostSigns = 254;   // RFC 5321, 4.5.3.1.3
    private const int MostSignsOfLocalPart = 64;

    // Mail of anybody, not of a practice. Short on purpose: it is a friendly hint to use the practice's own address, no border.
    private static readonly HashSet<string> FreeMail = new(StringComparer.Ordinal)
    {
        "gmail.com", "googlemail.com", "yahoo.com", "ymail.com", "rocketmail.com", "hotmail.com", "outlook.com", "live.com", "msn.com",
        "aol.com", "icloud.com", "me.com", "mac.com", "proton.me", "protonmail.com", "gmx.com", "gmx.net", "mail.com", "zoho.com",
        "yandex.com", "yahoo.ca", "hotmail.ca", "comcast.net", "verizon.net", "att.net", "sbcglobal.net", "fastmail.com",
    };

    /// <summary>Reads a typed address; null when it cannot be one. Whether anybody reads mail there, only a mail can tell.</summary>
    public static EmailAddress? Read(string? typed)
    {
        var text = (typed ?? "").Trim().ToLowerInvariant();
        if (text.Length > MostSigns || text.Split('@') is not [var local, var domain]) return null;
        if (local.Length is 0 or > MostSignsOfLocalPart || !local.All(IsLocalSign)) return null;
        if (local.StartsWith('.') || local.EndsWith('.') || local.Contains("..", StringComparison.Ordinal)) return null;
        return AsciiDomain(domain) is { } ascii ? new EmailAddress($"{local}@{ascii}") : null;
    }

    /// <summary>Whether the address is of a provider where everybody may have one, so that it names no practice.</summary>
    public bool IsFreeMail => FreeMail.Contains(Value[(Value.IndexOf('@', StringComparison.Ordinal) + 1)..]);

    public override string ToString() => "•••";   // it names a person and must not reach a log by accident

    private static bool IsLocalSign(char sign) =>
        char.IsLetterOrDigit(sign) || ".!#$%&'*+/=?^_`{|}~-".Contains(sign, StringComparison.Ordinal);

    private static string? AsciiDomain(string domain)
    {
        try
        {
            var ascii = new IdnMapping { UseStd3AsciiRules = true }.GetAscii(domain);
            var labels = ascii.Split('.');
            return labels.Length >= 2 && labels[^1].Length >= 2 && !labels[^1].All(char.IsAsciiDigit) ? ascii : null;
        }
        catch (ArgumentException)   // how IdnMapping says that it is no domain
        {
            return null;
        }
    }
}
