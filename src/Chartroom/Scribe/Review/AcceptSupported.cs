using Chartroom.Platform.Tenancy;
using Chartroom.Platform.Web;

namespace Chartroom.Scribe;

/// <summary>Accepts several statements that the verifier found supported, with high confidence, and of which nobody decided anything yet. All others are decided one by one.</summary>
/// <param name="Statements">Numbers of those that the person saw, 1 to 500.</param>
/// <param name="Seconds">Time spent on all of them together, as the browser counted; 0 to 86,400. Each gets its share.</param>
public sealed record AcceptSupported(IReadOnlyList<int> Statements, int? Seconds = null);

/// <summary>Takes one decision down for each, or none. Refuses <c>scribe.open-first</c> when one is not plainly supported, a statement decided meanwhile (412).</summary>
internal sealed class AcceptSupportedHandler(TenantDb db)
{
    public async Task<Outcome<OpenedDraft>> HandleAsync(DraftId id, AcceptSupported ask, Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.SignNotes, ct);
        if (!await DraftShelf.LockAsync(tx, id, ct)) return Refusals.NoSuchDraft;
        var opened = await DraftShelf.OpenAsync(tx, id, new("statement.accepted", "draft", id.Value), ct);
        if (!opened.IsOk) return opened.Refusal;
        var draft = opened.Value;
        var numbers = Untouched(draft, ask);
        if (Judge(draft, numbers) is { } refusal) return refusal;
        var share = ask.Seconds is { } spent ? (int)Math.Round(Math.Clamp(spent, 0, 86_400) / (double)numbers.Count) : (int?)null;
        var made = numbers.ConvertAll(number => Accepted(draft, number) with { Seconds = share });
        foreach (var decision in made) DecisionBook.Add(tx, draft, decision);
        await tx.ExecuteAsync(
            """
            update draft
            set version = version + 1
            where id = @id
            """, new { id }, ct);
        var person = await SignNoteHandler.NameAsync(tx, ct);
        await tx.CommitAsync(ct);
        return draft with { Row = draft.Row with { Version = draft.Row.Version + 1 }, Decisions = [.. draft.Decisions, .. made.Select(it => it.Taken(person, tx.Now))] };
    }

    private static NewDecision Accepted(OpenedDraft draft, int number)
    {
        var statement = draft.Sheet.Statements.First(it => it.Number == number);
        return draft.PlantedNow is { } seed && seed.Statement == number ? NewDecision.Of(seed, statement, isCaught: false) : new(number, 1, DecisionKind.Accepted) { On = statement.Verdict };
    }

    /// <summary>What somebody decided one by one since the page was made stays as they decided; when that is all, it is judged.</summary>
    private static List<int> Untouched(OpenedDraft draft, AcceptSupported ask)
    {
        var decided = draft.Sheet.Statements.Where(it => it.Seen > 0).Select(it => it.Number).ToHashSet();
        var numbers = ask.Statements.Distinct().ToList();
        return numbers.TrueForAll(decided.Contains) ? numbers : numbers.FindAll(number => !decided.Contains(number));
    }

    private static Refusal? Judge(OpenedDraft draft, List<int> numbers)
    {
        if (draft.Closed is { } closed) return closed;
        if (draft.Row.Becomes == DraftKind.Orders) return Refusals.OneByOne;
        if (numbers.Count is 0 or > 500) return Refusals.InvalidDecision.On("statements", "Name 1 to 500 statements.");
        foreach (var number in numbers)
        {
            if (draft.Sheet.Statements.FirstOrDefault(it => it.Number == number) is not { } statement) return Refusals.NoSuchStatement;
            if (!statement.IsPlain) return Refusals.OpenFirst;
            if (statement.Seen > 0) return Versions.StaleAt(draft.Row.Version);
        }
        return null;
    }
}
