using System.Net;

namespace Chartroom.Accounts;

public sealed class SignUpTests
{
    [Fact]
    public async Task ACC_3_TEN_4_A_practice_comes_from_the_form_to_an_open_clinic_with_a_schema_of_its_own()
    {
        await using var host = await TestClinic.OpenAsync();
        var practice = new TestSignUp(host);

        Assert.Equal("/set-up/authenticator", (await practice.ToPasswordAsync()).Location);
        Assert.Equal("/set-up/recovery-codes", (await practice.ToAuthenticatorAsync()).Location);
        var codes = (await practice.Browser.FollowAsync("/")).Marked("data-recovery-code");
        Assert.Equal(10, codes.Count);
        Assert.Equal("/", (await practice.Browser.PostAsync("/set-up/recovery-codes", ("code", codes[0]))).Location);
        Assert.Equal("Business associate agreement", (await practice.Browser.FollowAsync("/")).Title);

        var (clinic, state, role) = await host.OneAsync<(Guid, string, string)>("""
            select clinic.id, clinic.state, membership.role
            from platform.person
            join platform.membership on membership.person_id = person.id
            join platform.clinic on clinic.id = membership.clinic_id
            where person.email = @email
            """, new { email = practice.Email });
        Assert.Equal(("active", "admin"), (state, role));
        Assert.Equal("Ana Whitfield", await host.OneAsync<string>($"select display_name from tenant_{clinic:N}.staff"));
        Assert.Equal(["clinic.signed-up", "authenticator.set-up", "recovery_codes.kept"], await host.RowsAsync<string>("""
            select action
            from platform.audit_event
            where person_id = (select id from platform.person where email = @email)
            order by at, id
            """, new { email = practice.Email }));
    }

    [Theory]
    [InlineData("practice", "", "practice")]
    [InlineData("name", "", "name")]
    [InlineData("email", "ana@lakeside", "email")]
    [InlineData("email", "ana.whitfield@gmail.com", "email")]   // anybody's mail names no practice
    [InlineData("phone", "123", "phone")]
    public async Task What_is_not_right_comes_back_with_the_field_named_and_sends_no_mail(string field, string value, string blamed)
    {
        await using var host = await TestClinic.OpenAsync();
        var email = $"ana-{Guid.CreateVersion7():N}@lakeside.example";
        var fields = new Dictionary<string, string> { ["practice"] = "Lakeside", ["name"] = "Ana Whitfield", ["email"] = email, ["phone"] = "303 555 0123", [field] = value };

        var page = await new TestBrowser(host.Anonymous()).PostAsync("/sign-up", [.. fields.Select(pair => (pair.Key, pair.Value))]);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, page.Status);
        Assert.Contains($"id=\"{Shell.FieldIds.Of(blamed)}-error\"", page.Html, StringComparison.Ordinal);
        Assert.Equal(0, await host.OneAsync<long>("select count(*) from platform.sign_up where email = @email", new { email }));
        Assert.Equal(0, await host.OneAsync<long>("select count(*) from platform.outbox where recipient = @email", new { email }));
    }

    [Theory]
    [InlineData("{}"), InlineData("""{"practice":null,"name":"A","email":"a@b.example","phone":"303 555 0123"}"""), InlineData("[]"), InlineData("null"), InlineData("{\"practice\":")]
    public async Task A_body_without_what_is_asked_is_unreadable_and_no_fault_of_ours(string body)
    {
        await using var host = await TestClinic.OpenAsync();
        using var answer = await host.Anonymous().PostAsync("/api/v1/sign-ups", new StringContent(body, System.Text.Encoding.UTF8, "application/json"));
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public async Task A_known_address_gets_the_same_answer_and_only_its_mailbox_learns_more()
    {
        await using var host = await TestClinic.OpenAsync();
        var practice = new TestSignUp(host);
        await practice.ToPasswordAsync();

        var stranger = new TestBrowser(host.Anonymous());
        var known = await stranger.PostAsync("/sign-up", ("practice", "X"), ("name", "Y"), ("email", practice.Email), ("phone", "303 555 0123"));
        var unknown = await stranger.PostAsync("/sign-up", ("practice", "X"), ("name", "Y"), ("email", $"b-{Guid.CreateVersion7():N}@lakeside.example"), ("phone", "303 555 0123"));

        Assert.Equal((unknown.Status, unknown.Html), (known.Status, known.Html));
        Assert.Equal("/sign-in", await practice.LinkAsync());
    }

    [Fact]
    public async Task A_link_is_good_once_for_a_day_and_looking_does_not_use_it_up()
    {
        await using var host = await TestClinic.OpenAsync();
        var (first, second) = (new TestSignUp(host), new TestSignUp(host));
        await first.ToPasswordAsync();
        await second.Browser.PostAsync("/sign-up", ("practice", "Hillside"), ("name", "Bo Marsh"), ("email", second.Email), ("phone", "303 555 0123"));
        var link = await second.LinkAsync();

        Assert.Equal(HttpStatusCode.OK, (await second.Browser.OpenAsync(link)).Status);
        Assert.Equal(HttpStatusCode.OK, (await second.Browser.OpenAsync(link)).Status);
        host.Clock.Advance(TimeSpan.FromHours(24));
        Assert.Equal(HttpStatusCode.Gone, (await second.Browser.PostAsync(link, ("password", TestSignUp.Password))).Status);
        Assert.Equal(HttpStatusCode.Gone, (await second.Browser.OpenAsync("/sign-up/never-made")).Status);
        Assert.Equal(0, await host.OneAsync<long>("select count(*) from platform.person where email = @email", new { email = second.Email }));
    }

    [Theory]
    [InlineData("short1A!"), InlineData("Password123!"), InlineData("Lakeside-2026"), InlineData("no-upper-case-42"), InlineData("")]
    public async Task ACC_2_A_weak_first_password_is_refused_and_nothing_is_made(string password)
    {
        await using var host = await TestClinic.OpenAsync();
        var practice = new TestSignUp(host);
        await practice.Browser.PostAsync("/sign-up", ("practice", "Lakeside"), ("name", "Ana Whitfield"), ("email", practice.Email), ("phone", "303 555 0123"));

        var page = await practice.Browser.PostAsync(await practice.LinkAsync(), ("password", password));

        Assert.Equal((HttpStatusCode.UnprocessableEntity, "Choose a password"), (page.Status, page.Title));
        Assert.Equal(0, await host.OneAsync<long>("select count(*) from platform.person where email = @email", new { email = practice.Email }));
    }

    [Theory]
    [InlineData("Lakeside Family Practice", "lakeside-family-practice")]
    [InlineData("  Dr. Žofie Němcová & Söhne! ", "dr-zofie-nemcova-sohne")]
    [InlineData("東京クリニック", "clinic")]
    [InlineData("a-very-long-name-of-a-practice-that-goes-on-and-on", "a-very-long-name-of-a-practice-that-goes")]
    public void A_short_name_is_made_from_the_practices_own(string practice, string expected) => Assert.Equal(expected, NewClinic.SlugOf(practice));
}
