using System.Collections;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Chartroom.Charts;

/// <summary>The form in which chart content is sealed and sent: camelCase, FHIR's kebab-case codes, nothing written that is absent or empty.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Entry))]
[JsonSerializable(typeof(EntryAnswer))]
[JsonSerializable(typeof(EntriesPage))]
[JsonSerializable(typeof(EntryHistory))]
[JsonSerializable(typeof(ChartSummary))]
[JsonSerializable(typeof(WriteEntry))]
internal sealed partial class ChartJson : JsonSerializerContext
{
    /// <summary>Thread-safe; use this one everywhere, so that equal content gives equal bytes.</summary>
    public static JsonSerializerOptions Compact => Made.Options;

    /// <summary>A class of its own: the generated half has static fields too, and C# does not say whose are set first.</summary>
    private static class Made
    {
        public static readonly JsonSerializerOptions Options = MakeCompact();
    }

    private static JsonSerializerOptions MakeCompact()
    {
        var options = new JsonSerializerOptions(Default.Options)
        {
            TypeInfoResolver = Default.WithAddedModifier(LeaveOutWhatIsEmpty),
            AllowOutOfOrderMetadataProperties = true,
            Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false) },
            Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // sealed or sent as JSON, never put into HTML
        };
        options.MakeReadOnly();
        return options;
    }

    private static void LeaveOutWhatIsEmpty(JsonTypeInfo type)
    {
        foreach (var property in type.Properties)
        {
            if (property.IsRequired || property.PropertyType == typeof(string)) continue;
            if (property.PropertyType == typeof(bool)) property.ShouldSerialize = static (_, value) => value is true;
            if (typeof(IEnumerable).IsAssignableFrom(property.PropertyType))
                property.ShouldSerialize = static (_, value) => value is IEnumerable items && items.GetEnumerator().MoveNext();
        }
    }
}
