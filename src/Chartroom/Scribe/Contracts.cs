using System.Text;
using System.Text.Json.Serialization;

namespace Chartroom.Scribe;

/// <summary>Who said a turn, as far as the transcript tells.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Speaker>))]
public enum Speaker { Unknown, Clinician, Patient, Guest }

/// <summary>A stretch of a turn that a statement can cite.</summary>
/// <param name="Id"><c>t12.s3</c>: third span of the twelfth turn; both count from one.</param>
/// <param name="Start">Offset in the turn's text, in UTF-16 units, inclusive.</param>
/// <param name="Length">Length in UTF-16 units.</param>
public sealed record Span(string Id, int Start, int Length, string Text);

/// <param name="Id"><c>t12</c>: the twelfth turn, counted from one.</param>
/// <param name="Label">The speaker's name as written, or "" where none was.</param>
/// <param name="At">Time since the start of the recording, where the source had it.</param>
public sealed record Turn(string Id, Speaker Speaker, string Label, string Text, TimeSpan? At, IReadOnlyList<Span> Spans)
{
    /// <summary>A person said who this is; no guess goes over it.</summary>
    public bool IsNamed { get; init; }
}

/// <summary>What was said, in order, every part of it addressable.</summary>
public sealed record Transcript(IReadOnlyList<Turn> Turns)
{
    /// <summary>The text behind a citation, a span's (<c>t12.s3</c>) or a whole turn's (<c>t12</c>); null when there is no such
    /// place.</summary>
    public string? Find(string citation)
    {
        var dot = citation.IndexOf('.', StringComparison.Ordinal);
        var turnId = dot < 0 ? citation : citation[..dot];
        if (turnId.Length < 2 || !int.TryParse(turnId.AsSpan(1), out var number) || number < 1 || number > Turns.Count) return null;
        var turn = Turns[number - 1];
        if (turn.Id != turnId) return null;
        return dot < 0 ? turn.Text : turn.Spans.FirstOrDefault(span => span.Id == citation)?.Text;
    }
}

/// <summary>Which drafter wrote a draft; kept with the signed note.</summary>
public sealed record DrafterInfo(string Name, string Version);

/// <summary>One sentence or finding of a draft, together with the places it stands on.</summary>
/// <param name="Id"><c>n7</c>: unique in its draft, in reading order.</param>
/// <param name="Section">Header of its section.</param>
/// <param name="Group">Line label inside the section ("Cardiovascular", "Medical Treatment"), or null.</param>
/// <param name="Citations">Span ids (or turn ids), never empty in a draft of ours.</param>
public sealed record Statement(string Id, string Section, string? Group, string Text, IReadOnlyList<string> Citations)
{
    /// <summary>Of a proposed order: what it is for; null where nothing was named.</summary>
    public string? Purpose { get; init; }
}

public sealed record DraftSection(string Title, IReadOnlyList<Statement> Statements);

/// <summary>A note that nobody has decided on yet.</summary>
public sealed record Draft(DrafterInfo By, IReadOnlyList<DraftSection> Sections)
{
    [JsonIgnore]
    public IEnumerable<Statement> Statements => Sections.SelectMany(section => section.Statements);

    /// <summary>The note as plain text: headers in capitals, a blank line between sections, one line per labelled group.</summary>
    public string ToText()
    {
        var text = new StringBuilder();
        foreach (var section in Sections)
        {
            if (text.Length > 0) text.Append("\n\n");
            text.Append(section.Title).Append('\n');
            string? group = null;
            foreach (var statement in section.Statements)
            {
                var continues = text[^1] != '\n' && statement.Group == group;
                text.Append(continues ? ' ' : '\n');
                if (!continues && statement.Group is { } label) text.Append("- ").Append(label).Append(": ");
                text.Append(statement.Text);
                group = statement.Group;
            }
        }
        return text.Append('\n').ToString();
    }
}

/// <summary>What the chart already knows; every part may be empty.</summary>
public sealed record ChartFacts(
    IReadOnlyList<string> Allergies, IReadOnlyList<string> Medications, IReadOnlyList<string> Problems, int? Age, ChartSex? Sex)
{
    public static ChartFacts None { get; } = new([], [], [], null, null);
}

[JsonConverter(typeof(JsonStringEnumConverter<ChartSex>))]
public enum ChartSex { Female, Male, Other }

[JsonConverter(typeof(JsonStringEnumConverter<Verdict>))]
public enum Verdict { Supported, Inferred, Unsupported }

[JsonConverter(typeof(JsonStringEnumConverter<FindingKind>))]
public enum FindingKind
{
    MissingCitation, Number, Unit, Dose, Frequency, Route, Drug, Date, Side, Site, Negation, Experiencer, Contradiction, Chart, Wording,
}

/// <summary>One reason to look twice.</summary>
/// <param name="Quote">The words of the statement it is about.</param>
/// <param name="Blocks">True when it alone makes the statement unsupported; false when it is only worth knowing.</param>
public sealed record Finding(FindingKind Kind, string Message, string Quote, bool Blocks);

/// <param name="Confidence">0 to 1, inclusive.</param>
/// <param name="Word">The confidence in a word: high, fair, low.</param>
/// <param name="InferredFrom">Where the verdict is Inferred: the ids it was concluded from.</param>
public sealed record StatementVerdict(
    string StatementId, Verdict Verdict, double Confidence, string Word, IReadOnlyList<string> InferredFrom,
        IReadOnlyList<Finding> Findings);

/// <summary>Something clinical that was said and that no statement tells.</summary>
/// <param name="Kind">symptom, drug, dose, number, allergy, plan.</param>
/// <param name="SpanId">Where it was said.</param>
public sealed record Omission(string Kind, string What, string SpanId, string Quote);

/// <summary>Text that came without citations, with those that were found for it.</summary>
public sealed record Sourced(IReadOnlyList<Statement> Statements, Verification Verification);

public sealed record Verification(IReadOnlyList<StatementVerdict> Statements, IReadOnlyList<Omission> Omissions);
