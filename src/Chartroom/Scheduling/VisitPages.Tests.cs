using System.Globalization;
using System.Net;

namespace Chartroom.Scheduling;

public sealed class VisitPagesTests
{
    [Fact]
    public async Task A_booking_form_leads_to_its_day_with_a_way_back_and_twice_is_once()
    {
        await using var desk = await SchedulingDesk.OpenAsync();
        var form = FormOf(desk, "2026-03-03", "10:00");

        var (first, second) = (await PostAsync(desk, "/day/book", form), await PostAsync(desk, "/day/book", form));

        Assert.Equal(HttpStatusCode.SeeOther, first.Status);
        Assert.StartsWith("/day?date=2026-03-03&done=booked&visit=", first.Location, StringComparison.Ordinal);
        Assert.Equal(first.Location, second.Location);
        Assert.Equal((1, 1, 1), await desk.CountsAsync());
        var day = await GetAsync(desk, first.Location!);
        Assert.Contains("Visit booked.", day, StringComparison.Ordinal);
        Assert.Contains("Jo Lee", day, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_booking_form_starts_with_the_patient_provider_and_visit_type_of_its_address_also_after_the_patient_is_picked()
    {
        await using var desk = await SchedulingDesk.OpenAsync();
        var type = VisitTypeId.New();
        await desk.Clinic.RowsAsync<int>("insert into visit_type (id, name, minutes, color) values (@type, 'Injection', 10, 'blue')", new { type });

        var form = await GetAsync(desk, $"/day/book?patient={desk.Patient}&type={type}&provider={desk.Colleague}");
        Assert.Matches($"<option value=\"{type}\" selected[^>]*>Injection", form);
        Assert.Matches($"<option value=\"{desk.Colleague}\" selected", form);
        Assert.Contains($"type={type}", await GetAsync(desk, $"/day/book?type={type}"), StringComparison.Ordinal);   // carried on by the search for the patient
        Assert.DoesNotContain("Follow-up\" selected", await GetAsync(desk, $"/day/book?patient={desk.Patient}&type={VisitTypeId.New()}"), StringComparison.Ordinal);
    }

    [Theory]   // before a kind of visit is chosen, as after a click on the calendar; a visit stands from 10:00 to 10:30
    [InlineData("2026-03-03", "10:25", "The provider has another visit at that time.")]
    [InlineData("2026-03-03", "18:00", "The provider does not see patients there at that time.")]
    [InlineData("2026-03-04", "11:00", "The location is closed at that time.")]
    [InlineData("2026-03-05", "11:00", "The provider is away at that time.")]
    [InlineData("2026-03-01", "11:00", "This time has passed.")]
    [InlineData("2026-03-08", "02:30", "The clocks skip this time that night.")]
    [InlineData("2026-03-03", "10:30", null)]
    public async Task A_click_on_any_time_of_the_calendar_is_told_at_once_why_it_is_not_offered(string day, string at, string? words)
    {
        await using var desk = await SchedulingDesk.OpenAsync();
        await desk.BookedAsync("2026-03-03", "10:00");
        await desk.Clinic.RowsAsync<int>("insert into closure (id, name, local_from, local_until) values (gen_random_uuid(), 'Inventory', '2026-03-04', '2026-03-05')");
        await desk.Clinic.RowsAsync<int>("""
            insert into time_off (id, staff_id, kind, starts_at, ends_at, local_start, time_zone)
            values (gen_random_uuid(), @Provider, 'sick', '2026-03-05T05:00Z', '2026-03-06T05:00Z', '2026-03-05', 'America/New_York')
            """, new { desk.Provider });

        foreach (var path in new[] { "", $"&patient={desk.Patient}", $"&patient={desk.Patient}&type={desk.VisitType}" })
        {
            var form = await GetAsync(desk, $"/day/book?day={day}&at={at}&provider={desk.Provider}{path}");
            if (words is null) Assert.DoesNotContain("This time is not offered", form, StringComparison.Ordinal);
            else Assert.Contains(words, form, StringComparison.Ordinal);
        }
        Assert.DoesNotContain("This time is not offered", await GetAsync(desk, $"/day/book?day={day}&at={at}"), StringComparison.Ordinal);   // with whom is not said yet
    }

    [Fact]
    public async Task A_single_visit_that_is_to_repeat_keeps_what_was_entered()
    {
        await using var desk = await SchedulingDesk.OpenAsync();
        var form = FormOf(desk, "2026-03-03", "10:00");
        (form["reason"], form["then"]) = ("canary words", "look");

        var series = await PostAsync(desk, "/series", form);

        Assert.Equal(HttpStatusCode.OK, series.Status);
        Assert.Contains("canary words", series.Text, StringComparison.Ordinal);
        Assert.Contains("Book 6 visits", series.Text, StringComparison.Ordinal);
        Assert.Matches("name=\"times\"[^>]*value=\"6\"", series.Text);
        Assert.Equal(0, await desk.Clinic.OneAsync<long>("select count(*) from appointment"));
    }

    [Theory]
    [InlineData("2026-11-01", "01:30", "The earlier", 422)]
    [InlineData("2026-03-03", "18:00", "outside the provider", 409)]
    [InlineData("2026-03-08", "02:30", "The clocks skip this time", 422)]
    public async Task A_refused_booking_comes_back_with_what_was_typed_and_the_choice_to_make(string day, string at, string offered, int status)
    {
        await using var desk = await SchedulingDesk.OpenAsync();
        var form = FormOf(desk, day, at);
        form["reason"] = "canary words";

        var reply = await PostAsync(desk, "/day/book", form);

        Assert.Equal(status, (int)reply.Status);
        Assert.Contains(offered, reply.Text, StringComparison.Ordinal);
        Assert.Contains("canary words", reply.Text, StringComparison.Ordinal);
        Assert.Contains($"value=\"{at}\"", reply.Text, StringComparison.Ordinal);
        Assert.Equal((0, 0, 0), await desk.CountsAsync());
    }

    [Fact]
    public async Task Whoever_acts_on_a_stale_page_is_told_in_words_what_has_changed()
    {
        await using var desk = await SchedulingDesk.OpenAsync();
        var visit = await desk.BookedAsync("2026-03-02", "10:00");
        await desk.ChangeAsync(visit, "status", new { status = "arrived" });

        var reply = await PostAsync(desk, $"/visits/{visit["id"]}/status?from=day", new() { ["status"] = "confirmed", ["version"] = "1" });

        Assert.Equal(HttpStatusCode.PreconditionFailed, reply.Status);
        Assert.Contains("Changed: status. The visit is now arrived.", reply.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SCH_2_An_appointment_card_says_when_where_with_whom_and_never_why_and_history_tells_why_it_was_cancelled_and_by_which_door()
    {
        await using var desk = await SchedulingDesk.OpenAsync();
        var ask = desk.Ask("2026-03-03", "10:00");
        ask["reason"] = "Sore elbow";
        var visit = (await desk.BookAsync(ask)).Body;
        using var client = desk.FrontDesk;

        var card = System.Net.WebUtility.HtmlDecode(await client.GetStringAsync($"/visits/{visit["id"]}/card"));
        foreach (var words in new[] { "Test Clinic", "Jo Lee", "Tuesday, March 3, 2026", "10:00 AM", "Main Street" }) Assert.Contains(words, card, StringComparison.Ordinal);
        Assert.DoesNotContain("elbow", card, StringComparison.Ordinal);

        await desk.ChangeAsync(visit, "cancellations", new { reason = "patient_request", by = "patient" });
        var page = System.Net.WebUtility.HtmlDecode(await client.GetStringAsync($"/visits/{visit["id"]}"));
        Assert.Matches("Cancelled by the patient: [^<]+<small>[^<]+, by a program</small>", page);
    }

    [Fact]
    public async Task A_visit_is_led_moved_cancelled_and_undone_from_its_page()
    {
        await using var desk = await SchedulingDesk.OpenAsync();
        var id = (string)(await desk.BookedAsync("2026-03-02", "10:00"))["id"]!;
        (string Act, Dictionary<string, string> Fields, string Words)[] steps =
        [
            ("move", new() { ["day"] = "2026-03-02", ["at"] = "10:30", ["minutes"] = "30", ["providerId"] = desk.Colleague.ToString(), ["locationId"] = desk.Location.ToString() }, "Visit moved."),
            ("status", new() { ["status"] = "arrived" }, "Arrived."),
            ("status", new() { ["status"] = "roomed", ["roomId"] = desk.Room.ToString() }, "Room 1"),
            ("undo", [], "Undone. The visit is as it was."),
            ("undo", [], "Undone. The visit is as it was."),
            ("cancel", new() { ["reason"] = "patient_request", ["by"] = "patient" }, "Patient asked, by the patient"),
        ];

        var version = 1;
        foreach (var (act, fields, words) in steps)
        {
            fields["version"] = (version++).ToString(CultureInfo.InvariantCulture);
            var reply = await PostAsync(desk, $"/visits/{id}/{act}?from=visit", fields);
            Assert.True(reply.Status == HttpStatusCode.SeeOther, $"{act}: {reply.Status} {reply.Text}");
            Assert.Contains(words, await GetAsync(desk, reply.Location!), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_desk_is_shown_no_way_to_the_chart_or_the_note_and_the_provider_is()
    {
        await using var desk = await SchedulingDesk.OpenAsync();
        var id = (string)(await desk.BookedAsync("2026-03-02", "10:00"))["id"]!;

        Assert.DoesNotContain("/chart\"", await GetAsync(desk, $"/visits/{id}"), StringComparison.Ordinal);
        var page = await GetAsync(desk, $"/visits/{id}", ClinicRole.Provider);
        Assert.Contains("/chart\"", page, StringComparison.Ordinal);
        Assert.Contains($"/visits/{id}/review", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_page_of_the_autumn_night_shows_both_half_past_ones()
    {
        await using var desk = await SchedulingDesk.OpenAsync();
        foreach (var which in new[] { "earlier", "later" })
        {
            var ask = desk.Ask("2026-11-01", "01:30");
            (ask["which"], ask["isConfirmed"]) = (which, true);
            Assert.Equal(201, (await desk.BookAsync(ask)).Status);
        }

        var page = await GetAsync(desk, "/day?date=2026-11-01");

        Assert.Equal(2, page.Split("\"time\":\"1:30\"").Length - 1);
        Assert.Contains("this day has 25 hours", page, StringComparison.Ordinal);
    }

    private static Dictionary<string, string> FormOf(SchedulingDesk desk, string day, string at) => new()
    {
        ["idempotency_key"] = "form-1", ["patientId"] = desk.Patient.ToString(), ["providerId"] = desk.Provider.ToString(), ["visitTypeId"] = desk.VisitType.ToString(),
        ["locationId"] = desk.Location.ToString(), ["day"] = day, ["at"] = at, ["minutes"] = "30",
    };

    private static async Task<(HttpStatusCode Status, string? Location, string Text)> PostAsync(SchedulingDesk desk, string path, Dictionary<string, string> form)
    {
        using var client = desk.FrontDesk;
        using var response = await client.PostAsync(path, new FormUrlEncodedContent(form));
        return (response.StatusCode, response.Headers.Location?.ToString(), WebUtility.HtmlDecode(await response.Content.ReadAsStringAsync()));
    }

    private static async Task<string> GetAsync(SchedulingDesk desk, string path, ClinicRole role = ClinicRole.FrontDesk)
    {
        using var client = desk.Clinic.As(role);
        return WebUtility.HtmlDecode(await client.GetStringAsync(path.Split('#')[0]));
    }
}
