using Chartroom.Shell;

namespace Chartroom.Clinics;

/// <summary>Changes and closes one location, room or device; in the wizard and in the settings.</summary>
internal static class EditPlacePages
{
    internal static void Map(IEndpointRouteBuilder pages, bool isWizard)
    {
        var path = LocationPages.PathOf(isWizard);
        MapLocation(pages.MapGroup(path), path, isWizard);
        MapRoom(pages.MapGroup(path + "/rooms"), path, isWizard);
        MapDevice(pages.MapGroup(path + "/devices"), path, isWizard);
    }

    private static void MapLocation(RouteGroupBuilder group, string path, bool isWizard)
    {
        group.MapGet("/{id:guid}", (LocationId id, ClinicDirectory directory, Actor actor, CancellationToken ct) => ShowAsync(id, directory, actor, isWizard, FormState.Fresh, ct))
            .ForSetUp("locations.listed");
        group.MapPost("/{id:guid}", async (LocationId id, Form<LocationFields> form, LocationBook book, ClinicDirectory directory, Actor actor, CancellationToken ct) =>
        {
            var changed = await form.ThenAsync(ask => book.ChangeAsync(id, (int)(form.Version ?? 0), ask, actor, ct));
            return changed.IsOk ? Page.SeeOther(path) : await ShowAsync(id, directory, actor, isWizard, form.Again(changed.Refusal), ct);
        }).ForSetUp("location.changed", "locations.listed");
        group.MapPost("/{id:guid}/close", async (LocationId id, Form<Nothing> form, LocationBook book, Actor actor, CancellationToken ct) =>
            SetUpRoutes.After(path, await book.CloseAsync(id, (int)(form.Version ?? 0), actor, ct))).ForSetUp("location.closed");
    }

    private static void MapRoom(RouteGroupBuilder group, string path, bool isWizard)
    {
        group.MapGet("/{id:guid}", (RoomId id, ClinicDirectory directory, Actor actor, CancellationToken ct) => ShowAsync(id, directory, actor, isWizard, FormState.Fresh, ct))
            .ForSetUp("locations.listed");
        group.MapPost("/{id:guid}", async (RoomId id, Form<ThingFields> form, PlaceThings things, ClinicDirectory directory, Actor actor, CancellationToken ct) =>
        {
            var changed = await form.ThenAsync(ask => things.ChangeAsync(PlaceThing.Room, (id.Value, (int)(form.Version ?? 0)), ask, actor, ct));
            return changed.IsOk ? Page.SeeOther(path) : await ShowAsync(id, directory, actor, isWizard, form.Again(changed.Refusal), ct);
        }).ForSetUp("room.changed", "locations.listed");
        group.MapPost("/{id:guid}/close", async (RoomId id, Form<Nothing> form, PlaceThings things, Actor actor, CancellationToken ct) =>
            SetUpRoutes.After(path, await things.GiveUpAsync(PlaceThing.Room, (id.Value, (int)(form.Version ?? 0)), actor, ct))).ForSetUp("room.closed");
    }

    private static void MapDevice(RouteGroupBuilder group, string path, bool isWizard)
    {
        group.MapGet("/{id:guid}", (DeviceId id, ClinicDirectory directory, Actor actor, CancellationToken ct) => ShowAsync(id, directory, actor, isWizard, FormState.Fresh, ct))
            .ForSetUp("locations.listed");
        group.MapPost("/{id:guid}", async (DeviceId id, Form<ThingFields> form, PlaceThings things, ClinicDirectory directory, Actor actor, CancellationToken ct) =>
        {
            var changed = await form.ThenAsync(ask => things.ChangeAsync(PlaceThing.Device, (id.Value, (int)(form.Version ?? 0)), ask, actor, ct));
            return changed.IsOk ? Page.SeeOther(path) : await ShowAsync(id, directory, actor, isWizard, form.Again(changed.Refusal), ct);
        }).ForSetUp("device.changed", "locations.listed");
        group.MapPost("/{id:guid}/retire", async (DeviceId id, Form<Nothing> form, PlaceThings things, Actor actor, CancellationToken ct) =>
            SetUpRoutes.After(path, await things.GiveUpAsync(PlaceThing.Device, (id.Value, (int)(form.Version ?? 0)), actor, ct))).ForSetUp("device.retired");
    }

    private static async Task<IResult> ShowAsync(LocationId id, ClinicDirectory directory, Actor actor, bool isWizard, FormState form, CancellationToken ct)
    {
        if ((await directory.LocationsAsync(actor, ct)).FirstOrDefault(it => it.Id == id) is not { } location) return Page.Refused(Refusals.NoSuchLocation);
        return Page.Of<EditLocationPage>(new { Location = location, IsWizard = isWizard, Form = form.Against(EditLocationPage.Seen(location), location.Version) },
            form.Refusal is { } refusal ? SetUpRoutes.StatusOf(refusal) : StatusCodes.Status200OK);
    }

    private static async Task<IResult> ShowAsync(RoomId id, ClinicDirectory directory, Actor actor, bool isWizard, FormState form, CancellationToken ct)
    {
        var found = (await directory.LocationsAsync(actor, ct)).SelectMany(location => location.Rooms, (location, room) => (location, room)).FirstOrDefault(it => it.room.Id == id);
        if (found.room is not { } stored) return Page.Refused(Refusals.NoSuchRoom);
        return Page.Of<EditRoomPage>(new { Room = stored, Place = found.location.Name, IsWizard = isWizard, Form = form.Against(EditRoomPage.Seen(stored), stored.Version) },
            form.Refusal is { } refusal ? SetUpRoutes.StatusOf(refusal) : StatusCodes.Status200OK);
    }

    private static async Task<IResult> ShowAsync(DeviceId id, ClinicDirectory directory, Actor actor, bool isWizard, FormState form, CancellationToken ct)
    {
        var found = (await directory.LocationsAsync(actor, ct)).SelectMany(location => location.Devices, (location, device) => (location, device)).FirstOrDefault(it => it.device.Id == id);
        if (found.device is not { } stored) return Page.Refused(Refusals.NoSuchDevice);
        return Page.Of<EditDevicePage>(new { Device = stored, Place = found.location.Name, IsWizard = isWizard, Form = form.Against(EditDevicePage.Seen(stored), stored.Version) },
            form.Refusal is { } refusal ? SetUpRoutes.StatusOf(refusal) : StatusCodes.Status200OK);
    }
}
