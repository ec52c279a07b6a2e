using Chartroom.Scheduling;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Chartroom.Journeys;

/// <summary>Walks all pages of a clinic, of a patient and of a visit, each as the first role that may see it. A new page is walked by itself.</summary>
public sealed class EveryPage(Browser browser) : IClassFixture<Browser>
{
    [Theory]
    [InlineData(Browser.DeskWidth), InlineData(Browser.PhoneWidth)]
    public async Task Is_accessible_and_as_wide_as_the_window(int width)
    {
        await using var desk = await SchedulingDesk.OpenAsync(isOnTheNet: true);
        var visit = (string)(await desk.BookedAsync("2026-03-02", "10:00"))["id"]!;
        var clinic = desk.Clinic;
        var (walked, faults) = (new HashSet<string>(), new List<string>());

        foreach (var role in new[] { ClinicRole.Provider, ClinicRole.FrontDesk, ClinicRole.Admin })
        {
            await using var visitor = await browser.OpenAsync(clinic.Address, width);
            await visitor.SignInAsync(clinic, role);
            foreach (var page in (await PagesAsync(desk, visit, role)).Where(walked.Add)) faults.AddRange(await visitor.FaultsAtAsync(page));
        }

        Assert.Contains("/sign-in", walked);
        Assert.True(faults.Count == 0, string.Join("\n", faults));
    }

    // What answers with a page: downloads, redirects and what the role may not see fall out by themselves.
    internal static async Task<List<string>> PagesAsync(SchedulingDesk desk, string visit, ClinicRole role)
    {
        using var client = desk.Clinic.As(role);
        var pages = new List<string>();
        foreach (var path in PathsOf(desk.Clinic).Select(path => Filled(path, desk, visit)).OfType<string>().Distinct().Order())
        {
            using var answer = await client.GetAsync(path, HttpCompletionOption.ResponseHeadersRead);
            if (answer.IsSuccessStatusCode && answer.Content.Headers.ContentType?.MediaType == "text/html") pages.Add(path);
        }
        return pages;
    }

    private static IEnumerable<string> PathsOf(TestClinic clinic) => clinic.Services.GetServices<EndpointDataSource>()
        .SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
        .Where(route => route.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods.Contains("GET") == true)
        .Select(route => "/" + route.RoutePattern.RawText!.TrimStart('/'))   // a route has its pattern's text
        .Where(path => !path.StartsWith("/api/", StringComparison.Ordinal));

    /// <summary>The path with the one patient and the one visit put in; null when it asks for something else, whose page has a test of its own.</summary>
    private static string? Filled(string path, SchedulingDesk desk, string visit)
    {
        var known = path.Replace(":guid}", "}", StringComparison.Ordinal)
            .Replace("/patients/{id}", $"/patients/{desk.Patient}", StringComparison.Ordinal)
            .Replace("/visits/{id}", $"/visits/{visit}", StringComparison.Ordinal);
        return known.Contains('{', StringComparison.Ordinal) ? null : known;
    }
}
