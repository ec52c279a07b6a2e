using System.Collections.Concurrent;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;

namespace Chartroom.Platform.Database;

/// <summary>
/// The statements that may be sent: those that stand in the program as literals, read from the metadata of its own assemblies. A text that was put together
/// at run time is none of them, whatever was put in; so what a user typed is never read as SQL, and injected SQL cannot take another clinic's role
/// (docs/decisions/0009).
/// </summary>
internal static class SqlTexts
{
    private const int MostRemembered = 20_000;
    private static readonly ConcurrentDictionary<Assembly, HashSet<string>> Literals = new();
    private static readonly ConcurrentDictionary<string, bool> Passed = new(ReferenceEqualityComparer.Instance);   // a literal is one object: no text is hashed twice

    private static readonly ConcurrentDictionary<string, bool> Composed = new(StringComparer.Ordinal);   // as many as the program has lists of tables

    /// <exception cref="InvalidOperationException">The text is no literal of the program. It is not repeated in the message: it may hold anything.</exception>
    public static void Hold(string sql)
    {
        if (Passed.ContainsKey(sql) || Composed.ContainsKey(sql)) return;
        if (!IsLiteral(sql)) throw new InvalidOperationException("A statement that is no constant of the program is not sent to the database.");
        if (Passed.Count < MostRemembered) Passed.TryAdd(sql, true);
    }

    /// <summary>Lets a text pass that was put together of literals only, for statements of one shape over a list of the program's own tables.</summary>
    /// <param name="sql">The whole.</param>
    /// <param name="parts">All that was put in; null for a part left out.</param>
    public static string Compose(string sql, params IEnumerable<string?> parts)
    {
        foreach (var part in parts)
            if (part is not null) Hold(part);
        Composed.TryAdd(sql, true);
        return sql;
    }

    private static bool IsLiteral(string sql) => AppDomain.CurrentDomain.GetAssemblies()
        .Where(assembly => assembly.GetName().Name is { } name && (name == "Chartroom" || name.StartsWith("Chartroom.", StringComparison.Ordinal)))
        .Any(assembly => Literals.GetOrAdd(assembly, LiteralsOf).Contains(sql));

    private static unsafe HashSet<string> LiteralsOf(Assembly assembly)
    {
        var texts = new HashSet<string>(StringComparer.Ordinal);
        if (!assembly.TryGetRawMetadata(out var start, out var length)) return texts;   // fails closed: none of its statements is sent
        var reader = new MetadataReader(start, length);
        for (var handle = MetadataTokens.UserStringHandle(1); !handle.IsNil; handle = reader.GetNextHandle(handle)) texts.Add(reader.GetUserString(handle));
        return texts;
    }
}
