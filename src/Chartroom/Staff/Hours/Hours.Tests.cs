using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Chartroom.Staff;

public sealed class HoursTests
{
    private static async Task<(TestClinic Host, TestBrowser Admin, string Path, string Location)> OpenAsync()
    {
        var host = await TestClinic.OpenAsync();
        using var added = await host.As(ClinicRole.Admin).PostAsJsonAsync("/api/v1/locations", new { name = "Main", timeZone = "America/Denver" });
        var location = (await added.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;
        return (host, new(host.As(ClinicRole.Admin)), $"/settings/hours/{host.Actor(ClinicRole.Provider).Person}", location);
    }

    private static (string, string)[] Lines(string location, params (int Day, string Opens, string Closes)[] lines) => [.. lines.Index().SelectMany(it => new[]
    {
        ($"hours[{it.Index}].weekday", $"{it.Item.Day}"), ($"hours[{it.Index}].opens", it.Item.Opens), ($"hours[{it.Index}].closes", it.Item.Closes),
        ($"hours[{it.Index}].locationId", location),
    })];

    [Fact]
    public async Task A_second_shift_of_a_day_is_added_and_one_removed_without_script_and_nothing_is_saved_by_it()
    {
        var (host, admin, path, location) = await OpenAsync();
        await using var _ = host;

        var more = await admin.PostAsync(path, [("version", "1"), .. Lines(location, (1, "09:00", "12:00"), (2, "09:00", "12:00")), ("alter", "add-1")]);
        Assert.Equal(HttpStatusCode.OK, more.Status);
        Assert.Contains("name=\"hours[2].weekday\" value=\"2\"", more.Html, StringComparison.Ordinal);   // Tuesday has moved on to make room
        Assert.Matches("name=\"hours\\[1\\].opens\" type=\"time\" value=\"\"[^>]*data-focus", more.Html);
        var fewer = await admin.PostAsync(path, [("version", "1"), .. Lines(location, (1, "09:00", "12:00"), (1, "13:00", "17:00"), (2, "09:00", "12:00")), ("alter", "remove-0")]);
        Assert.Contains("value=\"13:00\"", fewer.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("hours[2]", fewer.Html, StringComparison.Ordinal);
        Assert.Equal(0, await host.OneAsync<long>("select count(*) from weekly_hours"));

        Assert.Equal("/settings/hours", (await admin.PostAsync(path, [("version", "1"), .. Lines(location, (1, "09:00", "12:00"), (1, "13:00", "17:00"), (2, "", ""))])).Location);
        Assert.Equal(["09:00:00-12:00:00", "13:00:00-17:00:00"], await host.RowsAsync<string>("select opens || '-' || closes from weekly_hours where weekday = 1 order by opens"));
        Assert.Contains("1:00 PM to 5:00 PM", (await admin.OpenAsync("/settings/hours")).Html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("09:00", "12:00", "11:00", "15:00", "overlap")]
    [InlineData("09:00", "12:00", "15:00", "14:00", "later than the beginning")]
    [InlineData("09:00", "12:00", "13:00", "", "both times")]
    [InlineData("09:00", "12:00", "25:00", "26:00", "Write the time")]
    public async Task A_line_that_cannot_be_is_blamed_itself_though_lines_before_it_are_empty(string opens, string closes, string opensToo, string closesToo, string blamed)
    {
        var (host, admin, path, location) = await OpenAsync();
        await using var _ = host;

        var refused = await admin.PostAsync(path, [("version", "1"), .. Lines(location, (1, "", ""), (2, opens, closes), (2, opensToo, closesToo))]);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.Status);
        Assert.Contains(blamed, refused.ErrorOf("hours[2].opens") + refused.ErrorOf("hours[2].closes"), StringComparison.Ordinal);
        Assert.Equal("", refused.ErrorOf("hours[1].opens") + refused.ErrorOf("hours[1].closes"));
        Assert.Contains($"value=\"{opensToo}\"", refused.Html, StringComparison.Ordinal);
        Assert.Equal(0, await host.OneAsync<long>("select count(*) from weekly_hours"));
    }

    [Fact]
    public async Task Hours_set_meanwhile_are_shown_instead_of_overwritten_and_the_own_ones_stay_typed()
    {
        var (host, admin, path, location) = await OpenAsync();
        await using var _ = host;
        await admin.PostAsync(path, [("version", "1"), .. Lines(location, (3, "08:00", "11:00"))]);

        var stale = await admin.PostAsync(path, [("version", "1"), .. Lines(location, (1, "09:00", "12:00"))]);

        Assert.Equal(HttpStatusCode.PreconditionFailed, stale.Status);
        Assert.Contains("Wednesday: 8:00 AM to 11:00 AM", stale.Html, StringComparison.Ordinal);
        Assert.Contains("value=\"09:00\"", stale.Html, StringComparison.Ordinal);
        Assert.Equal("2", stale.Hidden("version"));
        Assert.Equal(3, await host.OneAsync<short>("select weekday from weekly_hours"));
    }

    [Fact]
    public async Task Colleagues_change_name_npi_and_colour_and_an_npi_is_checked_and_belongs_to_one()
    {
        var (host, admin, _, _) = await OpenAsync();
        await using var _ = host;
        var provider = host.Actor(ClinicRole.Provider).Person;
        Task<TestPage> SaveAsync(string version, string name, string npi) =>
            admin.PostAsync($"/settings/staff/{provider}", ("version", version), ("displayName", name), ("npi", npi), ("color", "teal"));

        Assert.Equal("/settings/staff", (await SaveAsync("1", "Dr. Bo Marsh", "1234567893")).Location);
        var wrong = await SaveAsync("2", "Dr. Bo Marsh", "1234567890");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, wrong.Status);
        Assert.StartsWith("This is no NPI", wrong.ErrorOf("npi"), StringComparison.Ordinal);
        Assert.Contains("value=\"1234567890\"", wrong.Html, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await SaveAsync("1", "Dr. B. Marsh", "1234567893")).Status);
        Assert.Equal(("Dr. Bo Marsh", "1234567893", "teal", 2), await host.OneAsync<(string, string, string, int)>(
            "select display_name, npi, color, version from staff where id = @provider", new { provider }));
    }

    [Fact]
    public async Task Another_role_is_given_on_the_page_unless_it_was_changed_meanwhile_or_no_administrator_would_be_left()
    {
        var (host, admin, _, _) = await OpenAsync();
        await using var _ = host;
        var (desk, self) = (host.Actor(ClinicRole.FrontDesk).Person, host.Actor(ClinicRole.Admin).Person);

        Assert.Equal(HttpStatusCode.PreconditionFailed, (await admin.PostAsync($"/settings/staff/{desk}/role", ("was", "admin"), ("role", "provider"))).Status);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await admin.PostAsync($"/settings/staff/{self}/role", ("was", "admin"), ("role", "provider"))).Status);
        Assert.Equal($"/settings/staff/{desk}", (await admin.PostAsync($"/settings/staff/{desk}/role", ("was", "front_desk"), ("role", "provider"))).Location);

        Assert.Equal(("provider", "admin"), await host.OneAsync<(string, string)>(
            "select (select role from staff where id = @desk), (select role from staff where id = @self)", new { desk, self }));
        Assert.Equal(HttpStatusCode.Unauthorized, (await host.As(ClinicRole.FrontDesk).GetAsync("/api/v1/staff")).StatusCode);   // their sessions have ended
    }
}
