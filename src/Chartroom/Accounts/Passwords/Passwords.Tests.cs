using System.Net;

namespace Chartroom.Accounts;

public sealed class PasswordsTests
{
    private static string Fresh(int number) => $"Umbra-Sextet-{number:D2}-Plover";

    private static Task<TestPage> ChangeAsync(TestBrowser browser, string current, string next) =>
        browser.PostAsync("/account/password", ("current", current), ("password", next));

    [Fact]
    public async Task ACC_2_None_of_the_last_twenty_four_comes_back_and_the_twenty_fifth_does()
    {
        await using var host = await TestClinic.OpenAsync();
        var practice = new TestSignUp(host);
        await practice.ToOpenAsync();   // the first password of all
        var current = TestSignUp.Password;
        for (var number = 1; number <= 23; number++)
        {
            Assert.Equal("/settings/security", (await ChangeAsync(practice.Browser, current, Fresh(number))).Location);
            host.Clock.Advance(TimeSpan.FromSeconds(1));
            current = Fresh(number);
        }

        var refused = await ChangeAsync(practice.Browser, current, TestSignUp.Password);   // 24 ago, the present one counted
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.Status);
        Assert.Contains("one of your last 24 passwords", refused.Html, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await ChangeAsync(practice.Browser, current, current)).Status);
        Assert.Equal("/settings/security", (await ChangeAsync(practice.Browser, current, Fresh(24))).Location);
        Assert.Equal("/settings/security", (await ChangeAsync(practice.Browser, Fresh(24), TestSignUp.Password)).Location);
    }

    [Fact]
    public async Task ACC_2_After_ninety_days_a_new_password_is_asked_for_before_anything_opens()
    {
        await using var host = await TestClinic.OpenAsync();
        var practice = new TestSignUp(host);
        await practice.ToOpenAsync();
        host.Clock.Advance(TimeSpan.FromDays(90));

        var (browser, page) = await practice.SignInAsync();
        Assert.Equal("/account/password", page.Location);
        Assert.Equal("/account/password", (await browser.OpenAsync("/")).Location);
        Assert.Equal("/", (await browser.OpenAsync("/settings/security")).Location);
        Assert.Equal("/", (await ChangeAsync(browser, TestSignUp.Password, Fresh(1))).Location);
        Assert.Equal(HttpStatusCode.OK, (await browser.OpenAsync("/settings/security")).Status);
    }

    [Fact]
    public async Task ACC_2_Under_nist_no_password_grows_old_and_length_is_what_counts()
    {
        await using var host = await TestClinic.OpenAsync();
        var practice = new TestSignUp(host);
        await practice.ToOpenAsync();
        await host.RowsAsync<int>("""
            update platform.clinic set password_policy = 'nist', password_least = 15
            where id in (select clinic_id from platform.membership join platform.person on person.id = person_id where email = @email)
            """, new { email = practice.Email });
        host.Clock.Advance(TimeSpan.FromDays(400));

        var (browser, page) = await practice.SignInAsync();
        Assert.Equal("/", page.Location);
        Assert.Equal("/settings/security", (await ChangeAsync(browser, TestSignUp.Password, "plover umbral sextet")).Location);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await ChangeAsync(browser, "plover umbral sextet", "abhlqxdtwkyrmv")).Status);
    }

    [Fact]
    public async Task ACC_9_A_reset_by_mail_replaces_the_password_only_ends_all_sessions_and_works_once()
    {
        await using var host = await TestClinic.OpenAsync();
        var practice = new TestSignUp(host);
        await practice.ToOpenAsync();
        var stranger = new TestBrowser(host.Anonymous());

        var known = await stranger.PostAsync("/password-reset", ("email", practice.Email));
        var unknown = await stranger.PostAsync("/password-reset", ("email", $"x-{Guid.CreateVersion7():N}@lakeside.example"));
        Assert.Equal((unknown.Status, unknown.Html), (known.Status, known.Html));
        var link = await practice.LinkAsync();
        Assert.Equal("/sign-in?reset=done", (await stranger.PostAsync(link, ("password", Fresh(1)))).Location);

        Assert.Equal(HttpStatusCode.Gone, (await stranger.PostAsync(link, ("password", Fresh(2)))).Status);
        Assert.NotEqual(HttpStatusCode.OK, (await practice.Browser.OpenAsync("/settings/security")).Status);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await stranger.PostAsync("/sign-in", ("email", practice.Email), ("password", TestSignUp.Password))).Status);
        Assert.Equal("/sign-in/code", (await stranger.PostAsync("/sign-in", ("email", practice.Email), ("password", Fresh(1)))).Location);   // the second factor stays
        Assert.Equal("/", (await stranger.PostAsync("/sign-in/code", ("code", practice.CodeNow))).Location);
    }

    [Fact]
    public async Task ACC_9_A_reset_link_is_good_for_half_an_hour_and_a_weak_choice_does_not_use_it_up()
    {
        await using var host = await TestClinic.OpenAsync();
        var practice = new TestSignUp(host);
        await practice.ToOpenAsync();
        var stranger = new TestBrowser(host.Anonymous());
        await stranger.PostAsync("/password-reset", ("email", practice.Email));
        var link = await practice.LinkAsync();

        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await stranger.PostAsync(link, ("password", TestSignUp.Password))).Status);   // the present one
        Assert.Equal(HttpStatusCode.OK, (await stranger.OpenAsync(link)).Status);
        host.Clock.Advance(TimeSpan.FromMinutes(30));
        Assert.Equal(HttpStatusCode.Gone, (await stranger.PostAsync(link, ("password", Fresh(1)))).Status);
    }

    [Fact]
    public async Task ACC_2_An_imported_account_signs_in_with_its_bcrypt_hash_once_and_has_an_Argon2id_one_from_then_on()
    {
        await using var host = await TestClinic.OpenAsync();
        var practice = new TestSignUp(host);
        await practice.ToOpenAsync();
        var imported = BCrypt.Net.BCrypt.HashPassword(TestSignUp.Password, 5);
        const string replace = "update platform.credential set password_hash = @imported from platform.person where person.id = person_id and person.email = @email";
        await host.RunAsync([replace], new { imported, email = practice.Email });
        var wrong = new TestBrowser(host.Anonymous());
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await wrong.PostAsync("/sign-in", ("email", practice.Email), ("password", TestSignUp.Password + "x"))).Status);

        Assert.Equal("/", (await practice.SignInAsync()).Page.Location);

        var kept = await host.OneAsync<string>("select password_hash from platform.credential join platform.person on person.id = person_id where email = @email", new { email = practice.Email });
        Assert.StartsWith("$argon2id$", kept, StringComparison.Ordinal);
        Assert.Equal("/", (await practice.SignInAsync()).Page.Location);
    }

    [Fact]
    public async Task A_new_password_needs_the_present_one_and_ends_the_other_sessions()
    {
        await using var host = await TestClinic.OpenAsync();
        var practice = new TestSignUp(host);
        await practice.ToOpenAsync();
        var (second, _) = await practice.SignInAsync();

        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await ChangeAsync(second, "wrong", Fresh(1))).Status);
        Assert.Equal("/settings/security", (await ChangeAsync(second, TestSignUp.Password, Fresh(1))).Location);
        Assert.Equal(HttpStatusCode.OK, (await second.OpenAsync("/settings/security")).Status);
        Assert.NotEqual(HttpStatusCode.OK, (await practice.Browser.OpenAsync("/settings/security")).Status);
        Assert.Equal(1, await host.OneAsync<long>("select count(*) from platform.outbox where recipient = @email and subject = 'Your password was changed'", new { email = practice.Email }));
    }
}
