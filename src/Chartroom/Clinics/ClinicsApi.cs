using Chartroom.Platform.Identity;
using Chartroom.Platform.Web;

namespace Chartroom.Clinics;

/// <summary>The API door: the same handlers as the pages.</summary>
internal static class ClinicsApi
{
    internal static void Map(IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api/v1").WithTags("Clinic");
        MapProfile(api);
        MapPlaces(api);
        MapThings(api, PlaceThing.Room);
        MapThings(api, PlaceThing.Device);
        MapVisitTypes(api);
        MapOnboarding(api);
    }

    private static void MapProfile(RouteGroupBuilder api)
    {
        api.MapGet("/clinic", async (ClinicProfile profile, HttpContext context, Actor actor, CancellationToken ct) =>
        {
            var shown = await profile.ShowAsync(actor, ct);
            Versions.SetETag(context, shown.Version);
            return TypedResults.Ok(shown);
        }).Requires(Permission.SeeClinic).WithoutAgreement().Audits("clinic.read");
        api.MapPut("/clinic", async (ProfileFields ask, ClinicProfile profile, HttpContext context, Actor actor, CancellationToken ct) =>
            (await Versioned(context, version => profile.ChangeAsync(version, ask, actor, ct))).ToHttp(_ => TypedResults.NoContent())).ForSetUp("clinic.changed");
        api.MapGet("/clinic/policies", async (ClinicPolicies policies, HttpContext context, Actor actor, CancellationToken ct) =>
        {
            var shown = await policies.ShowAsync(actor, ct);
            Versions.SetETag(context, shown.Version);
            return TypedResults.Ok(shown.Fields);
        }).ForSetUp("policies.read").WithSummary("What the clinic asks of passwords and sessions of its staff");
        api.MapPut("/clinic/policies", async (PolicyFields ask, ClinicPolicies policies, HttpContext context, Actor actor, CancellationToken ct) =>
            (await Versioned(context, version => policies.ChangeAsync(version, ask, actor, ct))).ToHttp(_ => TypedResults.NoContent())).ForSetUp("policies.changed").RequiresStepUp()
            .WithSummary("Change them; they hold for running sessions at once");
        api.MapGet("/clinic/agreement", () => TypedResults.Ok(AgreementText.Current)).ForSetUp("agreement.signed");
        api.MapPost("/clinic/agreement", async (SignAgreement ask, SignAgreementHandler handler, SignedIn who, Actor actor, CancellationToken ct) =>
            (await handler.HandleAsync(ask, who, actor, ct)).ToHttp(_ => TypedResults.NoContent())).ForSetUp("agreement.signed");
    }

    private static void MapPlaces(RouteGroupBuilder api)
    {
        api.MapGet("/locations", async (ClinicDirectory directory, Actor actor, CancellationToken ct) => TypedResults.Ok(await directory.LocationsAsync(actor, ct)))
            .Requires(Permission.SeeClinic).WithoutAgreement().Audits("locations.listed");
        api.MapPost("/locations", async (LocationFields ask, LocationBook book, Actor actor, CancellationToken ct) =>
            (await book.AddAsync(ask, actor, ct)).ToHttp(id => TypedResults.Created($"/api/v1/locations/{id}", new { id }))).ForSetUp("location.added");
        api.MapPut("/locations/{id:guid}", async (Guid id, LocationFields ask, LocationBook book, HttpContext context, Actor actor, CancellationToken ct) =>
            (await Versioned(context, version => book.ChangeAsync(new(id), version, ask, actor, ct))).ToHttp(_ => TypedResults.NoContent())).ForSetUp("location.changed");
        api.MapDelete("/locations/{id:guid}", async (Guid id, LocationBook book, HttpContext context, Actor actor, CancellationToken ct) =>
            (await Versioned(context, version => book.CloseAsync(new(id), version, actor, ct))).ToHttp(_ => TypedResults.NoContent())).ForSetUp("location.closed");
    }

    private static void MapThings(RouteGroupBuilder api, PlaceThing kind)
    {
        api.MapPost($"/locations/{{id:guid}}/{kind.Noun}s", async (Guid id, ThingFields ask, PlaceThings things, Actor actor, CancellationToken ct) =>
            (await things.AddAsync(kind, new(id), ask, actor, ct)).ToHttp(thing => TypedResults.Created($"/api/v1/{kind.Noun}s/{thing}", new { id = thing }))).ForSetUp($"{kind.Noun}.added");
        api.MapPut($"/{kind.Noun}s/{{id:guid}}", async (Guid id, ThingFields ask, PlaceThings things, HttpContext context, Actor actor, CancellationToken ct) =>
            (await Versioned(context, version => things.ChangeAsync(kind, (id, version), ask, actor, ct))).ToHttp(_ => TypedResults.NoContent())).ForSetUp($"{kind.Noun}.changed");
        api.MapDelete($"/{kind.Noun}s/{{id:guid}}", async (Guid id, PlaceThings things, HttpContext context, Actor actor, CancellationToken ct) =>
            (await Versioned(context, version => things.GiveUpAsync(kind, (id, version), actor, ct))).ToHttp(_ => TypedResults.NoContent())).ForSetUp(kind.GivenUp);
    }

    private static void MapVisitTypes(RouteGroupBuilder api)
    {
        api.MapGet("/visit-types", async (ClinicDirectory directory, Actor actor, CancellationToken ct) => TypedResults.Ok(await directory.VisitTypesAsync(actor, ct)))
            .Requires(Permission.SeeClinic).WithoutAgreement().Audits("visit_types.listed");
        api.MapPost("/visit-types", async (VisitTypeFields ask, VisitTypeBook book, Actor actor, CancellationToken ct) =>
            (await book.AddAsync(ask, actor, ct)).ToHttp(id => TypedResults.Created($"/api/v1/visit-types/{id}", new { id }))).ForSetUp("visit_type.added");
        api.MapPut("/visit-types/{id:guid}", async (Guid id, VisitTypeFields ask, VisitTypeBook book, HttpContext context, Actor actor, CancellationToken ct) =>
            (await Versioned(context, version => book.ChangeAsync(new(id), version, ask, actor, ct))).ToHttp(_ => TypedResults.NoContent())).ForSetUp("visit_type.changed");
        api.MapDelete("/visit-types/{id:guid}", async (Guid id, VisitTypeBook book, HttpContext context, Actor actor, CancellationToken ct) =>
            (await Versioned(context, version => book.RetireAsync(new(id), version, actor, ct))).ToHttp(_ => TypedResults.NoContent())).ForSetUp("visit_type.retired");
    }

    private static void MapOnboarding(RouteGroupBuilder api)
    {
        api.MapGet("/onboarding", async (OnboardingState onboarding, SignedIn who, Actor actor, CancellationToken ct) =>
            TypedResults.Ok(await onboarding.ShowAsync(actor, who.IsAgreementSigned, ct))).ForSetUp("onboarding.read")
            .WithSummary("How far the wizard is; its steps are done with the clinic, locations, staff/invites, hours and visit-types above");
        api.MapPut("/onboarding/{step}", async (string step, OnboardingState onboarding, Actor actor, CancellationToken ct) =>
            (await onboarding.FinishAsync(step, actor, ct)).ToHttp(_ => TypedResults.NoContent())).ForSetUp("onboarding.step-saved")
            .Produces(StatusCodes.Status204NoContent).WithSummary("Mark a step as done, once what the clinic cannot do without is there");
    }

    private static async Task<Outcome<Done>> Versioned(HttpContext context, Func<int, Task<Outcome<Done>>> act)
    {
        var version = Versions.IfMatch(context);
        return version.IsOk ? await act(version.Value) : version.Refusal;
    }
}
