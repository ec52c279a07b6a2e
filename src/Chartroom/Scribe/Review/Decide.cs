using Chartroom.Platform.Tenancy;
using Chartroom.Scribe.Seeding;

namespace Chartroom.Scribe;

/// <summary>A decision on one statement, or on something the draft left out.</summary>
/// <param name="Statement">Its number.</param>
/// <param name="Seen">How many decisions on it the person had seen; 0 at first.</param>
/// <param name="Text">The words, for edited and added; 4,000 characters at most.</param>
/// <param name="Reason">Why, for rejected, for an accepted medicine that an allergy speaks against, and, where somebody says it, for edited; 500 characters at most.</param>
/// <param name="Section">Where it goes, for added.</param>
/// <param name="Seconds">Time spent on it, as the browser counted; 0 to 86,400.</param>
/// <param name="Purpose">What an edited order is for; 500 characters at most.</param>
public sealed record Decide(int Statement, DecisionKind Kind, int Seen, string? Text = null, string? Reason = null, string? Section = null, int? Seconds = null, string? Purpose = null);

/// <summary>Takes a decision down; answers how the draft stands then. Decisions on one draft come one after another: its row is locked. Refuses
/// <c>scribe.no-such-draft</c>, <c>scribe.no-such-statement</c>, <c>scribe.open-first</c>, <c>scribe.invalid-decision</c>, a draft that is closed, and a
/// statement somebody else decided meanwhile (412).</summary>
internal sealed class DecideHandler(TenantDb db)
{
    public async Task<Outcome<OpenedDraft>> HandleAsync(DraftId id, Decide ask, Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.SignNotes, ct);
        if (!await DraftShelf.LockAsync(tx, id, ct)) return Refusals.NoSuchDraft;
        var access = new Platform.Audit.Access($"statement.{ask.Kind.ToString().ToLowerInvariant()}", "draft", id.Value);
        var opened = await DraftShelf.OpenAsync(tx, id, access, ct);
        if (!opened.IsOk) return opened.Refusal;
        if (ReviewRules.Judge(opened.Value, ask) is { } refusal) return refusal;
        var made = Told(opened.Value, ask, Made(opened.Value, ask));
        foreach (var decision in made) DecisionBook.Add(tx, opened.Value, decision);
        await tx.ExecuteAsync(
            """
            update draft
            set version = version + 1
            where id = @id
            """, new { id }, ct);
        var person = await SignNoteHandler.NameAsync(tx, ct);
        await tx.CommitAsync(ct);
        return opened.Value with
        {
            Row = opened.Value.Row with { Version = opened.Value.Row.Version + 1 },
            Decisions = [.. opened.Value.Decisions, .. made.Select(it => it.Taken(person, tx.Now))],
        };
    }

    /// <summary>Who decides on a planted error is told first; of the decision only an edit that mended it stays.</summary>
    private static NewDecision[] Told(OpenedDraft draft, Decide ask, NewDecision made)
    {
        if (draft.PlantedNow is not { } seed || seed.Statement != ask.Statement || ask.Kind is DecisionKind.Opened) return [made];
        var before = draft.Sheet.Statements.First(it => it.Number == ask.Statement);
        var isMended = ask.Kind == DecisionKind.Edited && Seeder.IsMended(seed, before.Text, made.Words!.Text!);   // an edit has words
        var told = NewDecision.Of(seed, before, ask.Kind == DecisionKind.Rejected || isMended) with { Seconds = made.Seconds, EditDistance = made.EditDistance };
        return isMended ? [told, made with { Sequence = made.Sequence + 1 }] : [told];
    }

    private static NewDecision Made(OpenedDraft draft, Decide ask)
    {
        var before = draft.Sheet.Statements.FirstOrDefault(it => it.Number == ask.Statement);
        var made = new NewDecision(ask.Statement, ask.Seen + 1, ask.Kind) { Seconds = ask.Seconds is { } spent ? Math.Clamp(spent, 0, 86_400) : null, On = before?.Verdict };
        switch (ask.Kind)
        {
            case DecisionKind.Edited when before is not null:
                var text = ask.Text!.Trim();   // judged before
                var purpose = string.IsNullOrWhiteSpace(ask.Purpose) ? null : ask.Purpose.Trim();
                return made with
                {
                    Words = new(text, string.IsNullOrWhiteSpace(ask.Reason) ? null : ask.Reason.Trim(), null, ReviewRules.Verify(draft, before.Drafted with { Text = text, Purpose = purpose }), purpose),
                    EditDistance = EditDistance.Between(before.Text, text) + EditDistance.Between(before.Purpose ?? "", purpose ?? ""),
                };
            case DecisionKind.Added:
                var left = draft.Sheet.LeftOut.First(it => it.Number == ask.Statement);
                var words = ask.Text!.Trim();   // judged before
                var statement = new Statement($"n{ask.Statement}", ask.Section!, null, words, [left.Omission.SpanId]);
                return made with { Words = new(words, null, ask.Section, ReviewRules.Verify(draft, statement)) };
            default:
                return made with { Words = ask.Reason is null ? null : new(null, ask.Reason.Trim()) };
        }
    }
}

/// <summary>A decision about to be taken down.</summary>
internal sealed record NewDecision(int Statement, int Sequence, DecisionKind Kind)
{
    public Guid Id { get; } = Guid.CreateVersion7();
    public DecisionWords? Words { get; init; }
    public int? EditDistance { get; init; }
    public int? Seconds { get; init; }
    /// <summary>The verifier on the words that were decided on; null for the draft as a whole and for what it left out.</summary>
    public StatementVerdict? On { get; init; }

    /// <summary>Tells of a planted error: the true words come back and wait.</summary>
    public static NewDecision Of(Seed seed, ReviewedStatement before, bool isCaught) => new(seed.Statement, before.Seen + 1, isCaught ? DecisionKind.Caught : DecisionKind.Missed)
    {
        Words = new(seed.True.Text, null, null, seed.True.Verdict), On = before.Verdict,
    };

    public Decision Taken(string person, DateTimeOffset at) => new(Statement, Sequence, Kind, Words ?? new(null, null))
    {
        Person = person, At = at, EditDistance = EditDistance, SecondsSpent = Seconds, PolicyVersion = DraftPen.PolicyVersion,
    };
}

/// <summary>Takes decisions down.</summary>
internal static class DecisionBook
{
    /// <summary>Goes out with the next statement.</summary>
    public static void Add(ClinicTx tx, OpenedDraft draft, NewDecision made) => tx.Queue(Insert, new
    {
        made.Id, draft = draft.Row.Id, made.Statement, made.Sequence, made.Kind,
        content = made.Words is { } words ? draft.Key.Seal(words, DecisionRow.CellOf(made.Id)) : null,
        keyVersion = made.Words is null ? (int?)null : draft.Key.Version, made.EditDistance, made.Seconds, tx.Actor.Staff, now = tx.Now, DraftPen.PolicyVersion,
        verdict = made.On?.Verdict, confidence = made.On is { } on ? (int)Math.Round(100 * on.Confidence) : (int?)null, isFlagged = made.On is { } said ? ReviewedStatement.Flags(said) : (bool?)null,
    });

    private const string Insert = """
        insert into decision (id, draft_id, statement, sequence, kind, content, key_version, edit_distance, seconds_spent, decided_by, decided_at, verdict, confidence, was_flagged, policy_version)
        values (@id, @draft, @statement, @sequence, @kind, @content, @keyVersion, @editDistance, @seconds, @staff, @now, @verdict, @confidence, @isFlagged, @policyVersion)
        """;
}
