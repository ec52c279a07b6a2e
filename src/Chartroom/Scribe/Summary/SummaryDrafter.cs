using System.Globalization;
using Chartroom.Charts;
using Chartroom.Scheduling;
using Chartroom.Scribe.Transcripts;

namespace Chartroom.Scribe;

/// <summary>A drafted summary with what it stands on.</summary>
internal sealed record DraftedText(Draft Draft, WrittenSource Source);

/// <summary>
/// A summary of a chart by fixed rules: what counts today, each line in the words of its entries and citing them. Current problems, allergies and medications are all told; of vital signs and
/// tests the latest value and the one or two before; of the last notes the beginning of their assessments; open orders; the last and the next visits. Pure: one chart gives one summary.
/// </summary>
internal sealed class SummaryDrafter
{
    public static readonly DrafterInfo Info = new("built-in summary", "1");

    /// <summary>Title of the note that a signed summary becomes; such notes are no source of another summary.</summary>
    public const string Title = "Clinical summary";

    /// <summary>In the order in which they are told.</summary>
    public static readonly IReadOnlyList<string> Sections = ["PROBLEMS", "ALLERGIES", "MEDICATIONS", "VITAL SIGNS", "RESULTS", "LAST NOTES", "OPEN ORDERS", "VISITS"];

    private const int MostSeries = 12, MostNotes = 2, MostSentences = 4, MostVisits = 2, LongestLine = 300;
    private static readonly string[] Days = ["Began", "Ended", "Since", "Until", "From", "Written", "Recorded", "Taken", "Given", "When"];   // told with the month written out, so that no day passes for a number
    private static readonly string[] NoTests = ["survey", "social-history", "social history"];

    private readonly ChartMaterial _chart;
    private readonly SummarySource _source = new();
    private readonly List<Statement> _statements = [];

    private SummaryDrafter(ChartMaterial chart) => _chart = chart;

    /// <summary>Null when the chart holds nothing to tell.</summary>
    public static DraftedText? Write(ChartMaterial chart)
    {
        var drafter = new SummaryDrafter(chart);
        drafter.Problems();
        drafter.Allergies();
        drafter.Medications();
        drafter.Series("VITAL SIGNS", chart.Entries.Where(it => it.Content is Entry.Vital));
        drafter.Series("RESULTS", chart.Entries.Where(it => it.Content is Entry.Result result && !result.Categories.Any(IsNoTest)));
        drafter.Notes();
        drafter.Orders();
        drafter.Visits();
        return drafter._statements.Count == 0 ? null
            : new(new Draft(Info, [.. drafter._statements.GroupBy(it => it.Section).Select(section => new DraftSection(section.Key, [.. section]))]), drafter._source.Done());
    }

    private void Problems()
    {
        foreach (var it in Current(EntryKind.Problem))
        {
            var problem = (Entry.Problem)it.Content;
            var doubt = problem.Verification is null or Charts.Verification.Confirmed ? "" : it.Fact("Verification");
            var since = problem.OnsetText ?? ChartWording.LongDay(problem.Onset, _chart.Zone);
            Say("PROBLEMS", Join(it.Title, it.Fact("Status"), doubt, since.Length > 0 ? $"since {since}" : ""), it);
        }
    }

    private void Allergies()
    {
        foreach (var it in Current(EntryKind.Allergy))
        {
            var name = it.Title.Contains("allerg", StringComparison.OrdinalIgnoreCase) || it.Title.StartsWith("No ", StringComparison.OrdinalIgnoreCase) ? it.Title : $"Allergy: {it.Title}";
            Say("ALLERGIES", Join(name, it.Fact("Reaction"), it.Fact("Risk") is { Length: > 0 } risk ? $"{risk} risk" : ""), it);
        }
    }

    private void Medications()
    {
        foreach (var it in Current(EntryKind.Medication))
        {
            var drug = (Entry.Medication)it.Content;
            var since = ChartWording.LongDay(drug.Start ?? drug.Written, _chart.Zone);
            Say("MEDICATIONS", Join(it.Fact("Taken") is { Length: > 0 } taken ? $"{it.Title}: {taken}" : it.Title,
                drug.Status == MedicationStatus.Active ? "" : it.Fact("Status"), since.Length > 0 ? $"since {since}" : ""), it);
        }
    }

    /// <summary>A sign or test over time: the latest value, and where it came from.</summary>
    private void Series(string section, IEnumerable<WordedEntry> entries)
    {
        foreach (var same in entries.Where(it => ValueOf(it).Length > 0 && it.Day.Length > 0).GroupBy(it => it.Title).Take(MostSeries))
        {
            var last = same.First();
            var before = same.Skip(1).Where(it => UnitOf(it) == UnitOf(last)).Take(2).ToList();
            var words = Join($"{last.Title} {ValueOf(last)}{FlagOf(last)} on {last.Day}", before.Count > 0 ? $"{Trend(last, before[0])} {ValueOf(before[0])} on {before[0].Day}" : "");
            if (before.Count > 1) words += $" and {ValueOf(before[1])} on {before[1].Day}";
            Add(section, null, words, [.. before.Prepend(last).Select(it => Cite(it, Join($"{it.Title} {ValueOf(it)}{FlagOf(it)}", it.Day)))]);
        }
    }

    private void Notes()
    {
        foreach (var it in _chart.Entries.Where(it => it.Content is Entry.Note && it.Title != Title).Take(MostNotes))
        {
            var sections = ((Entry.Note)it.Content).Sections;
            var told = sections.FirstOrDefault(section => section.Heading.Contains("assessment", StringComparison.OrdinalIgnoreCase))
                ?? sections.FirstOrDefault(section => section.Heading.Contains("plan", StringComparison.OrdinalIgnoreCase));
            if (told is null) continue;
            var sentences = WrittenText.Sentences(told.Text).Select(place => Cut(told.Text.Substring(place.Start, place.Length))).Take(MostSentences).ToList();
            var turn = _source.Add(PlaceOf(it), Label("Note", it.ShortDay), [Join(it.Title, it.Day), .. sentences]);
            foreach (var (sentence, at) in sentences.Select((sentence, at) => (sentence, at))) Add("LAST NOTES", Join(it.Title, it.Day), sentence, [$"{turn}.s{at + 2}"]);
        }
    }

    private void Orders()
    {
        foreach (var it in _chart.Orders.Where(it => it.State == Chartroom.Orders.OrderState.Open))
        {
            var words = Join(it.Words, it.Purpose is { } purpose ? $"for {purpose}" : "", $"ordered {ChartWording.LongDay(PartialTime.Of(it.PlacedAt), _chart.Zone)} by {it.PlacedBy}");
            Add("OPEN ORDERS", null, words, [_source.Add(new(SourceKind.Order, it.Id.Value, it.Version, it.VisitId.Value), "Order", [words])]);
        }
    }

    private void Visits()
    {
        var ahead = _chart.Visits.Where(it => it.StartsAt > _chart.Now && it.Status is VisitStatus.Booked or VisitStatus.Confirmed).OrderBy(it => it.StartsAt).Take(MostVisits);
        var held = _chart.Visits.Where(it => it.Status is VisitStatus.Completed or VisitStatus.ReadyForCheckout or VisitStatus.InProgress).OrderByDescending(it => it.StartsAt).Take(MostVisits);
        foreach (var (group, it) in held.Select(it => ("Last", it)).Concat(ahead.Select(it => ("Next", it))))
        {
            var words = string.Create(CultureInfo.InvariantCulture, $"{it.VisitType} with {it.ProviderName} on {it.LocalStart:MMMM d, yyyy}");
            Add("VISITS", group, words, [_source.Add(new(SourceKind.Visit, it.Id.Value, it.Version), "Visit", [words])]);
        }
        foreach (var it in _chart.Entries.Where(it => it.Content is Entry.Encounter { VisitId: null } && it.Day.Length > 0).Take(1)) Say("VISITS", Join(it.Title, it.Day, it.Fact("Where")), it, "Elsewhere");
    }

    private IEnumerable<WordedEntry> Current(EntryKind kind) => _chart.Entries.Where(it => it.Content.Kind == kind && it.IsCurrent);

    private void Say(string section, string words, WordedEntry entry, string? group = null) => Add(section, group, words, [Cite(entry, words)]);

    /// <summary>What is said twice is said once, of all its sources.</summary>
    private void Add(string section, string? group, string words, IReadOnlyList<string> citations)
    {
        var text = words.TrimEnd('.') + ".";
        var at = _statements.FindIndex(it => it.Section == section && it.Group == group && it.Text == text);
        if (at >= 0) _statements[at] = _statements[at] with { Citations = [.. _statements[at].Citations.Union(citations)] };
        else _statements.Add(new($"n{_statements.Count + 1}", section, group, text, citations));
    }

    /// <summary>The words that are repeated come first; what else the entry says stands under them.</summary>
    private string Cite(WordedEntry entry, string words) => _source.Add(PlaceOf(entry), Label(entry.Content.Kind.ToString(), entry.ShortDay),
        [words, string.Join("; ", entry.Facts.Where(fact => !words.Contains(fact.Words, StringComparison.Ordinal) && !Days.Contains(fact.Name)).Select(fact => $"{fact.Name}: {fact.Words}"))]);

    private static SourcePlace PlaceOf(WordedEntry entry) => new(SourceKind.Entry, entry.Id.Value, entry.Version);

    private static string Label(string kind, string day) => day.Length > 0 ? $"{kind}, {day}" : kind;

    private static string ValueOf(WordedEntry it) => Cut(it.Fact("Value").Replace(" / ", "/", StringComparison.Ordinal));

    private static string FlagOf(WordedEntry it) => it.Fact("Flag") is { Length: > 0 } flag && flag is not ("Normal" or "N") ? $", {flag}," : "";

    private static Quantity? AmountOf(WordedEntry it) => it.Content switch
    {
        Entry.Vital { Parts.Count: 0 } vital => vital.What.Value?.Amount,
        Entry.Result { Parts.Count: 0 } result => result.What.Value?.Amount,
        _ => null,
    };

    private static string? UnitOf(WordedEntry it) => AmountOf(it)?.Unit;

    private static string Trend(WordedEntry now, WordedEntry before) => (AmountOf(now), AmountOf(before)) switch
    {
        ({ Comparator: null } last, { Comparator: null } earlier) => last.Value > earlier.Value ? "up from" : last.Value < earlier.Value ? "down from" : "unchanged from",
        _ => "before that",
    };

    private static bool IsNoTest(Concept category) => NoTests.Contains(category.Text, StringComparer.OrdinalIgnoreCase) || category.Codings.Any(coding => NoTests.Contains(coding.Code, StringComparer.OrdinalIgnoreCase));

    private static string Join(params IEnumerable<string> parts) => string.Join(", ", parts.Where(part => part.Length > 0));

    /// <summary>A long line ends at a word; the ellipsis says so.</summary>
    private static string Cut(string text)
    {
        text = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        if (text.Length <= LongestLine) return text;
        var end = text.LastIndexOf(' ', LongestLine);
        return text[..(end > 0 ? end : LongestLine)] + " …";
    }
}
