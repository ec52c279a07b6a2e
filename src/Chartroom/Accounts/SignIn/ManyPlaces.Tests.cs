using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Chartroom.Platform.Identity;

namespace Chartroom.Accounts;

/// <summary>Guessers who change their network, and the person whose account it is.</summary>
public sealed class ManyPlacesTests
{
    private static async Task<(TestClinic Host, TestSignUp Practice)> SignedUpAsync()
    {
        var host = await TestClinic.OpenAsync();
        var practice = new TestSignUp(host);
        await practice.ToOpenAsync();
        return (host, practice);
    }

    private static Origin From(int network) => Origin.Job("page") with { Ip = $"203.0.{network}.9" };

    /// <summary>Every guess comes from another network, unless told otherwise, and none of them waits for its turn.</summary>
    private static Task<Outcome<GivenSession>> GuessPasswordAsync(TestClinic host, string email, int network, string password = "wrong") =>
        host.The<SignInHandler>().HandleAsync(new(email, password), From(network), default);

    private static async Task<Outcome<GivenSession>> GuessCodeAsync(TestClinic host, TestSignUp practice, Origin origin, string code)
    {
        return await host.The<GiveCodeHandler>().HandleAsync(new(code), await StartAsync(host, practice, origin), origin, default);
    }

    private static async Task<SignedIn> StartAsync(TestClinic host, TestSignUp practice, Origin origin)
    {
        var started = (await host.The<SignInHandler>().HandleAsync(new(practice.Email, TestSignUp.Password), origin, default)).Value;
        return new SignedIn { SessionId = started.Id, PersonId = started.Person, Email = practice.Email, Stage = "code" };
    }

    private static Task<long> MailsAsync(TestClinic host, TestSignUp practice, string subject) =>
        host.OneAsync<long>("select count(*) from platform.outbox where recipient = @email and subject = @subject", new { email = practice.Email, subject });

    private static async Task<List<Outcome<GivenSession>>> HundredWrongCodesAsync(TestClinic host, TestSignUp practice)
    {
        var ofNetworks = await Task.WhenAll(Enumerable.Range(0, 25).Select(network => Task.Run(async () =>
        {
            var answers = new List<Outcome<GivenSession>>();
            for (var turn = 0; turn < 4; turn++) answers.Add(await GuessCodeAsync(host, practice, From(network), "000000"));
            return answers;
        })));
        return [.. ofNetworks.SelectMany(answers => answers)];
    }

    [Fact]
    public async Task ACC_7_Wrong_codes_of_somebody_who_knows_the_password_keep_nobody_out_elsewhere()
    {
        var (host, practice) = await SignedUpAsync();
        await using var _ = host;
        for (var turn = 0; turn < 5; turn++) Assert.Equal(Refusals.WrongCode, (await GuessCodeAsync(host, practice, From(1), "000000")).Refusal);
        Assert.Equal("accounts.too-many-tries", (await GuessCodeAsync(host, practice, From(1), practice.CodeNow)).Refusal!.Code);   // also the right one: nothing is looked at

        Assert.True((await GuessCodeAsync(host, practice, From(2), practice.CodeNow)).IsOk);   // a network of its own
        host.Clock.Advance(TimeSpan.FromSeconds(60));
        Assert.True((await GuessCodeAsync(host, practice, From(1), practice.CodeNow)).IsOk);   // 30 seconds are over
        for (var turn = 0; turn < 10; turn++)
        {
            await GuessCodeAsync(host, practice, From(1), "000000");
            host.Clock.Advance(TimeSpan.FromMinutes(20));
        }
        Assert.Equal("accounts.too-many-tries", (await GuessCodeAsync(host, practice, From(1), practice.CodeNow)).Refusal!.Code);   // an hour from the tenth on
        host.Clock.Advance(TimeSpan.FromMinutes(41));
        Assert.True((await GuessCodeAsync(host, practice, From(1), practice.CodeNow)).IsOk);
    }

    [Fact]
    public async Task ACC_7_A_browser_that_the_person_uses_counts_its_own_wrong_codes_also_behind_the_guessers_address()
    {
        var (host, practice) = await SignedUpAsync();
        await using var _ = host;
        var guesser = new TestBrowser(host.Anonymous());
        await guesser.PostAsync("/sign-in", ("email", practice.Email), ("password", TestSignUp.Password));
        for (var turn = 0; turn < 5; turn++) Assert.Equal(HttpStatusCode.UnprocessableEntity, (await guesser.PostAsync("/sign-in/code", ("code", "000000"))).Status);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await guesser.PostAsync("/sign-in/code", ("code", practice.CodeNow))).Status);

        await practice.Browser.PostAsync("/sign-out");
        await practice.Browser.PostAsync("/sign-in", ("email", practice.Email), ("password", TestSignUp.Password));
        for (var turn = 0; turn < 4; turn++) Assert.Equal(HttpStatusCode.UnprocessableEntity, (await practice.Browser.PostAsync("/sign-in/code", ("code", "000000"))).Status);
        Assert.Equal("/", (await practice.Browser.PostAsync("/sign-in/code", ("code", practice.CodeNow))).Location);
        host.Clock.Advance(TimeSpan.FromSeconds(60));
        for (var turn = 0; turn < 5; turn++) Assert.Equal(HttpStatusCode.UnprocessableEntity, (await practice.Browser.PostAsync("/step-up", ("code", "000000"))).Status);   // the same count
        Assert.Equal(HttpStatusCode.TooManyRequests, (await practice.Browser.PostAsync("/step-up", ("code", practice.CodeNow))).Status);
    }

    [Fact]
    public async Task ACC_7_Parallel_codes_of_a_guesser_are_no_way_around_the_count_and_a_recovery_code_is_counted_as_others()
    {
        var (host, practice) = await SignedUpAsync();
        await using var _ = host;

        var who = await StartAsync(host, practice, From(7));
        string[] wrong = ["000000", string.Concat(practice.Codes[0].Reverse())];
        var guesses = await Task.WhenAll(Enumerable.Range(0, 40).Select(turn => Task.Run(() => host.The<GiveCodeHandler>().HandleAsync(new(wrong[turn % 2]), who, From(7), default))));

        Assert.Equal((5, 35), (guesses.Count(it => it.Refusal == Refusals.WrongCode), guesses.Count(it => it.Refusal!.Code == "accounts.too-many-tries")));
        Assert.Equal("accounts.too-many-tries", (await GuessCodeAsync(host, practice, From(7), practice.Codes[0])).Refusal!.Code);
        Assert.True((await GuessCodeAsync(host, practice, From(8), practice.Codes[0])).IsOk);
    }

    [Fact]
    public async Task ACC_7_After_a_hundred_wrong_codes_from_anywhere_no_stranger_is_listened_to_and_the_persons_own_browser_is()
    {
        var (host, practice) = await SignedUpAsync();
        await using var _ = host;

        var guesses = await HundredWrongCodesAsync(host, practice);
        Assert.Equal(100, guesses.Count(it => it.Refusal == Refusals.WrongCode));
        var late = await Task.WhenAll(Enumerable.Range(100, 20).Select(network => Task.Run(() => GuessCodeAsync(host, practice, From(network), practice.CodeNow))));

        Assert.All(late, it => Assert.Equal(Refusals.CodesShut, it.Refusal));   // the right one too
        Assert.Equal(1, await MailsAsync(host, practice, "Wrong codes were given for your account"));
        host.Clock.Advance(TimeSpan.FromDays(30));
        Assert.Equal(Refusals.CodesShut, (await GuessCodeAsync(host, practice, From(200), practice.CodeNow)).Refusal);   // time opens nothing

        await practice.Browser.PostAsync("/sign-in", ("email", practice.Email), ("password", TestSignUp.Password));
        Assert.Equal("/", (await practice.Browser.PostAsync("/sign-in/code", ("code", practice.CodeNow))).Location);
        host.Clock.Advance(TimeSpan.FromSeconds(60));
        Assert.True((await GuessCodeAsync(host, practice, From(201), practice.CodeNow)).IsOk);   // which lifts it
        Assert.Equal(1, await MailsAsync(host, practice, "Wrong codes were given for your account"));
    }

    [Fact]
    public async Task ACC_7_A_right_code_in_between_starts_the_hundred_anew_and_a_reset_by_an_administrator_too()
    {
        var (host, practice) = await SignedUpAsync();
        await using var _ = host;
        for (var network = 0; network < 99; network++) await GuessCodeAsync(host, practice, From(network), "000000");
        Assert.True((await GuessCodeAsync(host, practice, From(150), practice.CodeNow)).IsOk);
        host.Clock.Advance(TimeSpan.FromSeconds(60));

        for (var network = 0; network < 100; network++) Assert.Equal(Refusals.WrongCode, (await GuessCodeAsync(host, practice, From(network), "000000")).Refusal);
        Assert.Equal(Refusals.CodesShut, (await GuessCodeAsync(host, practice, From(151), practice.CodeNow)).Refusal);

        var (person, clinic) = await host.OneAsync<(Guid, Guid)>(
            "select membership.person_id, membership.clinic_id from platform.membership join platform.person on person.id = membership.person_id where email = @email", new { email = practice.Email });
        var admin = new Actor(new(clinic), new(Guid.CreateVersion7()), ClinicRole.Admin, Origin.Job("page"));
        var handed = (await host.The<ResetAuthenticatorHandler>().HandleAsync(new(person), admin, default)).Value;
        Assert.Equal(Refusals.WrongCode, (await GuessCodeAsync(host, practice, From(152), practice.CodeNow)).Refusal);
        Assert.True((await GuessCodeAsync(host, practice, From(152), handed.Code)).IsOk);
    }

    [Fact]
    public async Task ACC_7_A_browser_at_which_a_hundred_codes_were_wrong_is_a_strangers()
    {
        var (host, practice) = await SignedUpAsync();
        await using var _ = host;
        var device = await host.OneAsync<Guid>("select device_id from platform.known_device join platform.person on person.id = person_id where email = @email", new { email = practice.Email });
        for (var turn = 0; turn < 100; turn++)
        {
            Assert.Equal(Refusals.WrongCode, (await GuessCodeAsync(host, practice, From(1) with { DeviceId = device }, "000000")).Refusal);
            host.Clock.Advance(TimeSpan.FromMinutes(61));
        }

        Assert.Empty(await host.RowsAsync<Guid>("select device_id from platform.known_device where device_id = @device", new { device }));
        Assert.Equal(0, await host.OneAsync<int>("select code_failures from platform.credential join platform.person on person.id = person_id where email = @email", new { email = practice.Email }));
    }

    [Fact]
    public async Task ACC_7_After_a_hundred_wrong_passwords_from_anywhere_strangers_are_refused_alike_with_and_without_an_account_and_the_person_is_not()
    {
        var (host, practice) = await SignedUpAsync();
        await using var _ = host;
        var nobody = $"nobody-{Guid.CreateVersion7():N}@lakeside.example";
        var answers = new List<(HttpStatusCode, string)>();
        foreach (var email in new[] { practice.Email, nobody })
        {
            var guesses = await Task.WhenAll(Enumerable.Range(0, 120).Select(network => Task.Run(() => GuessPasswordAsync(host, email, network))));
            Assert.Equal((100, 20), (guesses.Count(it => it.Refusal == Refusals.WrongCredentials), guesses.Count(it => it.Refusal == Refusals.PasswordsShut)));
            var late = await new TestBrowser(host.Anonymous()).PostAsync("/sign-in", ("email", email), ("password", TestSignUp.Password));
            Assert.Equal(HttpStatusCode.UnprocessableEntity, late.Status);
            Assert.Contains("Forgot the password?", WebUtility.HtmlDecode(late.Html), StringComparison.Ordinal);
            using var answer = await host.Anonymous().PostAsJsonAsync("/api/v1/sessions", new { email, password = TestSignUp.Password, code = "123456" });
            var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
            answers.Add((answer.StatusCode, problem.GetProperty("code").GetString() + problem.GetProperty("title").GetString()));
        }
        Assert.Single(answers.Distinct());
        Assert.Equal(1, await MailsAsync(host, practice, "Wrong passwords were given for your account"));
        Assert.Equal(0, await host.OneAsync<long>("select count(*) from platform.outbox where recipient = @nobody", new { nobody }));

        Assert.Equal("/sign-in/code", (await practice.Browser.PostAsync("/sign-in", ("email", practice.Email), ("password", TestSignUp.Password))).Location);   // their own browser
        Assert.True((await GuessPasswordAsync(host, practice.Email, 200, TestSignUp.Password)).IsOk);   // which lifts it
    }

    [Fact]
    public async Task ACC_9_A_new_password_by_the_mailbox_lifts_the_refusal_of_strangers()
    {
        var (host, practice) = await SignedUpAsync();
        await using var _ = host;
        for (var network = 0; network < 100; network++) await GuessPasswordAsync(host, practice.Email, network);
        host.Clock.Advance(TimeSpan.FromDays(30));
        Assert.Equal(Refusals.PasswordsShut, (await GuessPasswordAsync(host, practice.Email, 200, TestSignUp.Password)).Refusal);   // time opens nothing

        var elsewhere = new TestBrowser(host.Anonymous());
        await elsewhere.PostAsync("/password-reset", ("email", practice.Email));
        await elsewhere.PostAsync(await practice.LinkAsync(), ("password", "Heron-Basalt-58-Tundra"));
        Assert.True((await GuessPasswordAsync(host, practice.Email, 200, "Heron-Basalt-58-Tundra")).IsOk);
    }

    [Fact]
    public async Task ACC_7_A_browser_that_the_person_uses_counts_its_own_wrong_passwords()
    {
        var (host, practice) = await SignedUpAsync();
        await using var _ = host;
        await practice.Browser.PostAsync("/sign-out");
        var guesser = new TestBrowser(host.Anonymous());
        for (var turn = 0; turn < 6; turn++) await guesser.PostAsync("/sign-in", ("email", practice.Email), ("password", "wrong"));
        Assert.Equal(HttpStatusCode.TooManyRequests, (await guesser.PostAsync("/sign-in", ("email", practice.Email), ("password", TestSignUp.Password))).Status);

        for (var turn = 0; turn < 4; turn++) await practice.Browser.PostAsync("/sign-in", ("email", practice.Email), ("password", "wrong"));
        Assert.Equal("/sign-in/code", (await practice.Browser.PostAsync("/sign-in", ("email", practice.Email), ("password", TestSignUp.Password))).Location);   // behind the same address
        for (var turn = 0; turn < 5; turn++) await practice.Browser.PostAsync("/sign-in", ("email", practice.Email), ("password", "wrong"));
        Assert.Equal(HttpStatusCode.TooManyRequests, (await practice.Browser.PostAsync("/sign-in", ("email", practice.Email), ("password", TestSignUp.Password))).Status);
    }
}
