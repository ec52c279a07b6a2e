using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Chartroom.Platform.Identity;
using Chartroom.Platform.Web;

namespace Chartroom.Accounts;

public sealed class SignInTests
{
    private static async Task<(TestClinic Host, TestSignUp Practice)> SignedUpAsync()
    {
        var host = await TestClinic.OpenAsync();
        var practice = new TestSignUp(host);
        await practice.ToOpenAsync();
        return (host, practice);
    }

    [Fact]
    public async Task ACC_3_Password_then_code_opens_a_session_under_a_new_token_each_time()
    {
        var (host, practice) = await SignedUpAsync();
        await using var _ = host;
        var browser = new TestBrowser(host.Anonymous());

        Assert.Equal("/sign-in/code", (await browser.PostAsync("/sign-in", ("email", practice.Email.ToUpperInvariant()), ("password", TestSignUp.Password))).Location);
        var before = browser.Session;
        Assert.Equal("/sign-in/code", (await browser.OpenAsync("/")).Location);
        Assert.Equal("/", (await browser.OpenAsync("/settings/security")).Location);   // a password alone opens nothing
        Assert.Equal("/", (await browser.PostAsync("/sign-in/code", ("code", practice.CodeNow))).Location);
        Assert.NotEqual(before, browser.Session);
        Assert.Equal(HttpStatusCode.OK, (await browser.OpenAsync("/settings/security")).Status);
        Assert.Equal(0, await host.OneAsync<long>("select count(*) from platform.session where token_hash = @hash", new { hash = SecretToken.HashOf(before!) }));
    }

    [Fact]
    public async Task Unknown_address_closed_account_and_wrong_password_are_one_answer()
    {
        var (host, practice) = await SignedUpAsync();
        await using var _ = host;
        var closed = new TestSignUp(host);
        await closed.ToOpenAsync();
        await host.RowsAsync<int>("update platform.person set state = 'closed' where email = @email", new { email = closed.Email });

        var answers = new List<(HttpStatusCode, string)>();
        foreach (var (email, password) in new[] { (practice.Email, "wrong"), ("nobody@lakeside.example", "wrong"), (closed.Email, TestSignUp.Password), ("no address", "") })
        {
            using var answer = await host.Anonymous().PostAsJsonAsync("/api/v1/sessions", new { email, password, code = "123456" });
            var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
            answers.Add((answer.StatusCode, problem.GetProperty("code").GetString() + problem.GetProperty("title").GetString()));
        }

        Assert.Single(answers.Distinct());
        Assert.Equal(HttpStatusCode.Unauthorized, answers[0].Item1);
    }

    [Fact]
    public async Task ACC_3_Fifty_sends_of_one_code_open_one_session()
    {
        var (host, practice) = await SignedUpAsync();
        await using var _ = host;
        var code = practice.CodeNow;

        var tries = await Task.WhenAll(Enumerable.Range(0, 50).Select(async _ =>
        {
            using var answer = await host.Anonymous().PostAsJsonAsync("/api/v1/sessions", new { email = practice.Email, password = TestSignUp.Password, code });
            return answer.StatusCode;
        }));

        Assert.Single(tries, HttpStatusCode.Created);
        Assert.DoesNotContain(HttpStatusCode.InternalServerError, tries);
    }

    [Fact]
    public async Task ACC_3_A_recovery_code_signs_in_once_and_the_person_is_told()
    {
        var (host, practice) = await SignedUpAsync();
        await using var _ = host;

        Assert.Equal("/", (await practice.SignInAsync(practice.Codes[0].ToUpperInvariant())).Page.Location);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await practice.SignInAsync(practice.Codes[0])).Page.Status);
        Assert.Equal("/", (await practice.SignInAsync(practice.Codes[1])).Page.Location);
        Assert.Equal(2, await host.OneAsync<long>("select count(*) from platform.outbox where recipient = @email and subject = 'A recovery code was used'", new { email = practice.Email }));
    }

    [Fact]
    public async Task ACC_7_A_guesser_has_to_wait_ever_longer_and_the_person_elsewhere_does_not()
    {
        var (host, practice) = await SignedUpAsync();
        await using var _ = host;
        var guesser = new TestBrowser(host.Anonymous());
        Task<TestPage> GuessAsync(string password) => guesser.PostAsync("/sign-in", ("email", practice.Email), ("password", password));

        for (var turn = 0; turn < 5; turn++) Assert.Equal(HttpStatusCode.UnprocessableEntity, (await GuessAsync("wrong")).Status);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await GuessAsync(TestSignUp.Password)).Status);   // also the right one: nothing is looked at
        host.Clock.Advance(TimeSpan.FromSeconds(31));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await GuessAsync("wrong")).Status);
        host.Clock.Advance(TimeSpan.FromSeconds(31));
        Assert.Equal(HttpStatusCode.TooManyRequests, (await GuessAsync(TestSignUp.Password)).Status);   // the second wait is a minute

        var elsewhere = await host.The<SignInHandler>().HandleAsync(new(practice.Email, TestSignUp.Password), Origin.Job("page") with { Ip = "203.0.113.9" }, default);
        Assert.True(elsewhere.IsOk);
        host.Clock.Advance(TimeSpan.FromSeconds(31));
        Assert.Equal("/sign-in/code", (await GuessAsync(TestSignUp.Password)).Location);
    }

    [Fact]
    public async Task A_hundred_guesses_at_once_are_no_way_around_the_wait()
    {
        var (host, practice) = await SignedUpAsync();
        await using var _ = host;

        var guesses = await Task.WhenAll(Enumerable.Range(0, 40).Select(async turn =>
            (await new TestBrowser(host.Anonymous()).PostAsync("/sign-in", ("email", practice.Email), ("password", $"wrong {turn}"))).Status));

        Assert.Equal(5, guesses.Count(status => status == HttpStatusCode.UnprocessableEntity));
        Assert.Equal(35, guesses.Count(status => status == HttpStatusCode.TooManyRequests));
    }

    [Theory]
    [InlineData("/day", "/day")]
    [InlineData("//evil.example", "/"), InlineData("/\\evil.example", "/"), InlineData("https://evil.example", "/"), InlineData("", "/")]
    public async Task Signing_in_leads_back_to_a_page_of_ours_and_nowhere_else(string to, string expected)
    {
        var (host, practice) = await SignedUpAsync();
        await using var _ = host;
        var browser = new TestBrowser(host.Anonymous());

        await browser.PostAsync("/sign-in", ("email", practice.Email), ("password", TestSignUp.Password), ("to", to));
        Assert.Equal(expected, (await browser.PostAsync("/sign-in/code", ("code", practice.CodeNow), ("to", to))).Location);
    }

    [Theory]
    [InlineData("203.0.113.77", "203.0.113.0/24")]
    [InlineData("::ffff:203.0.113.77", "203.0.113.0/24")]
    [InlineData("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64")]
    [InlineData(null, "none"), InlineData("nonsense", "none")]
    public void A_network_is_what_one_customer_has(string? ip, string expected) => Assert.Equal(expected, ClientNetwork.Of(ip));

    [Fact]
    public async Task ACC_1_The_first_sign_in_with_another_browser_is_told_by_mail_and_later_ones_are_not()
    {
        await using var host = await TestClinic.OpenAsync();
        var practice = new TestSignUp(host);
        await practice.ToOpenAsync();
        Task<long> ToldAsync() => host.OneAsync<long>("select count(*) from platform.outbox where recipient = @email and subject = 'You signed in with another browser'", new { email = practice.Email });
        Assert.Equal(0, await ToldAsync());   // the browser in which the account was made

        var (other, _) = await practice.SignInAsync();
        Assert.Equal(1, await ToldAsync());
        await other.PostAsync("/sign-out");
        await other.PostAsync("/sign-in", ("email", practice.Email), ("password", TestSignUp.Password));
        Assert.Equal("/", (await other.PostAsync("/sign-in/code", ("code", practice.CodeNow))).Location);
        Assert.Equal(1, await ToldAsync());
    }
}
