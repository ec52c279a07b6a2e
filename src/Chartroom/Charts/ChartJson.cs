using System.Collections;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Chartroom.Charts;

/// <summary>The form in which chart content is sealed and sent: camelCase, FHIR's kebab-case codes, nothing written that is absent or empty.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(Entry))]
internal sealed partial class ChartJson : JsonSerializerContext
{
    /// <summary>Thread-safe; use this one everywhere, so that equal content gives equal bytes.</summary>
    public static readonly JsonSerializerOptions Compact = MakeCompact();

    private static JsonSerializerOptions MakeCompact()
    {
        var options = new JsonSerializerOptions(Default.Options)
        {
            TypeInfoResolver = Default.WithAddedModifier(LeaveOutEmptyLists),
            AllowOutOfOrderMetadataProperties = true,
            Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // sealed or sent as JSON, never put into HTML
        };
        options.MakeReadOnly();
        return options;
    }

    private static void LeaveOutEmptyLists(JsonTypeInfo type)
    {
        foreach (var property in type.Properties)
        {
            if (property.IsRequired || property.PropertyType == typeof(string)) continue;
            // An enum's first member is a value like any other; only a null is absent.
            if (property.PropertyType.IsEnum) property.ShouldSerialize = static (_, _) => true;
            if (typeof(IEnumerable).IsAssignableFrom(property.PropertyType))
                property.ShouldSerialize = static (_, value) => value is IEnumerable items && items.GetEnumerator().MoveNext();
        }
    }
}
