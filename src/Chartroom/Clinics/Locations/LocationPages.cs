using Chartroom.Platform.Identity;
using Chartroom.Shell;

namespace Chartroom.Clinics;

/// <summary>The list of locations and rooms, as a step of the wizard and as a page of the settings. It is one form: whatever button is pressed, everything that
/// stands in it is saved.</summary>
internal static class LocationPages
{
    internal static void Map(IEndpointRouteBuilder pages, bool isWizard)
    {
        var path = PathOf(isWizard);
        pages.MapGet(path, (ClinicDirectory directory, SignedIn who, Actor actor, CancellationToken ct) => ShowAsync(directory, who, actor, isWizard, FormState.Fresh, ct))
            .ForSetUp("locations.listed");
        pages.MapPost(path, async (Form<Asked> form, Places places, SignedIn who, Actor actor, CancellationToken ct) =>
        {
            var state = form.Ask.IsOk ? await places.SaveAsync(form, actor, ct) : form.Again(form.Ask.Refusal);
            if (state.Refusal is null && form.Ask.Value.IsGoingOn) state = state with { Refusal = (await places.Onboarding.FinishAsync("locations", actor, ct)).Refusal };
            if (state.Refusal is null) return Page.SeeOther(form.Ask.Value.IsGoingOn ? "/" : path);
            return await ShowAsync(places.Directory, who, actor, isWizard, state, ct);
        }).ForSetUp("location.added", "room.added", "device.added", "onboarding.step-saved", "locations.listed");
    }

    internal static string PathOf(bool isWizard) => isWizard ? "/onboarding/locations" : "/settings/locations";

    private static async Task<IResult> ShowAsync(ClinicDirectory directory, SignedIn who, Actor actor, bool isWizard, FormState form, CancellationToken ct) => Page.Of<LocationsPage>(
        new { Locations = await directory.LocationsAsync(actor, ct), Zone = who.TimeZone ?? "", IsWizard = isWizard, Form = form },
        form.Refusal is { } refusal ? SetUpRoutes.StatusOf(refusal) : StatusCodes.Status200OK);

    /// <summary>A new location, and a new room and device for each location there is; what was left empty is not asked.</summary>
    private sealed record Asked(
        string Name, string TimeZone, string? AddressLine, string? City, string? State, string? PostalCode, string? Phone, IReadOnlyList<NewPart> Rooms,
        IReadOnlyList<NewPart> Devices, string? Then)
    {
        internal bool IsGoingOn => Then == OnboardingStep.GoOn;

        internal LocationFields Location => new(Name, TimeZone, AddressLine, City, State, PostalCode, Phone);

        /// <summary>A button that adds, pressed over an empty form, gets told what is missing.</summary>
        internal bool HasLocation => (Name + AddressLine + City + State + PostalCode + Phone).Length > 0 || (!IsGoingOn && Rooms.Concat(Devices).All(part => part.Name.Length == 0));
    }

    private sealed record NewPart(LocationId LocationId, string Name);

    /// <summary>Saves what a person typed; bound from the services of the request.</summary>
    private sealed class Places(IServiceProvider services)
    {
        public static ValueTask<Places?> BindAsync(HttpContext context) => ValueTask.FromResult<Places?>(new(context.RequestServices));

        internal ClinicDirectory Directory => services.GetRequiredService<ClinicDirectory>();

        internal OnboardingState Onboarding => services.GetRequiredService<OnboardingState>();

        /// <summary>What comes back holds only what was not saved.</summary>
        internal async Task<FormState> SaveAsync(Form<Asked> form, Actor actor, CancellationToken ct)
        {
            var (ask, saved, refused) = (form.Ask.Value, new List<string>(), new List<(string Prefix, Refusal Why)>());
            foreach (var (at, room) in ask.Rooms.Index().Where(it => it.Item.Name.Length > 0))
            {
                var added = await services.GetRequiredService<PlaceThings>().AddAsync(PlaceThing.Room, room.LocationId, new(room.Name), actor, ct);
                if (added.IsOk) saved.Add($"rooms[{at}].name");
                else refused.Add(($"rooms[{at}].", added.Refusal));
            }
            foreach (var (at, device) in ask.Devices.Index().Where(it => it.Item.Name.Length > 0))
            {
                var added = await services.GetRequiredService<PlaceThings>().AddAsync(PlaceThing.Device, device.LocationId, new(device.Name), actor, ct);
                if (added.IsOk) saved.Add($"devices[{at}].name");
                else refused.Add(($"devices[{at}].", added.Refusal));
            }
            if (ask.HasLocation)
            {
                var added = await services.GetRequiredService<LocationBook>().AddAsync(ask.Location, actor, ct);
                if (added.IsOk) saved.AddRange(["name", "addressLine", "city", "state", "postalCode", "phone"]);
                else refused.Add(("", added.Refusal));
            }
            if (refused.Count == 0) return FormState.Fresh;
            var errors = refused.SelectMany(it => it.Why.Errors.Select(error => KeyValuePair.Create(it.Prefix + error.Key, error.Value))).ToDictionary();
            var state = form.Again(refused[0].Why with { Errors = errors });
            return state with { Typed = state.Typed.Where(field => !saved.Contains(field.Key)).ToDictionary() };
        }
    }
}
