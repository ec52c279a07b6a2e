namespace Chartroom.Scribe;

/// <summary>How a statement stands. Everything begins waiting: nothing is decided before somebody decides it.</summary>
public enum Standing { Waiting, Accepted, Edited, Rejected, Added, Dismissed }

/// <summary>A statement under review.</summary>
public sealed record ReviewedStatement
{
    public required int Number { get; init; }
    public required Statement Drafted { get; init; }
    /// <summary>The words that would go into the note now.</summary>
    public required string Text { get; init; }
    /// <summary>Of a proposed order: what it is for.</summary>
    public string? Purpose { get; init; }
    /// <summary>The verifier on those words.</summary>
    public required StatementVerdict Verdict { get; init; }
    public Standing Standing { get; init; }
    /// <summary>Written or changed by a person.</summary>
    public bool IsReworded { get; init; }
    /// <summary>Somebody looked at what was found of these words.</summary>
    public bool IsOpened { get; init; }
    /// <summary>Whether a planted error was caught or missed here; null where there was none, or nobody was told yet.</summary>
    public DecisionKind? Told { get; init; }
    /// <summary>What was planted, once told.</summary>
    public string? Planted { get; init; }
    /// <summary>True for what was said and left out by the draft.</summary>
    public bool IsAddition { get; init; }
    /// <summary>Decisions so far; who decides next names the number they saw.</summary>
    public int Seen { get; init; }
    public string? Reason { get; init; }
    public string? Person { get; init; }
    public DateTimeOffset? At { get; init; }

    /// <summary>Unsupported, or something was found: must be looked at before it can be accepted.</summary>
    public bool IsFlagged => Flags(Verdict);
    public static bool Flags(StatementVerdict verdict) => verdict.Verdict == Scribe.Verdict.Unsupported || verdict.Findings.Count > 0;
    public bool IsWaiting => Standing == Standing.Waiting;
    /// <summary>Supported with high confidence and nothing found: may be accepted together with others.</summary>
    public bool IsPlain => !IsFlagged && Verdict is { Verdict: Scribe.Verdict.Supported, Word: "high" };
    public bool IsInNote => Standing is Standing.Accepted or Standing.Edited or Standing.Added;
}

/// <summary>Something said and in no statement.</summary>
public sealed record LeftOut(int Number, Omission Omission, Standing Standing, int Seen);

/// <summary>A draft and its decisions, folded: how everything stands now. Pure.</summary>
public sealed record ReviewSheet(IReadOnlyList<ReviewedStatement> Statements, IReadOnlyList<LeftOut> LeftOut, IReadOnlyList<string> Sections)
{
    public int Waiting => Statements.Count(statement => statement.IsWaiting);
    public int Count => Statements.Count;
    public int Unopened => Statements.Count(statement => statement is { IsWaiting: true, IsFlagged: true, IsOpened: false });

    public IEnumerable<ReviewedStatement> Of(string section) => Statements.Where(statement => statement.Drafted.Section == section);

    /// <summary>Where the section stands on the page, counted from one.</summary>
    public int PlaceOf(string section) => Sections.TakeWhile(it => it != section).Count() + 1;

    public static ReviewSheet Of(DraftContent content, IReadOnlyList<Decision> decisions)
    {
        var drafted = content.Draft.Statements.ToList();
        var byNumber = decisions.ToLookup(decision => decision.Statement);
        var statements = drafted.Select((statement, at) => Fold(Fresh(at + 1, statement, content.Verification.Statements[at]), byNumber[at + 1])).ToList();
        var leftOut = new List<LeftOut>();
        foreach (var (omission, at) in content.Verification.Omissions.Select((omission, at) => (omission, at)))
        {
            var number = drafted.Count + 1 + at;
            var taken = byNumber[number].ToList();
            leftOut.Add(new(number, omission, StandingOf(taken), taken.Count));
            if (taken.FirstOrDefault(decision => decision.Kind == DecisionKind.Added) is { } added)
                statements.Add(Fold(Addition(number, omission, added), taken));
        }
        return new ReviewSheet(statements, leftOut, SectionsOf(content.Draft, statements));
    }

    private static ReviewedStatement Fresh(int number, Statement statement, StatementVerdict verdict) =>
        new() { Number = number, Drafted = statement, Text = statement.Text, Purpose = statement.Purpose, Verdict = verdict };

    private static ReviewedStatement Addition(int number, Omission omission, Decision added) => new()
    {
        Number = number, IsAddition = true, Text = added.Words.Text ?? omission.Quote, Verdict = VerdictOf(added),
        Drafted = new Statement($"n{number}", added.Words.Section ?? "", null, added.Words.Text ?? omission.Quote, [omission.SpanId]),
    };

    private static ReviewedStatement Fold(ReviewedStatement start, IEnumerable<Decision> decisions) => decisions.OrderBy(it => it.Sequence).Aggregate(start, After);

    private static ReviewedStatement After(ReviewedStatement before, Decision decision)
    {
        var after = before with { Seen = decision.Sequence, Person = decision.Person, At = decision.At };
        return decision.Kind switch
        {
            DecisionKind.Opened => before with { Seen = decision.Sequence, IsOpened = true },
            DecisionKind.Accepted => after with { Standing = before.IsAddition ? Standing.Added : before.IsReworded ? Standing.Edited : Standing.Accepted, Reason = decision.Words.Reason },
            DecisionKind.Edited or DecisionKind.Added => Reworded(after, decision),
            DecisionKind.Caught or DecisionKind.Missed => Told(after, decision),
            DecisionKind.Rejected => after with { Standing = Standing.Rejected, Reason = decision.Words.Reason },
            _ => after,
        };
    }

    /// <summary>The draft's own words again, of which nobody has decided anything.</summary>
    private static ReviewedStatement Told(ReviewedStatement before, Decision decision) => before with
    {
        Drafted = before.Drafted with { Text = decision.Words.Text! }, Text = decision.Words.Text!, Verdict = VerdictOf(decision), Planted = before.Drafted.Text, Told = decision.Kind,   // told with words
        Standing = Standing.Waiting, IsOpened = false, IsReworded = false, Reason = null,
    };

    /// <summary>New words are judged anew: what the verifier flags in them waits again.</summary>
    private static ReviewedStatement Reworded(ReviewedStatement before, Decision decision)
    {
        var after = before with { Text = decision.Words.Text ?? before.Text, Purpose = decision.Words.Purpose, Verdict = VerdictOf(decision), IsReworded = true, IsOpened = false, Reason = decision.Words.Reason };
        var standing = after.IsFlagged ? Standing.Waiting : before.IsAddition ? Standing.Added : Standing.Edited;
        return after with { Standing = standing };
    }

    private static StatementVerdict VerdictOf(Decision decision) =>
        decision.Words.Verdict ?? throw new InvalidOperationException("New words were kept without the verifier's word on them.");

    private static Standing StandingOf(List<Decision> taken) => taken switch
    {
        [] => Standing.Waiting,
        _ when taken.Exists(it => it.Kind == DecisionKind.Added) => Standing.Added,
        _ => Standing.Dismissed,
    };

    private static List<string> SectionsOf(Draft draft, List<ReviewedStatement> statements) =>
        [.. draft.Sections.Select(section => section.Title).Concat(statements.Select(statement => statement.Drafted.Section)).Distinct()];
}
