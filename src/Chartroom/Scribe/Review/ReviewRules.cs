using Chartroom.Orders;
using Chartroom.Platform.Web;
using Chartroom.Scribe.Drafting;
using Chartroom.Scribe.Orders;
using Chartroom.Scribe.Verifying;

namespace Chartroom.Scribe;

/// <summary>What may be decided, given how the draft stands. Pure: no clock, no database.</summary>
internal static class ReviewRules
{
    public const int LongestText = 4000, LongestReason = 500;

    /// <summary>Null when the decision may be taken.</summary>
    public static Refusal? Judge(OpenedDraft draft, Decide ask)
    {
        if (draft.Closed is { } closed) return closed;
        var sheet = draft.Sheet;
        var leftOut = sheet.LeftOut.FirstOrDefault(it => it.Number == ask.Statement);
        var statement = sheet.Statements.FirstOrDefault(it => it.Number == ask.Statement);
        if (statement is null && leftOut is null) return Refusals.NoSuchStatement;
        var seen = statement?.Seen ?? leftOut?.Seen ?? 0;
        if (ask.Seen != seen) return Stale(statement, seen);
        return statement is null ? JudgeLeftOut(ask) : JudgeStatement(statement, ask) ?? (draft.Row.Becomes == DraftKind.Orders ? JudgeOrder(draft, statement, ask) : null);
    }

    /// <summary>An order has the length of one, and a medicine that an allergy speaks against is taken with a reason only.</summary>
    private static Refusal? JudgeOrder(OpenedDraft draft, ReviewedStatement statement, Decide ask) => ask switch
    {
        { Kind: DecisionKind.Edited, Text.Length: > OrderBook.LongestWords } => Refusals.InvalidDecision.On("text", "An order has 500 characters at most."),
        { Kind: DecisionKind.Edited, Purpose.Length: > OrderBook.LongestWords } => Refusals.InvalidDecision.On("purpose", "Keep it under 500 characters."),
        { Kind: DecisionKind.Accepted } when OrderVerdict.Warnings(statement.Drafted.Section, statement.Text, draft.Content.Facts).Count > 0 =>
            JudgeReason(ask.Reason) is null ? null : Refusals.InvalidDecision.On("reason", "An allergy speaks against this. Say why it is right all the same."),
        _ => null,
    };

    /// <summary>Null when the draft may be signed.</summary>
    public static Refusal? JudgeSigning(OpenedDraft draft, int version)
    {
        if (draft.Closed is { } closed) return closed;
        if (draft.Row.Version != version)
        {
            var last = draft.Decisions.OrderBy(it => it.At).LastOrDefault();
            var stale = Versions.StaleAt(draft.Row.Version);
            return last is null ? stale : stale.On("version", $"Last change: statement {last.Statement} was {last.Kind.ToString().ToLowerInvariant()} by {last.Person}.");
        }
        var waiting = draft.Sheet.Statements.Where(it => it.IsWaiting).Select(it => it.Number).ToArray();
        if (waiting.Length > 0) return Refusals.Undecided.With("statements", waiting).With("unopened", draft.Sheet.Unopened);
        return draft.Row.Becomes == DraftKind.Orders || draft.Sheet.Statements.Any(it => it.IsInNote) ? null : Refusals.NothingAccepted;
    }

    /// <summary>The verifier on words a person wrote, against the same sources and the same chart as the draft.</summary>
    public static StatementVerdict Verify(OpenedDraft draft, Statement statement)
    {
        if (draft.Row.Becomes == DraftKind.Orders) return OrderVerdict.Of(draft.Transcript, statement, draft.Content.Facts);
        var alone = new Draft(BuiltInDrafter.Info, [new DraftSection(statement.Section, [statement])]);
        return (draft.Content.Source is null ? Verifier.Verify(draft.Transcript, alone, draft.Content.Facts) : SummaryVerdict.Of(draft.Transcript, alone, draft.Content.Facts)).Statements[0];
    }

    private static Refusal? JudgeStatement(ReviewedStatement statement, Decide ask) => ask.Kind switch
    {
        DecisionKind.Opened => null,
        DecisionKind.Accepted when statement is { IsFlagged: true, IsOpened: false } => Refusals.OpenFirst,
        DecisionKind.Accepted => null,
        DecisionKind.Edited => JudgeText(ask.Text) ?? (string.IsNullOrWhiteSpace(ask.Reason) ? null : JudgeReason(ask.Reason)),
        DecisionKind.Rejected => JudgeReason(ask.Reason),
        _ => Refusals.InvalidDecision.On("kind", "A statement is opened, accepted, edited or rejected."),
    };

    private static Refusal? JudgeLeftOut(Decide ask) => ask.Kind switch
    {
        DecisionKind.Added => JudgeText(ask.Text) ?? (ask.Section is null ? Refusals.InvalidDecision.On("section", "Say where it goes.") : null),
        DecisionKind.Dismissed => null,
        _ => Refusals.InvalidDecision.On("kind", "What the draft left out is added or dismissed."),
    };

    private static Refusal? JudgeText(string? text) => text?.Trim().Length switch
    {
        null or 0 => Refusals.InvalidDecision.On("text", "Write the statement, or reject it."),
        > LongestText => Refusals.InvalidDecision.On("text", "A statement has 4,000 characters at most."),
        _ => null,
    };

    internal static Refusal? JudgeReason(string? reason) => reason?.Trim().Length switch
    {
        null or 0 => Refusals.InvalidDecision.On("reason", "Say why."),
        > LongestReason => Refusals.InvalidDecision.On("reason", "A reason has 500 characters at most."),
        _ => null,
    };

    private static Refusal Stale(ReviewedStatement? statement, int seen)
    {
        var stale = Versions.StaleAt(seen);
        return statement?.Person is null ? stale
            : stale.On("version", $"This statement is now {statement.Standing.ToString().ToLowerInvariant()}, by {statement.Person}.");
    }
}
