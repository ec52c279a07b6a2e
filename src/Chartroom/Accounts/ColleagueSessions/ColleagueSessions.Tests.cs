using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Chartroom.Accounts;

public sealed class ColleagueSessionsTests
{
    [Fact]
    public async Task ACC_1_An_administrator_sees_when_one_account_is_at_work_in_several_browsers_and_ends_its_sessions()
    {
        await using var clinic = await TestClinic.OpenAsync();
        using var admin = clinic.As(ClinicRole.Admin);
        using var provider = clinic.As(ClinicRole.Provider);
        var person = clinic.Actor(ClinicRole.Provider).Person.Value;
        const string second = """
            insert into platform.session (id, token_hash, person_id, clinic_id, is_mfa_done, created_at, last_seen_at, expires_at, device_id, ip, agent)
            select gen_random_uuid(), sha256(gen_random_uuid()::text::bytea), person_id, @clinic, true, created_at, last_seen_at, expires_at, gen_random_uuid(), '203.0.113.9', 'Mozilla/5.0 (Windows NT 10.0) Firefox/140.0'
            from platform.session where person_id = @person limit 1
            """;
        await clinic.RunAsync([second], new { person, clinic = (Guid?)clinic.Id.Value });
        await clinic.RunAsync([second.Replace("@clinic", "null", StringComparison.Ordinal).Replace("203.0.113.9", "203.0.113.77", StringComparison.Ordinal)], new { person });   // at none of this clinic's

        var listed = await admin.GetFromJsonAsync<JsonElement>($"/api/v1/staff/{person}/sessions");
        Assert.Equal(2, listed.GetArrayLength());
        Assert.Contains(listed.EnumerateArray(), it => it.GetProperty("browser").GetString() == "Firefox on Windows" && it.GetProperty("ip").GetString() == "203.0.113.9");
        var page = await admin.GetStringAsync($"/settings/staff/{person}/sessions");
        Assert.Contains("2 browsers at once", page, StringComparison.Ordinal);
        Assert.DoesNotContain("203.0.113.77", page, StringComparison.Ordinal);

        Assert.Equal(HttpStatusCode.Forbidden, (await provider.DeleteAsync($"/api/v1/staff/{person}/sessions")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await admin.DeleteAsync($"/api/v1/staff/{Guid.CreateVersion7()}/sessions")).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await admin.DeleteAsync($"/api/v1/staff/{person}/sessions")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await provider.GetAsync("/api/v1/sessions/current")).StatusCode);
        Assert.Equal(1, await clinic.OneAsync<long>("select count(*) from platform.session where person_id = @person and ended_at is null", new { person }));   // what is elsewhere goes on
        Assert.Equal(1, await clinic.OneAsync<long>("select count(*) from platform.audit_event where action = 'colleague_sessions.ended' and resource_id = @person", new { person }));
    }
}
