using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Chartroom.Journeys;

/// <summary>Walks all pages that need nothing but a clinic, each as the first role that may see it. A new page is walked by itself.</summary>
[Collection(Journeys.Name)]
public sealed class EveryPage(Browser browser)
{
    [Theory]
    [InlineData(Browser.DeskWidth), InlineData(Browser.PhoneWidth)]
    public async Task Is_accessible_and_as_wide_as_the_window(int width)
    {
        await using var clinic = await TestClinic.OpenAsync(isOnTheNet: true);
        var (walked, faults) = (new HashSet<string>(), new List<string>());

        foreach (var role in new[] { ClinicRole.Provider, ClinicRole.FrontDesk, ClinicRole.Admin })
        {
            await using var visitor = await browser.OpenAsync(clinic.Address, width);
            await visitor.SignInAsync(clinic, role);
            foreach (var page in (await PagesAsync(clinic, role)).Where(walked.Add)) faults.AddRange(await visitor.FaultsAtAsync(page));
        }

        Assert.Contains("/sign-in", walked);
        Assert.True(faults.Count == 0, string.Join("\n", faults));
    }

    // What answers with a page: downloads, redirects and what the role may not see fall out by themselves.
    private static async Task<List<string>> PagesAsync(TestClinic clinic, ClinicRole role)
    {
        using var client = clinic.As(role);
        var pages = new List<string>();
        foreach (var path in PathsOf(clinic))
        {
            using var answer = await client.GetAsync(path, HttpCompletionOption.ResponseHeadersRead);
            if (answer.IsSuccessStatusCode && answer.Content.Headers.ContentType?.MediaType == "text/html") pages.Add(path);
        }
        return pages;
    }

    private static IEnumerable<string> PathsOf(TestClinic clinic) => clinic.Services.GetServices<EndpointDataSource>()
        .SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
        .Where(route => route.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods.Contains("GET") == true)
        .Where(route => route.RoutePattern.Parameters.Count == 0)
        .Select(route => "/" + route.RoutePattern.RawText!.TrimStart('/'))   // a route has its pattern's text
        .Where(path => !path.StartsWith("/api/", StringComparison.Ordinal)).Distinct().Order();
}
