using System.Data;
using System.Data.Common;
using Dapper;

namespace Chartroom.Platform.Database;

/// <summary>Rows to records, by Dapper, with the product's own types taught once.</summary>
internal static class SqlRows
{
    private static readonly Lock Teaching = new();
    private static bool isTaught;

    public static async Task<List<T>> ReadAsync<T>(DbDataReader reader, CancellationToken ct)
    {
        Teach();
        var rows = new List<T>();
        if (!await reader.ReadAsync(ct)) return rows;
        var parse = ParserOf<T>(reader);
        do rows.Add(parse(reader)); while (await reader.ReadAsync(ct));
        return rows;
    }

    /// <summary>Dapper's typed parser fails for scalars that are references (text, bytes); the untyped one serves them.</summary>
    private static Func<DbDataReader, T> ParserOf<T>(DbDataReader reader)
    {
        if (typeof(T).IsValueType) return reader.GetRowParser<T>();
        var parse = reader.GetRowParser(typeof(T));
        return row => (T)parse(row);
    }

    private static void Teach()
    {
        if (Volatile.Read(ref isTaught)) return;
        lock (Teaching)
        {
            DefaultTypeMap.MatchNamesWithUnderscores = true;
            SqlMapper.RemoveTypeMap(typeof(DateTimeOffset));
            SqlMapper.RemoveTypeMap(typeof(DateTimeOffset?));
            SqlMapper.AddTypeHandler(new PointHandler());
            SqlMapper.AddTypeHandler(new DayHandler());
            SqlMapper.AddTypeHandler(new ClockHandler());
            foreach (var type in AppDomain.CurrentDomain.GetAssemblies().Where(it => it.GetName().Name?.StartsWith("Chartroom", StringComparison.Ordinal) == true)
                         .SelectMany(it => it.GetTypes()).Where(it => it is { IsValueType: true, ContainsGenericParameters: false } && typeof(IId).IsAssignableFrom(it)))
                SqlMapper.AddTypeHandler(type, (SqlMapper.ITypeHandler)Activator.CreateInstance(typeof(IdHandler<>).MakeGenericType(type))!);
            Volatile.Write(ref isTaught, true);
        }
    }

    private sealed class IdHandler<TId> : SqlMapper.TypeHandler<TId> where TId : struct, IId<TId>
    {
        public override TId Parse(object value) => TId.From((Guid)value);
        public override void SetValue(IDbDataParameter parameter, TId value) => parameter.Value = value.Value;
    }

    private sealed class PointHandler : SqlMapper.TypeHandler<DateTimeOffset>
    {
        public override DateTimeOffset Parse(object value) => value is DateTimeOffset point ? point : new(DateTime.SpecifyKind((DateTime)value, DateTimeKind.Utc));
        public override void SetValue(IDbDataParameter parameter, DateTimeOffset value) => parameter.Value = value.ToUniversalTime();
    }

    private sealed class DayHandler : SqlMapper.TypeHandler<DateOnly>
    {
        public override DateOnly Parse(object value) => value is DateOnly day ? day : DateOnly.FromDateTime((DateTime)value);
        public override void SetValue(IDbDataParameter parameter, DateOnly value) => parameter.Value = value;
    }

    private sealed class ClockHandler : SqlMapper.TypeHandler<TimeOnly>
    {
        public override TimeOnly Parse(object value) => value is TimeOnly time ? time : TimeOnly.FromTimeSpan((TimeSpan)value);
        public override void SetValue(IDbDataParameter parameter, TimeOnly value) => parameter.Value = value;
    }
}
