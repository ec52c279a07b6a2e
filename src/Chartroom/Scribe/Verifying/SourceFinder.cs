using Chartroom.Scribe.Language;

namespace Chartroom.Scribe.Verifying;

/// <summary>Finds the lines a text without citations would have to stand on: those that hold most of its rare words, a question together with its
/// answer. It only proposes; whether they bear the text out is judged as for any citation.</summary>
internal sealed class SourceFinder
{
    private const int Most = 4;
    private const double WorthCiting = 0.12;

    private readonly Reading _reading;
    private readonly Dictionary<string, double> _weights = new(StringComparer.Ordinal);
    private readonly List<HashSet<string>> _lines = [];
    private readonly double _heaviest;

    public SourceFinder(Reading reading)
    {
        _reading = reading;
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var line in reading.Scene.Lines)
        {
            var keys = KeysOf(reading.FactsOf(line));
            _lines.Add(keys);
            foreach (var key in keys) counts[key] = counts.GetValueOrDefault(key) + 1;
        }
        _heaviest = Math.Log(1 + reading.Scene.Lines.Count);
        foreach (var (key, count) in counts) _weights[key] = Math.Log(1 + reading.Scene.Lines.Count / (double)count);
    }

    /// <summary>The weight of a word: the rarer in the whole source, the heavier; heaviest where it is not in it at all.</summary>
    public double Weight(string key) => _weights.GetValueOrDefault(key, _heaviest);

    public bool IsSaid(string key) => _weights.ContainsKey(key);

    public static HashSet<string> KeysOf(Facts facts)
    {
        var keys = Keys.Of(facts.Words, facts.Mentions).Select(key => key.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var quantity in facts.Quantities)
        {
            keys.Add($"#{Numeral.Plain(quantity.Value)}");
            if (quantity.Over is { } over) keys.Add($"#{Numeral.Plain(over)}");
        }
        foreach (var side in facts.Sides) keys.Add("side " + side.Side);
        foreach (var day in facts.Days) keys.Add("day " + day.Month);
        return keys;
    }

    /// <summary>Span ids in the order said; none when the source holds nothing of it.</summary>
    public List<string> Find(Facts said)
    {
        var wanted = KeysOf(said);
        var all = wanted.Sum(Weight);
        var words = wanted.Where(key => !IsDetail(key)).ToHashSet(StringComparer.Ordinal);
        var chosen = new SortedSet<int>();
        var open = new HashSet<string>(wanted, StringComparer.Ordinal);
        for (var round = 0; round < Most && open.Count > 0; round++)
        {
            var (best, gain) = Best(wanted, words, open, chosen);
            if (best < 0 || gain < WorthCiting * all) break;
            chosen.Add(best);
            open.ExceptWith(_lines[best]);
            if (_reading.IsWritten) open.IntersectWith(words);                           // a repeated sentence has its details with it
            foreach (var beside in WithAnswer(best))
            {
                chosen.Add(beside);
                open.ExceptWith(_lines[beside]);
            }
        }
        return [.. chosen.Select(at => _reading.Scene.Lines[at].Span.Id)];
    }

    // Numbers, sides and days are what is checked, so they must not choose the lines they are checked on: they count only beside a word of the text.
    public static bool IsDetail(string key) => key[0] == '#' || key.StartsWith("side ", StringComparison.Ordinal) || key.StartsWith("day ", StringComparison.Ordinal);

    private bool IsBeside(int at, HashSet<string> words, int reach)
    {
        for (var near = Math.Max(0, at - reach); near <= Math.Min(_lines.Count - 1, at + reach); near++)
            if (_lines[near].Overlaps(words)) return true;
        return words.Count == 0;
    }

    private (int At, double Gain) Best(HashSet<string> wanted, HashSet<string> words, HashSet<string> open, SortedSet<int> chosen)
    {
        var (best, most, gained) = (-1, 0.0, 0.0);
        for (var at = 0; at < _lines.Count; at++)
        {
            if (chosen.Contains(at) || !_lines[at].Overlaps(wanted) || !IsBeside(at, words, _reading.IsWritten ? 2 : 30)) continue;
            double gain = 0, score = 0;
            foreach (var key in _lines[at])
                if (open.Contains(key)) gain += Weight(key);
                else if (wanted.Contains(key)) score += 0.4 * Weight(key);
            if (gain <= 0) continue;
            score += gain;
            if (chosen.Count > 0 && chosen.Min(other => Math.Abs(other - at)) <= 3) score *= 1.25;
            score *= 1 - Math.Min(0.2, _lines[at].Count / 200.0);
            if (score > most) (best, most, gained) = (at, score, gain);
        }
        return (best, gained);
    }

    // A question brings its answer; a short answer brings the question it answers.
    private IEnumerable<int> WithAnswer(int at)
    {
        if (_reading.IsWritten) yield break;
        var line = _reading.Scene.Lines[at];
        if (line.IsQuestion && line.Speaker != Speaker.Patient)
        {
            if (Answers.To(_reading.Scene, line).Line is { } answer) yield return answer.Index;
            yield break;
        }
        for (var before = at - 1; before >= 0 && before >= at - 4; before--)
        {
            var asked = _reading.Scene.Lines[before];
            if (!asked.IsQuestion || asked.Speaker == Speaker.Patient) continue;
            if (Answers.To(_reading.Scene, asked).Line?.Index == at) yield return before;
            yield break;
        }
    }
}
