using System.Globalization;
using Chartroom.Clinics;
using Chartroom.Shell;

namespace Chartroom.Staff;

/// <summary>A line of the form as it was typed.</summary>
public sealed record HoursLine(int Weekday, string Opens, string Closes, string LocationId)
{
    /// <summary>A line without times is as good as none.</summary>
    internal bool IsEmpty => (Opens + Closes).Length == 0;

    /// <summary>A stored stretch as a line.</summary>
    internal static HoursLine Of(HoursRow row) => new(row.Weekday, Clock(row.Opens), Clock(row.Closes), row.LocationId.ToString());

    private static string Clock(TimeOnly at) => at.ToString("HH:mm", CultureInfo.InvariantCulture);
}

/// <summary>The lines of the form of hours: what they mean, and how they look after a button that adds or removes one.</summary>
internal static class HoursLines
{
    /// <summary>What the form first shows: what is stored; for somebody without hours an empty line for each working day.</summary>
    internal static IReadOnlyList<HoursLine> Of(WeeklyHours stored, string usual) => stored.Hours.Count > 0
        ? InOrder(stored.Hours.Select(HoursLine.Of))
        : [.. new[] { 1, 2, 3, 4, 5 }.Select(day => Empty(day, usual))];

    /// <summary>The lines after a button: <c>add-1</c> puts an empty one at the end of Monday, <c>remove-3</c> takes out the fourth; and where the person goes on.</summary>
    /// <returns>Null for anything else.</returns>
    internal static (IReadOnlyList<HoursLine> Lines, string Focus)? After(string button, IReadOnlyList<HoursLine> lines, string usual)
    {
        if (button.Split('-') is not [var verb, var text] || !int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return null;
        if (verb == "add" && number <= 6)
        {
            var place = lines.LastOrDefault(line => line.Weekday == number)?.LocationId ?? usual;
            var more = InOrder(lines.Append(Empty(number, place)));
            return (more, $"line-{more.Index().Last(it => it.Item.Weekday == number).Index}");
        }
        if (verb == "remove" && number < lines.Count) return ([.. lines.Where((_, at) => at != number)], $"day-{lines[number].Weekday}");
        return null;
    }

    /// <summary>What the lines say, or the refusal that names each line which says nothing clear. Errors carry the numbers of the lines.</summary>
    internal static Outcome<WeeklyHours> Read(IReadOnlyList<HoursLine> lines)
    {
        var (rows, refusal) = (new List<HoursRow>(), Refusals.Incomplete);
        foreach (var (at, line) in lines.Index().Where(it => !it.Item.IsEmpty))
        {
            if (!FormValue.TryRead(typeof(TimeOnly), line.Opens, out var opens)) refusal = refusal.On($"hours[{at}].opens", Needed(line.Opens));
            if (!FormValue.TryRead(typeof(TimeOnly), line.Closes, out var closes)) refusal = refusal.On($"hours[{at}].closes", Needed(line.Closes));
            if (!LocationId.TryParse(line.LocationId, out var location)) refusal = refusal.On($"hours[{at}].locationId", "Choose a location of the list.");
            if (opens is TimeOnly from && closes is TimeOnly to) rows.Add(new(line.Weekday, from, to, location));
        }
        return refusal.Errors.Count > 0 ? refusal : new WeeklyHours(rows);
    }

    /// <summary>Errors of the act count the lines that say something; the form counts all of them.</summary>
    internal static Refusal OnLines(Refusal refusal, IReadOnlyList<HoursLine> lines)
    {
        var numbers = lines.Index().Where(it => !it.Item.IsEmpty).Select(it => it.Index).ToList();
        var names = numbers.Index().ToDictionary(it => $"hours[{it.Index}]", it => $"hours[{it.Item}]");
        return refusal with { Errors = refusal.Errors.ToDictionary(error => Renamed(error.Key, names), error => error.Value) };
    }

    private static string Renamed(string field, Dictionary<string, string> names) =>
        field.Split('.') is [var line, var part] && names.TryGetValue(line, out var shown) ? $"{shown}.{part}" : field;

    private static string Needed(string typed) => typed.Length == 0 ? "Give both times, or neither." : FormValue.Expected(typeof(TimeOnly));

    private static HoursLine Empty(int weekday, string location) => new(weekday, "", "", location);

    private static List<HoursLine> InOrder(IEnumerable<HoursLine> lines) => [.. lines.OrderBy(line => (line.Weekday + 6) % 7)];
}
