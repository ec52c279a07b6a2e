using Chartroom.Assist;
using Chartroom.Platform.Audit;
using Chartroom.Platform.Tenancy;
using Chartroom.Shell;

namespace Chartroom.Clinics;

/// <summary>Where the clinic's data is, and who has a part in keeping it: true to the running configuration, not to a document (TEN-6).</summary>
internal sealed class DataPlaces(PlatformDb db, TenantDb clinics, Residency residency)
{
    /// <summary>The places; all of them lie in the clinic's region.</summary>
    public async Task<IReadOnlyList<DataPlace>> ListAsync(Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor.Origin, ct);
        tx.Audit(new Access("data_places.listed", "clinic", actor.Clinic.Value), actor.Person, actor.Clinic);
        await tx.CommitAsync(ct);
        return [.. residency.Places, .. await ModelsAsync(actor, ct)];
    }

    /// <summary>Who drafts notes and summaries and who transcribes is the clinic's choice, of its own region only.</summary>
    private async Task<DataPlace[]> ModelsAsync(Actor actor, CancellationToken ct)
    {
        await using var tx = await clinics.BeginAsync(actor, Permission.ManageClinic, ct);
        tx.Audit(new("data_places.listed", "assist_choice"));
        var outside = await Assistant.OutsideAsync(tx, AssistFeature.VisitNotes, ct);
        var summaries = await Assistant.OutsideAsync(tx, AssistFeature.ChartSummary, ct);
        var listener = await Assistant.OutsideAsync(tx, AssistFeature.Transcription, ct);
        await tx.CommitAsync(ct);
        DataPlace drafts = outside is null
            ? new("Drafts of notes", "drafts a note from a transcript", "nothing leaves: the drafter is part of the program", false, residency.Region)
            : new($"{outside.Name} at {outside.Host}", "drafts a note from a transcript", "what was said at visits; names and identifiers are replaced first", true, residency.Region);
        DataPlace[] both = summaries is null ? [drafts]
            : [drafts, new($"{summaries.Name} at {summaries.Host}", "drafts a summary of a chart", "what counts today in charts that are summarized; names and identifiers are replaced first", true, residency.Region)];
        return listener is null ? both : [.. both, new($"{listener.Name} at {listener.Host}", "transcribes recordings of visits", "the voices: what was said and how", true, residency.Region)];
    }

    internal static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/settings/data", async (DataPlaces places, Actor actor, CancellationToken ct) =>
            Page.Of<DataPlacesPage>(new { Places = await places.ListAsync(actor, ct) })).ForSetUp("data_places.listed");
        routes.MapGet("/api/v1/clinic/data-places", async (DataPlaces places, Actor actor, CancellationToken ct) => TypedResults.Ok(await places.ListAsync(actor, ct)))
            .ForSetUp("data_places.listed").WithTags("Clinic").WithSummary("Where the clinic's data is, and which services have a part in it");
    }
}
