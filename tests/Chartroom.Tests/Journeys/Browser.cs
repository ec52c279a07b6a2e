using Microsoft.Playwright;

namespace Chartroom.Journeys;

/// <summary>
/// The browser that journeys drive: the machine's own Chromium, started once for all of them, which run beside each other and beside the other tests.
/// <see cref="OpenAsync"/> gives each journey a visitor of its own, with nothing kept from another.
/// </summary>
public sealed class Browser : IAsyncLifetime
{
    /// <summary>A desk.</summary>
    public const int DeskWidth = 1280;

    /// <summary>A telephone.</summary>
    public const int PhoneWidth = 390;

    // ./test finds or installs one and names it.
    private static readonly string Executable =
        Environment.GetEnvironmentVariable("CHARTROOM_TEST_CHROMIUM") is { Length: > 0 } named ? named : "/usr/bin/chromium";

    private static readonly string[] Arguments =
        ["--no-sandbox", "--disable-quic", "--disable-background-networking", "--disable-component-update", "--disable-sync",
            "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"];   // a microphone that beeps, and nobody to ask for it

    // For as long as the tests run: the driver ends with them, and takes Chromium along.
    private static readonly Lazy<Task<IBrowser>> Shared = new(StartAsync);

    private IBrowser? chromium;

    /// <inheritdoc/>
    public async Task InitializeAsync()
    {
        if (File.Exists(Executable)) chromium = await Shared.Value;   // without one, each journey fails with what to do
    }

    private static async Task<IBrowser> StartAsync()
    {
        var playwright = await Playwright.CreateAsync();
        return await playwright.Chromium.LaunchAsync(new() { ExecutablePath = Executable, Args = Arguments });
    }

    /// <summary>A fresh visitor at <paramref name="address"/> (scheme, host, port), with a window of that width and a clock of that IANA zone.</summary>
    public async Task<Visitor> OpenAsync(string address, int width = DeskWidth, bool hasScript = true, string zone = "America/New_York")
    {
        var started = chromium ?? throw new InvalidOperationException($"There is no browser at {Executable}; ./test installs it.");
        var context = await started.NewContextAsync(new()
        {
            BaseURL = address,
            JavaScriptEnabled = hasScript,
            ViewportSize = new() { Width = width, Height = width == PhoneWidth ? 844 : 900 },
            HasTouch = width == PhoneWidth,
            ReducedMotion = ReducedMotion.Reduce,
            Locale = "en-US",
            TimezoneId = zone,
        });
        return await Visitor.ArriveAsync(context);
    }

    /// <inheritdoc/>
    public Task DisposeAsync() => Task.CompletedTask;
}
