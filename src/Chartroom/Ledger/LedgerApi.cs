using Chartroom.Platform.Identity;
using Chartroom.Platform.Web;

namespace Chartroom.Ledger;

/// <summary>The ledger for programs. Money is whole cents with its currency; an <c>Idempotency-Key</c> makes a payment that is sent twice be posted once.</summary>
internal static class LedgerApi
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api/v1").WithTags("Ledger");
        api.MapGet("/patients/{id:guid}/account", async (PatientId id, long? before, ReadAccountHandler handler, Actor actor, CancellationToken ct) =>
                (await handler.HandleAsync(id, before, actor, ct)).ToHttp(TypedResults.Ok))
            .Requires(Permission.SeeBalances).Audits(ReadAccountHandler.Read).WithName("ReadAccount").WithSummary("What a patient owes, and the postings, newest first; 50 at once.").Produces<Account>();
        MapPosting<PostCharge>(api, "charges", PostingKind.Charge, ask => ask.Posting, "Charges a patient: for a visit, or in a few words.");
        MapPosting<TakePayment>(api, "payments", PostingKind.Payment, ask => ask.Posting, "Takes down a payment: cash, check, card on the clinic's own terminal, other.");
        MapPosting<PostAdjustment>(api, "adjustments", PostingKind.Adjustment, ask => ask.Posting, "Writes off what is owed, with a reason; an administrator's.");
        MapPosting<GiveRefund>(api, "refunds", PostingKind.Refund, ask => ask.Posting, "Takes down money given back, with a reason; an administrator's.");
        api.MapPost("/postings/{id:guid}/reversal", async (Guid id, ReversePosting ask, ReverseHandler handler, Actor actor, CancellationToken ct) =>
                (await handler.HandleAsync(id, ask, actor, ct)).ToHttp(posting => TypedResults.Created($"/api/v1/patients/{posting.PatientId}/account", posting)))
            .Requires(Permission.PostPayments).Audits(PostingNames.EventOf(PostingKind.Reversal)).WithName("ReversePosting").WithSummary("Takes a posting back by one that mirrors it; once.").Produces<Posting>(201);
        MapBooks(api.MapGroup("/ledger"));
    }

    private static void MapPosting<TAsk>(RouteGroupBuilder api, string path, PostingKind kind, Func<TAsk, NewPosting> read, string summary) =>
        api.MapPost($"/patients/{{id:guid}}/{path}", async (PatientId id, TAsk? ask, PostHandler handler, Actor actor, CancellationToken ct) =>
                ask is null ? Boundary.Unreadable.ToHttp() : (await handler.HandleAsync(id, read(ask), actor, ct)).ToHttp(posting => TypedResults.Created($"/api/v1/patients/{id}/account", posting)))
            .Requires(PostingNames.NeedOf(kind)).Audits(PostingNames.EventOf(kind)).WithName(typeof(TAsk).Name).WithSummary(summary).Produces<Posting>(201);

    private static void MapBooks(RouteGroupBuilder api)
    {
        api.MapGet("/day", async (DateOnly? date, LedgerDayHandler handler, Actor actor, CancellationToken ct) => (await handler.HandleAsync(new(date, LedgerDayHandler.Read), actor, ct)).ToHttp(TypedResults.Ok))
            .Requires(Permission.AdjustAccounts).Audits(LedgerDayHandler.Read).WithName("ReadLedgerDay").WithSummary("A day's takings by method and its postings; the trial balance; what the nightly checks found.")
            .Produces<LedgerDay>();
        api.MapGet("/day.csv", (DateOnly? date, LedgerDayHandler handler, Actor actor, CancellationToken ct) => LedgerRoutes.FileAsync(date, handler, actor, ct))
            .Requires(Permission.AdjustAccounts).RequiresStepUp().Audits(LedgerDayHandler.Taken).WithName("TakeLedgerDay").WithSummary("The same postings as a file.");
        api.MapGet("/check", async (LedgerDayHandler handler, Actor actor, CancellationToken ct) => TypedResults.Ok(await handler.CheckAsync(actor, ct)))
            .Requires(Permission.AdjustAccounts).Audits(LedgerDayHandler.Checked).WithName("CheckLedger").WithSummary("Checks the whole ledger now.");
        api.MapGet("/rules", async (LedgerRulesBook book, Actor actor, HttpContext http) =>
        {
            var rules = await book.ShowAsync(actor, http.RequestAborted);
            Versions.SetETag(http, rules.Version);
            return TypedResults.Ok(rules.Fields);
        }).Requires(Permission.SeeBalances).Audits(LedgerRulesBook.Read).WithName("ReadLedgerRules").WithSummary("The clinic's currency and what its visits usually cost.");
        api.MapPut("/rules", async (LedgerRulesFields ask, LedgerRulesBook book, Actor actor, HttpContext http) =>
        {
            var version = Versions.IfMatch(http);
            var changed = version.IsOk ? await book.ChangeAsync(version.Value, ask, actor, http.RequestAborted) : version.Refusal;
            return changed.ToHttp(_ => TypedResults.NoContent());
        }).Requires(Permission.AdjustAccounts).Audits(LedgerRulesBook.Changed).Produces(StatusCodes.Status204NoContent).WithName("ChangeLedgerRules").WithSummary("Change them; the currency only while nothing is posted.");
    }
}
