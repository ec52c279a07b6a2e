using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Chartroom.Platform.Identity;

/// <summary>A password as typed: any Unicode, never cut, brought to normal form C so that one word typed on two keyboards is one
/// password (NIST SP 800-63B-4, 3.1.1.2). It prints as dots, so that it cannot reach a log by accident.</summary>
public sealed class Password
{
    /// <summary>The longest password taken, in Unicode code points. A longer one is refused, never cut.</summary>
    public const int MostCharacters = 256;

    private readonly string text;

    private Password(string text)
    {
        this.text = text;
        Length = text.EnumerateRunes().Count();
    }

    /// <summary>Length in Unicode code points, the way NIST counts.</summary>
    public int Length { get; }

    /// <summary>Takes the typed text; false when it is empty, longer than <see cref="MostCharacters"/> or not valid Unicode.</summary>
    public static bool TryTake(string? typed, [NotNullWhen(true)] out Password? password)
    {
        password = null;
        if (string.IsNullOrEmpty(typed) || typed.Length > 4 * MostCharacters || !IsValidUnicode(typed)) return false;
        var taken = new Password(typed.Normalize(NormalizationForm.FormC));
        if (taken.Length > MostCharacters) return false;
        password = taken;
        return true;
    }

    /// <summary>The text itself, for hashing and for the policy only.</summary>
    internal string Reveal() => text;

    public override string ToString() => "•••";

    private static bool IsValidUnicode(string typed)
    {
        for (var i = 0; i < typed.Length; i++)
        {
            if (!char.IsSurrogate(typed[i])) continue;
            if (i + 1 >= typed.Length || !char.IsSurrogatePair(typed[i], typed[i + 1])) return false;
            i++;
        }
        return true;
    }
}
