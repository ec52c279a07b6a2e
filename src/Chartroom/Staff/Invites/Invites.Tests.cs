using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Chartroom.Platform.Identity;

namespace Chartroom.Staff;

public sealed class InvitesTests
{
    private static string NewAddress() => $"bo-{Guid.CreateVersion7():N}@lakeside.example";

    private static async Task<string> LinkAsync(TestClinic host, string email) => new Uri(
        (await host.RowsAsync<string>("select body from platform.outbox where recipient = @email order by created_at desc, id desc limit 1", new { email })).Single()
            .Split('\n').Single(line => line.StartsWith("http", StringComparison.Ordinal)).Trim()).PathAndQuery;

    private static Task<HttpResponseMessage> InviteAsync(TestClinic host, string email, string role = "front_desk", string? npi = null) =>
        host.As(ClinicRole.Admin).PostAsJsonAsync("/api/v1/staff/invites", new { name = "Bo Marsh", email, role, npi });

    [Fact]
    public async Task An_invited_person_chooses_a_password_sets_up_the_second_factor_and_works_in_the_role()
    {
        await using var host = await TestClinic.OpenAsync();
        var email = NewAddress();
        Assert.Equal(HttpStatusCode.Created, (await InviteAsync(host, email)).StatusCode);
        Assert.Equal(("front_desk", false), await host.OneAsync<(string, bool)>("select role, has_account from staff where display_name = 'Bo Marsh'"));
        var (browser, link) = (new TestBrowser(host.Anonymous()), await LinkAsync(host, email));

        Assert.Equal(HttpStatusCode.OK, (await browser.OpenAsync(link)).Status);
        Assert.Equal("/set-up/authenticator", (await browser.PostAsync(link, ("password", TestSignUp.Password))).Location);
        var secret = Base32.Read((await browser.FollowAsync("/")).Marked("data-totp-secret").Single())!;
        await browser.PostAsync("/set-up/authenticator", ("code", Totp.CodeOf(secret, Totp.StepAt(host.Clock.GetUtcNow()))));
        var codes = (await browser.FollowAsync("/")).Marked("data-recovery-code");
        await browser.PostAsync("/set-up/recovery-codes", ("code", codes[9]));

        Assert.Equal("/day", (await browser.OpenAsync("/")).Location);
        Assert.Equal(HttpStatusCode.Forbidden, (await browser.OpenAsync("/settings/clinic")).Status);
        Assert.Equal(("front_desk", true), await host.OneAsync<(string, bool)>("select role, has_account from staff where display_name = 'Bo Marsh'"));
        Assert.Equal(await host.OneAsync<Guid>("select id from platform.person where email = @email", new { email }), await host.OneAsync<Guid>("select id from staff where display_name = 'Bo Marsh'"));
        Assert.Equal(HttpStatusCode.Gone, (await new TestBrowser(host.Anonymous()).PostAsync(link, ("password", TestSignUp.Password))).Status);   // once
    }

    [Fact]
    public async Task TEN_5_Somebody_with_an_account_joins_a_second_clinic_signed_in_under_the_invited_address_only()
    {
        await using var host = await TestClinic.OpenAsync();
        var (practice, other) = (new TestSignUp(host), new TestSignUp(host));
        await practice.ToOpenAsync();
        await other.ToOpenAsync();
        await InviteAsync(host, practice.Email);
        var link = await LinkAsync(host, practice.Email);

        Assert.Contains("/sign-in?to=/invite/", (await new TestBrowser(host.Anonymous()).OpenAsync(link)).Html, StringComparison.Ordinal);
        Assert.NotEqual("/", (await other.Browser.PostAsync($"{link}/join")).Location);
        Assert.Equal("/", (await practice.Browser.PostAsync($"{link}/join")).Location);
        Assert.Equal("/day", (await practice.Browser.OpenAsync("/")).Location);
        Assert.Equal("front_desk", await host.OneAsync<string>(
            "select membership.role from platform.membership join platform.person on person.id = person_id where email = @email and clinic_id = @clinic", new { email = practice.Email, clinic = host.Id }));
    }

    [Theory]
    [InlineData("provider", "1234567890", "npi")]     // wrong check digit
    [InlineData("provider", null, "npi")]
    [InlineData("owner", null, "role")]
    public async Task What_is_not_right_is_refused_and_nobody_is_put_on_the_list(string role, string? npi, string blamed)
    {
        await using var host = await TestClinic.OpenAsync();
        using var answer = await InviteAsync(host, NewAddress(), role, npi);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.True((await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors").TryGetProperty(blamed, out _));
        Assert.Equal(0, await host.OneAsync<long>("select count(*) from staff where display_name = 'Bo Marsh'"));
    }

    [Fact]
    public async Task An_invitation_taken_back_or_replaced_or_a_week_old_opens_nothing()
    {
        await using var host = await TestClinic.OpenAsync();
        var email = NewAddress();
        await InviteAsync(host, email);
        var first = await LinkAsync(host, email);
        await InviteAsync(host, email);
        var second = await LinkAsync(host, email);
        var browser = new TestBrowser(host.Anonymous());
        Assert.Equal([HttpStatusCode.Gone, HttpStatusCode.OK], new[] { (await browser.OpenAsync(first)).Status, (await browser.OpenAsync(second)).Status });

        var invite = await host.OneAsync<Guid>("select id from platform.invite where email = @email and revoked_at is null", new { email });
        using var revoked = await host.As(ClinicRole.Admin).DeleteAsync($"/api/v1/staff/invites/{invite}");
        Assert.Equal(HttpStatusCode.NoContent, revoked.StatusCode);
        Assert.Equal(HttpStatusCode.Gone, (await browser.OpenAsync(second)).Status);
        Assert.False(await host.OneAsync<bool>("select is_active from staff where display_name = 'Bo Marsh'"));

        await InviteAsync(host, email);
        host.Clock.Advance(TimeSpan.FromDays(7));
        Assert.Equal(HttpStatusCode.Gone, (await browser.PostAsync(await LinkAsync(host, email), ("password", TestSignUp.Password))).Status);
    }

    [Fact]
    public async Task Ending_somebodys_work_ends_their_sessions_at_once_and_the_last_administrator_stays()
    {
        await using var host = await TestClinic.OpenAsync();
        var (desk, admin) = (host.Actor(ClinicRole.FrontDesk).Person, host.Actor(ClinicRole.Admin).Person);
        using var client = host.As(ClinicRole.Admin);
        Assert.Equal(HttpStatusCode.OK, (await host.As(ClinicRole.FrontDesk).GetAsync("/api/v1/locations")).StatusCode);

        Assert.Equal(HttpStatusCode.NoContent, (await client.DeleteAsync($"/api/v1/staff/{desk}")).StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, (await client.DeleteAsync($"/api/v1/staff/{admin}")).StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, (await client.PutAsJsonAsync($"/api/v1/staff/{admin}/role", new { role = "provider" })).StatusCode);

        Assert.Equal(HttpStatusCode.Unauthorized, (await host.As(ClinicRole.FrontDesk).GetAsync("/api/v1/locations")).StatusCode);
        Assert.False(await host.OneAsync<bool>("select is_active from staff where id = @desk", new { desk }));
        Assert.Equal(HttpStatusCode.NotFound, (await client.DeleteAsync($"/api/v1/staff/{desk}")).StatusCode);
    }

    [Fact]
    public async Task Another_clinics_administrator_can_do_nothing_with_our_staff_and_invitations()
    {
        await using var ours = await TestClinic.OpenAsync();
        await using var theirs = await TestClinic.OpenAsync();
        var email = NewAddress();
        await InviteAsync(ours, email);
        var invite = await ours.OneAsync<Guid>("select id from platform.invite where email = @email", new { email });
        var desk = ours.Actor(ClinicRole.FrontDesk).Person;
        using var client = theirs.As(ClinicRole.Admin);

        Assert.Equal(HttpStatusCode.NotFound, (await client.DeleteAsync($"/api/v1/staff/invites/{invite}")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await client.DeleteAsync($"/api/v1/staff/{desk}")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await client.PutAsJsonAsync($"/api/v1/staff/{desk}/role", new { role = "admin" })).StatusCode);
        Assert.DoesNotContain(email, await client.GetStringAsync("/api/v1/staff/invites"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("09:00", "12:00", "12:00", "17:00", 204)]   // one ends where the other begins
    [InlineData("09:00", "12:00", "11:59", "17:00", 409)]
    [InlineData("09:00", "09:00", "10:00", "11:00", 422)]   // no time at all
    [InlineData("17:00", "09:00", "10:00", "11:00", 422)]
    public async Task Hours_may_touch_and_not_overlap(string opens, string closes, string opensToo, string closesToo, int expected)
    {
        await using var host = await TestClinic.OpenAsync();
        using var client = host.As(ClinicRole.Admin);
        using var added = await client.PostAsJsonAsync("/api/v1/locations", new { name = "Main", timeZone = "America/Denver" });
        var locationId = (await added.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetGuid();
        var provider = host.Actor(ClinicRole.Provider).Person;

        using var request = new HttpRequestMessage(HttpMethod.Put, $"/api/v1/staff/{provider}/hours")
        {
            Content = JsonContent.Create(new { hours = new[] { new { weekday = 1, opens, closes, locationId }, new { weekday = 1, opens = opensToo, closes = closesToo, locationId } } }),
            Headers = { { "If-Match", "\"1\"" } },
        };
        using var set = await client.SendAsync(request);

        Assert.Equal(expected, (int)set.StatusCode);
        Assert.Equal(expected == 204 ? 2 : 0, await host.OneAsync<long>("select count(*) from weekly_hours"));
    }
}
