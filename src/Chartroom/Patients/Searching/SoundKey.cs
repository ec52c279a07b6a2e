using System.Text;

namespace Chartroom.Patients;

/// <summary>
/// How a name sounds, for warning of duplicates: Soundex (Russell and Odell, US patent 1,261,167; the National Archives' rules) with the first letter
/// coded by its sound too, so that Catherine meets Katherine. Names in scripts without a Soundex sound like themselves only. Pure.
/// </summary>
internal static class SoundKey
{
    /// <summary>Key of one folded name; empty for an empty name.</summary>
    public static string Of(string folded)
    {
        if (folded.Length == 0 || !folded.All(char.IsAsciiLetterLower)) return folded;
        var word = Respelled(folded);
        var key = new StringBuilder(4).Append(First(word[0]));
        var last = Code(word[0]);
        foreach (var letter in word.AsSpan(1))
        {
            var code = Code(letter);
            if (code != '0' && code != last) key.Append(code);
            if (letter is not ('h' or 'w')) last = code;   // h and w do not part equal sounds, vowels do
            if (key.Length == 4) break;
        }
        return key.ToString().PadRight(4, '0');
    }

    /// <summary>Beginnings that are written in one way and spoken in another.</summary>
    private static string Respelled(string word) => word switch
    {
        ['k' or 'g' or 'p', 'n', ..] => word[1..],
        ['w', 'r', ..] => word[1..],
        ['p', 's', ..] => word[1..],
        ['p', 'h', ..] => "f" + word[2..],
        _ => word,
    };

    private static char First(char letter) => letter switch
    {
        'c' or 'q' => 'k',
        'j' => 'g',
        'z' or 'x' => 's',
        'v' => 'f',
        'y' => 'i',
        _ => letter,
    };

    private static char Code(char letter) => letter switch
    {
        'b' or 'f' or 'p' or 'v' => '1',
        'c' or 'g' or 'j' or 'k' or 'q' or 's' or 'x' or 'z' => '2',
        'd' or 't' => '3',
        'l' => '4',
        'm' or 'n' => '5',
        'r' => '6',
        _ => '0',
    };
}
