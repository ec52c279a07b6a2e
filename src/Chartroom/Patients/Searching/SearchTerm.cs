namespace Chartroom.Patients;

/// <summary>One thing a patient is found by, before it is blinded. Indexes are kept apart, so that a name never meets a number.</summary>
/// <param name="Index">Name of the blind index.</param>
/// <param name="Value">The normalised value.</param>
internal readonly record struct SearchTerm(string Index, string Value)
{
    /// <summary>Longer beginnings are cut, in the index and in the search alike.</summary>
    public const int LongestBeginning = 16;

    /// <summary>Beginning of a folded name.</summary>
    public static SearchTerm Beginning(string folded) => new("patient.name", Cut(folded, LongestBeginning));

    /// <summary>A folded name from first to last letter: puts exact hits first.</summary>
    public static SearchTerm WholeName(string folded) => new("patient.whole-name", folded);

    /// <summary>Digits (and letters) as somebody would type them: telephone, birth date, record numbers.</summary>
    public static SearchTerm Number(string typed) => new("patient.number", typed);

    /// <summary>Sound of a name with the first sound of the other.</summary>
    public static SearchTerm Sound(string main, string other) => new("patient.sound", $"{SoundKey.Of(main)}|{Cut(SoundKey.Of(other), 1)}");

    /// <summary>A calendar day, in the one form all others are brought to.</summary>
    public static SearchTerm Birth(DateOnly day) => Number(day.ToString("yyyyMMdd", System.Globalization.CultureInfo.InvariantCulture));

    /// <summary>Cuts to so many signs as people count them, never inside one.</summary>
    internal static string Cut(string text, int most) => string.Concat(text.EnumerateRunes().Take(most).Select(rune => rune.ToString()));
}
