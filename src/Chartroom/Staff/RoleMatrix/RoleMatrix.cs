using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using Chartroom.Platform.Identity;
using Chartroom.Platform.Web;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;

namespace Chartroom.Staff;

/// <summary>Who may ask a route.</summary>
/// <param name="Asks">The permission; <c>session</c> for one's own account; <c>public</c> for what is open to everyone.</param>
/// <param name="NeedsProof">Asks for a fresh second factor.</param>
/// <param name="Scope">The scope that opens it to a program; null for what is people's alone.</param>
public sealed record RouteRight(string Method, string Path, string Asks, bool NeedsProof, IReadOnlyList<ClinicRole> Roles, string? Scope);

/// <summary>Who gets the fields of an answer, by any route that answers with it.</summary>
public sealed record FieldRight(string Answer, IReadOnlyList<string> Fields, IReadOnlyList<ClinicRole> Roles, IReadOnlyList<string> Scopes);

/// <summary>What the database lets each role do with columns of one table: <c>r</c> read, <c>w</c> write (insert or update), nothing.</summary>
/// <param name="Class">What the columns' comments say of patients' data.</param>
public sealed record ColumnRight(string Table, string Class, IReadOnlyList<string> Columns, string Admin, string Provider, string FrontDesk, string Emergency);

/// <summary>Roles against routes, fields and the database, as the running program and its database have them: nothing of it is written by hand.</summary>
public sealed partial record RoleMatrix(IReadOnlyList<RouteRight> Routes, IReadOnlyList<FieldRight> Fields, IReadOnlyList<ColumnRight> Columns)
{
    /// <summary>The roles that people have.</summary>
    public static readonly IReadOnlyList<ClinicRole> Roles = [ClinicRole.Admin, ClinicRole.Provider, ClinicRole.FrontDesk];

    internal static IReadOnlyList<RouteRight> RoutesOf(IEnumerable<Endpoint> endpoints) =>
        [.. Known(endpoints).Select(it => RightOf(it.Route, it.Method)).OrderBy(right => right.Path, StringComparer.Ordinal).ThenBy(right => right.Method, StringComparer.Ordinal)];

    internal static IReadOnlyList<FieldRight> FieldsOf(IEnumerable<Endpoint> endpoints)
    {
        var answered = new Dictionary<Type, (HashSet<ClinicRole> Roles, HashSet<string> Scopes)>();
        foreach (var (route, method) in Known(endpoints))
        {
            var right = RightOf(route, method);
            if (right.Asks is "public" or "session") continue;   // one's own account, or nobody's data
            foreach (var type in route.Metadata.GetOrderedMetadata<IProducesResponseTypeMetadata>().Where(it => it.StatusCode < 300).SelectMany(it => Records(it.Type, [])).Distinct())
            {
                if (!answered.TryGetValue(type, out var who)) answered[type] = who = ([], []);
                who.Roles.UnionWith(right.Roles);
                if (right.Scope is not null) who.Scopes.Add(right.Scope);
            }
        }
        return [.. answered.OrderBy(it => NameOf(it.Key), StringComparer.Ordinal).Select(it => new FieldRight(NameOf(it.Key), [.. PropertiesOf(it.Key).Select(property => JsonNamingPolicy.CamelCase.ConvertName(property.Name))],
            [.. it.Value.Roles.Order()], [.. it.Value.Scopes.Order(StringComparer.Ordinal)]))];
    }

    private static IEnumerable<(RouteEndpoint Route, string Method)> Known(IEnumerable<Endpoint> endpoints) => endpoints.OfType<RouteEndpoint>()
        .Where(route => !PathOf(route).StartsWith("/assets/", StringComparison.Ordinal))
        .SelectMany(route => route.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"], (route, method) => (route, method));

    private static RouteRight RightOf(RouteEndpoint route, string method)
    {
        var (metadata, path) = (route.Metadata, PathOf(route));
        var proof = metadata.GetMetadata<RequiresStepUp>() is not null;
        if (metadata.GetMetadata<PublicBecause>() is not null) return new(method, path, "public", false, Roles, null);
        if (metadata.GetMetadata<RequiresPermission>()?.Permission is not { } permission) return new(method, path, "session", proof, Roles, null);
        var scope = path.StartsWith("/api/", StringComparison.Ordinal) && !proof ? ApiScopes.For(permission) : null;
        return new(method, path, permission.ToString(), proof, [.. Roles.Where(role => Rights.Allows(role, permission))], scope);
    }

    private static string PathOf(RouteEndpoint route) => Constraint().Replace("/" + (route.RoutePattern.RawText ?? "").Trim('/'), "}");

    /// <summary>A type of ours and those it holds, through lists and dictionaries.</summary>
    private static IEnumerable<Type> Records(Type? type, HashSet<Type> seen)
    {
        if (type is null) yield break;
        foreach (var inner in type.IsArray ? [type.GetElementType()!] : type.GenericTypeArguments)   // an array has an element
            foreach (var found in Records(inner, seen)) yield return found;
        if (type.Assembly.GetName().Name?.StartsWith("Chartroom", StringComparison.Ordinal) != true || type.IsEnum || type.IsAssignableTo(typeof(IId)) || !seen.Add(type)) yield break;
        yield return type;
        foreach (var found in PropertiesOf(type).SelectMany(property => Records(property.PropertyType, seen))) yield return found;
    }

    private static IEnumerable<PropertyInfo> PropertiesOf(Type type) => type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
        .Where(property => property.GetIndexParameters().Length == 0 && property.GetCustomAttribute<System.Text.Json.Serialization.JsonIgnoreAttribute>() is null)
        .DistinctBy(property => property.Name).OrderBy(property => property.Name, StringComparer.Ordinal);

    private static string NameOf(Type type) => type.IsNested && type.DeclaringType is { } outer ? $"{outer.Name}.{type.Name}" : type.Name;

    [GeneratedRegex(@":[^}]*\}")]
    private static partial Regex Constraint();
}
