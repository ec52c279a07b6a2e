using Chartroom.Platform.Audit;
using Chartroom.Platform.Database;
using Npgsql;
using Xunit.Abstractions;

namespace Chartroom.Platform.Tenancy;

/// <summary>Raw SQL under every role of one clinic, on every table there is, against another clinic. The clinics share a database, a login and a pool.</summary>
public sealed class BreakOutTests(TwoClinics pair, ITestOutputHelper output) : IClassFixture<TwoClinics>
{
    /// <summary>{table} is a table of the other clinic. Each must be refused for want of a right, whether it finds rows or not.</summary>
    private static readonly string[] OnTheirTables =
    [
        "select count(*) from {table}", "select 1 from {table} limit 0", "insert into {table} default values", "update {table} set ctid = ctid where false",
        "delete from {table}", "truncate {table}", "lock table {table} in access share mode", "explain select 1 from {table}",
        "with gone as (delete from {table} returning 1) select count(*) from gone", "select count(*) from {table} tablesample system (100)",
        "select pg_column_size(it) from {table} it", "copy {table} to stdout", "alter table {table} add x int", "comment on table {table} is 'x'",
        "create trigger t before insert on {table} execute function platform.refuse_change()", "grant select on {table} to public", "drop table {table}",
        "select query_to_xml('select 1 from {table}', true, true, '')", "select table_to_xml('{table}', true, true, '')",
    ];

    /// <summary>{role}, {schema}: the other clinic's. None may succeed within a statement; those that are statements of their own are no constants (next test).</summary>
    private static readonly string[] Forgeries =
    [
        "select set_config('role', '{role}', true)", "select set_config('app.clinic_id', '{id}', true)", "select set_config('search_path', '{schema}', true)",
        "select set_config('session_authorization', 'chartroom_owner', true)", "update pg_settings set setting = '{schema}' where name = 'search_path'",
        "with x as (select set_config('role', '{role}', true) as it) select it from x", "select query_to_xml('select set_config(''role'', ''{role}'', true)', true, true, '')",
        "do $$ begin execute 'set local role {role}'; end $$", "do $$ begin perform 1; end $$",
        "create function pg_temp.leak(text) returns boolean language sql as 'select true'", "create temp table patient (id int)", "create table mine (id int)",
        "create schema mine", "create view mine as select 1", "create extension dblink", "alter role {role} login", "grant {role} to current_user", "set local session authorization chartroom_owner",
        "create role mine", "alter database chartroom_test set role to '{role}'", "create function f() returns int security definer language sql as 'select 1'",
        "create event trigger e on ddl_command_start execute function platform.refuse_change()",
        "select pg_read_file('/etc/passwd')", "copy (select 1) to program 'true'", "select pg_terminate_backend(0), pg_ls_dir('/')", "load 'auto_explain'",
        "select count(*) from pg_authid", "select count(*) from pg_statistic", "select count(*) from pg_user_mapping", "set local session_replication_role = replica",
    ];

    [Fact]
    public async Task TEN_2_Of_every_table_of_another_clinic_no_role_sees_or_moves_a_row()
    {
        var tables = await pair.Theirs.RowsAsync<string>("select relname::text from pg_class where relnamespace = current_schema()::regnamespace and relkind in ('r', 'p', 'v')");
        var tries = 0;
        var open = new List<string>();
        foreach (var role in ClinicNames.Roles)
        {
            var statements = tables.SelectMany(_ => OnTheirTables, (table, sql) => sql.Replace("{table}", $"{pair.Theirs.Schema}.{table}", StringComparison.Ordinal)).ToList();
            tries += statements.Count;
            open.AddRange(await NotRefusedAsync(role, statements));
        }

        output.WriteLine($"{tries} statements over {tables.Count} tables of another clinic under {ClinicNames.Roles.Count} roles: {open.Count} not refused");
        Assert.Empty(open);
        Assert.True(tables.Count > 20, "The probe has stopped finding tables.");
    }

    [Fact]
    public async Task TEN_2_Of_the_shared_tables_every_role_sees_its_own_clinics_rows_or_nothing()
    {
        var tables = await pair.Ours.RowsAsync<(string Name, string? Key)>("""
            select c.relname::text, (select a.attname::text from pg_attribute a where a.attrelid = c.oid and a.attname = case c.relname when 'clinic' then 'id' else 'clinic_id' end)
            from pg_class c where c.relnamespace = 'platform'::regnamespace and c.relkind in ('r', 'p', 'v')
            """);
        var (seen, foreign) = (0, 0L);
        foreach (var role in ClinicNames.Roles)
            foreach (var (table, key) in tables)
                try
                {
                    foreign += Assert.Single(await pair.Ours.RawAsync<long>(role, $"select count(*) from platform.{table} where {key ?? "clinic_id"} is distinct from '{pair.Ours.Id.Value}'"));
                    seen++;
                }
                catch (PostgresException error) when (error.SqlState is PostgresErrorCodes.InsufficientPrivilege or PostgresErrorCodes.UndefinedColumn)
                {
                    if (error.SqlState == PostgresErrorCodes.InsufficientPrivilege) continue;
                    var all = await Assert.ThrowsAsync<PostgresException>(() => pair.Ours.RawAsync<long>(role, $"select count(*) from platform.{table}"));
                    Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, all.SqlState);   // a table that belongs to no clinic is no clinic's to read
                }

        output.WriteLine($"{tables.Count} shared tables under {ClinicNames.Roles.Count} roles: {seen} readable, {foreign} rows of others seen");
        Assert.Equal(0, foreign);
        Assert.True(seen > 5, "The probe has stopped reading anything.");
    }

    [Fact]
    public async Task TEN_2_Of_the_shared_tables_no_role_writes_moves_or_removes_a_row_of_another_clinic()
    {
        var tables = await pair.Ours.RowsAsync<(string Name, string Key)>("""
            select c.relname::text, a.attname::text from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = case c.relname when 'clinic' then 'id' else 'clinic_id' end
            where c.relnamespace = 'platform'::regnamespace and c.relkind in ('r', 'p')
            """);
        Assert.True(tables.Count > 10, "The probe has stopped finding tables.");
        var (tries, open) = (0, new List<string>());
        await using var connection = await ApplicationConnectionAsync();
        foreach (var role in ClinicNames.Roles)
            foreach (var (table, key) in tables)
                foreach (var sql in new[]
                {
                    $"update platform.{table} set {key} = '{pair.Theirs.Id.Value}'", $"update platform.{table} set {key} = {key} where {key} is distinct from '{pair.Ours.Id.Value}'",
                    $"delete from platform.{table} where {key} is distinct from '{pair.Ours.Id.Value}'", $"insert into platform.{table} ({key}) values ('{pair.Theirs.Id.Value}')",
                    $"insert into platform.{table} ({key}) select {key} from platform.{table} where {key} is distinct from '{pair.Ours.Id.Value}'",
                })
                {
                    tries++;
                    await using var transaction = await connection.BeginTransactionAsync();
                    await Migrator.RunAsync(connection, $"set local role {ClinicNames.Role(pair.Ours.Id, role)}; set local search_path = {pair.Ours.Schema}, pg_temp", default);
                    try
                    {
                        await using var command = new NpgsqlCommand(sql, connection);
                        if (await command.ExecuteNonQueryAsync() is > 0 and var rows) open.Add($"{role}: {sql}: {rows} rows");
                    }
                    catch (PostgresException error)
                    {
                        // A missing right and a row that the policy does not let in are refused alike; any other error would say that the row was let in.
                        if (error.SqlState != PostgresErrorCodes.InsufficientPrivilege) open.Add($"{role}: {sql}: {error.SqlState} {error.MessageText}");
                    }
                    await transaction.RollbackAsync();
                }

        output.WriteLine($"{tries} writes to {tables.Count} shared tables under {ClinicNames.Roles.Count} roles for another clinic: {open.Count} let through");
        Assert.Empty(open);
    }

    [Fact]
    public async Task TEN_2_No_role_can_forge_where_it_stands_from_within_a_statement()
    {
        var open = new List<string>();
        foreach (var role in ClinicNames.Roles)
            open.AddRange(await NotRefusedAsync(role, Forgeries.Select(sql => sql.Replace("{role}", ClinicNames.Role(pair.Theirs.Id, role), StringComparison.Ordinal)
                .Replace("{schema}", pair.Theirs.Schema, StringComparison.Ordinal).Replace("{id}", $"{pair.Theirs.Id.Value}", StringComparison.Ordinal))));

        output.WriteLine($"{Forgeries.Length * ClinicNames.Roles.Count} forgeries: {open.Count} not refused");
        Assert.Empty(open);
    }

    [Theory]
    [InlineData("app.clinic_id"), InlineData("app.person_id"), InlineData("row_security")]
    public async Task TEN_2_A_setting_that_was_forged_moves_nothing(string setting)
    {
        await using var pipe = (await pair.Ours.The<DatabaseLogins>().OpenAsync(default)).AcceptAnyTextUnsafe();
        pipe.Queue("begin");
        pipe.QueueClinic(pair.Ours.Id, ClinicRole.Admin);
        pipe.Queue($"set local {setting} = '{(setting == "row_security" ? "on" : pair.Theirs.Id.Value.ToString())}'");
        Assert.Equal([pair.Ours.Id.Value], await pipe.QueryAsync<Guid>("select id from platform.clinic", null, default));
        Assert.Equal([pair.Ours.Id.Value], await pipe.QueryAsync<Guid>("select platform.current_clinic()", null, default));
    }

    [Fact]
    public async Task TEN_2_What_other_clinics_ask_right_now_is_not_shown()
    {
        await using var busy = await pair.Theirs.The<DatabaseLogins>().OpenAsync(default);
        busy.Queue("begin");
        busy.QueueClinic(pair.Theirs.Id, ClinicRole.Admin);
        await busy.QueryAsync<long>("select count(*) from patient", null, default);   // stays open

        foreach (var role in ClinicNames.Roles)
            Assert.Empty(await pair.Ours.RawAsync<string>(role, "select query from pg_stat_activity where pid <> pg_backend_pid() and query not in ('<insufficient privilege>', '')"));
    }

    [Fact]
    public async Task TEN_2_A_statement_that_was_put_together_at_run_time_is_not_sent()   // docs/decisions/0009
    {
        var typed = $"x'; set local role {ClinicNames.Role(pair.Theirs.Id, ClinicRole.Admin)}; --";
        string[] injected =
        [
            $"select id from patient where mrn::text = '{typed}'", $"set local role {ClinicNames.Role(pair.Theirs.Id, ClinicRole.Provider)}", "select id from patient" + typed,
            new('x', typed.Length % 7 + 1), "SELECT ID FROM PATIENT".ToLowerInvariant() + " ",
        ];
        foreach (var sql in injected)
        {
            await using var tx = await pair.Ours.The<TenantDb>().BeginAsync(pair.Ours.Actor(ClinicRole.Admin), Permission.SeePatients, default);
            tx.Audit(new("patient.listed", "patient"));
            var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => tx.QueryAsync<Guid>(sql, null, default));
            Assert.DoesNotContain(typed, refused.Message, StringComparison.Ordinal);
            Assert.Throws<InvalidOperationException>(() => tx.Queue(sql, null));
            Assert.Throws<InvalidOperationException>(() => tx.Ask<Guid>(sql, null));
            await Assert.ThrowsAsync<InvalidOperationException>(() => tx.ExecuteAsync(sql, null, default));
            Assert.Empty(await tx.QueryAsync<Guid>("select id from patient where mrn::text = @typed", new { typed }, default));   // as a value it is only a value
            await tx.CommitAsync(default);
        }
    }

    /// <summary>Those that did not end in "permission denied", with what they did instead. Each in a transaction of its own that is given up.</summary>
    private async Task<List<string>> NotRefusedAsync(ClinicRole role, IEnumerable<string> statements)
    {
        var open = new List<string>();
        await using var connection = await ApplicationConnectionAsync();
        foreach (var sql in statements)
        {
            await using var transaction = await connection.BeginTransactionAsync();
            await Migrator.RunAsync(connection, $"set local role {ClinicNames.Role(pair.Ours.Id, role)}; set local search_path = {pair.Ours.Schema}, pg_temp", default);
            try
            {
                await using var command = new NpgsqlCommand(sql, connection);
                await command.ExecuteNonQueryAsync();
                open.Add($"{role}: {sql}: done");
            }
            catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.InsufficientPrivilege)
            {
                // as it must be
            }
            catch (PostgresException error)
            {
                open.Add($"{role}: {sql}: {error.SqlState} {error.MessageText}");
            }
            await transaction.RollbackAsync();
        }
        return open;
    }

    private async Task<NpgsqlConnection> ApplicationConnectionAsync()
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(pair.Ours.Connection)
        {
            Username = DatabaseLogins.ApplicationLogin,
            Password = pair.Ours.The<DatabaseLogins>().AppPassword,
        }.ConnectionString);
        await connection.OpenAsync();
        return connection;
    }
}
