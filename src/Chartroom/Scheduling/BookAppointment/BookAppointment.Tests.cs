using System.Text.Json.Nodes;

namespace Chartroom.Scheduling;

public sealed class BookAppointmentTests
{
    [Fact]
    public async Task Twenty_desks_ask_for_one_time_and_exactly_one_gets_it()
    {
        await using var desk = await SchedulingDesk.OpenAsync();

        var replies = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => desk.BookAsync(desk.Ask("2026-03-03", "10:00"))));

        Assert.Equal(1, replies.Count(reply => reply.Status == 201));
        Assert.Equal(19, replies.Count(reply => reply is { Status: 409, Code: "scheduling.slot-taken" }));
        Assert.Equal((1, 1, 1), await desk.CountsAsync());
    }

    [Theory]
    [InlineData("09:30", 201), InlineData("09:31", 409), InlineData("10:29", 409), InlineData("10:30", 201)]
    public async Task Half_an_hour_at_ten_occupies_exactly_ten_to_half_past(string at, int expected)
    {
        await using var desk = await SchedulingDesk.OpenAsync();
        await desk.BookedAsync("2026-03-03", "10:00");

        Assert.Equal(expected, (await desk.BookAsync(desk.Ask("2026-03-03", at))).Status);
    }

    [Fact]
    public async Task A_room_is_not_given_to_two_visits_at_one_time_whoever_sees_them()
    {
        await using var desk = await SchedulingDesk.OpenAsync();
        var (first, second) = (desk.Ask("2026-03-03", "10:00"), desk.Ask("2026-03-03", "10:15"));
        (first["roomId"], second["roomId"], second["providerId"]) = (desk.Room.ToString(), desk.Room.ToString(), desk.Colleague.ToString());

        Assert.Equal(201, (await desk.BookAsync(first)).Status);
        Assert.Equal("scheduling.room-taken", (await desk.BookAsync(second)).Code);
        Assert.Equal((1, 1, 1), await desk.CountsAsync());
    }

    [Theory]
    [InlineData("day", "2026-03-08", "at", "02:30", 422, "scheduling.no-such-time")]      // skipped: the clocks go from 02:00 to 03:00
    [InlineData("day", "2026-11-01", "at", "01:30", 422, "scheduling.doubled-time")]      // twice: the clocks go from 02:00 back to 01:00
    [InlineData("day", "0001-01-01", "at", "09:00", 422, "scheduling.no-such-day"), InlineData("day", "9999-12-31", "at", "23:00", 422, "scheduling.no-such-day")]
    [InlineData("day", "2026-03-02", "at", "08:59", 422, "scheduling.in-the-past")]       // one minute before this test's now
    [InlineData("day", "2032-03-02", "at", "09:00", 422, "scheduling.too-far-ahead")]
    [InlineData("day", "2026-03-03", "at", "07:45", 409, "scheduling.outside-hours")]     // begins before eight
    [InlineData("day", "2026-03-03", "at", "16:31", 409, "scheduling.outside-hours")]     // ends after five
    [InlineData("minutes", 4, "at", "10:00", 422, "scheduling.bad-length")]
    [InlineData("minutes", 481, "at", "10:00", 422, "scheduling.bad-length")]
    [InlineData("patientId", "019a0000-0000-7000-8000-000000000001", "at", "10:00", 422, "scheduling.unknown-patient")]
    [InlineData("providerId", "019a0000-0000-7000-8000-000000000001", "at", "10:00", 422, "scheduling.unknown-provider")]
    [InlineData("visitTypeId", "019a0000-0000-7000-8000-000000000001", "at", "10:00", 422, "scheduling.unknown-visit-type")]
    [InlineData("locationId", "019a0000-0000-7000-8000-000000000001", "at", "10:00", 422, "scheduling.unknown-location")]
    [InlineData("roomId", "019a0000-0000-7000-8000-000000000001", "at", "10:00", 422, "scheduling.unknown-room")]
    public async Task What_must_not_be_booked_is_refused_and_leaves_no_trace_but_its_event(string field, object value, string other, string otherValue, int status, string code)
    {
        await using var desk = await SchedulingDesk.OpenAsync();
        var ask = desk.Ask("2026-03-03", "10:00");
        (ask[field], ask[other]) = (JsonValue.Create(value), otherValue);

        var reply = await desk.BookAsync(ask);

        Assert.Equal((status, code), (reply.Status, reply.Code));
        Assert.Equal((0, 0, 0), await desk.CountsAsync());
        Assert.Equal("refused", await desk.Clinic.OneAsync<string>("select outcome from audit_event where action = 'appointment.booked'"));
    }

    [Theory]
    [InlineData("earlier", "2026-11-01T05:30:00Z"), InlineData("later", "2026-11-01T06:30:00Z")]
    public async Task The_time_shown_twice_is_booked_as_the_one_that_was_chosen(string which, string instant)
    {
        await using var desk = await SchedulingDesk.OpenAsync();
        var ask = desk.Ask("2026-11-01", "01:30");
        (ask["which"], ask["isConfirmed"]) = (which, true);

        var reply = await desk.BookAsync(ask);

        Assert.Equal(201, reply.Status);
        Assert.Equal(DateTimeOffset.Parse(instant, null), DateTimeOffset.Parse((string)reply.Body["startsAt"]!, null));
        Assert.Equal(("01:30:00", "America/New_York"), ((string)reply.Body["at"]!, (string)reply.Body["timeZone"]!));
    }

    [Theory]   // both nights, a zone without them, and one whose clocks move by half an hour
    [InlineData("America/New_York", "2026-03-08", "03:00", null, "2026-03-08T07:00:00Z")]
    [InlineData("America/New_York", "2026-11-01", "00:59", null, "2026-11-01T04:59:00Z")]
    [InlineData("America/New_York", "2026-11-01", "02:00", null, "2026-11-01T07:00:00Z")]
    [InlineData("America/Phoenix", "2026-03-08", "02:30", null, "2026-03-08T09:30:00Z")]
    [InlineData("America/Phoenix", "2026-11-01", "01:30", null, "2026-11-01T08:30:00Z")]
    [InlineData("Australia/Lord_Howe", "2026-04-05", "01:29", null, "2026-04-04T14:29:00Z")]
    [InlineData("Australia/Lord_Howe", "2026-04-05", "01:45", "earlier", "2026-04-04T14:45:00Z")]
    [InlineData("Australia/Lord_Howe", "2026-04-05", "01:45", "later", "2026-04-04T15:15:00Z")]
    [InlineData("Australia/Lord_Howe", "2026-10-04", "02:30", null, "2026-10-03T15:30:00Z")]
    [InlineData("Australia/Lord_Howe", "2026-10-04", "02:15", null, null)]   // skipped: from 02:00 to 02:30
    public void A_wall_clock_time_is_the_instant_that_the_zone_says(string zone, string day, string at, string? which, string? instant)
    {
        var slot = new Slot
        {
            VisitTypeId = default, ProviderId = default, LocationId = default, RoomId = null, DeviceId = null, Day = DateOnly.Parse(day, null), At = TimeOnly.Parse(at, null), Minutes = 30,
            Which = which is null ? null : Enum.Parse<Doubled>(which, ignoreCase: true), IsConfirmed = true,
        };

        var resolved = SlotRules.InstantOf(slot, zone);

        if (instant is null) Assert.Equal("scheduling.no-such-time", resolved.Refusal!.Code);
        else Assert.Equal(DateTimeOffset.Parse(instant, null), resolved.Value);
    }

    [Fact]
    public async Task The_reason_is_sealed_and_the_length_is_the_visit_types_when_none_is_given()
    {
        await using var desk = await SchedulingDesk.OpenAsync();
        var ask = desk.Ask("2026-03-03", "10:00", minutes: null);
        ask["reason"] = "canary cough";

        var reply = await desk.BookAsync(ask);

        Assert.Equal((201, 20), (reply.Status, (int)reply.Body["minutes"]!));
        Assert.False(await desk.Clinic.OneAsync<bool>("select position(convert_to('canary', 'UTF8') in reason) > 0 from appointment"));
    }

    [Fact]
    public async Task One_key_twice_is_one_visit_and_one_answer()
    {
        await using var desk = await SchedulingDesk.OpenAsync();
        using var client = desk.FrontDesk;
        client.DefaultRequestHeaders.Add("Idempotency-Key", "desk-1");
        async Task<string> BookAsync() => await (await client.PostAsync("/api/v1/appointments",
            new StringContent(desk.Ask("2026-03-03", "10:00").ToJsonString(), null, "application/json"))).Content.ReadAsStringAsync();

        Assert.Equal(await BookAsync(), await BookAsync());
        Assert.Equal((1, 1, 1), await desk.CountsAsync());
    }

    [Fact]
    public async Task Outside_the_hours_a_visit_is_booked_by_somebody_who_knows_it()
    {
        await using var desk = await SchedulingDesk.OpenAsync();
        var ask = desk.Ask("2026-03-03", "18:00");
        ask["isConfirmed"] = true;

        Assert.Equal(201, (await desk.BookAsync(ask)).Status);
    }
}
