using System.Globalization;

namespace Chartroom.OutsideCalendars;

public sealed class BusyTimesTests
{
    // As Exchange sends it: a zone with a name of its own and its rules; and a line that is folded.
    private const string Exchange = """
        BEGIN:VCALENDAR
        VERSION:2.0
        PRODID:Microsoft Exchange Server 2019
        BEGIN:VTIMEZONE
        TZID:Customized Time Zone
        BEGIN:STANDARD
        DTSTART:16010101T020000
        TZOFFSETFROM:-0400
        TZOFFSETTO:-0500
        RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=1SU;BYMONTH=11
        END:STANDARD
        BEGIN:DAYLIGHT
        DTSTART:16010101T020000
        TZOFFSETFROM:-0500
        TZOFFSETTO:-0400
        RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=2SU;BYMONTH=3
        END:DAYLIGHT
        END:VTIMEZONE
        BEGIN:VEVENT
        UID:040000008200E00074C5B7101A82E00A
        SUMMARY:Busy
        DTSTART;TZID="Customized
          Time Zone":20260306T090000
        DTEND;TZID=Customized Time Zone:20260306T100000
        RRULE:FREQ=WEEKLY;COUNT=2
        DTSTAMP:20260220T142504Z
        END:VEVENT
        END:VCALENDAR
        """;

    // What is made for nothing else than to say when somebody is busy.
    private const string FreeBusy = """
        BEGIN:VCALENDAR
        VERSION:2.0
        PRODID:-//Example//Free and busy//EN
        BEGIN:VFREEBUSY
        UID:1
        DTSTAMP:20260220T142504Z
        DTSTART:20260301T000000Z
        DTEND:20260401T000000Z
        FREEBUSY;FBTYPE=BUSY:20260310T140000Z/20260310T150000Z,20260311T14000
         0Z/PT1H30M
        FREEBUSY;FBTYPE=FREE:20260312T140000Z/PT1H
        FREEBUSY:20260313T140000Z/PT1H
        END:VFREEBUSY
        END:VCALENDAR
        """;

    private const string SkippedHour = """
        BEGIN:VCALENDAR
        VERSION:2.0
        PRODID:-//Example//Night//EN
        BEGIN:VEVENT
        UID:1
        DTSTAMP:20260220T142504Z
        DTSTART:20260307T023000
        DTEND:20260307T033000
        RRULE:FREQ=DAILY;COUNT=2
        END:VEVENT
        END:VCALENDAR
        """;

    internal const string Mars = """
        BEGIN:VCALENDAR
        VERSION:2.0
        PRODID:-//Example//Mars//EN
        BEGIN:VEVENT
        UID:1
        DTSTAMP:20260220T142504Z
        DTSTART;TZID=Mars/Olympus:20260310T090000
        DTEND;TZID=Mars/Olympus:20260310T100000
        END:VEVENT
        END:VCALENDAR
        """;

    [Theory]
    [InlineData(Exchange, "2026-03-06T14:00–15:00 2026-03-13T13:00–14:00")]   // the clocks change on the 8th
    [InlineData(FreeBusy, "2026-03-10T14:00–15:00 2026-03-11T14:00–15:30 2026-03-13T14:00–15:00")]
    [InlineData(SkippedHour, "2026-03-07T07:30–08:30 2026-03-08T07:30–08:30")]   // 2:30 is not there on the 8th
    [InlineData(Exchange + "\n" + SkippedHour, "2026-03-06T14:00–15:00 2026-03-07T07:30–08:30 2026-03-08T07:30–08:30 2026-03-13T13:00–14:00")]   // two calendars in one text
    public void S18_Busy_times_are_found_under_zones_of_ones_own_in_lists_of_busy_times_and_in_several_calendars(string text, string times) =>
        Assert.Equal(times, string.Join(' ', Of(text).Select(time => string.Create(CultureInfo.InvariantCulture, $"{time.StartsAt.UtcDateTime:yyyy-MM-dd'T'HH:mm}–{time.EndsAt.UtcDateTime:HH:mm}"))));

    [Fact]
    public void S18_A_zone_that_nobody_knows_is_told_to_the_owner_and_stops_nothing() =>
        Assert.Equal("unknown_zone", Assert.Throws<UnreadableCalendarException>(() => Of(Mars)).Code);

    /// <summary>Reading goes on in the background: what no one has thought of would stop the whole program.</summary>
    [Fact]
    public void S18_Whatever_a_text_was_made_of_it_is_read_or_refused()
    {
        var random = new Random(7);
        string[] sound = [Exchange, FreeBusy, SkippedHour, Mars];
        for (var round = 0; round < 2000; round++)
        {
            var lines = sound[random.Next(sound.Length)].Split('\n').ToList();
            for (var change = 0; change < 3; change++) Spoil(lines, random);
            var text = string.Join('\n', lines);
            if (Record.Exception(() => Of(text)) is { } error and not UnreadableCalendarException) Assert.Fail($"{error.GetType().Name}: {error.Message}\n{text}");
        }
    }

    private static void Spoil(List<string> lines, Random random)
    {
        var at = random.Next(1, lines.Count);
        var sign = random.Next(lines[at].Length + 1);
        switch (random.Next(4))
        {
            case 0 when lines.Count > 3: lines.RemoveAt(at); break;
            case 1: lines.Insert(at, lines[random.Next(lines.Count)]); break;
            case 2: lines[at] = lines[at].Insert(sign, "0:;=-9ZT,P/"[random.Next(11)].ToString()); break;
            default: lines[at] = lines[at].Remove(sign, Math.Min(1, lines[at].Length - sign)); break;
        }
    }

    private static IReadOnlyList<BusyTime> Of(string text) => BusyTimes.Of(text.ReplaceLineEndings("\r\n"), "America/New_York",
        new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero), new(2027, 4, 1, 0, 0, 0, TimeSpan.Zero));
}
