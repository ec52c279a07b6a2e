using Chartroom.Faults;
using Chartroom.Platform.Database;
using Chartroom.Platform.Vault;
using Npgsql;

namespace Chartroom.Platform.Tenancy;

public sealed class ProvisioningTests
{
    [Fact]
    public async Task TEN_4_A_clinic_whose_provisioning_was_killed_at_any_statement_is_complete_after_the_next_start()
    {
        await using var host = await TestClinic.OpenAsync();
        await using var line = new CutLine(host.Connection);
        var clinic = await AskForAsync(host, "Killed");

        // Each kill begins at the same state, which shows the kill before it to have left nothing. One in eight statements a run, others each time, and all
        // about the commit; CHARTROOM_TEST_ALL=1 takes every one.
        Assert.True(await IsDoneAfterAsync(host, line, await AskForAsync(host, "Counted"), int.MaxValue));
        var total = line.Seen;
        var stride = Environment.GetEnvironmentVariable("CHARTROOM_TEST_ALL") == "1" ? 1 : 8;
        var beforeCommit = Random.Shared.Next(1, stride + 1);
        while (!await IsDoneAfterAsync(host, line, clinic, beforeCommit))
        {
            if (await ShapeAsync(host, ClinicNames.Schema(clinic)) != "") break;   // the kill came after the commit: the schema stands
            Assert.Equal(0, await host.OneAsync<long>("select count(*) from pg_roles where starts_with(rolname, @start)", new { start = $"clinic_{clinic.Value:N}" }));
            Assert.Equal("provisioning", await StateAsync(host, clinic));
            beforeCommit += beforeCommit < total - 60 ? stride : 1;   // about the commit, each
        }
        var afterCommit = 1;
        while (!await IsDoneAfterAsync(host, line, clinic, afterCommit))
        {
            if (await StateAsync(host, clinic) == "active") break;   // killed after the very last commit
            afterCommit++;
        }

        Assert.InRange(beforeCommit, 200, 6_000);   // otherwise it was not the statements that were counted
        Assert.InRange(afterCommit, 10, 500);   // the journal is one question, however many files there are
        Assert.Equal(await ShapeAsync(host, host.Schema), await ShapeAsync(host, ClinicNames.Schema(clinic)));
        Assert.Equal("active", await StateAsync(host, clinic));
        Assert.Equal(2, await host.OneAsync<long>($"select count(*) from {ClinicNames.Schema(clinic)}.clinic_key"));
    }

    [Fact]
    public async Task Two_nodes_that_provision_one_clinic_at_once_end_with_one_set_of_keys()
    {
        await using var host = await TestClinic.OpenAsync();
        var clinic = await AskForAsync(host, "Twice");

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => host.The<ClinicProvisioner>().ProvisionAsync(clinic, default)));

        Assert.Equal(2, await host.OneAsync<long>($"select count(*) from {ClinicNames.Schema(clinic)}.clinic_key"));
    }

    [Fact]
    public async Task A_migration_that_changed_after_it_ran_stops_the_start_and_names_the_file()
    {
        await using var host = await TestClinic.OpenAsync();
        await host.RowsAsync<int>("update migration_journal set checksum = 'other' where name = '2026-11-22-01_foundation_tenant' returning 1");

        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => host.The<ClinicProvisioner>().ProvisionAsync(host.Id, default));
        Assert.Contains("2026-11-22-01_foundation_tenant", error.Message, StringComparison.Ordinal);
    }

    private static async Task<ClinicId> AskForAsync(TestClinic host, string name)
    {
        var clinic = ClinicId.New();
        await host.RowsAsync<int>("insert into platform.clinic (id, slug, name, state) values (@clinic, @slug, @name, 'provisioning') returning 1", new { clinic, slug = $"k-{clinic.Value:N}", name });
        return clinic;
    }

    /// <summary>A start of the program whose line to the database is cut after so many statements of provisioning. True when it needed fewer.</summary>
    private static async Task<bool> IsDoneAfterAsync(TestClinic host, CutLine line, ClinicId clinic, int statements)
    {
        line.CutAfter(statements);
        await using (var logins = new DatabaseLogins(line.Connection, host.The<PlatformOptions>()))
        {
            try
            {
                await new ClinicProvisioner(logins, host.The<KeyRing>()).ProvisionAsync(clinic, default);
            }
            catch (NpgsqlException) when (line.IsDown)
            {
                // that is the kill
            }
        }
        await line.SettleAsync();
        return !line.IsDown;
    }

    private static Task<string> StateAsync(TestClinic host, ClinicId clinic) => host.OneAsync<string>("select state from platform.clinic where id = @clinic", new { clinic });

    private static async Task<string> ShapeAsync(TestClinic host, string schema) => string.Join('\n', await host.RowsAsync<string>("""
        select c.relname::text || ' ' || c.relkind::text || ' ' || coalesce(regexp_replace(c.relacl::text, '[0-9a-f]{32}', '', 'g'), '')
        from pg_class c where c.relnamespace = (select oid from pg_namespace where nspname = @schema) order by 1
        """, new { schema }));
}
