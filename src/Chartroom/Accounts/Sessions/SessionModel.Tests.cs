using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Chartroom.Platform.Identity;
using Chartroom.Platform.Tenancy;

namespace Chartroom.Accounts;

/// <summary>
/// Random sequences of what can happen to a person's sessions, on a clock of the test, against a model that fits on a page. After each event every session of
/// the model is asked for, through the pipeline. The suite runs a share; <c>CHARTROOM_SESSION_SEQUENCES=10000</c> runs all.
/// </summary>
public sealed class SessionModelTests
{
    private static readonly TimeSpan Idle = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan Absolute = TimeSpan.FromHours(8);
    private static readonly CancellationToken None = CancellationToken.None;

    // The boundaries, and what lies about them.
    private static readonly int[] Seconds = [1, 2, 59, 600, 1799, 1800, 1801, 3600, (8 * 3600) - 1, 8 * 3600, (8 * 3600) + 1];

    /// <summary>What the model knows of one session.</summary>
    private sealed record Known(Guid Id, string Token, DateTimeOffset StartedAt, DateTimeOffset SeenAt)
    {
        public bool IsEnded { get; init; }

        public List<string> Former { get; init; } = [];

        public bool IsLive(DateTimeOffset now) => !IsEnded && now - SeenAt < Idle && now - StartedAt < Absolute;
    }

    private static int Sequences => int.Parse(Environment.GetEnvironmentVariable("CHARTROOM_SESSION_SEQUENCES") ?? "60", CultureInfo.InvariantCulture);

    [Theory]   // one run begins in the night that has 23 hours, one in that with 25: elapsed time counts
    [InlineData("2026-03-08T05:00:00Z", 1), InlineData("2026-11-01T04:00:00Z", 2)]
    public async Task ACC_4_Sessions_do_what_a_model_says_in_random_sequences_of_events(string now, int seed)
    {
        await using var host = await TestClinic.OpenAsync(now);
        for (var number = 0; number < (Sequences + 1) / 2; number++)
        {
            var person = PersonId.New();
            await host.RunAsync(["insert into platform.person (id, email, name, email_verified_at) values (@person, @email, 'Test Person', now())"],
                new { person, email = $"{person.Value:N}@test.example" });
            await new Run(host, person, new Random((seed * 1_000_003) + number), $"seed {seed}, sequence {number}").GoAsync();
        }
    }

    [Theory]   // the model itself: 29:59 is in and 30:00 is out, 7:59:59 is in and 8:00:00 is out
    [InlineData(1799, 0, true), InlineData(1800, 0, false), InlineData(1801, 0, false)]
    [InlineData(28799, 28000, true), InlineData(28800, 28000, false), InlineData(28801, 28000, false)]
    public void The_model_holds_the_promise(int seconds, int seenAfter, bool isLive)
    {
        var start = new DateTimeOffset(2026, 3, 8, 5, 0, 0, TimeSpan.Zero);
        Assert.Equal(isLive, new Known(default, "", start, start.AddSeconds(seenAfter)).IsLive(start.AddSeconds(seconds)));
    }

    private sealed class Run(TestClinic host, PersonId person, Random random, string name)
    {
        private readonly List<Known> sessions = [];
        private readonly List<string> story = [];

        private DateTimeOffset Now => host.Clock.GetUtcNow();

        public async Task GoAsync()
        {
            for (var step = 0; step < 12; step++)
            {
                await (random.Next(8) switch
                {
                    0 or 1 or 2 => SignInAsync(),
                    3 => OnLiveAsync("out", async it => await EndAsync(it)),
                    4 => OnLiveAsync("new token", RenewAsync),
                    5 when random.Next(3) == 0 => EndAllAsync(),
                    _ => WaitAsync(),
                });
                await LookAsync();
            }
        }

        private Task WaitAsync()
        {
            var seconds = Seconds[random.Next(Seconds.Length)];
            story.Add($"+{seconds}");
            host.Clock.Advance(TimeSpan.FromSeconds(seconds));
            return Task.CompletedTask;
        }

        private async Task SignInAsync()
        {
            story.Add("in");
            host.Clock.Advance(TimeSpan.FromSeconds(1));   // which of two in one moment is older nobody can say
            await using var tx = await host.The<PlatformDb>().BeginAsync(Origin.Job("api"), None);
            var started = await SessionBook.StartAsync(tx, person, SessionStage.Code, Origin.Job("api"), None);
            var opened = await SessionBook.GoOnAsync(tx, new() { SessionId = started.Id, PersonId = person, Stage = "code" }, SessionStage.Open, Origin.Job("api"), None);
            tx.Audit(new("session.opened", "session", opened.Id), person);
            await tx.CommitAsync(None);
            sessions.Add(new(opened.Id, opened.Token, Now, Now) { Former = [started.Token] });
            var live = sessions.Where(it => it.IsLive(Now)).OrderByDescending(it => it.StartedAt).Skip(3).ToList();
            foreach (var oldest in live) Change(oldest, oldest with { IsEnded = true });
        }

        private async Task OnLiveAsync(string what, Func<Known, Task> act)
        {
            var live = sessions.Where(it => it.IsLive(Now)).ToList();
            if (live.Count == 0) return;
            story.Add(what);
            await act(live[random.Next(live.Count)]);
        }

        private async Task EndAsync(Known one)
        {
            await host.The<OwnSessionsHandler>().EndAsync(one.Id, new() { PersonId = person }, Origin.Job("api"), None);
            Change(one, one with { IsEnded = true });
        }

        private async Task RenewAsync(Known one)
        {
            await using var tx = await host.The<PlatformDb>().BeginAsync(Origin.Job("api"), None);
            var given = await SessionBook.GoOnAsync(tx, new() { SessionId = one.Id, PersonId = person }, SessionStage.Open, Origin.Job("api"), None);
            tx.Audit(new("session.proved", "session", one.Id), person);
            await tx.CommitAsync(None);
            Change(one, one with { Token = given.Token, SeenAt = Now, Former = [.. one.Former, one.Token] });
        }

        private async Task EndAllAsync()
        {
            story.Add("everywhere");
            await host.The<OwnSessionsHandler>().EndAllAsync(new() { PersonId = person }, Origin.Job("api"), None);
            foreach (var one in sessions.ToList()) Change(one, one with { IsEnded = true });
        }

        /// <summary>Asks with one token at random, as a request would: it may refresh that session. The others are looked up without being used.</summary>
        private async Task LookAsync()
        {
            if (sessions.Count == 0) return;
            var one = sessions[random.Next(sessions.Count)];
            var isLive = one.IsLive(Now);
            Assert.True(await IsInAsync(one.Token) == isLive, $"{name}: {string.Join(' ', story)}; {(isLive ? "in" : "out")} was expected of {one}");
            if (isLive) Change(one, one with { SeenAt = Now });
            if (one.Former.Count > 0) Assert.False(await IsInAsync(one.Former[random.Next(one.Former.Count)]), $"{name}: a former token opened a session");
            var shown = await host.The<OwnSessionsHandler>().ListAsync(new() { PersonId = person }, Origin.Job("api"), None);
            Assert.Equal(sessions.Where(it => it.IsLive(Now)).Select(it => it.Id).Order(), shown.Sessions.Select(it => it.Id).Order());
            Assert.True(shown.Sessions.Count <= 3);
        }

        private async Task<bool> IsInAsync(string token)
        {
            using var client = host.Anonymous();
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
            using var answer = await client.GetAsync("/api/v1/sessions/current");
            return answer.StatusCode == HttpStatusCode.OK;
        }

        private void Change(Known from, Known to) => sessions[sessions.IndexOf(from)] = to;
    }
}
