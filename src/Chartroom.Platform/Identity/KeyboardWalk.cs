namespace Chartroom.Platform.Identity;

/// <summary>Runs of neighbouring keys on a US keyboard and runs of the alphabet, forwards and backwards: <c>qwertyui</c>, <c>1qaz</c>,
/// <c>4321</c>, <c>abcd</c>; also two of them dealt like cards, <c>1q2w3e4r</c>.</summary>
internal static class KeyboardWalk
{
    private static readonly string[] Lines =
    [
        "`1234567890-=", "qwertyuiop[]", "asdfghjkl;'", "zxcvbnm,./", "abcdefghijklmnopqrstuvwxyz", "01234567890",
        "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik,9ol.", "1qazxsw23edcvfr45tgbnhy67ujm,ki8", "zaqxswcdevfrbgtnhymju", "qazwsxedcrfvtgbyhnujm",
        "zse4xdr5cft6vgy7bhu8nji9mko0", "qweasdzxc", "147258369", "159357", "789456123",
    ];

    private const string Shifted = "~!@#$%^&*()_+{}:\"<>?";
    private const string Unshifted = "`1234567890-=[];',./";

    /// <summary>Whether the piece, in lower case, is one such run or two of them dealt; the shift key does not hide it.</summary>
    public static bool Covers(string piece)
    {
        if (piece.Length < 3) return false;
        var keys = string.Concat(piece.Select(Key));
        return IsRun(keys) || (keys.Length >= 5 && IsRun(EveryOther(keys, 0)) && IsRun(EveryOther(keys, 1)));
    }

    private static char Key(char sign) => Shifted.IndexOf(sign, StringComparison.Ordinal) is >= 0 and var at ? Unshifted[at] : sign;

    private static bool IsRun(string piece)
    {
        if (piece.Length < 2) return false;
        var backwards = new string(piece.Reverse().ToArray());
        return Array.Exists(Lines, line => line.Contains(piece, StringComparison.Ordinal) || line.Contains(backwards, StringComparison.Ordinal));
    }

    private static string EveryOther(string piece, int from) => new(piece.Where((_, at) => at % 2 == from).ToArray());
}
