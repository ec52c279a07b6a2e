using Chartroom.Platform.Database;
using Npgsql;

namespace Chartroom.Platform.Tenancy;

public sealed class ProvisioningTests
{
    [Fact]
    public async Task TEN_4_A_clinic_whose_provisioning_was_killed_at_any_moment_is_complete_after_the_next_start()
    {
        await using var host = await TestClinic.OpenAsync();
        var whole = await ShapeAsync(host, host.Schema);

        for (var killAfterMs = 1; killAfterMs < 400; killAfterMs = (killAfterMs * 8 / 5) + 1)
        {
            var clinic = ClinicId.New();
            await host.RowsAsync<int>("insert into platform.clinic (id, slug, name, state) values (@clinic, @slug, 'Killed', 'provisioning') returning 1", new { clinic, slug = $"k-{clinic.Value:N}" });
            await KillProvisioningAsync(host, clinic, TimeSpan.FromMilliseconds(killAfterMs));

            await host.The<ClinicProvisioner>().ProvisionAsync(clinic, default);

            Assert.Equal(whole, await ShapeAsync(host, ClinicNames.Schema(clinic)));
            Assert.Equal("active", await host.OneAsync<string>("select state from platform.clinic where id = @clinic", new { clinic }));
            Assert.Equal(2, await host.OneAsync<long>($"select count(*) from {ClinicNames.Schema(clinic)}.clinic_key"));
        }
    }

    [Fact]
    public async Task Two_nodes_that_provision_one_clinic_at_once_end_with_one_set_of_keys()
    {
        await using var host = await TestClinic.OpenAsync();
        var clinic = ClinicId.New();
        await host.RowsAsync<int>("insert into platform.clinic (id, slug, name, state) values (@clinic, @slug, 'Twice', 'provisioning') returning 1", new { clinic, slug = $"w-{clinic.Value:N}" });

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

    /// <summary>Lets provisioning run for a while, then kills its connection in the server, as a crash would.</summary>
    private static async Task KillProvisioningAsync(TestClinic host, ClinicId clinic, TimeSpan after)
    {
        var running = Task.Run(() => host.The<ClinicProvisioner>().ProvisionAsync(clinic, default));
        await Task.WhenAny(running, Task.Delay(after));
        await host.RowsAsync<bool>("""
            select pg_terminate_backend(pid) from pg_locks join pg_stat_activity using (pid)
            where locktype = 'advisory' and ((classid::bigint << 32) | objid::bigint) = hashtextextended(@schema, 0)
            """, new { schema = ClinicNames.Schema(clinic) });
        try
        {
            await running;
        }
        catch (NpgsqlException)
        {
            // that is the kill
        }
    }

    private static async Task<string> ShapeAsync(TestClinic host, string schema) => string.Join('\n', await host.RowsAsync<string>("""
        select c.relname::text || ' ' || c.relkind::text || ' ' || coalesce(regexp_replace(c.relacl::text, '[0-9a-f]{32}', '', 'g'), '')
        from pg_class c where c.relnamespace = (select oid from pg_namespace where nspname = @schema) order by 1
        """, new { schema }));
}
