using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Chartroom.Platform.Web;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;

namespace Chartroom.Isolation;

/// <summary>A route as an attacker sees it: how to ask it, with an id of his choice wherever it takes one.</summary>
internal sealed partial class SweptRoute(RouteEndpoint endpoint, string method, JsonNode document)
{
    private static readonly string[] NoIds = ["token", "date", "step", "hash", "name", "slug"];
    private static readonly string[] FormNames = ["id", "patient", "patientId", "provider", "providerId", "location", "locationId", "room", "roomId", "visitType", "visitTypeId", "staff", "clinic", "clinicId", "restores"];

    public string Path { get; } = Constraint().Replace("/" + endpoint.RoutePattern.RawText!.Trim('/'), "}");
    public string Name => $"{method} {Path}";
    public bool IsApi => Path.StartsWith("/api/", StringComparison.Ordinal);
    public bool IsWrite => method is not "GET";
    public bool IsPublic => endpoint.Metadata.GetMetadata<PublicBecause>() is not null;
    public IReadOnlyList<string> Declares => endpoint.Metadata.GetMetadata<AuditsAs>()?.Actions ?? [];
    public Permission? Asks => endpoint.Metadata.GetMetadata<RequiresPermission>()?.Permission;
    public bool NeedsSecondFactor => Asks is not null || endpoint.Metadata.GetMetadata<RequiresSession>()?.NeedsMfa == true;
    public bool NeedsAgreement => Asks is not null && endpoint.Metadata.GetMetadata<WorksWithoutAgreement>() is null;
    public int IdsInPath => Parameter().Matches(Path).Count(match => !NoIds.Contains(match.Groups[1].Value));

    /// <summary>Every route there is but files of our own, held against /openapi.json so that none that is described is left out.</summary>
    public static async Task<List<SweptRoute>> AllAsync(TestClinic clinic)
    {
        var document = JsonNode.Parse(await clinic.Anonymous().GetStringAsync("/openapi.json"))!;
        var routes = clinic.The<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .SelectMany(endpoint => endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"], (endpoint, method) => new SweptRoute(endpoint, method, document))
            .Where(route => !route.Path.StartsWith("/assets/", StringComparison.Ordinal)).ToList();
        var described = document["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject().Select(it => $"{it.Key.ToUpperInvariant()} {path.Key}"));
        Assert.Empty(described.Except(routes.Select(route => route.Name)));   // no operation that is described is left out
        Assert.True(routes.Count > 120, $"Only {routes.Count} routes: the sweep has stopped looking.");
        return routes;
    }

    /// <summary>An answer without what differs from request to request: ids that were asked for or made, and trace ids.</summary>
    public static string Neutral(string text) => Varying().Replace(text, "#");

    /// <summary>Whether the path goes by a patient.</summary>
    public bool IsUnderPatient => Path.Contains("/patients/{", StringComparison.Ordinal);

    /// <summary>What its handler reads that no file, body or service gives: names of its query, of each a value that is of its kind. An id or a text is the id.</summary>
    public IEnumerable<(string Name, Func<Guid, string> Of)> Query =>
        endpoint.Metadata.GetOrderedMetadata<IParameterBindingMetadata>()
            .Where(it => !Path.Contains($"{{{it.Name}}}", StringComparison.OrdinalIgnoreCase) && !Path.Contains($"{{*{it.Name}}}", StringComparison.OrdinalIgnoreCase))
            .Select(it => (it.Name, Of: ValueOf(Nullable.GetUnderlyingType(it.ParameterInfo.ParameterType) ?? it.ParameterInfo.ParameterType))).Where(it => it.Of is not null).Select(it => (it.Name, it.Of!));

    private static Func<Guid, string>? ValueOf(Type type) =>
        type == typeof(string) || type == typeof(Guid) || type.GetProperty("Value")?.PropertyType == typeof(Guid) ? id => $"{id}"
        : type == typeof(DateOnly) ? _ => "2026-03-03"
        : type == typeof(TimeOnly) ? _ => "10:00"
        : type == typeof(int) || type == typeof(long) ? _ => "1"
        : type == typeof(bool) ? _ => "true"
        : type.IsEnum ? _ => Enum.GetNames(type)[0]
        : null;

    /// <summary>The request with that id at that place: 0 path, 1 query, 2 body, 3 header. Other ids in the path are <paramref name="other"/>.</summary>
    /// <param name="under">What the first id of the path is instead, such as the patient; null for none.</param>
    public HttpRequestMessage Ask(int place, Guid id, Guid other, string? token, Guid? under = null)
    {
        var (first, above) = (true, under);
        var path = Parameter().Replace(Path, match =>
        {
            if (NoIds.Contains(match.Groups[1].Value)) return match.Groups[1].Value == "date" ? "2026-03-03" : "x";
            if (above is { } given)
            {
                above = null;
                return given.ToString();
            }
            var chosen = first && place == 0 ? id : other;
            first = false;
            return chosen.ToString();
        });
        if (place == 1) path += $"?{string.Concat(Query.Select(asked => $"{asked.Name}={asked.Of(id)}&"))}clinic={id}&clinicId={id}&patient={id}&patientId={id}&provider={id}&location={id}&id={id}&visit={id}&date=2026-03-03";
        var request = new HttpRequestMessage(new(method), path);
        if (place == 3)
            foreach (var name in new[] { "X-Clinic-Id", "X-Clinic", "X-Tenant-Id", "X-Person-Id", "X-Patient-Id", "X-Session-Id", "X-Original-URL" }) request.Headers.TryAddWithoutValidation(name, id.ToString());
        if (token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (IsWrite) request.Headers.TryAddWithoutValidation("If-Match", "\"1\"");
        if (IsWrite) request.Content = ContentWith(place == 2 ? id : other);
        return request;
    }

    private HttpContent ContentWith(Guid id)
    {
        var takes = endpoint.Metadata.GetOrderedMetadata<IAcceptsMetadata>().SelectMany(it => it.ContentTypes).ToList();
        if (IsApi && takes.Count > 0 && takes.TrueForAll(type => type.StartsWith("image/", StringComparison.Ordinal))) return new ByteArrayContent(id.ToByteArray()) { Headers = { ContentType = new(takes[0]) } };
        if (takes.Any(type => type.Contains("json", StringComparison.Ordinal)) || IsApi)
            return new StringContent((BodyOf(id) ?? new JsonObject()).ToJsonString(), Encoding.UTF8, "application/json");
        return new FormUrlEncodedContent(FormNames.Select(name => new KeyValuePair<string, string>(name, id.ToString())).Append(new("version", "1")));
    }

    private JsonNode? BodyOf(Guid id) =>
        document["paths"]?[Path]?[method.ToLowerInvariant()]?["requestBody"]?["content"]?["application/json"]?["schema"] is { } schema ? Made(schema, id, 0) : null;

    /// <summary>A value of the schema's shape; every string that could be an id is the id.</summary>
    private JsonNode? Made(JsonNode schema, Guid id, int depth)
    {
        if (depth > 6) return null;
        if ((string?)schema["$ref"] is { } reference)
        {
            var target = reference.Split('/').Skip(1).Aggregate((JsonNode?)document, (node, name) => node?[name]);
            return target is null ? null : Made(target, id, depth + 1);
        }
        if ((schema["oneOf"] ?? schema["anyOf"]) is JsonArray { Count: > 0 } choices) return Made(choices[^1]!, id, depth + 1);
        if (schema["enum"] is JsonArray { Count: > 0 } values) return values[0]?.DeepClone();
        var type = schema["type"] is JsonArray types ? types.Select(it => (string?)it).FirstOrDefault(it => it != "null") : (string?)schema["type"];
        if (schema["properties"] is JsonObject properties)
            return new JsonObject(properties.Where(it => it.Value is not null).Select(it => KeyValuePair.Create(it.Key, Made(it.Value!, id, depth + 1))));
        return type switch
        {
            "array" => schema["items"] is { } items ? new JsonArray(Made(items, id, depth + 1)) : new JsonArray(),
            "integer" or "number" => 1,
            "boolean" => true,
            "object" => new JsonObject(),
            _ => (string?)schema["format"] switch { "date" => "2026-03-03", "time" => "10:00", "date-time" => "2026-03-03T15:00:00Z", _ => id.ToString() },
        };
    }

    [GeneratedRegex(@"\{\**([a-zA-Z]+)\}")]
    private static partial Regex Parameter();

    [GeneratedRegex(@":[^}]*\}")]
    private static partial Regex Constraint();

    [GeneratedRegex("[0-9a-fA-F]{8}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{12}|\"traceId\":\"[^\"]*\"|<code>[^<]*</code>")]
    private static partial Regex Varying();
}
