using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Chartroom.Platform.Database;

namespace Chartroom.Bench;

/// <summary>
/// Turns what one request sent to the database into a pgbench script that sends the same statements in the same round trips. Two takes of the same
/// act show what is new each time (ids, booked times); that is new in each replayed transaction too. pgbench has to be told where to begin: <c>-D booked=0</c>.
/// </summary>
internal sealed partial class Replay
{
    /// <summary>So many hours each connection may book in one run; the next run begins behind them.</summary>
    public const int BookingsOfARun = 10_000;

    private readonly List<Guid> freshIds = [];
    private readonly HashSet<object> bookedTimes = [];
    private readonly DateTimeOffset takenAt;

    private Replay(DateTimeOffset takenAt) => this.takenAt = takenAt;

    /// <summary>The script, or null when the two takes did not send the same statements.</summary>
    /// <param name="first">One take.</param>
    /// <param name="second">Another of the same act.</param>
    /// <param name="takenAt">When: a time near it is the clock's, not one that was asked for.</param>
    public static string? Script(IReadOnlyList<SentBatch> first, IReadOnlyList<SentBatch> second, DateTimeOffset takenAt)
    {
        if (!Texts(first).SequenceEqual(Texts(second))) return null;
        var replay = new Replay(takenAt);
        replay.FindFresh(first, second);
        var script = new StringBuilder("\\set n random(1, 2000000000)\n\\set m random(1, 2000000000)\n\\set booked :booked + 1\n");
        for (var at = 0; at < first.Count; at++)
        {
            script.Append("\\startpipeline\n");
            foreach (var statement in first[at].Statements) script.Append(replay.Filled(statement)).Append(";\n");
            if (IsLeftOpen(first, at)) script.Append("rollback;\n");
            script.Append("\\endpipeline\n");
        }
        return script.ToString();
    }

    /// <summary>A transaction that only read is not committed: the driver's pool rolls it back, which is seen by nobody but the server.</summary>
    private static bool IsLeftOpen(IReadOnlyList<SentBatch> take, int at) =>
        take[at].Statements[^1].Text is not ("commit" or "rollback") && (at == take.Count - 1 || take[at + 1].Statements[0].Text == "begin");

    private static IEnumerable<string> Texts(IReadOnlyList<SentBatch> take) => take.SelectMany(batch => batch.Statements.Select(it => it.Text).Append("/"));

    private void FindFresh(IReadOnlyList<SentBatch> first, IReadOnlyList<SentBatch> second)
    {
        foreach (var (one, other) in first.SelectMany(it => it.Statements).Zip(second.SelectMany(it => it.Statements)))
        {
            foreach (var (name, value) in one.Values)
            {
                if (value is null || Equals(value, other.Values[name])) continue;
                if (value is Guid id && !freshIds.Contains(id)) freshIds.Add(id);
                if (value is DateTimeOffset or DateTime && !IsClock(value)) bookedTimes.Add(value);
                if (value is byte[] { Length: 32 } or string) bookedTimes.Add(value);
            }
        }
    }

    /// <summary>Now, or some minutes or days from it, such as a session's end; what is booked lies months ahead.</summary>
    private bool IsClock(object value) => (AsPoint(value) - takenAt).Duration() < TimeSpan.FromDays(30);

    private static DateTimeOffset AsPoint(object value) => value is DateTime time ? new(DateTime.SpecifyKind(time, DateTimeKind.Utc)) : (DateTimeOffset)value;

    private string Filled(SentStatement statement) =>
        Parameter().Replace(statement.Text, match => statement.Values.TryGetValue(match.Groups[1].Value, out var value) ? Written(value) : match.Value);

    private string Written(object? value) => value switch
    {
        null => "null",
        Guid id when freshIds.IndexOf(id) is >= 0 and var index =>
            $"(lpad(to_hex(:n::bigint), 8, '0') || '-0000-7000-8000-' || lpad(to_hex(:m::bigint), 8, '0') || '{index:x4}')::uuid",
        DateTimeOffset or DateTime when bookedTimes.Contains(value) => BookedTime(AsPoint(value)),
        string text when bookedTimes.Contains(text) => $"({Literal(text)} || :n || '-' || :m)",
        byte[] hash when bookedTimes.Contains(hash) => "sha256(convert_to(:n || '-' || :m, 'UTF8'))",
        Array items and not byte[] => WrittenArray(items),
        _ => Literal(value),
    };

    private string WrittenArray(Array items)
    {
        var type = items.GetType().GetElementType()!;
        return $"array[{string.Join(", ", items.Cast<object?>().Select(Written))}]::{TypeNames[Nullable.GetUnderlyingType(type) ?? type]}[]";
    }

    /// <summary>Each connection books along its own years, so that no two replayed visits meet.</summary>
    private string BookedTime(DateTimeOffset point)
    {
        // A wall-clock time is not counted: its distance from the instant changes with the season, and scripts of two seasons would meet.
        var earliest = bookedTimes.OfType<DateTimeOffset>().DefaultIfEmpty(point).Min();
        var distance = (point - earliest).TotalSeconds.ToString(CultureInfo.InvariantCulture);
        return $"(timestamptz '2040-01-01 00:00:00Z' + (:client_id::int * 2000000 + :booked::int) * interval '1 day' / 24 + {distance} * interval '1 second')";
    }

    private static string Literal(object value) => value switch
    {
        Guid id => $"'{id:D}'::uuid",
        string text => $"{Quoted(text)}::text",
        bool flag => flag ? "true" : "false",
        long number => string.Create(CultureInfo.InvariantCulture, $"'{number}'::bigint"),
        int or short or byte => string.Create(CultureInfo.InvariantCulture, $"'{value}'::int"),
        decimal number => string.Create(CultureInfo.InvariantCulture, $"'{number}'::numeric"),
        double number => string.Create(CultureInfo.InvariantCulture, $"'{number}'::float8"),
        byte[] bytes => $"'\\x{Convert.ToHexStringLower(bytes)}'::bytea",
        DateTimeOffset point => string.Create(CultureInfo.InvariantCulture, $"'{point.ToUniversalTime():yyyy-MM-dd HH:mm:ss.ffffff}+00'::timestamptz"),
        DateTime time => string.Create(CultureInfo.InvariantCulture, $"'{time:yyyy-MM-dd HH:mm:ss.ffffff}'::timestamp"),
        DateOnly day => string.Create(CultureInfo.InvariantCulture, $"'{day:yyyy-MM-dd}'::date"),
        TimeOnly time => string.Create(CultureInfo.InvariantCulture, $"'{time:HH:mm:ss.ffffff}'::time"),
        _ => throw new NotSupportedException($"A parameter of type {value.GetType().Name} cannot be replayed yet."),
    };

    /// <summary>A colon before a letter would be a variable of pgbench's.</summary>
    private static string Quoted(string text)
    {
        var plain = text.Replace("'", "''", StringComparison.Ordinal);
        return text.AsSpan().IndexOfAny(':', '\\') < 0
            ? $"'{plain}'"
            : $"U&'{plain.Replace("\\", "\\\\", StringComparison.Ordinal).Replace(":", "\\003A", StringComparison.Ordinal)}'";
    }

    private static readonly Dictionary<Type, string> TypeNames = new()
    {
        [typeof(Guid)] = "uuid", [typeof(string)] = "text", [typeof(bool)] = "bool", [typeof(long)] = "bigint", [typeof(int)] = "int", [typeof(short)] = "int",
        [typeof(decimal)] = "numeric", [typeof(double)] = "float8", [typeof(byte[])] = "bytea", [typeof(DateTimeOffset)] = "timestamptz",
        [typeof(DateTime)] = "timestamp", [typeof(DateOnly)] = "date", [typeof(TimeOnly)] = "time",
    };

    [GeneratedRegex(@"(?<![@\w])@(\w+)")]
    private static partial Regex Parameter();
}
