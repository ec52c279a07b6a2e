using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Xunit.Abstractions;

namespace Chartroom.Input;

/// <summary>Every property that any answer has and any table keeps, sent with every operation that did not ask for it, in each record of its body.</summary>
public sealed partial class MassAssignmentTests(ITestOutputHelper output)
{
    private static readonly Guid Id = Guid.Parse("0badf00d-0bad-7bad-8bad-0badf00d0bad");
    private const string Words = "massassigned", Day = "1999-09-09";
    private const int Number = 987654321;

    [Fact]
    public async Task TEN_2_ACC_6_A_property_that_an_operation_did_not_ask_for_is_ignored_or_refused_and_never_written()
    {
        await using var examples = await Examples.OpenAsync();
        var unasked = await UnaskedAsync(examples);
        var (sent, faults) = (0, new List<string>());
        foreach (var example in examples.All)
        {
            var plain = await example.MakeAsync();
            var answer = await examples.SendAsync(example, plain);
            if (example.IsTaken != answer.Status < 400) faults.Add($"{example.Name}: the example itself answered {answer.Status} {answer.Text}");
            var laden = await example.MakeAsync();
            sent += Load(laden.Body, SchemaOf(examples.Document, example), examples.Document, unasked);
            var again = await examples.SendAsync(example, laden);
            if (again.Status >= 500) faults.Add($"{example.Name}: {again.Status}");
            else if (again.Status < 400 && (again.Status, Neutral(again.Text)) != (answer.Status, Neutral(answer.Text)))
                faults.Add($"{example.Name}: {answer.Status} {Neutral(answer.Text)} became {again.Status} {Neutral(again.Text)}");
            if (again.Text.Contains(Words, StringComparison.Ordinal) || again.Text.Contains($"{Id}", StringComparison.Ordinal)) faults.Add($"{example.Name} answered with what was slipped in");
        }
        faults.AddRange(await WrittenAsync(examples));

        output.WriteLine($"{sent} properties in {examples.All.Count} operations ({examples.All.Count(it => it.IsTaken)} of them taken): {faults.Count} faults");
        Assert.True(faults.Count == 0, string.Join('\n', faults.Take(40)));
    }

    /// <summary>Names and a value of each: properties of all schemas, and columns of all tables.</summary>
    private static async Task<Dictionary<string, JsonNode>> UnaskedAsync(Examples examples)
    {
        var found = new Dictionary<string, JsonNode>(StringComparer.OrdinalIgnoreCase);
        foreach (var (_, schema) in examples.Document["components"]!["schemas"]!.AsObject())
            foreach (var (name, property) in PropertiesOf(schema, examples.Document)) found.TryAdd(name, ValueOf(name, TypeOf(property)));
        foreach (var (column, type) in await examples.Clinic.RowsAsync<(string, string)>("""
            select distinct on (column_name) column_name::text, data_type::text from information_schema.columns where table_schema in ('platform', current_schema()) order by 1
            """))
            found.TryAdd(System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(string.Concat(column.Split('_').Select(part => char.ToUpperInvariant(part[0]) + part[1..]))), ValueOf(column, type));
        return found;
    }

    private static string TypeOf(JsonNode? property)
    {
        var type = property?["type"] is JsonArray types ? types.Select(it => (string?)it).FirstOrDefault(it => it != "null") : (string?)property?["type"];
        return (string?)property?["format"] ?? type ?? "string";
    }

    private static JsonNode ValueOf(string name, string type) => type switch
    {
        "boolean" => true,
        "int32" or "int64" or "integer" or "number" or "bigint" or "smallint" or "numeric" => Number,
        "date-time" or "timestamp with time zone" or "timestamp without time zone" => $"{Day}T09:09:09Z",
        "date" => Day,
        "uuid" => Id.ToString(),
        "array" or "ARRAY" => new JsonArray(Id.ToString()),
        _ => name.EndsWith("id", StringComparison.OrdinalIgnoreCase) ? Id.ToString() : Words,
    };

    private static JsonNode? SchemaOf(JsonNode document, Example example) =>
        document["paths"]?[example.Template]?[example.Method.ToLowerInvariant()]?["requestBody"]?["content"]?["application/json"]?["schema"];

    /// <summary>Puts all that was not asked for into a record and the records in it; answers how much.</summary>
    private static int Load(JsonNode? body, JsonNode? schema, JsonNode document, Dictionary<string, JsonNode> unasked)
    {
        if (body is JsonArray list) return list.Sum(it => Load(it, Resolved(schema, document).Select(one => one["items"]).FirstOrDefault(it => it is not null), document, unasked));
        if (body is not JsonObject record) return 0;
        var asked = PropertiesOf(schema, document);
        var sent = record.ToList().Sum(it => Load(it.Value, asked.GetValueOrDefault(it.Key), document, unasked));
        foreach (var (name, value) in unasked.Where(it => !asked.ContainsKey(it.Key) && !record.Any(own => own.Key.Equals(it.Key, StringComparison.OrdinalIgnoreCase))))
        {
            record[name] = value.DeepClone();
            sent++;
        }
        return sent;
    }

    /// <summary>All properties of a schema, of each form it can take.</summary>
    private static Dictionary<string, JsonNode?> PropertiesOf(JsonNode? schema, JsonNode document)
    {
        var found = new Dictionary<string, JsonNode?>(StringComparer.OrdinalIgnoreCase);
        foreach (var one in Resolved(schema, document))
            if (one["properties"] is JsonObject properties)
                foreach (var (name, property) in properties) found.TryAdd(name, property);
        return found;
    }

    private static IEnumerable<JsonNode> Resolved(JsonNode? schema, JsonNode document)
    {
        if (schema is null) return [];
        if ((string?)schema["$ref"] is { } reference) return Resolved(reference.Split('/').Skip(1).Aggregate((JsonNode?)document, (node, name) => node?[name]), document);
        return (schema["oneOf"] ?? schema["anyOf"]) is JsonArray choices ? [schema, .. choices.SelectMany(choice => Resolved(choice, document))] : [schema];
    }

    /// <summary>Where what was slipped in stands in any table, or in what is read of it in clear.</summary>
    private static async Task<List<string>> WrittenAsync(Examples examples)
    {
        var faults = new List<string>();
        foreach (var table in await examples.Clinic.RowsAsync<string>("""
            select n.nspname || '.' || c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
            where n.nspname in ('platform', current_schema()) and c.relkind in ('r', 'p') and not c.relispartition
            """))
            if (await examples.Clinic.OneAsync<long>($"select count(*) from {table} as it where it::text ~ '{Words}|{Id}|{Number}|{Day}'") is > 0 and var rows) faults.Add($"{rows} rows of {table} keep it");
        using var admin = examples.Clinic.As(ClinicRole.Admin);
        foreach (var path in examples.Document["paths"]!.AsObject().Select(it => it.Key).Where(it => it.StartsWith("/api/v1/exports/", StringComparison.Ordinal) && it.EndsWith(".json", StringComparison.Ordinal)))
        {
            var exported = await admin.GetStringAsync(path);
            if (Regex.IsMatch(exported, $"{Words}|{Id}|{Number}|{Day}")) faults.Add($"{path} shows it");
        }
        return faults;
    }

    /// <summary>Without ids, days, times and numbers that count up.</summary>
    private static string Neutral(string text) => Varying().Replace(text, "#");

    [GeneratedRegex(@"[0-9a-fA-F]{8}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{12}|""(traceId|token|clientSecret|pass)"":""[^""]*""|\d{4}-\d\d-\d\d(T[0-9:.Z+-]*)?|\d\d:\d\d(:\d\d)?|""mrn"":""?[^,]*|\d{4,}|""(version|number)"":\d+")]
    private static partial Regex Varying();
}
