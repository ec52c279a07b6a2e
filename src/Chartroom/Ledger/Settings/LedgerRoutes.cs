using Chartroom.Exports;
using Chartroom.Platform.Identity;
using Chartroom.Platform.Web;
using Chartroom.Shell;

namespace Chartroom.Ledger;

/// <summary>The administrators' page of the ledger.</summary>
internal static class LedgerRoutes
{
    private const string Path = "/settings/ledger";
    private const int AtOnce = 100;

    public static void Map(IEndpointRouteBuilder routes)
    {
        var pages = routes.MapGroup(Path).ExcludeFromDescription();
        pages.MapGet("", (DateOnly? date, long? before, bool? check, bool? saved, Readers readers, Actor actor, CancellationToken ct) =>
                ShowAsync(readers, new(date, before, check is true, saved is true), FormState.Fresh, actor, ct))
            .Requires(Permission.AdjustAccounts).Audits(LedgerDayHandler.Read, LedgerDayHandler.Checked, LedgerRulesBook.Read);
        pages.MapPost("", async (Form<TypedRules> form, Readers readers, Actor actor, CancellationToken ct) =>
        {
            var version = form.Version is > 0 and <= int.MaxValue and { } seen ? (int)seen : 0;
            var changed = await form.ThenAsync(async typed => typed.Read() is { IsOk: true } ask ? await readers.Rules.ChangeAsync(version, ask.Value, actor, ct) : typed.Read().Refusal!);   // not one, so the other
            return changed.IsOk ? Page.SeeOther(Path + "?saved=true") : await ShowAsync(readers, new(null, null, false, false), form.Again(changed.Refusal), actor, ct);
        }).Requires(Permission.AdjustAccounts).Audits(LedgerRulesBook.Changed, LedgerRulesBook.Read, LedgerDayHandler.Read);
        pages.MapGet("/day.csv", (DateOnly? date, LedgerDayHandler handler, Actor actor, CancellationToken ct) => FileAsync(date, handler, actor, ct))
            .Requires(Permission.AdjustAccounts).RequiresStepUp().Audits(LedgerDayHandler.Taken);
    }

    /// <summary>A day as a file: the rows and columns of the page, safe to open in a spreadsheet.</summary>
    internal static async Task<IResult> FileAsync(DateOnly? date, LedgerDayHandler handler, Actor actor, CancellationToken ct)
    {
        var day = await handler.HandleAsync(new(date, LedgerDayHandler.Taken), actor, ct);
        return day.ToHttp(books => Results.Bytes(CsvFile.Of(LedgerDay.Head, books.Rows.Select(books.Cells)), "text/csv; charset=utf-8", $"ledger-{LedgerWords.Iso(books.Day)}.csv"));
    }

    private static async Task<IResult> ShowAsync(Readers readers, Asked asked, FormState form, Actor actor, CancellationToken ct)
    {
        var day = await readers.Day.HandleAsync(new(asked.Day, LedgerDayHandler.Read, asked.Before, AtOnce), actor, ct);
        if (!day.IsOk) return Page.Refused(day.Refusal);
        var rules = await readers.Rules.ShowAsync(actor, ct);
        var now = asked.IsChecked ? await readers.Day.CheckAsync(actor, ct) : null;
        return Page.Of<LedgerPage>(new { Day = day.Value, Rules = rules, Now = now, asked.IsSaved, IsFirst = asked.Before is null, Form = form.Against(LedgerPage.Seen(rules), rules.Version) }, form.Refusal?.Status ?? StatusCodes.Status200OK);
    }

    private sealed record Asked(DateOnly? Day, long? Before, bool IsChecked, bool IsSaved);

    /// <summary>What the page is made from.</summary>
    internal sealed record Readers(LedgerDayHandler Day, LedgerRulesBook Rules);

    /// <summary>The rules as they are typed.</summary>
    internal sealed record TypedRules(string Currency, IReadOnlyList<TypedCharge>? Charges)
    {
        public Outcome<LedgerRulesFields> Read()
        {
            var (charges, wrong) = (new List<UsualCharge>(), Refusals.InvalidRules);
            foreach (var (typed, at) in (Charges ?? []).Select((typed, at) => (typed, at)))
            {
                if (string.IsNullOrWhiteSpace(typed.Amount)) continue;
                if (Money.Parse(typed.Amount) is { } cents) charges.Add(new(typed.VisitTypeId, cents));
                else wrong = wrong.On($"charges[{at}].amount", "Give an amount such as 45 or 45.50, or leave it empty.");
            }
            return wrong.Errors.Count > 0 ? wrong : new LedgerRulesFields(Currency, charges);
        }
    }

    internal sealed record TypedCharge(VisitTypeId VisitTypeId, string? Amount);
}
