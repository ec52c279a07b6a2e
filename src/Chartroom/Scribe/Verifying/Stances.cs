using Chartroom.Scribe.Language;

namespace Chartroom.Scribe.Verifying;

/// <summary>What the whole source says for and against a statement, passage by passage (a line with the question it answers and what stands beside it): who asks says
/// nothing, the answer decides.</summary>
internal sealed class Stances
{
    private const double Beside = 0.5;

    // "Comes and": what claims nothing can hardly be wrong.
    private const double NothingClaimed = 0.7;

    private readonly SourceFinder _source;
    // "Trouble sleeping" and "can't sleep" are one, and neither a yes nor a no to sleep.
    private static readonly HashSet<string> Failing = new(StringComparer.Ordinal)
    {
        "can't", "cannot", "couldn't", "lack", "lacking", "loss", "losing", "lost", "low", "poor", "reduced", "trouble", "difficulty", "difficult", "struggling", "struggle",
        "hard", "problem", "less", "decreased", "unable", "affecting", "affected", "affect", "without",
    };

    private readonly Dictionary<string, List<(int Line, bool? IsDenied)>> _told = new(StringComparer.Ordinal);
    private readonly int[] _passage;

    public Stances(Reading reading)
    {
        _source = reading.Sources;
        _passage = new int[reading.Scene.Lines.Count];
        for (var at = 0; at < _passage.Length; at++) _passage[at] = at;
        foreach (var line in reading.Scene.Lines) Take(reading, line);
    }

    /// <param name="Agrees">The weight of the statement's words which the best passage says as the statement does, 0 to 1.</param>
    /// <param name="Disagrees">The weight of those which some passage says the other way round, 0 to 1.</param>
    /// <param name="Told">The weight of those which are said, one way or the other, anywhere, 0 to 1.</param>
    public readonly record struct Weighed(double Agrees, double Disagrees, double Told);

    public Weighed Of(Facts said)
    {
        Dictionary<int, double> agrees = [], disagrees = [];
        double all = 0, told = 0;
        foreach (var key in Keys.Of(said.Words, said.Mentions).DistinctBy(key => key.Name))
        {
            var weight = _source.Weight(key.Name);
            all += weight;
            var isDenied = Denied(said.Words, key);
            var places = _told.GetValueOrDefault(key.Name) ?? [];
            if (places.Exists(place => Agree(place.IsDenied, isDenied))) told += weight;
            Add(agrees, places.Where(place => Agree(place.IsDenied, isDenied)), weight);
            Add(disagrees, places.Where(place => !Agree(place.IsDenied, isDenied)), weight);
        }
        if (all == 0) return new Weighed(NothingClaimed, 0, NothingClaimed);
        return new Weighed(Most(agrees) / all, Most(disagrees) / all, told / all);
    }

    private static bool Agree(bool? left, bool? right) => left is null || right is null || left == right;

    private static bool? Denied(List<Word> words, Key key)
    {
        for (var at = Math.Max(0, key.At - 4); at < Math.Min(words.Count, key.End + 2); at++)
            if (Failing.Contains(words[at].Text) && (at < key.At || at >= key.End)) return null;
        if (!Polarity.IsNegatedAt(words, key.At, key.End)) return false;
        return IsComplement(words, key.At) ? null : true;
    }

    // "No discharge from the ear" denies the discharge, not the ear.
    private static bool IsComplement(List<Word> words, int at)
    {
        for (var before = at - 1; before >= 0 && before >= at - 4; before--)
        {
            if (words[before].Text is "from" or "in" or "of" or "on" or "at" or "to" or "around" or "during") return true;
            if (words[before].IsMark || words[before].Text is "or" or "and" or "no" or "not") return false;
        }
        return false;
    }

    /// <summary>The words of a statement which the source says only the other way round: where they stand beside other words of it or, if they never do, anywhere.</summary>
    public IEnumerable<Key> Opposed(Facts said)
    {
        var keys = Keys.Of(said.Words, said.Mentions);
        foreach (var key in keys)
        {
            var isDenied = Denied(said.Words, key);
            var places = _told.GetValueOrDefault(key.Name) ?? [];
            if (isDenied is null || places.Count == 0) continue;
            var beside = places.Where(place => 2 * keys.Count(other => other.Name != key.Name && StandsNear(other.Name, place.Line)) >= keys.Count - 1).ToList();
            if ((beside.Count > 0 ? beside : places).TrueForAll(place => !Agree(place.IsDenied, isDenied))) yield return key;
        }
    }

    private bool StandsNear(string key, int line) =>
        _told.TryGetValue(key, out var places) && places.Exists(place => _passage[place.Line] == _passage[line] || Math.Abs(place.Line - line) <= 1);

    private static double Most(Dictionary<int, double> passages) => passages.Count == 0 ? 0 : passages.Values.Max();

    private void Add(Dictionary<int, double> passages, IEnumerable<(int Line, bool? IsDenied)> places, double weight)
    {
        var best = new Dictionary<int, double>();
        foreach (var (line, _) in places)
            for (var near = -2; near <= 2; near++)
            {
                if (line + near < 0 || line + near >= _passage.Length) continue;
                var here = _passage[line + near];
                var share = _passage[line] == here ? weight : Beside * weight;
                best[here] = Math.Max(best.GetValueOrDefault(here), share);
            }
        foreach (var (here, share) in best) passages[here] = passages.GetValueOrDefault(here) + share;
    }

    private void Take(Reading reading, Line line)
    {
        if (line.Speaker == Speaker.Clinician && Cues.Supposes().IsMatch(line.Plain)) return;
        var facts = reading.FactsOf(line);
        var (reply, answer) = line.IsQuestion && line.Speaker != Speaker.Patient ? Answers.To(reading.Scene, line) : (Reply.Yes, null);
        if (answer is not null) for (var at = line.Index; at <= answer.Index; at++) _passage[at] = _passage[line.Index];
        foreach (var key in Keys.Of(facts.Words, facts.Mentions))
        {
            var isDenied = reply == Reply.No ? true : Denied(facts.Words, key);
            if (reply is Reply.None or Reply.Other && isDenied is false) continue;            // only asked
            if (!_told.TryGetValue(key.Name, out var list)) _told[key.Name] = list = [];
            list.Add((line.Index, isDenied));
        }
    }
}
