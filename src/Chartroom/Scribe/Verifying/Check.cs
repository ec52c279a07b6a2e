using Chartroom.Scribe.Language;

namespace Chartroom.Scribe.Verifying;

/// <summary>One statement under examination: what it says, what it stands on, what was found so far.</summary>
internal sealed class Check(Statement statement, Facts said, Evidence evidence, Reading reading)
{
    public Statement Statement { get; } = statement;
    public Facts Said { get; } = said;
    public Evidence Evidence { get; } = evidence;
    public Reading Reading { get; } = reading;
    public List<Finding> Findings { get; } = [];

    /// <summary>True where the verifier itself looked for the lines: another line may say it better.</summary>
    public bool IsSought { get; init; }

    /// <summary>The cited line that is most like the statement; null when none is.</summary>
    public Facts? Nearest => _nearest ??= Evidence.Facts.MaxBy(facts => Likeness(WordsOf(Said), WordsOf(facts)));

    private Facts? _nearest;

    private static HashSet<string> WordsOf(Facts facts) => [.. SourceFinder.KeysOf(facts).Where(key => !SourceFinder.IsDetail(key))];

    private static double Likeness(HashSet<string> said, HashSet<string> heard) =>
        said.Count + heard.Count == 0 ? 0 : said.Count(heard.Contains) / (double)(said.Count + heard.Count);

    /// <summary>What the whole source says for and against it.</summary>
    public Stances.Weighed Told => _told ??= Reading.Stances.Of(Said);

    private Stances.Weighed? _told;

    public void Find(FindingKind kind, string message, string quote, bool blocks = true)
    {
        if (!Findings.Exists(finding =>
            finding.Kind == kind && finding.Quote == quote)) Findings.Add(new Finding(kind, message, quote, blocks));
    }

    public string Quote(int first, int end) => string.Join(' ', Said.Words.Skip(first).Take(end - first).Select(word => word.Text));

    public IEnumerable<Mention> Mentions(params TermKind[] kinds) => Said.Mentions.Where(mention => kinds.Contains(mention.Term.Kind));
}
