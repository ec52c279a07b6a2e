using Chartroom.Platform.Identity;
using Chartroom.Shell;

namespace Chartroom.Clinics;

/// <summary>Locations and rooms, as a step of the wizard and as a page of the settings.</summary>
internal static class LocationPages
{
    internal static void Map(IEndpointRouteBuilder pages, bool isWizard)
    {
        var path = isWizard ? "/onboarding/locations" : "/settings/locations";
        var group = pages.MapGroup(path);
        Task<IResult> AgainAsync(ClinicDirectory directory, SignedIn who, Actor actor, Again again, CancellationToken ct) => ShowAsync(directory, who, actor, isWizard, again, ct);

        group.MapGet("", (ClinicDirectory directory, SignedIn who, Actor actor, CancellationToken ct) => AgainAsync(directory, who, actor, Again.Fresh, ct)).ForSetUp("locations.listed");
        group.MapPost("", async (Form<LocationFields> form, LocationBook book, ClinicDirectory directory, SignedIn who, Actor actor, CancellationToken ct) =>
        {
            var added = await form.ThenAsync(ask => book.AddAsync(ask, actor, ct));
            return added.IsOk ? Page.SeeOther(path) : await AgainAsync(directory, who, actor, new(form.Again(added.Refusal), null), ct);
        }).ForSetUp("location.added");
        group.MapPost("/{id:guid}/close", async (Guid id, Form<Nothing> form, LocationBook book, Actor actor, CancellationToken ct) =>
            SetUpRoutes.After(path, await book.CloseAsync(new(id), (int)(form.Version ?? 0), actor, ct))).ForSetUp("location.closed");
        group.MapPost("/{id:guid}/rooms", async (Guid id, Form<RoomFields> form, RoomBook rooms, ClinicDirectory directory, SignedIn who, Actor actor, CancellationToken ct) =>
        {
            var added = await form.ThenAsync(ask => rooms.AddAsync(new(id), ask, actor, ct));
            return added.IsOk ? Page.SeeOther(path) : await AgainAsync(directory, who, actor, new(form.Again(added.Refusal), new(id)), ct);
        }).ForSetUp("room.added");
        group.MapPost("/rooms/{id:guid}/close", async (Guid id, Form<Nothing> form, RoomBook rooms, Actor actor, CancellationToken ct) =>
            SetUpRoutes.After(path, await rooms.CloseAsync(new(id), (int)(form.Version ?? 0), actor, ct))).ForSetUp("room.closed");
        if (isWizard) group.MapPost("/done", DoneAsync).ForSetUp("onboarding.step-saved", "locations.listed");
    }

    /// <summary>What comes back, and of which form.</summary>
    private sealed record Again(FormState Form, LocationId? Of, FormState? Step = null)
    {
        internal static Again Fresh { get; } = new(FormState.Fresh, null);
    }

    private static async Task<IResult> DoneAsync(ClinicDirectory directory, OnboardingState onboarding, SignedIn who, Actor actor, CancellationToken ct)
    {
        if ((await directory.LocationsAsync(actor, ct)).Count == 0)
            return await ShowAsync(directory, who, actor, isWizard: true, Again.Fresh with { Step = FormState.Fresh with { Refusal = Refusals.NothingThere } }, ct);
        await onboarding.MarkAsync(["locations"], actor, ct);
        return Page.SeeOther("/");
    }

    private static async Task<IResult> ShowAsync(ClinicDirectory directory, SignedIn who, Actor actor, bool isWizard, Again again, CancellationToken ct) => Page.Of<LocationsPage>(
        new { Locations = await directory.LocationsAsync(actor, ct), Zone = who.TimeZone ?? "", IsWizard = isWizard, again.Form, FormOf = again.Of, StepForm = again.Step ?? FormState.Fresh },
        (again.Form.Refusal ?? again.Step?.Refusal) is { } refusal ? SetUpRoutes.StatusOf(refusal) : StatusCodes.Status200OK);
}
