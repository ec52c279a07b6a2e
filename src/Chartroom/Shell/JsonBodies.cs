using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http.Json;

namespace Chartroom.Shell;

/// <summary>How the API reads bodies. What a record says cannot be null is there: a body without it is unreadable (400), instead of an error deep in an act.</summary>
internal static class JsonBodies
{
    internal static void Configure(JsonOptions options)
    {
        options.SerializerOptions.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false));
        options.SerializerOptions.RespectNullableAnnotations = true;
        options.SerializerOptions.AllowDuplicateProperties = false;   // of two names that are alike, a filter may read the one and we the other
        options.SerializerOptions.TypeInfoResolver = (options.SerializerOptions.TypeInfoResolver ?? new DefaultJsonTypeInfoResolver()).WithAddedModifier(RequireTexts);
    }

    /// <summary>Texts and lists that are neither nullable nor have a default; numbers and boxes have a natural one.</summary>
    private static void RequireTexts(JsonTypeInfo type)
    {
        foreach (var property in type.Properties)
        {
            if (property.AssociatedParameter is { HasDefaultValue: false, IsNullable: false, ParameterType.IsValueType: false }) property.IsRequired = true;
        }
    }
}
