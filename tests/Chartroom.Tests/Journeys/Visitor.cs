using System.Collections.Concurrent;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace Chartroom.Journeys;

/// <summary>
/// One person's browser window. It notes whatever the browser complains about (script errors, refused content, answers of 500 and more), so
/// that a journey which looks right but was not clean still fails in <see cref="IsFineAsync"/>.
/// </summary>
public sealed class Visitor : IAsyncDisposable
{
    private static readonly AxeRunOptions Wcag21Aa = new()
    {
        RunOnly = new() { Type = "tag", Values = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"] },
    };

    private readonly IBrowserContext context;
    private readonly ConcurrentQueue<string> complaints = new();

    private Visitor(IBrowserContext context, IPage page)
    {
        this.context = context;
        Page = page;
    }

    /// <summary>The window.</summary>
    public IPage Page { get; }

    /// <summary>What the browser has complained about so far, oldest first.</summary>
    public IReadOnlyCollection<string> Complaints => complaints;

    internal static async Task<Visitor> ArriveAsync(IBrowserContext context)
    {
        context.SetDefaultTimeout(30_000);
        var visitor = new Visitor(context, await context.NewPageAsync());
        visitor.Page.PageError += (_, error) => visitor.complaints.Enqueue("script: " + error);
        visitor.Page.Console += (_, message) => visitor.Note(message);
        visitor.Page.Response += (_, response) => visitor.Note(response);
        return visitor;
    }

    /// <summary>Goes to a page and checks it: <c>await visitor.LookAtAsync("/day")</c>.</summary>
    public async Task LookAtAsync(string path)
    {
        await Page.GotoAsync(path);
        await IsFineAsync();
    }

    /// <summary>The page at hand has no accessibility violation, does not scroll sideways, and the browser has not complained.</summary>
    public async Task IsFineAsync()
    {
        var faults = await FaultsAsync();
        Assert.True(faults.Count == 0, $"{Page.Url}\n{string.Join("\n", faults)}");
    }

    /// <summary>Goes to a page and lists what is wrong there, for a walk that wants to see all before it fails.</summary>
    public async Task<IEnumerable<string>> FaultsAtAsync(string path)
    {
        await Page.GotoAsync(path);
        var faults = await FaultsAsync();
        Forgive();
        return faults.Select(fault => $"{path} {fault}");
    }

    /// <summary>Takes the session that the test clinic keeps for the role.</summary>
    public Task SignInAsync(TestClinic clinic, ClinicRole role) =>
        context.AddCookiesAsync([new() { Name = "chartroom", Value = clinic.TokenOf(role), Url = clinic.Address }]);

    /// <summary>Loses the session, as when it has ended.</summary>
    public Task SignOutAsync() => context.ClearCookiesAsync();

    /// <summary>Keeps a picture of the page for the documentation, when <c>scripts/screenshots</c> asked for it.</summary>
    public async Task PictureAsync(string name)
    {
        if (Environment.GetEnvironmentVariable("CHARTROOM_PICTURES") is not { Length: > 0 } folder) return;
        await Page.ScreenshotAsync(new() { Path = Path.Combine(folder, name + ".png") });
    }

    private async Task<List<string>> FaultsAsync()
    {
        var found = await Page.RunAxe(Wcag21Aa);
        var broken = found.Violations
            .Select(rule => $"axe {rule.Id}: {string.Join("; ", rule.Nodes.Take(3).Select(node => node.Html))}").ToList();
        broken.AddRange(complaints);
        var beyond = await Page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth");
        if (beyond > 0) broken.Add($"{beyond} px wider than the window: {await WidestAsync()}");
        return broken;
    }

    /// <summary>Does something that leads to another page and waits until that is there; a path may end in <c>**</c>.</summary>
    public async Task FollowAsync(Func<Task> act, string path)
    {
        await act();
        for (var look = 1; ; look++)
        {
            try
            {
                await Page.WaitForURLAsync("**" + path, new() { Timeout = 6000 });
                return;
            }
            catch (TimeoutException)
            {
                // On a busy machine the word that a page is loaded gets lost now and then, so the page is asked itself.
                if (await IsThereAsync(path)) return;
                if (look == 5) Assert.Fail($"No way to {path}. {await WhereAsync()}");
            }
        }
    }

    private async Task<bool> IsThereAsync(string path) =>
        (path.EndsWith("**", StringComparison.Ordinal) ? Page.Url.Contains(path[..^2], StringComparison.Ordinal) : Page.Url.EndsWith(path, StringComparison.Ordinal))
        && await Page.EvaluateAsync<string>("document.readyState") == "complete";

    /// <summary>Where the window is and what stands open in it, for whoever reads why a journey ended.</summary>
    private async Task<string> WhereAsync()
    {
        var state = await Page.EvaluateAsync<string>("""
            () => [document.readyState, ...[...document.querySelectorAll('dialog[open], h1, .notice, .toast-note, [aria-busy=true], [data-sent]')].map(it => it.tagName + '#' + it.id + '.' + it.className + ': ' + it.textContent.trim().slice(0, 120)),
                'focus: ' + document.activeElement?.outerHTML.slice(0, 160)].join('\n')
            """);
        return $"The window is at {Page.Url}:\n{state}\n{string.Join("\n", complaints)}";
    }

    /// <summary>Forgets complaints that the journey provoked on purpose.</summary>
    public void Forgive() => complaints.Clear();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await context.DisposeAsync();

    // Chromium writes each refusal of the content security policy, and each failed download, to the console as an error.
    private void Note(IConsoleMessage message)
    {
        if (message.Type == "error" && !message.Text.Contains("the server responded with a status of 4", StringComparison.Ordinal))
            complaints.Enqueue("console: " + message.Text);
    }

    private void Note(IResponse response)
    {
        if (response.Status >= 500 || (response.Status == 404 && response.Url.Contains("/assets/", StringComparison.Ordinal)))
            complaints.Enqueue($"{response.Status} {new Uri(response.Url).AbsolutePath}");
    }

    private Task<string> WidestAsync() => Page.EvaluateAsync<string>("""
        () => [...document.querySelectorAll('body *')]
            .filter(e => e.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
            .slice(0, 3).map(e => e.tagName.toLowerCase() + '.' + e.className).join(', ')
        """);
}
