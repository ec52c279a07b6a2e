using Chartroom.Platform.Identity;

namespace Chartroom;

/// <summary>A practice that signs up through the pages, step by step.</summary>
public sealed class TestSignUp(TestClinic host)
{
    /// <summary>A password that the default policy takes.</summary>
    public const string Password = "Plover-Quartz-73-Umbra";

    /// <summary>An address nobody else in this run has.</summary>
    public string Email { get; } = $"ana-{Guid.CreateVersion7():N}@lakeside.example";

    /// <summary>The browser it is done in.</summary>
    public TestBrowser Browser { get; } = new(host.Anonymous());

    /// <summary>The authenticator's secret, once seen.</summary>
    public byte[] Secret { get; private set; } = [];

    /// <summary>The recovery codes, once seen.</summary>
    public IReadOnlyList<string> Codes { get; private set; } = [];

    /// <summary>The code the app shows now.</summary>
    public string CodeNow => Totp.CodeOf(Secret, Totp.StepAt(host.Clock.GetUtcNow()));

    /// <summary>The path of the last link that was mailed to the address.</summary>
    public async Task<string> LinkAsync()
    {
        var body = (await host.RowsAsync<string>("select body from platform.outbox where recipient = @email order by created_at desc, id desc limit 1", new { email = Email })).Single();
        return new Uri(body.Split('\n').Single(line => line.StartsWith("http", StringComparison.Ordinal)).Trim()).PathAndQuery;
    }

    /// <summary>Asks, follows the link, chooses the password.</summary>
    public async Task<TestPage> ToPasswordAsync()
    {
        await Browser.PostAsync("/sign-up", ("practice", "Lakeside Family Practice"), ("name", "Ana Whitfield"), ("email", Email), ("phone", "(303) 555-0123"));
        return await Browser.PostAsync(await LinkAsync(), ("password", Password));
    }

    /// <summary>Sets up the authenticator from its page.</summary>
    public async Task<TestPage> ToAuthenticatorAsync()
    {
        var page = await Browser.FollowAsync("/");
        Secret = Base32.Read(page.Marked("data-totp-secret").Single()) ?? throw new FormatException(page.Html);
        return await Browser.PostAsync("/set-up/authenticator", ("code", CodeNow));
    }

    /// <summary>All up to the open session.</summary>
    public async Task<TestPage> ToOpenAsync()
    {
        await ToPasswordAsync();
        await ToAuthenticatorAsync();
        Codes = (await Browser.FollowAsync("/")).Marked("data-recovery-code");
        var kept = await Browser.PostAsync("/set-up/recovery-codes", ("code", Codes[3]));
        host.Clock.Advance(TimeSpan.FromSeconds(60));   // the next code is another one
        return kept;
    }

    /// <summary>Signs in anew with a browser of its own; with the app's code.</summary>
    public async Task<(TestBrowser Browser, TestPage Page)> SignInAsync(string? code = null)
    {
        var browser = new TestBrowser(host.Anonymous());
        await browser.PostAsync("/sign-in", ("email", Email), ("password", Password));
        var page = await browser.PostAsync("/sign-in/code", ("code", code ?? CodeNow));
        host.Clock.Advance(TimeSpan.FromSeconds(60));
        return (browser, page);
    }
}
