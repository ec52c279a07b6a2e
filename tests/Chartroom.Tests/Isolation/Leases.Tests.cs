using System.Collections.Concurrent;
using System.Globalization;
using Chartroom.Platform.Database;
using Chartroom.Platform.Tenancy;
using Npgsql;
using Xunit.Abstractions;

namespace Chartroom.Isolation;

/// <summary>
/// Borrowed connections of two clinics, in turns and at once, each left in some state by its borrower; the next one must find nothing of it.
/// The suite makes a share; CHARTROOM_LEASES=10000 the whole.
/// </summary>
public sealed class LeasesTests(TwoClinics pair, ITestOutputHelper output) : IClassFixture<TwoClinics>
{
    private static readonly int Leases = int.Parse(Environment.GetEnvironmentVariable("CHARTROOM_LEASES") ?? "240", CultureInfo.InvariantCulture);
    private const int Borrowers = 8;

    /// <summary>What somebody with SQL of his own could leave on a session. Not <c>prepare</c>: the driver's reset spares prepared statements, its own being among
    /// them (docs/decisions/0007); only constants are sent, and none of ours prepares. The lock is a shared one: a session broken off in its sleep holds it for a while.</summary>
    private static readonly string[] Dirt =
    [
        "set app.person_id = '0'", "set search_path = public", "set statement_timeout = 7777", "declare left_behind cursor with hold for select 1",
        "select pg_advisory_lock_shared(4711)", "listen left_behind", "set session characteristics as transaction read only", "set role chartroom_worker", "select 1",
    ];

    [Fact]
    public async Task TEN_2_Whatever_a_borrower_left_on_a_connection_is_gone_for_the_next()
    {
        await using var logins = await LoginsAsync(pair.Ours.Connection);
        var (dirty, ends) = await BorrowAsync(logins, isHostile: true);

        output.WriteLine($"{Leases} leases ({string.Join(", ", ends.OrderBy(it => it.Key).Select(it => $"{it.Value} ended by {it.Key}"))}): {dirty.Count} found something");
        Assert.Empty(dirty);
        Assert.Equal(["cancel", "error", "kill", "success"], ends.Keys.Order());
    }

    [PgBouncerFact]
    public async Task TEN_2_Through_a_pooler_in_transaction_mode_each_lease_is_clean_too()
    {
        await using var bouncer = await PgBouncer.StartAsync(pair.Ours.Connection, pair.Ours.The<DatabaseLogins>().AppPassword);
        await using var logins = await LoginsAsync(bouncer.Connection, preparedStatements: 0);
        var (dirty, ends) = await BorrowAsync(logins, isHostile: false);   // what the program itself does; a pooler in this mode resets nothing

        output.WriteLine($"{Leases} leases through PgBouncer ({string.Join(", ", ends.OrderBy(it => it.Key).Select(it => $"{it.Value} ended by {it.Key}"))}): {dirty.Count} found something");
        Assert.Empty(dirty);
    }

    [Fact]
    public void TEN_2_Connections_are_reset_when_they_are_borrowed_again()
    {
        Assert.Empty(Rules.SourceTree.Product("*.cs").Where(file => System.Text.RegularExpressions.Regex.IsMatch(file.Text, "NoResetOnClose\\s*=\\s*true|No Reset On Close", System.Text.RegularExpressions.RegexOptions.IgnoreCase)).Select(file => file.Path));
        var logins = new DatabaseLogins("Host=localhost;No Reset On Close=true", new() { DataDirectory = TestDatabase.DataDirectory });
        Assert.False(logins.KeepsStateBetweenBorrowers);   // whatever an operator wrote into the connection string
    }

    private static Task<DatabaseLogins> LoginsAsync(string connection, int preparedStatements = 20) =>
        Task.FromResult(new DatabaseLogins(connection, new() { DataDirectory = TestDatabase.DataDirectory, MaxConnections = 5, PreparedStatements = preparedStatements }));

    private async Task<(ConcurrentQueue<string> Dirty, ConcurrentDictionary<string, int> Ends)> BorrowAsync(DatabaseLogins logins, bool isHostile)
    {
        var (dirty, ends) = (new ConcurrentQueue<string>(), new ConcurrentDictionary<string, int>());
        var random = new Random(20261122);
        var plans = Enumerable.Range(0, Leases).Select(number => (Number: number, End: new[] { "success", "error", "cancel", "kill" }[random.Next(100) switch { < 40 => 0, < 70 => 1, < 90 => 2, _ => 3 }],
            Dirt: isHostile ? Dirt[random.Next(Dirt.Length)] : "select 1", Clinic: random.Next(2) == 0 ? pair.Ours : pair.Theirs, Role: ClinicNames.Roles[random.Next(ClinicNames.Roles.Count)])).ToList();
        await Parallel.ForEachAsync(plans, new ParallelOptions { MaxDegreeOfParallelism = Borrowers }, async (plan, _) =>
        {
            await using var pipe = (await logins.OpenAsync(default)).AcceptAnyTextUnsafe();
            try
            {
                var found = Assert.Single(await pipe.QueryAsync<string>(Probe, null, default));
                if (found != Clean) dirty.Enqueue(found);
                if (plan.Dirt != "select 1") await pipe.QueryAsync<string>(plan.Dirt.StartsWith("select", StringComparison.Ordinal) ? plan.Dirt + "::text" : plan.Dirt, null, default);
                await EndAsync(pipe, plan.End, plan.Clinic, plan.Role);
            }
            catch (Exception ended) when (ended is NpgsqlException or OperationCanceledException)
            {
                if (plan.End == "success") dirty.Enqueue($"success failed: {ended.Message}");
            }
            ends.AddOrUpdate(plan.End, 1, (_, count) => count + 1);
        });
        return (dirty, ends);
    }

    private static async Task EndAsync(SqlPipe pipe, string end, TestClinic clinic, ClinicRole role)
    {
        pipe.Queue("reset role");   // the dirt may have taken one that cannot take another
        pipe.Queue("begin");
        pipe.QueueClinic(clinic.Id, role);
        pipe.QueueBuiltUnsafe($"set local app.person_id = '{Guid.CreateVersion7()}'");
        await pipe.QueryAsync<string>("select pg_advisory_xact_lock_shared(815)::text", null, default);
        if (end == "success")
        {
            pipe.Queue("commit");
            await pipe.FlushAsync(default);
        }
        else if (end == "error") await pipe.QueryAsync<int>("select 1 / 0", null, default);
        else if (end == "cancel")
        {
            using var soon = new CancellationTokenSource(TimeSpan.FromMilliseconds(2));
            await pipe.QueryAsync<string>("select pg_sleep(20)::text", null, soon.Token);
        }
        else
        {
            var pid = Assert.Single(await pipe.QueryAsync<int>("select pg_backend_pid()", null, default));
            await clinic.RowsAsync<bool>("select pg_terminate_backend(@pid)", new { pid });
            await pipe.QueryAsync<int>("select 1", null, default);
        }
    }

    private const string Clean = "chartroom_app none \"$user\", public 0 read write 0 0 0 0 0";

    private const string Probe = """
        select concat_ws(' ', current_user, current_setting('role'), current_setting('search_path'), nullif(current_setting('app.person_id', true), ''), current_setting('statement_timeout'),
            case current_setting('default_transaction_read_only') when 'off' then 'read write' else 'read only' end,
            (select count(*) from pg_locks where locktype = 'advisory' and pid = pg_backend_pid()), (select count(*) from pg_cursors where is_holdable),
            (select count(*) from pg_prepared_statements where from_sql), (select count(*) from pg_listening_channels()),
            (select count(*) from pg_class where relpersistence = 't' and pg_table_is_visible(oid)))
        """;
}
