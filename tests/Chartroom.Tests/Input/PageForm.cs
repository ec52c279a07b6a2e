using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Chartroom.Input;

/// <summary>A form as it stands in a page of ours: where it goes and what it holds.</summary>
/// <param name="Fields">In order; <c>IsText</c> for what people type freely.</param>
internal sealed partial record PageForm(string Action, IReadOnlyList<(string Name, string Value, bool IsText)> Fields)
{
    /// <summary>The forms of a page that post.</summary>
    public static IEnumerable<PageForm> In(string html, string page)
    {
        foreach (Match form in Form().Matches(html))
        {
            if (!form.Groups[1].Value.Contains("post", StringComparison.OrdinalIgnoreCase)) continue;
            var action = Attribute(form.Groups[1].Value, "action") is { Length: > 0 } named ? named : page;
            var fields = new List<(string, string, bool)>();
            foreach (Match field in Field().Matches(form.Groups[2].Value))
            {
                var (tag, attributes) = (field.Groups[1].Value, field.Groups[2].Value);
                if (Attribute(attributes, "name") is not { Length: > 0 } name) continue;
                var type = Attribute(attributes, "type") ?? "text";
                if (type is "file" or "submit" or "button" || (type is "checkbox" or "radio" && !attributes.Contains(" checked", StringComparison.Ordinal))) continue;
                var value = tag == "input" ? Attribute(attributes, "value") ?? "" : tag == "select" ? Chosen(field.Groups[3].Value) : WebUtility.HtmlDecode(field.Groups[3].Value);
                fields.Add((name, value, tag == "textarea" || (tag == "input" && type is "text" or "search" or "password" or "tel" or "email")));
            }
            yield return new(WebUtility.HtmlDecode(action), fields);
        }
    }

    /// <summary>The pages of a clinic, of a patient and of a visit.</summary>
    public static IEnumerable<string> PagesOf(TestClinic clinic, IReadOnlyDictionary<string, string> known) => clinic.Services.GetServices<EndpointDataSource>()
        .SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
        .Where(route => route.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods.Contains("GET") == true)
        .Select(route => "/" + route.RoutePattern.RawText!.TrimStart('/').Replace(":guid}", "}", StringComparison.Ordinal))   // a route has its pattern's text
        .Where(path => !path.StartsWith("/api/", StringComparison.Ordinal) && !path.StartsWith("/assets/", StringComparison.Ordinal))
        .Select(path => known.Aggregate(path, (filled, it) => filled.Replace(it.Key, it.Value, StringComparison.Ordinal)))
        .Where(path => !path.Contains('{', StringComparison.Ordinal)).Distinct().Order(StringComparer.Ordinal);

    private static string? Attribute(string attributes, string name) =>
        Regex.Match(attributes, $"(?:^|\\s){name}=\"([^\"]*)\"") is { Success: true } found ? WebUtility.HtmlDecode(found.Groups[1].Value) : null;

    private static string Chosen(string options)
    {
        var all = Option().Matches(options).Select(it => it.Groups[1].Value).ToList();
        var chosen = all.FirstOrDefault(it => it.Contains(" selected", StringComparison.Ordinal)) ?? all.FirstOrDefault(it => Attribute(it, "value") is { Length: > 0 }) ?? "";
        return Attribute(chosen, "value") ?? "";
    }

    [GeneratedRegex("<form([^>]*)>(.*?)</form>", RegexOptions.Singleline)]
    private static partial Regex Form();

    [GeneratedRegex("<(input|textarea|select)\\b([^>]*)>(?:(?<=<input[^>]*>)|(.*?)</\\1>)", RegexOptions.Singleline)]
    private static partial Regex Field();

    [GeneratedRegex("<option([^>]*)>", RegexOptions.Singleline)]
    private static partial Regex Option();
}
