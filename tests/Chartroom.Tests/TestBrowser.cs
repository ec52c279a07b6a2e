using System.Net;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;

namespace Chartroom;

/// <summary>A browser without script: keeps cookies, sends forms as browsers do, and goes where it is sent one step at a time.</summary>
public sealed partial class TestBrowser(HttpClient client)
{
    private readonly Dictionary<string, string> cookies = [];

    /// <summary>The cookie of the session, or null.</summary>
    public string? Session => cookies.GetValueOrDefault("chartroom");

    /// <summary>Opens a page.</summary>
    public Task<TestPage> OpenAsync(string path) => SendAsync(new(HttpMethod.Get, path));

    /// <summary>Opens a page and follows redirects to the last one.</summary>
    public async Task<TestPage> FollowAsync(string path)
    {
        var page = await OpenAsync(path);
        for (var steps = 0; page.Location is not null; steps++)
        {
            if (steps == 10) throw new InvalidOperationException($"Sent around in circles, at last to {page.Location}.");
            page = await OpenAsync(page.Location);
        }
        return page;
    }

    /// <summary>Sends a form, as from a page of ours.</summary>
    public Task<TestPage> PostAsync(string path, params (string Name, string Value)[] fields)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value))) };
        request.Headers.Add("Sec-Fetch-Site", "same-origin");
        return SendAsync(request);
    }

    private async Task<TestPage> SendAsync(HttpRequestMessage request)
    {
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("TestBrowser", "1"));
        if (cookies.Count > 0) request.Headers.Add("Cookie", string.Join("; ", cookies.Select(cookie => $"{cookie.Key}={cookie.Value}")));
        using var response = await client.SendAsync(request);
        foreach (var line in response.Headers.TryGetValues("Set-Cookie", out var lines) ? lines : []) Keep(line);
        return new(response.StatusCode, response.Headers.Location?.ToString(), await response.Content.ReadAsStringAsync(), request.RequestUri!.ToString())
        {
            Clears = response.Headers.TryGetValues("Clear-Site-Data", out var cleared) ? cleared.Single() : null,
        };
    }

    private void Keep(string line)
    {
        var (name, value) = line.Split(';')[0].Split('=', 2) is [var left, var right] ? (left, right) : throw new FormatException(line);
        if (line.Contains("expires=Thu, 01 Jan 1970", StringComparison.OrdinalIgnoreCase)) cookies.Remove(name);
        else cookies[name] = value;
    }
}

/// <summary>What came back.</summary>
public sealed partial record TestPage(HttpStatusCode Status, string? Location, string Html, string Path)
{
    /// <summary>What the browser is told to forget.</summary>
    public string? Clears { get; init; }

    /// <summary>The heading, to know where one is.</summary>
    public string Title => WebUtility.HtmlDecode(TitleTag().Match(Html).Groups[1].Value);

    /// <summary>Texts of the elements that carry an attribute.</summary>
    public IReadOnlyList<string> Marked(string attribute) =>
        [.. Regex.Matches(Html, $@"<\w+[^>]*\b{attribute}\b[^>]*>([^<]*)<").Select(match => WebUtility.HtmlDecode(match.Groups[1].Value))];

    /// <summary>What stands beside a field about what is wrong with it; empty when nothing is.</summary>
    public string ErrorOf(string field) => Regex.Replace(
        Regex.Match(Html, $"id=\"{Chartroom.Shell.FieldIds.Of(field)}-error\">(.*?)</p>", RegexOptions.Singleline).Groups[1].Value, "<[^>]*>", "").Trim();

    /// <summary>The value of a hidden field.</summary>
    public string Hidden(string name) => WebUtility.HtmlDecode(Regex.Match(Html, $"name=\"{name}\" value=\"([^\"]*)\"").Groups[1].Value);

    [GeneratedRegex("<title>([^<·]*?)\\s*(?:·[^<]*)?</title>")]
    private static partial Regex TitleTag();
}
