using System.Text.RegularExpressions;
using Npgsql;

namespace Chartroom.Rules;

/// <summary>SQL is checked by the database that will run it.</summary>
public sealed partial class SqlRules
{
    [Fact]
    public async Task Every_sql_text_is_understood_by_a_fresh_clinics_schema()
    {
        await using var clinic = await TestClinic.OpenAsync();
        await using var connection = new NpgsqlConnection(clinic.Connection);
        await connection.OpenAsync();
        await RunAsync(connection, $"set search_path = {clinic.Schema}, pg_temp");

        var refused = new List<string>();
        var seen = 0;
        foreach (var (path, sql) in Texts())
        {
            seen++;
            try
            {
                await RunAsync(connection, $"prepare probe as {Numbered(sql)}");
                await RunAsync(connection, "deallocate probe");
            }
            catch (PostgresException error) when (error.SqlState is PostgresErrorCodes.IndeterminateDatatype or PostgresErrorCodes.AmbiguousFunction)
            {
                // an untyped parameter is ambiguous here only: the driver sends its type
            }
            catch (PostgresException error)
            {
                refused.Add($"{path}: {error.SqlState} {error.MessageText} in {sql.Split('\n')[0]} …");
            }
        }

        Assert.Empty(refused);
        Assert.True(seen > 100, $"Only {seen} SQL texts were found: the rule has stopped looking.");
    }

    [Fact]
    public void Sql_of_capabilities_is_constant_and_names_no_schema()
    {
        var wrong = SourceTree.Product("*.cs").Where(file => file.Path.StartsWith("src/Chartroom/", StringComparison.Ordinal))
            .SelectMany(file => Interpolated().Matches(file.Text).Select(match => $"{file.Path}: {match.Value.Trim()[..Math.Min(60, match.Value.Trim().Length)]}"))
            .Concat(SourceTree.Product("*.cs").SelectMany(file => Starred().Matches(file.Text).Select(match => $"{file.Path}: {match.Value}")));
        Assert.Empty(wrong);
    }

    [Fact]
    public void TEN_2_What_is_sent_without_being_a_constant_is_the_scope_of_a_transaction_alone()   // docs/decisions/0009
    {
        string[] allowed = ["Database/SqlPipe.cs", "Outbox/OutboxBell.cs", "Tenancy/ClinicNames.cs", "Tenancy/ClinicTx.cs", "Tenancy/PlatformDb.cs", "Tenancy/TenantDb.cs"];
        Assert.Empty(SourceTree.Product("*.cs").Where(file => file.Text.Contains("QueueBuiltUnsafe(", StringComparison.Ordinal)
            && !allowed.Any(name => file.Path == "src/Chartroom.Platform/" + name)).Select(file => file.Path));
        Assert.Equal(["src/Chartroom.Platform/Database/SqlPipe.cs"],
            SourceTree.Product("*.cs").Where(file => file.Text.Contains("AcceptAnyTextUnsafe", StringComparison.Ordinal)).Select(file => file.Path));
    }

    [Fact]
    public void No_statement_leaves_anything_on_its_connection()   // docs/decisions/0007
    {
        var left = SourceTree.Product("*.cs").SelectMany(file => LeftBehind().Matches(file.Text).Select(match => $"{file.Path}: {match.Value}"))
            .Where(it => it is not ("src/Chartroom.Platform/Outbox/OutboxWorker.cs: \"listen " or "src/Chartroom.Platform/News/NewsWire.cs: \"listen "));   // on a connection outside the pool
        Assert.Empty(left);
        Assert.Matches(LeftBehind(), "\"set role x\"");
        Assert.DoesNotMatch(LeftBehind(), "\"set local role x\"");
    }

    /// <summary>Raw string literals that begin with a statement's verb. Interpolated ones stand in the platform part only, which fills in names of roles.</summary>
    private static IEnumerable<(string Path, string Sql)> Texts() =>
        from file in SourceTree.Product("*.cs")
        where !file.Path.EndsWith("/CatalogueSql.cs", StringComparison.Ordinal)   // pieces of queries, which run at every start
        from Match match in Raw().Matches(file.Text)
        select (file.Path, match.Groups[1].Value.Trim());

    /// <summary><c>@name</c> → <c>$n</c>, as the driver does it.</summary>
    private static string Numbered(string sql)
    {
        var names = new List<string>();
        return Parameter().Replace(sql, match =>
        {
            var name = match.Groups[1].Value.ToLowerInvariant();
            if (!names.Contains(name)) names.Add(name);
            return $"${names.IndexOf(name) + 1}";
        });
    }

    private static async Task RunAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    [GeneratedRegex("(?<!\\$)\"\"\"\\s*\\n\\s*((?:select|insert|update|delete|with)\\b[\\s\\S]*?)\"\"\"")]
    private static partial Regex Raw();

    [GeneratedRegex("\\$+\"{1,3}\\s*(?:select|insert into|update \\w+\\s+set|delete from)\\b[^\"]*", RegexOptions.IgnoreCase)]
    private static partial Regex Interpolated();

    [GeneratedRegex("""
        "\s*(?:set\s+(?!local\b)[a-z_.]+\s*(?:=|\bto\b|"|\s\w)|reset\s|listen\s|discard\s|prepare\s|declare\s.*with hold|create\s+(?:temp|temporary)\s)|pg_(?:try_)?advisory_lock|set_config\([^)]*false\)
        """, RegexOptions.IgnoreCase)]
    private static partial Regex LeftBehind();

    [GeneratedRegex(@"select\s+\*", RegexOptions.IgnoreCase)]
    private static partial Regex Starred();

    [GeneratedRegex(@"(?<![@\w])@(\w+)")]
    private static partial Regex Parameter();
}
