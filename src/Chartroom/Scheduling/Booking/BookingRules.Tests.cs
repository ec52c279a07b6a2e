using System.Text.Json;
using System.Text.Json.Nodes;

namespace Chartroom.Scheduling;

public sealed class BookingRulesTests
{
    [Theory]   // each rule is a warning that the desk may confirm, and nothing else
    [InlineData("insert into closure (id, name, local_from, local_until) values (gen_random_uuid(), 'Holiday', '2026-03-03', '2026-03-04')", "scheduling.location-closed")]
    [InlineData("insert into time_off (id, staff_id, kind, starts_at, ends_at, local_start, time_zone) values (gen_random_uuid(), @Provider, 'sick', '2026-03-03T15:29Z', '2026-03-03T16:00Z', '2026-03-03 10:29', 'America/New_York')", "scheduling.provider-away")]
    [InlineData("insert into time_off (id, staff_id, kind, starts_at, ends_at, local_start, time_zone) values (gen_random_uuid(), @Provider, 'sick', '2026-03-03T15:30Z', '2026-03-03T16:00Z', '2026-03-03 10:30', 'America/New_York')", null)]
    [InlineData("insert into shift (id, staff_id, location_id, day, opens, closes) values (gen_random_uuid(), @Provider, @Location, '2026-03-03', '10:15', '17:00')", "scheduling.outside-hours")]
    [InlineData("insert into shift (id, staff_id, location_id, day, opens, closes) values (gen_random_uuid(), @Provider, @Location, '2026-03-03', '10:00', '10:30')", null)]
    [InlineData("update visit_type set align_minutes = 60", null)]
    [InlineData("update visit_type set daily_cap = 1", null)]
    [InlineData("with outside as (insert into outside_calendar (id, staff_id, address, address_key_version) values (gen_random_uuid(), @Provider, '', 1) returning id, staff_id) insert into outside_busy (calendar_id, staff_id, starts_at, ends_at) select id, staff_id, '2026-03-03T15:15Z', '2026-03-03T15:20Z' from outside", "scheduling.outside-busy")]
    public async Task What_speaks_against_a_time_is_confirmed_or_refused(string sql, string? code)
    {
        await using var desk = await SchedulingDesk.OpenAsync();
        await desk.Clinic.RunAsync([$"set search_path = {desk.Clinic.Schema}", sql], new { desk.Provider, desk.Location });
        var ask = desk.Ask("2026-03-03", "10:00");

        if (code is not null)
        {
            Assert.Equal((409, code), await desk.BookAsync(ask) is var refused ? (refused.Status, refused.Code) : default);
            Assert.Equal((0, 0, 0), await desk.CountsAsync());
            ask["isConfirmed"] = true;
        }

        Assert.Equal(201, (await desk.BookAsync(ask)).Status);
    }

    [Fact]
    public async Task A_minute_that_is_none_of_the_types_and_one_more_than_a_day_may_have_ask_first()
    {
        await using var desk = await SchedulingDesk.OpenAsync();
        await desk.Clinic.RowsAsync<int>("update visit_type set align_minutes = 30, daily_cap = 1");

        Assert.Equal("scheduling.not-aligned", (await desk.BookAsync(desk.Ask("2026-03-03", "10:10"))).Code);
        Assert.Equal(201, (await desk.BookAsync(desk.Ask("2026-03-03", "10:30"))).Status);
        var second = await desk.BookAsync(desk.Ask("2026-03-03", "12:00"));
        Assert.Equal(("scheduling.daily-cap", "[\"daily_cap\"]"), (second.Code, second.Body["warnings"]!.ToJsonString()));
        Assert.Equal(201, (await desk.BookAsync(desk.Ask("2026-03-04", "12:00"))).Status);
    }

    [Theory]   // ten minutes are kept free after a visit, five before
    [InlineData("10:40", 409), InlineData("10:45", 201), InlineData("09:20", 409), InlineData("09:15", 201)]
    public async Task What_a_visit_type_keeps_free_around_it_is_nobody_elses(string at, int status)
    {
        await using var desk = await SchedulingDesk.OpenAsync();
        await desk.Clinic.RowsAsync<int>("update visit_type set buffer_before = 5, buffer_after = 10");
        await desk.BookedAsync("2026-03-03", "10:00");

        Assert.Equal(status, (await desk.BookAsync(desk.Ask("2026-03-03", at))).Status);
        Assert.Equal("(5,10)", await desk.Clinic.OneAsync<string>("select distinct (buffer_before, buffer_after)::text from appointment"));
    }

    [Theory]
    [InlineData("room"), InlineData("device")]
    public async Task Six_providers_race_for_two_things_that_the_type_needs_and_two_get_one_each(string kind)
    {
        await using var desk = await SchedulingDesk.OpenAsync();
        for (var number = 0; number < 2; number++) await ThingAsync(desk, kind, $"Thing {number}");
        var providers = new List<StaffId> { desk.Provider, desk.Colleague };
        for (var number = 0; number < 4; number++)
        {
            providers.Add(StaffId.New());
            await desk.HireAsync(providers[^1], $"Dr. {number}");
        }

        var replies = await Task.WhenAll(providers.Select(provider =>
        {
            var ask = desk.Ask("2026-03-03", "10:00");
            ask["providerId"] = provider.ToString();
            return desk.BookAsync(ask);
        }));

        Assert.Equal(2, replies.Count(reply => reply.Status == 201));
        Assert.Equal(4, replies.Count(reply => reply.Code == $"scheduling.{kind}-taken"));
        Assert.Equal(2, replies.Where(reply => reply.Status == 201).Select(reply => (string)reply.Body[$"{kind}Id"]!).Distinct().Count());
    }

    [Fact]
    public async Task A_moved_visit_takes_whichever_room_is_free_there_and_undoing_gives_it_its_own_again()
    {
        await using var desk = await SchedulingDesk.OpenAsync();
        var (first, second) = (await ThingAsync(desk, "room", "A"), await ThingAsync(desk, "room", "B"));
        var ask = desk.Ask("2026-03-03", "10:00");
        ask["providerId"] = desk.Colleague.ToString();
        Assert.Equal(first, (string)(await desk.BookAsync(ask)).Body["roomId"]!);
        var visit = await desk.BookedAsync("2026-03-03", "11:00");

        var moved = await desk.ChangeAsync(visit, "moves", new { at = "10:00" });
        var undone = await desk.ChangeAsync(moved.Body, "undo", new { });

        Assert.Equal((first, second, first), ((string)visit["roomId"]!, (string)moved.Body["roomId"]!, (string)undone.Body["roomId"]!));
    }

    [Fact]
    public async Task A_taken_time_is_booked_knowingly_by_a_role_that_may_with_a_reason_that_is_kept_and_audited()
    {
        await using var desk = await SchedulingDesk.OpenAsync();
        await desk.BookedAsync("2026-03-03", "10:00");
        var ask = desk.Ask("2026-03-03", "10:15");

        Assert.False((bool)(await desk.BookAsync(ask)).Body["mayOverbook"]!);
        ask["overbookReason"] = "urgent";
        Assert.Equal((403, "scheduling.may-not-overbook"), await desk.BookAsync(ask) is var refused ? (refused.Status, refused.Code) : default);
        var booked = await desk.BookAsync(ask, ClinicRole.Admin);

        Assert.Equal((201, "urgent"), (booked.Status, (string)booked.Body["overbookReason"]!));
        Assert.Equal(1, await desk.Clinic.OneAsync<long>("select count(*) from audit_event where action = 'appointment.overbooked' and outcome = 'done'"));
        var moved = await desk.ChangeAsync(booked.Body, "moves", new { at = "12:00" });
        Assert.Null(moved.Body["overbookReason"]);
        Assert.Equal("urgent", (string)(await desk.ChangeAsync(moved.Body, "undo", new { })).Body["overbookReason"]!);
    }

    [Fact]
    public async Task How_late_is_late_is_the_clinics_rule()
    {
        await using var desk = await SchedulingDesk.OpenAsync();
        await desk.Clinic.RowsAsync<int>("update scheduling_rules set late_cancel_hours = 2");
        var visit = await desk.BookedAsync("2026-03-02", "11:00");   // two hours from now

        Assert.False((bool)(await desk.ChangeAsync(visit, "cancellations", new { reason = "patient_request", by = "patient" })).Body["isLateCancel"]!);
    }

    [SharedDataFact]
    public async Task Every_case_of_clocks_that_change_is_booked_as_the_instant_it_is_or_refused_or_asked_about()
    {
        await using var desk = await SchedulingDesk.OpenAsync();
        var cases = JsonNode.Parse(await File.ReadAllTextAsync(SharedData.Files("security/time", "local_to_utc.json").Single()))!["cases"]!.AsArray();
        foreach (var zone in cases.GroupBy(it => (string)it!["zone"]!))
        {
            var (place, provider) = (LocationId.New(), StaffId.New());
            await desk.Clinic.RowsAsync<int>("insert into location (id, name, time_zone) values (@place, @Key, @Key)", new { place, zone.Key });
            await desk.HireAsync(provider, $"Dr. {zone.Key}");
            foreach (var it in zone)
            {
                var local = ((string)it!["local"]!).Split('T');
                var ask = desk.Ask(local[0], local[1], 5);
                (ask["locationId"], ask["providerId"], ask["isConfirmed"]) = (place.ToString(), provider.ToString(), true);
                await TryAsync(desk, ask, ((string)it["kind"]!, (string?)it["utc_first"], (string?)it["utc_second"]));
            }
        }
        Assert.Equal(144, cases.Count);
    }

    private static async Task TryAsync(SchedulingDesk desk, JsonObject ask, (string Kind, string? First, string? Second) expected)
    {
        var reply = await desk.BookAsync(ask);
        var told = $"{ask.ToJsonString()} {reply.Code}";
        if (expected.Kind == "nonexistent") Assert.True(reply.Code == "scheduling.no-such-time", told);
        else if (expected.Kind == "normal") Assert.True(reply.Status == 201 && At(reply) == Instant(expected.First), told);
        else
        {
            Assert.True(reply.Code == "scheduling.doubled-time", told);
            foreach (var (which, instant) in new[] { ("earlier", expected.First), ("later", expected.Second) })
            {
                ask["which"] = which;
                var chosen = await desk.BookAsync(ask);
                Assert.True(chosen.Status == 201 && At(chosen) == Instant(instant), $"{told} {which} {chosen.Code}");
            }
        }
    }

    private static DateTimeOffset Instant(string? text) => DateTimeOffset.Parse(text!, null);

    private static DateTimeOffset At(Reply reply) => Instant((string)reply.Body["startsAt"]!);

    private static async Task<string> ThingAsync(SchedulingDesk desk, string kind, string name)
    {
        var id = Guid.CreateVersion7();
        await desk.Clinic.RunAsync([$"set search_path = {desk.Clinic.Schema}", $"insert into {kind} (id, location_id, name) values (@id, @Location, @name)"], new { id, desk.Location, name });
        await desk.Clinic.RunAsync([$"set search_path = {desk.Clinic.Schema}", $"insert into visit_type_{kind} values (@VisitType, @id)"], new { desk.VisitType, id });
        return id.ToString();
    }
}
