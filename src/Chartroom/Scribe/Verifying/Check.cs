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

    public void Find(FindingKind kind, string message, string quote, bool blocks = true)
    {
        if (!Findings.Exists(finding =>
            finding.Kind == kind && finding.Quote == quote)) Findings.Add(new Finding(kind, message, quote, blocks));
    }

    public string Quote(int first, int end) => string.Join(' ', Said.Words.Skip(first).Take(end - first).Select(word => word.Text));

    public IEnumerable<Mention> Mentions(params TermKind[] kinds) => Said.Mentions.Where(mention => kinds.Contains(mention.Term.Kind));
}
