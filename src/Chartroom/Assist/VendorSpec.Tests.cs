using System.Text.Json.Nodes;

namespace Chartroom.Assist;

/// <summary>A vendor's API description from beside the checkout, and whether a body is as it says. Fields that it does not name are refused in what we send.</summary>
internal sealed class VendorSpec
{
    private readonly JsonNode document;

    private VendorSpec(JsonNode document) => this.document = document;

    public static VendorSpec Of(string vendor) =>
        new(JsonNode.Parse(File.ReadAllText(Path.Combine(SharedData.Root!, "..", "contracts", "specs", vendor + ".json")))!);   // asked for where it is present

    /// <summary>Faults of a body against a named schema.</summary>
    /// <param name="isClosed">Refuse fields of the outermost object that are not described.</param>
    public List<string> FaultsOf(string schema, JsonNode? body, bool isClosed)
    {
        var root = document["components"]!["schemas"]![schema]!;
        var faults = Check(root, body, schema).ToList();
        if (isClosed && body is JsonObject record) faults.AddRange(record.Select(it => it.Key).Except(NamesOf(root)).Select(name => $"{schema}.{name} is not described"));
        return faults;
    }

    /// <summary>The value a header must have by the description of an operation, or null.</summary>
    public string? HeaderOf(string path, string name) =>
        (string?)document["paths"]![path]!["post"]!["parameters"]?.AsArray().Single(it => (string)it!["name"]! == name)!["schema"]!["enum"]?[0];

    private IEnumerable<string> NamesOf(JsonNode schema)
    {
        var here = Followed(schema);
        var parts = new[] { "allOf", "anyOf", "oneOf" }.SelectMany(kind => here[kind]?.AsArray().SelectMany(part => NamesOf(part!)) ?? []);
        return (here["properties"]?.AsObject().Select(it => it.Key) ?? []).Concat(parts);
    }

    private JsonNode Followed(JsonNode schema)
    {
        while (schema is JsonObject && (string?)schema["$ref"] is { } reference)
            schema = reference.Split('/').Skip(1).Aggregate(document, (node, key) => node[key.Replace("~1", "/", StringComparison.Ordinal)]!);
        return schema;
    }

    private IEnumerable<string> Check(JsonNode schema, JsonNode? value, string at)
    {
        schema = Followed(schema);
        if (schema is not JsonObject || (value is null && (bool?)schema["nullable"] == true)) return [];
        var faults = new List<string>();
        foreach (var part in schema["allOf"]?.AsArray() ?? []) faults.AddRange(Check(part!, value, at));
        foreach (var kind in new[] { "anyOf", "oneOf" })
        {
            if (schema[kind] is not JsonArray ways) continue;
            var tried = ways.Select(way => Check(way!, value, at).ToList()).ToList();
            if (!tried.Exists(way => way.Count == 0)) faults.AddRange(tried.MinBy(way => way.Count)!);
        }
        if (schema["type"] is { } type && !(type is JsonArray list ? list.Any(it => Is((string)it!, value)) : Is((string)type!, value))) return [.. faults, $"{at} is no {type.ToJsonString()}"];
        if (schema["const"] is { } only && !JsonNode.DeepEquals(only, value)) faults.Add($"{at} is not {only.ToJsonString()}");
        if (schema["enum"] is JsonArray allowed && !allowed.Any(it => JsonNode.DeepEquals(it, value))) faults.Add($"{at} is none of {allowed.ToJsonString()}");
        if (value is JsonObject record) faults.AddRange(Object(schema, record, at));
        if (value is JsonArray items) faults.AddRange(Array(schema, items, at));
        return faults;
    }

    private IEnumerable<string> Object(JsonNode schema, JsonObject record, string at)
    {
        var properties = schema["properties"]?.AsObject();
        foreach (var name in schema["required"]?.AsArray().Select(it => (string)it!) ?? [])
            if (!record.ContainsKey(name)) yield return $"{at}.{name} is missing";
        foreach (var (name, value) in record)
        {
            if (properties?[name] is { } known)
            {
                foreach (var fault in Check(known, value, $"{at}.{name}")) yield return fault;
            }
            else if (schema["additionalProperties"] is JsonValue closed && closed.TryGetValue<bool>(out var open) && !open) yield return $"{at}.{name} is not described";
        }
    }

    private IEnumerable<string> Array(JsonNode schema, JsonArray items, string at)
    {
        if (items.Count < ((int?)schema["minItems"] ?? 0)) yield return $"{at} is too short";
        if (schema["items"] is not { } each) yield break;
        for (var index = 0; index < items.Count; index++)
            foreach (var fault in Check(each, items[index], $"{at}[{index}]")) yield return fault;
    }

    private static bool Is(string type, JsonNode? value) => type switch
    {
        "null" => value is null,
        "object" => value is JsonObject,
        "array" => value is JsonArray,
        _ => value is JsonValue && value.GetValueKind() switch
        {
            System.Text.Json.JsonValueKind.String => type == "string",
            System.Text.Json.JsonValueKind.Number => type == "number" || (type == "integer" && !value.ToJsonString().Contains('.', StringComparison.Ordinal)),
            System.Text.Json.JsonValueKind.True or System.Text.Json.JsonValueKind.False => type == "boolean",
            _ => false,
        },
    };
}
