using Chartroom.Clinics;
using Chartroom.Platform.Web;
using Chartroom.Shell;
using Chartroom.Staff;

namespace Chartroom.Scheduling;

/// <summary>Shifts, for people and programs.</summary>
internal static class ShiftRoutes
{
    private const string Path = "/settings/shifts";
    private const int Weeks = 4;

    internal static void Map(IEndpointRouteBuilder routes)
    {
        var pages = routes.MapGroup(Path).ExcludeFromDescription();
        pages.MapGet("", ListAsync).ForTimeOff("shifts.listed", "staff.listed", "locations.listed");
        pages.MapGet("/{id:guid}/change", (StaffId id, DateOnly? day, ShiftForms forms, Actor actor, CancellationToken ct) => forms.ShowAsync(id, day, FormState.Fresh, [], actor, ct))
            .ForTimeOff("shifts.listed", "locations.listed");
        pages.MapPost("/{id:guid}", SetAsync).ForTimeOff("shifts.set", "shifts.listed", "locations.listed", "appointments.listed");
        pages.MapPost("/{id:guid}/undo", async (StaffId id, Form<Nothing> form, DateOnly? from, ShiftBook book, Actor actor, CancellationToken ct) =>
        {
            var undone = await book.UndoAsync(id, SettingsRoutes.VersionOf(form), actor, ct);
            return undone.IsOk ? Page.SeeOther(After(id, from, "undone", SettingsRoutes.VersionOf(form) + 1)) : Page.Refused(undone.Refusal);
        }).ForTimeOff("shifts.undone");
        MapApi(routes.MapGroup("/api/v1/staff/{id:guid}/shifts").WithTags("Scheduling"));
    }

    private static void MapApi(RouteGroupBuilder api)
    {
        api.MapGet("", async (StaffId id, DateOnly? from, int? weeks, ShiftBook book, HttpContext context, Actor actor, CancellationToken ct) =>
            (await book.ReadAsync(id, from, weeks ?? Weeks, actor, ct)).ToHttp(read =>
            {
                Versions.SetETag(context, read.Version);
                return TypedResults.Ok(read);
            })).Requires(Permission.SeeAppointments).Audits("shifts.listed").Produces<WorkWeeks>().WithName("ListShifts").WithSummary("Whole weeks from Monday on: each day's hours, and whether they are its own or the weekly ones");
        api.MapPost("", (StaffId id, SetShifts ask, ShiftBook book, HttpContext context, Actor actor, CancellationToken ct) =>
            SettingsRoutes.VersionedAsync(context, version => book.SetAsync(id, version, ask, actor, ct))).ForTimeOff("shifts.set").Produces(204)
            .WithName("SetShifts").WithSummary("Gives days hours of their own, or the weekly ones again; refused while it names not all visits that would lie outside");
        api.MapPost("/undo", (StaffId id, ShiftBook book, HttpContext context, Actor actor, CancellationToken ct) =>
            SettingsRoutes.VersionedAsync(context, version => book.UndoAsync(id, version, actor, ct))).ForTimeOff("shifts.undone").Produces(204)
            .WithName("UndoShifts").WithSummary("Takes the last change back");
    }

    private static async Task<IResult> ListAsync([AsParameters] ShiftsAddress address, ShiftBook book, StaffDirectory staff, ClinicDirectory clinic, Actor actor, CancellationToken ct)
    {
        var providers = (await staff.ListAsync(actor, ct)).Where(member => member.IsProvider).ToList();
        var locations = await clinic.LocationsAsync(actor, ct);
        var chosen = address.Provider ?? (providers.Exists(it => it.Id == actor.Staff) ? actor.Staff : providers.FirstOrDefault()?.Id);
        if (chosen is not { } id) return Page.Of<ShiftsPage>(new { Providers = providers, Locations = locations });
        var read = await book.ReadAsync(id, address.From, Weeks, actor, ct);
        return read.IsOk
            ? Page.Of<ShiftsPage>(new { Providers = providers, Locations = locations, Shown = read.Value, address.Note, IsTheirs = ShiftBook.IsTheirs(actor, id) })
            : Page.Refused(read.Refusal);
    }

    private static async Task<IResult> SetAsync(StaffId id, Form<ShiftForm> form, ShiftForms forms, Actor actor, HttpContext context)
    {
        var ct = context.RequestAborted;
        var set = await form.ThenAsync(async ask =>
        {
            var read = ask.Read();
            return read.IsOk ? await forms.Book.SetAsync(id, SettingsRoutes.VersionOf(form), read.Value, actor, ct) : read.Refusal;
        });
        if (set.IsOk) return Page.SeeOther(After(id, form.Ask.Value.From, "set", SettingsRoutes.VersionOf(form) + 1));
        if (set.Refusal.Status is 403 or 412) return Page.Refused(set.Refusal);
        var visits = set.Refusal.Code == Refusals.VisitsInTheWay.Code ? await forms.Book.InTheWayAsync(id, form.Ask.Value.Read().Value, actor, ct) : [];
        return await forms.ShowAsync(id, form.Ask.IsOk ? form.Ask.Value.From : null, form.Again(set.Refusal), visits, actor, ct);
    }

    private static string After(StaffId id, DateOnly? from, string done, int version) =>
        $"{Path}?provider={id}{(from is { } day ? $"&from={Clock.Iso(day)}" : "")}&done={done}&v={version}";
}

/// <summary>The form of shifts. A line without times is as good as none.</summary>
internal sealed record ShiftForm(DateOnly From, DateOnly? Until, IReadOnlyList<int> Weekdays, IReadOnlyList<ShiftLine> Hours, string? GoBy, IReadOnlyList<AppointmentId> KnownVisits)
{
    /// <summary>What is asked, or the refusal that names each line which says nothing clear.</summary>
    public Outcome<SetShifts> Read()
    {
        if (GoBy == "week") return new SetShifts(From, Until, [], Weekdays, KnownVisits);
        var (rows, refusal) = (new List<ShiftHours>(), Refusals.Incomplete);
        foreach (var (at, line) in Hours.Index())
        {
            if (line is { Opens: { } opens, Closes: { } closes }) rows.Add(new(opens, closes, line.LocationId));
            else if (line.Opens is not null || line.Closes is not null) refusal = refusal.On(line.Opens is null ? $"hours[{at}].opens" : $"hours[{at}].closes", "Give both times, or neither.");
        }
        if (rows.Count == 0 && refusal.Errors.Count == 0) refusal = refusal.On("hours[0].opens", "Give the hours of the day. For a day without work add time off.");
        return refusal.Errors.Count > 0 ? refusal : new SetShifts(From, Until, rows, Weekdays, KnownVisits);
    }
}

/// <inheritdoc cref="ShiftForm"/>
internal sealed record ShiftLine(TimeOnly? Opens, TimeOnly? Closes, LocationId LocationId);

/// <summary>Which weeks are shown, and what was just done.</summary>
internal sealed record ShiftsAddress(StaffId? Provider, DateOnly? From, string? Done, int? V)
{
    internal ShiftNote? Note => (Done, Provider, V) switch
    {
        ("set", { } staff, { } version) => new("The hours are saved.", UndoTo(staff), version),
        ("undone", { } staff, { } version) => new("The hours are as before.", UndoTo(staff), version),
        _ => null,
    };

    private string UndoTo(StaffId staff) => $"/settings/shifts/{staff}/undo{(From is { } day ? $"?from={Clock.Iso(day)}" : "")}";
}

/// <summary>What was just done, and the way back.</summary>
public sealed record ShiftNote(string Text, string UndoTo, int Version);

/// <summary>Loads and shows the form; bound from the services of the request.</summary>
internal sealed record ShiftForms(ShiftBook Book, ClinicDirectory Clinic)
{
    public static ValueTask<ShiftForms?> BindAsync(HttpContext context) => ValueTask.FromResult<ShiftForms?>(
        new(context.RequestServices.GetRequiredService<ShiftBook>(), context.RequestServices.GetRequiredService<ClinicDirectory>()));

    public async Task<IResult> ShowAsync(StaffId id, DateOnly? day, FormState form, IReadOnlyList<VisitInTheWay> visits, Actor actor, CancellationToken ct)
    {
        var read = await Book.ReadAsync(id, day, 1, actor, ct);
        if (!read.IsOk) return Page.Refused(read.Refusal);
        var shown = read.Value.Days.FirstOrDefault(it => it.Day == day) ?? read.Value.Days[0];
        return Page.Of<EditShiftsPage>(new { Shown = read.Value, Day = shown, Locations = await Clinic.LocationsAsync(actor, ct), Visits = visits, Form = form }, SettingsRoutes.StatusOf(form));
    }
}
