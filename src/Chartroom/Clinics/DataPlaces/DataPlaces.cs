using Chartroom.Platform.Audit;
using Chartroom.Platform.Tenancy;
using Chartroom.Shell;

namespace Chartroom.Clinics;

/// <summary>Where the clinic's data is, and who has a part in keeping it: true to the running configuration, not to a document (TEN-6).</summary>
internal sealed class DataPlaces(PlatformDb db, Residency residency)
{
    /// <summary>The places; all of them lie in the clinic's region.</summary>
    public async Task<IReadOnlyList<DataPlace>> ListAsync(Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor.Origin, ct);
        tx.Audit(new Access("data_places.listed", "clinic", actor.Clinic.Value), actor.Person, actor.Clinic);
        await tx.CommitAsync(ct);
        return residency.Places;
    }

    internal static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/settings/data", async (DataPlaces places, Actor actor, CancellationToken ct) =>
            Page.Of<DataPlacesPage>(new { Places = await places.ListAsync(actor, ct) })).ForSetUp("data_places.listed");
        routes.MapGet("/api/v1/clinic/data-places", async (DataPlaces places, Actor actor, CancellationToken ct) => TypedResults.Ok(await places.ListAsync(actor, ct)))
            .ForSetUp("data_places.listed").WithTags("Clinic").WithSummary("Where the clinic's data is, and which services have a part in it");
    }
}
