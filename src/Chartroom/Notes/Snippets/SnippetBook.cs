using Chartroom.Platform.Audit;
using Chartroom.Platform.Tenancy;
using Chartroom.Platform.Web;
using Chartroom.Shell;

namespace Chartroom.Notes;

/// <summary>A short word for longer ones.</summary>
/// <param name="Word">Small letters, digits and hyphens, without its dot; 30 at most.</param>
/// <param name="Words">4,000 characters at most; {…} is a place to fill in.</param>
/// <param name="IsOfClinic">For everybody; else for oneself.</param>
internal sealed record WriteSnippet(string Word, string Words, bool IsOfClinic = false);

/// <summary>Keeps short words: of one word there is one of one's own and one of the clinic. Refuses <c>notes.invalid-snippet</c>, <c>notes.snippet-taken</c>, <c>notes.no-such-snippet</c>.</summary>
internal sealed class SnippetBook(TenantDb db)
{
    private const string Path = "/snippets", Listed = "snippet.listed";

    public async Task<IReadOnlyList<Snippet>> ListAsync(Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.EditCharts, ct);
        tx.Audit(new Access(Listed, "snippet", Purpose: Purpose.Operations));
        var all = await Snippets.AllAsync(tx, ct);
        await tx.CommitAsync(ct);
        return all;
    }

    public async Task<Outcome<Guid>> AddAsync(WriteSnippet ask, Actor actor, CancellationToken ct)
    {
        var (word, refusal) = (ask.Word.Trim().TrimStart('.'), Refusals.InvalidSnippet);
        if (!System.Text.RegularExpressions.Regex.IsMatch(word, "^[a-z][a-z0-9-]{0,29}$")) refusal = refusal.On("word", "Small letters, digits and hyphens, 30 at most, a letter first.");
        if (ask.Words.Trim().Length is 0 or > 4000) refusal = refusal.On("words", "1 to 4,000 characters.");
        if (refusal.Errors.Count > 0) return refusal;
        var id = Guid.CreateVersion7();
        await using var tx = await db.BeginAsync(actor, Permission.EditCharts, ct);
        if (await tx.ExecuteAsync(Insert, new { id, owner = ask.IsOfClinic ? (StaffId?)null : actor.Staff, word, words = ask.Words.Trim() }, ct) == 0) return Refusals.SnippetTaken.On("word", Refusals.SnippetTaken.Title);
        tx.Audit(new Access("snippet.added", "snippet", id, Purpose.Operations));
        await tx.CommitAsync(ct);
        return id;
    }

    public async Task<Outcome<Done>> RemoveAsync(Guid id, Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.EditCharts, ct);
        if (await tx.ExecuteAsync("delete from snippet where id = @id", new { id }, ct) == 0) return Refusals.NoSuchSnippet;
        tx.Audit(new Access("snippet.removed", "snippet", id, Purpose.Operations));
        await tx.CommitAsync(ct);
        return Done.It;
    }

    public static void Map(IEndpointRouteBuilder routes)
    {
        var pages = routes.MapGroup(Path).ExcludeFromDescription();
        pages.MapGet("", async (string? done, SnippetBook book, Actor actor, CancellationToken ct) => Page.Of<SnippetsPage>(new { All = await book.ListAsync(actor, ct), Done = done })).Requires(Permission.EditCharts).Audits(Listed);
        pages.MapPost("", async (Form<WriteSnippet> form, SnippetBook book, Actor actor, CancellationToken ct) =>
        {
            var added = await form.ThenAsync(ask => book.AddAsync(ask, actor, ct));
            return added.IsOk ? Page.SeeOther(Path + "?done=added") : Page.Of<SnippetsPage>(new { All = await book.ListAsync(actor, ct), Form = form.Again(added.Refusal) }, added.Refusal.Status);
        }).Requires(Permission.EditCharts).Audits("snippet.added", Listed);
        pages.MapPost("/{id:guid}/remove", async (Guid id, SnippetBook book, Actor actor, CancellationToken ct) =>
            await book.RemoveAsync(id, actor, ct) is { IsOk: false } no ? Page.Refused(no.Refusal) : Page.SeeOther(Path + "?done=removed")).Requires(Permission.EditCharts).Audits("snippet.removed");
    }

    private const string Insert = """
        insert into snippet (id, owner_id, word, words)
        values (@id, @owner, @word, @words)
        on conflict do nothing
        """;
}
