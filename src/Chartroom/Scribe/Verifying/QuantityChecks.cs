using Chartroom.Scribe.Language;

namespace Chartroom.Scribe.Verifying;

/// <summary>Numbers, units, doses, frequencies, routes and dates must be in the cited lines.</summary>
internal static class QuantityChecks
{
    private static readonly Dictionary<string, decimal> Loose = new(StringComparer.Ordinal)
    { ["couple"] = 2, ["twice"] = 2, ["once"] = 1, ["half"] = 0.5m, ["dozen"] = 12, ["pair"] = 2 };

    internal static readonly HashSet<string> DoseUnits = new(StringComparer.Ordinal) { "mg", "mcg", "g", "ml", "unit", "meq", "tablet",
        "puff", "drop" };

    public static void Run(Check check)
    {
        foreach (var said in check.Said.Quantities) Number(check, said);
        Doses(check);
        Schedules(check);
        Days(check);
    }

    private static void Number(Check check, Quantity said)
    {
        var quote = check.Quote(said.At, Math.Min(said.End + 1, check.Said.Words.Count));
        var heard = check.Evidence.Facts.SelectMany(facts => facts.Quantities).ToList();
        var same = heard.Where(quantity => Same(said, quantity)).ToList();
        if (same.Count == 0)
        {
            if (said.Over is { } over && heard.Exists(q => q.Value == said.Value) && heard.Exists(q => q.Value == over)) return;
            if (!SaidLoosely(check, said)) check.Find(FindingKind.Number, $"{Plain(said)} is not in the cited lines.", quote);
        }
        else if (said.Unit.Length > 0 && same.TrueForAll(quantity => quantity.Unit != said.Unit))
        {
            var other = same.FirstOrDefault(quantity => quantity.Unit.Length > 0);
            if (other.Unit is { Length: > 0 }) check.Find(FindingKind.Unit,
                $"The cited lines say {Plain(other)} {other.Unit}, not {said.Unit}.", quote);
            else check.Find(FindingKind.Unit, $"The unit {said.Unit} was not said.", quote, blocks: DoseUnits.Contains(said.Unit)
                || said.Unit == "%");
        }
    }

    private static bool Same(Quantity said, Quantity heard) =>
        said.Over is { } over ? said.Value == heard.Value && over == heard.Over : heard.Value == said.Value || heard.Over == said.Value;

    private static bool SaidLoosely(Check check, Quantity said) =>
        said.Over is null && check.Evidence.Facts.SelectMany(facts => facts.Words).Any(word =>
            (Loose.TryGetValue(word.Text, out var value) && value == said.Value) || (said is { Value: 1, Unit.Length: > 0 }
                && word.Text is "a" or "an" or "one"));

    internal static string Plain(Quantity quantity) =>
        quantity.Over is { } over ? $"{Numeral.Plain(quantity.Value)}/{Numeral.Plain(over)}" : Numeral.Plain(quantity.Value);

    // With two drugs in the cited lines, the right number beside the wrong drug is still a wrong dose.
    private static void Doses(Check check)
    {
        foreach (var said in check.Said.Quantities.Where(quantity => DoseUnits.Contains(quantity.Unit)))
        {
            if (Owner(check.Said, said) is not { } drug) continue;
            var owners = check.Evidence.Facts.SelectMany(facts =>
                facts.Quantities.Where(q => q.Value == said.Value).Select(q => Owner(facts, q)))
                .OfType<string>().ToHashSet(StringComparer.Ordinal);
            if (owners.Count > 0 && !owners.Contains(drug))
                check.Find(FindingKind.Dose, $"The cited lines give this dose for {string.Join(", ", owners)}, not for {drug}.",
                    check.Quote(said.At, said.End + 1));
        }
    }

    // The drug a dose belongs to: the nearest, and a dose mostly follows its drug.
    internal static string? Owner(Facts facts, Quantity dose)
    {
        string? best = null;
        var distance = 9;
        foreach (var mention in facts.Mentions)
        {
            if (mention.Term.Kind != TermKind.Drug) continue;
            var away = mention.First < dose.At ? dose.At - mention.End : mention.First - dose.End + 2;
            if (away < distance) (best, distance) = (mention.Term.Concept, away);
        }
        return best;
    }

    private static void Schedules(Check check)
    {
        var often = check.Evidence.Facts.SelectMany(facts => facts.Frequencies).ToHashSet(StringComparer.Ordinal);
        var aboutDrug = check.Said.Mentions.Exists(mention => mention.Term.Kind == TermKind.Drug);
        foreach (var form in check.Said.Frequencies.Except(often))
            if (often.Count > 0) check.Find(FindingKind.Frequency, $"The cited lines say {string.Join(", ", often)}, not {form}.", form);
            else check.Find(FindingKind.Frequency, $"How often ({form}) was not said in the cited lines.", form, blocks: aboutDrug);
        var ways = check.Evidence.Facts.SelectMany(facts => facts.Routes).ToHashSet(StringComparer.Ordinal);
        foreach (var way in check.Said.Routes.Except(ways))
            check.Find(FindingKind.Route, $"The route ({way}) was not said in the cited lines.", way, blocks: ways.Count > 0);
    }

    private static void Days(Check check)
    {
        var heard = check.Evidence.Facts.SelectMany(facts => facts.Days).ToList();
        foreach (var day in check.Said.Days)
            if (!heard.Exists(day.Fits)) check.Find(FindingKind.Date, "This date is not in the cited lines.", day.Text);
        foreach (var word in check.Said.Words.Where(word =>
            word.Text.Count(c => c == '/') > 1 && !check.Said.Days.Exists(day => day.Text == word.Text)))
            if (!check.Evidence.Facts.Any(facts => facts.Words.Exists(heard => heard.Text == word.Text)))
                // no day of any calendar, so compared as written
                check.Find(FindingKind.Date, "This date is not in the cited lines.", word.Text);
        var weekdays = check.Evidence.Facts.SelectMany(facts => DayReader.WeekdaysIn(facts.Words)).ToHashSet(StringComparer.Ordinal);
        foreach (var day in DayReader.WeekdaysIn(check.Said.Words))
            if (!weekdays.Contains(day)) check.Find(FindingKind.Date, "This day is not in the cited lines.", day);
    }
}
