using Chartroom.Scribe.Language;

namespace Chartroom.Scribe.Verifying;

/// <summary>One cited line as evidence. A clinician's question counts only together with its answer.</summary>
/// <param name="Reply">The answer to a question; <see cref="Reply.None"/> for a line that is no question.</param>
internal sealed record EvidenceLine(Line Line, Facts Facts, Reply Reply, bool IsUnansweredQuestion);

/// <summary>All that a statement's citations say.</summary>
internal sealed class Evidence
{
    public required List<EvidenceLine> Lines { get; init; }
    public required List<string> Missing { get; init; }

    /// <summary>Roots of all words, with whether they were ever affirmed and ever negated.</summary>
    public Dictionary<string, (bool Affirmed, bool Negated)> Roots { get; } = new(StringComparer.Ordinal);

    /// <summary>Canonical names ("high blood pressure" → "hypertension"), with the same two flags.</summary>
    public Dictionary<string, (bool Affirmed, bool Negated)> Concepts { get; } = new(StringComparer.Ordinal);

    public IEnumerable<Facts> Facts => Lines.Select(line => line.Facts);

    public static Evidence Of(Reading reading, Statement statement)
    {
        var missing = new List<string>();
        var cited = new List<Line>();
        foreach (var citation in statement.Citations)
            if (reading.Find(citation) is { Count: > 0 } lines) cited.AddRange(lines);
            else missing.Add(citation);
        var set = cited.Select(line => line.Index).ToHashSet();
        var evidence = new Evidence { Missing = missing, Lines = [.. cited.Select(line => Weigh(reading, line, set))] };
        foreach (var line in evidence.Lines) evidence.Take(line);
        return evidence;
    }

    private static EvidenceLine Weigh(Reading reading, Line line, HashSet<int> cited)
    {
        var facts = reading.FactsOf(line);
        if (!line.IsQuestion || line.Speaker == Speaker.Patient || reading.IsWritten) return new EvidenceLine(line, facts, Reply.None, false);
        var (reply, answer) = Answers.To(reading.Scene, line);
        var answered = answer is not null && cited.Contains(answer.Index);
        return new EvidenceLine(line, facts, answered ? reply : Reply.None, !answered);
    }

    private void Take(EvidenceLine evidence)
    {
        var words = evidence.Facts.Words;
        for (var at = 0; at < words.Count; at++)
        {
            if (words[at].IsMark) continue;
            Note(Roots, words[at].Root, IsNegated(evidence, at, at + 1));
        }
        foreach (var mention in evidence.Facts.Mentions) Note(Concepts, mention.Term.Concept, IsNegated(evidence, mention.First,
            mention.End));
    }

    // "Any fever?" "No." denies the fever; "No fever?" "No." denies it too.
    private static bool IsNegated(EvidenceLine evidence, int first, int end)
    {
        var inside = Polarity.IsNegatedAt(evidence.Facts.Words, first, end);
        return evidence.Reply == Reply.No || inside;
    }

    private static void Note(Dictionary<string, (bool Affirmed, bool Negated)> into, string key, bool negated)
    {
        var (affirmed, denied) = into.GetValueOrDefault(key);
        into[key] = (affirmed || !negated, denied || negated);
    }
}

/// <summary>The transcript, read once for all statements.</summary>
internal sealed class Reading
{
    private readonly Dictionary<string, Line> _bySpan;
    private readonly Dictionary<int, Facts> _facts = [];
    private SourceFinder? _sources;
    private Stances? _stances;
    private List<SideNamed>? _sides;

    public Reading(Transcript transcript) : this(Scene.Of(transcript))
    {
    }

    public Reading(Scene scene)
    {
        Scene = scene;
        Corrections = [.. scene.Lines.Where(line => !line.IsQuestion
            && (line.Speaker == Speaker.Clinician ? Cues.Slips() : Cues.Corrects()).IsMatch(line.Plain))];
        _bySpan = Scene.Lines.ToDictionary(line => line.Span.Id, StringComparer.Ordinal);
    }

    public Scene Scene { get; }

    /// <summary>Written text is repeated, spoken text retold.</summary>
    public bool IsWritten { get; init; }

    /// <summary>Where a text without citations may come from.</summary>
    public SourceFinder Sources => _sources ??= new SourceFinder(this);

    /// <summary>All sides named in it, with their places.</summary>
    public IReadOnlyList<SideNamed> Sides => _sides ??= [.. Scene.Lines.SelectMany(line => FactsOf(line).Sides)];

    public Stances Stances => _stances ??= new Stances(this);

    /// <summary>Lines in which somebody takes something back, in order; of a clinician only what is plainly a slip.</summary>
    public List<Line> Corrections { get; }

    public Facts FactsOf(Line line)
    {
        if (!_facts.TryGetValue(line.Index, out var facts)) _facts[line.Index] = facts = Facts.Read(line.Words);
        return facts;
    }

    /// <summary>The lines behind a span's or a turn's id; none when there is no such place.</summary>
    public List<Line> Find(string citation)
    {
        if (_bySpan.TryGetValue(citation, out var line)) return [line];
        return citation.Contains('.', StringComparison.Ordinal) ? []
            : [.. Scene.Lines.Where(candidate => candidate.Span.Id.StartsWith(citation + ".", StringComparison.Ordinal))];
    }
}
