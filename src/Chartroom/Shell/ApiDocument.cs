using Chartroom.Platform.Web;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Chartroom.Shell;

/// <summary><c>/openapi.json</c>: OpenAPI 3.1, made from the routes themselves, so no operation can be forgotten. Each names its permission, its audit events and its problems.</summary>
internal static class ApiDocument
{
    public static void AddApiDocument(this IServiceCollection services) => services.AddOpenApi("v1", options =>
    {
        options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
        options.ShouldInclude = route => route.RelativePath?.StartsWith("api/", StringComparison.Ordinal) == true;
        options.AddDocumentTransformer((document, _, _) =>
        {
            Describe(document);
            return Task.CompletedTask;
        });
        options.AddOperationTransformer((operation, context, _) =>
        {
            Declare(operation, context);
            return Task.CompletedTask;
        });
    });

    public static void MapApiDocument(this WebApplication app) =>
        app.MapOpenApi("/openapi.json").Public("the description of the API holds no data of anybody");

    private static void Describe(OpenApiDocument document)
    {
        document.Info = new()
        {
            Title = "Chartroom",
            Version = "v1",
            Description = "Instants are ISO 8601 with offset, days are dates, ids are opaque strings. A POST may carry Idempotency-Key; a change of a versioned resource must carry If-Match. "
                + "The clinic comes from the session, never from the request. Enums may grow: treat an unknown value as unknown.",
        };
        document.Servers?.Clear();
        document.Components ??= new();
        document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>();
        document.Components.SecuritySchemes["session"] = new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = "bearer",
            Description = "The token that POST /api/v1/sessions answers.",
        };
        document.Components.Schemas ??= new Dictionary<string, IOpenApiSchema>();
        document.Components.Schemas["Problem"] = new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            Description = "RFC 9457. `code` is stable; docs/refusals.md lists all.",
            Required = new HashSet<string> { "type", "title", "status", "code", "traceId" },
            Properties = new Dictionary<string, IOpenApiSchema>
            {
                ["type"] = new OpenApiSchema { Type = JsonSchemaType.String },
                ["title"] = new OpenApiSchema { Type = JsonSchemaType.String },
                ["status"] = new OpenApiSchema { Type = JsonSchemaType.Integer },
                ["code"] = new OpenApiSchema { Type = JsonSchemaType.String },
                ["traceId"] = new OpenApiSchema { Type = JsonSchemaType.String },
                ["errors"] = new OpenApiSchema { Type = JsonSchemaType.Object, AdditionalProperties = new OpenApiSchema { Type = JsonSchemaType.String } },
            },
        };
    }

    private static void Declare(OpenApiOperation operation, OpenApiOperationTransformerContext context)
    {
        var route = context.Description.ActionDescriptor.EndpointMetadata;
        operation.Extensions ??= new Dictionary<string, IOpenApiExtension>();
        if (route.OfType<RequiresPermission>().FirstOrDefault() is { } required) Extend(operation, "x-permission", required.Permission.ToString());
        if (route.OfType<AuditsAs>().FirstOrDefault() is { } audits) Extend(operation, "x-audits", string.Join(' ', audits.Actions));
        if (!route.OfType<PublicBecause>().Any())
            operation.Security = [new() { [new OpenApiSecuritySchemeReference("session", context.Document)] = [] }];
        operation.Responses ??= [];
        operation.Responses["default"] = new OpenApiResponse
        {
            Description = "A refusal.",
            Content = new Dictionary<string, OpenApiMediaType>
            {
                ["application/problem+json"] = new() { Schema = new OpenApiSchemaReference("Problem", context.Document) },
            },
        };
    }

    private static void Extend(OpenApiOperation operation, string name, string value) =>
        operation.Extensions![name] = new JsonNodeExtension(System.Text.Json.Nodes.JsonValue.Create(value)!);
}
