using Chartroom.Clinics;
using Chartroom.Platform.Web;
using Chartroom.Shell;

namespace Chartroom.Staff;

/// <summary>Sets the hours of one provider. Adding and removing a line are buttons of the form: they work without script, and nothing is saved by them.</summary>
internal static class EditHoursPages
{
    internal static void Map(IEndpointRouteBuilder pages, bool isWizard)
    {
        var group = pages.MapGroup(HoursPages.PathOf(isWizard));
        group.MapGet("/{id:guid}", (StaffId id, View view, Actor actor, CancellationToken ct) => view.ShowAsync(id, null, isWizard, actor, ct))
            .ForStaff("hours.listed", "staff.listed", "locations.listed");
        group.MapPost("/{id:guid}", async (StaffId id, Form<Asked> form, HoursBook book, View view, Actor actor, CancellationToken ct) =>
        {
            if (!form.Ask.IsOk) return Page.Refused(form.Ask.Refusal);   // no browser sends a line without its day
            var ask = form.Ask.Value;
            if (ask.Alter is { } button) return await view.ShowAsync(id, new(ask.Hours, (int)(form.Version ?? 0)) { Button = button }, isWizard, actor, ct);
            var read = HoursLines.Read(ask.Hours);
            var set = read.IsOk ? await book.SetAsync(id, (int)(form.Version ?? 0), read.Value, actor, ct) : read.Refusal;
            if (set.IsOk) return Page.SeeOther(HoursPages.PathOf(isWizard));
            var refusal = read.IsOk ? HoursLines.OnLines(set.Refusal, ask.Hours) : set.Refusal;
            return await view.ShowAsync(id, new(ask.Hours, (int)(form.Version ?? 0)) { State = form.Again(refusal) }, isWizard, actor, ct);
        }).ForStaff("hours.set", "hours.listed", "staff.listed", "locations.listed");
    }

    private sealed record Asked(IReadOnlyList<HoursLine> Hours, string? Alter);

    /// <summary>A form that is shown again: because a line was added or removed, or because it was refused.</summary>
    private sealed record Again(IReadOnlyList<HoursLine> Lines, int Version)
    {
        internal string Button { get; init; } = "";

        internal FormState State { get; init; } = FormState.Fresh;
    }

    /// <summary>Loads and shows the page; bound from the services of the request.</summary>
    private sealed class View(StaffDirectory staff, ClinicDirectory clinic, HoursBook hours)
    {
        public static ValueTask<View?> BindAsync(HttpContext context) => ValueTask.FromResult<View?>(new(
            context.RequestServices.GetRequiredService<StaffDirectory>(), context.RequestServices.GetRequiredService<ClinicDirectory>(),
            context.RequestServices.GetRequiredService<HoursBook>()));

        internal async Task<IResult> ShowAsync(StaffId id, Again? again, bool isWizard, Actor actor, CancellationToken ct)
        {
            if ((await staff.ListAsync(actor, ct)).FirstOrDefault(it => it.Id == id) is not { } provider) return Page.Refused(Refusals.NoSuchStaff);
            if (!provider.IsProvider) return Page.Refused(Refusals.NotAProvider);
            var locations = await clinic.LocationsAsync(actor, ct);
            if (locations.Count == 0) return Page.SeeOther(HoursPages.PathOf(isWizard));   // the list says that a location comes first
            var stored = await hours.ReadAsync(id, actor, ct);
            if (!stored.IsOk) return Page.Refused(stored.Refusal);
            var usual = locations[0].Id.ToString();
            var (lines, focus) = again is null
                ? (HoursLines.Of(stored.Value.Hours, usual), "")
                : HoursLines.After(again.Button, again.Lines, usual) ?? (again.Lines, "");
            var isStale = again?.State.Refusal?.Code == Versions.Stale.Code;
            return Page.Of<EditHoursPage>(new
            {
                Provider = provider,
                Locations = locations,
                Lines = lines,
                Version = again is null || isStale ? stored.Value.Version : again.Version,
                Now = isStale ? stored.Value.Hours : null,
                Focus = focus,
                IsWizard = isWizard,
                Form = again?.State ?? FormState.Fresh,
            }, again?.State.Refusal is { } refusal ? (isStale ? refusal.Status : StatusCodes.Status422UnprocessableEntity) : StatusCodes.Status200OK);
        }
    }
}
