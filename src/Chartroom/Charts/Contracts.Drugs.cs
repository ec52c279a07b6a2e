using System.Collections.Frozen;
using System.Reflection;

namespace Chartroom.Charts;

/// <summary>How a drug meets an allergy: it holds the substance, it is of its class, or reactions across the two classes are known.</summary>
public enum AllergyMatch { Ingredient, Class, Cross }

/// <summary>A drug that an allergy speaks against. All words are of our own list, none of the patient's.</summary>
/// <param name="Allergen">Ingredient or class of the allergy; null where both merely have the same name.</param>
/// <param name="Drug">Ingredient or class of the drug.</param>
/// <param name="Note">What is known of reactions across two classes.</param>
public sealed record AllergyWarning(AllergyMatch Match, string? Allergen, string? Drug, string? Note);

/// <summary>Our own list of drugs: ingredients, brands and classes, from the text files in <c>Drugs/</c>. Small, and silent about what it does not know.
/// Immutable, safe from any thread.</summary>
public static class DrugNames
{
    private static readonly Lists Known = Read();

    /// <summary>One line a drug: its ingredient first, then its brands.</summary>
    public static IReadOnlyList<IReadOnlyList<string>> Lines => Known.Lines;

    /// <summary>The ingredients that a text names, by themselves or by a brand.</summary>
    public static IReadOnlySet<string> IngredientsIn(string text) => Known.IngredientsIn(WordsOf(text));

    /// <summary>Ingredients that somebody with this allergy should not get without a thought: those it names and all of their classes.</summary>
    public static IReadOnlySet<string> Avoided(string allergy)
    {
        var words = WordsOf(allergy);
        var avoided = Known.IngredientsIn(words);
        foreach (var drugClass in Known.ClassesOf(words, avoided).ToList()) avoided.UnionWith(drugClass.Members);
        return avoided;
    }

    /// <summary>The most serious way in which a drug meets an allergy, or null.</summary>
    public static AllergyWarning? Between(string allergy, string drug)
    {
        var (allergyWords, drugWords) = (WordsOf(allergy), WordsOf(drug));
        var (allergens, ingredients) = (Known.IngredientsIn(allergyWords), Known.IngredientsIn(drugWords));
        if (allergens.FirstOrDefault(ingredients.Contains) is { } same) return new(AllergyMatch.Ingredient, same, same, null);
        var (itsClasses, drugClasses) = (Known.ClassesOf(allergyWords, allergens).ToList(), Known.ClassesOf(drugWords, ingredients).ToList());
        if (itsClasses.Find(drugClasses.Contains) is { } shared) return new(AllergyMatch.Class, shared.Name, ingredients.FirstOrDefault(), null);
        foreach (var (one, other, note) in Known.Crosses)
            foreach (var (from, to) in new[] { (one, other), (other, one) })
                if (Lists.Is(from, itsClasses, allergens) && Lists.Is(to, drugClasses, ingredients)) return new(AllergyMatch.Cross, from, to, note);
        var isKnown = allergens.Count > 0 || itsClasses.Count > 0;
        return !isKnown && allergyWords.Any(word => word.Length > 3) && allergyWords.All(drugWords.Contains) ? new(AllergyMatch.Ingredient, null, null, null) : null;
    }

    private static string[] WordsOf(string text)
    {
        var plain = string.Concat(text.Select(sign => char.IsLetterOrDigit(sign) ? char.ToLowerInvariant(sign) : ' '));
        return [.. plain.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(word => word.Length > 4 && word.EndsWith('s') ? word[..^1] : word)];
    }

    private static Lists Read()
    {
        var lines = LinesOf("drugs").Select(line => line.Split(':')).Select(parts => (IReadOnlyList<string>)[Spaced(parts[0]), .. Names(parts[1])]).ToList();
        var names = new Dictionary<string, HashSet<string>>(StringComparer.Ordinal);
        void Add(string name, string ingredient) => (names.TryGetValue(Key(name), out var held) ? held : names[Key(name)] = new(StringComparer.Ordinal)).Add(ingredient);
        foreach (var drug in lines) foreach (var name in drug) Add(name, drug[0]);
        var (classes, crosses) = (new List<DrugClass>(), new List<(string, string, string)>());
        foreach (var line in LinesOf("classes"))
        {
            var (head, rest) = (line[..line.IndexOf(':', StringComparison.Ordinal)], line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim());
            if (head[0] == '+')
            {
                foreach (var brand in Names(head[1..])) foreach (var ingredient in Names(rest)) Add(brand, ingredient);
            }
            else if (head[0] == '~') crosses.Add((Names(head[1..])[0], Names(head[1..])[1], rest));
            else
            {
                var (name, others) = (Spaced(head.Split('|')[0].Trim()), Names(head.Split('|')[1]));
                foreach (var member in Names(rest)) if (!names.ContainsKey(Key(member))) Add(member, member);
                classes.Add(new(name, [.. others.Append(name).Select(Key)], Names(rest).SelectMany(member => names[Key(member)]).ToFrozenSet(StringComparer.Ordinal)));
            }
        }
        AddParts(names, lines);
        return new(lines, names.ToFrozenDictionary(name => name.Key, name => name.Value.ToFrozenSet(StringComparer.Ordinal), StringComparer.Ordinal), classes, crosses);
    }

    /// <summary>A combination holds those of its words that are ingredients themselves: fluticasone salmeterol holds both.</summary>
    private static void AddParts(Dictionary<string, HashSet<string>> names, List<IReadOnlyList<string>> lines)
    {
        var single = lines.Select(line => line[0]).ToHashSet(StringComparer.Ordinal);
        foreach (var held in names.Values)
            foreach (var combined in held.Where(ingredient => ingredient.Contains(' ', StringComparison.Ordinal)).ToList())
                held.UnionWith(combined.Split(' ').Where(single.Contains));
    }

    private static List<string> Names(string text) => [.. text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Spaced)];

    private static string Spaced(string name) => name.Replace('_', ' ');

    private static string Key(string name) => string.Join(' ', WordsOf(name));

    private static IEnumerable<string> LinesOf(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"charts/{name}.txt")
            ?? throw new InvalidOperationException($"The list charts/{name}.txt is not in the assembly.");
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
            if (line.Length > 0 && line[0] != '#') yield return line;
    }

    /// <param name="Names">By which a text may name the class, as keys.</param>
    private sealed record DrugClass(string Name, IReadOnlyList<string> Names, FrozenSet<string> Members);

    /// <param name="Names">Key of a name to the ingredients it stands for.</param>
    private sealed record Lists(
        IReadOnlyList<IReadOnlyList<string>> Lines, FrozenDictionary<string, FrozenSet<string>> Names, List<DrugClass> Classes, List<(string, string, string)> Crosses)
    {
        private const int LongestName = 5;

        public HashSet<string> IngredientsIn(string[] words)
        {
            var found = new HashSet<string>(StringComparer.Ordinal);
            for (var at = 0; at < words.Length; at++)
                for (var length = 1; length <= Math.Min(LongestName, words.Length - at); length++)
                    if (Names.TryGetValue(string.Join(' ', words, at, length), out var ingredients)) found.UnionWith(ingredients);
            return found;
        }

        public IEnumerable<DrugClass> ClassesOf(string[] words, HashSet<string> ingredients)
        {
            var text = $" {string.Join(' ', words)} ";
            return Classes.Where(drugClass => drugClass.Members.Overlaps(ingredients) || drugClass.Names.Any(name => text.Contains($" {name} ", StringComparison.Ordinal)));
        }

        /// <summary>True when a name of a cross line, a class or an ingredient, is among them.</summary>
        public static bool Is(string name, List<DrugClass> classes, HashSet<string> ingredients) => classes.Exists(drugClass => drugClass.Name == name) || ingredients.Contains(name);
    }
}
