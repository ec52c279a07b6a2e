using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Chartroom.Clinics;

public sealed class EditSetUpTests
{
    private static async Task<Guid> AddAsync(TestClinic host, string path, object body)
    {
        using var added = await host.As(ClinicRole.Admin).PostAsJsonAsync(path, body);
        return (await added.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetGuid();
    }

    private static Task<Guid> AddLocationAsync(TestClinic host) => AddAsync(host, "/api/v1/locations", new { name = "Main Street", timeZone = "America/New_York", city = "Millbrook" });

    [Theory]
    [InlineData("/settings"), InlineData("/onboarding")]
    public async Task An_administrator_changes_a_location_a_room_and_a_visit_type_on_their_pages(string door)
    {
        await using var host = await TestClinic.OpenAsync();
        var location = await AddLocationAsync(host);
        var room = await AddAsync(host, $"/api/v1/locations/{location}/rooms", new { name = "Room 1" });
        var type = await AddAsync(host, "/api/v1/visit-types", new { name = "Follow-up", minutes = 20, color = "blue" });
        var admin = new TestBrowser(host.As(ClinicRole.Admin));

        var page = await admin.OpenAsync($"{door}/locations/{location}");
        Assert.Equal("1", page.Hidden("version"));
        Assert.Equal($"{door}/locations", (await admin.PostAsync($"{door}/locations/{location}", ("version", "1"),
            ("name", "Harbor"), ("timeZone", "America/Denver"), ("addressLine", "3 Harbor View"), ("city", "Millbrook"), ("phone", "(603) 555-0199"))).Location);
        Assert.Equal($"{door}/locations", (await admin.PostAsync($"{door}/locations/rooms/{room}", ("version", "1"), ("name", "Room 2"))).Location);
        Assert.Equal($"{door}/visit-types", (await admin.PostAsync($"{door}/visit-types/{type}", ("version", "1"), ("name", "Check-up"), ("minutes", "25"), ("color", "teal"))).Location);

        Assert.Equal(("Harbor", "America/Denver", "3 Harbor View", "+16035550199", 2), await host.OneAsync<(string, string, string, string, int)>(
            "select name, time_zone, address_line, phone, version from location"));
        Assert.Equal("Room 2", await host.OneAsync<string>("select name from room"));
        Assert.Equal(("Check-up", 25, "teal"), await host.OneAsync<(string, int, string)>("select name, minutes, color from visit_type"));
        Assert.Equal(3, await host.OneAsync<long>("select count(*) from audit_event where action in ('location.changed', 'room.changed', 'visit_type.changed') and outcome = 'done'"));
    }

    [Fact]
    public async Task A_stale_page_is_told_what_has_changed_and_keeps_what_was_typed()
    {
        await using var host = await TestClinic.OpenAsync();
        var location = await AddLocationAsync(host);
        var (one, other) = (new TestBrowser(host.As(ClinicRole.Admin)), new TestBrowser(host.As(ClinicRole.Admin)));
        var opened = await one.OpenAsync($"/settings/locations/{location}");
        await other.PostAsync($"/settings/locations/{location}", ("version", "1"), ("name", "Harbor"), ("timeZone", "America/New_York"), ("city", "Oakfield"));

        var stale = await one.PostAsync($"/settings/locations/{location}", ("version", opened.Hidden("version")),
            ("seen.name", opened.Hidden("seen.name")), ("seen.city", opened.Hidden("seen.city")), ("seen.timeZone", opened.Hidden("seen.timeZone")),
            ("name", "Main Street"), ("timeZone", "America/Chicago"), ("city", "Brookfield"));

        Assert.Equal(HttpStatusCode.PreconditionFailed, stale.Status);
        Assert.Contains("<del>Main Street</del> <ins>Harbor</ins>", stale.Html, StringComparison.Ordinal);
        Assert.Contains("<del>Millbrook</del> <ins>Oakfield</ins>", stale.Html, StringComparison.Ordinal);
        Assert.Contains("value=\"Brookfield\"", stale.Html, StringComparison.Ordinal);   // typed by this person: kept
        Assert.Contains("id=\"f-name\" name=\"name\" type=\"text\" value=\"Harbor\"", stale.Html, StringComparison.Ordinal);   // left alone: shows the other's
        Assert.Contains("value=\"America/Chicago\" selected", stale.Html, StringComparison.Ordinal);
        Assert.Equal("2", stale.Hidden("version"));
        Assert.Equal(("Harbor", "Oakfield", 2), await host.OneAsync<(string, string, int)>("select name, city, version from location"));   // nothing was overwritten
        Assert.Equal("/settings/locations", (await one.PostAsync($"/settings/locations/{location}", ("version", "2"), ("name", "Harbor"), ("timeZone", "America/Chicago"), ("city", "Brookfield"))).Location);
    }

    [Theory]
    [InlineData("", "America/Denver", "", "name", "Give it a name")]
    [InlineData("Annex", "Mars/Olympus", "", "timeZone", "Choose a time zone")]
    [InlineData("Annex", "America/Denver", "12", "phone", "not a telephone number")]
    [InlineData("harbor", "America/Denver", "", "name", "There is a location of this name")]   // names meet whatever their case
    public async Task A_wrong_field_is_blamed_beside_it_and_the_rest_stays_typed(string name, string zone, string phone, string field, string blamed)
    {
        await using var host = await TestClinic.OpenAsync();
        var location = await AddLocationAsync(host);
        await AddAsync(host, "/api/v1/locations", new { name = "Harbor", timeZone = "America/New_York" });

        var refused = await new TestBrowser(host.As(ClinicRole.Admin)).PostAsync($"/settings/locations/{location}", ("version", "1"),
            ("name", name), ("timeZone", zone), ("phone", phone), ("addressLine", "7 Elm Street"));

        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.Status);
        Assert.Contains(blamed, refused.ErrorOf(field), StringComparison.Ordinal);
        Assert.Contains("value=\"7 Elm Street\"", refused.Html, StringComparison.Ordinal);
        Assert.Equal(("Main Street", 1), await host.OneAsync<(string, int)>("select name, version from location where id = @location", new { location }));
    }

    [Fact]
    public async Task What_is_closed_or_another_clinics_cannot_be_edited()
    {
        await using var ours = await TestClinic.OpenAsync();
        await using var theirs = await TestClinic.OpenAsync();
        var location = await AddLocationAsync(theirs);
        var admin = new TestBrowser(ours.As(ClinicRole.Admin));

        Assert.Equal(HttpStatusCode.NotFound, (await admin.OpenAsync($"/settings/locations/{location}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await admin.PostAsync($"/settings/locations/{location}", ("version", "1"), ("name", "Taken over"), ("timeZone", "America/Denver"))).Status);
        await new TestBrowser(theirs.As(ClinicRole.Admin)).PostAsync($"/settings/locations/{location}/close", ("version", "1"));
        Assert.Equal(HttpStatusCode.NotFound, (await new TestBrowser(theirs.As(ClinicRole.Admin)).OpenAsync($"/settings/locations/{location}")).Status);
        Assert.Equal("Main Street", await theirs.OneAsync<string>("select name from location"));
    }

    [Fact]
    public async Task Going_on_saves_all_that_stands_in_the_form_and_what_is_refused_comes_back_alone()
    {
        await using var host = await TestClinic.OpenAsync();
        var location = await AddLocationAsync(host);
        var admin = new TestBrowser(host.As(ClinicRole.Admin));

        var refused = await admin.PostAsync("/onboarding/locations", ("rooms[0].locationId", location.ToString()), ("rooms[0].name", "Room 1"),
            ("name", "main street"), ("timeZone", "America/Denver"), ("city", "Denver"), ("then", "next"));

        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.Status);   // the room is there, the second location's name is taken
        Assert.Equal("Room 1", await host.OneAsync<string>("select name from room"));
        Assert.Contains("value=\"Denver\"", refused.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("value=\"Room 1\"", refused.Html, StringComparison.Ordinal);
        Assert.Equal(0, await host.OneAsync<long>("select count(*) from onboarding_step"));
        Assert.Equal("/", (await admin.PostAsync("/onboarding/locations", ("rooms[0].locationId", location.ToString()), ("rooms[0].name", ""),
            ("name", "Annex"), ("timeZone", "America/Denver"), ("then", "next"))).Location);
        Assert.Equal(2, await host.OneAsync<long>("select count(*) from location"));
        Assert.Equal("locations", await host.OneAsync<string>("select step from onboarding_step"));
    }
}
