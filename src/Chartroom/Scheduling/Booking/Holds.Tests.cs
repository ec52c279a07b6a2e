using Chartroom.Platform.Tenancy;

namespace Chartroom.Scheduling;

public sealed class HoldsTests
{
    [Fact]
    public async Task A_held_time_is_nobody_elses_until_it_lapses_and_then_the_next_has_it_at_once()
    {
        await using var desk = await SchedulingDesk.OpenAsync();
        var held = (await HoldAsync(desk, "10:00")).Value;

        Assert.Equal(("scheduling.slot-taken", "held"), await desk.BookAsync(desk.Ask("2026-03-03", "10:15")) is var taken ? (taken.Code, (string)taken.Body["reason"]!) : default);
        Assert.Equal(409, (await HoldAsync(desk, "10:00")).Refusal!.Status);
        desk.Clinic.Clock.Advance(TimeSpan.FromMinutes(5));   // the last moment is out
        Assert.Equal(201, (await desk.BookAsync(desk.Ask("2026-03-03", "10:15"))).Status);

        Assert.Equal(("cancelled", "hold_ended", "system"), await desk.Clinic.OneAsync<(string, string, string)>(
            "select status, cancel_reason, cancelled_by from appointment where id = @Id", new { held.Id }));
        Assert.Equal("held cancelled", await desk.Clinic.OneAsync<string>("select string_agg(act, ' ' order by version) from appointment_move where appointment_id = @Id", new { held.Id }));
        Assert.Equal("scheduling.hold-ended", (await InAsync(desk, tx => Holds.BookHeldAsync(tx, held.Id, desk.Patient, null, false, default))).Refusal!.Code);
    }

    [Fact]
    public async Task A_lapsed_hold_books_nothing_also_while_nobody_has_taken_its_time()
    {
        await using var desk = await SchedulingDesk.OpenAsync();
        var held = (await HoldAsync(desk, "10:00")).Value;
        desk.Clinic.Clock.Advance(TimeSpan.FromMinutes(5));

        Assert.Equal("scheduling.hold-ended", (await InAsync(desk, tx => Holds.BookHeldAsync(tx, held.Id, desk.Patient, null, false, default))).Refusal!.Code);
        Assert.Null(await desk.Clinic.OneAsync<Guid?>("select patient_id from appointment where id = @Id", new { held.Id }));
    }

    [Fact]
    public async Task A_hold_has_no_page_and_no_patient_and_the_day_shows_it_without_a_name()
    {
        await using var desk = await SchedulingDesk.OpenAsync();
        var held = (await HoldAsync(desk, "10:00")).Value;

        using var client = desk.FrontDesk;
        Assert.Equal(404, (int)(await client.GetAsync($"/api/v1/appointments/{held.Id}")).StatusCode);
        var visit = (await desk.GetAsync("/api/v1/days/2026-03-03"))["visits"]!.AsArray().Single()!;
        Assert.Equal((null, "Held online", "held"), ((string?)visit["patientId"], (string)visit["patientName"]!, (string)visit["status"]!));
        desk.Clinic.Clock.Advance(TimeSpan.FromMinutes(5));
        Assert.Empty((await desk.GetAsync("/api/v1/days/2026-03-03"))["visits"]!.AsArray());
        await desk.Clinic.The<Housekeeping>().TidyClinicAsync(desk.Clinic.Id, default);
        Assert.Equal("cancelled", await desk.Clinic.OneAsync<string>("select status from appointment"));
    }

    [Fact]
    public async Task A_hold_becomes_the_patients_visit_in_place_or_a_request_that_the_desk_accepts()
    {
        await using var desk = await SchedulingDesk.OpenAsync();
        await OfferAsync(desk);
        var first = (await HoldAsync(desk, "10:00", PatientKind.New)).Value;
        var booked = (await InAsync(desk, tx => Holds.BookHeldAsync(tx, first.Id, desk.Patient, "Sore knee", false, default))).Value;
        await desk.Clinic.RowsAsync<int>("update online_offer set mode = 'request'");
        var second = (await HoldAsync(desk, "11:00", PatientKind.New)).Value;
        var requested = (await InAsync(desk, tx => Holds.BookHeldAsync(tx, second.Id, desk.Patient, null, false, default))).Value;

        Assert.Equal((first.Id, VisitStatus.Booked, VisitStatus.Requested), (booked.Id, booked.Status, requested.Status));
        var visit = await desk.GetAsync($"/api/v1/appointments/{second.Id}");
        var accepted = (await desk.ChangeAsync(visit, "status", new { status = "booked" })).Body;
        var undone = (await desk.ChangeAsync(accepted, "undo", new { })).Body;
        Assert.Equal(("booked", "requested"), ((string)accepted["status"]!, (string)undone["status"]!));
        Assert.Equal("held:system requested:patient accepted:front_desk undone:front_desk", await desk.Clinic.OneAsync<string>(
            "select string_agg(act || ':' || role, ' ' order by version) from appointment_move where appointment_id = @Id", new { second.Id }));
        var unbooked = (await desk.ChangeAsync(undone, "undo", new { })).Body;
        Assert.Equal(("cancelled", "booked_in_error"), ((string)unbooked["status"]!, (string)unbooked["cancelReason"]!));
    }

    [Fact]
    public async Task What_is_not_offered_online_is_not_held_and_so_many_visits_ahead_are_enough()
    {
        await using var desk = await SchedulingDesk.OpenAsync();
        Assert.Equal("scheduling.not-offered", (await HoldAsync(desk, "10:00", PatientKind.New)).Refusal!.Code);
        await OfferAsync(desk);
        await desk.Clinic.RowsAsync<int>("update scheduling_rules set most_upcoming = 1");
        Assert.Equal("scheduling.not-offered", (await HoldAsync(desk, "10:00", PatientKind.Existing)).Refusal!.Code);
        var (first, second) = ((await HoldAsync(desk, "10:00", PatientKind.New)).Value, (await HoldAsync(desk, "11:00", PatientKind.New)).Value);

        Assert.True((await InAsync(desk, tx => Holds.BookHeldAsync(tx, first.Id, desk.Patient, null, false, default))).IsOk);
        Assert.Equal("scheduling.too-many-upcoming", (await InAsync(desk, tx => Holds.BookHeldAsync(tx, second.Id, desk.Patient, null, false, default))).Refusal!.Code);
    }

    [Fact]
    public async Task A_patient_confirms_moves_and_cancels_their_own_visit_within_the_rules()
    {
        await using var desk = await SchedulingDesk.OpenAsync();
        await OfferAsync(desk);
        var id = AppointmentId.From(Guid.Parse((string)(await desk.BookedAsync("2026-03-04", "10:00"))["id"]!));
        PatientMove At(string day, string at) => new(desk.Provider, desk.Location, DateOnly.Parse(day, null), TimeOnly.Parse(at, null));

        Assert.Equal("scheduling.unknown-visit", (await InAsync(desk, tx => PatientVisitActs.ConfirmAsync(tx, id, PatientId.New(), default))).Refusal!.Code);
        Assert.Equal(VisitStatus.Confirmed, (await InAsync(desk, tx => PatientVisitActs.ConfirmAsync(tx, id, desk.Patient, default))).Value.Status);
        Assert.Equal("scheduling.not-offered", (await InAsync(desk, tx => PatientVisitActs.MoveAsync(tx, id, desk.Patient, At("2026-03-04", "18:00"), default))).Refusal!.Code);
        Assert.Equal(VisitStatus.Booked, (await InAsync(desk, tx => PatientVisitActs.MoveAsync(tx, id, desk.Patient, At("2026-03-03", "10:00"), default))).Value.Status);
        desk.Clinic.Clock.Advance(TimeSpan.FromHours(2));   // 23 hours ahead now
        Assert.Equal("scheduling.too-late-to-change", (await InAsync(desk, tx => PatientVisitActs.MoveAsync(tx, id, desk.Patient, At("2026-03-04", "10:00"), default))).Refusal!.Code);
        Assert.True((await InAsync(desk, tx => PatientVisitActs.CancelAsync(tx, id, desk.Patient, default))).IsOk);
        Assert.Equal(("patient", true), await desk.Clinic.OneAsync<(string, bool)>("select cancelled_by, is_late_cancel from appointment"));
    }

    internal static Task<Outcome<HeldSlot>> HoldAsync(SchedulingDesk desk, string at, PatientKind? online = null) => InAsync(desk, tx => Holds.HoldAsync(tx, new()
    {
        VisitTypeId = desk.VisitType, ProviderId = desk.Provider, LocationId = desk.Location, Day = new(2026, 3, 3), At = TimeOnly.Parse(at, null), OnlineFor = online, Minutes = 30,
    }, default));

    internal static async Task<Outcome<T>> InAsync<T>(SchedulingDesk desk, Func<ClinicTx, Task<Outcome<T>>> act)
    {
        await using var tx = await desk.Clinic.The<TenantDb>().BeginAsync(Actor.OfSystem(desk.Clinic.Id, "online"), Permission.BookAppointments, default);
        var outcome = await act(tx);
        if (outcome.IsOk) await tx.CommitAsync(default);
        return outcome;
    }

    private static async Task OfferAsync(SchedulingDesk desk)
    {
        await desk.Clinic.RowsAsync<int>("update scheduling_rules set is_online = true");
        await desk.Clinic.RowsAsync<int>("insert into online_offer (visit_type_id, provider_id, patient_kind, mode) values (@VisitType, @Provider, 'new', 'book')", new { desk.VisitType, desk.Provider });
    }
}
