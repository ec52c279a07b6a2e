using Chartroom.Scribe.Language;

namespace Chartroom.Scribe.Verifying;

/// <summary>Text taken from a written source repeats it: a claiming word that the source does not have was put in, and one that is missing from a sentence otherwise
/// repeated was left out. (What was spoken is told in other words, so this is not held against notes of a visit.)</summary>
internal static class CopyChecks
{
    private const int LeftOut = 3;

    public static void Run(Check check)
    {
        var held = check.Evidence.Facts.SelectMany(facts => KeysOf(facts)).ToHashSet(StringComparer.Ordinal);
        foreach (var key in Keys.Of(check.Said.Words, check.Said.Mentions))
            if (!held.Contains(key.Name))
                check.Find(FindingKind.Wording, $"\"{check.Quote(key.At, key.End)}\" is not in the cited lines.", check.Quote(key.At, key.End));
        Shortened(check);
    }

    private static void Shortened(Check check)
    {
        var said = KeysOf(check.Said);
        if (said.Count == 0 || check.Nearest is not { } nearest) return;
        var source = KeysOf(nearest);
        if (!said.IsSubsetOf(source) || source.Count - said.Count is 0 or > LeftOut) return;
        foreach (var key in Keys.Of(nearest.Words, nearest.Mentions).Where(key => !said.Contains(key.Name)))
        {
            var word = string.Join(' ', nearest.Words.Skip(key.At).Take(key.End - key.At).Select(it => it.Text));
            check.Find(FindingKind.Wording, $"The source says \"{word}\" here too.", check.Statement.Text, blocks: false);
            return;
        }
    }

    private static HashSet<string> KeysOf(Facts facts) => Keys.Of(facts.Words, facts.Mentions).Select(key => key.Name).ToHashSet(StringComparer.Ordinal);
}
