using System.Net;
using System.Text.RegularExpressions;

namespace Chartroom.Input;

/// <summary>The pages that somebody reaches: those they start from, and all that lie behind their links; of those that differ in ids alone, one.</summary>
internal static partial class Walk
{
    /// <returns>Each with where its forms go to.</returns>
    public static async Task<List<(string Path, string[] Actions)>> PagesAsync(HttpClient client, IEnumerable<string> first)
    {
        var (seen, pages) = (new HashSet<string>(), new List<(string, string[])>());
        var waiting = new Queue<string>(first);
        while (waiting.TryDequeue(out var path))
        {
            if (!seen.Add(KindOf(path)) || path.StartsWith("/api/", StringComparison.Ordinal) || path.StartsWith("/assets/", StringComparison.Ordinal)) continue;
            using var answer = await client.GetAsync(path);
            if (!answer.IsSuccessStatusCode || answer.Content.Headers.ContentType?.MediaType != "text/html") continue;
            var html = await answer.Content.ReadAsStringAsync();
            pages.Add((path, [.. Form().Matches(html).Select(form => Action().Match(form.Value)).Select(action => action.Success ? WebUtility.HtmlDecode(action.Groups[1].Value) : path.Split('?')[0]).Distinct()]));
            foreach (Match link in Link().Matches(html)) waiting.Enqueue(WebUtility.HtmlDecode(link.Groups[1].Value));
        }
        return pages;
    }

    /// <summary>An address without what differs from one patient, day or visit to the next.</summary>
    public static string KindOf(string path)
    {
        var parts = Id().Replace(path, "*").Split('?', 2);
        return parts.Length == 1 ? parts[0] : $"{parts[0]}?{string.Join('&', parts[1].Split('&').Select(it => it.Split('=')[0]).Distinct().Order(StringComparer.Ordinal))}";
    }

    [GeneratedRegex("<a\\b[^>]*\\shref=\"(/[^\"#]*)\"")]
    private static partial Regex Link();

    [GeneratedRegex("<form\\b[^>]*>")]
    private static partial Regex Form();

    [GeneratedRegex("\\saction=\"([^\"]*)\"")]
    private static partial Regex Action();

    [GeneratedRegex("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|(?<=/(password-reset|invite|sign-up)/).*")]
    private static partial Regex Id();
}
