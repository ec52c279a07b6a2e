using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Chartroom.Clinics;

public sealed class VisitTypesTests
{
    private static async Task<string> AddedAsync(HttpClient admin, string path, object body)
    {
        using var answer = await admin.PostAsJsonAsync(path, body);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        return (string)(await answer.Content.ReadFromJsonAsync<JsonObject>())!["id"]!;
    }

    [Fact]
    public async Task S4_A_visit_type_says_what_time_is_kept_free_how_it_starts_how_many_and_with_which_room_and_device()
    {
        await using var host = await TestClinic.OpenAsync();
        using var client = host.As(ClinicRole.Admin);
        var admin = new TestBrowser(client);
        var location = await AddedAsync(client, "/api/v1/locations", new { name = "Main", timeZone = "America/Denver" });
        var (room, device) = (await AddedAsync(client, $"/api/v1/locations/{location}/rooms", new { name = "Room 1" }), await AddedAsync(client, $"/api/v1/locations/{location}/devices", new { name = "Ultrasound" }));
        var type = await AddedAsync(client, "/api/v1/visit-types", new { name = "Scan", minutes = 20, color = "teal" });

        Assert.Contains("Ultrasound", (await admin.OpenAsync($"/settings/visit-types/{type}")).Html, StringComparison.Ordinal);
        var saved = await admin.PostAsync($"/settings/visit-types/{type}", ("version", "1"), ("name", "Scan"), ("minutes", "20"), ("color", "teal"), ("bufferBefore", "5"), ("bufferAfter", "10"),
            ("alignMinutes", "15"), ("dailyCap", "8"), ("leadMinutes", "1440"), ("horizonDays", ""), ("roomIds", room), ("deviceIds", device));

        Assert.Equal("/settings/visit-types", saved.Location);
        Assert.Equal((5, 10, 15, 8, 1440, null, 2), await host.OneAsync<(int, int, int, int, int, int?, int)>(
            "select buffer_before, buffer_after, align_minutes, daily_cap, lead_minutes, horizon_days, version from visit_type"));
        Assert.Equal((room, device), await host.OneAsync<(string, string)>("select room_id::text, device_id::text from visit_type_room join visit_type_device using (visit_type_id)"));
        var told = (await client.GetFromJsonAsync<JsonArray>("/api/v1/visit-types"))![0]!;
        Assert.Equal((room, device, 8), ((string)told["roomIds"]![0]!, (string)told["deviceIds"]![0]!, (int)told["dailyCap"]!));
        var list = (await admin.OpenAsync("/settings/visit-types")).Html;
        Assert.Contains("5 min free before · 10 min free after · starts every 15 min · 8 a day at most · needs a room · needs a device", list, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("bufferBefore", "121"), InlineData("bufferAfter", "-1"), InlineData("alignMinutes", "7"), InlineData("dailyCap", "0"), InlineData("leadMinutes", "43201"), InlineData("horizonDays", "731")]
    public async Task S4_Rules_beyond_their_bounds_come_back_beside_their_field_and_change_nothing(string field, string value)
    {
        await using var host = await TestClinic.OpenAsync();
        using var client = host.As(ClinicRole.Admin);
        var type = await AddedAsync(client, "/api/v1/visit-types", new { name = "Scan", minutes = 20, color = "teal" });
        (string Name, string Value)[] usual = [("bufferBefore", "0"), ("bufferAfter", "0"), ("alignMinutes", "5"), ("dailyCap", ""), ("leadMinutes", ""), ("horizonDays", "")];

        var refused = await new TestBrowser(client).PostAsync($"/settings/visit-types/{type}",
            [("version", "1"), ("name", "Scan"), ("minutes", "20"), ("color", "teal"), .. usual.Select(it => it.Name == field ? (field, value) : it)]);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.Status);
        Assert.NotEqual("", refused.ErrorOf(field));
        Assert.Equal(1, await host.OneAsync<int>("select version from visit_type"));
    }

    [Fact]
    public async Task S5_A_room_of_nobody_is_no_room_that_will_do_and_a_device_is_named_once_renamed_and_retired()
    {
        await using var host = await TestClinic.OpenAsync();
        using var client = host.As(ClinicRole.Admin);
        var admin = new TestBrowser(client);
        using var stray = await client.PostAsJsonAsync("/api/v1/visit-types", new { name = "Scan", minutes = 20, color = "teal", roomIds = new[] { Guid.CreateVersion7() } });
        Assert.Equal(HttpStatusCode.UnprocessableEntity, stray.StatusCode);
        Assert.Equal(0, await host.OneAsync<long>("select count(*) from visit_type"));

        var location = await AddedAsync(client, "/api/v1/locations", new { name = "Main", timeZone = "America/Denver" });
        Assert.Equal("/settings/locations", (await admin.PostAsync("/settings/locations", ("timeZone", "America/Denver"), ("devices[0].locationId", location), ("devices[0].name", "Ultrasound"))).Location);
        var twice = await admin.PostAsync("/settings/locations", ("timeZone", "America/Denver"), ("devices[0].locationId", location), ("devices[0].name", "ultrasound"));
        Assert.Equal("There is a device of this name here.", twice.ErrorOf("devices[0].name"));
        var device = await host.OneAsync<Guid>("select id from device");
        Assert.Equal("/settings/locations", (await admin.PostAsync($"/settings/locations/devices/{device}", ("version", "1"), ("name", "Ultrasound A"))).Location);
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await admin.PostAsync($"/settings/locations/devices/{device}", ("version", "1"), ("name", "Other"))).Status);
        Assert.Equal("/settings/locations", (await admin.PostAsync($"/settings/locations/devices/{device}/retire", ("version", "2"))).Location);
        Assert.Equal(("Ultrasound A", false, 3), await host.OneAsync<(string, bool, int)>("select name, is_active, version from device"));
        Assert.Equal(["device.added", "device.changed", "device.retired"], await host.RowsAsync<string>("select action from audit_event where action like 'device.%' and outcome = 'done' order by id"));
    }
}
