using Chartroom.Clinics;
using Chartroom.Shell;

namespace Chartroom.Staff;

/// <summary>Weekly hours, as a step of the wizard and as a page of the settings.</summary>
internal static class HoursPages
{
    internal static void Map(IEndpointRouteBuilder pages, bool isWizard)
    {
        var path = isWizard ? "/onboarding/hours" : "/settings/hours";
        var group = pages.MapGroup(path);
        group.MapGet("", (View view, Actor actor, CancellationToken ct) => view.ShowAsync(actor, isWizard, FormState.Fresh, null, ct)).ForStaff("hours.listed", "staff.listed", "locations.listed");
        group.MapPost("/{id:guid}", async (Guid id, Form<HoursForm> form, HoursBook book, View view, Actor actor, CancellationToken ct) =>
        {
            var set = await form.ThenAsync(ask => book.SetAsync(new(id), ask.Kept(), actor, ct));
            return set.IsOk ? Page.SeeOther(path) : await view.ShowAsync(actor, isWizard, form.Again(set.Refusal), new StaffId(id), ct);
        }).ForStaff("hours.set");
        if (!isWizard) return;
        group.MapPost("/done", async (OnboardingState onboarding, Actor actor, CancellationToken ct) =>
        {
            await onboarding.MarkAsync(["hours"], actor, ct);
            return Page.SeeOther("/");
        }).ForStaff("onboarding.step-saved");
    }

    /// <summary>A line of the page; one without times is a free day.</summary>
    private sealed record Line(int Weekday, TimeOnly? Opens, TimeOnly? Closes, LocationId LocationId);

    private sealed record HoursForm(IReadOnlyList<Line> Hours)
    {
        /// <summary>Half a line counts as one that ends before it begins, so that it comes back instead of getting lost.</summary>
        internal WeeklyHours Kept() => new([.. Hours.Where(line => line.Opens is not null || line.Closes is not null)
            .Select(line => new HoursRow(line.Weekday, line.Opens ?? TimeOnly.MaxValue, line.Closes ?? TimeOnly.MinValue, line.LocationId))]);
    }

    /// <summary>Loads and shows the page; bound from the services of the request.</summary>
    private sealed class View(StaffDirectory staff, ClinicDirectory clinic, HoursBook hours)
    {
        public static ValueTask<View?> BindAsync(HttpContext context) => ValueTask.FromResult<View?>(new(
            context.RequestServices.GetRequiredService<StaffDirectory>(), context.RequestServices.GetRequiredService<ClinicDirectory>(),
            context.RequestServices.GetRequiredService<HoursBook>()));

        internal async Task<IResult> ShowAsync(Actor actor, bool isWizard, FormState form, StaffId? of, CancellationToken ct) => Page.Of<HoursPage>(new
        {
            Providers = (await staff.ListAsync(actor, ct)).Where(member => member.IsProvider).ToList(),
            Locations = await clinic.LocationsAsync(actor, ct),
            Hours = await hours.ListAsync(actor, ct),
            IsWizard = isWizard,
            Form = form,
            FormOf = of,
        }, form.Refusal is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity);
    }
}
