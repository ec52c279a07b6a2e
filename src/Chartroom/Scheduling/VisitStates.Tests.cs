namespace Chartroom.Scheduling;

public sealed class VisitStatesTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 2, 17, 0, 0, TimeSpan.Zero);   // noon in New York

    private static Visit In(VisitStatus status, DateTimeOffset start) => new()
    {
        StatusName = VisitStates.NameOf(status), StartsAt = start, EndsAt = start.AddMinutes(30), LocalStart = ClinicTime.Local(start, "America/New_York"),
        TimeZone = "America/New_York",
    };

    [Theory]   // every state: what the desk may do next, and what the provider may
    [InlineData(VisitStatus.Booked, "confirmed arrived cancelled no_show", "confirmed arrived cancelled no_show")]
    [InlineData(VisitStatus.Confirmed, "arrived cancelled no_show", "arrived cancelled no_show")]
    [InlineData(VisitStatus.Arrived, "roomed cancelled left_without_being_seen", "roomed in_progress cancelled left_without_being_seen")]
    [InlineData(VisitStatus.Roomed, "left_without_being_seen", "in_progress left_without_being_seen")]
    [InlineData(VisitStatus.InProgress, "", "ready_for_checkout completed")]
    [InlineData(VisitStatus.ReadyForCheckout, "completed", "completed")]
    [InlineData(VisitStatus.Completed, "", "")]
    [InlineData(VisitStatus.Cancelled, "", "")]
    [InlineData(VisitStatus.NoShow, "", "")]
    [InlineData(VisitStatus.LeftWithoutBeingSeen, "", "")]
    public void Each_state_leads_where_the_table_says(VisitStatus from, string desk, string provider)
    {
        Assert.Equal(desk, string.Join(' ', VisitStates.NextFor(from, ClinicRole.FrontDesk).Select(VisitStates.NameOf)));
        Assert.Equal(desk, string.Join(' ', VisitStates.NextFor(from, ClinicRole.Admin).Select(VisitStates.NameOf)));
        Assert.Equal(provider, string.Join(' ', VisitStates.NextFor(from, ClinicRole.Provider).Select(VisitStates.NameOf)));
        Assert.Empty(VisitStates.NextFor(from, ClinicRole.Patient));
    }

    [Theory]
    [InlineData(VisitStatus.NoShow, "2026-03-02T17:00:01Z", "scheduling.not-started-yet")]   // one second ahead
    [InlineData(VisitStatus.NoShow, "2026-03-02T17:00:00Z", null)]
    [InlineData(VisitStatus.Arrived, "2026-03-03T04:59:00Z", null)]                          // 23:59 today
    [InlineData(VisitStatus.Arrived, "2026-03-03T05:00:00Z", "scheduling.not-its-day")]      // midnight: tomorrow
    [InlineData(VisitStatus.Arrived, "2026-03-01T15:00:00Z", null)]                          // entered a day late
    [InlineData(VisitStatus.Roomed, "2026-03-02T17:00:00Z", "scheduling.no-such-move")]
    public void A_move_has_its_time(VisitStatus to, string start, string? code) => Assert.Equal(code,
        VisitStates.Judge(In(VisitStatus.Booked, DateTimeOffset.Parse(start, null)), to, ClinicRole.FrontDesk, (Noon, new DateOnly(2026, 3, 2)))?.Code);

    [Fact]
    public void Only_the_clinician_starts_a_visit() => Assert.Equal("scheduling.not-your-move",
        VisitStates.Judge(In(VisitStatus.Roomed, Noon), VisitStatus.InProgress, ClinicRole.FrontDesk, (Noon, new DateOnly(2026, 3, 2)))?.Code);

    [Fact]
    public async Task The_database_knows_the_same_states()
    {
        await using var clinic = await TestClinic.OpenAsync();
        var check = await clinic.OneAsync<string>("select pg_get_constraintdef(oid) from pg_constraint where conname = 'appointment_status_known' and connamespace = current_schema()::regnamespace");
        Assert.Equal(Enum.GetValues<VisitStatus>().Select(VisitStates.NameOf), System.Text.RegularExpressions.Regex.Matches(check, "'([a-z_]+)'").Select(it => it.Groups[1].Value));
    }

    [Theory]   // history as (version, act, restores) and what an undo restores: a version, "booking", or "nothing"
    [InlineData("1b", "booking")]
    [InlineData("1b 2s", "1")]
    [InlineData("1b 2s 3s", "2")]
    [InlineData("1b 2s 3s 4u2", "1")]
    [InlineData("1b 2s 3s 4u2 5u1", "booking")]
    [InlineData("1b 2s 3s 4u2 5c", "2")]
    [InlineData("1b 2s 3s 4u2 5c 6u2", "1")]
    [InlineData("1b 2u", "nothing")]
    public void Undo_walks_back_move_by_move(string history, string expected)
    {
        var moves = history.Split(' ').Select(move => new KeptMove(move[0] - '0', move[1] == 'u' ? "undone" : "status", move.Length > 2 ? move[2] - '0' : null)).ToList();

        var target = UndoRules.TargetOf(moves);

        Assert.Equal(expected, target.IsNone ? "nothing" : target.Version?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "booking");
    }
}
