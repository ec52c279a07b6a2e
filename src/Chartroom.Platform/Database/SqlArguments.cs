using System.Collections.Concurrent;
using System.Reflection;
using System.Text;
using Npgsql;
using NpgsqlTypes;

namespace Chartroom.Platform.Database;

/// <summary>Turns the properties of an object into named parameters. Ids go as uuid, enums as their snake_case name, points in time as UTC.</summary>
internal static class SqlArguments
{
    private static readonly ConcurrentDictionary<Type, PropertyInfo[]> PropertiesOf = new();

    public static void Add(NpgsqlParameterCollection parameters, object? arguments)
    {
        if (arguments is null) return;
        foreach (var property in PropertiesOf.GetOrAdd(arguments.GetType(), type => type.GetProperties(BindingFlags.Public | BindingFlags.Instance)))
            parameters.Add(Parameter(property.Name, property.PropertyType, property.GetValue(arguments)));
    }

    private static NpgsqlParameter Parameter(string name, Type type, object? value)
    {
        var parameter = new NpgsqlParameter { ParameterName = name, Value = Plain(value) ?? DBNull.Value };
        if (value is null && DbTypeOf(Nullable.GetUnderlyingType(type) ?? type) is { } dbType) parameter.NpgsqlDbType = dbType;
        return parameter;
    }

    /// <summary>A value as the driver takes it.</summary>
    public static object? Plain(object? value) => value switch
    {
        IId id => id.Value,
        Enum name => SnakeCase(name.ToString()),
        DateTimeOffset point => point.ToUniversalTime(),
        string or byte[] => value,
        IEnumerable<IId> ids => ids.Select(id => id.Value).ToArray(),
        System.Collections.IEnumerable items when ElementOf(items.GetType()) is { } element && typeof(IId).IsAssignableFrom(element) =>
            items.Cast<IId>().Select(id => id.Value).ToArray(),
        _ => value,
    };

    private static Type? ElementOf(Type type) => type.IsArray
        ? type.GetElementType()
        : type.GetInterfaces().FirstOrDefault(it => it.IsGenericType && it.GetGenericTypeDefinition() == typeof(IEnumerable<>))?.GetGenericArguments()[0];

    /// <summary>A null carries no type of its own; PostgreSQL needs one where the statement does not tell it.</summary>
    private static NpgsqlDbType? DbTypeOf(Type type) => type switch
    {
        _ when typeof(IId).IsAssignableFrom(type) || type == typeof(Guid) => NpgsqlDbType.Uuid,
        _ when type == typeof(string) || type.IsEnum => NpgsqlDbType.Text,
        _ when type == typeof(int) => NpgsqlDbType.Integer,
        _ when type == typeof(long) => NpgsqlDbType.Bigint,
        _ when type == typeof(bool) => NpgsqlDbType.Boolean,
        _ when type == typeof(decimal) => NpgsqlDbType.Numeric,
        _ when type == typeof(byte[]) => NpgsqlDbType.Bytea,
        _ when type == typeof(DateTimeOffset) => NpgsqlDbType.TimestampTz,
        _ when type == typeof(DateTime) => NpgsqlDbType.Timestamp,
        _ when type == typeof(DateOnly) => NpgsqlDbType.Date,
        _ when type == typeof(TimeOnly) => NpgsqlDbType.Time,
        _ => null,
    };

    /// <summary>The database's spelling of an enum member: <c>FrontDesk</c> → <c>front_desk</c>.</summary>
    public static string SnakeCase(string name)
    {
        var text = new StringBuilder(name.Length + 4);
        foreach (var letter in name)
        {
            if (char.IsAsciiLetterUpper(letter) && text.Length > 0) text.Append('_');
            text.Append(char.ToLowerInvariant(letter));
        }
        return text.ToString();
    }
}
