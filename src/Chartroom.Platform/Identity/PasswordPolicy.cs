using System.Text;

namespace Chartroom.Platform.Identity;

/// <summary>What a new password lacks.</summary>
public enum PasswordFault
{
    TooShort,
    NoUpper,
    NoLower,
    NoDigit,
    NoSymbol,
    Guessable,
    UsedBefore,
}

/// <summary>One of the two named rules for passwords; a clinic chooses one and may only tighten its numbers (promise ACC-2).</summary>
/// <param name="Name">What the clinic's setting says: <c>rotation</c> or <c>nist</c>.</param>
/// <param name="LeastCharacters">Fewest characters (Unicode code points) taken.</param>
/// <param name="NeedsFourClasses">Whether an upper-case letter, a lower-case one, a digit and a symbol must all be there.</param>
/// <param name="Remembered">How many former passwords may not come back; 0 for none.</param>
/// <param name="ValidFor">How long a password holds; null for as long as it is not known to be stolen.</param>
public sealed record PasswordPolicy(string Name, int LeastCharacters, bool NeedsFourClasses, int Remembered, TimeSpan? ValidFor)
{
    /// <summary>The default, as the clinics' contracts promise it.</summary>
    public static PasswordPolicy Rotation { get; } = new("rotation", 12, true, 24, TimeSpan.FromDays(90));

    /// <summary>As NIST SP 800-63B-4 and OWASP ASVS 5.0 ask: length and a block list instead of composition and rotation.</summary>
    public static PasswordPolicy Nist { get; } = new("nist", 15, false, 0, null);

    /// <summary>The policy of that name with a clinic's numbers; <c>nist</c> takes the length only.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No policy has that name.</exception>
    public static PasswordPolicy Of(string name, int least, int remembered, int days) => name switch
    {
        "rotation" => Rotation with { LeastCharacters = least, Remembered = remembered, ValidFor = TimeSpan.FromDays(days) },
        "nist" => Nist with { LeastCharacters = least },
        _ => throw new ArgumentOutOfRangeException(nameof(name), "There are two password policies: rotation and nist."),
    };

    /// <summary>What somebody has to keep who is under several: <c>rotation</c> if any is, and the strictest of each number. Without any, <see cref="Rotation"/>.</summary>
    public static PasswordPolicy StrictestOf(IReadOnlyCollection<PasswordPolicy> all) => all.Count == 0 ? Rotation : all.Aggregate((one, other) => new(
        one.NeedsFourClasses || other.NeedsFourClasses ? "rotation" : "nist",
        Math.Max(one.LeastCharacters, other.LeastCharacters),
        one.NeedsFourClasses || other.NeedsFourClasses,
        Math.Max(one.Remembered, other.Remembered),
        one.ValidFor is null || other.ValidFor < one.ValidFor ? other.ValidFor : one.ValidFor));

    /// <summary>What it asks for, in a sentence for the person who chooses.</summary>
    public string Words => NeedsFourClasses
        ? $"{LeastCharacters} or more characters with upper and lower case, a digit and a sign{(Remembered == 0 ? "" : $"; none of your last {Remembered}")}."
        : $"{LeastCharacters} or more characters of any kind: four words that have nothing to do with each other are good.";

    /// <summary>All that the password lacks, empty when it may be taken. The former passwords are the caller's to compare
    /// (<see cref="PasswordFault.UsedBefore"/>), since that takes one hash each.</summary>
    /// <param name="password">The new password.</param>
    /// <param name="context">Words an attacker would try first for this person: their name, e-mail address, practice.</param>
    public IReadOnlyList<PasswordFault> FaultsOf(Password password, IReadOnlyCollection<string> context)
    {
        var text = password.Reveal();
        var faults = new List<PasswordFault>();
        if (password.Length < LeastCharacters) faults.Add(PasswordFault.TooShort);
        if (NeedsFourClasses) faults.AddRange(MissingClasses(text));
        if (faults.Count == 0 && Guessing.IsEasy(text, context)) faults.Add(PasswordFault.Guessable);
        return faults;
    }

    /// <summary>Whether a password set at <paramref name="setAt"/> must be changed now. It holds until the last moment of its days.</summary>
    public bool IsExpired(DateTimeOffset setAt, DateTimeOffset now) => ValidFor is { } days && now - setAt >= days;

    private static IEnumerable<PasswordFault> MissingClasses(string text)
    {
        var runes = text.EnumerateRunes().ToList();
        if (!runes.Exists(Rune.IsUpper)) yield return PasswordFault.NoUpper;
        if (!runes.Exists(Rune.IsLower)) yield return PasswordFault.NoLower;
        if (!runes.Exists(Rune.IsDigit)) yield return PasswordFault.NoDigit;
        if (runes.TrueForAll(rune => Rune.IsUpper(rune) || Rune.IsLower(rune) || Rune.IsDigit(rune))) yield return PasswordFault.NoSymbol;
    }
}
