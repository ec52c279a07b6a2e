namespace Chartroom.Platform.Identity;

/// <summary>A telephone number in the shape of E.164, <c>+</c> and up to fifteen digits. A number without a country is taken for one of
/// the North American plan; one with another country's code is kept as given.</summary>
/// <param name="Value">The normal form, such as <c>+13035550123</c>.</param>
public readonly record struct PhoneNumber(string Value)
{
    private const string Punctuation = " -.()/ ‑–";

    /// <summary>Reads a typed number; null when it cannot be one. Letters are refused, not turned into digits.</summary>
    public static PhoneNumber? Read(string? typed)
    {
        var text = (typed ?? "").Trim();
        var hasCountry = text.StartsWith('+');
        var digits = string.Concat(text.Skip(hasCountry ? 1 : 0).Where(sign => !Punctuation.Contains(sign, StringComparison.Ordinal)));
        if (digits.Length == 0 || !digits.All(char.IsAsciiDigit)) return null;
        if (hasCountry && digits[0] != '1') return digits.Length is >= 7 and <= 15 && digits[0] != '0' ? new PhoneNumber($"+{digits}") : null;
        if (digits.Length == 11 && digits[0] == '1') digits = digits[1..];
        return IsNorthAmerican(digits) ? new PhoneNumber($"+1{digits}") : null;
    }

    /// <summary>As people of the United States and Canada write it; other numbers as they are.</summary>
    public string Shown => Value is ['+', '1', .. { Length: 10 } digits] ? $"({digits[..3]}) {digits[3..6]}-{digits[6..]}" : Value;

    public override string ToString() => "•••";   // a patient's number is PHI and must not reach a log by accident

    private static bool IsNorthAmerican(string digits) => digits.Length == 10 && digits[0] >= '2' && digits[3] >= '2';
}
