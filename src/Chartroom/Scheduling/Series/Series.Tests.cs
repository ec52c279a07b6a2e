using System.Globalization;
using System.Text.Json.Nodes;

namespace Chartroom.Scheduling;

public sealed class SeriesTests
{
    private static JsonObject Ask(SchedulingDesk desk, string day, string at, int every, int times, params JsonObject[] choices)
    {
        var ask = desk.Ask(day, at);
        (ask["everyWeeks"], ask["times"], ask["choices"]) = (every, times, new JsonArray([.. choices]));
        return ask;
    }

    private static JsonObject Choice(int number, string act, string? at = null) => new() { ["number"] = number, ["act"] = act, ["at"] = act == "move" ? at : null, ["nextAt"] = act == "next" ? at : null };

    private static Task<Reply> BookAsync(SchedulingDesk desk, JsonObject ask) => desk.SendAsync("/api/v1/series", ask, null, ClinicRole.FrontDesk);

    private static async Task<JsonObject> BookedAsync(SchedulingDesk desk, JsonObject ask)
    {
        var reply = await BookAsync(desk, ask);
        Assert.Equal((201, null), (reply.Status, reply.Code));
        return reply.Body;
    }

    private static Task<List<string>> TimesAsync(SchedulingDesk desk) => desk.Clinic.RowsAsync<string>(
        "select to_char(local_start, 'MM-DD HH24:MI') || ' ' || status from appointment where series_id is not null order by starts_at");

    [Theory]
    [InlineData("2026-03-03", "14:00,13:00,13:00")]   // the clocks go forward on March 8
    [InlineData("2026-10-27", "13:00,14:00,14:00")]   // and back on November 1
    public async Task S9_A_weekly_visit_at_nine_stays_at_nine_when_the_clocks_change(string day, string utc)
    {
        await using var desk = await SchedulingDesk.OpenAsync();

        await BookedAsync(desk, Ask(desk, day, "09:00", 1, 3));

        Assert.Equal(utc.Split(','), await desk.Clinic.RowsAsync<string>("select to_char(starts_at at time zone 'UTC', 'HH24:MI') from appointment order by starts_at"));
        Assert.Equal(["09:00", "09:00", "09:00"], await desk.Clinic.RowsAsync<string>("select to_char(starts_at at time zone time_zone, 'HH24:MI') from appointment"));
        Assert.Equal((1, 3, "America/New_York"), await desk.Clinic.OneAsync<(int, int, string)>("select every_weeks, occurrences, time_zone from appointment_series"));
    }

    [Fact]
    public async Task S8_Of_two_series_for_the_same_times_exactly_one_is_booked_wholly_and_the_other_leaves_no_trace()
    {
        await using var desk = await SchedulingDesk.OpenAsync();

        var replies = await Task.WhenAll(Enumerable.Range(0, 6).Select(at => BookAsync(desk, Ask(desk, at % 2 == 0 ? "2026-03-03" : "2026-03-10", "10:00", 1, 6))));

        Assert.Equal(1, replies.Count(reply => reply.Status == 201));
        Assert.Equal(5, replies.Count(reply => reply is { Status: 409, Code: "scheduling.series-conflicts" }));
        Assert.Equal((1, 6, 6), await desk.Clinic.OneAsync<(long, long, long)>("select (select count(*) from appointment_series), (select count(*) from appointment where series_id is not null), (select count(*) from appointment_move)"));
    }

    [Fact]
    public async Task S8_Conflicts_are_listed_before_saving_each_is_decided_and_all_is_saved_and_taken_back_at_once()
    {
        await using var desk = await SchedulingDesk.OpenAsync();
        await desk.BookedAsync("2026-03-10", "10:00");
        await desk.Clinic.RowsAsync<int>("insert into closure (id, name, local_from, local_until) values (gen_random_uuid(), 'Moving house', '2026-03-17', '2026-03-18')");

        var refused = await BookAsync(desk, Ask(desk, "2026-03-03", "10:00", 1, 4));
        Assert.Equal((409, "scheduling.series-conflicts"), (refused.Status, refused.Code));
        Assert.Equal([2, 3], refused.Body["occurrences"]!.AsArray().Select(number => (int)number!));
        Assert.Equal(0, await desk.Clinic.OneAsync<long>("select count(*) from appointment_series"));

        using var client = desk.FrontDesk;
        using var answer = await System.Net.Http.Json.HttpClientJsonExtensions.PostAsJsonAsync(client, "/api/v1/series/plan", Ask(desk, "2026-03-03", "10:00", 1, 4));
        var plan = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!.AsArray();
        Assert.Equal(["plan", "next", "skip", "plan"], plan.Select(one => (string)one!["act"]!));
        Assert.Equal(("taken", "10:30:00", "closed"), ((string)plan[1]!["planned"]![0]!["code"]!, (string)plan[1]!["nextFree"]!, (string)plan[2]!["planned"]![0]!["code"]!));

        var booked = await BookedAsync(desk, Ask(desk, "2026-03-03", "10:00", 1, 4, Choice(2, "next", "10:30"), Choice(3, "skip")));
        Assert.Equal(["03-03 10:00 booked", "03-10 10:30 booked", "03-24 10:00 booked"], await TimesAsync(desk));
        var undone = await desk.SendAsync($"/api/v1/series/{booked["id"]}/undo", new { act = (string)booked["act"]! }, null, ClinicRole.FrontDesk);
        Assert.Equal((200, 3), (undone.Status, (int)undone.Body["visits"]!));
        Assert.Equal(["03-03 10:00 cancelled", "03-10 10:30 cancelled", "03-24 10:00 cancelled"], await TimesAsync(desk));
    }

    [Fact]
    public async Task S8_This_and_following_are_moved_together_with_their_histories_and_one_undo_brings_all_back()
    {
        await using var desk = await SchedulingDesk.OpenAsync();
        var series = await BookedAsync(desk, Ask(desk, "2026-03-03", "10:00", 1, 4));
        await desk.BookedAsync("2026-03-25", "11:00");
        var second = (string)series["visits"]![1]!["id"]!;
        object Move(params JsonObject[] choices) => new { visitId = second, scope = "following", day = "2026-03-11", at = "11:00", choices };
        Task<Reply> SendAsync(string act, object body, int version = 1) => desk.SendAsync($"/api/v1/series/{series["id"]}/{act}", body, version, ClinicRole.FrontDesk);

        var refused = await SendAsync("moves", Move());
        Assert.Equal((409, "scheduling.series-conflicts", 3), (refused.Status, refused.Code, (int)refused.Body["occurrences"]!.AsArray().Single()!));
        Assert.Equal(412, (await SendAsync("moves", Move(), 7)).Status);
        Assert.Equal("scheduling.incomplete", (await SendAsync("moves", new { visitId = second, scope = "all", day = "2027-03-17" })).Code);
        Assert.Equal(["03-03 10:00 booked", "03-10 10:00 booked", "03-17 10:00 booked", "03-24 10:00 booked"], await TimesAsync(desk));

        var moved = await SendAsync("moves", Move(Choice(3, "move", "11:30")));
        Assert.Equal((200, 3), (moved.Status, (int)moved.Body["visits"]!));
        Assert.Equal(["03-03 10:00 booked", "03-11 11:00 booked", "03-18 11:00 booked", "03-25 11:30 booked"], await TimesAsync(desk));
        Assert.Equal(["booked", "moved"], await desk.Clinic.RowsAsync<string>("select act from appointment_move where appointment_id = @id order by version", new { id = Guid.Parse(second) }));
        var undone = await desk.SendAsync($"/api/v1/series/{series["id"]}/undo", new { act = (string)moved.Body["act"]! }, null, ClinicRole.FrontDesk);
        Assert.Equal((200, null), (undone.Status, undone.Code));
        Assert.Equal(["03-03 10:00 booked", "03-10 10:00 booked", "03-17 10:00 booked", "03-24 10:00 booked"], await TimesAsync(desk));
    }

    [Theory]   // weekly on Tuesdays from March 10; each step lands on times that others of the series leave
    [InlineData("2026-03-17", "all", "03-17 10:00, 03-24 10:00, 03-31 10:00, 04-07 10:00")]
    [InlineData("2026-03-26", "all", "03-26 10:00, 04-02 10:00, 04-09 10:00, 04-16 10:00")]   // two weeks and two days on
    [InlineData("2026-03-03", "all", "03-03 10:00, 03-10 10:00, 03-17 10:00, 03-24 10:00")]
    [InlineData("2026-05-18", "this", "03-17 10:00, 03-24 10:00, 03-31 10:00, 05-18 10:00")]
    [InlineData("2027-03-16", "all", "03-16 10:00, 03-23 10:00, 03-30 10:00, 04-06 10:00")]   // 53 weeks
    public async Task S8_A_series_goes_to_any_weekday_and_by_weeks_also_onto_its_own_times_and_comes_back(string day, string scope, string then)
    {
        await using var desk = await SchedulingDesk.OpenAsync();
        var series = await BookedAsync(desk, Ask(desk, "2026-03-10", "10:00", 1, 4));
        var before = await TimesAsync(desk);
        var move = new { visitId = (string)series["visits"]![0]!["id"]!, scope, day };

        using var client = desk.FrontDesk;
        client.DefaultRequestHeaders.TryAddWithoutValidation("If-Match", "\"1\"");
        using var answer = await System.Net.Http.Json.HttpClientJsonExtensions.PostAsJsonAsync(client, $"/api/v1/series/{series["id"]}/moves/plan", move);
        Assert.All(JsonNode.Parse(await answer.Content.ReadAsStringAsync())!.AsArray(), one => Assert.Empty(one!["planned"]!.AsArray()));
        var moved = await desk.SendAsync($"/api/v1/series/{series["id"]}/moves", move, 1, ClinicRole.FrontDesk);
        Assert.Equal((200, then), (moved.Status, string.Join(", ", (await TimesAsync(desk)).Select(line => line.Replace(" booked", "", StringComparison.Ordinal)))));

        var undone = await desk.SendAsync($"/api/v1/series/{series["id"]}/undo", new { act = (string)moved.Body["act"]! }, null, ClinicRole.FrontDesk);
        Assert.Equal((200, null), (undone.Status, undone.Code));
        Assert.Equal(before, await TimesAsync(desk));
        if (scope != "all" || day != "2026-03-17") return;
        var left = await desk.SendAsync($"/api/v1/series/{series["id"]}/moves", new { move.visitId, scope, day, choices = new[] { new { number = 2, act = "skip" } } }, 3, ClinicRole.FrontDesk);
        Assert.Equal((409, 1), (left.Status, (int)left.Body["occurrences"]!.AsArray().Single()!));   // the second stays where the first would go
    }

    [Fact]
    public async Task S8_This_and_following_or_all_are_cancelled_and_an_act_that_was_overtaken_is_not_taken_back()
    {
        await using var desk = await SchedulingDesk.OpenAsync();
        var series = await BookedAsync(desk, Ask(desk, "2026-03-03", "10:00", 2, 4));
        Task<Reply> SendAsync(string act, object body, int? version) => desk.SendAsync($"/api/v1/series/{series["id"]}/{act}", body, version, ClinicRole.FrontDesk);

        var cancelled = await SendAsync("cancellations", new { visitId = (string)series["visits"]![2]!["id"]!, scope = "following", reason = "patient_request", by = "patient" }, 1);
        Assert.Equal((200, 2), (cancelled.Status, (int)cancelled.Body["visits"]!));
        Assert.Equal(["03-03 10:00 booked", "03-17 10:00 booked", "03-31 10:00 cancelled", "04-14 10:00 cancelled"], await TimesAsync(desk));
        desk.Clinic.Clock.Advance(TimeSpan.FromMinutes(1));
        var all = await SendAsync("cancellations", new { visitId = (string)series["visits"]![0]!["id"]!, scope = "all", reason = "clinic_closed", by = "clinic" }, 1);
        Assert.Equal((200, 2), (all.Status, (int)all.Body["visits"]!));
        Assert.Equal("scheduling.series-changed", (await SendAsync("undo", new { act = (string)series["act"]! }, null)).Code);
        await SendAsync("undo", new { act = (string)all.Body["act"]! }, null);
        await SendAsync("undo", new { act = (string)cancelled.Body["act"]! }, null);
        Assert.Equal(["03-03 10:00 booked", "03-17 10:00 booked", "03-31 10:00 booked", "04-14 10:00 booked"], await TimesAsync(desk));
    }

    [Theory]
    [InlineData(0, 4), InlineData(13, 4), InlineData(1, 1), InlineData(1, 53)]
    public async Task S8_A_series_is_finite_and_within_bounds(int every, int times)
    {
        await using var desk = await SchedulingDesk.OpenAsync();
        Assert.Equal("scheduling.incomplete", (await BookAsync(desk, Ask(desk, "2026-03-03", "10:00", every, times))).Code);
        Assert.Equal("scheduling.series-empty", (await BookAsync(desk, Ask(desk, "2026-03-03", "10:00", 1, 2, Choice(1, "skip"), Choice(2, "skip")))).Code);
        Assert.Equal(0, await desk.Clinic.OneAsync<long>("select count(*) from appointment"));
    }

    [Fact]
    public async Task S8_Any_sequence_of_series_leaves_the_calendar_that_a_plain_model_has()
    {
        await using var desk = await SchedulingDesk.OpenAsync();
        var (random, model) = (new Random(20261123), new HashSet<DateTime>());   // half hours of one provider

        for (var step = 0; step < 20; step++)
        {
            var (day, at, every, times) = (new DateOnly(2026, 3, 3).AddDays(random.Next(14)), new TimeOnly(9 + random.Next(2), 30 * random.Next(2)), random.Next(1, 4), random.Next(2, 7));
            var skipped = Enumerable.Range(1, times).Where(_ => random.Next(4) == 0).ToHashSet();
            var wanted = Enumerable.Range(1, times).Where(number => !skipped.Contains(number)).Select(number => (number, day.AddDays(7 * every * (number - 1)).ToDateTime(at))).ToList();
            var met = wanted.Where(it => model.Contains(it.Item2)).Select(it => it.number).ToList();

            var reply = await BookAsync(desk, Ask(desk, day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), at.ToString("HH:mm", CultureInfo.InvariantCulture), every, times,
                [.. skipped.Select(number => Choice(number, "skip"))]));

            Assert.Equal(wanted.Count == 0 ? 422 : met.Count > 0 ? 409 : 201, reply.Status);
            if (reply.Status == 409) Assert.Equal(met, reply.Body["occurrences"]!.AsArray().Select(number => (int)number!));
            if (reply.Status == 201) model.UnionWith(wanted.Select(it => it.Item2));
            Assert.Equal(model.Order(), await desk.Clinic.RowsAsync<DateTime>("select local_start from appointment order by local_start"));
        }
    }
}
