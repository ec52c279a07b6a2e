using System.Collections.Frozen;
using System.Reflection;
using Chartroom.Scribe.Language;

namespace Chartroom.Scribe.Verifying;

/// <summary>A claiming word of a text, by the key under which it meets the same claim said in other words.</summary>
/// <param name="At">The first word it covers.</param>
/// <param name="End">The word after the last.</param>
internal readonly record struct Key(string Name, int At, int End);

/// <summary>The keys of a text: numbers by value, what has many names by one of them (Lexicon/alike.txt and the drugs), all else by its stem.</summary>
internal static class Keys
{
    private static readonly FrozenDictionary<string, List<(string[] Stems, string Name)>> Alike = Read();

    public static List<Key> Of(List<Word> words, List<Mention> mentions)
    {
        var keys = new List<Key>();
        var stems = words.ConvertAll(word => Stems.Of(word.Root));
        for (var at = 0; at < words.Count; at++)
        {
            if (words[at].IsMark || char.IsAsciiDigit(words[at].Text[0])) continue;
            if (Drug(mentions, at) is { } drug) keys.Add(new Key("drug " + drug.Term.Concept, at, drug.End));
            else if (Named(stems, at) is { } named) keys.Add(new Key(named.Name, at, at + named.Length));
            else
            {
                if (!NoteWords.IsNeutral(words[at].Root)) keys.Add(new Key(stems[at], at, at + 1));
                continue;
            }
            at = keys[^1].End - 1;
        }
        return keys;
    }

    private static Mention? Drug(List<Mention> mentions, int at)
    {
        foreach (var mention in mentions) if (mention.First == at && mention.Term.Kind == TermKind.Drug) return mention;
        return null;
    }

    private static (string Name, int Length)? Named(List<string> stems, int at)
    {
        if (!Alike.TryGetValue(stems[at], out var names)) return null;
        foreach (var (phrase, name) in names)
        {
            if (at + phrase.Length > stems.Count) continue;
            var same = true;
            for (var i = 1; same && i < phrase.Length; i++) same = stems[at + i] == phrase[i];
            if (same) return (name, phrase.Length);
        }
        return null;
    }

    private static FrozenDictionary<string, List<(string[] Stems, string Name)>> Read()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("scribe/alike.txt")
            ?? throw new InvalidOperationException("The word list scribe/alike.txt is not in the assembly.");
        using var reader = new StreamReader(stream);
        var byFirst = new Dictionary<string, List<(string[] Stems, string Name)>>(StringComparer.Ordinal);
        while (reader.ReadLine() is { } line)
        {
            if (line.Length == 0 || line[0] == '#') continue;
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            foreach (var phrase in line[(colon + 1)..].Split(';', StringSplitOptions.TrimEntries))
            {
                var stems = Words.Read(phrase).Select(word => Stems.Of(word.Root)).ToArray();
                if (!byFirst.TryGetValue(stems[0], out var list)) byFirst[stems[0]] = list = [];
                list.Add((stems, "=" + line[..colon]));
            }
        }
        foreach (var list in byFirst.Values) list.Sort((a, b) => b.Stems.Length.CompareTo(a.Stems.Length));
        return byFirst.ToFrozenDictionary(StringComparer.Ordinal);
    }
}
