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

    /// <summary>True where the verifier itself looked for the lines: another line may say it better, so a denial among them counts only if the whole source bears it out.</summary>
    public bool IsSought { get; init; }

    /// <summary>What the whole source says for and against it.</summary>
    public Stances.Weighed Told => _told ??= Reading.Stances.Of(Said);

    private Stances.Weighed? _told;

    public void Find(FindingKind kind, string message, string quote, bool blocks = true)
    {
        if (kind == FindingKind.Negation && IsSought && !Reading.IsWritten && Told.Disagrees <= Told.Agrees) blocks = false;
        if (!Findings.Exists(finding =>
            finding.Kind == kind && finding.Quote == quote)) Findings.Add(new Finding(kind, message, quote, blocks));
    }

    public string Quote(int first, int end) => string.Join(' ', Said.Words.Skip(first).Take(end - first).Select(word => word.Text));

    public IEnumerable<Mention> Mentions(params TermKind[] kinds) => Said.Mentions.Where(mention => kinds.Contains(mention.Term.Kind));
}
