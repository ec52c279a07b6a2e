using Chartroom.Assist;
using Chartroom.Journeys;
using Chartroom.Scribe.Hearing;
using Microsoft.Playwright;

namespace Chartroom.Scribe;

public sealed class RecorderJourneyTests(Browser browser) : IClassFixture<Browser>
{
    [AudioFact]
    public async Task CHT_3_A_visit_is_recorded_in_the_browser_goes_on_after_a_closed_tab_and_becomes_a_draft()
    {
        await using var desk = await ReviewDesk.OpenAsync(isOnTheNet: true, "--Assist:AllowLoopback=true");
        await using var model = await ModelDouble.StartAsync();
        model.Hears = () => ModelDouble.Verbose([.. HearingDesk.Knee.Select((text, at) => (at * 4.5, text, 0.01))]);
        await model.TurnOnTranscriptionAsync(desk.Clinic);
        await using var visitor = await browser.OpenAsync(desk.Clinic.Address);
        await visitor.SignInAsync(desk.Clinic, ClinicRole.Provider);
        await visitor.LookAtAsync($"/visits/{desk.Visit}/review");
        await visitor.PictureAsync("recording-consent-1280");
        await visitor.Page.GetByLabel("Everybody in the room was told and agreed.").CheckAsync();
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "They agreed" }).ClickAsync();
        await visitor.Page.GetByRole(AriaRole.Link, new() { Name = "Record now" }).ClickAsync();
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Begin" }).PressAsync("Enter");
        await Assertions.Expect(visitor.Page.GetByText("Recording.", new() { Exact = true })).ToBeVisibleAsync(new() { Timeout = 30_000 });
        await Assertions.Expect(visitor.Page.GetByText("0:04", new() { Exact = true })).ToBeVisibleAsync(new() { Timeout = 60_000 });
        await visitor.IsFineAsync();
        await visitor.PictureAsync("recorder-1280");
        var session = visitor.Page.Context;
        await visitor.Page.CloseAsync();   // in the middle of it

        var page = await session.NewPageAsync();
        await page.SetViewportSizeAsync(Browser.PhoneWidth, 844);
        await page.GotoAsync($"/visits/{desk.Visit}/recorder");
        var before = long.Parse((await page.Locator("#recorder").GetAttributeAsync("data-milliseconds"))!, System.Globalization.CultureInfo.InvariantCulture);
        Assert.InRange(before, 2000, 6000);   // one piece of three seconds at least, none twice
        await Assertions.Expect(page.Locator("[data-time]")).ToHaveTextAsync($"0:{before / 1000:00}");   // from what came in, not from nought
        await page.GetByRole(AriaRole.Button, new() { Name = "Go on" }).ClickAsync();
        await Assertions.Expect(page.GetByText($"0:{(before / 1000) + 2:00}", new() { Exact = true })).ToBeVisibleAsync(new() { Timeout = 60_000 });
        await page.GetByRole(AriaRole.Button, new() { Name = "Pause" }).PressAsync("Enter");
        await Assertions.Expect(page.GetByText("Paused. Nothing is recorded.")).ToBeVisibleAsync();
        if (Environment.GetEnvironmentVariable("CHARTROOM_PICTURES") is { Length: > 0 } pictures) await page.ScreenshotAsync(new() { Path = Path.Combine(pictures, "recorder-paused-390.png"), FullPage = true });
        await page.GetByRole(AriaRole.Button, new() { Name = "Resume" }).PressAsync("Enter");
        await page.GetByRole(AriaRole.Button, new() { Name = "Finish" }).ClickAsync();
        await Assertions.Expect(page.GetByText("Transcribing begins in a moment.")).ToBeVisibleAsync(new() { Timeout = 30_000 });
        Assert.Empty(await BrowserStorage.StoredAsync(page));   // pieces waited in memory only
        Assert.Equal(("recorded", 2), await desk.Clinic.OneAsync<(string, int)>("select source, (select max(part) from recording_chunk) from recording"));

        await desk.Clinic.The<TranscribingWorker>().WorkAsync(desk.Clinic.Id, default);

        await Assertions.Expect(page.GetByText("This transcript does not say who speaks.")).ToBeVisibleAsync(new() { Timeout = 30_000 });   // the page has looked by itself
        Assert.True(await desk.Clinic.OneAsync<int>("select seconds from recording") >= 4);
    }

    // What a telephone does that this browser cannot: it grants the lock, lets go of it with the screen, and takes the microphone away.
    private const string Telephone = """
        const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
        navigator.mediaDevices.getUserMedia = async wish => window.microphone = await ask(wish);
        window.locks = [];
        Object.defineProperty(navigator, 'wakeLock', { value: { request: async () => {
            const lock = new EventTarget();
            lock.release = async () => { lock.isOver = true; lock.dispatchEvent(new Event('release')); };
            locks.push(lock);
            return lock;
        } } });
        """;

    [Theory]
    [InlineData(Browser.DeskWidth), InlineData(Browser.PhoneWidth)]
    public async Task CHT_3_The_screen_is_kept_on_while_a_visit_is_recorded_and_what_interrupts_it_is_said_and_gone_on_from(int width)
    {
        await using var desk = await ReviewDesk.OpenAsync(isOnTheNet: true);
        await RecordingTests.TakesRecordingsAsync(desk.Clinic);
        await RecordingTests.AgreeAsync(desk);
        await using var visitor = await browser.OpenAsync(desk.Clinic.Address, width);
        await visitor.SignInAsync(desk.Clinic, ClinicRole.Provider);
        var page = visitor.Page;
        await page.AddInitScriptAsync(Telephone);
        Task<int> HeldAsync() => page.EvaluateAsync<int>("locks.filter(it => !it.isOver).length");
        await visitor.LookAtAsync($"/visits/{desk.Visit}/recorder");
        await page.GetByRole(AriaRole.Button, new() { Name = "Begin" }).ClickAsync();
        await Assertions.Expect(page.GetByText("The screen stays on while this records.")).ToBeVisibleAsync(new() { Timeout = 30_000 });
        Assert.Equal(1, await HeldAsync());

        await page.EvaluateAsync("locks[0].release()");
        await Assertions.Expect(page.GetByText("The device no longer keeps the screen on.")).ToBeVisibleAsync();
        await page.EvaluateAsync("document.dispatchEvent(new Event('visibilitychange'))");   // back from another page
        await Assertions.Expect(page.GetByText("The screen stays on while this records.")).ToBeVisibleAsync();
        Assert.Equal(1, await HeldAsync());
        await page.GetByRole(AriaRole.Button, new() { Name = "Pause" }).ClickAsync();
        await Assertions.Expect(page.Locator("[data-awake]")).ToBeHiddenAsync();
        Assert.Equal(0, await HeldAsync());
        await page.GetByRole(AriaRole.Button, new() { Name = "Resume" }).ClickAsync();
        await Assertions.Expect(page.GetByText("The screen stays on while this records.")).ToBeVisibleAsync();

        await page.EvaluateAsync("microphone.getAudioTracks()[0].dispatchEvent(new Event('mute'))");
        await Assertions.Expect(page.GetByText("nothing is heard now")).ToBeVisibleAsync();
        await page.EvaluateAsync("microphone.getAudioTracks()[0].dispatchEvent(new Event('unmute'))");
        await Assertions.Expect(page.GetByText("what was said then is not in the recording")).ToBeVisibleAsync();
        await page.EvaluateAsync("microphone.getAudioTracks()[0].stop(), microphone.getAudioTracks()[0].dispatchEvent(new Event('ended'))");
        await Assertions.Expect(page.GetByText("Interrupted. Nothing is recorded now.")).ToBeVisibleAsync();
        Assert.Equal(0, await HeldAsync());
        await visitor.IsFineAsync();
        await visitor.PictureAsync($"recorder-interrupted-{width}");
        await page.GetByRole(AriaRole.Button, new() { Name = "Go on" }).ClickAsync();
        await Assertions.Expect(page.GetByText("Recording.", new() { Exact = true })).ToBeVisibleAsync(new() { Timeout = 30_000 });
        await visitor.PictureAsync($"recorder-again-{width}");
        var counted = int.Parse((await page.Locator("[data-time]").InnerTextAsync()).Split(':')[1], System.Globalization.CultureInfo.InvariantCulture);
        await Assertions.Expect(page.Locator("[data-time]")).ToHaveTextAsync($"0:{counted + 2:00}", new() { Timeout = 60_000 });   // something was said since
        await visitor.FollowAsync(() => page.GetByRole(AriaRole.Button, new() { Name = "Finish" }).ClickAsync(), "/review");
        Assert.Equal(2, await desk.Clinic.OneAsync<int>("select max(part) from recording_chunk"));   // what was said before is kept
    }

    [Fact]
    public async Task A_browser_that_cannot_keep_the_screen_on_says_so_and_records()
    {
        await using var desk = await ReviewDesk.OpenAsync(isOnTheNet: true);
        await RecordingTests.TakesRecordingsAsync(desk.Clinic);
        await RecordingTests.AgreeAsync(desk);
        await using var visitor = await browser.OpenAsync(desk.Clinic.Address, Browser.PhoneWidth);
        await visitor.SignInAsync(desk.Clinic, ClinicRole.Provider);
        await visitor.Page.AddInitScriptAsync("delete Navigator.prototype.wakeLock");
        await visitor.LookAtAsync($"/visits/{desk.Visit}/recorder");
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Begin" }).ClickAsync();
        await Assertions.Expect(visitor.Page.GetByText("This browser cannot keep the screen on")).ToBeVisibleAsync(new() { Timeout = 30_000 });
        await Assertions.Expect(visitor.Page.GetByText("Recording.", new() { Exact = true })).ToBeVisibleAsync();
        await visitor.IsFineAsync();
        await visitor.PictureAsync("recorder-cannot-stay-awake-390");
    }

    [Fact]
    public async Task Only_the_page_that_records_may_use_the_microphone_and_it_opens_for_visits_that_may_be_recorded()
    {
        await using var desk = await ReviewDesk.OpenAsync();
        using var provider = desk.Clinic.As(ClinicRole.Provider);
        async Task<(int, string)> LookAsync(string path)
        {
            using var answer = await provider.GetAsync(path);
            return ((int)answer.StatusCode, answer.Headers.GetValues("Permissions-Policy").Single().Split(", ").Single(it => it.StartsWith("microphone", StringComparison.Ordinal)));
        }
        Assert.Equal((200, "microphone=()"), await LookAsync($"/visits/{desk.Visit}/review"));
        Assert.Equal(409, (await LookAsync($"/visits/{desk.Visit}/recorder")).Item1);
        await RecordingTests.TakesRecordingsAsync(desk.Clinic);
        Assert.Equal(409, (await LookAsync($"/visits/{desk.Visit}/recorder")).Item1);
        Assert.Equal(204, (await desk.SendAsync($"/api/v1/visits/{desk.Visit}/recording-consents", System.Text.Json.Nodes.JsonNode.Parse("""{"givenBy":"patient","manner":"spoken","everyoneAgreed":true}""")!, null, ClinicRole.Provider)).Status);
        Assert.Equal((200, "microphone=(self)"), await LookAsync($"/visits/{desk.Visit}/recorder"));
    }
}
