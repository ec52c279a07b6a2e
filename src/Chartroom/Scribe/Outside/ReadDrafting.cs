using Chartroom.Platform.Tenancy;
using Chartroom.Platform.Web;
using Chartroom.Shell;

namespace Chartroom.Scribe;

/// <summary>How far a visit's drafting has come, for programs and for a page that waits.</summary>
internal sealed class ReadDraftingHandler(TenantDb db, DueWork due)
{
    internal const string Read = "drafting.read";

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/v1/visits/{id}/drafting", async (AppointmentId id, ReadDraftingHandler handler, Actor actor, CancellationToken ct) =>
                (await handler.ReadAsync(id, actor, ct)).ToHttp(it => TypedResults.Ok(DraftingAnswer.Of(it))))
            .Requires(Permission.SignNotes).Audits(Read).WithTags("Notes").WithName("ReadDrafting").WithSummary("How far drafting by an outside model has come, what went wrong and what it cost.")
            .Produces<DraftingAnswer>();
        routes.MapGet("/visits/{id}/drafting", async (AppointmentId id, string? state, int? attempts, ReadDraftingHandler handler, Actor actor, CancellationToken ct) =>
                await handler.IsStillAsync(id, state ?? "", attempts ?? 0, actor, ct) ? Results.NoContent() : Page.SeeOther($"/visits/{id}/review"))
            .Requires(Permission.SignNotes).Audits().RunsByItself().ExcludeFromDescription();
    }

    /// <summary>Refuses <c>scribe.no-such-drafting</c> where no outside model was ever asked.</summary>
    public async Task<Outcome<OutsideDrafting>> ReadAsync(AppointmentId visit, Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.SignNotes, ct);
        tx.Audit(new(Read, "appointment", visit.Value));
        if (await DraftingShelf.LatestAsync(tx, visit, ct) is not { } latest) return Refusals.NoSuchDrafting;
        await tx.CommitAsync(ct);
        return latest;
    }

    /// <summary>True while nothing has changed since the page was made. Asked every few seconds and answered without opening anything, so it is no event.</summary>
    private async Task<bool> IsStillAsync(AppointmentId visit, string state, int attempts, Actor actor, CancellationToken ct) => (await due.IdsAsync(actor.Clinic, """
        select id
        from drafting
        where appointment_id = @visit and state in ('queued', 'drafting') and state = @state and attempts = @attempts
        """, new { visit, state, attempts }, ct)).Count > 0;

    /// <summary>The same of a summary.</summary>
    public async Task<bool> IsSummaryStillAsync(PatientId patient, string state, int attempts, Actor actor, CancellationToken ct) => (await due.IdsAsync(actor.Clinic, """
        select id
        from drafting
        where patient_id = @patient and kind = 'summary' and state in ('queued', 'drafting') and state = @state and attempts = @attempts
        """, new { patient, state, attempts }, ct)).Count > 0;

    /// <param name="State">queued, drafting, done or failed.</param>
    /// <param name="FailedWith">Code of what went wrong last; when done, why the built-in drafter wrote it instead.</param>
    /// <param name="Dropped">Statements of the answer that named no source that exists.</param>
    internal sealed record DraftingAnswer(string State, int Attempts, string? Drafter, string? FailedWith, DraftId? DraftId, int Dropped, long TokensIn, long TokensOut, decimal Cost, string? Currency)
    {
        public static DraftingAnswer Of(OutsideDrafting it) => new(it.State, it.Attempts, it.Drafter, it.FailedWith, it.DraftId, it.Dropped, it.TokensIn, it.TokensOut, it.Cost, it.Currency);
    }
}
