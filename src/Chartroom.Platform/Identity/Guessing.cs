using System.Globalization;
using System.Text;

namespace Chartroom.Platform.Identity;

/// <summary>Finds passwords that a guesser tries early, by cutting them into the pieces such a guesser is made of: words, the person's
/// own words, walks over the keyboard, series, years, repetitions. A list of known passwords holds only what it holds; this holds
/// their kind, with every number at the end and every letter swapped for a sign.</summary>
/// <remarks>The idea is zxcvbn's (https://www.usenix.org/conference/usenixsecurity16/technical-sessions/presentation/wheeler):
/// the cheapest cover of the text by pieces, in bits of guessing, found by dynamic programming.</remarks>
internal static class Guessing
{
    /// <summary>Below this many bits the password is refused: three words in a row pass, two words and a year do, one word and its trimmings do not.</summary>
    public const double LeastBits = 28;

    /// <summary>The work grows with the cube of the length, so only the beginning of a very long password is judged.</summary>
    private const int MostJudged = 64;

    private const double DigitBits = 3.3;
    private const double LetterBits = 4.0;
    private const double SignBits = 4.5;
    private const double KnownWordBits = 10;
    private const double CommonPasswordBits = 13;
    private const double OwnWordBits = 3;
    private const double YearBits = 6;

    public static bool IsEasy(string password, IReadOnlyCollection<string> context) => BitsOf(password, context) < LeastBits;

    public static double BitsOf(string password, IReadOnlyCollection<string> context)
    {
        var judged = password.Length > MostJudged ? password[..MostJudged] : password;
        var plain = judged.ToLowerInvariant();
        var letters = GuessableWords.Unswap(plain);
        var own = OwnWords(context);
        var cheapest = new double[plain.Length + 1];
        for (var end = 1; end <= plain.Length; end++)
        {
            cheapest[end] = cheapest[end - 1] + BitsOfSingle(plain, end - 1);
            for (var start = 0; start < end - 1; start++)
            {
                var piece = BitsOfPiece(plain[start..end], letters[start..end], own);
                cheapest[end] = Math.Min(cheapest[end], cheapest[start] + piece);
            }
        }
        return cheapest[^1] + (plain == judged ? 0 : 1);
    }

    /// <summary>One more of the same sign, or a sign at the very end, is what people add when a rule asks for it.</summary>
    private static double BitsOfSingle(string plain, int at)
    {
        if (at > 0 && plain[at] == plain[at - 1]) return 1;
        if (char.IsAsciiDigit(plain[at])) return DigitBits;
        if (char.IsAsciiLetter(plain[at])) return LetterBits;
        return at == plain.Length - 1 || at == 0 ? 2 : SignBits;
    }

    private static double BitsOfPiece(string plain, string letters, HashSet<string> own)
    {
        var bits = double.PositiveInfinity;
        if (own.Contains(letters) || own.Contains(plain)) bits = OwnWordBits;
        if (GuessableWords.Contains(letters) || GuessableWords.Contains(plain)) bits = Math.Min(bits, KnownWordBits);
        if (GuessableWords.IsCommon(plain) || GuessableWords.IsCommon(letters)) bits = Math.Min(bits, CommonPasswordBits);
        if (IsYear(plain)) bits = Math.Min(bits, YearBits);
        if (KeyboardWalk.Covers(plain)) bits = Math.Min(bits, 5.5 + Math.Log2(plain.Length));
        if (IsRepetition(plain, out var unit)) bits = Math.Min(bits, BitsOfUnit(unit, own) + Math.Log2(plain.Length));
        return bits;
    }

    private static double BitsOfUnit(string unit, HashSet<string> own)
    {
        var singles = Enumerable.Range(0, unit.Length).Sum(at => BitsOfSingle(unit, at));
        return unit.Length < 2 ? singles : Math.Min(singles, BitsOfPiece(unit, GuessableWords.Unswap(unit), own));
    }

    private static bool IsYear(string piece) =>
        piece.Length == 4 && int.TryParse(piece, NumberStyles.None, CultureInfo.InvariantCulture, out var year) && year is >= 1900 and <= 2059;

    private static bool IsRepetition(string piece, out string unit)
    {
        for (var size = 1; size <= piece.Length / 2; size++)
        {
            if (piece.Length % size != 0 || piece.Length < 3) continue;
            unit = piece[..size];
            if (piece == string.Concat(Enumerable.Repeat(unit, piece.Length / size))) return true;
        }
        unit = "";
        return false;
    }

    private static HashSet<string> OwnWords(IReadOnlyCollection<string> context)
    {
        var words = new HashSet<string>(StringComparer.Ordinal);
        foreach (var part in context.Append("chartroom"))
        {
            var lower = part.Normalize(NormalizationForm.FormC).ToLowerInvariant();
            var single = lower.Split([' ', '@', '.', '-', '_', '\'', ',', '&'], StringSplitOptions.RemoveEmptyEntries);
            foreach (var word in single.Append(string.Concat(single)).Where(word => word.Length >= 3)) words.Add(word);
        }
        return words;
    }
}
