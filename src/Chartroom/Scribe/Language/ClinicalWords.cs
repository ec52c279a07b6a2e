using System.Reflection;
using Chartroom.Charts;

namespace Chartroom.Scribe.Language;

internal enum TermKind { Symptom, Condition, Drug, Exam, Result, Vital, Plan, Assess, History, Chat, Site }

/// <summary>A term of the clinic. Two names of one thing share <paramref name="Concept"/> ("tylenol" and "acetaminophen").</summary>
/// <param name="Concept">The name written in a note: canonical for symptoms and conditions, the ingredient for drugs.</param>
/// <param name="System">Body system of a symptom, "" for all others.</param>
internal sealed record Term(TermKind Kind, string Concept, string System);

/// <summary>A term found in a text: words first (inclusive) to end (exclusive).</summary>
internal readonly record struct Mention(Term Term, int First, int End);

/// <summary>Our own word lists, from the embedded text files in Lexicon/; drugs from the chart's list. Immutable, safe from any thread.</summary>
internal sealed class ClinicalWords
{
    public static ClinicalWords Shared { get; } = new();

    private readonly Dictionary<string, List<(string[] Roots, Term Term)>> _byFirst = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _bodySystems = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _drugs = new(StringComparer.Ordinal);

    private ClinicalWords()
    {
        foreach (var line in Lines("symptoms")) ReadSymptoms(line);
        foreach (var line in Lines("conditions")) foreach (var entry in line.Split(';')) AddNames(TermKind.Condition, entry.Split('|'), "");
        foreach (var names in DrugNames.Lines) AddDrug(names);
        foreach (var line in Lines("terms")) ReadTerms(line);
        foreach (var list in _byFirst.Values) list.Sort((a, b) => b.Roots.Length.CompareTo(a.Roots.Length));
    }

    /// <summary>Single-word drug names, brand and generic, to their ingredient.</summary>
    public IReadOnlyDictionary<string, string> Drugs => _drugs;

    public string? BodySystem(string root) => _bodySystems.GetValueOrDefault(root);

    /// <summary>All mentions, longest first at each place; kinds may overlap, mentions of one kind do not.</summary>
    public List<Mention> Find(IReadOnlyList<Word> words)
    {
        var roots = new string[words.Count];
        for (var i = 0; i < roots.Length; i++) roots[i] = words[i].Root;
        var found = new List<Mention>();
        Span<int> freeFrom = stackalloc int[Enum.GetValues<TermKind>().Length];
        freeFrom.Clear();
        for (var at = 0; at < roots.Length; at++)
        {
            if (!_byFirst.TryGetValue(roots[at], out var candidates)) continue;
            foreach (var (names, term) in candidates)
            {
                if (freeFrom[(int)term.Kind] > at || !Matches(roots, at, names)) continue;
                found.Add(new Mention(term, at, at + names.Length));
                freeFrom[(int)term.Kind] = at + names.Length;
            }
        }
        return found;
    }

    private static bool Matches(string[] roots, int at, string[] names)
    {
        if (at + names.Length > roots.Length) return false;
        for (var i = 1; i < names.Length; i++) if (roots[at + i] != names[i]) return false;
        return true;
    }

    private void ReadSymptoms(string line)
    {
        var colon = line.IndexOf(':', StringComparison.Ordinal);
        foreach (var entry in line[(colon + 1)..].Split(';')) AddNames(TermKind.Symptom, entry.Split('|'), line[..colon]);
    }

    private void AddDrug(IReadOnlyList<string> names)
    {
        AddNames(TermKind.Drug, [.. names], "");
        foreach (var name in names) if (!name.Contains(' ', StringComparison.Ordinal)) _drugs.TryAdd(name, names[0]);
    }

    private void ReadTerms(string line)
    {
        var colon = line.IndexOf(':', StringComparison.Ordinal);
        foreach (var entry in line[(colon + 1)..].Split(';', StringSplitOptions.TrimEntries))
        {
            if (line.StartsWith("system", StringComparison.Ordinal))
            {
                var (system, roots) = (entry.Split('=')[0].Trim(), entry.Split('=')[1]);
                foreach (var root in roots.Split(',', StringSplitOptions.TrimEntries)) _bodySystems.TryAdd(Word.RootOf(root), system);
            }
            else AddNames(Enum.Parse<TermKind>(line[..colon], ignoreCase: true), [entry], "");
        }
    }

    private void AddNames(TermKind kind, string[] names, string system)
    {
        var term = new Term(kind, names[0].Trim(), system);
        foreach (var name in names)
        {
            var roots = Words.Read(name.Trim()).Select(word => word.Root).ToArray();
            if (!_byFirst.TryGetValue(roots[0], out var list)) _byFirst[roots[0]] = list = [];
            list.Add((roots, term));
        }
    }

    private static IEnumerable<string> Lines(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"scribe/{name}.txt")
            ?? throw new InvalidOperationException($"The word list scribe/{name}.txt is not in the assembly.");
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
            if (line.Length > 0 && line[0] != '#') yield return line;
    }
}
