using System.Text.RegularExpressions;
using Chartroom.Platform.Web;
using Chartroom.Shell;

namespace Chartroom.Ledger;

/// <summary>What is typed into a form of the ledger; an amount as people write it.</summary>
/// <param name="PaidBy">The method; a field of that name would hide the form's own <c>method</c> from scripts.</param>
internal sealed record TypedPosting(string? Amount, string? What, string? Reference, string? Reason, PaymentMethod? PaidBy, AppointmentId? VisitId);

/// <summary>Accounts for people; each act calls the handler that the API calls.</summary>
internal static partial class AccountRoutes
{
    private static readonly PostingKind[] Kinds = [PostingKind.Charge, PostingKind.Payment, PostingKind.Adjustment, PostingKind.Refund];

    public static void Map(IEndpointRouteBuilder routes)
    {
        var pages = routes.MapGroup("").ExcludeFromDescription();
        pages.MapGet("/patients/{id:guid}/account", async (PatientId id, long? before, ReadAccountHandler handler, Actor actor, CancellationToken ct) =>
        {
            var account = await handler.HandleAsync(id, before, actor, ct);
            return account.IsOk ? Page.Of<AccountPage>(new { Account = account.Value, IsFirst = before is null }) : Page.Refused(account.Refusal);
        }).Requires(Permission.SeeBalances).Audits(ReadAccountHandler.Read);
        foreach (var kind in Kinds) MapPosting(pages, kind);
        pages.MapPost("/postings/{id:guid}/reverse", async (Guid id, Form<ReversePosting> form, ReverseHandler handler, Actor actor, CancellationToken ct) =>
            After(await form.ThenAsync(ask => handler.HandleAsync(id, ask, actor, ct)))).Requires(Permission.PostPayments).Audits("posting.reversed");
        pages.MapPost("/postings/{id:guid}/undo", async (Guid id, Form<Nothing> _, ReverseHandler handler, Actor actor, CancellationToken ct) =>
            After(await handler.HandleAsync(id, new("Undone right after posting"), actor, ct))).Requires(Permission.PostPayments).Audits("posting.reversed");
        pages.MapGet("/postings/{id:guid}/receipt", async (Guid id, ReceiptHandler handler, Actor actor, CancellationToken ct) =>
        {
            var receipt = await handler.HandleAsync(id, actor, ct);
            return receipt.IsOk ? Page.Of<ReceiptPage>(new { Receipt = receipt.Value }) : Page.Refused(receipt.Refusal);
        }).Requires(Permission.SeeBalances).Audits(ReceiptHandler.Read);
    }

    private static void MapPosting(RouteGroupBuilder pages, PostingKind kind)
    {
        var path = $"/patients/{{id:guid}}/account/{kind.ToString().ToLowerInvariant()}";
        pages.MapGet(path, (PatientId id, AppointmentId? visit, string? then, ReadAccountHandler handler, Actor actor, CancellationToken ct) =>
            ShowAsync((id, kind, then), visit, null, handler, actor, ct)).Requires(PostingNames.NeedOf(kind)).Audits(ReadAccountHandler.Read);
        pages.MapPost(path, async (PatientId id, string? then, Form<TypedPosting> form, PostHandler handler, ReadAccountHandler reader, Actor actor, CancellationToken ct) =>
        {
            var posted = await form.ThenAsync(async typed => Of(kind, typed) is { IsOk: true } ask ? await handler.HandleAsync(id, ask.Value, actor, ct) : Of(kind, typed).Refusal!);   // not one, so the other
            if (posted.IsOk) return Page.SeeOther(Told(Back(then) ?? $"/patients/{id}/account", posted.Value));
            return posted.Refusal.Status == 404 ? Page.Refused(posted.Refusal)
                : await ShowAsync((id, kind, then), form.Ask.IsOk ? form.Ask.Value.VisitId : null, form.Again(Shown(posted.Refusal)), reader, actor, ct);
        }).Requires(PostingNames.NeedOf(kind)).Audits(PostingNames.EventOf(kind), ReadAccountHandler.Read);
    }

    private static async Task<IResult> ShowAsync((PatientId Patient, PostingKind Kind, string? Then) asked, AppointmentId? visit, FormState? state, ReadAccountHandler handler, Actor actor,
        CancellationToken ct)
    {
        var account = await handler.HandleAsync(asked.Patient, null, actor, ct);
        if (!account.IsOk) return Page.Refused(account.Refusal);
        var about = visit is { } given && state is null ? await handler.OfVisitAsync(given, actor, ct) : null;
        var amount = asked.Kind switch
        {
            PostingKind.Charge => about?.UsualCents,
            PostingKind.Payment or PostingKind.Adjustment when account.Value.BalanceCents > 0 => account.Value.BalanceCents,
            PostingKind.Refund when account.Value.BalanceCents < 0 => -account.Value.BalanceCents,
            _ => null,
        };
        return Page.Of<PostPage>(new { Account = account.Value, asked.Kind, Visit = visit, Amount = amount is { } cents ? Money.Field(cents) : "", Then = Back(asked.Then), State = state ?? FormState.Fresh },
            state?.Refusal?.Status ?? StatusCodes.Status200OK);
    }

    private static Outcome<NewPosting> Of(PostingKind kind, TypedPosting typed) => Money.Parse(typed.Amount) is { } cents
        ? new NewPosting(kind, cents, typed.PaidBy, typed.VisitId) { What = typed.What, Reference = typed.Reference, Reason = typed.Reason }
        : Refusals.Invalid.On("amount", "Give an amount such as 45 or 45.50, above zero.");

    /// <summary>What the API says of <c>cents</c> and <c>method</c>, the form says of its own fields.</summary>
    private static Refusal Shown(Refusal refusal) =>
        refusal.Errors.TryGetValue("cents", out var words) ? refusal.On("amount", words) : refusal.Errors.TryGetValue("method", out words) ? refusal.On("paidBy", words) : refusal;

    private static IResult After(Outcome<Posting> reversed) =>
        reversed.IsOk ? Page.SeeOther(Told($"/patients/{reversed.Value.PatientId}/account", reversed.Value)) : Page.Refused(reversed.Refusal);

    private static string Told(string path, Posting posting) => $"{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}posted={posting.Kind.ToString().ToLowerInvariant()}&posting={posting.Id}";

    /// <summary>Where a form leads when it is done, a page of ours; null for anything else.</summary>
    private static string? Back(string? path) => path is not null && Known().IsMatch(path) ? path : null;

    [GeneratedRegex(@"^/(visits/[0-9a-f-]{36}|patients/[0-9a-f-]{36}|day\?date=\d{4}-\d\d-\d\d|board)$")]
    private static partial Regex Known();
}
