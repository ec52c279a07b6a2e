namespace Chartroom.Platform.Identity;

/// <summary>Words that passwords are made of, from our own list beside this file, and the swaps of letters for signs that hide them.</summary>
internal static class GuessableWords
{
    private static readonly HashSet<string> Words = Load("identity/guessable-words.txt");

    private static readonly Lazy<HashSet<string>> Common = new(() => Load("identity/common-passwords.txt"));

    public static bool Contains(string word) => Words.Contains(word);

    /// <summary>Whether it is one of the passwords of six or more characters that leaks have shown to be the commonest: 42,692, the list of zxcvbn-ts (MIT).</summary>
    public static bool IsCommon(string text) => text.Length >= 6 && Common.Value.Contains(text);

    /// <summary>All of those, in no order.</summary>
    internal static IReadOnlyCollection<string> CommonPasswords => Common.Value;

    /// <summary>Undoes the usual swaps: <c>p@$$w0rd</c> reads <c>password</c>. Length stays.</summary>
    public static string Unswap(string text) => string.Create(text.Length, text, static (letters, from) =>
    {
        for (var at = 0; at < letters.Length; at++) letters[at] = Unswap(from[at]);
    });

    private static char Unswap(char sign) => sign switch
    {
        '@' or '4' => 'a',
        '3' => 'e',
        '1' or '!' => 'i',
        '0' => 'o',
        '$' or '5' => 's',
        '7' or '+' => 't',
        '8' => 'b',
        _ => sign,
    };

    private static HashSet<string> Load(string name)
    {
        using var stream = typeof(GuessableWords).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The list {name} is not part of this build.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries).ToHashSet(StringComparer.Ordinal);
    }
}
