using System.Text.Json.Nodes;

namespace Chartroom.Scheduling;

public sealed class SlotsTests
{
    private static readonly VisitTypeId Type = VisitTypeId.New();
    private static readonly LocationId Here = LocationId.New(), There = LocationId.New();
    private static readonly StaffId Somebody = StaffId.New();
    private static readonly string[] Zones = ["America/New_York", "America/Phoenix", "Asia/Kathmandu", "Australia/Lord_Howe"];

    [Theory]   // each begins two days before the clocks of New York (or Lord Howe) change
    [InlineData(1, "2026-03-06"), InlineData(2, "2026-03-06"), InlineData(3, "2026-10-30"), InlineData(4, "2026-10-30"), InlineData(5, "2026-04-03"), InlineData(6, "2026-10-02")]
    [InlineData(7, "2026-03-06"), InlineData(8, "2026-10-30"), InlineData(9, "2026-03-06"), InlineData(10, "2026-10-30"), InlineData(11, "2026-06-01"), InlineData(12, "2026-10-30")]
    public void A_start_is_offered_exactly_when_there_is_no_reason_against_it(int seed, string from)
    {
        var (random, first) = (new Random(seed), DateOnly.Parse(from, null));
        var offered = 0;
        for (var round = 0; round < 6; round++)
        {
            var facts = RandomCalendar.Of(random, first, Zones[random.Next(Zones.Length)], (Here, There));
            PatientKind? kind = random.Next(2) == 0 ? PatientKind.New : null;
            var ask = new SlotSearch { VisitTypeId = Type, From = first, To = first.AddDays(3), OnlineFor = kind, Most = 100_000, Minutes = random.Next(3) == 0 ? 45 : null };
            var found = SlotFinder.Find(facts, ask).Select(it => (it.ProviderId, it.LocationId, it.StartsAt.UtcDateTime)).ToHashSet();
            offered += found.Count;

            foreach (var (provider, place, question, instant) in Questions(facts, ask))
            {
                var reasons = SlotJudge.Judge(facts, question);
                Assert.True(found.Contains((provider, place, instant?.UtcDateTime ?? default)) == (reasons.Count == 0),
                    $"round {round}, {question.Day} {question.At} {question.Which}: {string.Join(' ', reasons.Select(reason => reason.Code))}");
            }
        }
        Assert.True(offered > 0);
    }

    private static IEnumerable<(StaffId, LocationId, SlotQuestion, DateTimeOffset?)> Questions(CalendarFacts facts, SlotSearch ask)
    {
        foreach (var (provider, place) in facts.Providers.SelectMany(provider => facts.Places.Select(place => (provider, place))))
        {
            for (var local = ask.From.ToDateTime(TimeOnly.MinValue); local < ask.To.AddDays(1).ToDateTime(TimeOnly.MinValue); local = local.AddMinutes(5))
            {
                foreach (var which in new Doubled?[] { null, Doubled.Earlier, Doubled.Later })
                {
                    var (day, at) = (DateOnly.FromDateTime(local), TimeOnly.FromDateTime(local));
                    var doubled = ClinicTime.ResolveDoubled(day, at, place.TimeZone);
                    if (which is not null && doubled.Count == 0) continue;
                    var question = new SlotQuestion
                    {
                        VisitTypeId = Type, ProviderId = provider.Id, LocationId = place.Id, Day = day, At = at, Which = which, OnlineFor = ask.OnlineFor, Minutes = ask.Minutes,
                    };
                    yield return (provider.Id, place.Id, question, which switch { null => ClinicTime.Resolve(day, at, place.TimeZone), Doubled.Earlier => doubled[0], _ => doubled[^1] });
                }
            }
        }
    }

    [Theory]   // a bare visit from 10:00 to 10:30; the new one takes 20 minutes and keeps five free before and ten after
    [InlineData("09:30", ""), InlineData("09:35", "buffer"), InlineData("09:45", "taken"), InlineData("10:25", "taken"), InlineData("10:30", "buffer"), InlineData("10:35", "")]
    public void A_new_visits_own_buffers_count_as_those_of_the_others_do(string at, string code) =>
        Assert.Equal(code, CodesOf(BareDay([new() { LocationId = Here, Weekday = 1, Opens = 480, Closes = 1020 }]), at));

    [Fact]
    public void A_shift_elsewhere_replaces_the_weekly_hours_of_the_day_here() => Assert.Equal("outside_hours", CodesOf(BareDay(
    [
        new() { LocationId = Here, Weekday = 1, Opens = 480, Closes = 1020 }, new() { LocationId = There, Day = new(2026, 6, 1), Opens = 480, Closes = 540 },
    ]), "14:00"));

    private static CalendarFacts BareDay(IReadOnlyList<HoursFacts> hours)
    {
        var ten = Stretch.MinuteOf(new(2026, 6, 1, 10, 0, 0, TimeSpan.Zero));
        var visit = new BusyTime(new(ten, ten + 30), new(ten, ten + 30), false);
        return new()
        {
            Now = new(2026, 5, 30, 0, 0, 0, TimeSpan.Zero), Type = new() { Minutes = 20, BufferBefore = 5, BufferAfter = 10 }, Places = [new(Here, "Here", "UTC")],
            Providers = [new(Somebody, "Dr. Who", false) { Hours = hours, Visits = [visit] }],
        };
    }

    private static string CodesOf(CalendarFacts facts, string at) => string.Join(' ', SlotJudge.Judge(facts, new()
    {
        VisitTypeId = Type, ProviderId = Somebody, LocationId = Here, Day = new(2026, 6, 1), At = TimeOnly.Parse(at, null),
    }).Select(reason => reason.Code));

    [Fact]
    public async Task The_search_names_free_starts_and_the_question_every_reason_against_another()
    {
        await using var desk = await SchedulingDesk.OpenAsync();
        await desk.Clinic.RowsAsync<int>("update visit_type set buffer_after = 10, align_minutes = 30, daily_cap = 3");
        await desk.BookedAsync("2026-03-03", "10:00");
        await desk.Clinic.RowsAsync<int>("update appointment set buffer_after = 10");
        await desk.Clinic.RowsAsync<int>("""
            insert into closure (id, name, local_from, local_until) values (gen_random_uuid(), 'Staff party', '2026-03-03 15:00', '2026-03-04 00:00')
            """);
        await desk.Clinic.RowsAsync<int>("""
            insert into time_off (id, staff_id, kind, starts_at, ends_at, local_start, time_zone)
            values (gen_random_uuid(), @Provider, 'meeting', '2026-03-03T18:00Z', '2026-03-03T19:00Z', '2026-03-03 13:00', 'America/New_York')
            """, new { desk.Provider });

        var body = new JsonObject { ["visitTypeId"] = desk.VisitType.ToString(), ["providers"] = new JsonArray(desk.Provider.ToString()), ["from"] = "2026-03-03", ["to"] = "2026-03-03" };
        var found = await desk.SendAsync("/api/v1/slots/search", body, null, ClinicRole.FrontDesk);
        var question = new { visitTypeId = desk.VisitType, providerId = desk.Provider, locationId = desk.Location, day = "2026-03-03", at = "15:05" };
        var why = await desk.SendAsync("/api/v1/slots/why-not", question, null, ClinicRole.FrontDesk);

        Assert.Equal("08:00 08:30 09:00 09:30 11:00 11:30 12:00 12:30 14:00 14:30",
            string.Join(' ', found.Body["slots"]!.AsArray().Select(slot => ((string)slot!["localStart"]!)[11..16])));
        Assert.Equal(["closed", "alignment"], why.Body["reasons"]!.AsArray().Select(reason => (string)reason!["code"]!));
    }

    [Theory]
    [InlineData("2026-03-03", "2026-04-27", 200, null)]                      // 56 days
    [InlineData("2026-03-03", "2026-04-28", 422, "scheduling.bad-search")]
    [InlineData("2026-03-04", "2026-03-03", 422, "scheduling.bad-search")]
    public async Task A_search_spans_at_most_eight_weeks(string from, string to, int status, string? code)
    {
        await using var desk = await SchedulingDesk.OpenAsync();

        var reply = await desk.SendAsync("/api/v1/slots/search", new { visitTypeId = desk.VisitType, from, to }, null, ClinicRole.FrontDesk);

        Assert.Equal((status, code), (reply.Status, reply.Code));
    }
}

/// <summary>A calendar thrown together: whatever may stand in the tables, however odd.</summary>
internal static class RandomCalendar
{
    public static CalendarFacts Of(Random random, DateOnly first, string zone, (LocationId Here, LocationId There) places)
    {
        int Minute(int days) => Stretch.MinuteOf(new DateTimeOffset(first.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero)) + random.Next(-300, days * 1440);
        Stretch Some(int longest) => Minute(4) is var from ? new(from, from + random.Next(1, longest)) : default;
        List<BusyTime> Visits(int most) => [.. Enumerable.Range(0, random.Next(most)).Select(_ => Some(60)).Select(own =>
            new BusyTime(own, new(own.From - random.Next(3) * 5, own.To + random.Next(3) * 5), random.Next(4) == 0))];
        List<ThingFacts> Things() => [.. Enumerable.Range(0, random.Next(3)).Select(_ =>
            new ThingFacts(Guid.CreateVersion7(), random.Next(2) == 0 ? places.Here : places.There, random.Next(4) > 0, Visits(40)))];
        HoursFacts Hours(StaffId staff) => random.Next(0, 1300) is var opens && random.Next(5) == 0
            ? new() { StaffId = staff, LocationId = places.Here, Day = first.AddDays(random.Next(4)), Opens = opens, Closes = Math.Min(1440, opens + random.Next(30, 600)) }
            : new() { StaffId = staff, LocationId = random.Next(3) > 0 ? places.Here : places.There, Weekday = random.Next(7), Opens = opens, Closes = Math.Min(1440, opens + random.Next(30, 900)) };
        ProviderFacts Provider(StaffId id) => new(id, "Dr. Who", random.Next(3) > 0)
        {
            Hours = [.. Enumerable.Range(0, 14).Select(_ => Hours(id))], Visits = Visits(60), Off = [.. Enumerable.Range(0, random.Next(3)).Select(_ => Some(600))],
            Outside = [.. Enumerable.Range(0, random.Next(3)).Select(_ => Some(200))],
            OfType = Enumerable.Range(0, 4).ToDictionary(first.AddDays, _ => random.Next(4)),
        };
        return new()
        {
            Now = new DateTimeOffset(first.ToDateTime(new(12, 0)), TimeSpan.Zero).AddMinutes(random.Next(-2000, 1000)).AddSeconds(random.Next(60)),
            Type = new()
            {
                Minutes = random.Next(1, 9) * 5, BufferBefore = random.Next(3) * 5, BufferAfter = random.Next(4) * 5, AlignMinutes = new[] { 5, 10, 15, 20, 30, 60 }[random.Next(6)],
                DailyCap = random.Next(3) == 0 ? random.Next(1, 5) : null, LeadMinutes = random.Next(600), HorizonDays = random.Next(1, 5), NeedsRoom = random.Next(3) == 0,
                NeedsDevice = random.Next(4) == 0, IsOnline = random.Next(6) > 0,
            },
            Places = [new(places.Here, "Here", zone), new(places.There, "There", "America/New_York")],
            Providers = [Provider(StaffId.New()), Provider(StaffId.New())],
            Closures = [.. Enumerable.Range(0, random.Next(3)).Select(_ => first.ToDateTime(TimeOnly.MinValue).AddMinutes(random.Next(4 * 1440)))
                .Select(from => new ClosureFacts(random.Next(2) == 0 ? null : places.Here, from, from.AddMinutes(random.Next(60, 600))))],
            Rooms = Things(), Devices = Things(),
        };
    }
}
