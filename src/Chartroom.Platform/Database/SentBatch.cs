using Npgsql;

namespace Chartroom.Platform.Database;

/// <summary>What one round trip sent to the database, in order.</summary>
public sealed record SentBatch(IReadOnlyList<SentStatement> Statements)
{
    internal static SentBatch Of(IEnumerable<NpgsqlBatchCommand> commands) => new([.. commands.Select(SentStatement.Of)]);
}

/// <summary>One statement.</summary>
/// <param name="Text">As the code has it, with <c>@name</c> parameters.</param>
/// <param name="Values">By name; null for SQL's null.</param>
public sealed record SentStatement(string Text, IReadOnlyDictionary<string, object?> Values)
{
    internal static SentStatement Of(NpgsqlBatchCommand command) => new(
        command.CommandText,
        command.Parameters.ToDictionary(it => it.ParameterName, it => it.Value is DBNull ? null : it.Value, StringComparer.OrdinalIgnoreCase));
}
